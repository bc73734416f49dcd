/** What `check` says of faulty images, against a real kernel that was booted with them. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { checkImage } from "../../src/check/check-image.ts";
import { readKernelFile } from "../../src/check/kernel/read-kernel-file.ts";
import type { ByteString, HostPath } from "../../src/core/path.ts";
import { imageHost } from "../../src/machine/image-host.ts";
import { archiveOf, directory, file, symlink, type TestEntry } from "../support/archive.ts";
import { boot } from "../support/boot.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const NEEDS = requireAll(
  requireTool("qemu-system-x86_64", "lz4", "xz"),
  requireLabTree("kernels/x86/busybox", "kernels/arm64/busybox", "sysroot-amd64", "sysroot-amd64-modules"),
  requireLabTree("sysroot-arm64-modules", "sysroot-amd64-trixie-systemd"),
);
const MODULES = "sysroot-amd64-modules";
const versionOfModules = () => readdirSync(join(labTree(MODULES), "usr/lib/modules"))[0]!;
const KERNEL = () => labTree(`${MODULES}/boot/vmlinuz-${versionOfModules()}`);
const busybox = (machine: "x86" | "arm64") => readFileSync(labTree(`kernels/${machine}/busybox`));

interface Faulty {
  readonly entries: readonly TestEntry[];
  readonly rdinit?: string;
}

/** The codes found, without what is unproven. */
async function codesOf(t: TestContext, { entries, rdinit = "/init" }: Faulty): Promise<[string, string[]]> {
  const image = join(scratchDirectory(t), "image");
  writeFileSync(image, archiveOf(entries), { mode: 0o600 });
  const ports = { host: imageHost() };
  const kernel = await readKernelFile(KERNEL() as HostPath, ports);
  const order = { image: image as HostPath, rdinit: rdinit as ByteString, kernel, mode: 0o600, board: null };
  const { findings } = await checkImage(order, ports);
  const unproven = ["check/scripts-unread", "check/kernel-untold"];
  return [image, findings.map(({ code }) => code).filter((code) => !unproven.includes(code))];
}

test("an image without /init: the kernel goes on to mount a root file system", NEEDS, async (t) => {
  const [image, codes] = await codesOf(t, {
    entries: [directory("bin"), file("bin/busybox", busybox("x86"), 0o755)],
  });
  assert.deepEqual(codes, ["check/no-init"]);
  await assert.rejects(
    boot({ machine: "x86", kernel: KERNEL(), image, until: /never/ }),
    /Unable to mount root fs/,
  );
});

