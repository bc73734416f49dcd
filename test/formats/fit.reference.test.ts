/** Reference test: our FIT images are mkimage's, and dumpimage reads them. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { crc32 } from "node:zlib";
import { encodeFit, type Fit, type FitHash } from "../../src/formats/fit.ts";
import { seededBytes } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireTool } from "../support/tools.ts";

const needed = requireTool("mkimage", "dumpimage", "dtc");
const ENV = { ...process.env, SOURCE_DATE_EPOCH: "1700000000", TZ: "UTC" };

interface Parts {
  readonly kernel: boolean;
  readonly fdts: number;
  readonly data: Fit["data"];
  readonly algorithms: readonly FitHash["algorithm"][];
}

const VARIANTS: readonly Parts[] = (["external", "embedded"] as const).flatMap((data) => [
  { kernel: false, fdts: 0, data, algorithms: ["sha256"] },
  { kernel: true, fdts: 0, data, algorithms: ["sha256"] },
  { kernel: true, fdts: 1, data, algorithms: ["sha256"] },
  { kernel: false, fdts: 2, data, algorithms: ["sha256", "crc32"] },
  { kernel: true, fdts: 2, data, algorithms: ["crc32"] },
]);

for (const parts of VARIANTS) {
  const { kernel, fdts, data, algorithms } = parts;
  const named = `${kernel ? "a kernel, " : ""}${fdts} device trees, ${algorithms.join(" and ")}`;
  test(`${data}: equals mkimage -f for a ramdisk, ${named}`, needed, (t) => {
    const { ours, theirs, directory } = makeBoth(parts, t);
    if (data === "external") assert.deepEqual(ours, withoutLeftovers(theirs));
    // mkimage leaves room behind the tree and counts it.
    else assertSameButForRoom(ours, theirs);
    assert.equal(listing(join(directory, "ours.itb")), listing(join(directory, "theirs.itb")));
    const part = String((kernel ? 1 : 0) + fdts);
    const out = join(directory, "out");
    execFileSync("dumpimage", ["-T", "flat_dt", "-p", part, "-o", out, join(directory, "ours.itb")]);
    assert.deepEqual(readFileSync(out), readFileSync(join(directory, "ramdisk")));
  });
}

/** Between the tree and the first part mkimage leaves whatever stood there before. */
function withoutLeftovers(theirs: Buffer): Buffer {
  const tree = theirs.readUInt32BE(12) + theirs.readUInt32BE(32);
  return Buffer.from(theirs).fill(0, tree, theirs.readUInt32BE(4));
}

function assertSameButForRoom(ours: Buffer, theirs: Buffer): void {
  assert.equal(ours.readUInt32BE(4), ours.length);
  assert.ok(theirs.length >= ours.length);
  assert.deepEqual(ours.subarray(8), theirs.subarray(8, ours.length));
  assert.ok(theirs.subarray(ours.length).every((byte) => byte === 0));
}

function makeBoth({ kernel, fdts, data, algorithms }: Parts, t: TestContext) {
  const directory = scratchDirectory(t);
  const bytesOf: Record<string, Uint8Array> = {};
  const put = (name: string, bytes: Uint8Array): void => {
    bytesOf[name] = bytes;
    writeFileSync(join(directory, name), bytes);
  };
  put("ramdisk", seededBytes(1, 100_001));
  if (kernel) put("kernel", seededBytes(2, 50_003));
  for (let index = 1; index <= fdts; index++) {
    writeFileSync(
      join(directory, "board.dts"),
      `/dts-v1/; / { compatible = "test,board${"x".repeat(index)}"; };`,
    );
    put(`fdt${index}`, execFileSync("dtc", ["-q", "-O", "dtb", join(directory, "board.dts")]));
  }
  const partOf = (name: string) => ({
    description: `the ${name}`,
    size: bytesOf[name]!.length,
    hashes: algorithms.map((algorithm) => ({ algorithm, value: sumOf(algorithm, bytesOf[name]!) })),
  });
  const names = Array.from({ length: fdts }, (_, index) => `fdt${index + 1}`);
  const fit: Fit = {
    description: "a test",
    time: 1_700_000_000,
    arch: "arm64",
    kernel: kernel
      ? { ...partOf("kernel"), compression: "gzip", load: 0x4040_0000, entry: 0x4_4040_0040 }
      : null,
    fdts: names.map(partOf),
    ramdisk: partOf("ramdisk"),
    data,
  };
  const blobs = [...(kernel ? ["kernel"] : []), ...names, "ramdisk"].map((name) => bytesOf[name]!);
  const ours = Buffer.concat(
    encodeFit(fit).map((piece) => (piece instanceof Uint8Array ? piece : blobs[piece.part]!)),
  );
  writeFileSync(join(directory, "ours.itb"), ours);
  writeFileSync(join(directory, "fit.its"), sourceText(fit));
  const where = data === "external" ? ["-E", "-B", "8"] : [];
  execFileSync("mkimage", ["-q", ...where, "-f", "fit.its", "theirs.itb"], { cwd: directory, env: ENV });
  return { ours, theirs: readFileSync(join(directory, "theirs.itb")), directory };
}

function sourceText({ description, kernel, fdts, ramdisk }: Fit): string {
  const hashes = ramdisk.hashes
    .map(({ algorithm }, index) => `hash-${index + 1} { algo = "${algorithm}"; };`)
    .join(" ");
  const image = (node: string, file: string, more: string): string =>
    `${node} { description = "the ${file}"; data = /incbin/("${file}"); ${more} ${hashes} };\n`;
  const images = [
    kernel === null
      ? ""
      : image(
          "kernel-1",
          "kernel",
          'type = "kernel"; arch = "arm64"; os = "linux"; compression = "gzip"; load = <0x40400000>; entry = <0x4 0x40400040>;',
        ),
    ...fdts.map((_, at) =>
      image(`fdt-${at + 1}`, `fdt${at + 1}`, 'type = "flat_dt"; arch = "arm64"; compression = "none";'),
    ),
    image("ramdisk-1", "ramdisk", 'type = "ramdisk"; arch = "arm64"; os = "linux"; compression = "none";'),
  ];
  const kernels = kernel === null ? "" : 'kernel = "kernel-1"; ';
  const configurations =
    fdts.length === 0
      ? `conf-1 { description = "${description}"; ${kernels}ramdisk = "ramdisk-1"; };`
      : fdts
          .map(
            (fdt, at) =>
              `conf-${at + 1} { description = "${fdt.description}"; ${kernels}fdt = "fdt-${at + 1}"; ramdisk = "ramdisk-1"; };`,
          )
          .join("\n");
  return `/dts-v1/;\n/ { description = "${description}"; #address-cells = <1>;\nimages { ${images.join("")} };\nconfigurations { default = "conf-1"; ${configurations} };\n};\n`;
}

function sumOf(algorithm: FitHash["algorithm"], bytes: Uint8Array): Uint8Array {
  if (algorithm === "sha256") return createHash("sha256").update(bytes).digest();
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

function listing(path: string): string {
  return execFileSync("dumpimage", ["-l", path], { encoding: "utf8", env: ENV });
}
