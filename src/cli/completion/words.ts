/** All that can be typed, from the tables of the verbs: what the shells' scripts are made of. */
import { ARCH_NAMES } from "../../core/arch.ts";
import { COMPRESSORS } from "../../spec/compressors.ts";
import { EVERYWHERE } from "../args.ts";
import type { AnyCommand, CommandGroup, Completes, OperandRow, OptionRow, OptionTable } from "../command.ts";
import { EXPLAINED, ROOMS } from "../explanations/index.ts";

/** A word's value, for a shell: files of a kind, nothing known, or one of these. */
export type Offer =
  | { readonly kind: "file" | "directory" | "recipe" | "nothing" }
  | { readonly kind: "words"; readonly words: readonly string[] };

export interface OptionWords {
  /** `--out`, `-o`. */
  readonly names: readonly string[];
  readonly says: string;
  readonly repeats: boolean;
  /** Null: it is a switch. */
  readonly value: { readonly name: string; readonly offer: Offer } | null;
}

export interface OperandWords {
  readonly name: string;
  readonly offer: Offer;
  readonly repeats: boolean;
}

export interface VerbWords {
  /** `build`, `cache gc`. */
  readonly path: string;
  readonly options: readonly OptionWords[];
  readonly operands: readonly OperandWords[];
}

export interface GroupWords {
  /** Empty: the program's own. */
  readonly path: string;
  readonly verbs: readonly { readonly name: string; readonly says: string }[];
}

export interface AllWords {
  readonly groups: readonly GroupWords[];
  readonly verbs: readonly VerbWords[];
}

export function wordsOf(commands: readonly (AnyCommand | CommandGroup)[]): AllWords {
  const listed = (list: readonly { readonly name: string; readonly summary: string }[]) =>
    list.map(({ name, summary }) => ({ name, says: summary }));
  const groups = commands.flatMap((one) => ("commands" in one ? [one] : []));
  const help = { name: "help", says: "print the help of a verb" };
  return {
    groups: [
      { path: "", verbs: [...listed(commands), help] },
      ...groups.map(({ name, commands: inner }) => ({ path: name, verbs: listed(inner) })),
    ],
    verbs: [
      ...commands.flatMap((one) =>
        "commands" in one
          ? one.commands.map((inner) => verbWords(`${one.name} ${inner.name}`, inner))
          : [verbWords(one.name, one)],
      ),
      {
        path: "help",
        options: [],
        operands: [{ name: "VERB", offer: among(commands.map(({ name }) => name)), repeats: false }],
      },
    ],
  };
}

const HELP = { short: "h", takes: null, says: "print this help" } as const;

function verbWords(path: string, command: AnyCommand): VerbWords {
  const table: OptionTable = { ...command.options, ...EVERYWHERE, help: HELP };
  return {
    path,
    options: Object.entries(table).map(([name, row]) => optionWords(name, row)),
    operands: command.operands.map(operandWords),
  };
}

function optionWords(name: string, row: OptionRow): OptionWords {
  const { short, takes, says, repeats = false, completes = completesByName(name, takes) } = row;
  return {
    names: [`--${name}`, ...(short === undefined ? [] : [`-${short}`])],
    says,
    repeats,
    value: takes === null ? null : { name: takes, offer: offerOf(completes) },
  };
}

function operandWords({ name, need, completes = BY_WORD[name] ?? "nothing" }: OperandRow): OperandWords {
  return { name, offer: offerOf(completes), repeats: need === "many" || need === "any" };
}

function completesByName(name: string, takes: string | null): Completes {
  if (name === "compressor" || name === "arch") return name;
  return BY_WORD[takes ?? ""] ?? "nothing";
}

/** What the help calls a value or an operand. A root tree may be a directory or an archive. */
const BY_WORD: Readonly<Record<string, Completes>> = {
  FILE: "file",
  IMAGE: "file",
  ROOT: "file",
  A: "file",
  B: "file",
  BIN: "file",
  DIR: "directory",
  recipe: "recipe",
};

function offerOf(completes: Completes): Offer {
  if (typeof completes !== "string") return among(completes);
  switch (completes) {
    case "compressor":
      return among(Object.keys(COMPRESSORS));
    case "arch":
      return among(ARCH_NAMES);
    case "code":
      return among([...Object.keys(ROOMS), ...EXPLAINED.map(({ code }) => code)]);
    default:
      return { kind: completes };
  }
}

function among(words: readonly string[]): Offer {
  return { kind: "words", words };
}
