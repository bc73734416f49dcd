/** Explanations of what `check` finds: what an image starts, and whether it can run. */
import type { ProgramFinding } from "../../check/findings/programs.ts";
import type { Explanation } from "./explanation.ts";

const CHECK = "$ initgraph check initrd.img";

export const CHECK_PROGRAMS: Readonly<Record<ProgramFinding["code"], Explanation>> = {
  "check/no-init": {
    title: "nothing is there that the kernel would start",
    happened:
      "The kernel looks for /init once the image is unpacked. Where nothing is there it goes on to mount what root= names, and panics without one.",
    causes: [
      "an image without an /init",
      "a symlink whose target is not in the image",
      "an image for rdinit=, which is another path",
    ],
    remedies: ["put an /init into the image", "name what the command line names: `--rdinit PATH`"],
    example: `# an image without /init\n${CHECK}`,
    mended: null,
  },
  "check/init-not-executable": {
    title: "init may not be executed",
    happened:
      'The kernel gets EACCES for it, says "Failed to execute /init (error -13)", and tries /sbin/init, /etc/init, /bin/init and /bin/sh of the image.',
    causes: ["a script written without `chmod +x`", "a directory of that name"],
    remedies: ["give it mode 0755"],
    example: `# an /init of mode 0644\n${CHECK}`,
    mended: null,
  },
  "check/init-no-program": {
    title: "init is nothing that the kernel could start",
    happened:
      'It is neither an ELF program nor a script that begins with #!. The kernel says "Failed to execute /init (error -8)": no shell is there yet to take it for a script.',
    causes: [
      "a script without its #! line",
      "a byte order mark or an empty line before #!",
      "an empty file, or a program cut short",
    ],
    remedies: ["begin it with `#!/bin/sh`, as its very first bytes"],
    example: `# an /init that begins with a comment\n${CHECK}`,
    mended: null,
  },
  "check/init-interpreter": {
    title: "init names an interpreter that cannot start",
    happened:
      'The kernel starts what the #! line names. Where that is not there it says "Failed to execute /init (error -2)", as if /init itself were missing.',
    causes: [
      "a line that ends with a carriage return: it belongs to the name",
      "a shell that is not in the image, or elsewhere in it",
    ],
    remedies: ["write the script with line feeds alone", "put the shell where the line says"],
    example: `# an /init with DOS line ends\n${CHECK}`,
    mended: null,
  },
  "check/program-loader": {
    title: "programs name a loader that is not there or cannot start",
    happened:
      'A dynamic program names its loader (PT_INTERP), and the kernel starts that. Without it a shell says "not found" of the program itself.',
    causes: [
      "a program of another C library (musl, glibc)",
      "a loader at /lib/ld-\u2026 where the program says /lib64/ld-\u2026",
      "a loader without an execute bit",
    ],
    remedies: ["put the loader where the program says: `initgraph ldd PROGRAM`"],
    example: `# a program of musl, and glibc's loader\n${CHECK}`,
    mended: null,
  },
  "check/library-missing": {
    title: "programs need a library that their loader does not find",
    happened:
      "The loader looks where RPATH, RUNPATH, its configuration and its own directories say, for this machine alone. Without the library the program ends before it begins.",
    causes: [
      "the library was not copied",
      "it lies where only the loader's cache leads to, and the image has no /etc/ld.so.cache",
      "what is there is for another machine",
    ],
    remedies: [
      "let a recipe's `contents` bring the program: its libraries come along",
      "run ldconfig on the tree of the image",
    ],
    example: `# a program without one of its libraries\n${CHECK}`,
    mended: null,
  },
  "check/library-broken": {
    title: "the loader gives up at what lies where a library should",
    happened: "A file that is no library ends the search: the loader looks no further.",
    causes: ["a linker script (libc.so) in place of the library", "a library cut short"],
    remedies: ["copy the library itself, and whole"],
    example: `# a text file called libc.so.6\n${CHECK}`,
    mended: null,
  },
  "check/plugin-library": {
    title: "what is loaded at run time needs a library that is not there",
    happened:
      "No program of the image needs this library from its start. One that opens it by name (a plugin, a name service) gets an error then.",
    causes: ["a plugin was copied without its libraries"],
    remedies: ["bring its library, or leave the plugin out"],
    example: `# a module of PAM without libaudit\n${CHECK}`,
    mended: null,
  },
  "check/program-foreign": {
    title: "programs are for another machine",
    happened: 'The kernel refuses them: ENOEXEC, "exec format error".',
    causes: ["files of the building machine in an image for a board", "a sysroot of another architecture"],
    remedies: [
      "take them from the tree of the right machine",
      "name the kernel that is meant: `--kernel FILE`",
    ],
    example: `# a program for aarch64 among those for x86_64\n${CHECK}`,
    mended: null,
  },
  "check/program-broken": {
    title: "programs cannot be loaded",
    happened: "It begins as an ELF program does, and is damaged or cut short.",
    causes: ["a copy that ended early", "a full disk"],
    remedies: ["copy it again, and compare"],
    example: `# a program of which the end is missing\n${CHECK}`,
    mended: null,
  },
  "check/script-interpreter": {
    title: "scripts name an interpreter that cannot start",
    happened: 'Who starts them is told "not found" of the script itself, or "permission denied".',
    causes: [
      "perl, python or bash where the image has busybox alone",
      "a line that ends with a carriage return",
    ],
    remedies: ["bring the interpreter, or leave the scripts out", "write them with line feeds alone"],
    example: `# a script of perl, and no perl\n${CHECK}`,
    mended: null,
  },
  "check/shebang-too-long": {
    title: "the #! line of a script is too long for the kernel",
    happened:
      "The kernel looks at the first 256 bytes. Where the interpreter's name does not end within them it starts nothing.",
    causes: ["an interpreter deep in a store or a build directory"],
    remedies: ["make a symlink at a short path, and name that"],
    example: `# a script whose #! line has 300 letters\n${CHECK}`,
    mended: null,
  },
  "check/dangling-command": {
    title: "commands are symlinks to nothing",
    happened: "Who calls them is told that they are not found.",
    causes: ["the target was left out, or lies elsewhere in the image"],
    remedies: ["bring the target, or leave the symlink out"],
    example: `# /sbin/fsck -> /usr/sbin/e2fsck, which is not there\n${CHECK}`,
    mended: null,
  },
  "check/console-hidden": {
    title: "something that is no console stands in its place",
    happened:
      "The kernel makes /dev/console (5:1) before it unpacks the image, and opens it for init. What the image has there replaces it: all that init says is lost in a file.",
    causes: ["/dev/console copied by a program that cannot make devices"],
    remedies: ["leave it out of the image, or make it a character device 5:1"],
    example: `# an empty file /dev/console\n${CHECK}`,
    mended: null,
  },
  "check/opened-at-run-time": {
    title: "programs say that they open libraries which are not there",
    happened:
      "Their notes (.note.dlopen) name libraries that they load if need be. Whether they do without nobody can tell who does not run them.",
    causes: ["features that this image does not use"],
    remedies: ["bring them where they are wanted: `closure.dlopen: recommended`"],
    example: `# systemd's programs without libraries that they may open\n${CHECK}`,
    mended: null,
  },
  "check/scripts-unread": {
    title: "nobody knows which commands scripts call",
    happened: "What a script calls depends on what it meets. Only its interpreter is proved.",
    causes: ["there are scripts"],
    remedies: ["start the image: `initgraph boot`"],
    example: `# an image with scripts\n${CHECK}`,
    mended: null,
  },
  "check/files-unread": {
    title: "files were not looked into",
    happened:
      "All contents of an image are held while it is checked, up to 1 GiB. What there was no room for was not looked at.",
    causes: ["very large files, or very many"],
    remedies: ["check an image without them"],
    example: `# an image of 2 GiB\n${CHECK}`,
    mended: null,
  },
};
