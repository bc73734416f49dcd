/** Reference test: what GNU cpio packed is unpacked as it was, and its tar is what bsdtar lists. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { initgraph } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireRoot, requireTool } from "../support/tools.ts";

/** Owners, modes, times, links and odd names, as cpio finds them on a disk. */
const MAKE_TREE = `
set -e
mkdir -p tree/dir/deeper tree/shut tree/sticky "tree/odd name" tree/$(printf 'long%.0s' $(seq 30))
cd tree
head -c 300001 /dev/urandom > dir/big
printf 'all work\\n' > dir/deeper/text
: > empty
printf 'x' > "$(printf 'no utf-8 \\377')"
printf 'y' > "odd name/$(printf 'new\\nline')"
printf 'z' > $(printf 'long%.0s' $(seq 30))/$(printf 'name%.0s' $(seq 60))
ln dir/big hard-1
ln dir/big dir/hard-2
ln -s dir/deeper/text to-text
ln -s /etc/passwd absolute
mknod null c 1 3
mknod disk b 8 300
mkfifo pipe
chmod 4755 dir/big
chmod 2750 dir/deeper
chmod 1777 sticky
chmod 0 shut
chown 1234:5678 dir/deeper/text
chown -h 7:8 to-text
chown 3000000:4000000 empty
touch -h -d @1000000000 to-text absolute
find . -mindepth 1 -depth ! -type l -exec touch -d @1234567890 {} +
find . -mindepth 1 -print0 | LC_ALL=C sort -z | cpio -0 -o -H newc --quiet > ../image
`;

const needed = requireAll(requireRoot(), requireTool("cpio", "bsdtar", "tar", "find", "mknod"));

test("as root the directory is the one that GNU cpio packed", needed, (t) => {
  const scratch = makeImage(t);
  initgraph("unpack", join(scratch, "image"), "--out", join(scratch, "ours"));
  sh("find tree '(' -type c -o -type b -o -type p ')' -delete && touch -d @1234567890 tree", scratch);
  const [ours, theirs] = [looksOf(join(scratch, "ours")), looksOf(join(scratch, "tree"))];
  assert.equal(theirs.length, 16);
  assert.deepEqual(ours, theirs);
  sh("diff -r --no-dereference ours tree", scratch);
});

test("its tar holds what the image holds, to GNU tar and to bsdtar, twice the same", needed, (t) => {
  const scratch = makeImage(t);
  for (const name of ["one.tar", "two.tar"]) {
    initgraph("unpack", join(scratch, "image"), "--as-tar", join(scratch, name));
  }
  sh("cmp one.tar two.tar", scratch);
  // bsdtar reads both, so all that it says must be the same, but for which name of a file is its first.
  const listed = (file: string) =>
    lines(sh(`bsdtar -tvf ${file} --numeric-owner`, scratch))
      .map((line) => line.replace(/ link to .*|\/$/, ""))
      .sort();
  const isLinked = (line: string): boolean => /hard-|big/.test(line);
  const [tar, image] = [listed("one.tar"), listed("image")];
  assert.deepEqual(
    tar
      .filter((line) => !isLinked(line))
      .map(inCommon)
      .sort(),
    image
      .filter((line) => !isLinked(line))
      .map(inCommon)
      .sort(),
  );
  assert.equal(tar.length, 19);
  for (const [tool, extract] of [
    ["tar", "tar -xpf ../one.tar --numeric-owner --delay-directory-restore"],
    ["bsdtar", "bsdtar -xpf ../one.tar --numeric-owner"],
  ] as const) {
    mkdirSync(join(scratch, tool));
    sh(extract, join(scratch, tool));
    assert.deepEqual(looksOf(join(scratch, tool)), looksOf(join(scratch, "tree")), tool);
    sh(`diff -r --no-dereference ${tool}/dir tree/dir`, scratch);
  }
});

function makeImage(t: TestContext): string {
  const scratch = scratchDirectory(t);
  writeFileSync(join(scratch, "make.sh"), MAKE_TREE);
  sh("bash make.sh", scratch);
  return scratch;
}

/** Of everything below a directory: path, kind, mode, links, owners, size, time, target, numbers. */
function looksOf(root: string): string[] {
  const format = "%P|%y|%m|%n|%U|%G|%T@|%l|";
  const run = sh(
    `find . -mindepth 1 -printf '${format}' '(' -type f -printf '%s' -o -printf - ')' -printf '\\0'`,
    root,
  );
  return run
    .split("\0")
    .filter((line) => line !== "")
    .sort();
}

/** A tar knows neither the number of links nor the size of a symlink. */
function inCommon(line: string): string {
  const common = line.replace(/^(\S+) +\d+/, "$1").replace(/ +/g, " ");
  return common.startsWith("l") ? common.replace(/^((?:\S+ ){3})\d+/, "$1-") : common;
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function sh(script: string, cwd: string): string {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
    cwd,
    encoding: "latin1",
    env: { ...process.env, LC_ALL: "C" },
  });
  assert.equal(status, 0, `${script}: ${stdout}${stderr}`);
  return stdout;
}
