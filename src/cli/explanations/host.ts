/** Explanations: what the machine refused. */
import type { HostProblem } from "../../core/problems/host.ts";
import type { NixHostProblem } from "../../core/problems/nix.ts";
import type { Explanation } from "./explanation.ts";

type Code = Exclude<HostProblem, NixHostProblem>["code"];

export const HOST: Readonly<Record<Code, Explanation>> = {
  "host/cannot-read": {
    title: "a file or directory cannot be read",
    happened:
      "The system refused to open or read it; the error's name is in brackets. A file that cannot be read cannot go into the image, and none is left out in silence.",
    causes: [
      "it is not there (ENOENT)",
      "this user may not read it (EACCES): /etc/shadow, /boot/initrd.img on some systems",
      "a directory stands there (EISDIR)",
      "the disk fails (EIO)",
    ],
    remedies: [
      "mend the path or the rights",
      "build as a user who may read it, or from a root tree of your own",
    ],
    example: "$ initgraph ls no.img",
    mended: "$ initgraph ls result/initrd",
  },
  "host/cannot-write": {
    title: "a file cannot be written",
    happened:
      "The system refused to write the output; the error's name is in brackets. The result of the last good build is as it was.",
    causes: [
      "no room on the disk (ENOSPC)",
      "this user may not write there (EACCES)",
      "a file system mounted read-only (EROFS)",
    ],
    remedies: ["make room: `initgraph cache gc --max-size 2G`", "write elsewhere with --out"],
    example: "# nobody may write to /srv/images\n$ initgraph build --out /srv/images",
    mended: "$ initgraph build --out result",
  },
  "host/file-changed": {
    title: "an input changed while it was read",
    happened:
      "A file had another size, time or content at the end of the build than when it was looked at. The image would hold something that never was.",
    causes: [
      "a package manager or a compiler was at work in the sysroot",
      "a log file or database as an input",
    ],
    remedies: ["build again when nothing writes to the tree"],
    example: "# something appends to it\ncontents:\n  - object: /var/log/syslog",
    mended: null,
  },
  "host/not-a-directory": {
    title: "a directory is needed, and there is something else or nothing",
    happened: "The root tree, the output or the cache must be a directory.",
    causes: [
      "a slip in the path",
      "a relative path, which is seen from the recipe's directory (from the working directory on the command line)",
    ],
    remedies: ["mend the path", "make the directory"],
    example: "$ initgraph build --out root/etc/motd",
    mended: "$ initgraph build --out result",
  },
  "host/not-empty": {
    title: "a directory that shall be filled has something in it",
    happened:
      "Nothing that is there is written over, and an image's files among others could not be told from them later.",
    causes: ["the image was unpacked there before"],
    remedies: ["name a new or an empty directory", "put the names beside the others with --add"],
    example: "# there is something in it\n$ initgraph unpack initrd.img --out there",
    mended: "$ initgraph unpack initrd.img --out there --add",
  },
  "host/names-taken": {
    title: "names that shall be made are there already",
    happened:
      "`unpack --add` makes names beside others, and writes over none. Some of the image's names are taken.",
    causes: ["the image was unpacked there before", "a root tree was named in place of a directory in it"],
    remedies: ["take them away, or name another directory"],
    example: "# there/etc is there\n$ initgraph unpack initrd.img --out there --add",
    mended: "$ initgraph unpack initrd.img --out another",
  },
  "host/no-room": {
    title: "there is no room for what would be written",
    happened:
      "The sizes are known before anything is written, and the file system has less room. So nothing is begun.",
    causes: ["/tmp in memory", "an image that unpacks to far more than it should"],
    remedies: ["make room, or write elsewhere with --out"],
    example: "# /tmp has no room for it\n$ initgraph unpack initrd.img --out /tmp/look",
    mended: "$ initgraph unpack initrd.img --out /var/tmp/look",
  },
  "host/is-a-directory": {
    title: "a directory stands where a file is to be written",
    happened: "An output has the name of a directory. It is not removed: there may be something in it.",
    causes: ["a directory called like the image"],
    remedies: ["remove it, give the recipe another `name`, or write elsewhere with --out"],
    example: "# result/taken.zst is a directory\nname: taken",
    mended: "name: free",
  },
  "host/cannot-run": {
    title: "a program cannot be started",
    happened: "It was found, and the system refused to run it; the error's name is in brackets.",
    causes: [
      "it is for another machine (ENOEXEC)",
      "it is not executable, or its file system is mounted noexec (EACCES)",
      "too many processes (EAGAIN)",
    ],
    remedies: ["run it by hand: the shell says the same", "take another compressor"],
    example: "# ./squeeze is for another machine\ncompressor: ./squeeze\nextension: .sq",
    mended: "compressor: zstd",
  },
  "host/program-output-too-large": {
    title: "a program printed more than it could have to say",
    happened: "What a program tells about itself or a file is short. This one did not stop, and was stopped.",
    causes: ["a program of another kind under the name of the one that was meant"],
    remedies: ["look which program of that name comes first in the PATH"],
    example: "# the first nix-store in the PATH is another program\nclosure: { references: nix }",
    mended: "closure: { references: scan }",
  },
  "host/cache-unusable": {
    title: "the cache cannot be used",
    happened: "Finished pieces are kept in the cache, and its directory cannot be made, read or written.",
    causes: ["it is a file", "it belongs to another user, after a build with sudo", "the disk is full"],
    remedies: [
      "name another place with --cache or INITGRAPH_CACHE",
      "make room with `initgraph cache gc`",
      "build without it: --no-cache",
    ],
    example: "$ initgraph build --cache root/etc/motd",
    mended: "$ initgraph build --cache /var/tmp/initgraph",
  },
  "host/not-a-cache": {
    title: "a directory is no cache of initgraph",
    happened:
      "It holds something, and no CACHEDIR.TAG of ours. `cache gc` removes files: it only does so where all files are its own.",
    causes: ["--cache names a directory with other things in it"],
    remedies: ["name a new or an empty directory"],
    example: "$ initgraph cache gc --cache root",
    mended: "$ initgraph cache gc --cache ~/.cache/initgraph",
  },
  "host/cache-busy": {
    title: "the cache is in use",
    happened:
      "Cleaning up waits for builds that read from the cache. One did not end for a while; it is named.",
    causes: ["a long build", "a process that hangs"],
    remedies: ["try again when it is done"],
    example: "# a build runs\n$ initgraph cache gc",
    mended: null,
  },
  "host/cache-damages": {
    title: "the cache's disk damages what is written to it",
    happened:
      "A piece in the cache was damaged, was built anew and was damaged again when it was read. Its digest tells.",
    causes: ["a failing disk or memory", "a network file system that loses writes"],
    remedies: ["take another directory with --cache", "look at the disk: dmesg, smartctl"],
    example: "# the disk fails\n$ initgraph build",
    mended: "$ initgraph build --cache /var/tmp/initgraph",
  },
  "host/no-cache-place": {
    title: "there is no place for the cache",
    happened: "The cache lies in $XDG_CACHE_HOME or ~/.cache, and neither XDG_CACHE_HOME nor HOME is set.",
    causes: ["a service or CI job with an empty environment"],
    remedies: ["name a place with --cache or INITGRAPH_CACHE", "set HOME", "build without it: --no-cache"],
    example: "$ env -i initgraph build",
    mended: "$ env -i initgraph build --cache /var/tmp/initgraph",
  },
};
