/** Images that boot: of ours, dracut's, mkinitramfs' and one as nixpkgs makes it. Nothing is said against any. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkImage } from "../../src/check/check-image.ts";
import { levelOf } from "../../src/check/finding.ts";
import { readKernelFile } from "../../src/check/kernel/read-kernel-file.ts";
import type { Board } from "../../src/check/proofs/board.ts";
import type { ByteString, HostPath } from "../../src/core/path.ts";
import { imageHost } from "../../src/machine/image-host.ts";
import { buildRecipe, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

interface Circumstances {
  /** Path of a kernel. */
  readonly kernel?: string;
  readonly board?: Board | null;
}

/** What is said against an image, and its file's mode does not matter. */
async function against(image: string, { kernel, board = null }: Circumstances) {
  const ports = { host: imageHost() };
  const abilities = kernel === undefined ? null : await readKernelFile(kernel as HostPath, ports);
  const start = { rdinit: "/init" as ByteString, kernel: abilities, mode: null };
  const { findings } = await checkImage({ image: image as HostPath, ...start, board }, ports);
  return findings.filter((finding) => levelOf(finding) !== "unproven");
}

/** The kernel of a lab's tree with modules. */
const versionIn = (sysroot: string) => readdirSync(join(labTree(sysroot), "usr/lib/modules"))[0]!;
const kernelIn = (sysroot: string) => {
  const boot = join(labTree(sysroot), "boot");
  return join(boot, readdirSync(boot).find((name) => name.startsWith("vmlinuz-"))!);
};

const OWN: readonly (readonly [recipe: string, sysroot: string, more: () => Circumstances])[] = [
  ["rescue", "sysroot-amd64", () => ({ kernel: labTree("kernels/x86/vmlinuz") })],
  ["rescue", "sysroot-arm64", () => ({ kernel: labTree("kernels/arm64/vmlinuz") })],
  ["rescue", "sysroot-s390x", () => ({})],
  ["busybox", "sysroot-amd64", () => ({ kernel: kernelIn("sysroot-amd64-modules") })],
  ["shell", "sysroot-amd64", () => ({})],
  ["systemd", "sysroot-amd64-trixie-systemd", () => ({ kernel: kernelIn("sysroot-amd64-trixie-systemd") })],
  ["board-a", "sysroot-arm64-modules", () => ({ kernel: kernelIn("sysroot-arm64-modules") })],
  ["uboot-arm64", "sysroot-arm64", () => ({ kernel: labTree("kernels/arm64/vmlinuz"), board: BOARD })],
];

/** The kernel says itself how long it is. */
const BOARD: Board = {
  kernel: { address: 0x40400000, size: null },
  fdt: { address: 0x48000000, size: 0x10000 },
  ramdisk: { address: 0x44000000, size: null },
};

for (const [recipe, sysroot, more] of OWN) {
  const kernels = requireLabTree("kernels", "sysroot-amd64-modules", "sysroot-arm64-modules");
  const needed = requireAll(requireLabTree(sysroot), kernels, requireTool("lz4", "xz"));
  test(`${recipe} for ${sysroot}`, needed, async (t) => {
    const root = labTree(sysroot);
    const modules = recipe === "board-a" ? [versionIn(sysroot)] : [];
    const options = modules.flatMap((version) => ["--set", `KERNEL=${version}`]);
    const image = buildRecipe(
      join(RECIPES, `${recipe}.yaml`),
      scratchDirectory(t),
      "--sysroot",
      root,
      ...options,
    );
    assert.deepEqual(await against(image, more()), []);
  });
}

test(
  "an image of a Nix store",
  requireAll(requireLabTree("nix-stage1"), requireTool("cpio", "zstd")),
  async (t) => {
    const root = join(scratchDirectory(t), "root");
    cpSync(join(labTree("nix-stage1"), "nix"), join(root, "nix"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    const init = readdirSync(join(root, "nix/store")).find((name) => name.endsWith("-stage-1-init"))!;
    symlinkSync(`/nix/store/${init}`, join(root, "init"));
    const image = `${root}.img`;
    execFileSync("sh", ["-c", `find . | cpio -o -H newc --quiet | zstd -q > ${image}`], { cwd: root });
    assert.deepEqual(await against(image, {}), []);
  },
);

for (const tool of ["dracut", "mkinitramfs"]) {
  test(`an image of ${tool}, with the kernel of its modules`, requireLabTree("foreign-images"), async () => {
    const image = labTree(`foreign-images/${tool}.img`);
    assert.deepEqual(await against(image, { kernel: kernelIn("foreign-images/root") }), []);
  });
}
