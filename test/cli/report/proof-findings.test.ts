/** Every finding of the proofs, in words. UPDATE_GOLDEN=1 rewrites the text beside. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Finding, levelOf } from "../../../src/check/finding.ts";
import { BOARD_LEVELS } from "../../../src/check/findings/board.ts";
import { CONTENT_LEVELS } from "../../../src/check/findings/contents.ts";
import { KERNEL_LEVELS } from "../../../src/check/findings/kernel.ts";
import { MODULE_LEVELS } from "../../../src/check/findings/modules.ts";
import { PROGRAM_LEVELS } from "../../../src/check/findings/programs.ts";
import { sayFinding } from "../../../src/cli/report/findings.ts";
import { layoutFinding } from "../../../src/cli/report/layout.ts";
import { PLAIN } from "../../../src/cli/report/paint.ts";
import type { ByteString, TargetPath } from "../../../src/core/path.ts";

const GOLDEN = join(process.cwd(), "test/cli/report/proof-findings.txt");
const path = (text: string) => text as TargetPath;
const bytes = (text: string) => text as ByteString;
const by = (...paths: string[]) => ({ count: paths.length, paths: paths.map(path) });
const many = { count: 1234, paths: ["a", "b", "c", "d", "e", "f"].map((name) => path(`usr/bin/${name}`)) };
const module = by("usr/lib/modules/6.1.0/kernel/fs/xfs.ko");

const SAMPLES: readonly Finding[] = [
  { code: "check/no-init", path: bytes("/init"), leadsTo: null },
  { code: "check/no-init", path: bytes("/sbin/init"), leadsTo: path("lib/systemd/systemd") },
  { code: "check/init-not-executable", path: path("init"), found: "file", mode: 0o644 },
  { code: "check/init-not-executable", path: path("init"), found: "directory", mode: 0o755 },
  { code: "check/init-no-program", path: path("init"), why: "it is empty" },
  {
    code: "check/init-interpreter",
    path: path("init"),
    interpreter: bytes("/bin/sh\r"),
    trouble: "carriage-return",
  },
  {
    code: "check/program-loader",
    interpreter: bytes("/lib/ld-musl-x86_64.so.1"),
    trouble: "absent",
    ...many,
  },
  {
    code: "check/library-missing",
    soname: bytes("libz.so.1"),
    passedBy: ["/lib/libz.so.1 is for i386"],
    ...by("bin/x"),
  },
  {
    code: "check/library-broken",
    library: path("lib/libz.so.1"),
    why: "it is no ELF file",
    ...by("bin/x", "bin/y"),
  },
  { code: "check/plugin-library", soname: bytes("libz.so.1"), ...by("lib/security/pam_x.so") },
  { code: "check/program-foreign", machine: "aarch64", wanted: "x86_64", ...by("bin/x") },
  { code: "check/program-broken", why: "the file ends before byte 4096", ...by("bin/x") },
  { code: "check/script-interpreter", interpreter: bytes("/usr/bin/perl"), trouble: "absent", ...many },
  { code: "check/script-interpreter", interpreter: bytes("/bin/x"), trouble: "too-deep", ...by("bin/x") },
  { code: "check/shebang-too-long", ...by("bin/x") },
  { code: "check/dangling-command", ...by("bin/x", "sbin/y") },
  { code: "check/console-hidden", path: path("dev/console"), found: "file" },
  { code: "check/opened-at-run-time", libraries: [bytes("libz.so.1")], ...by("bin/x") },
  { code: "check/scripts-unread", ...many },
  { code: "check/files-unread", ...by("var/big") },
  {
    code: "check/no-module-index",
    directory: path("usr/lib/modules/6.1.0"),
    index: "modules.dep.bin",
    modules: 12,
  },
  { code: "check/module-unlisted", index: "modules.dep.bin", ...module },
  { code: "check/module-needs-absent", needs: "kernel/lib/libcrc32c.ko", ...module },
  { code: "check/index-incomplete", index: "modules.dep", lacks: "kernel/lib/libcrc32c.ko", ...module },
  { code: "check/index-incomplete", index: "modules.alias.bin", lacks: "aliases", ...module },
  { code: "check/module-symbol", symbol: "crc32c", ...module },
  { code: "check/module-version", version: "6.0.0", directory: path("usr/lib/modules/6.1.0"), ...module },
  {
    code: "check/module-refused",
    vermagic: "6.1.0 SMP mod_unload ",
    wanted: "6.1.0 SMP preempt mod_unload ",
    ...module,
  },
  { code: "check/module-foreign", machine: "aarch64", wanted: "x86_64", ...module },
  { code: "check/module-broken", why: "a kernel module is an ELF file, and this is none", ...module },
  { code: "check/no-modules-for-kernel", version: "6.1.0-2", found: ["6.1.0-1"] },
  { code: "check/firmware-absent", names: ["bnx2/a.fw", "bnx2/b.fw"], ...module },
  { code: "check/firmware-packed", names: ["bnx2/a.fw"], option: "CONFIG_FW_LOADER_COMPRESS", ...module },
  { code: "check/kernel-no-initrd", option: "CONFIG_BLK_DEV_INITRD" },
  { code: "check/kernel-ignores-initrd", option: "CONFIG_INITRAMFS_FORCE" },
  { code: "check/kernel-no-decompressor", kind: "zstd", option: "CONFIG_RD_ZSTD" },
  { code: "check/kernel-no-programs", option: "CONFIG_BINFMT_ELF" },
  { code: "check/kernel-no-scripts", option: "CONFIG_BINFMT_SCRIPT" },
  { code: "check/kernel-no-compatibility", option: "CONFIG_IA32_EMULATION", programs: 3 },
  { code: "check/kernel-no-modules", option: "CONFIG_MODULES", modules: 3 },
  { code: "check/kernel-no-devtmpfs", option: "CONFIG_DEVTMPFS" },
  { code: "check/kernel-untold", options: ["CONFIG_BINFMT_SCRIPT"] },
  { code: "check/secret-readable", path: path("etc/key"), what: "a private key", mode: 0o644 },
  {
    code: "check/image-readable",
    mode: 0o644,
    count: 1,
    secrets: [{ path: path("etc/key"), what: "a private key" }],
  },
  {
    code: "check/areas-overlap",
    first: { name: "kernel", address: 0x40400000, size: 0x2000000 },
    second: { name: "ramdisk", address: 0x42000000, size: 0x1000000 },
  },
  { code: "check/larger-than-its-area", size: 20_000_000, limit: 16_777_216 },
  { code: "check/wrapper-machine", says: "arm64", programs: "x86" },
  { code: "check/area-unknown", names: ["kernel", "fdt"] },
];

test("every finding has a sample", () => {
  const codes = [PROGRAM_LEVELS, MODULE_LEVELS, KERNEL_LEVELS, CONTENT_LEVELS, BOARD_LEVELS].flatMap(
    Object.keys,
  );
  assert.deepEqual(new Set(SAMPLES.map(({ code }) => code)), new Set(codes));
});

test("every finding is told in words", () => {
  const page = { columns: 100, paint: PLAIN };
  const blocks = SAMPLES.map((finding) =>
    layoutFinding({ code: finding.code, words: sayFinding(finding) }, levelOf(finding), page).join("\n"),
  );
  const text = `${blocks.join("\n\n")}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN, text);
  assert.equal(text, readFileSync(GOLDEN, "utf8"));
});
