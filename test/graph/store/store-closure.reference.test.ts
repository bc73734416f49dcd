/** The closure of real stores, by every way that a recipe may choose, beside what Nix says of them. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { ByteString, HostPath, TargetPath } from "../../../src/core/path.ts";
import type { Span } from "../../../src/core/span.ts";
import { parseRegistration } from "../../../src/formats/nix-registration.ts";
import { knownReferences } from "../../../src/graph/store/known-references.ts";
import type { ReferenceSource } from "../../../src/graph/store/reference-source.ts";
import { readStoreClosure, type StoreClosure } from "../../../src/graph/store/store-closure.ts";
import { directoryTree } from "../../../src/host/directory-tree.ts";
import { nixDatabases } from "../../../src/host/nix-databases.ts";
import type { StoreReferences } from "../../../src/spec/spec.ts";
import { labTree, type Requirement, requireAll, requireLabTree, requireTool } from "../../support/tools.ts";

const DIRECTORY = "nix/store" as TargetPath;
const AT: Span = { file: "initrd.yaml", line: 1, column: 1, width: 1, text: "" };

const scratch = mkdtempSync(join(tmpdir(), "initgraph-nix-"));
after(() => {
  execFileSync("chmod", ["-R", "u+w", scratch]);
  rmSync(scratch, { recursive: true, force: true });
});
const home = join(scratch, "home");
mkdirSync(home);
const environment = { PATH: process.env["PATH"] ?? "", HOME: home, NIX_CONF_DIR: home, NIX_REMOTE: "" };

const needsNix = requireTool("nix-store", "nix", "nix-build", "sqlite3");
const small = join(scratch, "small");
const needsSmall = requireAll(needsNix, needsNix.skip === false ? makeSmallStore() : needsNix);
const needsLarge = requireAll(needsNix, requireLabTree("nix-root", "nix-oracle"));
checkStore("a small store", needsSmall, () => small);
checkStore("a large store", needsLarge, () => labTree("."));

/** In a container that forbids namespaces Nix has no sandbox, and so cannot build for a store of its own. */
function makeSmallStore(): Requirement {
  try {
    const script = join(process.cwd(), "test/lab/make-nix-store.sh");
    execFileSync("sh", [script, small], { stdio: ["ignore", "ignore", "pipe"] });
    return { skip: false };
  } catch (error) {
    if (process.env["INITGRAPH_REQUIRE_TOOLS"] === "1") throw error;
    return { skip: `Nix cannot build here: ${String(error).split("\n").at(-2)}` };
  }
}

function checkStore(title: string, requirement: Requirement, place: () => string): void {
  const options = { ...requirement, timeout: 300_000 };

  test(`${title}: scanned, every path has the references that Nix found`, options, () => {
    const store = openStore(place());
    const closure = store.close({ from: "scan" }, store.roots);
    assert.deepEqual(closure.holes, []);
    assert.ok(closure.paths.size > store.roots.length);
    const references = referencesOf(closure);
    for (const name of someOf([...closure.paths.keys()])) {
      assert.deepEqual(references[name], store.ask("--query", "--references", name), name);
    }
    for (const { references } of closure.paths.values()) {
      for (const { evidence } of references)
        assert.match(evidence, /^(contents|name|target of the symlink) /);
    }
  });

  test(`${title}: the closure of every root is what nix-store --query --requisites prints`, options, () => {
    const store = openStore(place());
    for (const root of store.roots) {
      const closure = store.close({ from: "scan" }, [root]);
      assert.deepEqual([...closure.paths.keys()].sort(), store.ask("--query", "--requisites", root), root);
    }
  });

  test(`${title}: Nix, its database and path-info tell the same closure as the scan`, options, () => {
    const store = openStore(place());
    const scanned = store.close({ from: "scan" }, store.roots);
    const pathInfo = join(place(), "nix-oracle/path-info-all.json") as HostPath;
    const database = join(place(), "nix-root/nix/var/nix/db/db.sqlite") as HostPath;
    const ways: StoreReferences[] = [
      { from: "nix", at: AT },
      { from: "database", database, at: AT },
      { from: "files", files: [pathInfo], at: AT },
    ];
    for (const way of ways) {
      const closure = store.close(store.source(way), store.roots);
      assert.deepEqual(closure.holes, [], way.from);
      assert.deepEqual(referencesOf(closure), referencesOf(scanned), way.from);
      assert.deepEqual(entriesOf(closure), entriesOf(scanned), way.from);
    }
  });

  test(`${title}: closure files tell the same closures as the scan`, options, () => {
    const oracle = join(place(), "nix-oracle");
    const store = openStore(place());
    const files = readdirSync(oracle).filter((file) => file.startsWith("closure-") || file === "attrs.json");
    assert.ok(files.length >= 6, files.join());
    for (const file of files) {
      const registration = parseRegistration(readFileSync(join(oracle, file)));
      const names = Array.from(registration.keys(), (path) => path.slice("/nix/store/".length) as ByteString);
      const known = store.source({ from: "files", files: [join(oracle, file) as HostPath], at: AT });
      const closure = store.close(known, names);
      assert.deepEqual(closure.holes, [], file);
      assert.equal(closure.paths.size, registration.size, file);
      assert.deepEqual(referencesOf(closure), referencesOf(store.close({ from: "scan" }, names)), file);
    }
  });

  test(
    `${title}: what Nix does not know is missing from its answer, and from its database's`,
    options,
    () => {
      const store = openStore(place());
      const stranger = "00000000000000000000000000000000-stranger" as ByteString;
      const root = store.roots[0]!;
      const database = join(place(), "nix-root/nix/var/nix/db/db.sqlite") as HostPath;
      for (const way of [
        { from: "nix", at: AT },
        { from: "database", database, at: AT },
      ] as const) {
        const source = store.source(way);
        assert.ok(source.from === "known");
        assert.equal(source.closureOf([stranger]).size, 0, way.from);
        assert.deepEqual(source.closureOf([stranger, root]), source.closureOf([root]), way.from);
        assert.ok(source.closureOf([root]).has(root), way.from);
      }
    },
  );
}