test("inits that cannot start: the kernel says so of each, and tries the next", NEEDS, async (t) => {
  const entries = [
    directory("bin"),
    directory("sbin"),
    directory("etc"),
    file("init", "#!/bin/sh\r\necho never\r\n", 0o755),
    file("sbin/init", "#!/bin/sh\necho never\n", 0o644),
    file("etc/init", busybox("arm64"), 0o755),
    file("bin/init", "echo never\n", 0o755),
    file("bin/busybox", busybox("x86"), 0o755),
    symlink("bin/sh", "busybox"),
  ];
  const told: [string, string][] = [];
  let image = "";
  for (const rdinit of ["/init", "/sbin/init", "/etc/init", "/bin/init"]) {
    const [path, codes] = await codesOf(t, { entries, rdinit });
    image = path;
    const own = codes.find((code) => code.startsWith("check/init-") || code === "check/program-foreign");
    told.push([rdinit, own ?? ""]);
  }
  assert.deepEqual(told, [
    ["/init", "check/init-interpreter"],
    ["/sbin/init", "check/init-not-executable"],
    ["/etc/init", "check/program-foreign"],
    ["/bin/init", "check/init-no-program"],
  ]);
  const console = await boot({
    machine: "x86",
    kernel: KERNEL(),
    image,
    turns: [{ expect: /\/ # /, send: "echo SHELL''-OF-BIN-SH" }],
    until: /SHELL-OF-BIN-SH/,
    kernelArguments: "loglevel=7",
  });
  assert.match(console, /Failed to execute \/init \(error -2\)/);
  assert.match(console, /\/sbin\/init exists but couldn't execute it \(error -13\)/);
  assert.match(console, /\/etc\/init exists but couldn't execute it \(error -8\)/);
  assert.match(console, /\/bin\/init exists but couldn't execute it \(error -8\)/);
});

/** Of the lab's tree of that name: `kernel/fs/fat/vfat.ko`. */
function moduleOf(tree: string, path: string): Buffer {
  const top = join(labTree(tree), "usr/lib/modules");
  return readFileSync(join(top, readdirSync(top)[0]!, path));
}

/** What of the image is tried, and how: a finding says of each that it does not work. */
const TRIED = [
  ["no-library", "/t/true"],
  ["no-loader", "/t/other-true"],
  ["foreign", "busybox env /t/arm64 true"],
  ["cut", "/t/cut true"],
  ["no-interpreter", "/t/perl.pl"],
  ["carriage-return", "/t/dos"],
  ["dangling", "fsck"],
  ["unlisted", "modprobe crc7"],
  ["needs-absent", "modprobe isofs"],
  ["incomplete", "modprobe vfat"],
  ["foreign-module", "insmod $M/kernel/fs/fat/msdos.ko"],
  ["version-module", "insmod $M/kernel/lib/crc-itu-t.ko"],
] as const;

test("what cannot run or be loaded in a booted image is what was found", NEEDS, async (t) => {
  const sysroot = labTree("sysroot-amd64");
  const library = (path: string) => readFileSync(join(sysroot, path));
  const program = library("usr/bin/true");
  const own = (path: string) => moduleOf(MODULES, path);
  const newer = execFileSync("xz", ["-dc"], {
    input: moduleOf("sysroot-amd64-trixie-systemd", "kernel/lib/crc-itu-t.ko.xz"),
  });
  const modules = `lib/modules/${versionOfModules()}`;
  const init = [
    "#!/bin/sh",
    "echo LOST-IN-A-FILE",
    "mknod /dev/ttyS0 c 4 64; exec >/dev/ttyS0 2>&1 </dev/ttyS0",
    'grep -q LOST-IN-A-FILE /dev/console && echo "console=no"',
    "mount -t proc proc /proc",
    `M=/${modules}`,
    ...TRIED.map(([name, command]) => `if ${command}; then echo "${name}=yes"; else echo "${name}=no"; fi`),
    "modprobe fat && echo good=yes",
    "echo THE''-END",
    "sleep 1000",
    "",
  ].join("\n");
  const entries = [
    ...["bin", "sbin", "dev", "proc", "t", "lib64", "lib", "lib/modules", modules].map((path) =>
      directory(path),
    ),
    ...["", "/fs", "/fs/fat", "/fs/isofs", "/lib"].map((path) => directory(`${modules}/kernel${path}`)),
    file("init", init, 0o755),
    file("dev/console", ""),
    file("bin/busybox", busybox("x86"), 0o755),
    ...["sh", "mknod", "mount", "grep", "insmod", "sleep", "env"].map((name) =>
      symlink(`bin/${name}`, "busybox"),
    ),
    symlink("sbin/modprobe", "../bin/busybox"),
    symlink("sbin/fsck", "/usr/sbin/e2fsck"),
    file("lib64/ld-linux-x86-64.so.2", library("usr/lib64/ld-linux-x86-64.so.2"), 0o755),
    file("t/true", program, 0o755),
    file(
      "t/other-true",
      Buffer.from(
        program.toString("latin1").replace("/lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-99.so.2"),
        "latin1",
      ),
      0o755,
    ),
    file("t/arm64", busybox("arm64"), 0o755),
    file("t/cut", program.subarray(0, 9000), 0o755),
    file("t/perl.pl", "#!/usr/bin/perl\n", 0o755),
    file("t/dos", "#!/bin/sh\r\ntrue\r\n", 0o755),
    file(`${modules}/kernel/lib/crc7.ko`, own("kernel/lib/crc7.ko")),
    file(`${modules}/kernel/fs/isofs/isofs.ko`, own("kernel/fs/isofs/isofs.ko")),
    file(`${modules}/kernel/fs/fat/vfat.ko`, own("kernel/fs/fat/vfat.ko")),
    file(`${modules}/kernel/fs/fat/fat.ko`, own("kernel/fs/fat/fat.ko")),
    file(`${modules}/kernel/fs/fat/msdos.ko`, moduleOf("sysroot-arm64-modules", "kernel/fs/fat/msdos.ko")),
    file(`${modules}/kernel/lib/crc-itu-t.ko`, newer),
    file(
      `${modules}/modules.dep`,
      "kernel/fs/isofs/isofs.ko: kernel/drivers/cdrom/cdrom.ko\nkernel/fs/fat/vfat.ko:\nkernel/fs/fat/fat.ko:\nkernel/fs/fat/msdos.ko:\nkernel/lib/crc-itu-t.ko:\n",
    ),
    file(
      `${modules}/modules.alias`,
      "alias fs-iso9660 isofs\nalias iso9660 isofs\nalias fs-vfat vfat\nalias fs-msdos msdos\n",
    ),
  ];
  const [image, codes] = await codesOf(t, { entries });
  assert.deepEqual(codes.toSorted(), [
    "check/console-hidden",
    "check/dangling-command",
    "check/index-incomplete",
    "check/library-missing",
    "check/module-foreign",
    "check/module-needs-absent",
    "check/module-symbol",
    "check/module-unlisted",
    "check/module-version",
    "check/program-broken",
    "check/program-foreign",
    "check/program-loader",
    "check/script-interpreter",
    "check/script-interpreter",
  ]);
  const said = await boot({ machine: "x86", kernel: KERNEL(), image, until: /THE-END/ });
  const answers = Object.fromEntries(
    Array.from(said.matchAll(/^(?:\[.*\] )?([a-z-]+)=(yes|no)$/gm), ([, name, is]) => [name, is]),
  );
  const expected = TRIED.map(([name]) => [name, "no"] as const);
  assert.deepEqual(answers, { console: "no", ...Object.fromEntries(expected), good: "yes" }, said);
});
