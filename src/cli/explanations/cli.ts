/** Explanations: what a verb cannot do with what it was given. */
import type { CliProblem } from "../../core/problems/cli.ts";
import type { Explanation } from "./explanation.ts";

export const CLI: Readonly<Record<CliProblem["code"], Explanation>> = {
  "cli/recipe-not-found": {
    title: "the recipe is not there",
    happened: "There is no file of the name that was given. Without a name it is ./initrd.yaml.",
    causes: ["a slip in the name", "the command was run in another directory", "there is no recipe yet"],
    remedies: ["name the file", "let `initgraph init` write a first one"],
    example: "$ initgraph build",
    mended: "$ initgraph init && initgraph build",
  },
  "cli/no-recipes": {
    title: "a pattern of recipes matches no file",
    happened: "What has * ? [ ] or { } in it is a pattern of recipes, and no file has such a name.",
    causes: [
      "* stays within one directory; ** crosses directories",
      "the command was run in another directory",
    ],
    remedies: [
      "quote the pattern, so that the shell leaves it alone, and look with `ls` what it should match",
    ],
    example: "$ initgraph build 'bords/*.yaml'",
    mended: "$ initgraph build 'boards/*.yaml'",
  },
  "cli/same-name": {
    title: "two recipes of one run make an image of the same name",
    happened: "Both images would be written to the same place, and the second would take the first one's.",
    causes: ["a recipe that was copied, `name` and all", "the same recipe named twice, under two paths"],
    remedies: ["give each recipe a `name` of its own", "build one of them into another directory with --out"],
    example: "# both recipes say: name: board\n$ initgraph build board-a.yaml board-b.yaml",
    mended: "$ initgraph build board-a.yaml && initgraph build board-b.yaml --out result-b",
  },
  "cli/no-host-file": {
    title: "a list for another tool names files where they lie, and some lie nowhere",
    happened:
      "gen_init_cpio and 3cpio read every file from this machine's disk. What stands in the recipe itself, in an archive, or has its store paths renamed is no file there.",
    causes: ["an entry with its text in the recipe", "a sysroot that is an archive", "store: content-pure"],
    remedies: [
      "name a new directory with --files: such files are written there, and the list names them there",
    ],
    example: "$ initgraph graph --format gen_init_cpio",
    mended: "$ initgraph graph --format gen_init_cpio --files parts",
  },
  "cli/cannot-list": {
    title: "a list for another tool has no way to name an entry",
    happened:
      "The words of gen_init_cpio end at white space, and ${ begins a variable there; 3cpio parts its fields by tabs and reads UTF-8 alone. Neither can quote.",
    causes: ["a blank, a tab or a new line in a name", "a name that is no UTF-8, for 3cpio"],
    remedies: [
      "leave it out of the recipe",
      "let `initgraph build` pack the image: cpio itself takes every name",
    ],
    example: "files:\n  /etc/my file: text",
    mended: "files:\n  /etc/my-file: text",
  },
  "cli/second-build-failed": {
    title: "`verify` could build the recipe once, and not a second time",
    happened:
      "`initgraph verify` builds again under other circumstances: as another user, from a copy of the inputs, with another umask, locale, home and directory. That build failed, so the recipe depends on something besides its inputs.",
    causes: [
      "a compressor given by a path that only the first user may run",
      "an input that the other user may not read and that could not be copied",
      "no room in $TMPDIR for the copies",
    ],
    remedies: ["read what the second build said; it names the path", "set TMPDIR to a directory with room"],
    example: "# the recipe's compressor lies in root's home\n$ initgraph verify",
    mended: null,
  },
  "cli/file-exists": {
    title: "a file that would be written is there already",
    happened: "initgraph does not write over a file that you may have edited.",
    causes: ["`initgraph init` was run before"],
    remedies: ["name another file", "remove the old one first"],
    example: "# there is an initrd.yaml\n$ initgraph init",
    mended: "$ initgraph init second.yaml",
  },
  "cli/nothing-to-start": {
    title: "`init` finds nothing in the tree that could start an initrd",
    happened:
      "A first recipe needs a program to be /init: busybox, or a shell and mount. The root tree has neither, at any of the usual places.",
    causes: [
      "--sysroot names a directory that is no root tree",
      "a tree of a distroless container, without a shell",
    ],
    remedies: [
      "install busybox in the tree, or a shell and mount",
      "write the recipe by hand, with an /init of your own",
    ],
    example: "# root has neither busybox nor sh\n$ initgraph init --sysroot root",
    mended: null,
  },
};
