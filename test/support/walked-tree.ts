/** What find(1) and sha256sum(1) see of a directory's tree. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

/** "kind mode target digest" of each path; "" is the directory itself. */
export function walkTree(directory: string): Map<string, string> {
  const script = `find . -type f -print0 | xargs -0 sha256sum | sed 's/^\\([0-9a-f]*\\) *\\./f \\1 /'
    find . -printf 't %y %m %l %P\\n'`;
  const options = { cwd: directory, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const run = spawnSync("sh", ["-c", script], options);
  assert.equal(run.status, 0, run.stderr);
  const digests = new Map<string, string>();
  const found = new Map<string, string>();
  for (const line of run.stdout.split("\n")) {
    const [, digest, file] = /^f (\S+) \/(.*)$/.exec(line) ?? [];
    if (file !== undefined) digests.set(file, digest!);
    const [, kind, mode, to, path] = /^t (\S) (\S+) (\S*) (.*)$/.exec(line) ?? [];
    if (path !== undefined) found.set(path, `${kind} ${mode} ${to} ${digests.get(path) ?? ""}`);
  }
  return found;
}

/** The paths that one tree has and the other has not, or that it has otherwise. */
export function compareTrees(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  return {
    added: [...after.keys()].filter((path) => !before.has(path)).sort(),
    removed: [...before.keys()].filter((path) => !after.has(path)).sort(),
    changed: [...before.keys()]
      .filter((path) => after.has(path) && before.get(path) !== after.get(path))
      .sort(),
  };
}
