/** What every store promises, in memory or on a disk. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type ActionKey, actionKey, type Digest, digestOf } from "../../src/core/digest.ts";
import type { HostPath } from "../../src/core/path.ts";
import { DamagedContent, type Store, type StoredContent } from "../../src/core/ports.ts";

export interface StoreInTest {
  readonly store: Store;
  /** Flips a bit of what is kept, behind the store's back. */
  damage(digest: Digest): Promise<void>;
  /** As a program writes to its standard output. */
  writeScratch(path: HostPath, bytes: Uint8Array): Promise<void>;
}

export type MakeStore = (t: TestContext) => Promise<StoreInTest>;

export function testStoreContract(name: string, make: MakeStore): void {
  test(`${name}: finds under its key what was put, and nothing else`, async (t) => {
    const { store } = await make(t);
    assert.equal(await store.find(keyOf("a")), null);
    const put = await store.put(keyOf("a"), chunks("one ", "two"));
    assert.deepEqual(put, { digest: digestOf(Buffer.from("one two")), size: 7 });
    assert.deepEqual(await store.find(keyOf("a")), put);
    assert.equal(await store.find(keyOf("b")), null);
    assert.equal(await textOf(store, put), "one two");
  });

  test(`${name}: keeps empty content`, async (t) => {
    const { store } = await make(t);
    const put = await store.put(keyOf("empty"), chunks());
    assert.equal(put.size, 0);
    assert.deepEqual(await store.find(keyOf("empty")), put);
    assert.equal(await textOf(store, put), "");
  });

  test(`${name}: gives large content back, however it was cut`, async (t) => {
    const { store } = await make(t);
    const bytes = Buffer.alloc(5_000_001, "0123456789abcdef\n");
    for (const pieceBytes of [700, 1_048_575, 1_048_577, 6_000_000]) {
      const put = await store.put(keyOf(String(pieceBytes)), pieces(bytes, pieceBytes));
      assert.deepEqual(put, { digest: digestOf(bytes), size: bytes.length });
      assert.ok(bytes.equals(await bytesOf(store, put)));
    }
  });

  test(`${name}: two keys may share content`, async (t) => {
    const { store } = await make(t);
    const first = await store.put(keyOf("first"), chunks("same"));
    const second = await store.put(keyOf("second"), chunks("same"));
    assert.deepEqual(first, second);
    assert.deepEqual(await store.find(keyOf("first")), await store.find(keyOf("second")));
  });

  test(`${name}: the last content of a key counts`, async (t) => {
    const { store } = await make(t);
    await store.put(keyOf("a"), chunks("old"));
    const put = await store.put(keyOf("a"), chunks("new"));
    assert.deepEqual(await store.find(keyOf("a")), put);
  });

  test(`${name}: keeps nothing of what failed half-way`, async (t) => {
    const { store } = await make(t);
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(3_000_000);
      throw new RangeError("promised more");
    }
    await assert.rejects(store.put(keyOf("a"), failing()), RangeError);
    assert.equal(await store.find(keyOf("a")), null);
  });

  test(`${name}: damaged content is noticed, forgotten, and good again when it is put again`, async (t) => {
    const { store, damage } = await make(t);
    const put = await store.put(keyOf("a"), chunks("precious"));
    await damage(put.digest);
    await assert.rejects(textOf(store, put), DamagedContent);
    await assert.rejects(store.verifiedFile(put), DamagedContent);
    await store.forget(keyOf("a"), put);
    assert.equal(await store.find(keyOf("a")), null);
    assert.deepEqual(await store.put(keyOf("a"), chunks("precious")), put);
    assert.equal(await textOf(store, put), "precious");
  });

  test(`${name}: good content heals damaged content of the same digest`, async (t) => {
    const { store, damage } = await make(t);
    const put = await store.put(keyOf("a"), chunks("precious"));
    await damage(put.digest);
    await store.put(keyOf("b"), chunks("precious"));
    assert.equal(await textOf(store, put), "precious");
  });

  test(`${name}: content that is gone is damaged content`, async (t) => {
    const { store } = await make(t);
    const gone = { digest: digestOf(Buffer.from("never put")), size: 9 };
    await assert.rejects(textOf(store, gone), DamagedContent);
    await assert.rejects(store.verifiedFile(gone), DamagedContent);
  });

  test(`${name}: takes what a program wrote to a scratch file`, async (t) => {
    const { store, writeScratch } = await make(t);
    const [file, other] = [await store.scratchFile(), await store.scratchFile()];
    assert.notEqual(file, other);
    await writeScratch(file, Buffer.from("compressed"));
    const put = await store.putFile(keyOf("a"), file);
    assert.deepEqual(put, { digest: digestOf(Buffer.from("compressed")), size: 10 });
    assert.deepEqual(await store.find(keyOf("a")), put);
    assert.equal(await textOf(store, put), "compressed");
  });

  test(`${name}: many puts of the same key at once agree`, async (t) => {
    const { store } = await make(t);
    const puts = Array.from({ length: 20 }, () => store.put(keyOf("a"), chunks("x".repeat(100_000))));
    const [first, ...others] = await Promise.all(puts);
    for (const other of others) assert.deepEqual(other, first);
    assert.equal((await bytesOf(store, first!)).length, 100_000);
  });
}

export function keyOf(name: string): ActionKey {
  return actionKey(["test 1", name]);
}

export async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text, "latin1");
}

export async function textOf(store: Store, content: StoredContent): Promise<string> {
  return (await bytesOf(store, content)).toString("latin1");
}

async function bytesOf(store: Store, content: StoredContent): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const piece of store.read(content)) found.push(Uint8Array.from(piece));
  return Buffer.concat(found);
}

async function* pieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
