/** What kept files out: one small tree with a file for every way, and the reason that is told of each. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { examineImage } from "../../src/absence/built-image.ts";
import { AbsenceExplainer } from "../../src/absence/explain-absence.ts";
import type { Absence, Obstacle } from "../../src/absence/obstacle.ts";
import { sayObstacle } from "../../src/cli/report/absence.ts";
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import { showPath } from "../../src/core/path.ts";
import { parseAsked } from "../../src/trace/asked-name.ts";
import { tracePlan } from "../../src/trace/trace-plan.ts";
import { TracedTree } from "../../src/trace/traced-tree.ts";
import { LOADER, loaderFile } from "../graph/loader/loading.ts";
import { decideRecipe } from "../support/decided.ts";
import { type ElfWish, writeElf } from "../support/elf-writer.ts";
import { KERNEL_TREE, MODULES } from "../support/kernel-tree.ts";
import type { MemoryFile } from "../support/memory-tree.ts";
import { writeModule } from "../support/module-writer.ts";

const I386 = { bits: 32, machine: 3 } as const;
const program = (wish: ElfWish): MemoryFile => ({
  mode: 0o755,
  bytes: writeElf({ interpreter: LOADER, ...wish }),
});
const library = (soname: string, wish: ElfWish = {}) => writeElf({ soname, ...wish });
const note = (soname: readonly string[], priority: string) =>
  JSON.stringify([{ soname, feature: "f", priority }]);

const TREE: Readonly<Record<string, MemoryFile>> = {
  ...KERNEL_TREE,
  [LOADER]: loaderFile(),
  "/usr/bin/main": program({
    needed: ["liba.so.1", "libb.so.1", "libaccepted.so.1"],
    runpath: "/opt/lib",
    notes: [
      note(["libsuggested.so.1"], "suggested"),
      note(["libfirst.so.1", "libsecond.so.1"], "recommended"),
    ],
  }),
  "/usr/bin/other": program({ needed: ["libunused.so.1"] }),
  "/usr/bin/script": { mode: 0o755, bytes: "#!/usr/bin/shell\n" },
  "/usr/bin/shell": program({}),
  "/usr/bin/alias": { symlink: "main" },
  "/opt/lib/liba.so.1": library("liba.so.1"),
  "/usr/lib/liba.so.1": library("liba.so.1"),
  "/opt/lib/libb.so.1": library("libb.so.1", I386),
  "/usr/lib/libb.so.1": library("libb.so.1"),
  "/usr/lib/glibc-hwcaps/x86-64-v3/libb.so.1": library("libb.so.1"),
  "/usr/lib/libunused.so.1": library("libunused.so.1"),
  "/usr/lib/libsuggested.so.1": library("libsuggested.so.1"),
  "/usr/lib/libfirst.so.1": library("libfirst.so.1"),
  "/usr/lib/libsecond.so.1": library("libsecond.so.1"),
  "/etc/lonely.conf": "x",
  "/run/socket": "x",
  "/usr/lib/modules/5.10.0/kernel/old.ko": writeModule(),
  [`${MODULES}/kernel/bad.ko`]: writeModule({ info: ["alias=bad-one"] }),
  "/usr/lib/modprobe.d/no.conf": "blacklist bad\n",
  [`${MODULES}/kernel/good.ko`]: writeModule({ info: ["alias=bad-one"] }),
  "/usr/lib/firmware/net/a.bin": "a",
  "/usr/lib/firmware/net/b1.bin": "b",
  "/usr/lib/firmware/nobody.bin": "n",
  "/usr/lib/firmware/updates/net/a.bin": "newer",
  "/usr/lib/firmware/fs.bin.xz": "x",
  "/usr/lib/gone.so.1": { symlink: "nowhere" },
};

const RECIPE = `sysroot: /sysroot
contents:
  - object: /usr/bin/main
kernel:
  version: 6.1.0-test
  modules: [net, bad-one]
  firmware: [net/a.bin]
allow:
  - { missing: libaccepted.so.1, reason: never used }
`;

function kindsOf({ places, obstacles }: Absence): string[] {
  return [
    ...places.map(
      ({ path, obstacles: own }) => `${showPath(path)}: ${own.map(({ kind }) => kind).join(", ")}`,
    ),
    ...obstacles.map(({ kind }) => kind),
  ];
}

describe("what is told of a file that is not in the image", () => {
  let explainer: AbsenceExplainer;
  before(async () => {
    const { decision, trees } = await decideRecipe(RECIPE, TREE);
    const { plan } = decision;
    const tree = new TracedTree(
      tracePlan({ name: "x", plan, contents: new Map(), compressedOf: () => null }),
    );
    explainer = new AbsenceExplainer(examineImage({ ...decision, tree, trees, memory: NO_MEMORY }));
  });

  const rows: readonly (readonly [asked: string, told: readonly string[]])[] = [
    ["/usr/lib/liba.so.1", ["/usr/lib/liba.so.1: other-library"]],
    ["/opt/lib/libb.so.1", ["/opt/lib/libb.so.1: other-machine, other-library"]],
    [
      "/usr/lib/glibc-hwcaps/x86-64-v3/libb.so.1",
      ["/usr/lib/glibc-hwcaps/x86-64-v3/libb.so.1: hwcaps, other-library"],
    ],
    ["libsuggested.so.1", ["/usr/lib/libsuggested.so.1: dlopen-priority"]],
    ["libsecond", ["/usr/lib/libsecond.so.1: dlopen-alternative"]],
    ["libunused.so.1", ["/usr/lib/libunused.so.1: unreferenced"]],
    ["usr/bin/shell", ["/usr/bin/shell: unreferenced"]],
    ["/usr/bin/alias", ["/usr/bin/alias: unused-link"]],
    ["lonely.conf", ["/etc/lonely.conf: unreferenced"]],
    ["/run/socket", ["/run/socket: mounted"]],
    ["/proc/cpuinfo", ["mounted"]],
    ["old", ["/usr/lib/modules/5.10.0/kernel/old.ko: other-kernel"]],
    ["bad", [`${MODULES}/kernel/bad.ko: blacklisted, module-unasked`]],
    ["my-bus", [`${MODULES}/kernel/drivers/my-bus.ko: module-unasked`]],
    ["plain-fs", ["builtin"]],
    ["fs-plain", ["builtin"]],
    ["net/b1.bin", ["/usr/lib/firmware/net/b1.bin: firmware-excluded"]],
    ["/usr/lib/firmware/net/a.bin", ["/usr/lib/firmware/net/a.bin: other-firmware"]],
    ["firmware:nobody.bin", ["/usr/lib/firmware/nobody.bin: firmware-unasked"]],
    ["fs.bin", ["/usr/lib/firmware/fs.bin.xz: firmware-excluded"]],
    ["libaccepted.so.1", ["allowed"]],
    ["/etc/nothing", []],
    ["*.conf", ["/etc/lonely.conf: unreferenced", "/usr/lib/modprobe.d/no.conf: unreferenced"]],
  ];
  for (const [asked, told] of rows) {
    test(`${asked}: ${told.join("; ") || "nothing"}`, async () => {
      const absence = await explainer.explain(parseAsked(asked)!);
      assert.deepEqual(kindsOf(absence), told);
      const all: Obstacle[] = [...absence.obstacles, ...absence.places.flatMap(({ obstacles }) => obstacles)];
      for (const one of all) assert.notEqual(sayObstacle(one, absence.places[0]?.path ?? null).headline, "");
    });
  }

  test("the winner is told with what was tried before it, and whether that was here", async () => {
    const [hidden] = (await explainer.explain(parseAsked("/usr/lib/liba.so.1")!)).places[0]!.obstacles;
    assert.ok(hidden?.kind === "other-library");
    assert.deepEqual(
      [showPath(hidden.winner), showPath(hidden.by), hidden.wasTried],
      ["/opt/lib/liba.so.1", "/usr/bin/main", false],
    );
    const passed = (await explainer.explain(parseAsked("/opt/lib/libb.so.1")!)).places[0]!.obstacles[1];
    assert.ok(passed?.kind === "other-library");
    assert.deepEqual([showPath(passed.winner), passed.wasTried], ["/usr/lib/libb.so.1", true]);
  });

  test("what in the sysroot refers to it is named", async () => {
    const unused = async (asked: string) =>
      (await explainer.explain(parseAsked(asked)!)).places[0]!.obstacles[0];
    assert.deepEqual(await unused("libunused.so.1"), {
      kind: "unreferenced",
      referrers: [{ path: "/usr/bin/other", reason: "needed" }],
      isSearched: true,
    });
    assert.deepEqual(await unused("/usr/bin/shell"), {
      kind: "unreferenced",
      referrers: [{ path: "/usr/bin/script", reason: "shebang" }],
      isSearched: true,
    });
  });

  test("who would bring a module is named", async () => {
    const [bus] = (await explainer.explain(parseAsked("module:my_bus")!)).places[0]!.obstacles;
    assert.deepEqual(bus?.kind === "module-unasked" && bus.users, ["disk"]);
  });

  test("a misspelt name is set right", async () => {
    const { nearest } = await explainer.explain(parseAsked("libunusde.so.1")!);
    assert.deepEqual(nearest, ["/usr/lib/libunused.so.1"]);
  });
});
