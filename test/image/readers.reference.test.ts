/** Reference test: every reader of initrds in Debian sees every entry of an image of several segments. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { listImage } from "../../src/inspect/list-image.ts";
import type { CompressorName, EngineSpec } from "../../src/spec/compressors.ts";
import { directory, file, seededBytes, symlink, type TestEntry } from "../support/archive.ts";
import { imageSpec } from "../support/image-parts.ts";
import { makeImage, openWorkplace } from "../support/real-image.ts";
import { requireTool } from "../support/tools.ts";

const LAYERS: readonly (readonly (readonly TestEntry[])[])[] = [
  [
    [directory(""), directory("bin"), file("bin/big", seededBytes(7, 300_001), 0o755)],
    [file("bin/text", "all work and no play\n".repeat(5000)), symlink("bin/sh", "big")],
    [directory("etc"), file("etc/empty", ""), file("etc/odd name", "x")],
  ],
  [
    [file("init", "#!/bin/sh\nexec sh\n", 0o755)],
    [directory("usr"), file("usr/last", seededBytes(9, 70_000))],
  ],
];
const NAMES = LAYERS.flat(2).map(({ entry }) => (entry.path === "" ? "." : entry.path));

/** What lists names, and which images it cannot read (boot-facts: kernels can). */
interface Reader {
  readonly tool: string;
  readonly list: (path: string, scratch: string) => string[];
  readonly blindTo: readonly CompressorName[];
}

const READERS: readonly Reader[] = [
  { tool: "lsinitramfs", list: (path) => linesOf("lsinitramfs", [path]), blindTo: ["lzop", "none"] },
  // Its xz is called with --single-stream, so it sees the first member.
  { tool: "lsinitrd", list: (path) => namesOfLongList(linesOf("lsinitrd", [path])), blindTo: ["xz", "pixz"] },
  {
    tool: "bsdcpio",
    list: (path) => linesOf("bsdcpio", ["-it"], readFileSync(path)),
    blindTo: ["lzop", "lzma"],
  },
  { tool: "unmkinitramfs", list: unpackedNames, blindTo: ["lzop", "none"] },
];

const BUILTIN: Readonly<Record<string, EngineSpec>> = {
  gzip: { by: "builtin", codec: "gzip", level: 9 },
  zstd: { by: "builtin", codec: "zstd", level: 10 },
};

for (const name of [
  "gzip",
  "pigz",
  "bzip2",
  "xz",
  "pixz",
  "lzma",
  "lz4",
  "lzop",
  "zstd",
  "pzstd",
  "none",
] as const) {
  const tool = name === "none" ? [] : [name];
  test(`${name}: all readers see all entries`, requireTool("cpio", ...tool), async (t) => {
    await checkReaders(t, name);
  });
}
for (const name of ["gzip", "zstd"] as const) {
  test(`embedded ${name}: all readers see all entries`, requireTool("cpio"), async (t) => {
    await checkReaders(t, name, BUILTIN[name]);
  });
}

async function checkReaders(t: TestContext, name: CompressorName, engine?: EngineSpec): Promise<void> {
  const workplace = await openWorkplace(t);
  const { image, bytes } = await makeImage(LAYERS, imageSpec(name, engine), workplace);
  assert.equal(bytes.length, image.size);
  assert.equal(bytes.length % 4, 0, "a loader that pads adds nothing");
  const listing = await listImage(image.path, { host: workplace.host });
  assert.deepEqual(
    listing.entries.map((entry) => entry.name),
    NAMES,
    "our own list",
  );
  assert.deepEqual(listing.remarks, []);
  for (const { tool, list, blindTo } of READERS) {
    const requirement = requireTool(tool);
    if (requirement.skip || blindTo.includes(name)) {
      t.diagnostic(`${tool}: ${requirement.skip || `cannot read ${name}`}`);
      continue;
    }
    assert.deepEqual(list(image.path, join(workplace.directory, tool)).sort(), [...NAMES].sort(), tool);
  }
  if (name === "none") assert.deepEqual(linesOf("cpio", ["-it", "--quiet"], bytes), NAMES, "cpio");
}

function linesOf(tool: string, args: readonly string[], input?: Uint8Array): string[] {
  const run = spawnSync(tool, args, { input: input ?? "", encoding: "latin1", timeout: 60_000 });
  const lines = run.stdout.split("\n").filter((line) => line !== "");
  assert.ok(lines.length > 0, `${tool}: ${run.stderr}`);
  return lines;
}

/** lsinitrd prints `ls -l` lines between other text. */
function namesOfLongList(lines: readonly string[]): string[] {
  const rows = lines.filter((line) => /^[-dlcbps][-rwxsStT]{9} /.test(line));
  return rows.map((row) => row.replace(/^(?:\S+\s+){8}/, "").replace(/ -> .*$/, ""));
}

function unpackedNames(path: string, scratch: string): string[] {
  mkdirSync(scratch);
  const run = spawnSync("unmkinitramfs", [path, scratch], { encoding: "latin1", timeout: 60_000 });
  assert.equal(run.status, 0, run.stderr);
  return linesOf("find", [scratch, "-printf", "%P\\n"]).concat(["."]);
}
