/** What somebody meant who typed a word that is no verb: a file that a verb takes, or the word of another tool. */
import { safeText } from "./text/safe.ts";

/** Other words for a verb: what people say, and what the tools are called that do the like. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  ...ofVerb("build", [
    "make",
    "create",
    "generate",
    "mkinitramfs",
    "mkinitcpio",
    "dracut",
    "update-initramfs",
  ]),
  ...ofVerb("ls", ["inspect", "lsinitrd", "lsinitramfs", "lsinitcpio", "contents"]),
  ...ofVerb("cat", ["show", "print", "view"]),
  ...ofVerb("unpack", ["extract", "unmkinitramfs"]),
  ...ofVerb("boot", ["run", "start", "qemu", "test"]),
  ...ofVerb("check", ["validate", "lint", "doctor"]),
  ...ofVerb("diff", ["compare"]),
  ...ofVerb("size", ["du", "analyze"]),
  ...ofVerb("init", ["new"]),
  ...ofVerb("cache gc", ["clean", "gc"]),
  ...ofVerb("--version", ["version"]),
};

/** Null: nobody knows. `verbs`: those that there are. */
export function meantBy(words: readonly string[], verbs: readonly string[]): string | null {
  const [word = "", ...rest] = words;
  if (word.startsWith("-") || verbs.includes(word)) return null;
  if (/\.ya?ml$/.test(word)) return `build ${safeText(words.join(" "))}`;
  const verb = OTHER_WORDS[word] ?? null;
  if (verb === null || !(verb.startsWith("-") || verbs.includes(verb.split(" ")[0]!))) return null;
  return [verb, ...rest.map(safeText)].join(" ");
}

function ofVerb(verb: string, words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word, verb]));
}
