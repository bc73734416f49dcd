/** Unified kernel images made on another machine, started by a real UEFI through systemd's stub. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildRecipe } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree } from "../support/tools.ts";
import { bootWithUefi, requireUefi } from "../support/uefi.ts";
import { requireUkify, stubPath, ukify } from "../support/ukify.ts";

const CASES = [
  { machine: "x86", stub: "x64", sysroot: "sysroot-amd64", console: "ttyS0 no_timer_check" },
  { machine: "arm64", stub: "aa64", sysroot: "sysroot-arm64", console: "ttyAMA0" },
] as const;

const INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox grep -o 'test.uki=.*' /proc/cmdline
/bin/busybox cat /.extra/os-release
echo hello | /bin/busybox sha256sum | /bin/busybox cut -c 1-8
exec /bin/busybox sh
`;

for (const { machine, stub, sysroot, console } of CASES) {
  const kernel = labTree(`kernels/${machine}/vmlinuz`);
  const needed = requireAll(
    requireUefi(machine),
    requireUkify(),
    requireLabTree(sysroot, `kernels/${machine}/vmlinuz`),
  );
  test(`UEFI boots a unified kernel image, the one that ukify makes: ${machine}`, needed, async (t) => {
    const directory = scratchDirectory(t);
    const recipe = join(directory, "uki.yaml");
    writeFileSync(join(directory, "init"), INIT, { mode: 0o755 });
    writeFileSync(join(directory, "os-release"), "ID=made-here\n");
    const cmdline = `console=${console} panic=-1 quiet test.uki=seen`;
    writeFileSync(
      recipe,
      `name: uki
contents: [{object: /bin/busybox}, {object: ./init, target: /init}]
files: {/proc: {directory: true}, /dev/console: {device: c, major: 5, minor: 1}}
uki: {stub: ./stub.efi, kernel: ./vmlinuz, cmdline: ${cmdline}, osRelease: {source: ./os-release}}
`,
    );
    writeFileSync(join(directory, "stub.efi"), readFileSync(stubPath(stub)));
    writeFileSync(join(directory, "vmlinuz"), readFileSync(kernel));
    const image = buildRecipe(recipe, directory, "--sysroot", labTree(sysroot));
    const theirs = join(directory, "theirs.efi");
    const initrd = `${image}.zst`;
    const parts = ["--linux", kernel, "--initrd", initrd, "--stub", stubPath(stub), "--cmdline", cmdline];
    ukify("build", ...parts, "--os-release", `@${join(directory, "os-release")}`, "--output", theirs);
    assert.ok(readFileSync(image).equals(readFileSync(theirs)), "ukify makes another file of the same parts");
    const said = await bootWithUefi({
      machine,
      image,
      turns: [{ expect: /test\.uki=seen/ }, { expect: /ID=made-here/ }],
      until: /\n5891b5b5\n/,
    });
    assert.match(said, /BdsDxe: starting/);
  });
}
