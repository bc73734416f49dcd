import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { writeFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import cacache from "cacache";
import { digestOf } from "../../src/core/digest.ts";
import { DamagedContent, type RememberedFile, type TreeMemory } from "../../src/core/ports.ts";
import { BUILDS } from "../../src/store/build-record.ts";
import { openCacheStore, openThrowAwayStore } from "../../src/store/cacache-store.ts";
import { bearsCacheTag } from "../../src/store/cache-directory.ts";
import { INPUTS } from "../../src/store/input-memory.ts";
import { listCache } from "../../src/store/maintain.ts";
import { PLANS } from "../../src/store/plan-record.ts";
import { cacheUser, contentFile, flipBit, openStore } from "../support/disk-cache.ts";
import { hostPath } from "../support/disk-files.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { chunks, keyOf, testStoreContract, textOf } from "../support/store-contract.ts";

const STORE_MODULE = new URL("../../src/store/cacache-store.js", import.meta.url).href;
const USER_MODULE = new URL("../support/disk-cache.js", import.meta.url).href;

testStoreContract("cache", async (t) => {
  const directory = scratchDirectory(t);
  let store = await openStore(t, directory);
  return {
    // What this process hashed itself is not hashed again, so damage is looked for by a store opened anew.
    get store() {
      return new Proxy(store, { get: (_, name: keyof typeof store) => store[name] });
    },
    damage: async (digest) => {
      await flipBit(contentFile(directory, digest));
      store = await openStore(t, directory);
    },
    writeScratch: (path, bytes) => writeFile(path, bytes),
  };
});

test("content and index are where cacache itself finds and verifies them", async (t) => {
  const directory = scratchDirectory(t);
  const store = await openStore(t, directory);
  const put = await store.put(keyOf("a"), chunks("hello"), "layer system");
  const found = await cacache.get(directory, keyOf("a"));
  assert.equal(found.data.toString(), "hello");
  assert.deepEqual(found.metadata, { label: "layer system" });
  const info = await cacache.get.info(directory, keyOf("a"));
  assert.equal(info?.path, contentFile(directory, put.digest));
});

test("a truncated content is not even found", async (t) => {
  const directory = scratchDirectory(t);
  const store = await openStore(t, directory);
  const put = await store.put(keyOf("a"), chunks("hello"));
  truncateSync(contentFile(directory, put.digest), 4);
  assert.equal(await store.find(keyOf("a")), null);
  await assert.rejects(textOf(store, put), DamagedContent);
});

test("a damaged index line is as good as none", async (t) => {
  const directory = scratchDirectory(t);
  const store = await openStore(t, directory);
  await store.put(keyOf("a"), chunks("hello"));
  const bucket = filesBelow(`${directory}/index-v5`)[0]!;
  await flipBit(bucket, 60);
  assert.equal(await store.find(keyOf("a")), null);
  await store.put(keyOf("a"), chunks("hello"));
  assert.notEqual(await store.find(keyOf("a")), null);
});

test("what other processes put is hashed once, then trusted by its inode", async (t) => {
  const directory = scratchDirectory(t);
  const put = await (await openStore(t, directory)).put(keyOf("a"), chunks("hello"));
  const store = await openStore(t, directory);
  assert.equal(await store.verifiedFile(put), contentFile(directory, put.digest));
  await flipBit(contentFile(directory, put.digest));
  assert.equal(await store.verifiedFile(put), contentFile(directory, put.digest));
});

test("what an earlier process hashed is trusted while it looks the same, where there is a memory of it", async (t) => {
  const directory = scratchDirectory(t);
  const put = await (await openStore(t, directory)).put(keyOf("a"), chunks("hello"));
  const file = contentFile(directory, put.digest);
  const learned = new Map<string, RememberedFile>();
  const memory: TreeMemory = {
    recall: (path, look) => learned.get(JSON.stringify([path, look])) ?? null,
    remember: (path, look, { digest = null }) =>
      void learned.set(JSON.stringify([path, look]), { digest, scan: null }),
  };
  assert.equal(await (await openStore(t, directory)).verifiedFile(put, memory), file);
  assert.deepEqual(
    [...learned.values()].map(({ digest }) => digest),
    [put.digest],
  );
  // As a dying disk does it, which only reading tells: the same memory, of a file that looks otherwise.
  const [key = ""] = learned.keys();
  const { ctimeMs } = statSync(file);
  while (statSync(file).ctimeMs === ctimeMs) await flipBit(file);
  if (readFileSync(file, "latin1") === "hello") await flipBit(file);
  await assert.rejects((await openStore(t, directory)).verifiedFile(put, memory), DamagedContent);
  const { size, mtimeMs, ...now } = statSync(file);
  const version = { mtimeMs, ctimeMs: now.ctimeMs, inode: now.ino, device: now.dev };
  learned.set(JSON.stringify([JSON.parse(key)[0], { size, version }]), { digest: put.digest, scan: null });
  assert.equal(await (await openStore(t, directory)).verifiedFile(put, memory), file);
});

test("the index does not grow when the same is put again", async (t) => {
  const directory = scratchDirectory(t);
  const store = await openStore(t, directory);
  for (let round = 0; round < 5; round++) {
    const put = await store.put(keyOf("a"), chunks("hello"));
    await store.forget(keyOf("a"), put);
  }
  const bucket = readFileSync(filesBelow(`${directory}/index-v5`)[0]!, "latin1");
  assert.equal(bucket.trim().split("\n").length, 1);
});

test("finding content marks it as used, and leaves its own times alone", async (t) => {
  const directory = scratchDirectory(t);
  const put = await (await openStore(t, directory)).put(keyOf("a"), chunks("hello"));
  const before = statSync(contentFile(directory, put.digest));
  const later = Date.now() + 86_400_000;
  const store = await openCacheStore(hostPath(directory), cacheUser({ now: () => later }));
  await store.find(keyOf("a"));
  await store.close();
  const after = statSync(contentFile(directory, put.digest));
  assert.deepEqual([after.mtimeMs, after.ctimeMs], [before.mtimeMs, before.ctimeMs]);
  assert.deepEqual(
    (await listCache(hostPath(directory))).map(({ lastUsedMs }) => Math.round(lastUsedMs)),
    [later],
  );
});

test("a new cache is its owner's alone, bears the tag, and closing leaves no scratch and no lock", async (t) => {
  const directory = `${scratchDirectory(t)}/deep/cache`;
  const store = await openCacheStore(hostPath(directory), cacheUser());
  await writeFile(await store.scratchFile(), "half");
  await store.put(keyOf("a"), chunks("hello"));
  assert.deepEqual([...readdirSync(`${directory}/tmp`), ...readdirSync(`${directory}/locks`)].length, 2);
  await store.close();
  assert.deepEqual([...readdirSync(`${directory}/tmp`), ...readdirSync(`${directory}/locks`)], []);
  assert.equal(await bearsCacheTag(hostPath(directory)), true);
  const modes = ["", "/content-v2", "/index-v5", "/tmp", "/locks"].map((part) => {
    return (statSync(directory + part).mode & 0o777).toString(8);
  });
  assert.deepEqual(modes, ["700", "700", "700", "700", "700"]);
});

test("a throw-away cache leaves nothing at all", async (t) => {
  const directory = scratchDirectory(t);
  const store = await openThrowAwayStore(hostPath(directory), cacheUser());
  const put = await store.put(keyOf("a"), chunks("hello"));
  assert.equal(await textOf(store, put), "hello");
  await store.close();
  assert.deepEqual(readdirSync(directory), []);
});

test("a directory with other things in it does not become a cache", async (t) => {
  const directory = scratchDirectory(t);
  writeFileSync(`${directory}/thesis.tex`, "precious");
  await assert.rejects(openCacheStore(hostPath(directory), cacheUser()), { message: "host/not-a-cache" });
  assert.deepEqual(readdirSync(directory), ["thesis.tex"]);
});

test("a cache that lost its tag is known by all that builds put there", async (t) => {
  const directory = scratchDirectory(t);
  for (const name of ["content-v2", "index-v5", "tmp", "locks", INPUTS, BUILDS, PLANS])
    mkdirSync(`${directory}/${name}`);
  const store = await openCacheStore(hostPath(directory), cacheUser());
  await store.close();
  assert.ok(readdirSync(directory).includes("CACHEDIR.TAG"));
});

test("a cache that is a file, below a file, or has no UTF-8 name is a problem", async (t) => {
  const directory = scratchDirectory(t);
  writeFileSync(`${directory}/file`, "");
  for (const path of ["file", "file/below", "\xff"]) {
    await assert.rejects(openCacheStore(`${directory}/${path}` as never, cacheUser()), {
      message: "host/cache-unusable",
    });
  }
});

test("a full disk is a problem, and nothing of it stays", async (t) => {
  const directory = scratchDirectory(t);
  // A limit on the size of files does to write(2) what a full disk does.
  const script = `try { await store.put("${keyOf("a")}", big()); }
    catch (error) { console.log(error.problems[0].code, error.problems[0].errno); }
    await store.close();
    async function* big() { for (let i = 0; i < 100; i++) yield Buffer.alloc(100_000); }`;
  const limited = ["-c", `trap '' XFSZ; ulimit -f 1000; exec "$0" "$@"`, process.execPath];
  const child = spawnSync("sh", [...limited, "--input-type=module", "--eval", prelude(directory, script)], {
    encoding: "utf8",
  });
  assert.equal(child.stdout, "host/cache-unusable EFBIG\n", child.stderr);
  assert.deepEqual([...filesBelow(`${directory}/tmp`), ...filesBelow(`${directory}/content-v2`)], []);
});

test("processes that put the same keys at once agree, and nothing breaks", async (t) => {
  const directory = scratchDirectory(t);
  const script = `for (let i = 0; i < 10; i++) {
      const key = i.toString(16).padStart(64, "0");
      const { digest } = await store.put(key, bytes(i));
      for await (const piece of store.read({ digest, size: 2_000_000 }));
      console.log(digest);
    }
    await store.close();
    async function* bytes(i) { for (let n = 0; n < 20; n++) yield Buffer.alloc(100_000, i); }`;
  const children = [1, 2, 3].map(() => startChild(t, prelude(directory, script)));
  const outputs = await Promise.all(children.map((child) => child.ended));
  const expected = Array.from({ length: 10 }, (_, i) => digestOf(Buffer.alloc(2_000_000, i)));
  for (const { stdout } of outputs) assert.deepEqual(stdout.trim().split("\n"), expected);
  const store = await openStore(t, directory);
  for (const digest of expected) await store.verifiedFile({ digest, size: 2_000_000 });
  assert.equal(filesBelow(`${directory}/content-v2`).length, 10);
});

test("a killed build leaves no half content, and its scratch goes when the next begins", async (t) => {
  const directory = scratchDirectory(t);
  const script = `await store.put("${keyOf("a")}", slow());
    async function* slow() {
      for (let i = 0; ; i++) { yield Buffer.alloc(2_000_000); if (i === 3) console.log("ready"); }
    }`;
  const child = startChild(t, prelude(directory, script));
  await once(child.stdout, "data");
  child.kill();
  await child.ended;
  assert.deepEqual(filesBelow(`${directory}/content-v2`), []);
  assert.equal(filesBelow(`${directory}/tmp`).length, 1);
  const store = await openStore(t, directory);
  assert.equal(await store.find(keyOf("a")), null);
  assert.deepEqual(filesBelow(`${directory}/tmp`), []);
});

test("scratch of another container stays while its lock is fresh", async (t) => {
  const directory = scratchDirectory(t);
  await (await openStore(t, directory)).find(keyOf("a"));
  const owner = "4711-88123-00000000.abcdef";
  mkdirSync(`${directory}/tmp/${owner}`);
  writeFileSync(`${directory}/locks/${owner}.shared`, "a build elsewhere");
  const reopen = async (minutes: number): Promise<boolean> => {
    const user = cacheUser({ now: () => Date.now() + minutes * 60_000 });
    await (await openCacheStore(hostPath(directory), user)).close();
    return existsSync(`${directory}/tmp/${owner}`);
  };
  assert.deepEqual([await reopen(0), await reopen(4), await reopen(6)], [true, true, false]);
});

interface Child {
  readonly stdout: NodeJS.ReadableStream;
  readonly ended: Promise<{ readonly stdout: string }>;
  kill(): void;
}

function startChild(t: TestContext, source: string): Child {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  let stdout = "";
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  const ended = once(child, "close").then(() => ({ stdout }));
  return { stdout: child.stdout, ended, kill: () => child.kill("SIGKILL") };
}

function prelude(directory: string, script: string): string {
  return `import { openCacheStore } from ${JSON.stringify(STORE_MODULE)};
    import { cacheUser } from ${JSON.stringify(USER_MODULE)};
    const store = await openCacheStore(${JSON.stringify(directory)}, cacheUser());
    ${script}`;
}

function filesBelow(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true });
  return names.filter((name) => name.isFile()).map((name) => `${name.parentPath}/${name.name}`);
}
