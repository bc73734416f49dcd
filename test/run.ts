/**
 * The test entry behind `npm test`: finds every compiled test and hands it to Node's own runner, which has
 * changed its defaults from version to version (what a directory means, which reporter, how many at once).
 *
 *   npm test                    everything; what needs real inputs says so and is skipped without INITGRAPH_LAB
 *   npm test -- cpio boot/      only files whose path below test/ contains one of the words
 *   npm test -- --test-name-pattern=trailer      options go to the runner as they are
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

const directory = import.meta.dirname;
const given = process.argv.slice(2);
const words = given.filter((argument) => !argument.startsWith("--"));
const options = given.filter((argument) => argument.startsWith("--"));

const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  // Boot tests are the longest: begun first, they leave no core idle at the end.
  .sort((a, b) => Number(b.includes(".boot.")) - Number(a.includes(".boot.")) || (a < b ? -1 : 1))
  .map((file) => join(directory, file));

if (files.length === 0) {
  console.error(`no test file has ${words.map((word) => JSON.stringify(word)).join(" or ")} in its path`);
  process.exit(1);
}

const runner = ["--test", "--test-reporter=tap", "--test-concurrency=2", ...options];
const run = spawnSync(process.execPath, [...runner, ...files.map((file) => relative(process.cwd(), file))], {
  stdio: ["ignore", "inherit", "inherit"],
});
if (run.error !== undefined) throw run.error;
process.exitCode = run.status ?? 1;
