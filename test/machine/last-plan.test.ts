/**
 * A build after a change gives what a build that knows nothing gives, whether it takes the last decision up again or
 * not; and it does so where just the bytes of files have changed that no closure looks at.
 */
import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { runBuild } from "../../src/cli/engine.ts";
import type { HostPath } from "../../src/core/path.ts";
import { writeFiles } from "../support/disk-files.ts";
import { type ElfWish, writeElf } from "../support/elf-writer.ts";
import { KERNEL_TREE, MODULES, VERSION } from "../support/kernel-tree.ts";
import { scratchDirectory } from "../support/scratch.ts";

/** More than the tick of a clock: what is younger when a build begins is not remembered. */
const TICK_MS = 120;

const LOADER = "/lib64/ld-linux-x86-64.so.2";
const program = (wish: ElfWish) => ({ bytes: writeElf({ interpreter: LOADER, ...wish }), mode: 0o755 });
const USES_A: ElfWish = { needed: ["liba.so.1"], imports: ["run"] };

const COMMON = "compressor: gzip\n";
const RECIPE = `include: [./common.yaml]
name: image
sysroot: ./root
contents:
  - object: /etc
  - object: /usr/bin
  - object: /usr/share/twin
  - object: ./twin
    target: /twins/twin
  - object: /usr/share/twin
    target: /twins/twin
secrets: {/etc/key: ./key}
kernel: {version: ${VERSION}, modules: [disk, net], firmware: false}
`;

const TREE = {
  ...KERNEL_TREE,
  "/etc/config": "one\n",
  "/etc/nsswitch.conf": "hosts: files\n",
  "/usr/bin/script": { bytes: "#!/usr/bin/interpreter\necho one\n", mode: 0o755 },
  "/usr/bin/interpreter": program({ isDynamic: false }),
  "/usr/bin/other": program({ isDynamic: false }),
  "/usr/bin/program": program(USES_A),
  "/usr/lib/liba.so.1": writeElf({ soname: "liba.so.1" }),
  "/usr/lib/libb.so.1": writeElf({ soname: "libb.so.1" }),
  "/usr/lib/libc.so.6": writeElf({ soname: "libc.so.6" }),
  "/usr/share/twin": "equal",
  [LOADER]: writeElf({ soname: "ld-linux-x86-64.so.2", tail: "\0/lib/\0/usr/lib/\0" }),
} as const;

/** A recipe, its tree, and builds of it. */
function workshop(t: TestContext) {
  const directory = scratchDirectory(t);
  const root = `${directory}/root`;
  const libc = program({ needed: ["libc.so.6"] });
  writeFiles(root, { ...TREE, "/usr/bin/hello": libc });
  writeFileSync(`${directory}/twin`, "equal");
  writeFileSync(`${directory}/key`, "the first key", { mode: 0o600 });
  writeFileSync(`${directory}/common.yaml`, COMMON);
  writeFileSync(`${directory}/image.yaml`, RECIPE);
  const build = async (cache: string, out: string) => {
    let isDecidedAnew = false;
    const request = {
      recipe: `${directory}/image.yaml`,
      sysroot: null,
      compressor: null,
      kernel: null,
      variables: new Map<string, string>(),
      lock: "compare",
      sboms: ["spdx", "cyclonedx"],
      emitsLayers: false,
    } as const;
    const place = { out: `${directory}/${out}`, cache: `${directory}/${cache}` as HostPath };
    await sleep(TICK_MS);
    await runBuild({
      ...request,
      out: place.out,
      cache: { named: place.cache },
      jobs: 1,
      wantsReasons: false,
      name: { ...request, ...place },
      tell: ({ step }) => {
        isDecidedAnew ||= step === "files";
      },
    });
    const names = ["image.gz", "image.manifest.json", "image.spdx.json", "image.cdx.json"];
    const bytes = names.map((name) => readFileSync(`${place.out}/${name}`));
    return { isDecidedAnew, bytes };
  };
  return { directory, root, build };
}

type Change = (root: string) => void;

const TAKEN_UP: Readonly<Record<string, Change>> = {
  "a file holds more": (root) => appendFileSync(`${root}/etc/config`, "two\n"),
  "a file holds nothing": (root) => truncateSync(`${root}/etc/config`),
  "a file holds other bytes of the same number": (root) => writeFileSync(`${root}/etc/config`, "two\n"),
  "another file was moved over one": (root) => {
    writeFileSync(`${root}/etc/new`, "new");
    chmodSync(`${root}/etc/new`, 0o644);
    renameSync(`${root}/etc/new`, `${root}/etc/config`);
  },
  "a secret is another": (root) => writeFileSync(`${root}/../key`, "a second key"),
  "a script does something else": (root) =>
    writeFileSync(`${root}/usr/bin/script`, "#!/usr/bin/interpreter\necho two\n"),
  "a program was built anew and needs the same": (root) =>
    writeFileSync(`${root}/usr/bin/program`, writeElf({ interpreter: LOADER, ...USES_A, tail: "new code" })),
};

