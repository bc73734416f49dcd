/**
 * The evidence of real chains, held to who reads the same files: readelf (what an ELF file needs), the loader of the machine
 * itself under emulation (which file it finds), readlink, first lines, and modinfo (what a module depends on).
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { initgraph, RECIPES } from "../support/initgraph.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const TREE = "sysroot-arm64-systemd";
const LOADER = "lib/ld-linux-aarch64.so.1";
const needs = requireAll(requireLabTree(TREE), requireTool("readelf", "modinfo", "qemu-aarch64-static"));

interface Step {
  readonly reason: string;
  readonly path: string;
  readonly says: string;
  readonly found: string;
}

interface Told {
  readonly chain: { readonly steps: readonly Step[] } | null;
}

/** A step with the file that makes it. */
interface Pair extends Step {
  readonly from: string;
}

function run(program: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: "utf8", maxBuffer: 1 << 26 });
  assert.equal(status, 0, `${program} ${words.join(" ")}\n${stderr}`);
  return stdout;
}

function checkStep({ from, path, reason, says, found }: Pair, root: string): void {
  const at = join(root, from);
  switch (reason) {
    case "needed": {
      assert.ok(run("readelf", "-d", at).includes(`Shared library: [${says}]`), `${from} needs ${says}`);
      const directory = /^default directory (\S+)$/.exec(found)?.[1];
      if (directory !== undefined)
        assert.equal(realpathSync(join(root, directory, says)), realpathSync(join(root, path)));
      break;
    }
    case "interpreter":
      assert.ok(run("readelf", "-l", at).includes(`[Requesting program interpreter: ${says}]`));
      break;
    case "symlink":
      assert.equal(readlinkSync(at), says);
      break;
    case "shebang":
      assert.equal(readFileSync(at, "latin1").split("\n")[0], says);
      break;
  }
}

test("every step of every chain says what other readers say", needs, (t) => {
  const root = labTree(TREE);
  const scratch = mkdtempSync("/tmp/initgraph-why-");
  t.after(() => rmSync(scratch, { recursive: true, force: true }));
  const words = ["--in", join(RECIPES, "systemd.yaml"), "--sysroot", root, "--cache", scratch];
  const { answers } = JSON.parse(initgraph("why", "--json", "/**", ...words)) as {
    readonly answers: readonly { readonly entries: readonly Told[]; readonly others: number }[];
  };
  const entries = answers[0]!.entries;
  assert.ok(entries.length > 300 && answers[0]!.others === 0);
  const pairs = new Map<string, Pair>();
  for (const { chain } of entries) {
    for (const [at, step] of (chain?.steps ?? []).entries()) {
      const from = chain!.steps[at - 1]?.path;
      if (from !== undefined) pairs.set(JSON.stringify([from, step.path, step.reason]), { ...step, from });
    }
  }
  const count = (reason: string) => [...pairs.values()].filter((pair) => pair.reason === reason).length;
  for (const pair of pairs.values()) checkStep(pair, root);
  for (const [reason, least] of [
    ["needed", 20],
    ["symlink", 20],
    ["module-depends", 3],
  ] as const)
    assert.ok(count(reason) >= least, `${reason}: ${count(reason)}`);
  checkLoader([...pairs.values()], root);
  checkModules([...pairs.values()], root);
});

/** Of programs: the loader itself lists the same file for each name. */
function checkLoader(pairs: readonly Pair[], root: string): void {
  const needed = pairs.filter(({ reason, from }) => reason === "needed" && /\/s?bin\//.test(from));
  assert.ok(needed.length > 5);
  for (const { from, path, says } of needed) {
    const listed = run("qemu-aarch64-static", "-L", root, join(root, LOADER), "--list", from);
    const where = listed
      .split("\n")
      .find((line) => line.trim().startsWith(`${says} => `))
      ?.split(" ")[2];
    assert.notEqual(where, undefined, `${from}: ${listed}`);
    assert.equal(realpathSync(join(root, where!)), realpathSync(join(root, path)));
  }
}

/** What a module itself says that it depends on. */
function checkModules(pairs: readonly Pair[], root: string): void {
  for (const { from, says } of pairs.filter(({ reason }) => reason === "module-depends")) {
    const depends = run("modinfo", "-F", "depends", join(root, from)).trim().replaceAll("-", "_").split(",");
    assert.ok(depends.includes(says), `${from} needs ${says}: ${depends}`);
  }
}
