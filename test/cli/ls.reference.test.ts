/** Reference test: the long listing is what GNU cpio and bsdtar say of an archive, however it is compressed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { initgraph } from "../support/initgraph.ts";
import { factsOf } from "../support/long-listing.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireRoot, requireTool } from "../support/tools.ts";

const MAKE_TREE = `
set -e
mkdir -p tree/dir/deeper tree/sticky
cd tree
head -c 300001 /dev/zero > dir/big
printf 'text' > dir/deeper/text
ln -s dir/deeper/text link
ln -s /etc/passwd absolute
mknod null c 1 3
mknod disk b 8 300
mkfifo pipe
chmod 4755 dir/big
chmod 2751 dir/deeper
chmod 1777 sticky
chown 1234:5678 dir/deeper/text
chown -h 7:8 link
find . -depth -exec touch -h -d @1234567890 {} +
find . -print0 | LC_ALL=C sort -z | cpio -0 -o -H newc --quiet
`;

const COMPRESSORS: Readonly<Record<string, readonly string[]>> = {
  cat: [],
  gzip: ["-n"],
  bzip2: [],
  xz: ["--check=crc32"],
  lzma: [],
  lz4: ["-l"],
  lzop: [],
  zstd: ["-q"],
};

for (const [compressor, args] of Object.entries(COMPRESSORS)) {
  const needed = requireAll(requireRoot(), requireTool("cpio", "bsdtar", "mknod", compressor));
  test(`${compressor}: modes, owners, sizes, device numbers and targets`, needed, (t) => {
    const scratch = scratchDirectory(t);
    const archive = run("sh", ["-c", MAKE_TREE], scratch);
    const image = join(scratch, "image");
    writeFileSync(image, run(compressor, args, scratch, archive));
    const ours = factsOf(initgraph("ls", "-l", image).replaceAll("  2009-02-13 23:31:30  ", " 2009 "));
    assert.equal(ours.length, 11);
    const theirs = run("cpio", ["-itvn", "--quiet"], scratch, archive).toString();
    assert.deepEqual(ours, factsOf(theirs), "cpio");
    const listed = run("bsdtar", ["-tvf", "-", "--numeric-owner"], scratch, archive).toString();
    assert.deepEqual(ours.map(withoutLinks), factsOf(listed).map(withoutLinks), "bsdtar");
    const { members, entries } = JSON.parse(initgraph("ls", "--json", image));
    assert.deepEqual(
      members.map((one: { offset: number; size: number; entries: number }) => [
        one.offset,
        one.size,
        one.entries,
      ]),
      [[0, readFileSync(image).length, 11]],
    );
    assert.equal(entries.length, 11);
  });
}

/** Of a directory bsdtar counts them otherwise. */
function withoutLinks(line: string): string {
  return line.replace(/^(\S+) \d+/, "$1");
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  input: Uint8Array = new Uint8Array(0),
): Buffer {
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, input, maxBuffer: 2 ** 28 });
  assert.equal(status, 0, `${program}: ${stderr}`);
  return stdout;
}
