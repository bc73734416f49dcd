import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { closeReferences } from "../../src/graph/close.ts";
import { planImage } from "../../src/plan/plan-image.ts";
import { writeElf } from "../support/elf-writer.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { object, specOf } from "../support/specs.ts";
import { LOADER, loaderFile } from "./loader/loading.ts";

const PROGRAM = { mode: 0o755, bytes: writeElf({ interpreter: LOADER, needed: ["liba.so.1"] }) };
const LIBRARY = writeElf({ soname: "liba.so.1" });

/** As Debian, Arch and an old root have it: where the files are, and the links beside them. */
const LAYOUTS: Readonly<Record<string, Readonly<Record<string, MemoryFile>>>> = {
  merged: {
    "/bin": { symlink: "usr/bin" },
    "/lib": { symlink: "usr/lib" },
    "/lib64": { symlink: "usr/lib64" },
    "/usr/bin/prog": PROGRAM,
    "/usr/lib/x86_64-linux-gnu/liba.so.1": { symlink: "liba.so.1.2" },
    "/usr/lib/x86_64-linux-gnu/liba.so.1.2": LIBRARY,
    "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2": loaderFile(),
    "/usr/lib64/ld-linux-x86-64.so.2": { symlink: "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" },
  },
  "all in one": {
    "/bin": { symlink: "usr/bin" },
    "/lib": { symlink: "usr/lib" },
    "/lib64": { symlink: "usr/lib" },
    "/usr/lib64": { symlink: "lib" },
    "/usr/bin/prog": PROGRAM,
    "/usr/lib/liba.so.1": LIBRARY,
    "/usr/lib/ld-linux-x86-64.so.2": loaderFile(["/usr/lib/", "/lib64/"]),
  },
  unmerged: {
    "/bin/prog": PROGRAM,
    "/usr/bin/prog": { symlink: "../../bin/prog" },
    "/lib/liba.so.1": LIBRARY,
    "/usr/lib/liba.so.1": { symlink: "/lib/liba.so.1" },
    "/lib64/ld-linux-x86-64.so.2": loaderFile(),
  },
};

function imageOf(layout: Readonly<Record<string, MemoryFile>>, asked: readonly string[]) {
  const trees = {
    sysroot: memoryTree("/sysroot", layout),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", {}),
  };
  const spec = specOf({ contents: asked.map((name) => object(name)) });
  const plan = planImage(
    spec,
    closeReferences(spec, trees, { from: "scan" }, () => {}),
    [],
  );
  return plan.layers.flatMap(({ entries }) => entries.map(({ entry }) => entry));
}

for (const [name, layout] of Object.entries(LAYOUTS)) {
  describe(`in a tree that is ${name}`, () => {
    const files = Object.values(layout).filter(
      (file) => !(typeof file === "object" && "symlink" in file),
    ).length;
    const links = Object.entries(layout).filter(([, file]) => typeof file === "object" && "symlink" in file);

    test("every spelling of a path gives the same files, each once", () => {
      for (const asked of [["/bin/prog"], ["/usr/bin/prog"], ["/usr/bin/prog", "/bin/prog"]]) {
        const entries = imageOf(layout, asked);
        assert.equal(entries.filter(({ kind }) => kind === "file").length, files, asked.join(" "));
        assert.equal(new Set(entries.map(({ path }) => path)).size, entries.length);
        // No entry stands below a symlink: the kernel would write through it, or destroy it.
        const symlinks = entries.flatMap(({ kind, path }) => (kind === "symlink" ? [path] : []));
        assert.ok(entries.every(({ path }) => !symlinks.some((link) => path.startsWith(`${link}/`))));
      }
    });

    test("the links that were met stay links, with the targets they have", () => {
      const entries = imageOf(layout, ["/bin/prog", "/usr/bin/prog"]);
      const kept = entries.flatMap((entry) =>
        entry.kind === "symlink" ? [[`/${entry.path}`, entry.to]] : [],
      );
      const known = links.map(([path, file]) => [path, (file as { symlink: string }).symlink]);
      for (const link of kept)
        assert.ok(
          known.some(([path, to]) => path === link[0] && to === link[1]),
          String(link),
        );
      if (layout["/bin"]) assert.ok(kept.some(([path]) => path === "/bin"));
    });
  });
}
