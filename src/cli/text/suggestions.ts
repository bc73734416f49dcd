/** What could be saved, in words: what it is, and what in the recipe or which tool saves it. */
import type { Suggestion, SuggestionKind } from "../../size/suggestions/suggestion.ts";
import { showCount } from "./size.ts";

interface Words {
  readonly one: string;
  readonly many: string;
  readonly advice: string;
}

const NAME_PARTS = "name what is needed of the directory, in place of all of it";

const WORDS: Readonly<Record<SuggestionKind, Words>> = {
  locale: {
    one: "file of languages",
    many: "files of languages",
    advice: `programs speak English without them: ${NAME_PARTS}`,
  },
  documentation: { one: "file of documentation", many: "files of documentation", advice: NAME_PARTS },
  development: {
    one: "static library or header",
    many: "static libraries and headers",
    advice: `only compilers read them: ${NAME_PARTS}`,
  },
  "python-cache": {
    one: "compiled Python file",
    many: "compiled Python files",
    advice:
      "their sources are there too: delete __pycache__ in the tree before it is copied; programs then start slower",
  },
  "time-zones": {
    one: "time zone",
    many: "time zones",
    advice:
      "kernel and journal count in UTC: name the zone that is needed, as /usr/share/zoneinfo/Europe/Berlin",
  },
  hwcaps: {
    one: "library for better processors",
    many: "libraries for better processors",
    advice: "each has a plain one beside it: `closure: { hwcaps: none }`, or copy no glibc-hwcaps",
  },
  "debug-sections": {
    one: "program with sections for debuggers",
    many: "programs with sections for debuggers",
    advice:
      "`strip` takes them away (`strip --strip-debug` for kernel modules), in the root tree before it is read",
  },
  duplicates: {
    one: "file that is there already under another name",
    many: "files that are there already under other names",
    advice: "make them symlinks (`files: { /path: { symlink: … } }`); unpacked each takes memory of its own",
  },
  "unnamed-firmware": {
    one: "firmware file that no module here asks for",
    many: "firmware files that no module here asks for",
    advice: "leave it out of `contents`: `kernel: { firmware: true }` brings what the modules ask for",
  },
  "other-machines": {
    one: "program for another machine",
    many: "programs for another machine",
    advice: "`arch:` makes them an error that says who asks for them",
  },
  "packed-twice": {
    one: "module or firmware file that is packed by itself",
    many: "modules and firmware files that are packed by themselves",
    advice: "unpacked in the root tree they pack better together, and take more memory until they are loaded",
  },
};

/** "12 files of languages". */
export function nameSuggestion({ kind, entries, which }: Suggestion): string {
  const { one, many } = WORDS[kind];
  return showCount(entries.length, one, many) + (which === "" ? "" : ` (${which})`);
}

export function adviceFor({ kind }: Suggestion): string {
  return WORDS[kind].advice;
}
