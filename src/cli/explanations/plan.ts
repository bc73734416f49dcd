/** Explanations: what cannot stand in one image together. */
import type { PlanProblem } from "../../core/problems/plan.ts";
import type { Explanation } from "./explanation.ts";

export const PLAN: Readonly<Record<PlanProblem["code"], Explanation>> = {
  "plan/conflict": {
    title: "two things want to be at one path",
    happened: "Two different entries have one path in the image. The same file twice is no conflict.",
    causes: ["a file of the recipe at the path of an object", "two trees with `target: /` that overlap"],
    remedies: [
      "place one of them elsewhere, or leave it out",
      "put the one that shall win into a later layer",
    ],
    example: "contents:\n  - { object: /usr/bin/tool, target: /init }\nfiles:\n  /init: x",
    mended: "contents:\n  - { object: /usr/bin/tool, target: /bin/tool }\nfiles:\n  /init: x",
  },
  "plan/parent-not-directory": {
    title: "an entry would lie below something that is no directory",
    happened: "Its parent is a file or a device. The kernel would drop what is below it.",
    causes: ["a path with a part too many"],
    remedies: ["place one of them elsewhere"],
    example: "files:\n  /a: x\n  /a/b: y",
    mended: "files:\n  /a/x: x\n  /a/b: y",
  },
  "plan/overlays-layer": {
    title: "a layer cannot lie over an earlier one's entry",
    happened:
      "The kernel unpacks layers one after another, and where kinds differ it keeps or destroys what nobody expects: a directory stays, a symlink becomes an empty directory, a device keeps its numbers.",
    causes: ["a file where an earlier layer has a directory, or the reverse"],
    remedies: ["put both into one layer", "place one of them elsewhere"],
    example: '# the layer base has a directory /usr/bin\nfiles:\n  /usr/bin: "no directory"',
    mended: 'files:\n  /usr/bin/note: "a file in it"',
  },
  "plan/overlays-early": {
    title: "the image would destroy a part of a prepended archive",
    happened:
      "What is prepended is unpacked first. An entry of another kind at the same path replaces it, and all that lies below it.",
    causes: ["a prepended archive with /lib as a symlink, and an image with /lib as a directory"],
    remedies: ["make the archive with the same layout as the image", "put its files into the recipe instead"],
    example: "# early.cpio has /lib as a symlink to usr/lib\nprepend: [./early.cpio]\nfiles: { /lib/x: x }",
    mended: "prepend: [./early.cpio]\nfiles: { /usr/lib/x: x }",
  },
  "plan/file-too-large": {
    title: "a file is too large for an archive",
    happened: "A newc archive counts 32 bits: files up to 4 GiB less a byte.",
    causes: ["a disk image or a core dump in the tree"],
    remedies: ["leave it out", "split it, and join it when the system runs"],
    example: "# it has 4 GiB\ncontents:\n  - object: /var/disk",
    mended: null,
  },
  "plan/name-too-long": {
    title: "a path is too long for the kernel",
    happened:
      "The kernel drops entries whose name has more bytes than it takes (PATH_MAX; 255 for one part), without a word.",
    causes: ["a tree within a tree"],
    remedies: ["place it at a shorter path with `target`"],
    example: "# 17 directories of 250 letters each\nfiles:\n  ? /ddd…/x\n  : y",
    mended: null,
  },
  "plan/symlink-too-long": {
    title: "a symlink's target is too long for the kernel",
    happened: "The kernel drops symlinks whose target has more bytes than it takes, without a word.",
    causes: ["a target that was put together by a program"],
    remedies: ["write the target in a shorter way"],
    example: "# and so on, 5000 bytes\nfiles:\n  /a: { symlink: /./././b }\n  /b: x",
    mended: "files:\n  /a: { symlink: b }\n  /b: x",
  },
  "plan/reserved-name": {
    title: "a file has the name that ends an archive",
    happened:
      "TRAILER!!! at the root is how a cpio archive says that it ends. What follows it would be lost.",
    causes: ["an unpacked archive, with its trailer as a file"],
    remedies: ["rename the file, or leave it out"],
    example: "files:\n  /TRAILER!!!: x",
    mended: "files:\n  /trailer: x",
  },
  "plan/over-budget": {
    title: "the image or a layer is larger than its budget",
    happened:
      "`budget` is a size over which the build fails, so that growth is seen when it happens. The largest entries are listed, with what brought them.",
    causes: ["a new dependency; `why` and `diff` tell which", "a kernel update with larger modules"],
    remedies: [
      "leave out what the list shows and nobody needs",
      "raise the budget",
      "take a better compressor (for the budget of the image)",
    ],
    example: "contents:\n  - object: /usr/bin/tool\n  - object: /etc\nbudget:\n  unpacked: 100",
    mended: "contents:\n  - object: /usr/bin/tool\n  - object: /etc\nbudget:\n  unpacked: 32 MiB",
  },
  "plan/empty-image": {
    title: "the image would be empty",
    happened:
      "The recipe names things, and none of them puts an entry into the image: the kernel would find no /init.",
    causes: ["a directory as object that has nothing in it", "`kernel` with an empty list of modules"],
    remedies: ["name something under `contents` or `files`"],
    example: "contents: []",
    mended: "contents:\n  - object: /bin/busybox",
  },
};
