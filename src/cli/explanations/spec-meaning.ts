/** Explanations: values that are well formed and make no sense. */
import type { MeaningProblem } from "../../core/problems/spec.ts";
import type { Explanation } from "./explanation.ts";

export const SPEC_MEANING: Readonly<Record<MeaningProblem["code"], Explanation>> = {
  "spec/bad-path": {
    title: "a path has no place where it is written",
    happened:
      "Paths in the image are absolute and stay inside of it; paths of inputs say whether they are the sysroot's (/…) or beside the recipe (./…).",
    causes: [
      "the first slash was left out",
      "a .. that leads out of the tree",
      "bin/x, which could be in the sysroot or beside the recipe",
    ],
    remedies: ["write /… for the image and the sysroot, ./… for what is beside the recipe"],
    example: "files:\n  etc/motd: x",
    mended: "files:\n  /etc/motd: x",
  },
  "spec/bad-mode": {
    title: "a file mode is not octal",
    happened:
      "Modes are octal, and YAML reads 755 as a decimal number (which is 01363). A leading zero makes the meaning clear.",
    causes: ["755 in place of 0755", "a number over 07777"],
    remedies: ['write it with its zero: 0755 or "0755"'],
    example: "files:\n  /a: { text: x, mode: 755 }",
    mended: 'files:\n  /a: { text: x, mode: "0755" }',
  },
  "spec/duplicate-target": {
    title: "two entries of `files` are one path",
    happened: "/a/b and /a//b are the same path in the image, and only one entry can be there.",
    causes: ["a path written in two ways"],
    remedies: ["remove one of them"],
    example: "files:\n  /a/b: x\n  /a//b: y",
    mended: "files:\n  /a/b: y",
  },
  "spec/suffix-without-symlink": {
    title: "`suffix` stands without `symlink`",
    happened:
      "`suffix` is appended to the object's path in the target of the symlink. Without a symlink it says nothing.",
    causes: ["a `symlink` that was removed"],
    remedies: [
      "add the symlink, or remove the suffix",
      "to place one file of a directory elsewhere, name it as the object",
    ],
    example: "contents:\n  - { object: /usr/bin/tool, suffix: /bin }",
    mended: "contents:\n  - { object: /usr/bin/tool, symlink: /init }",
  },
  "spec/needs-target": {
    title: "an object beside the recipe has no place in the image",
    happened:
      "An object of the sysroot lands at its own path. A file beside the recipe has none there, so it needs a `target`.",
    causes: ["`./init.sh` without a target"],
    remedies: ["say where it lands"],
    example: "contents:\n  - object: ./init.sh",
    mended: "contents:\n  - { object: ./init.sh, target: /init }",
  },
  "spec/allow-all": {
    title: "`allow` would allow everything",
    happened:
      "An exception names a hole that you know. One that matches any name would hide the next hole too, and it would be found at boot.",
    causes: ['missing: "*"'],
    remedies: ["name each library or path that may be missing, with its reason"],
    example: 'allow:\n  - { missing: "*", reason: lazy }',
    mended: "allow:\n  - { missing: libpkcs11.so.1, reason: only for smart cards }",
  },
  "spec/nothing-to-build": {
    title: "the recipe names nothing that goes in",
    happened:
      "There is neither `contents`, `files`, `kernel`, `layers`, `secrets` nor `prepend`, so the image would be empty.",
    causes: ["a recipe that was only begun", "a recipe that shall be included, and was built by itself"],
    remedies: ["name something under `contents` or `files`", "build the recipe that includes this one"],
    example: "name: nothing",
    mended: "name: something\ncontents:\n  - object: /bin/busybox",
  },
  "spec/output-collision": {
    title: "the image would have the name of another output",
    happened:
      "Beside <name><extension> a build writes <name>.manifest.json and, where asked for, <name>.img, .itb or .efi. This extension is one of these.",
    causes: ["`extension: .img` together with `makeUInitrd`"],
    remedies: ["take another extension"],
    example: "makeUInitrd: true\nextension: .img",
    mended: "makeUInitrd: true\nextension: .gz\ncompressor: gzip",
  },
  "spec/references-of-files": {
    title: "`closure.references` says nothing with `store: files`",
    happened:
      "References tell which store paths come whole. With `store: files` no store path does: files are found through ELF, scripts and symlinks.",
    causes: ["a recipe that was changed to `store: files`"],
    remedies: ["remove `references`, or take `store: whole`"],
    example: "store: files\nclosure: { references: nix }",
    mended: "store: files",
  },
  "spec/two-versions": {
    title: "`kernel` has `version` and `versions`",
    happened:
      "`version` is the kernel of one image; `versions` makes one image for each kernel. Only one of them can be meant.",
    causes: ["`versions` in a recipe that includes one with `version`"],
    remedies: ["keep one of them; --kernel picks one kernel of `versions`"],
    example: "kernel: { version: 6.1.0-50-amd64, versions: [6.12.*], modules: [ext4] }",
    mended: "kernel: { versions: [6.1.0-50-amd64, 6.12.*], modules: [ext4] }",
  },
  "spec/no-kernel": {
    title: "--kernel names a kernel, and the recipe has none",
    happened: "The option says which kernel's modules go in. This recipe asks for no modules.",
    causes: ["another recipe was meant"],
    remedies: ["leave the option away", "say under `kernel` which modules the image shall have"],
    example: "# the recipe has no kernel\n$ initgraph build --kernel 6.1.0-50-amd64",
    mended: "$ initgraph build",
  },
  "spec/two-wrappers": {
    title: "two ways to wrap one image",
    happened: "The image is wrapped for one boot loader: as uInitrd, FIT or unified kernel image.",
    causes: ["a base recipe with `makeUInitrd`, and a board that says `fit`"],
    remedies: [
      "keep one; `makeUInitrd: false` takes back an included one",
      "wrap the finished image once more with `initgraph wrap`",
    ],
    example: "makeUInitrd: true\nfit: true",
    mended: "fit: true",
  },
  "spec/areas-overlap": {
    title: "two areas of the board's memory overlap",
    happened:
      "Whatever the size of the image: kernel and device tree, as `board` says them, would lie over one another.",
    causes: ["an address with a digit too few", "a size that is the room, not the file's own"],
    remedies: ["move one of them; U-Boot's `bdinfo` tells where memory is"],
    example:
      "board:\n  kernel: { address: 0x40400000, size: 48 MiB }\n  fdt: { address: 0x43000000, size: 64 KiB }",
    mended:
      "board:\n  kernel: { address: 0x40400000, size: 40 MiB }\n  fdt: { address: 0x43000000, size: 64 KiB }",
  },
  "spec/bad-source-date-epoch": {
    title: "SOURCE_DATE_EPOCH is no time",
    happened:
      "The variable gives all entries their time, in seconds since 1970. It is set to something else.",
    causes: ["a date in place of seconds", "milliseconds"],
    remedies: [
      "set it with `date +%s` or `git log -1 --format=%ct`",
      "unset it, or say `epoch` in the recipe",
    ],
    example: "$ SOURCE_DATE_EPOCH=yesterday initgraph build",
    mended: "$ SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) initgraph build",
  },
};
