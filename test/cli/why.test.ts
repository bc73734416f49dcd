/** What `why` and `why-not` print, of a recipe and of the image that was built of it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { writeElf } from "../support/elf-writer.ts";
import { LOADER, makeRoot, put } from "./bad-recipes.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const RECIPE = `name: small
sysroot: ./root
compressor: none
contents:
  - object: /usr/bin/tool
  - object: /usr/bin/script # runs the tool
files:
  /etc/motd: "mine\\n"
`;

describe("why and why-not", () => {
  let directory = "";
  const run = async (...words: string[]) => {
    const { stdout, stderr, code } = await runCli(words, {
      cwd: directory,
      env: { INITGRAPH_CACHE: join(directory, "cache") },
    });
    return { code, stderr, stdout };
  };
  before(() => {
    directory = mkdtempSync("/tmp/initgraph-why-");
    makeRoot(directory);
    put(directory, "root/usr/bin/script", "#!/usr/bin/tool -x\n", 0o755);
    put(directory, "root/usr/bin/lonely", writeElf({ interpreter: LOADER, needed: ["libc.so.6"] }), 0o755);
    writeFileSync(join(directory, "initrd.yaml"), RECIPE);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  test("the shortest chain, with the evidence of each step", async () => {
    const { code, stdout, stderr } = await run("why", "libc.so.6");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(
      stdout,
      `/lib/x86_64-linux-gnu/libc.so.6: a file, 280 bytes
  initrd.yaml:5:5  - object: /usr/bin/tool
    names       /usr/bin/tool
    needs       /lib/x86_64-linux-gnu/libc.so.6
                  libc.so.6, found in default directory /lib/x86_64-linux-gnu
`,
    );
  });

  test("all independent chains, and the lines that must go", async () => {
    const { stdout } = await run("why", "--all", "/usr/bin/tool");
    assert.equal(
      stdout.split("\n").slice(1).join("\n"),
      `  2 chains that share neither a line nor a file:
  1. initrd.yaml:5:5  - object: /usr/bin/tool
     names       /usr/bin/tool
  2. initrd.yaml:6:5  - object: /usr/bin/script # runs the tool
     names       /usr/bin/script
     run by      /usr/bin/tool
                   #!/usr/bin/tool -x
  it goes when all of these 2 lines go:
    initrd.yaml:5:5  - object: /usr/bin/tool
    initrd.yaml:6:5  - object: /usr/bin/script # runs the tool
`,
    );
  });

  test("what kept a file out, and which line brings it", async () => {
    const { code, stdout } = await run("why-not", "lonely");
    assert.equal(code, 0);
    assert.equal(
      stdout,
      `lonely is not in the image small:
  /usr/bin/lonely is in the recipe's trees:
    it is in the sysroot, and nothing in the image refers to it
      in the sysroot  nothing
      help            add to contents: "- object: /usr/bin/lonely"
`,
    );
  });

  test("what is in the image after all, and what it lies over", async () => {
    const { code, stdout } = await run("why-not", "/etc/motd");
    assert.equal(code, 1);
    assert.match(stdout, /^\/etc\/motd is in the image small:\n/);
    assert.match(stdout, /it lies over the sysroot's own \/etc\/motd\n$/);
  });

  test("an image tells by its manifest what its recipe tells, but for the lines' text", async () => {
    const built = await run("build");
    assert.equal(built.code, 0, built.stderr);
    const of = async (file: string) =>
      JSON.parse((await run("why", "--json", "--all", "libc*", "script", "--in", file)).stdout);
    const [recipe, image, manifest] = [
      await of("initrd.yaml"),
      await of("result/small"),
      await of("result/small.manifest.json"),
    ];
    const withoutText = JSON.parse(JSON.stringify(recipe, (key, value) => (key === "text" ? "" : value)));
    assert.equal(recipe.ok, true);
    assert.deepEqual(image, withoutText);
    assert.deepEqual(manifest, image);
    const absent = await run("why-not", "--in", "result/small", "libz.so.1");
    assert.deepEqual([absent.code, absent.stderr], [0, ""]);
  });

  test("nothing is left behind by asking", async () => {
    const { stdout, stderr, code } = await run("why", "--json", "gone", "tool", "--no-cache");
    const told = JSON.parse(stdout);
    assert.deepEqual(
      [code, stderr, told.ok, told.problems[0].code, told.answers.length],
      [1, "", false, "trace/not-in-image", 1],
    );
  });

  test("a name that is none is wrong usage", async () => {
    const { code, stderr } = await run("why", "");
    assert.equal(code, 2);
    assert.match(stderr, /is no path and no name/);
  });
});
