import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { bucketPath } from "cacache/lib/entry-index.js";
import type { StoredContent } from "../../src/core/ports.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { openCacheStore } from "../../src/store/cacache-store.ts";
import { collectGarbage, listCache, verifyCache } from "../../src/store/maintain.ts";
import { cacheUser, contentFile, flipBit } from "../support/disk-cache.ts";
import { hostPath } from "../support/disk-files.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { chunks, keyOf } from "../support/store-contract.ts";

const STORE_MODULE = new URL("../../src/store/cacache-store.js", import.meta.url).href;
const USER_MODULE = new URL("../support/disk-cache.js", import.meta.url).href;
const DAY_MS = 86_400_000;

test("the list says what is kept, the last used first", async (t) => {
  const { directory, contents } = await filledCache(t);
  const list = await listCache(directory);
  assert.deepEqual(
    list.map(({ key, label, content }) => [key, label, content]),
    [
      [keyOf("new"), "label of new", contents.new],
      [keyOf("middle"), "label of middle", contents.middle],
      [keyOf("old"), "label of old", contents.old],
    ],
  );
  assert.equal(Math.round((Date.now() - list[2]!.lastUsedMs) / DAY_MS), 30);
});

test("cleaning by size keeps the last used", async (t) => {
  const { directory } = await filledCache(t);
  const result = await collectGarbage(directory, { maxBytes: 2500, maxAgeMs: null }, cacheUser());
  assert.deepEqual(result, { removed: 1, removedBytes: 1000, kept: 2, keptBytes: 2000 });
  assert.deepEqual(await labels(directory), ["label of new", "label of middle"]);
});

test("what a build found was used, and what it shares its bytes with", async (t) => {
  const { directory, contents } = await filledCache(t);
  const store = await openCacheStore(directory, cacheUser());
  await store.put(keyOf("twin"), chunks("old".padEnd(1000)), "label of twin");
  const used = new Date(Date.now() - 30 * DAY_MS);
  for (const file of [contentFile(directory, contents.old.digest), bucketPath(directory, keyOf("twin"))])
    utimesSync(file, used, used);
  await store.find(keyOf("old"));
  await store.close();
  await collectGarbage(directory, { maxBytes: null, maxAgeMs: 5 * DAY_MS }, cacheUser());
  assert.deepEqual(await labels(directory), ["label of old", "label of new", "label of twin"]);
});

test("cleaning by age removes what was not used for so long, from the index too", async (t) => {
  const { directory } = await filledCache(t);
  await collectGarbage(directory, { maxBytes: null, maxAgeMs: 5 * DAY_MS }, cacheUser());
  assert.deepEqual(await labels(directory), ["label of new"]);
  assert.equal(filesBelow(`${directory}/index-v5`).length, 1);
  assert.equal(filesBelow(`${directory}/content-v2`).length, 1);
});

test("cleaning without limits removes content that no action leads to, and nothing else", async (t) => {
  const { directory } = await filledCache(t);
  const before = filesBelow(`${directory}/index-v5`);
  writeFileSync(before[0]!, "damaged");
  const result = await collectGarbage(directory, { maxBytes: null, maxAgeMs: null }, cacheUser());
  assert.deepEqual([result.removed, result.kept], [1, 2]);
});

test("cleaning removes the notes of builds that no build would believe, and keeps the others", async (t) => {
  const { directory } = await filledCache(t);
  for (const name of ["builds-v1/old", "builds-v1/new", "inputs-v1/old"]) {
    mkdirSync(`${directory}/${name.split("/")[0]}`, { recursive: true });
    writeFileSync(`${directory}/${name}`, "notes");
    const at = new Date(Date.now() - (name.endsWith("old") ? 2 * DAY_MS : 0));
    utimesSync(`${directory}/${name}`, at, at);
  }
  const notes = () => ["builds-v1", "inputs-v1"].flatMap((name) => readdirSync(`${directory}/${name}`));
  await collectGarbage(directory, { maxBytes: null, maxAgeMs: null }, cacheUser());
  assert.deepEqual(notes(), ["new", "old"]);
  await collectGarbage(directory, { maxBytes: null, maxAgeMs: DAY_MS }, cacheUser());
  assert.deepEqual(notes(), ["new"]);
});

