/** What a kernel has of an image whose entries overwrite, link and lose one another: the table that `cat` is held to. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { archiveOf, directory, file } from "../support/archive.ts";
import { boot } from "../support/boot.ts";
import { ODD_FILES, oddBody } from "../support/odd-image.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const needed = requireAll(requireTool("qemu-system-x86_64"), requireLabTree("kernels/x86"));

test("the kernel has what the table of odd files says", needed, async (t) => {
  const image = join(scratchDirectory(t), "odd.cpio");
  const busybox = readFileSync(labTree("kernels/x86/busybox"));
  const tools = [directory("bin"), file("bin/busybox", busybox, 0o755), file("init", init(), 0o755)];
  writeFileSync(image, Buffer.concat([oddBody(), archiveOf(tools)]));
  const count = Object.keys(ODD_FILES).length;
  await boot({ machine: "x86", image, until: new RegExp(`checked ${count} odd files`) });
});

function init(): string {
  const checks = Object.entries(ODD_FILES).map(([path, content]) => {
    if (content === null) return `[ ! -f '/${path}' ] || wrong '${path}'`;
    const text = content.replaceAll("'", `'\\''`);
    return `[ -f '/${path}' ] && [ "$(/bin/busybox cat '/${path}')" = '${text}' ] || wrong '${path}'`;
  });
  return `#!/bin/busybox sh
wrong() { echo "TEST-FAILED at $1"; }
${checks.join("\n")}
echo "checked ${checks.length} odd files"
exec /bin/busybox sh
`;
}
