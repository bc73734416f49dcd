/**
 * Reference test: the dlopen notes of real programs (kmod, systemd), as readelf shows their section, and the closure that
 * follows them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ByteString, type HostPath, showPath, type TargetPath } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { DLOPEN_PRIORITIES, type DlopenNote, type DlopenPriority } from "../../src/formats/elf-notes.ts";
import { closeReferences } from "../../src/graph/close.ts";
import type { Closure } from "../../src/graph/graph.ts";
import { fileNode } from "../../src/graph/references.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { type ElfInTree, elfFilesBelow } from "../support/elf-files.ts";
import { machineOfTree } from "../support/foreign-root.ts";
import { memoryTree } from "../support/memory-tree.ts";
import { object, type SpecParts, spanAt, specOf } from "../support/specs.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";
import { loadingOf } from "./loader/loading.ts";

for (const tree of ["sysroot-amd64-trixie", "sysroot-riscv64"]) {
  const needs = requireAll(requireLabTree(tree), requireTool("readelf"));
  const libraries = `/usr/lib/${machineOfTree(tree).triplet}`;

  test(`the notes of ${tree} are those that readelf shows`, needs, (t) => {
    const noted = elvesOf(tree).map(({ path, elf }) => ({
      path,
      ours: elf.dlopen,
      theirs: notesOf(tree, path),
    }));
    for (const { path, ours, theirs } of noted) assert.deepEqual(ours, theirs, showPath(path));
    const files = noted.filter(({ ours }) => ours.length > 0);
    assert.ok(files.length >= 4, `only ${files.length} files have notes`);
    t.diagnostic(`${files.flatMap(({ ours }) => ours).length} notes in ${files.length} files`);
  });

  for (const program of ["/usr/bin/kmod", "/usr/bin/udevadm"]) {
    test(`the closure of ${program} in ${tree} follows them by priority`, needs, (t) => {
      const counts = ["none", ...DLOPEN_PRIORITIES].map((_, count) => {
        const followed = DLOPEN_PRIORITIES.slice(0, count);
        const closure = close(tree, { contents: [object(program)], dlopen: followed });
        const expected = filesOf(closure).flatMap((path) =>
          notesOf(tree, path)
            .filter(({ priority }) => followed.includes(priority))
            .flatMap(
              ({ sonames }) => sonames.find((one) => existsSync(join(labTree(tree), libraries, one))) ?? [],
            )
            .map((soname) => `${showPath(path)} ${soname}`),
        );
        const notes = filesOf(closure).flatMap((path) => closure.references.referencesFrom(fileNode(path)));
        const opened = notes
          .filter(({ reason }) => reason === "dlopen-note")
          .map(({ from, says }) => `/${from.slice("file:".length)} ${says.split(" ")[0]}`);
        assert.deepEqual(opened.sort(), expected.sort());
        return opened.length;
      });
      assert.equal(counts[0], 0);
      assert.ok(counts[2]! > 0, "nothing recommended was there to be found");
      t.diagnostic(`${counts.join(", ")} followed by none, ${DLOPEN_PRIORITIES.join(", ")}`);
    });
  }
}

function elvesOf(tree: string): ElfInTree[] {
  const { access } = loadingOf(directoryTree(labTree(tree) as HostPath));
  return ["/usr/bin", "/usr/sbin", "/usr/lib"].flatMap((directory) => elfFilesBelow(directory, access));
}

/** A line for each text of the section; the owner's name and what precedes it are texts too. */
function notesOf(tree: string, path: TargetPath): DlopenNote[] {
  const args = ["-W", "-p", ".note.dlopen", join(labTree(tree), path)];
  const { stdout } = spawnSync("readelf", args, {
    encoding: "utf8",
    env: { LC_ALL: "C", PATH: "/usr/bin:/bin" },
  });
  const texts = [...stdout.matchAll(/^ {2}\[ *[0-9a-f]+\] {2}(\[\{.*)$/gm)].map((match) => match[1]!);
  const entries = texts.flatMap(
    (text) => JSON.parse(text) as { soname: ByteString[]; feature: string; priority: DlopenPriority }[],
  );
  return entries.map(
    ({ soname, feature, priority }) => ({ sonames: soname, feature, priority }) as DlopenNote,
  );
}

function filesOf({ claims }: Closure): TargetPath[] {
  return claims.flatMap(({ entry }) => (entry.kind === "file" ? [entry.path] : []));
}

/** What the tree really lacks is accepted by name. */
function close(tree: string, parts: SpecParts): Closure {
  const trees = {
    sysroot: directoryTree(labTree(tree) as HostPath),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", {}),
  };
  const run = (missing: readonly string[]) => {
    const allow = missing.map((name) => ({
      at: spanAt(9),
      missing: name,
      neededBy: null,
      reason: "not installed",
    }));
    return closeReferences(specOf({ ...parts, allow }), trees, { from: "scan" }, () => {});
  };
  try {
    return run([]);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    const missing = error.problems.flatMap((problem) => {
      assert.ok(problem.code === "graph/dlopen-not-found", problem.code);
      for (const soname of problem.sonames) {
        const there = spawnSync("find", [join(labTree(tree), "usr/lib"), "-name", soname], {
          encoding: "utf8",
        });
        assert.equal(there.stdout, "");
      }
      return problem.sonames[0]!;
    });
    return run([...new Set(missing)]);
  }
}
