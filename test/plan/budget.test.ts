import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BuildFailure, build } from "../../src/index.ts";
import { seededBytes } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";

/** 3 files of 100,000, 200,000 and 300,000 bytes that do not compress. */
function makeRecipe(t: Parameters<typeof scratchDirectory>[0]) {
  const directory = scratchDirectory(t);
  mkdirSync(join(directory, "root/data"), { recursive: true });
  for (const count of [1, 2, 3])
    writeFileSync(join(directory, `root/data/${count}`), seededBytes(count, count * 100_000));
  const recipe = join(directory, "initrd.yaml");
  return async (budget: string, compressor: string) => {
    writeFileSync(
      recipe,
      `sysroot: ./root\ncompressor: ${compressor}\ncontents: [{ object: /data }]\nbudget: { ${budget} }\n`,
    );
    try {
      const { image } = await build({
        recipe,
        out: join(directory, "result"),
        cache: join(directory, "cache"),
      });
      return image.size;
    } catch (error) {
      if (error instanceof BuildFailure) return error.problems;
      throw error;
    }
  };
}

for (const compressor of ["none", "gzip"]) {
  test(`an image may have just what its budget says, and no byte more (${compressor})`, async (t) => {
    const buildWith = makeRecipe(t);
    const size = await buildWith("image: 1 GB", compressor);
    assert.equal(typeof size, "number");
    assert.equal(await buildWith(`image: ${size}, unpacked: 600 kB`, compressor), size);
    const [problem] = (await buildWith(`image: ${Number(size) - 1}`, compressor)) as BuildFailure["problems"];
    assert.ok(problem?.code === "plan/over-budget");
    assert.deepEqual([problem.what, problem.size, problem.at.line], ["image", size, 4]);
    assert.deepEqual(
      problem.largest.map(({ path, size }) => [path, size]),
      [
        ["data/3", 300_000],
        ["data/2", 200_000],
        ["data/1", 100_000],
      ],
    );
  });
}

test("what is unpacked is counted before anything is compressed", async (t) => {
  const buildWith = makeRecipe(t);
  const [over] = (await buildWith("unpacked: 599999", "gzip")) as BuildFailure["problems"];
  assert.ok(over?.code === "plan/over-budget" && over.what === "unpacked" && over.size === 600_000);
});
