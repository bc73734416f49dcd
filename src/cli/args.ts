/** argv → a command and its values, by commander. Nobody else knows commander. */
import { Argument, CommanderError, Option, Command as Parser } from "commander";
import type { AnyCommand, Call, CommandGroup, OptionTable } from "./command.ts";
import { meantBy } from "./meant-verb.ts";
import type { Manner } from "./terminal.ts";

/** What the command line asks for. */
export type Asked =
  | Run
  /** Help or the version was printed. */
  | { readonly kind: "answered" }
  /** Wrong usage; it was said on standard error. */
  | { readonly kind: "refused" };

export interface Run {
  readonly kind: "run";
  readonly command: AnyCommand;
  /** As it is called: "initgraph cache gc". */
  readonly name: string;
  readonly call: Call;
  readonly manner: Manner;
}

export interface Program {
  readonly version: string;
  readonly commands: readonly (AnyCommand | CommandGroup)[];
}

/** The options that every verb has. */
export const EVERYWHERE = {
  json: { takes: null, says: "print results and problems as JSON" },
  quiet: { short: "q", takes: null, says: "say nothing but results and problems" },
} satisfies OptionTable;

const ABOUT = "Builds bootable, byte-reproducible initramfs images from a recipe and a root tree.";

/** Reads the words behind the program's name. */
export async function readArguments(words: readonly string[], program: Program): Promise<Asked> {
  let asked: Asked = { kind: "refused" };
  const parser = new Parser("initgraph");
  prepare(parser, "initgraph");
  parser.description(ABOUT).usage("<verb> [options]");
  parser.version(program.version, "-V, --version", "print the version");
  for (const one of program.commands) {
    declare(parser, one, (run) => {
      asked = run;
    });
  }
  const meant = meantBy(
    words,
    program.commands.map(({ name }) => name),
  );
  if (meant !== null) {
    parser.showSuggestionAfterError(false); // it goes by letters alone
    parser.showHelpAfterError(`(Did you mean ${meant}?)\nsee: initgraph --help`);
  }
  parser.addHelpText("after", "\nRun `initgraph <verb> --help` for a verb's options and examples.");
  try {
    await parser.parseAsync(verbFirst(words, program.commands), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: error.exitCode === 0 ? "answered" : "refused" };
  }
  return asked;
}

/**
 * `help cache gc` is `cache gc --help`, as in other programs. Of a verb that does not exist no help is asked: commander
 * would print the program's, and not say that the verb is a slip.
 */
function verbFirst(words: readonly string[], commands: Program["commands"]): string[] {
  const asked = words[0] === "help" ? [...words.slice(1), "--help"] : [...words];
  const [verb = "-", inner = "-"] = asked;
  const known = commands.find(({ name }) => name === verb);
  if (known === undefined) return verb.startsWith("-") ? asked : [verb];
  const isSlip =
    "commands" in known && !inner.startsWith("-") && known.commands.every(({ name }) => name !== inner);
  return isSlip ? [verb, inner] : asked;
}

type Take = (run: Run) => void;

function declare(parent: Parser, one: AnyCommand | CommandGroup, take: Take, path = "initgraph"): void {
  const parser = new Parser(one.name);
  const full = `${path} ${one.name}`;
  prepare(parser, full);
  parser.summary(one.summary).description(sentenceOf(one.summary) + (one.about && `\n\n${one.about}`));
  if ("commands" in one) {
    for (const inner of one.commands) declare(parser, inner, take, full);
  } else {
    declareCommand(parser, { command: one, name: full }, take);
  }
  parent.addCommand(parser);
}

function declareCommand(parser: Parser, { command, name }: Pick<Run, "command" | "name">, take: Take): void {
  const table: OptionTable = { ...command.options, ...EVERYWHERE };
  for (const operand of command.operands) {
    const shown = operand.need === "many" || operand.need === "any" ? `${operand.name}...` : operand.name;
    const mayLack = operand.need === "optional" || operand.need === "any";
    parser.addArgument(new Argument(mayLack ? `[${shown}]` : `<${shown}>`, operand.says));
  }
  for (const [option, row] of Object.entries(table)) parser.addOption(optionOf(option, row));
  if (command.examples.length > 0) parser.addHelpText("after", showExamples(command.examples));
  parser.action(() => {
    const values = parser.opts();
    const { json, quiet, ...options } = Object.fromEntries(
      Object.entries(table).map(([option, row]) => [option, givenValue(option, row, values)]),
    );
    const call = { operands: parser.args, options } as Call;
    const manner = { isJson: json === true, isQuiet: quiet === true };
    take({ kind: "run", command, name, call, manner });
  });
}

function optionOf(name: string, row: OptionTable[string]): Option {
  const flags = `${row.short ? `-${row.short}, ` : ""}--${name}${row.takes === null ? "" : ` <${row.takes}>`}`;
  const option = new Option(flags, row.says);
  if (row.repeats) option.argParser((text: string, before: readonly string[] = []) => [...before, text]);
  return option;
}

/** Commander keeps `--no-cache` as `cache: false`, and names in camel case. */
function givenValue(
  name: string,
  { takes, repeats }: OptionTable[string],
  values: Record<string, unknown>,
): boolean | string | readonly string[] | null {
  if (name.startsWith("no-")) return values[camelCase(name.slice(3))] === false;
  const value = values[camelCase(name)];
  if (repeats) return Array.isArray(value) ? (value as string[]) : [];
  if (takes === null) return value === true;
  return typeof value === "string" ? value : null;
}

/** The same manners for the program and every verb. */
function prepare(parser: Parser, full: string): void {
  parser.exitOverride();
  parser.helpOption("-h, --help", "print this help");
  parser.helpCommand(false);
  parser.allowExcessArguments(false);
  parser.showHelpAfterError(`see: ${full} --help`);
  parser.configureHelp({ showGlobalOptions: false });
}

function showExamples(examples: AnyCommand["examples"]): string {
  return `\nExamples:\n${examples.map(([line, does]) => `  # ${does}\n  ${line}`).join("\n\n")}`;
}

function sentenceOf(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
