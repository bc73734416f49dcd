/** Images that cannot be unpacked or imported as they are asked for. Their transcripts lie in transcripts/. */
import { archiveOf, directory, file } from "../support/archive.ts";
import { type BadCase, put } from "./bad-recipes.ts";

const setup = (cwd: string): void => {
  put(cwd, "initrd.img", archiveOf([directory("etc"), file("etc/fstab", "none\n")]));
  put(cwd, "there/etc/hosts", "127.0.0.1 localhost\n");
};

export const BAD_UNPACKING: readonly BadCase[] = [
  {
    name: "unpack-into-what-is-full",
    recipe: null,
    setup,
    words: ["unpack", "initrd.img", "--out", "there"],
  },
  {
    name: "unpack-over-names-that-are-there",
    recipe: null,
    setup,
    words: ["unpack", "initrd.img", "--out", "there", "--add"],
  },
  { name: "unpack-early-of-none", recipe: null, setup, words: ["unpack", "initrd.img", "--early"] },
  {
    name: "unpack-what-is-not-there",
    recipe: null,
    setup,
    words: ["unpack", "initrd.img", "etc/fstap", "--as-tar", "out.tar"],
  },
  {
    name: "import-of-no-tree",
    recipe: null,
    setup,
    words: ["import", "initrd.img", "--sysroot", "none"],
  },
];
