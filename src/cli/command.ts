/** What a verb is: its words on the command line as data, and what it does. */
import type { Terminal } from "./terminal.ts";

/** What a shell offers for a word. Lists that stand elsewhere have a name here, so that no table of words loads them. */
export type Completes =
  | "file"
  | "directory"
  | "recipe"
  | "compressor"
  | "arch"
  | "code"
  | "nothing"
  | readonly string[];

/** An option's long name is its key in the table: `"library-path": { takes: "DIRS", … }`. */
export interface OptionRow {
  readonly short?: string;
  /** What its value is called in the help; null: it is a switch. */
  readonly takes: string | null;
  /** It may be given several times. */
  readonly repeats?: true;
  readonly says: string;
  /** Default: what its name and `takes` tell (completion/words.ts). */
  readonly completes?: Completes;
}

export interface OperandRow {
  readonly name: string;
  readonly says: string;
  /** `many`: at least one; `any`: none will do. */
  readonly need: "one" | "optional" | "many" | "any";
  /** Default: what its name tells. */
  readonly completes?: Completes;
}

export type OptionTable = Readonly<Record<string, OptionRow>>;

/** The values given: a switch is true or false, the value of an option its text or null, of one that repeats all texts. */
export type Options<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name]["takes"] extends null
    ? boolean
    : Table[Name] extends { readonly repeats: true }
      ? readonly string[]
      : string | null;
};

export interface Call<Table extends OptionTable = OptionTable> {
  readonly operands: readonly string[];
  readonly options: Options<Table>;
}

/** Exit codes; what a verb's `run` gives. 2 and 70 are main's own. */
export type ExitCode = 0 | 1;

export interface Command<Table extends OptionTable = OptionTable> {
  readonly name: string;
  /** One line, without a full stop, for the list of verbs. */
  readonly summary: string;
  /** What more there is to say in its own help. Empty: nothing. */
  readonly about: string;
  readonly operands: readonly OperandRow[];
  readonly options: Table;
  /** What problems mean for the run, behind their number: "nothing was built". Empty: nothing to say. */
  readonly onFailure: string;
  /** Command lines, and what each does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  readonly run: (call: Call<Table>, terminal: Terminal) => Promise<ExitCode>;
}

/** Verbs below a verb: `cache path`, `cache ls`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly about: string;
  readonly commands: readonly AnyCommand[];
}

/** A command whose table of options is its own business. */
// biome-ignore lint/suspicious/noExplicitAny: the table's type is checked where the command is written.
export type AnyCommand = Command<any>;

/** Gives the literal types of a command's table to its own `run`. */
export function command<const Table extends OptionTable>(value: Command<Table>): Command<Table> {
  return value;
}
