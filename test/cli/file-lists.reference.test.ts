/**
 * The lists for gen_init_cpio and 3cpio, given to these tools themselves: what they pack is what a build packs, as bsdtar
 * sees both.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";
import { runCli } from "./run-cli.ts";

const needs = requireAll(requireLabTree("list-tools", "sysroot-amd64"), requireTool("bsdtar"));

/** Of everything that a list can say, a little; files of the sysroot, of the recipe, and beside it. */
const RECIPE = `
name: listed
compressor: none
sysroot: ROOT
contents:
  - object: /usr/bin/{bash,cat,mount}
  - object: /usr/lib/modprobe.d
files:
  /init: { source: ./init, mode: 0755 }
  /etc/motd: "hello\\n"
  /etc/empty: ""
  /etc/secret: { text: "not for all\\n", mode: 0600, uid: 7, gid: 8 }
  /dev/console: { device: c, major: 5, minor: 1, mode: 0600 }
  /dev/sda: { device: b, major: 8, minor: 0, mode: 0660 }
  /tmp: { directory: true, mode: "1777" }
  /run/pipe: { fifo: true, mode: 0600 }
  /sbin/init: { symlink: /init }
`;

async function initgraph(words: readonly string[], cwd: string): Promise<string> {
  const run = await runCli([...words, "--no-cache"], { cwd });
  assert.equal(run.code, 0, run.stderr);
  return run.stdout;
}

async function buildListed(directory: string): Promise<void> {
  writeFileSync(join(directory, "initrd.yaml"), RECIPE.replace("ROOT", labTree("sysroot-amd64")));
  writeFileSync(join(directory, "init"), "#!/bin/bash\nexec bash\n");
  await initgraph(["build", "-q"], directory);
}

/** Every entry of an archive with what stands in it, in no order. */
function entriesOf(archive: string, facts: string): string[] {
  const options = `mtree:!all,type,mode,uid,gid,link,device,sha256${facts}`;
  const mtree = execFileSync("bsdtar", ["-cf", "-", "--format=mtree", `--options=${options}`, `@${archive}`]);
  return mtree
    .toString()
    .replaceAll("\\\n", "")
    .split("\n")
    .filter((line) => line.startsWith("./") || line.startsWith(". "))
    .sort();
}

test("gen_init_cpio makes the same tree of the list", needs, async (t) => {
  const directory = scratchDirectory(t);
  await buildListed(directory);
  await initgraph(["graph", "--format", "gen_init_cpio", "--files", "parts", "-o", "list"], directory);
  const packed = execFileSync(
    join(labTree("list-tools"), "gen_init_cpio"),
    ["-t", "1", join(directory, "list")],
    {
      maxBuffer: 2 ** 28,
    },
  );
  writeFileSync(join(directory, "packed.cpio"), packed);
  const built = entriesOf(join(directory, "result/listed.cpio"), "").filter((line) => !line.startsWith(". "));
  assert.ok(built.length > 20);
  assert.deepEqual(entriesOf(join(directory, "packed.cpio"), ""), built);
});

test("3cpio makes the same tree of the manifest, times too", needs, async (t) => {
  const directory = scratchDirectory(t);
  await buildListed(directory);
  const manifest = await initgraph(["graph", "--format", "3cpio", "--files", "parts"], directory);
  const root = join(labTree("list-tools"), "usr/lib");
  const library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
    .map((name) => join(root, name))
    .find((one) => existsSync(one))!;
  const loader = readFileSync(join(labTree("list-tools"), "usr/bin/3cpio"))
    .toString("latin1")
    .match(/ld-linux[^\0]*/)![0];
  const words = ["--library-path", library, join(labTree("list-tools"), "usr/bin/3cpio"), "--create"];
  const packed = execFileSync(join(library, loader), words, { input: manifest, maxBuffer: 2 ** 28 });
  writeFileSync(join(directory, "packed.cpio"), packed);
  assert.deepEqual(
    entriesOf(join(directory, "packed.cpio"), ",time"),
    entriesOf(join(directory, "result/listed.cpio"), ",time"),
  );
});

test(
  "what lies in the recipe or in an archive is named, and written only where somebody says",
  needs,
  async (t) => {
    const directory = scratchDirectory(t);
    mkdirSync(join(directory, "root/etc"), { recursive: true });
    writeFileSync(join(directory, "root/etc/motd"), "of the archive\n");
    writeFileSync(join(directory, "init"), "beside the recipe\n");
    execFileSync("tar", ["-cf", "root.tar", "-C", "root", "."], { cwd: directory });
    const recipe =
      "sysroot: ./root.tar\ncontents:\n  - object: /etc/motd\nfiles:\n  /here: { source: ./init }\n  /inline: text\n";
    writeFileSync(join(directory, "initrd.yaml"), recipe);
    const refused = await runCli(["graph", "--format", "gen_init_cpio", "--no-cache"], { cwd: directory });
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /error\[cli\/no-host-file\].*2 of these lie nowhere\n {4}they are {4}\/etc\/motd, \/inline\n/,
    );
    assert.equal(refused.stdout, "");
    const list = await initgraph(["graph", "--format", "gen_init_cpio", "--files", "parts"], directory);
    assert.deepEqual(
      [...list.matchAll(/^file (\S+) (\S+) /gm)].map(([, name, place]) => [
        name,
        readFileSync(place!, "utf8"),
      ]),
      [
        ["/etc/motd", "of the archive\n"],
        ["/here", "beside the recipe\n"],
        ["/inline", "text"],
      ],
    );
    const again = await runCli(["graph", "--format", "gen_init_cpio", "--files", "parts", "--no-cache"], {
      cwd: directory,
    });
    assert.match(again.stderr, /error\[host\/not-empty\]/);
  },
);
