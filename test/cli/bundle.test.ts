import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
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
