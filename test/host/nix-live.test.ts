import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { HostPath, TargetPath } from "../../src/core/path.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { liveNix } from "../../src/host/nix-live.ts";
import { scratchDirectory } from "../support/scratch.ts";

const A = "/nix/store/2ysd87v9q17gm7kxpmmb4lqgn6ps39m5-a";
const B = "/nix/store/7ig9cjdd02d1pknffyhzwf3qy7ly6z23-b";
const DIRECTORY = "nix/store" as TargetPath;

/** A machine whose only program is a script that writes down how it was called. */
function machine(t: TestContext, program: string, script: string) {
  const directory = scratchDirectory(t);
  const log = join(directory, "log");
  mkdirSync(join(directory, "bin"));
  const path = join(directory, "bin", program);
  writeFileSync(path, `#!/bin/sh\necho "$*" >> ${log}\n${script}\n`);
  chmodSync(path, 0o755);
  return {
    environment: { PATH: join(directory, "bin") },
    path,
    calls: () => readFileSync(log, "utf8").trim().split("\n"),
  };
}

function ask(environment: NodeJS.ProcessEnv, root: string, directory: TargetPath = DIRECTORY): string {
  const nix = liveNix({ root: root as HostPath, directory, environment });
  return Buffer.from(nix.exportClosure([A, B])).toString();
}

test("the machine's own store is asked for without a word about where it lies", (t) => {
  const { environment, calls } = machine(
    t,
    "nix-store",
    `case "$1" in --check-validity) echo ${B};; --query) echo ${B}; echo ${A};; *) echo dump;; esac`,
  );
  assert.equal(ask(environment, "/nix/store"), "dump\n");
  assert.deepEqual(calls(), [
    `--check-validity --print-invalid ${A} ${B}`,
    `--query --requisites ${A}`,
    `--dump-db ${B} ${A}`,
  ]);
});

test("nothing is asked about a store that has none of the paths", (t) => {
  const { environment, calls } = machine(t, "nix-store", `echo ${A}; echo ${B}`);
  assert.equal(ask(environment, "/nix/store"), "");
  assert.equal(calls().length, 1);
});

test("another store is told by the root above it, and by its name where that is another", (t) => {
  const { environment, calls } = machine(t, "nix-store", "");
  ask(environment, "/srv/a b/nix/store");
  ask(environment, "/srv/x/gnu/store", "gnu/store" as TargetPath);
  assert.match(calls()[0]!, /^--store local\?root=\/srv\/a%20b --check-validity/);
  assert.ok(calls().some((call) => call.startsWith("--store local?root=/srv/x&store=/gnu/store --query")));
});

test("where only the new nix is there, it is asked in its own words", (t) => {
  const { environment, calls } = machine(t, "nix", "echo '{}'");
  assert.equal(ask(environment, "/nix/store"), "{}\n");
  assert.deepEqual(calls(), [
    `path-info --extra-experimental-features nix-command --json --recursive -- ${A} ${B}`,
  ]);
});

test("a machine without Nix, a store that Nix cannot be told of, and a Nix that fails are problems", (t) => {
  const root = "/srv/objects" as HostPath;
  assertFails(() => ask({ PATH: "/nonexistent" }, "/nix/store"), {
    code: "host/nix-not-found",
    store: "/nix/store" as HostPath,
  });
  assertFails(() => ask({ PATH: "/nonexistent" }, root), {
    code: "host/nix-store-elsewhere",
    store: root,
    directory: DIRECTORY,
  });
  const { environment, path } = machine(t, "nix-store", "echo 'error: no' >&2; exit 3");
  assertFails(() => ask(environment, "/nix/store"), {
    code: "host/nix-failed",
    command: `${path} --check-validity --print-invalid ${A} ${B}`,
    exitCode: 3,
    complaint: "error: no",
  });
});

function assertFails(action: () => unknown, problem: Problem): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof BuildFailure, `not a BuildFailure: ${error}`);
    assert.deepEqual(error.problems, [problem]);
    return true;
  });
}
