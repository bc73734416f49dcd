/** Explanations: from the layers to the finished file, and when an image is read. */
import type { ImageProblem } from "../../core/problems/image.ts";
import type { Explanation } from "./explanation.ts";
import type { WrapperCode } from "./wrappers.ts";

export const IMAGE: Readonly<Record<Exclude<ImageProblem["code"], WrapperCode>, Explanation>> = {
  "image/members-misplaced": {
    title: "parts of the finished image do not stand where the kernel looks for them",
    happened:
      "Before an image is put in its place its members are held to the rules by which kernels find them. One breaks a rule, and nothing was written.",
    causes: ["a mistake in initgraph: no recipe should come to this"],
    remedies: ["report it with the recipe", "take another compressor meanwhile, or leave out `prepend`"],
    example: "prepend: [./microcode.cpio]\ncompressor: lz4",
    mended: "prepend: [./microcode.cpio]\ncompressor: zstd",
  },
  "image/compressor-not-found": {
    title: "the compressor is not on this machine",
    happened:
      "zstd and gzip are embedded; every other compressor is a program of the machine, and this one is not in the PATH.",
    causes: ["a small container or a fresh machine", "a path in the recipe that is right on another machine"],
    remedies: ["install it", "take zstd or gzip, which need no program"],
    example: "# there is no such file\ncompressor: ./squeeze\nextension: .sq",
    mended: "compressor: zstd",
  },
  "image/compressor-failed": {
    title: "the compressor ended with an error",
    happened: "The program was started and gave up; what it said is shown with it.",
    causes: [
      "an argument that this version does not know",
      "not enough memory for the level",
      "the program was killed",
    ],
    remedies: ["read what it said", "take a lower level, or an embedded codec (zstd, gzip)"],
    example: "# ./squeeze exits with 3\ncompressor: ./squeeze\nextension: .sq",
    mended: "compressor: zstd",
  },
  "image/codec-unavailable": {
    title: "an embedded codec does not run on this machine",
    happened:
      "The embedded zstd is native code for x64 and arm64; the embedded gzip needs WebAssembly and 100 MB of memory for each thread. Here it could not be loaded.",
    causes: [
      "a machine of another kind",
      "packages that were installed on another kind of machine and copied",
      "a limit on memory (ulimit -v)",
    ],
    remedies: [
      "take `engine: tool`, and install the program",
      "install again with `npm ci` on this machine",
      "fewer jobs: -j 1",
    ],
    example: "# zstd's native part is missing\ncompressor: zstd",
    mended: "compressor: { name: zstd, engine: tool }",
  },
  "image/kernel-refuses": {
    title: "the kernel could not unpack what the compressor made",
    happened:
      "The output of a program is looked at before it is used: it is not what its name promises, or in a form that the kernel's decompressor does not read.",
    causes: [
      "a wrapper script in place of the program",
      "a program of your own that writes no format the kernel knows",
    ],
    remedies: ["take a compressor of the table", "look at its output with `file`"],
    example: "# ./squeeze writes nonsense\ncompressor: ./squeeze\nextension: .sq",
    mended: "compressor: zstd",
  },
  "image/segment-too-large": {
    title: "a segment is too large for the embedded codec",
    happened:
      "The embedded codec holds a segment in memory. With `solid: true`, or one very large file, a segment is as large as all of it.",
    causes: ["`solid: true` with a large tree", "a single file of gigabytes"],
    remedies: ["leave `solid` out", "take `engine: tool`, which compresses as a stream"],
    example: "# the files have more than 2 GiB\nsolid: true\ncompressor: gzip",
    mended: "solid: true\ncompressor: { name: gzip, engine: tool }",
  },
  "image/prepend-not-found": {
    title: "an archive that shall be prepended is not there",
    happened: "`prepend` names archives of this machine, seen from the recipe's directory.",
    causes: ["a slip in the path", "the microcode was not packed yet"],
    remedies: ["mend the path, or make the archive"],
    example: "prepend: [./ucode.cpio]",
    mended: "files: { /init: { source: ./init.sh } }",
  },
  "image/bad-prepend": {
    title: "the kernel could not read an archive that shall be prepended",
    happened:
      "Behind a damaged archive the kernel reads nothing more: the whole image would be lost. So what is prepended is read first, as the kernel would.",
    causes: [
      "raw microcode in place of an archive with it at kernel/x86/microcode/",
      "an archive in another cpio format",
      "a file that was cut short",
    ],
    remedies: ["pack it with `cpio -o -H newc`", "recipes/microcode.yaml shows how microcode is packed"],
    example: "# it is a text\nprepend: [./ucode.cpio]",
    mended: null,
  },
  "image/unreadable": {
    title: "a file is no image that the kernel could read",
    happened:
      "At the byte that is named stands neither a newc archive, zeros, nor anything that the kernel's decompressors know. The kernel would stop there, with `invalid magic` or in silence.",
    causes: [
      "another file was named: a kernel, a disk image",
      "an image that was cut short",
      "something was appended to the image",
    ],
    remedies: ["`file IMAGE` tells what it is", "`initgraph ls --members IMAGE` shows the parts up to there"],
    example: "$ initgraph ls root/etc/motd",
    mended: "$ initgraph ls result/initrd",
  },
  "image/kernel-unreadable": {
    title: "a file is no kernel that can be read, and no configuration of one",
    happened:
      "What a kernel can do is read from its own bytes, or from its configuration. This file is neither, or is damaged.",
    causes: ["a kernel in a boot loader's wrapper", "another file was named", "a kernel that is cut short"],
    remedies: [
      "name a bzImage, zImage, Image, vmlinux or unified kernel image",
      "name its configuration: /boot/config-VERSION, or .config",
    ],
    example: "$ initgraph check --kernel root/etc/motd a.img",
    mended: "$ initgraph check --kernel /boot/vmlinuz-6.1.0 a.img",
  },
  "image/decompressor-not-found": {
    title: "a program is needed to read an image",
    happened:
      "gzip and zstd are read by initgraph itself. A part of this image is compressed otherwise, and the program for it is not in the PATH.",
    causes: ["a machine without xz, lz4 or lzop"],
    remedies: ["install the program"],
    example: "# the image is compressed with lz4, which is not installed\n$ initgraph ls initrd.img",
    mended: null,
  },
  "image/path-not-found": {
    title: "a path is not in the image",
    happened:
      "After unpacking all members, as the kernel does it, nothing is at this path: the symlinks of the image were followed.",
    causes: ["a slip in the path", "the file is in another image"],
    remedies: ["take one of the paths that the message names as nearest", "`initgraph ls IMAGE` lists all"],
    example: "$ initgraph cat a.img etc/paswd",
    mended: "$ initgraph cat a.img etc/passwd",
  },
  "image/no-such-part": {
    title: "an image has no early members, or nothing else",
    happened:
      "--early means what stands uncompressed in front for the kernel's start (microcode, ACPI tables), --main what stands behind it. The image has no such part.",
    causes: ["an image without microcode", "the file is the microcode alone"],
    remedies: ["`initgraph ls --members IMAGE` shows its members", "leave the option out"],
    example: "# it has no microcode\n$ initgraph unpack initrd.img --early",
    mended: "$ initgraph unpack initrd.img",
  },
  "image/path-loops": {
    title: "a path of the image leads in a circle of symlinks",
    happened: "The symlinks of the image lead back to themselves, so nothing is at their end.",
    causes: ["a symlink that points at itself"],
    remedies: ["`initgraph ls -l IMAGE` shows where each link points"],
    example: "# circle -> circle\n$ initgraph cat a.img init lib64/passwd /etc dev/null circle x",
    mended: null,
  },
  "image/path-no-file": {
    title: "what is at the path has no content to print",
    happened: "It is a directory, a device or a pipe.",
    causes: ["the directory of the file was named"],
    remedies: ["name a file; `initgraph ls IMAGE` lists what is below a directory"],
    example: "$ initgraph cat a.img init lib64/passwd /etc dev/null circle x",
    mended: "$ initgraph cat a.img init",
  },
};