test("verifying finds and removes what is damaged, and says what it was", async (t) => {
  const { directory, contents } = await filledCache(t);
  await flipBit(contentFile(directory, contents.middle.digest), 500);
  const verdict = await verifyCache(directory, cacheUser());
  assert.deepEqual(verdict, {
    checked: 3,
    checkedBytes: 3000,
    damaged: [{ digest: contents.middle.digest, size: 1000, labels: ["label of middle"] }],
  });
  assert.deepEqual(await labels(directory), ["label of new", "label of old"]);
  assert.deepEqual((await verifyCache(directory, cacheUser())).damaged, []);
});

test("where no cache is, there is nothing to do and nothing is made", async (t) => {
  const directory = hostPath(`${scratchDirectory(t)}/none`);
  assert.deepEqual(await listCache(directory), []);
  assert.equal((await verifyCache(directory, cacheUser())).checked, 0);
  const kept = (await collectGarbage(directory, { maxBytes: 0, maxAgeMs: null }, cacheUser())).kept;
  assert.equal(kept, 0);
  await assert.rejects(listCache(hostPath("/etc")), { message: "host/not-a-cache" });
});

test("cleaning does not begin while a build runs, and says which", async (t) => {
  const { directory } = await filledCache(t);
  const store = await openCacheStore(directory, cacheUser({ purpose: "initgraph build x.yaml" }));
  const clean = (): Promise<unknown> =>
    collectGarbage(directory, { maxBytes: 0, maxAgeMs: null }, cacheUser());
  await assert.rejects(clean(), (error) => {
    assert.ok(error instanceof BuildFailure);
    const holders = [`process ${process.pid} (initgraph build x.yaml)`];
    assert.deepEqual(error.problems, [{ code: "host/cache-busy", directory, holders }]);
    return true;
  });
  await store.close();
  await clean();
  assert.deepEqual(await labels(directory), []);
});

test("cleaning waits for a build to end", async (t) => {
  const { directory } = await filledCache(t);
  const store = await openCacheStore(directory, cacheUser());
  const policy = { maxBytes: 0, maxAgeMs: null };
  const cleaning = collectGarbage(directory, policy, cacheUser({ waitMs: 10_000 }));
  await store.put(keyOf("last"), chunks("built while the cleaning waited"));
  await store.close();
  assert.equal((await cleaning).removed, 4);
});

test("a killed build or cleaning holds nobody up", async (t) => {
  const { directory } = await filledCache(t);
  await killedBuild(t, directory);
  // A killed cleaning leaves the same file under another ending.
  const [lock] = readdirSync(`${directory}/locks`);
  writeFileSync(`${directory}/locks/${lock!.replace(".shared", ".exclusive")}`, "initgraph cache gc");
  await (await openCacheStore(directory, cacheUser())).close();
  await verifyCache(directory, cacheUser());
  assert.deepEqual(readdirSync(`${directory}/locks`), []);
});

test("two cleanings at once take turns", async (t) => {
  const { directory } = await filledCache(t);
  const user = cacheUser({ waitMs: 10_000 });
  const verdicts = await Promise.all([1, 2, 3].map(() => verifyCache(directory, user)));
  assert.deepEqual(
    verdicts.map(({ checked }) => checked),
    [3, 3, 3],
  );
});

async function filledCache(t: TestContext) {
  const directory = hostPath(scratchDirectory(t));
  const store = await openCacheStore(directory, cacheUser());
  const put = async (name: string, days: number): Promise<StoredContent> => {
    const content = await store.put(keyOf(name), chunks(name.padEnd(1000)), `label of ${name}`);
    const used = new Date(Date.now() - days * DAY_MS);
    for (const file of [contentFile(directory, content.digest), bucketPath(directory, keyOf(name))])
      utimesSync(file, used, used);
    return content;
  };
  const contents = { old: await put("old", 30), new: await put("new", 1), middle: await put("middle", 10) };
  await store.close();
  return { directory, contents };
}

async function killedBuild(t: TestContext, directory: string): Promise<void> {
  const source = `import { openCacheStore } from ${JSON.stringify(STORE_MODULE)};
    import { cacheUser } from ${JSON.stringify(USER_MODULE)};
    await openCacheStore(${JSON.stringify(directory)}, cacheUser());
    console.log("ready");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "close");
}

async function labels(directory: string): Promise<string[]> {
  return (await listCache(hostPath(directory))).map((entry) => entry.label);
}

function filesBelow(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true });
  return names.filter((name) => name.isFile()).map((name) => `${name.parentPath}/${name.name}`);
}
