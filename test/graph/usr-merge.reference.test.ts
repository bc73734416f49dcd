/**
 * Reference test: real trees whose /bin, /lib and /sbin are symlinks into /usr. Objects by chance, each asked for by the one
 * name, the other or both.
 */
import assert from "node:assert/strict";
import { readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Entry } from "../../src/core/entry.ts";
import { type HostPath, showPath } from "../../src/core/path.ts";
import { closeReferences } from "../../src/graph/close.ts";
import { lddLines } from "../../src/graph/loader/ldd.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { planImage } from "../../src/plan/plan-image.ts";
import { elfFilesBelow } from "../support/elf-files.ts";
import { machineOfTree } from "../support/foreign-root.ts";
import { memoryTree } from "../support/memory-tree.ts";
import { randomSource } from "../support/random.ts";
import { object, specOf } from "../support/specs.ts";
import { labTree, requireLabTree } from "../support/tools.ts";
import { loadingOf } from "./loader/loading.ts";

const IMAGES = 20;
const OBJECTS = 10;

for (const tree of ["sysroot-amd64", "sysroot-arm64", "sysroot-riscv64"]) {
  test(`no file of ${tree} comes twice, by whatever name it is asked for`, requireLabTree(tree), (t) => {
    const root = labTree(tree);
    const { access, load } = loadingOf(directoryTree(root as HostPath));
    const directories = ["/usr/bin", "/usr/sbin", `/usr/lib/${machineOfTree(tree).triplet}`];
    const names = directories
      .flatMap((directory) => elfFilesBelow(directory, access))
      .filter(({ path, elf }) => elf.isDynamic && !/\/(gconv|tc|xtables)\//.test(path))
      .map(({ path }) => showPath(path))
      // systemd's own libraries are whole only where its program has loaded the others.
      .filter((name) => lddLines(load(name)).isComplete);
    const random = randomSource(20261125);
    const links = new Map<string, string>();
    for (let image = 0; image < IMAGES; image++) {
      const asked = Array.from({ length: OBJECTS }, () => names[random(names.length)]!).flatMap((name) => {
        const other = name.slice("/usr".length);
        return [[name], [other], [name, other]][random(3)]!;
      });
      const entries = entriesOf(root, asked);
      const sources = new Map<string, string>();
      for (const entry of entries) {
        const path = showPath(entry.path);
        if (entry.kind === "file") {
          const { dev, ino } = statSync(join(root, path));
          const twin = sources.get(`${dev}:${ino}`);
          assert.equal(twin, undefined, `${path} is ${twin}: ${asked.join(" ")}`);
          sources.set(`${dev}:${ino}`, path);
        } else if (entry.kind === "symlink") {
          assert.equal(entry.to, readlinkSync(join(root, path)));
          links.set(path, entry.to);
        }
      }
      const symlinks = new Set(
        entries.filter(({ kind }) => kind === "symlink").map(({ path }) => path as string),
      );
      for (const { path } of entries) {
        const parts = path.split("/");
        const above = parts.map((_, length) => parts.slice(0, length).join("/"));
        assert.ok(!above.some((one) => symlinks.has(one)), `${showPath(path)} stands below a symlink`);
      }
      for (const name of asked) assert.ok(leadsToFile(name, entries), `${name}: ${asked.join(" ")}`);
    }
    const merged = ["/bin", "/sbin", "/lib", ...(tree === "sysroot-amd64" ? ["/lib64"] : [])];
    for (const name of merged) assert.equal(links.get(name), `usr${name}`);
    t.diagnostic(`${IMAGES} images of ${names.length} objects, ${links.size} links`);
  });
}

function entriesOf(root: string, asked: readonly string[]): Entry[] {
  const trees = {
    sysroot: directoryTree(root as HostPath),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", {}),
  };
  const spec = specOf({ contents: [...new Set(asked)].map((name) => object(name)), dlopen: [] });
  const closure = closeReferences(spec, trees, { from: "scan" }, () => {});
  return planImage(spec, closure, []).layers.flatMap(({ entries }) => entries.map(({ entry }) => entry));
}

/** Whether the image's own symlinks lead from a name to a file. */
function leadsToFile(name: string, entries: readonly Entry[]): boolean {
  const byPath = new Map(entries.map((entry) => [showPath(entry.path), entry]));
  let path = name;
  for (let steps = 0; steps < 40; steps++) {
    const parts = path.split("/").slice(1);
    const prefixes = parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
    const at = prefixes.find((prefix) => byPath.get(prefix)?.kind === "symlink");
    if (at === undefined) return byPath.get(path)?.kind === "file";
    const link = byPath.get(at)!;
    const to = link.kind === "symlink" ? link.to : "";
    path = join(to.startsWith("/") ? "/" : join(at, ".."), to) + path.slice(at.length);
  }
  return false;
}
