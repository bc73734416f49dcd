/** Reference test: of dracut's and of mkinitramfs' own images our verbs say and give what these tools' own readers do. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { initgraph } from "../support/initgraph.ts";
import { factsOf } from "../support/long-listing.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireRoot, requireTool } from "../support/tools.ts";
import { compareTrees, walkTree } from "../support/walked-tree.ts";
import { runCli } from "./run-cli.ts";

interface Maker {
  readonly name: "dracut" | "mkinitramfs";
  /** Scripts of its readers, with the image as $1. */
  readonly list: string;
  readonly unpack: string;
  readonly decompress: string;
}

const MAKERS: readonly Maker[] = [
  {
    name: "dracut",
    // Rows of files stand between its second and its third ruler.
    list: `lsinitrd "$1" | awk '/^=====/ { part++; next } part == 2' | sed 's/ -> .*//; s/.* //'`,
    unpack: `lsinitrd --unpack "$1"`,
    decompress: `gzip -dc "$1"`,
  },
  {
    name: "mkinitramfs",
    list: `lsinitramfs "$1"`,
    unpack: `unmkinitramfs "$1" .`,
    decompress: `zstd -qdc "$1"`,
  },
];
const imageOf = ({ name }: Maker) => labTree(`foreign-images/${name}.img`);

const readers = requireTool("lsinitrd", "lsinitramfs", "unmkinitramfs", "cpio", "bsdtar", "zstd");
// Their readers make device nodes.
const needed = requireAll(requireLabTree("foreign-images"), readers, requireRoot());

for (const maker of MAKERS) {
  const image = imageOf(maker);

  test(`${maker.name}: its names and its long listing`, needed, (t) => {
    const read = (script: string): string => run(script, image, scratchDirectory(t));
    const names = lines(initgraph("ls", image));
    assert.ok(names.length > 500);
    assert.deepEqual(names.toSorted(), lines(read(maker.list)).sort());
    assert.deepEqual(names, lines(read('bsdtar -tf "$1"')), "bsdtar");
    const listed = read(`${maker.decompress} | cpio -itvn --quiet`);
    assert.deepEqual(factsOf(initgraph("ls", "-l", image)), factsOf(listed));
  });

  test(`${maker.name}: what is unpacked`, needed, (t) => {
    const scratch = scratchDirectory(t);
    const ours = join(scratch, "ours");
    initgraph("unpack", image, "--out", ours);
    const theirs = withoutDevices(unpackAs(maker, image, join(scratch, "theirs")));
    assert.ok(theirs.size > 500);
    assert.deepEqual(walkTree(ours), theirs);
  });

  test(`${maker.name}: the size of its directories`, needed, (t) => {
    const scratch = scratchDirectory(t);
    const told: Sizes = JSON.parse(initgraph("size", image, "--by", "directory", "--top", "all", "--json"));
    unpackAs(maker, image, join(scratch, "theirs"));
    const perFile =
      "find theirs -type f -printf '%i %s\\n' | sort -u | awk '{ all += $2 } END { print all }'";
    assert.equal(told.total.unpacked, Number(run(perFile, image, scratch)));
    // Where several names share a file, cpio too says its size at one of them alone.
    const rows = factsOf(run(`${maker.decompress} | cpio -itvn --quiet`, image, scratch));
    const sizes = rows
      .map((row) => row.split(" "))
      .map(([mode, , , , size, name]) => sizeOf(mode!, size!, name!));
    const whole = told.parts.filter(({ name }) => !name.endsWith(REST));
    assert.ok(whole.length > 3);
    for (const { name, amount } of whole) {
      const below = sizes.filter(({ path }) => path === name || path.startsWith(`${name}/`));
      assert.deepEqual([amount.entries, amount.unpacked], [below.length, sum(below)], name);
    }
    const amounts = told.parts.map(({ amount }) => amount);
    assert.deepEqual([sum(amounts), sum(sizes)], [told.total.unpacked, told.total.unpacked]);
    assert.equal(
      amounts.reduce((all, { entries }) => all + entries, 0),
      rows.length,
    );
  });

  test(`${maker.name}: its imported recipe builds the same tree`, needed, (t) => {
    const scratch = scratchDirectory(t);
    const root = labTree("foreign-images/root");
    const [mine, result] = [join(scratch, "mine"), join(scratch, "result")];
    const told = JSON.parse(initgraph("import", image, "--sysroot", root, "--out", mine, "--json"));
    assert.deepEqual([told.ok, told.differences], [true, []]);
    assert.ok(told.fromSysroot > 200);
    // Built as its user builds it, and unpacked by another's hand.
    initgraph("build", told.recipe, "--out", result, "--cache", join(scratch, "cache"));
    // zstd, which unmkinitramfs runs, reads no symlinks.
    const again = realpathSync(join(result, maker.name));
    const rebuilt = unpackAs(maker, again, join(scratch, "rebuilt"));
    assert.deepEqual(rebuilt, unpackAs(maker, image, join(scratch, "theirs")));
  });
}

interface Sizes {
  readonly total: { readonly unpacked: number };
  readonly parts: readonly {
    readonly name: string;
    readonly amount: { readonly entries: number; readonly unpacked: number };
  }[];
}

/** Ends the name of a directory whose large parts have rows of their own. */
const REST = "/ and what is small in it";

/** Of a row of a listing; symlinks are no bytes of files. */
function sizeOf(mode: string, size: string, name: string) {
  return { path: `/${name}`, unpacked: mode.startsWith("-") ? Number(size) : 0 };
}

function sum(sizes: readonly { readonly unpacked: number }[]): number {
  return sizes.reduce((all, { unpacked }) => all + unpacked, 0);
}

interface Told {
  readonly added: readonly { readonly entries: readonly { readonly path: string }[] }[];
  readonly removed: Told["added"];
  readonly changed: readonly { readonly after: { readonly path: string } }[];
}

test("diff tells what differs in the trees that both unpack to", needed, async (t) => {
  const scratch = scratchDirectory(t);
  const [dracut, mkinitramfs] = MAKERS.map(imageOf);
  const same = await runCli(["diff", dracut!, dracut!], { cwd: scratch });
  assert.equal(same.code, 0, same.stdout + same.stderr);
  const { stdout, code } = await runCli(["diff", "--json", mkinitramfs!, dracut!], { cwd: scratch });
  assert.equal(code, 1);
  const diff = JSON.parse(stdout) as Told;
  const [after, before] = MAKERS.map((maker) => unpackAs(maker, imageOf(maker), join(scratch, maker.name)));
  const expected = compareTrees(before!, after!);
  assert.ok(expected.added.length > 50 && expected.removed.length > 50 && expected.changed.length > 5);
  const namesIn = (groups: Told["added"]) => groups.flatMap(({ entries }) => entries);
  assert.deepEqual(
    {
      added: pathsOf(namesIn(diff.added)),
      removed: pathsOf(namesIn(diff.removed)),
      changed: pathsOf(diff.changed.map((change) => change.after)),
    },
    expected,
  );
});

function pathsOf(entries: readonly { readonly path: string }[]): string[] {
  return entries.map(({ path }) => path.slice(1)).sort();
}

function unpackAs(maker: Maker, image: string, directory: string): Map<string, string> {
  mkdirSync(directory);
  run(maker.unpack, image, directory);
  return walkTree(directory);
}

function withoutDevices(tree: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...tree].filter(([, facts]) => !/^[bc] /.test(facts)));
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function run(script: string, image: string, cwd: string): string {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const options = { cwd, env, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", image], options);
  assert.equal(status, 0, `${script}: ${stderr}`);
  return stdout;
}
