/** What we read in dpkg's database is what dpkg itself says of every program and library of this machine. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import type { HostPath } from "../../src/core/path.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { fileFrom, findIn } from "../support/package-trees.ts";
import { requireTool } from "../support/tools.ts";

/** Of a merged tree, as Debian's are. */
const DIRECTORIES = ["usr/bin", "usr/sbin", "usr/lib", "etc", "usr/share/bash-completion/completions"];

test("every file has the owners that dpkg-query --search says", requireTool("dpkg-query"), () => {
  const host = nodeHost({ jobs: 1, environment: {} });
  const files = DIRECTORIES.flatMap(filesBelow).filter((path) => /^[\w./+:-]+$/.test(path));
  assert.ok(files.length > 500, `only ${files.length} files`);
  const { owners } = findIn(
    host.tree("/" as HostPath),
    files.map((path) => fileFrom("sysroot", path)),
  );
  const said = searchAll(files);
  let owned = 0;
  for (const path of files) {
    const ours = (owners.get(path as never) ?? []).map(({ name }) => name).sort();
    // A merged tree has /usr/lib/x, and dpkg knows it as /lib/x still.
    if (said.get(`/${path}`) === null) continue;
    const theirs = new Set([...(said.get(`/${path}`) ?? []), ...(said.get(path.replace(/^usr/, "")) ?? [])]);
    assert.deepEqual([...new Set(ours)], [...theirs].sort(), path);
    owned += theirs.size > 0 ? 1 : 0;
  }
  assert.ok(owned > 500, `dpkg knows only ${owned} of ${files.length} files`);
});

function filesBelow(directory: string): string[] {
  const entries = readdirSync(`/${directory}`, { withFileTypes: true });
  const libraries = entries.filter((entry) => entry.isDirectory() && entry.name.endsWith("-linux-gnu"));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => `${directory}/${name}`);
  return [...files, ...libraries.flatMap(({ name }) => filesBelow(`${directory}/${name}`))];
}

/** Names of packages by path; null: the file was moved away, and dpkg does not say whose it is. */
type Said = Map<string, readonly string[] | null>;

function searchAll(files: readonly string[]): Said {
  const found: Said = new Map();
  const paths = files
    .flatMap((path) => [`/${path}`, path.replace(/^usr/, "")])
    .filter((path) => path.startsWith("/"));
  for (let from = 0; from < paths.length; from += 2000) {
    const ran = spawnSync("dpkg-query", ["--search", ...paths.slice(from, from + 2000)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      maxBuffer: 1 << 28,
    });
    assert.equal(ran.error, undefined);
    for (const line of ran.stdout.split("\n")) readLine(line, found);
  }
  return found;
}

/** "libc6:amd64, libc6:i386: /path"; "diversion by dash from: /bin/sh" stands before what would own it else. */
function readLine(line: string, found: Said): void {
  const [, names = "", path = ""] = /^(.*?): (\/.*)$/.exec(line) ?? [];
  const [, by, way] = /^(?:diversion by (\S+)|local diversion) (from|to)$/.exec(names) ?? [];
  if (way === "from") found.set(path, by === undefined ? [] : [by]);
  if (way === "to") found.set(path, null);
  if (path === "" || way !== undefined || found.has(path)) return;
  found.set(
    path,
    names.split(", ").map((name) => name.replace(/:.*/, "")),
  );
}
