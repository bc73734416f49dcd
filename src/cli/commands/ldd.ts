/** `initgraph ldd`: a cross `ldd` that runs nothing. */
import { command } from "../command.ts";

export const ldd = command({
  name: "ldd",
  summary: "list the libraries that a program of any machine would load",
  about:
    "Prints what ldd prints and exits as ldd does, without running the program or its loader: 1 where a " +
    "library is missing or FILE is no dynamic executable. An absolute FILE is looked up inside the root " +
    "tree; the path of a file below it, as this machine sees it, is understood as well.",
  operands: [{ name: "FILE", says: "programs and libraries", need: "many" }],
  options: {
    sysroot: {
      takes: "ROOT",
      says: "the root tree that FILE belongs to: a directory or an archive (default: /)",
    },
    arch: { takes: "NAME", says: "which image of an archive that holds several" },
    "library-path": { takes: "DIRS", says: "directories in the tree to search first, as in LD_LIBRARY_PATH" },
  },
  onFailure: "",
  examples: [
    ["initgraph ldd --sysroot /srv/arm64 /usr/sbin/sshd", "a program inside the tree"],
    ["initgraph ldd --sysroot root root/bin/busybox", "the same, by its path on this machine"],
    ["initgraph ldd --sysroot rootfs.tar.zst /bin/sh", "in an archive, which stays as it is"],
    ["initgraph ldd --json /bin/bash", "where each library was found, for programs"],
  ],
  async run({ operands, options }, terminal) {
    const { runLdd } = await import("../work/ldd.ts");
    return runLdd(
      {
        files: operands,
        sysroot: options.sysroot ?? "/",
        arch: options.arch ?? null,
        libraryPath: options["library-path"] ?? "",
      },
      terminal,
    );
  },
});
