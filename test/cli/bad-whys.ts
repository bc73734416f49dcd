/** Names that `why` and `why-not` cannot answer for. Their transcripts lie in transcripts/ too. */
import { writeElf } from "../support/elf-writer.ts";
import { type BadCase, LOADER, put } from "./bad-recipes.ts";

const RECIPE = "sysroot: ./root\ncontents:\n  - object: /usr/bin/tool\n";

export const BAD_WHYS: readonly BadCase[] = [
  {
    name: "why-of-a-misspelt-name",
    recipe: RECIPE,
    words: ["why", "/usr/bin/tol", "lbic.so.6", "--in", "initrd.yaml"],
  },
  {
    name: "why-not-of-what-keeps-the-image-away",
    recipe: `${RECIPE}  - object: /usr/bin/other\n`,
    words: ["why-not", "libother.so.1", "--in", "initrd.yaml"],
    setup: (d) => {
      for (const name of ["other", "tool"]) {
        const needed = [`lib${name}.so.1`];
        put(d, `root/usr/bin/${name}`, writeElf({ interpreter: LOADER, needed }), 0o755);
      }
    },
  },
  {
    name: "why-of-an-image-without-a-manifest",
    recipe: RECIPE,
    words: ["why", "tool", "--in", "alone.cpio"],
    setup: (d) => put(d, "alone.cpio", `070701${"0".repeat(200)}\0\0`),
  },
];
