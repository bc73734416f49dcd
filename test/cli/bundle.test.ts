import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { seededBytes } from "../support/archive.ts";
import { writeFiles } from "../support/disk-files.ts";
import { scratchDirectory } from "../support/scratch.ts";

/** What users start (dist/bin), and what it is bundled from (dist/src). */
const [BUNDLE, SOURCE] = ["../../bin/cli/main.js", "../../src/cli/main.js"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

test("the bundled program says and builds what its modules do", (t) => {
  const cwd = scratchDirectory(t);
  writeFiles(cwd, { "/initrd.yaml": "sysroot: .\nfiles: {/init: {text: hello, mode: '0755'}}\n" });
  const run = (program: string, ...words: string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...words], { cwd });
    return { stdout: stdout.toString(), stderr: stderr.toString().replace(/[\d.]+ m?s$/m, ""), status };
  };
  const calls = [
    ["--version"],
    ["schema"],
    ["build", "--no-cache"],
    ["ls", "result/initrd"],
    ["build", "none.yaml"],
  ];
  for (const words of calls) {
    const [bundled, plain] = [run(BUNDLE!, ...words), run(SOURCE!, ...words)];
    assert.deepEqual(bundled, plain, words.join(" "));
    assert.equal(bundled.status, words.includes("none.yaml") ? 1 : 0);
  }
});

test("the program can be started by itself, however often it was built", () => {
  // npm makes a program executable when it first links to it, and not when it was built again.
  const { status, stdout } = spawnSync(BUNDLE!, ["--version"], { encoding: "utf8" });
  assert.equal(status, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test("the package as it is published compresses in threads, wherever it lies", (t) => {
  const directory = scratchDirectory(t);
  const home = join(directory, "some where%20 é");
  mkdirSync(home);
  const run = (program: string, ...words: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: home, encoding: "utf8" });
    assert.equal(status, 0, `${words.join(" ")}\n${stdout}${stderr}`);
  };
  run("npm", "pack", process.cwd(), "--ignore-scripts", "--silent", "--pack-destination", home);
  const [packed] = readdirSync(home);
  run("tar", "xf", packed!);
  // npm would not take it for Node 20 and 22, by its manifest.
  assert.deepEqual(readdirSync(join(home, "package/node_modules")), ["libdeflate"]);
  const content = Buffer.from(seededBytes(1, 400_000));
  writeFileSync(join(home, "big"), content);
  writeFileSync(join(home, "a.yaml"), "sysroot: .\ncompressor: gzip\ncontents: [{object: /big}]\n");
  run(process.execPath, "package/dist/bin/cli/main.js", "build", "--no-cache", "a.yaml");
  assert.ok(gunzipSync(readFileSync(join(home, "result/initrd"))).includes(content));
});

test("the bundle has no chunk of an older build", () => {
  const directory = fileURLToPath(new URL("../../bin/cli", import.meta.url));
  const chunks = readdirSync(directory).filter((name) => name.endsWith(".js"));
  const reached = new Set(["main.js", "gzip-worker.js"]);
  for (const reaching of reached) {
    const source = readFileSync(join(directory, reaching), "utf8");
    for (const chunk of chunks) if (source.includes(`"./${chunk}"`)) reached.add(chunk);
  }
  assert.deepEqual(
    chunks.filter((chunk) => !reached.has(chunk)),
    [],
  );
  const worker = readFileSync(join(directory, "gzip-worker.js"), "utf8");
  assert.ok(!worker.includes("./main.js"), "a worker must not run the program");
});
