/** What is in an image, and what a program needs. */
import { closeSync, openSync, readSync } from "node:fs";
import { join, relative } from "node:path";
import type { Row } from "../contest.ts";
import { coldBuild, hasVerb, initgraph } from "../initgraph.ts";
import * as peers from "../peers.ts";
import { filesOf } from "../walk.ts";
import { smallFile } from "./again.ts";

const PROGRAMS = 1500;

export const READING_ROWS: readonly Row[] = [
  {
    name: "closure",
    title: "Closure of 1,500 ELF programs and libraries, cold",
    counts: "cpu",
    inputs: ["sysroot"],
    note: "The first line builds the image of them too; lddtree finds libraries only, and gets all files in one process.",
    contestants: (place) => {
      const root = place.input("sysroot");
      const programs = elfFiles(root).slice(0, PROGRAMS);
      const contents = programs.map((path) => ({ object: path.replaceAll(/[[\]*?{}\\]/g, "\\$&") }));
      return [
        coldBuild({ name: "closure", sysroot: root, contents, compressor: "none" }, place),
        { name: "initgraph ldd", command: initgraph("ldd", "--sysroot", root, ...programs) },
        peers.lddtree(root, programs),
      ];
    },
  },
  {
    name: "ls",
    title: "ls of a zstd image",
    counts: "cpu",
    inputs: ["image"],
    contestants: ({ input }) => [
      { name: "initgraph ls", command: initgraph("ls", input("image")) },
      { name: "lsinitramfs", command: ["lsinitramfs", input("image")], needs: ["lsinitramfs"] },
      { name: "lsinitrd", command: ["lsinitrd", input("image")], needs: ["lsinitrd"] },
      { name: "3cpio -t", command: ["3cpio", "-t", input("image")], needs: ["3cpio"] },
      {
        name: "zstd | cpio -t",
        command: ["bash", "-c", 'zstd -dcq "$1" | cpio -t --quiet', "bash", input("image")],
        needs: ["zstd", "cpio"],
      },
    ],
  },
  {
    name: "cat",
    title: "cat of one file of a zstd image",
    counts: "cpu",
    inputs: ["image", "tree"],
    contestants: ({ input }) => {
      const file = relative(input("tree"), smallFile(input("tree")));
      return [
        hasVerb("cat")
          ? { name: "initgraph cat", command: initgraph("cat", input("image"), `/${file}`) }
          : { name: "initgraph cat", command: [], needs: ["the verb cat"] },
        { name: "lsinitrd -f", command: ["lsinitrd", "-f", file, input("image")], needs: ["lsinitrd"] },
        {
          name: "zstd | cpio -i --to-stdout",
          command: [
            "bash",
            "-c",
            'zstd -dcq "$1" | cpio -i --quiet --to-stdout "$2"',
            "bash",
            input("image"),
            file,
          ],
          needs: ["zstd", "cpio"],
        },
      ];
    },
  },
];

/** Programs and libraries, by their paths in the tree, in the order of their names; modules are none. */
function elfFiles(root: string): string[] {
  return filesOf(join(root, "usr"))
    .filter((path) => !path.includes("/modules/") && isElf(path))
    .map((path) => `/${relative(root, path)}`);
}

function isElf(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const magic = Buffer.alloc(4);
    readSync(file, magic);
    return magic.toString("latin1") === "\x7fELF";
  } finally {
    closeSync(file);
  }
}