const DECIDED_ANEW: Readonly<Record<string, Change>> = {
  "a program needs another library": (root) =>
    writeFileSync(`${root}/usr/bin/program`, writeElf({ interpreter: LOADER, needed: ["libb.so.1"] })),
  "a script has another interpreter": (root) =>
    writeFileSync(`${root}/usr/bin/script`, "#!/usr/bin/other\necho one\n"),
  "a script became a program": (root) => writeFileSync(`${root}/usr/bin/script`, program(USES_A).bytes),
  "a file has another mode": (root) => chmodSync(`${root}/etc/config`, 0o600),
  "a secret has another mode": (root) => chmodSync(`${root}/../key`, 0o640),
  "a file is new": (root) => writeFileSync(`${root}/etc/new`, "new"),
  "a file is gone": (root) => rmSync(`${root}/etc/config`),
  "a file became a directory": (root) => {
    rmSync(`${root}/etc/config`);
    mkdirSync(`${root}/etc/config`);
  },
  "a module asks for other firmware": (root) => {
    const module = `${root}${MODULES}/kernel/drivers/net.ko`;
    const text = readFileSync(module, "latin1").replace("firmware=net/a.bin", "firmware=net/c.bin");
    writeFileSync(module, text, "latin1");
  },
  "the name services are others": (root) => writeFileSync(`${root}/etc/nsswitch.conf`, "hosts: files ldap\n"),
  "an included recipe wants something else": (root) =>
    writeFileSync(`${root}/../common.yaml`, `${COMMON}files: { /etc/more: more }\n`),
  "the recipe wants something else": (root) =>
    writeFileSync(`${root}/../image.yaml`, RECIPE.replace("- object: /etc\n", "- object: /etc/config\n")),
};

for (const [what, change] of Object.entries(TAKEN_UP)) {
  test(`a decision is taken up again where ${what}`, async (t) => {
    const { root, build } = workshop(t);
    const first = await build("cache", "out");
    change(root);
    const again = await build("cache", "out");
    assert.equal(again.isDecidedAnew, false);
    assert.notDeepEqual(again.bytes[0], first.bytes[0]);
    assert.deepEqual(again.bytes, (await build("new cache", "out of it")).bytes);
  });
}

for (const [what, change] of Object.entries(DECIDED_ANEW)) {
  test(`all is decided anew where ${what}`, async (t) => {
    const { root, build } = workshop(t);
    await build("cache", "out");
    change(root);
    const again = await build("cache", "out");
    assert.equal(again.isDecidedAnew, true);
    assert.deepEqual(again.bytes, (await build("new cache", "out of it")).bytes);
  });
}

test("a decision that was taken up is remembered like any other", async (t) => {
  const { root, build } = workshop(t);
  for (const line of ["one\n", "two\n", "three\n"]) {
    appendFileSync(`${root}/etc/config`, line);
    const { bytes, isDecidedAnew } = await build("cache", "out");
    assert.equal(isDecidedAnew, line === "one\n");
    assert.deepEqual(bytes, (await build(`new cache ${line}`, `out ${line}`)).bytes);
  }
});

test("files of equal content at one path may not change apart", async (t) => {
  const { directory, root, build } = workshop(t);
  await build("cache", "out");
  writeFileSync(`${root}/usr/share/twin`, "other");
  await assert.rejects(build("cache", "out"), { name: "BuildFailure" });
  writeFileSync(`${directory}/twin`, "other");
  const both = await build("cache", "out");
  assert.deepEqual(both.bytes, (await build("new cache", "out of it")).bytes);
});

test("a secret that everybody may read by now ends the build", async (t) => {
  const { directory, build } = workshop(t);
  const first = await build("cache", "out");
  chmodSync(`${directory}/key`, 0o604);
  await assert.rejects(build("cache", "out"), { message: "secrets/open-to-all" });
  chmodSync(`${directory}/key`, 0o600);
  assert.deepEqual((await build("cache", "out")).bytes, first.bytes);
});

test("a record that is damaged is none", async (t) => {
  const { directory, root, build } = workshop(t);
  await build("cache", "out");
  const plans = `${directory}/cache/plans-v1`;
  const [file] = readdirSync(plans);
  const bytes = readFileSync(`${plans}/${file}`);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(`${plans}/${file}`, bytes);
  appendFileSync(`${root}/etc/config`, "two\n");
  assert.equal((await build("cache", "out")).isDecidedAnew, true);
  appendFileSync(`${root}/etc/config`, "three\n");
  assert.equal((await build("cache", "out")).isDecidedAnew, false);
});
