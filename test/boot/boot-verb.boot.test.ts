/** `initgraph boot` with real kernels, real firmware and a real U-Boot: what it says of images that come up, and that do not. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { runCli } from "../cli/run-cli.ts";
import { buildRecipe, initgraph, RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";
import { requireUefi } from "../support/uefi.ts";
import { stubPath } from "../support/ukify.ts";

const x86 = requireAll(
  requireTool("qemu-system-x86_64"),
  requireLabTree("kernels/x86/vmlinuz", "sysroot-amd64"),
);
const arm64 = requireAll(
  requireTool("qemu-system-aarch64"),
  requireLabTree("kernels/arm64/vmlinuz", "kernels/arm64/u-boot.bin", "sysroot-arm64"),
);

/** The init prints the marker, in two parts so that no console which repeats it is taken for it. */
const RECIPE = `name: boot
contents: [{object: /bin/busybox}]
files:
  /init: {text: "#!/bin/busybox sh\\necho MARK''ER $(/bin/busybox uname -m)\\n/bin/busybox poweroff -f\\n", mode: "0755"}
  /dev/console: {device: c, major: 5, minor: 1}
`;

interface Boot {
  readonly code: number | null;
  readonly told: Readonly<Record<string, unknown>>;
  readonly console: string;
}

async function boot(image: string, ...words: readonly string[]): Promise<Boot> {
  const limits = ["--timeout", "240", "--json"];
  const { code, stdout, stderr } = await runCli(["boot", image, ...limits, ...words], { cwd: "/" });
  assert.notEqual(stdout, "", stderr);
  return { code, told: JSON.parse(stdout), console: stderr };
}

function build(t: TestContext, machine: "amd64" | "arm64"): string {
  const directory = scratchDirectory(t);
  const recipe = join(directory, "boot.yaml");
  writeFileSync(recipe, RECIPE);
  return buildRecipe(recipe, directory, "--sysroot", labTree(`sysroot-${machine}`));
}

describe("a kernel alone starts it", () => {
  test("x86_64: the marker, by init and not by the command line", x86, async (t) => {
    const image = build(t, "amd64");
    const kernel = ["--kernel", labTree("kernels/x86/vmlinuz"), "--append", "said=MARKER"];
    const { code, told, console } = await boot(image, ...kernel, "--until", "MARKER");
    assert.deepEqual([code, told["end"], told["arch"]], [0, "marker", "x86_64"], console);
    assert.match(console, /command line: .*said=MARKER/i);
    assert.match(console, /\nMARKER/);
  });

  test("aarch64: without a marker its own end counts", arm64, async (t) => {
    const { code, told, console } = await boot(
      build(t, "arm64"),
      "--kernel",
      labTree("kernels/arm64/vmlinuz"),
    );
    assert.deepEqual([code, told["end"], told["arch"]], [0, "ended", "aarch64"], console);
    assert.match(console, /MARKER aarch64/);
  });

  test("x86_64: an image without an init is a panic", x86, async (t) => {
    const kernel = ["--kernel", labTree("kernels/x86/vmlinuz")];
    const { code, told } = await boot(
      build(t, "amd64"),
      ...kernel,
      "--append",
      "rdinit=/none",
      "--until",
      "MARKER",
    );
    assert.deepEqual([code, told["end"]], [1, "panic"]);
    assert.match(String(told["panic"]), /^Kernel panic - not syncing: .+$/);
  });

  test("x86_64: damage that the kernel passes over is told", x86, async (t) => {
    const image = build(t, "amd64");
    const damaged = join(scratchDirectory(t), "damaged");
    writeFileSync(damaged, Buffer.concat([readFileSync(image), Buffer.from("junk")]));
    const words = ["--kernel", labTree("kernels/x86/vmlinuz"), "--until", "MARKER"];
    const { code, told, console } = await boot(damaged, ...words);
    assert.equal(code, 0, console);
    assert.match(String(told["unpacking"]), /^Initramfs unpacking failed: /);
  });
});

describe("U-Boot starts it", () => {
  const uboot = ["--uboot", labTree("kernels/arm64/u-boot.bin"), "--until", "MARKER"];
  const kernel = labTree("kernels/arm64/vmlinuz");

  test("as a uInitrd, and refuses a damaged one", arm64, async (t) => {
    const image = join(scratchDirectory(t), "uInitrd");
    initgraph("wrap", "--as", "uinitrd", build(t, "arm64"), "-o", image);
    const { code, told, console } = await boot(image, "--kernel", kernel, "--append", "MARKER", ...uboot);
    assert.deepEqual([code, told["end"], told["by"]], [0, "marker", "u-boot"], console);
    assert.match(console, /Verifying Checksum \.\.\. OK/);
    assert.match(console, /\nMARKER/);

    const bytes = readFileSync(image);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(image, bytes);
    const refused = await boot(image, "--kernel", kernel, ...uboot);
    assert.deepEqual([refused.code, refused.told["end"]], [1, "u-boot"]);
    assert.match(String(refused.told["complaint"]), /Bad Data CRC/);
  });

  test("as a FIT image with its own kernel", arm64, async (t) => {
    const image = join(scratchDirectory(t), "board.itb");
    const parts = ["--kernel", kernel, "--load", "0x40400000"];
    initgraph("wrap", "--as", "fit", build(t, "arm64"), "-o", image, ...parts);
    const { code, told, console } = await boot(image, ...uboot);
    assert.deepEqual([code, told["end"], told["kernel"]], [0, "marker", null], console);
    assert.equal(console.match(/Verifying Hash Integrity \.\.\. sha256\+ OK/g)?.length, 2);
  });
});

for (const [machine, stub, name] of [
  ["x86", "x64", "amd64"],
  ["arm64", "aa64", "arm64"],
] as const) {
  const needed = requireAll(machine === "x86" ? x86 : arm64, requireUefi(machine), requireLabTree("uki"));
  test(`UEFI starts a unified kernel image: ${machine}`, needed, async (t) => {
    const image = join(scratchDirectory(t), "linux.efi");
    const parts = ["--kernel", labTree(`kernels/${machine}/vmlinuz`), "--stub", stubPath(stub)];
    initgraph("wrap", "--as", "uki", build(t, name), "-o", image, ...parts, "--cmdline", "quiet");
    const { code, told, console } = await boot(image, "--append", "loglevel=6", "--until", "MARKER");
    assert.deepEqual([code, told["end"], told["by"]], [0, "marker", "uefi"], console);
    assert.match(console, /command line: quiet console=tty\S+ .*panic=-1 loglevel=6/i);
  });
}

test("the uInitrd of the board's recipe, without U-Boot: what is in it", arm64, async (t) => {
  const image = buildRecipe(
    join(RECIPES, "uboot-arm64.yaml"),
    scratchDirectory(t),
    "--sysroot",
    labTree("sysroot-arm64"),
  );
  const words = ["--kernel", labTree("kernels/arm64/vmlinuz"), "--until", "busybox ready"];
  const { code, told, console } = await boot(image, ...words);
  assert.deepEqual([code, told["by"]], [0, "kernel"], console);
});
