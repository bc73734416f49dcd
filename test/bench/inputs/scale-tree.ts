/**
 * scale-tree.js DIRECTORY ENTRIES BYTES: a tree as large as no distribution's initrd, the same in every run. Depths and
 * sizes are as in a real /usr; half of the data compresses and half does not; a tenth of the files repeats another;
 * of 100 entries 92 are files and 8 symlinks. No file has two names: cpio would store it once, initgraph twice.
 */
import { lutimesSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { randomSource } from "../../support/random.ts";

const MOST_OF_A_FILE = 40 * 1024 * 1024;
/** Times of all entries, so that nothing depends on when the tree was made. */
const TIME = 1_000_000_000;

const [root = "", entries = "", bytes = ""] = process.argv.slice(2);
const below = randomSource(1);
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;

const directories = makeDirectories(Number(entries) / 24);
const count = (percent: number): number => Math.floor((Number(entries) * percent) / 100);
const files = makeFiles(sizesOf(count(92), Number(bytes)));
for (let index = 0; index < count(8); index++) {
  const place = join(pick(directories), `link${index}`);
  symlinkSync(relative(dirname(place), pick(files)), join(root, place));
}
setTimes(root);

function makeDirectories(many: number): string[] {
  const made = ["."];
  mkdirSync(root);
  for (let index = 0; index < many; index++) {
    const parent = made[Math.max(0, made.length - 400) + below(Math.min(400, made.length))]!;
    const directory = join(parent.split("/").length > 11 ? "." : parent, `d${index}`);
    mkdirSync(join(root, directory));
    made.push(directory);
  }
  return made;
}

/** Log-normal, as sizes of files are, and together `total`. */
function sizesOf(many: number, total: number): number[] {
  const even = (): number => (below(2 ** 31) + 1) / 2 ** 31;
  const normal = (): number => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even());
  const sizes = Array.from({ length: many }, () => Math.min(Math.exp(7.6 + 1.9 * normal()), MOST_OF_A_FILE));
  const scale = total / sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size) => Math.floor(size * scale));
}

function makeFiles(sizes: readonly number[]): string[] {
  const noise = Buffer.alloc(2 * MOST_OF_A_FILE);
  for (let at = 0; at < noise.length; at += 4) noise.writeUInt32LE(below(2 ** 32), at);
  const words = Buffer.alloc(
    2 * MOST_OF_A_FILE,
    Array.from({ length: 4000 }, () => below(2 ** 32).toString(16)).join(" "),
  );
  const contents: Buffer[] = [];
  return sizes.map((size, index) => {
    const file = join(pick(directories), `f${index}.so.${index % 10}`);
    const from = below(MOST_OF_A_FILE);
    const own = (index % 2 === 0 ? noise : words).subarray(from, from + Math.min(size, MOST_OF_A_FILE));
    const content = index > 0 && below(10) === 0 ? pick(contents) : own;
    contents.push(content);
    writeFileSync(join(root, file), content, { mode: index % 7 === 0 ? 0o755 : 0o644 });
    return file;
  });
}

function setTimes(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) setTimes(path);
    else lutimesSync(path, TIME, TIME);
  }
  utimesSync(directory, TIME, TIME);
}
