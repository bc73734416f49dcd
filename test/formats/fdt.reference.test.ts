/** Reference test: device trees of real machines, read and written anew, mean the same to dtc. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { encodeFdt, type FdtNode } from "../../src/formats/fdt.ts";
import { type DecodedNode, decodeFdt } from "../../src/formats/fdt-decode.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireTool } from "../support/tools.ts";

const PROGRAM = "qemu-system-aarch64";

for (const machine of ["virt", "virt,secure=on,virtualization=on"]) {
  test(`the device tree of QEMU's ${machine}`, requireTool("dtc", PROGRAM), (t) => {
    const directory = scratchDirectory(t);
    const [theirs, ours] = [join(directory, "theirs.dtb"), join(directory, "ours.dtb")];
    dump(machine, theirs);
    const bytes = readFileSync(theirs);
    const { root } = decodeFdt(sourceOf(bytes));
    writeFileSync(ours, Buffer.concat(encodeFdt(treeOf(root, bytes)) as Uint8Array[]));
    const text = sourceText(theirs);
    assert.ok(text.split("\n").length > 50);
    assert.equal(sourceText(ours), text);
  });
}

function dump(machine: string, path: string): void {
  const options = ["-M", `${machine},dumpdtb=${path}`, "-display", "none", "-nodefaults"];
  execFileSync(PROGRAM, options, { stdio: "ignore", timeout: 60_000 });
}

function sourceText(path: string): string {
  return execFileSync("dtc", ["-q", "-I", "dtb", "-O", "dts", path], { encoding: "utf8" });
}

function treeOf(node: DecodedNode, bytes: Uint8Array): FdtNode {
  const properties = [...node.properties].map(([name, { offset, size }]) => ({
    name,
    value: bytes.subarray(offset, offset + size),
  }));
  return { name: node.name, properties, children: node.children.map((child) => treeOf(child, bytes)) };
}
