/** Explanations: holes in the closure, and files that are not what they should be. */
import type { GraphProblem } from "../../core/problems/graph.ts";
import type { NixGraphProblem } from "../../core/problems/nix.ts";
import type { Explanation } from "./explanation.ts";

type Code = Exclude<GraphProblem, NixGraphProblem>["code"];

export const GRAPH: Readonly<Record<Code, Explanation>> = {
  "graph/object-not-found": {
    title: "an object of the recipe is not there",
    happened:
      "/… is looked up in the sysroot, as in a chroot; ./… beside the recipe. Neither this machine's own root nor the working directory counts.",
    causes: [
      "a slip in the path",
      "the package that brings it is not installed in the sysroot",
      "the recipe's `sysroot` is not the tree that was meant",
    ],
    remedies: [
      "take the path that the message suggests",
      "install the package in the sysroot",
      "build with --sysroot, or set `sysroot` in the recipe",
    ],
    example: "contents:\n  - object: /usr/bin/tol",
    mended: "contents:\n  - object: /usr/bin/tool",
  },
  "graph/glob-matches-nothing": {
    title: "a glob matches nothing",
    happened: "A glob that matches nothing puts nothing into the image, and nobody would see it before boot.",
    causes: [
      "* stays within one directory; ** crosses directories",
      "the files are elsewhere in this version of the sysroot",
    ],
    remedies: ["look into the tree, and mend the glob"],
    example: "contents:\n  - object: /usr/sbin/*.so",
    mended: 'contents:\n  - object: "/usr/**/*.so"',
  },
  "graph/glob-matches-several": {
    title: "a glob matches several paths where one is needed",
    happened: "A symlink points at one thing, and a target is the place of one.",
    causes: ["several versions of one file in the sysroot"],
    remedies: ["name one of them", "leave `symlink` and `target` out: then each comes at its own path"],
    example: "contents:\n  - { object: /usr/bin/*, symlink: /init }",
    mended: "contents:\n  - { object: /usr/bin/tool, symlink: /init }",
  },
  "graph/library-not-found": {
    title: "a library that a program needs was not found",
    happened:
      "The program names the library in its header (DT_NEEDED), and none of the directories that its loader would search has it. At boot the program would not start, with no more than `error while loading shared libraries`.",
    causes: [
      "the library's package is not installed in the sysroot",
      "it lies in a directory that only the program's own start script sets (LD_LIBRARY_PATH)",
      "a file of that name is there, for another machine: the message lists it as passed by",
      "it is never used in the image (a plugin, smart cards)",
    ],
    remedies: [
      "install it in the sysroot",
      "add its directory to `closure.libraryPath`",
      "name it under `allow`, with the reason why it may be missing",
    ],
    example: "# the sysroot has no libc.so.6\ncontents:\n  - object: /usr/bin/tool",
    mended:
      "contents:\n  - object: /usr/bin/tool\nallow:\n  - { missing: libpkcs11.so.1, neededBy: /usr/bin/tool, reason: only for smart cards }",
  },
  "graph/dlopen-not-found": {
    title: "a library that a program opens at run time was not found",
    happened:
      "The program declares in a note (.note.dlopen) that it opens this library by name. Required and recommended ones are followed unless the recipe says otherwise.",
    causes: ["a slim sysroot, without what packages only recommend"],
    remedies: [
      "install it in the sysroot",
      "say `closure: {dlopen: required}` if the feature is not needed",
      "name it under `allow`",
    ],
    example:
      "# libzstd.so.1 is recommended by libkmod, and not in the sysroot\ncontents:\n  - object: /usr/bin/kmod",
    mended: "contents:\n  - object: /usr/bin/kmod\nclosure: { dlopen: required }",
  },
  "graph/interpreter-not-found": {
    title: "the interpreter of a program or script was not found",
    happened:
      "The kernel starts the loader that an ELF program names, or the program of a script's #! line. Without it nothing starts, and the kernel says only `not found`, of the program that is there.",
    causes: [
      "a sysroot without its libc: the loader is part of it",
      "a script for a shell or language that the tree lacks",
      "a statically linked tree, and an /init with #!/bin/sh",
    ],
    remedies: [
      "install the interpreter in the sysroot",
      "place it with the recipe: busybox as /bin/sh",
      "name it under `allow`",
    ],
    example: 'files:\n  /init: "#!/bin/sh\\nexec sh\\n"',
    mended:
      'contents:\n  - { object: /bin/busybox, symlink: /bin/sh }\nfiles:\n  /init: "#!/bin/sh\\nexec sh\\n"',
  },
  "graph/program-not-found": {
    title: "the program that a script's first line runs through env was not found",
    happened:
      "`#!/usr/bin/env NAME` looks NAME up in the PATH. It is searched in the usual directories of the image, and is in none.",
    causes: ["the language is not installed in the sysroot"],
    remedies: ["install it in the sysroot", "name it under `allow` if the script is never run"],
    example: "# its first line: #!/usr/bin/env -S python3 -E\ncontents:\n  - object: /usr/bin/script",
    mended:
      "contents:\n  - object: /usr/bin/script\nallow:\n  - { missing: python3, reason: the script is not run in the image }",
  },
  "graph/command-not-found": {
    title: "a program that modprobe runs was not found",
    happened:
      "An `install` or `remove` line of modprobe.d runs this program when the module is loaded. In the image it would fail.",
    causes: ["a modprobe.d file of a package whose programs are not in the sysroot"],
    remedies: [
      "install the program in the sysroot",
      "say `kernel: {modprobe: false}`, which leaves modprobe.d out",
      "name it under `allow`",
    ],
    example: "# modprobe.d: install sound … && /usr/sbin/alsactl restore\nkernel:\n  modules: [sound]",
    mended: "kernel:\n  modules: [sound]\n  modprobe: false",
  },
  "graph/dangling-symlink": {
    title: "a symlink of the closure points at nothing",
    happened: "The recipe asks for a symlink whose target is in neither the sysroot nor the image.",
    causes: [
      "the link leads into /run, /proc or /var, which are filled at run time",
      "the target's package is not installed",
    ],
    remedies: [
      "mend the link or install its target",
      "name the target under `allow` if it appears at run time",
    ],
    example: "# /etc/mtab -> ../var/lib/mtab\ncontents:\n  - object: /etc/mtab",
    mended:
      "contents:\n  - object: /etc/mtab\nallow:\n  - { missing: /var/lib/mtab, reason: made at run time }",
  },
  "graph/symlink-loop": {
    title: "symlinks lead in a circle",
    happened: "The kernel follows 40 symlinks and then gives up (ELOOP). This path leads through more.",
    causes: ["two links that point at each other"],
    remedies: ["mend one of them in the sysroot"],
    example: "# /etc/a -> b, /etc/b -> a\ncontents:\n  - object: /etc/a",
    mended: null,
  },
  "graph/bad-file": {
    title: "a file begins as an ELF file and is none",
    happened:
      "Its headers lead out of the file or contradict one another. It could not be loaded, and what it needs cannot be told.",
    causes: ["a copy that stopped early", "a disk that was full when the package was installed"],
    remedies: ["install the file again"],
    example: "# /usr/bin/cut has only its first 80 bytes\ncontents:\n  - object: /usr/bin/cut",
    mended: null,
  },
  "graph/cannot-carry": {
    title: "a file has what no initramfs can hold",
    happened:
      "newc archives have no extended attributes: file capabilities and access lists would be lost without a word. In an archive they can be seen, so they are told.",
    causes: ["a program with capabilities, like ping, in a tar or a container image"],
    remedies: [
      "make the archive without them: setcap -r, setfacl -b",
      "set them when the system runs; in an initramfs programs run as root anyway",
    ],
    example:
      "# a member of root.tar has file capabilities\nsysroot: ./root.tar\ncontents:\n  - object: /usr/bin/tool",
    mended: null,
  },
  "graph/fatal-library": {
    title: "the loader would find a library and give up on it",
    happened:
      "The loader takes the first file of the right name. If that file is no library it does not look further: the program does not start.",
    causes: [
      "a linker script (a text that begins with GROUP) in place of the library",
      "a file that was cut short",
    ],
    remedies: ["remove or mend the file; the message says where it was found"],
    example: "# /lib/x86_64-linux-gnu/libc.so.6 is a linker script\ncontents:\n  - object: /usr/bin/tool",
    mended: null,
  },
  "graph/wrong-arch": {
    title: "a file is for another machine than the recipe says",
    happened:
      "`arch` says which machine the image is for, and a program or library of the closure is for another. It would not start there.",
    causes: [
      "the sysroot is of another machine",
      "a binary that was built on this machine and copied into a tree for another",
    ],
    remedies: ["take the file of that machine", "change or remove `arch`"],
    example: "# the tree is of x86_64\ncontents:\n  - object: /usr/bin/tool\narch: aarch64",
    mended: "contents:\n  - object: /usr/bin/tool\narch: x86_64",
  },
  "graph/unused-allow": {
    title: "an exception matches nothing any more",
    happened:
      "`allow` lists holes that you know. One that is closed must go, or it would hide a new hole of that name later.",
    causes: ["the library is there now", "a slip in the name of an exception"],
    remedies: ["remove the exception"],
    example: "allow:\n  - { missing: libgone.so.1, reason: once upon a time }",
    mended: "contents:\n  - object: /usr/bin/tool",
  },
};
