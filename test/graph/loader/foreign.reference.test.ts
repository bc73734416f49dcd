/**
 * Reference test: the closure of foreign trees, against lddtree(1) of pax-utils, which reads files as we do.
 * It is known to be wrong in certain ways; each difference must be one of them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { type ByteString, type HostPath, showPath, type TargetPath } from "../../../src/core/path.ts";
import type { LoadedLibrary } from "../../../src/graph/loader/load-program.ts";
import { directoryTree } from "../../../src/host/directory-tree.ts";
import { type ElfInTree, elfFilesBelow } from "../../support/elf-files.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../../support/tools.ts";
import { type Loading, loadingOf } from "./loading.ts";

const PER_RUN = 100;

/** The fewest files that are worth the name of a comparison, by tree. */
const TREES: Readonly<Record<string, number>> = {
  "sysroot-arm64": 100,
  "sysroot-s390x": 100,
  "sysroot-amd64-trixie": 100,
  "sysroot-armhf": 100,
  "sysroot-i386": 100,
  "sysroot-mips64el": 100,
  "sysroot-ppc64el": 100,
  "sysroot-riscv64": 100,
};

for (const [name, fewest] of Object.entries(TREES)) {
  test(
    `the closure of ${name} is what lddtree says`,
    requireAll(requireLabTree(name), requireTool("lddtree")),
    (t) => {
      const root = labTree(name);
      const loading = loadingOf(directoryTree(root as HostPath));
      const files = ["/usr/bin", "/usr/sbin", "/usr/lib", "/bin", "/sbin", "/lib"]
        .flatMap((directory) => elfFilesBelow(directory, loading.access))
        .filter(({ elf }) => elf.isDynamic && elf.needed.length > 0);
      const unique = [...new Map(files.map((file) => [file.path, file])).values()];
      const explained = new Map<string, number>();
      const unexplained: string[] = [];
      for (let at = 0; at < unique.length; at += PER_RUN) {
        const some = unique.slice(at, at + PER_RUN);
        const theirs = runLddtree(root, some);
        for (const file of some) {
          const tree = theirs.get(file.path);
          assert.ok(tree, `lddtree says nothing of ${showPath(file.path)}`);
          for (const { what, why } of differencesOf(file, tree, loading)) {
            if (why === null) unexplained.push(`${showPath(file.path)}: ${what}`);
            else explained.set(why, (explained.get(why) ?? 0) + 1);
          }
        }
      }
      assert.deepEqual(unexplained, []);
      assert.ok(unique.length > fewest, `only ${unique.length} files were compared`);
      t.diagnostic(
        `${unique.length} files; ${[...explained].map(([why, times]) => `${times} × ${why}`).join("; ")}`,
      );
    },
  );
}

/** What lddtree found for one file: a canonical path for each name, null where it found none. */
type Tree = ReadonlyMap<string, string | null>;

interface Difference {
  readonly what: string;
  /** The rule by which lddtree is wrong; null: nothing explains it. */
  readonly why: string | null;
}

function differencesOf({ path, elf }: ElfInTree, tree: Tree, { access, loader }: Loading): Difference[] {
  const { libraries } = loader.load(path, elf);
  const differences: Difference[] = [];
  const reached = new Set<TargetPath>([path]);
  const seen = new Set<string>();
  for (const library of libraries) {
    const { soname, outcome, by, isOptional } = library;
    // lddtree knows nothing of auxiliary libraries, and keeps one answer for each name.
    if (isOptional || seen.has(soname)) continue;
    const theirs = tree.get(soname);
    const ours = outcome.kind === "found" ? outcome.resolved.path : null;
    const theirPath = theirs == null ? null : access.paths.resolve(theirs as ByteString).path;
    if (reached.has(by)) seen.add(soname);
    if (ours !== null && ours === theirPath) reached.add(ours);
    if (ours === theirPath) continue;
    const what = `${soname} of ${showPath(by)}: ours ${ours}, theirs ${theirPath}`;
    differences.push({
      what,
      why: explain(library, theirPath, { reached, path, hasRunpath: elf.runpath !== null }),
    });
  }
  return differences;
}

interface Place {
  /** Objects that lddtree found as well. */
  readonly reached: ReadonlySet<TargetPath>;
  readonly path: TargetPath;
  readonly hasRunpath: boolean;
}

function explain({ outcome, by }: LoadedLibrary, theirs: string | null, place: Place): string | null {
  if (outcome.kind !== "found") {
    return theirs !== null && place.hasRunpath
      ? "lddtree lets every library inherit the program's RUNPATH"
      : null;
  }
  if (theirs !== null) return null;
  if (!place.reached.has(by)) return "lddtree did not find the library that needs it";
  if (/^default directory \/(usr\/)?lib$/.test(outcome.rule))
    return "lddtree does not search /lib and /usr/lib";
  if (/^(runpath|rpath) of /.test(outcome.rule)) return "lddtree puts the root in front of $ORIGIN twice";
  return null;
}

function runLddtree(root: string, files: readonly ElfInTree[]): Map<TargetPath, Tree> {
  // The program's first line may lead to an interpreter that lacks its library, so Debian's own comes first.
  const args = ["--root", root, ...files.map(({ path }) => `/${path}`)];
  const options = {
    encoding: "latin1",
    env: { LC_ALL: "C.UTF-8", PATH: "/usr/bin:/bin" },
    maxBuffer: 1 << 28,
  } as const;
  const { stdout, stderr, status } = spawnSync("lddtree", args, options);
  assert.equal(status, 0, stderr);
  const trees = new Map<TargetPath, Map<string, string | null>>();
  let tree = new Map<string, string | null>();
  for (const line of stdout.split("\n")) {
    const library = /^ {4,}(\S+) => (.*)$/.exec(line);
    const header = /^(\/.*?) \(interpreter => (.*)\)$/.exec(line);
    if (header) {
      const interpreter = header[2] === "None" ? [] : [header[2]!.slice(root.length)];
      tree = new Map(interpreter.map((path) => [path.slice(path.lastIndexOf("/") + 1), path]));
      trees.set(header[1]!.slice(root.length + 1) as TargetPath, tree);
    } else if (library && !library[2]!.includes("circular loop")) {
      const found = library[2] === "None" ? null : library[2]!.slice(root.length);
      if (!tree.has(library[1]!)) tree.set(library[1]!, found);
    }
  }
  return trees;
}
