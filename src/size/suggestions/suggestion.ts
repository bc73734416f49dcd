/** What could be saved, as data. Each kind is looked for in a file of its own; only the command line makes words of it. */
import type { TracedImage } from "../../trace/traced-image.ts";
import type { Account } from "../account.ts";
import type { Amount } from "../amounts.ts";
import type { Contents } from "../contents.ts";

export type SuggestionKind =
  /** Translations, and what describes languages. */
  | "locale"
  | "documentation"
  /** Static libraries and headers. */
  | "development"
  /** Python's compiled files whose sources are there too. */
  | "python-cache"
  | "time-zones"
  /** Variants of libraries for better processors. */
  | "hwcaps"
  /** Sections of programs that are for debuggers. */
  | "debug-sections"
  /** The same content at several paths. */
  | "duplicates"
  /** Firmware that no module of the image asks for. */
  | "unnamed-firmware"
  /** Programs of another machine than most are for. */
  | "other-machines"
  /** Modules and firmware that are packed one by one, in an image that is packed as a whole. */
  | "packed-twice";

export interface Suggestion {
  readonly kind: SuggestionKind;
  /** The entries that it is about, the largest first. */
  readonly entries: readonly number[];
  /** All that these cost. */
  readonly concerns: Amount;
  /** Null: it has to be tried. */
  readonly saves: Amount | null;
  /** Which of its kind: a machine. Empty: there is but one. */
  readonly which: string;
}

export interface Inspected {
  readonly image: TracedImage;
  readonly account: Account;
  readonly contents: Contents;
}

export type Look = (inspected: Inspected) => readonly Suggestion[];
