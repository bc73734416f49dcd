/** Reference test: what GNU cpio and the decompressors make of an image with secrets. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TargetPath } from "../../src/core/path.ts";
import { encodeCpioTrailer } from "../../src/formats/cpio.ts";
import type { ImageSecrets } from "../../src/image/image.ts";
import { impliedDirectory } from "../../src/image/image-secrets.ts";
import { encodeSecrets } from "../../src/image/secret-member.ts";
import { listImage } from "../../src/inspect/list-image.ts";
import type { CompressorName } from "../../src/spec/compressors.ts";
import { directory, file, seededBytes } from "../support/archive.ts";
import { imageSpec } from "../support/image-parts.ts";
import { makeImage, openWorkplace } from "../support/real-image.ts";
import { requireTool } from "../support/tools.ts";

const LAYERS = [
  [[directory(""), directory("etc"), file("etc/motd", "hello\n")], [file("init", seededBytes(3, 9999))]],
];
const KEY = { path: "etc/keys/key" as TargetPath, mode: 0o400, uid: 0, gid: 0 };
const BYTES = Buffer.from("not to be told");

const SECRETS: ImageSecrets = {
  places: [KEY],
  read: () => {
    const above = impliedDirectory("etc/keys" as TargetPath);
    return encodeSecrets([above, { kind: "file", ...KEY, bytes: BYTES }], 1);
  },
};

/** How people unpack each; "lzop" reads one file of several. */
const UNPACK: Partial<Record<CompressorName, readonly [string, ...string[]]>> = {
  gzip: ["gzip", "-dc"],
  pigz: ["gzip", "-dc"],
  bzip2: ["bzip2", "-dc"],
  xz: ["xz", "-dc"],
  pixz: ["xz", "-dc"],
  lz4: ["lz4", "-dc"],
  lzop: ["lzop", "-dc"],
  zstd: ["zstd", "-dcq"],
  pzstd: ["zstd", "-dcq"],
};

for (const name of ["none", "gzip", "pigz", "bzip2", "xz", "pixz", "lz4", "lzop", "zstd", "pzstd"] as const) {
  const tools = name === "none" ? [] : [name];
  test(
    `${name}: secrets are the last entries, and nobody else's to read`,
    requireTool("cpio", ...tools),
    async (t) => {
      const workplace = await openWorkplace(t);
      const isPrivate = { secrets: SECRETS, isPrivate: true };
      const { image, bytes } = await makeImage(LAYERS, imageSpec(name), workplace, isPrivate);
      assert.equal(bytes.length % 4, 0, "a loader that pads adds nothing");
      assert.equal(statSync(image.path).mode & 0o777, 0o600);
      assert.equal(image.digest, null);
      const { entries, remarks } = await listImage(image.path, { host: workplace.host });
      const names = [".", "etc", "etc/motd", "init", "etc/keys", "etc/keys/key"];
      assert.deepEqual([entries.map((entry) => entry.name), remarks], [names, []]);
      const last = image.members.at(-1)!;
      assert.deepEqual([last.role, last.digest], ["secrets", null]);

      const [program, ...args] = UNPACK[name] ?? ["cat"];
      const plain = spawnSync(program!, args, { input: bytes }).stdout;
      if (name === "none") assert.deepEqual(plain, bytes);
      const run = spawnSync("cpio", ["-idm", "--quiet"], {
        cwd: workplace.directory,
        input: plainOf(plain, name),
      });
      assert.equal(run.status, 0, run.stderr.toString());
      const key = join(workplace.directory, KEY.path);
      assert.deepEqual([readFileSync(key), statSync(key).mode & 0o7777], [BYTES, 0o400]);
    },
  );
}

/** One stream of lzop ends with a trailer of its own, which cpio stops at; the kernel goes on. */
function plainOf(plain: Buffer, name: CompressorName): Buffer {
  if (name !== "lzop") return plain;
  const first = plain.indexOf("TRAILER!!!") - 110;
  const behind = first + encodeCpioTrailer(0).length;
  return Buffer.concat([plain.subarray(0, first), plain.subarray(behind)]);
}