test("the modes, sizes and links of a store path are those that Nix gives it", needsSmall, () => {
  const store = openStore(small);
  const weird = store.roots.find((root) => root.endsWith("-weird+name_1.0-rc.1=x?"))!;
  const { entries } = store.close({ from: "scan" }, [weird]).paths.get(weird)!;
  const top = `nix/store/${weird}`;
  const shown = entries.map((entry) => [entry.kind, entry.mode, entry.path.slice(top.length)]);
  assert.deepEqual(shown, [
    ["directory", 0o555, ""],
    ["file", 0o555, "/a"],
    ["file", 0o555, "/b"],
    ["symlink", 0o777, "/dangling"],
    ["directory", 0o555, "/empty"],
    ["directory", 0o555, "/empty/directory"],
    ["file", 0o444, "/new\nline"],
    ["file", 0o444, "/n\xc3\xb6n-\xff-utf8"],
    ["symlink", 0o777, "/out-of-here"],
    ["file", 0o444, "/with space"],
  ]);
});

function openStore(place: string) {
  const root = join(place, "nix-root/nix/store") as HostPath;
  const tree = directoryTree(root);
  const ports = { host: { tree: directoryTree }, databases: nixDatabases(environment) };
  const built = readFileSync(join(place, "nix-oracle/built.txt"), "utf8").trim().split("\n");
  const nixRoot = join(place, "nix-root");
  return {
    roots: [...new Set(built)].map((path) => path.slice("/nix/store/".length) as ByteString),
    close: (source: ReferenceSource, roots: readonly ByteString[]) =>
      readStoreClosure({ tree, directory: DIRECTORY, source, tell: () => {} }, roots),
    source: (references: StoreReferences) =>
      knownReferences({ directory: DIRECTORY, root, references }, ports),
    ask: (...question: string[]): string[] => {
      const path = `/nix/store/${question.pop()}`;
      const args = ["--store", nixRoot, ...question, path];
      const stdio = ["ignore", "pipe", "ignore"] as const;
      const answer = execFileSync("nix-store", args, {
        env: environment,
        encoding: "utf8",
        stdio: [...stdio],
      });
      const lines = answer.split("\n").filter((line) => line !== "");
      return lines.map((line) => line.slice("/nix/store/".length)).sort();
    },
  };
}

/** Nix is asked for each path on its own: all of a small store, and some of a large one. */
function someOf(names: readonly ByteString[]): ByteString[] {
  const step = Math.ceil(names.length / 120);
  return names.filter((_, index) => index % step === 0);
}

function referencesOf(closure: StoreClosure): Record<string, string[]> {
  return Object.fromEntries(
    Array.from(closure.paths, ([name, { references }]) => [name, references.map(({ to }) => to)]),
  );
}

/** But for what only a scan reads. */
function entriesOf(closure: StoreClosure): unknown {
  return Array.from(closure.paths.values(), ({ entries }) =>
    entries.map((entry) => ({ ...entry, content: null })),
  );
}
