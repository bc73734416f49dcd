/** Lists for other tools that cannot be written. Their transcripts lie in transcripts/ too. */
import type { BadCase } from "./bad-recipes.ts";

const RECIPE = "sysroot: ./root\ncontents:\n  - object: /etc\nfiles:\n";

export const BAD_GRAPHS: readonly BadCase[] = [
  {
    name: "list-of-what-lies-nowhere",
    recipe: `${RECIPE}  /init: |\n    nothing\n`,
    words: ["graph", "--format", "gen_init_cpio"],
  },
  {
    name: "list-that-cannot-name-it",
    recipe: `${RECIPE}  /etc/my file: text\n`,
    words: ["graph", "--format", "gen_init_cpio", "--files", "parts"],
  },
];
