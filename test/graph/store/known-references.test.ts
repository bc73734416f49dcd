import assert from "node:assert/strict";
import { test } from "node:test";
import type { ByteString, HostPath, TargetPath } from "../../../src/core/path.ts";
import type { StoreDatabases } from "../../../src/core/ports.ts";
import { BuildFailure, type Problem } from "../../../src/core/problem.ts";
import { knownReferences } from "../../../src/graph/store/known-references.ts";
import type { StoreReferences } from "../../../src/spec/spec.ts";
import { memoryHost } from "../../support/memory-host.ts";
import type { MemoryFile } from "../../support/memory-tree.ts";

const A = "2ysd87v9q17gm7kxpmmb4lqgn6ps39m5-lab-a" as ByteString;
const B = "7ig9cjdd02d1pknffyhzwf3qy7ly6z23-lab-b" as ByteString;
const C = "5pgh0d9ijrv6r6w64wn97p7dm2pf940f-lab-c" as ByteString;
const AT = { file: "initrd.yaml", line: 3, column: 5, width: 5, text: "    references: [./closure]" };
const S = "/nix/store";
const A_TO_B = `${S}/${A}\n\n1\n${S}/${B}\n${S}/${B}\n\n0\n`;

/** A machine without any Nix. */
const noDatabases: StoreDatabases = {
  live: () => assert.fail("Nix was asked"),
  file: () => assert.fail("a database was asked"),
};

function closureOf(references: StoreReferences, files: Record<string, MemoryFile>, databases = noDatabases) {
  const store = { directory: "nix/store" as TargetPath, root: "/nix/store" as HostPath, references };
  const source = knownReferences(store, { host: memoryHost(files), databases });
  assert.ok(source.from === "known");
  return { told: source.told, references: Object.fromEntries(source.closureOf([A])) };
}

function files(...paths: string[]): StoreReferences {
  return { from: "files", files: paths as HostPath[], at: AT };
}

test("several closure files are one closure", () => {
  const { told, references } = closureOf(files("/r/one", "/r/two"), {
    "/r/one": A_TO_B,
    "/r/two": `${S}/${B}\n\n0\n${S}/${C}\n\n1\n${S}/${C}\n`,
  });
  assert.deepEqual(references, { [A]: [B], [B]: [], [C]: [C] });
  assert.equal(told, "/r/one, /r/two");
});

test("a closure file may be a link to closureInfo's output, as nix-build leaves it", () => {
  const { references } = closureOf(files("/r/result"), {
    "/r/result": { symlink: `${S}/${C}` },
    [`${S}/${C}/registration`]: A_TO_B,
    [`${S}/${C}/store-paths`]: `${S}/${A}\n`,
  });
  assert.deepEqual(references, { [A]: [B], [B]: [] });
});

test("a closure file that is missing, damaged, of another store or of another mind is a problem", () => {
  const bad = (file: string, why: string): Problem => ({ code: "graph/bad-closure-file", at: AT, file, why });
  assertFails(() => closureOf(files("/r/none"), {}), {
    code: "graph/closure-file-missing",
    at: AT,
    file: "/r/none" as HostPath,
  });
  assertFails(() => closureOf(files("/r/dir"), { "/r/dir/x": "" }), {
    code: "graph/closure-file-missing",
    at: AT,
    file: "/r/dir" as HostPath,
  });
  assertFails(
    () => closureOf(files("/r/f"), { "/r/f": "hello\n" }),
    bad("/r/f", "no store path stands here (at byte 0)"),
  );
  assertFails(
    () => closureOf(files("/r/f"), { "/r/f": `/gnu/store/${A}\n\n0\n` }),
    bad("/r/f", `/gnu/store/${A} does not lie in /nix/store`),
  );
  assertFails(
    () => closureOf(files("/r/1", "/r/2"), { "/r/1": A_TO_B, "/r/2": `${S}/${A}\n\n0\n` }),
    bad("/r/2", `another one tells different references of ${A}`),
  );
});

test("Nix and its database are asked for the roots, once these are known", () => {
  const asked: unknown[] = [];
  const answer = (label: string, ...about: string[]) => ({
    label,
    exportClosure: (roots: readonly string[]) => {
      asked.push([...about, ...roots]);
      return Buffer.from(A_TO_B);
    },
  });
  const databases: StoreDatabases = {
    live: (root, directory) => answer("Nix", root, directory),
    file: (database) => answer("the database", database),
  };
  const nix = closureOf({ from: "nix", at: AT }, {}, databases);
  assert.deepEqual(nix, { told: "Nix", references: { [A]: [B], [B]: [] } });
  closureOf({ from: "database", database: "/db.sqlite" as HostPath, at: AT }, {}, databases);
  assert.deepEqual(asked, [
    ["/nix/store", "nix/store", `${S}/${A}`],
    ["/db.sqlite", `${S}/${A}`],
  ]);
});

test("nothing is read of a closure file before the closure is asked for", () => {
  const store = { directory: "nix/store" as TargetPath, root: "/nix/store" as HostPath };
  const host = memoryHost({});
  knownReferences({ ...store, references: files("/r/none") }, { host, databases: noDatabases });
  assert.deepEqual(
    knownReferences({ ...store, references: { from: "scan" } }, { host, databases: noDatabases }),
    { from: "scan" },
  );
  assert.deepEqual(host.reads, []);
});

function assertFails(action: () => unknown, problem: Problem): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof BuildFailure, `not a BuildFailure: ${error}`);
    assert.deepEqual(error.problems, [problem]);
    return true;
  });
}
