/** Recipes and inputs that cannot be built, one for each thing that can go wrong. Their transcripts lie in transcripts/. */
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { writeElf } from "../support/elf-writer.ts";
import { AARCH64, peFile, stubFile } from "../support/pe-writer.ts";
import { dockerSave, ociLayout, tarOf, writeTar } from "../support/tar-writer.ts";

export interface BadCase {
  /** Also the name of the transcript. */
  readonly name: string;
  /** `$DIR` in it stands for the directory; null: there is no recipe. */
  readonly recipe: string | Uint8Array | null;
  readonly setup?: (directory: string) => void;
  /** Default: build, with a cache in the directory. A case that gives an option names the verb too. */
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where permissions count, root cannot see them fail. */
  readonly isForUsersOnly?: true;
}

/** Two store paths, of which the recipe names one that refers to the other, and one that is not there. */
const STORE_PATHS = ["0c0z6v8xr3rf1zyqj2n4m5gkpsyl7w9d-app", "1ggy1fr2hc9zyl8cd3lqjdhrsn3v0xwp-lib"] as const;

export const LOADER = "/lib64/ld-linux-x86-64.so.2";

/** A root tree with one program, its library and its loader, beside each recipe. */
export function makeRoot(directory: string): void {
  put(directory, "root/usr/bin/tool", writeElf({ interpreter: LOADER, needed: ["libc.so.6"] }), 0o755);
  put(directory, `root${LOADER}`, writeElf(), 0o755);
  put(
    directory,
    "root/lib/x86_64-linux-gnu/libc.so.6",
    writeElf({ needed: ["ld-linux-x86-64.so.2"] }),
    0o755,
  );
  put(directory, "root/etc/motd", "hello\n");
  put(directory, "root/usr/bin/env", writeElf(), 0o755);
}

export function put(directory: string, path: string, content: string | Uint8Array, mode = 0o644): void {
  const at = join(directory, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, content);
  chmodSync(at, mode);
}

function link(directory: string, path: string, to: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  symlinkSync(to, join(directory, path));
}

const tool = recipe("contents:\n  - object: /usr/bin/tool\n");

/** A recipe on the root tree. */
function recipe(text: string): string {
  return `sysroot: ./root\n${text}`;
}

function withFile(text: string): string {
  return recipe(`files:\n${text}`);
}

const yaml: BadCase[] = [
  { name: "unknown-key", recipe: recipe("compresor: zstd\nfiles: { /a: x }\n") },
  { name: "unknown-key-far-from-any", recipe: recipe("quux: 1\nfiles: { /a: x }\n") },
  { name: "unknown-key-inside", recipe: recipe("contents:\n  - object: /usr/bin/tool\n    symlnk: /init\n") },
  { name: "several-at-once", recipe: "sysrot: /\ncontents: none\ncompressor: zsdt\nepoch: -1\n" },
  { name: "wrong-type", recipe: recipe("contents: /usr/bin/tool\n") },
  { name: "wrong-type-in-list", recipe: recipe("contents:\n  - /usr/bin/tool\n") },
  { name: "recipe-is-a-list", recipe: "- object: /usr/bin/tool\n" },
  { name: "recipe-is-empty", recipe: "" },
  { name: "recipe-is-comments-only", recipe: "# to be done\n" },
  { name: "duplicate-key", recipe: recipe("name: a\nname: b\nfiles: { /a: x }\n") },
  { name: "yaml-syntax", recipe: recipe("contents: [\n  - object: }\n") },
  { name: "yaml-tab", recipe: recipe("files:\n\t/a: x\n") },
  { name: "two-documents", recipe: "name: a\n---\nname: b\n" },
  { name: "alias-bomb", recipe: aliasBomb() },
  { name: "alias-loop", recipe: "contents: &a\n  - *a\n" },
  { name: "alias-unknown", recipe: "contents: *nowhere\n" },
  { name: "merge-key", recipe: 'x: &x { mode: "0644" }\nfiles:\n  /a: { <<: *x, text: a }\n' },
  { name: "tag", recipe: "files:\n  /a: !!binary aGVsbG8=\n" },
  { name: "nested-too-deep", recipe: `contents: ${"[".repeat(1000)}${"]".repeat(1000)}\n` },
  { name: "not-utf8", recipe: Buffer.from("name: caf\xe9\n", "latin1") },
  { name: "nul", recipe: "name: a\0b\n" },
  { name: "escape-sequence", recipe: "name: \x1b[31mred\n" },
  { name: "escape-sequence-in-a-key", recipe: '"\\e]0;title\\a": 1\n' },
  { name: "wide-characters", recipe: recipe("files: { /名前: { txt: x } }\n") },
  { name: "very-long-line", recipe: recipe(`files: { /a: { text: ${"x".repeat(300)}, moode: "0644" } }\n`) },
];

const meaning: BadCase[] = [
  { name: "mode-is-decimal", recipe: withFile("  /a: { text: x, mode: 755 }\n") },
  { name: "mode-too-large", recipe: withFile('  /a: { text: x, mode: "17777" }\n') },
  { name: "target-leaves-the-root", recipe: withFile("  /../a: x\n") },
  { name: "target-is-relative", recipe: withFile("  etc/motd: x\n") },
  { name: "target-twice", recipe: withFile("  /a/b: x\n  /a//b: y\n") },
  { name: "entry-of-two-kinds", recipe: withFile("  /a: { text: x, symlink: b }\n") },
  { name: "device-without-numbers", recipe: withFile("  /dev/null: { device: c }\n") },
  { name: "object-needs-target", recipe: recipe("contents:\n  - object: ./init.sh\n") },
  {
    name: "suffix-without-symlink",
    recipe: recipe("contents:\n  - { object: /usr/bin/tool, suffix: /bin }\n"),
  },
  { name: "glob-with-symlink", recipe: recipe("contents:\n  - { object: /usr/bin/*, symlink: /init }\n") },
  { name: "allow-all", recipe: `${tool}allow:\n  - { missing: "*", reason: lazy }\n` },
  { name: "allow-without-reason", recipe: `${tool}allow:\n  - { missing: libx.so.1 }\n` },
  { name: "nothing-to-build", recipe: recipe("name: nothing\n") },
  { name: "epoch-negative", recipe: recipe("epoch: -1\nfiles: { /a: x }\n") },
  { name: "epoch-too-late", recipe: recipe("epoch: 4294967296\nfiles: { /a: x }\n") },
  { name: "source-date-epoch", recipe: withFile("  /a: x\n"), env: { SOURCE_DATE_EPOCH: "yesterday" } },
  { name: "arch-unknown", recipe: recipe("arch: aarch46\nfiles: { /a: x }\n") },
  { name: "name-with-slash", recipe: recipe("name: a/b\nfiles: { /a: x }\n") },
  { name: "extension-without-dot", recipe: recipe("extension: zst\nfiles: { /a: x }\n") },
];

const compressors: BadCase[] = [
  { name: "compressor-misspelt", recipe: recipe("compressor: zsdt\nfiles: { /a: x }\n") },
  {
    name: "compressor-without-extension",
    recipe: recipe("compressor: /opt/bin/squeeze -9\nfiles: { /a: x }\n"),
  },
  {
    name: "compressor-not-there",
    recipe: recipe("compressor: $DIR/squeeze\nextension: .sq\nfiles: { /a: x }\n"),
  },
  {
    name: "compressor-fails",
    recipe: recipe("compressor: $DIR/squeeze\nextension: .sq\nfiles: { /a: x }\n"),
    setup: (d) => put(d, "squeeze", "#!/bin/sh\necho squeeze: no licence >&2\nexit 3\n", 0o755),
  },
  {
    name: "compressor-writes-nonsense",
    recipe: recipe("compressor: $DIR/squeeze\nextension: .sq\nfiles: { /a: x }\n"),
    setup: (d) => put(d, "squeeze", "#!/bin/sh\ncat >/dev/null\necho nonsense\n", 0o755),
  },
  {
    name: "compressor-of-the-command-line",
    recipe: withFile("  /a: x\n"),
    words: ["build", "--compressor", "gzp"],
  },
  { name: "xz-crc64", recipe: recipe("compressor: xz\ncompressorArgs: [--check=crc64]\nfiles: { /a: x }\n") },
  {
    name: "zstd-long-28",
    recipe: recipe("compressor: zstd\ncompressorArgs: [-19, --long=28]\nfiles: { /a: x }\n"),
  },
  { name: "lz4-not-legacy", recipe: recipe("compressor: lz4\ncompressorArgs: [-9]\nfiles: { /a: x }\n") },
  { name: "level-too-high", recipe: recipe("compressor: { name: gzip, level: 12 }\nfiles: { /a: x }\n") },
  {
    name: "builtin-there-is-none",
    recipe: recipe("compressor: { name: xz, engine: builtin }\nfiles: { /a: x }\n"),
  },
  {
    name: "uinitrd-of-xz",
    recipe: recipe("compressor: xz\nmakeUInitrd: true\nuInitrdArch: arm64\nfiles: { /a: x }\n"),
  },
  {
    name: "uinitrd-arch-unknown",
    recipe: recipe("makeUInitrd: true\nuInitrdArch: aarch64\nfiles: { /a: x }\n"),
  },
  { name: "uinitrd-without-a-program", recipe: recipe("makeUInitrd: true\nfiles: { /a: x }\n") },
  {
    name: "content-pure-within-what-is-packed",
    recipe: recipe(storeRecipe("store: content-pure\n")),
    setup: (directory) => {
      makeStore(directory);
      put(directory, `store/${STORE_PATHS[1]}/sh`, "a shell", 0o755);
      const text = `/nix/store/${STORE_PATHS[1]}`;
      put(directory, `store/${STORE_PATHS[0]}/doc.gz`, gzipSync(`${text}\n`.repeat(20)), 0o644);
      put(directory, `store/${STORE_PATHS[0]}/x.ko`, `${text}~Module signature appended~\n`, 0o644);
      put(directory, `store/${STORE_PATHS[0]}/x.zip`, `PK\x03\x04${text}`, 0o644);
    },
  },
  {
    name: "content-pure-in-a-circle",
    recipe: recipe(storeRecipe("store: content-pure\n")),
    setup: (directory) => {
      makeStore(directory);
      put(directory, `store/${STORE_PATHS[1]}/sh`, `/nix/store/${STORE_PATHS[0]}`, 0o755);
    },
  },
  {
    name: "references-of-files",
    recipe: recipe("store: files\nclosure: { references: nix }\nfiles: { /a: x }\n"),
  },
  { name: "fit-and-uinitrd", recipe: recipe("makeUInitrd: true\nfit: true\nfiles: { /a: x }\n") },
  {
    name: "fit-of-files-that-are-none",
    recipe: recipe(
      "fit:\n  kernel: { file: ./Image, load: 0x40400000 }\n  fdt: [./board.dtb, ./root/etc/motd]\nfiles: { /a: x }\n",
    ),
  },
  {
    name: "fit-of-a-kernel-in-xz",
    recipe: recipe("fit: { kernel: { file: ./Image.xz, load: 0 } }\nfiles: { /a: x }\n"),
    setup: (d) => put(d, "Image.xz", Buffer.from("fd377a585a00", "hex")),
  },
  {
    name: "uki-of-files-that-are-none",
    recipe: recipe(
      "uki:\n  stub: /boot/stub.efi\n  kernel: ./vmlinuz.gz\n  cmdline: { source: ./cmdline }\n  splash: /etc/motd\nfiles: { /a: x }\n",
    ),
    setup: (d) => put(d, "vmlinuz.gz", gzipSync("a kernel")),
  },
  {
    name: "uki-of-a-uki",
    recipe: recipe("uki: { stub: ./uki.efi, kernel: ./vmlinuz }\nfiles: { /a: x }\n"),
    setup: (d) => {
      put(d, "uki.efi", peFile({ sections: [{ name: ".linux", bytes: Buffer.from("a kernel") }] }));
      put(d, "vmlinuz", peFile());
    },
  },
  {
    name: "uki-of-a-kernel-without-efi-stub",
    recipe: recipe("uki: { stub: ./stub.efi, kernel: ./bzImage }\nfiles: { /a: x }\n"),
    setup: (d) => {
      put(d, "stub.efi", stubFile());
      put(d, "bzImage", Buffer.alloc(1024));
    },
  },
  {
    name: "uki-of-two-machines",
    recipe: recipe("uki: { stub: ./stub.efi, kernel: ./Image }\nfiles: { /a: x }\n"),
    setup: (d) => {
      put(d, "stub.efi", stubFile());
      put(d, "Image", peFile({ machine: AARCH64 }));
    },
  },
  {
    name: "uki-of-another-machine-than-the-image",
    recipe: recipe("uki: { stub: ./stub.efi, kernel: ./Image }\ncontents: [{ object: /usr/bin/tool }]\n"),
    setup: (d) => {
      put(d, "stub.efi", stubFile({ machine: AARCH64 }));
      put(d, "Image", peFile({ machine: AARCH64 }));
    },
  },
  {
    name: "board-areas-overlap",
    recipe: recipe(
      "files: { /a: x }\nboard:\n  kernel: { address: 0x40400000, size: 48 MiB }\n  fdt: { address: 0x43000000, size: 64 KiB }\n",
    ),
  },
  {
    name: "board-without-room",
    recipe: `${tool}compressor: none\nboard:\n  ramdisk: { address: 0x44000000, size: 2 KiB }\n  fdt: { address: 0x44000800, size: 64 KiB }\n`,
  },
];

const closure: BadCase[] = [
  { name: "object-missing", recipe: recipe("contents:\n  - object: /usr/bin/tol\n") },
  { name: "object-in-a-missing-directory", recipe: recipe("contents:\n  - object: /opt/vendor/bin/x\n") },
  { name: "object-beside-missing", recipe: recipe("contents:\n  - { object: ./init.sh, target: /init }\n") },
  { name: "source-missing", recipe: withFile("  /init: { source: ./init.sh }\n") },
  { name: "glob-matches-nothing", recipe: recipe("contents:\n  - object: /usr/sbin/*.so\n") },
  { name: "library-missing", recipe: tool, setup: (d) => remove(d, "root/lib/x86_64-linux-gnu/libc.so.6") },
  {
    name: "library-of-a-library-missing",
    recipe: tool,
    setup: (d) => put(d, "root/lib/x86_64-linux-gnu/libc.so.6", writeElf({ needed: ["libdeep.so.1"] })),
  },
  {
    name: "library-of-another-machine",
    recipe: tool,
    setup: (d) => put(d, "root/lib/x86_64-linux-gnu/libc.so.6", writeElf({ machine: 183 })),
  },
  {
    name: "library-is-a-linker-script",
    recipe: tool,
    setup: (d) => put(d, "root/lib/x86_64-linux-gnu/libc.so.6", "GROUP ( libc.so.6 )\n"),
  },
  { name: "loader-missing", recipe: tool, setup: (d) => remove(d, `root${LOADER}`) },
  {
    name: "script-without-its-interpreter",
    recipe: recipe("contents:\n  - object: /usr/bin/script\n"),
    setup: (d) => put(d, "root/usr/bin/script", "#!/usr/bin/python3 -E\n", 0o755),
  },
  {
    name: "env-program-missing",
    recipe: recipe("contents:\n  - object: /usr/bin/script\n"),
    setup: (d) => put(d, "root/usr/bin/script", "#!/usr/bin/env -S python3 -E\n", 0o755),
  },
  { name: "inline-init-without-a-shell", recipe: withFile('  /init: "#!/bin/sh\\nexec sh\\n"\n') },
  {
    name: "symlink-dangling",
    recipe: recipe("contents:\n  - object: /etc/mtab\n"),
    setup: (d) => link(d, "root/etc/mtab", "../var/lib/mtab"),
  },
  {
    name: "symlink-loop",
    recipe: recipe("contents:\n  - object: /etc/a\n"),
    setup: (d) => {
      link(d, "root/etc/a", "b");
      link(d, "root/etc/b", "a");
    },
  },
  { name: "arch-wrong", recipe: `${tool}arch: aarch64\n` },
  {
    name: "elf-damaged",
    recipe: recipe("contents:\n  - object: /usr/bin/cut\n"),
    setup: (d) => put(d, "root/usr/bin/cut", writeElf({ needed: ["libc.so.6"] }).subarray(0, 80), 0o755),
  },
  {
    name: "budget-too-small",
    recipe: recipe("contents:\n  - object: /usr/bin/tool\n  - object: /etc\nbudget:\n  unpacked: 100\n"),
  },
  {
    name: "allow-unused",
    recipe: `${tool}allow:\n  - { missing: libgone.so.1, reason: once upon a time }\n`,
  },
  {
    name: "file-unreadable",
    recipe: recipe("contents:\n  - object: /etc/shadow\n"),
    setup: (d) => put(d, "root/etc/shadow", "secret", 0),
    isForUsersOnly: true,
  },
  { name: "store-path-missing", recipe: storeRecipe("") },
  {
    name: "store-closure-file-bad",
    recipe: storeRecipe("closure: { references: { files: [./graph] } }\n"),
    setup: (d) => {
      makeStore(d);
      put(d, "graph", "this is no closure\n");
    },
  },
  {
    name: "store-closure-file-missing",
    recipe: storeRecipe("closure: { references: { files: [./graph] } }\n"),
    setup: makeStore,
  },
];

const image: BadCase[] = [
  {
    name: "two-files-at-one-place",
    recipe: recipe("contents:\n  - { object: /usr/bin/tool, target: /init }\nfiles:\n  /init: x\n"),
  },
  { name: "file-below-a-file", recipe: withFile("  /a: x\n  /a/b: y\n") },
  { name: "name-too-long", recipe: withFile(`  ? /${`${"d".repeat(250)}/`.repeat(17)}x\n  : y\n`) },
  { name: "symlink-too-long", recipe: withFile(`  /a: { symlink: /${"./".repeat(2500)}b }\n  /b: x\n`) },
  { name: "name-that-ends-an-archive", recipe: withFile("  /TRAILER!!!: x\n") },
  {
    name: "file-of-4-gib",
    recipe: recipe("contents:\n  - object: /var/disk\n"),
    setup: (d) => {
      put(d, "root/var/disk", "");
      truncateSync(join(d, "root/var/disk"), 2 ** 32);
    },
  },
  { name: "prepend-missing", recipe: recipe("prepend: [./ucode.cpio]\nfiles: { /a: x }\n") },
  {
    name: "prepend-is-text",
    recipe: recipe("prepend: [./ucode.cpio]\nfiles: { /a: x }\n"),
    setup: (d) => put(d, "ucode.cpio", "microcode\n"),
  },
  {
    name: "prepend-is-empty",
    recipe: recipe("prepend: [./ucode.cpio]\nfiles: { /a: x }\n"),
    setup: (d) => put(d, "ucode.cpio", ""),
  },
  {
    name: "prepend-is-cut-short",
    recipe: recipe("prepend: [./ucode.cpio]\nfiles: { /a: x }\n"),
    setup: (d) =>
      put(
        d,
        "ucode.cpio",
        newc([
          ["kernel", 0o040755, ""],
          ["kernel/x", 0o100644, "x".repeat(400)],
        ]).subarray(0, 300),
      ),
  },
  {
    name: "prepend-would-be-destroyed",
    recipe: recipe("prepend: [./early.cpio]\nfiles: { /lib/x: x }\n"),
    setup: (d) =>
      put(
        d,
        "early.cpio",
        newc([
          ["usr", 0o040755, ""],
          ["usr/lib", 0o040755, ""],
          ["lib", 0o120777, "usr/lib"],
        ]),
      ),
  },
];

/** A recipe for a program in an archive. */
function archived(name: string, text: string, bytes: Uint8Array): BadCase {
  return {
    name,
    recipe: `sysroot: ./root.tar\n${text}contents:\n  - object: /usr/bin/tool\n`,
    setup: (d) => put(d, "root.tar", bytes),
  };
}

const program = { name: "usr/bin/tool", mode: 0o755, bytes: "a program of nothing" };
const platforms = ["amd64", "arm64"].map((architecture) => ({
  platform: { architecture, os: "linux" },
  layers: [writeTar([program])],
}));

/** A small tar of more pieces than any system's files have: one sparse file, and names for it. */
const pieces = Array.from({ length: 50_000 }, (_, piece) => `${2 * piece},1`);
const sparse = {
  "GNU.sparse.size": "100000",
  "GNU.sparse.numblocks": "50000",
  "GNU.sparse.map": pieces.join(),
};
const manyPieces = writeTar([
  { name: "sparse", bytes: "x".repeat(50_000), pax: sparse },
  ...Array.from({ length: 20 }, (_, number) => ({ name: `name-${number}`, type: "1", to: "sparse" })),
]);

const archives: BadCase[] = [
  archived("archive-cut-short", "", writeTar([program]).subarray(0, 700)),
  archived("archive-member-leads-out", "", writeTar([{ name: "../etc/passwd" }])),
  archived("archive-link-to-outside", "", writeTar([{ name: "x", type: "1", to: "/etc/shadow" }])),
  archived(
    "archive-with-capabilities",
    "",
    writeTar([{ ...program, pax: { "SCHILY.xattr.security.capability": "\x01\0\0\x02\0\x20" } }]),
  ),
  archived("archive-too-large", "", manyPieces),
  archived("archive-lacks-the-object", "", writeTar([{ ...program, name: "usr/bin/toll" }])),
  archived("archive-gzip-cut-short", "", gzipSync(writeTar([program])).subarray(0, 60)),
  archived("archive-of-several-platforms", "", tarOf(ociLayout(platforms))),
  archived("archive-of-other-platforms", "arch: riscv64\n", tarOf(ociLayout(platforms))),
  archived(
    "archive-of-several-images",
    "",
    tarOf(
      dockerSave([
        { tag: "one:1", layers: [writeTar([program])] },
        { tag: "two:2", layers: [writeTar([program])] },
      ]),
    ),
  ),
  {
    name: "archive-layer-changed",
    recipe: "sysroot: ./image\ncontents:\n  - object: /usr/bin/tool\n",
    setup: (d) => {
      for (const [name, bytes] of Object.entries(ociLayout(platforms.slice(0, 1)))) {
        // The layer is the one of whole blocks.
        put(d, `image/${name}`, bytes.length % 512 === 0 ? Buffer.concat([bytes, bytes]) : bytes);
      }
    },
  },
];

const machine: BadCase[] = [
  { name: "recipe-missing", recipe: null },
  { name: "recipe-is-a-directory", recipe: null, setup: (d) => mkdirSync(join(d, "initrd.yaml")) },
  { name: "sysroot-missing", recipe: "sysroot: ./nowhere\ncontents:\n  - object: /bin/sh\n" },
  { name: "sysroot-is-a-file", recipe: "sysroot: ./root/etc/motd\ncontents:\n  - object: /bin/sh\n" },
  { name: "sysroot-of-the-command-line-missing", recipe: tool, words: ["build", "--sysroot", "nowhere"] },
  { name: "out-is-a-file", recipe: tool, words: ["build", "--out", "root/etc/motd"] },
  {
    name: "out-has-a-directory-of-that-name",
    recipe: `${tool}name: taken\n`,
    setup: (d) => mkdirSync(join(d, "result/taken.zst")),
  },
  { name: "cache-is-a-file", recipe: tool, words: ["build", "--cache", "root/etc/motd"] },
  { name: "cache-is-somebody-elses", recipe: tool, words: ["build", "--cache", "root"] },
];

const otherVerbs: BadCase[] = [
  { name: "ls-missing", recipe: null, words: ["ls", "no.img"] },
  { name: "ls-of-a-directory", recipe: null, words: ["ls", "root"] },
  { name: "ls-of-text", recipe: null, words: ["ls", "root/etc/motd"] },
  {
    name: "ls-of-an-image-cut-short",
    recipe: null,
    words: ["ls", "cut.img"],
    setup: (d) => put(d, "cut.img", newc([["a", 0o100644, "x".repeat(100)]]).subarray(0, 150)),
  },
  { name: "cat-of-no-image", recipe: null, words: ["cat", "no.img", "init"] },
  { name: "cat-what-is-not-there", recipe: null, words: ["cat", "a.img", "etc/paswd"], setup: makeImage },
  {
    name: "cat-several-at-once",
    recipe: null,
    words: ["cat", "a.img", "init", "lib64/passwd", "/etc", "dev/null", "circle", "x\x1b[2Jy"],
    setup: makeImage,
  },
  {
    name: "size-by-line-of-another-s-image",
    recipe: null,
    words: ["size", "a.img", "--by", "line"],
    setup: makeImage,
  },
  {
    name: "size-by-package-without-a-database",
    recipe: "sysroot: ./root\ncontents: [{ object: /etc/motd }]\n",
    words: ["size", "--by", "package"],
  },
  {
    name: "wrap-of-text",
    recipe: null,
    words: ["wrap", "root/etc/motd", "--as", "uinitrd", "-o", "out.img"],
  },
  {
    name: "wrap-of-an-image-without-programs",
    recipe: null,
    words: ["wrap", "a.img", "--as", "fit", "-o", "out.itb"],
    setup: makeImage,
  },
  {
    name: "wrap-with-files-that-are-none",
    recipe: null,
    words: [..."wrap a.img --as fit -o out.itb --kernel Image --load 0 --fdt root/etc/motd".split(" ")],
    setup: makeImage,
  },
  { name: "init-over-a-recipe", recipe: tool, words: ["init"] },
  { name: "init-of-a-bare-tree", recipe: null, words: ["init", "--sysroot", "root"] },
  { name: "init-of-no-tree", recipe: null, words: ["init", "--sysroot", "nowhere"] },
  { name: "ldd-of-no-tree", recipe: null, words: ["ldd", "--sysroot", "nowhere", "/bin/sh"] },
  { name: "cache-of-somebody-else", recipe: null, words: ["cache", "gc", "--cache", "root"] },
];

export const BAD_CASES: readonly BadCase[] = [
  ...yaml,
  ...meaning,
  ...compressors,
  ...closure,
  ...image,
  ...archives,
  ...machine,
  ...otherVerbs,
];

function storeRecipe(more: string): string {
  return `storeRoot: ./store\ncontents:\n  - { object: /nix/store/${STORE_PATHS[0]}, symlink: /init, suffix: /init }\n${more}`;
}

function makeStore(directory: string): void {
  put(directory, `store/${STORE_PATHS[0]}/init`, `#!/nix/store/${STORE_PATHS[1]}/sh\n`, 0o755);
}

function remove(directory: string, path: string): void {
  rmSync(join(directory, path));
}

/** Nine levels of nine aliases each: 387 million values. */
function aliasBomb(): string {
  const levels = [...Array(9).keys()].map((level) => {
    const below = level === 0 ? '"lol"' : `*a${level - 1}`;
    return `x${level}: &a${level} [${Array(9).fill(below).join(", ")}]\n`;
  });
  return `${levels.join("")}contents: *a8\n`;
}

function makeImage(directory: string): void {
  const entries = [
    ["etc", 0o040755, ""],
    ["etc/passwd", 0o100644, "root:x:0:0::/root:/bin/sh\n"],
    ["lib", 0o040755, ""],
    ["lib64", 0o120777, "lib"],
    ["circle", 0o120777, "circle"],
    ["dev/null", 0o020666, ""],
    ["init", 0o100755, "#!/bin/sh\n"],
  ] as const;
  put(directory, "a.img", newc(entries));
}

/** A newc archive as GNU cpio lays it out, without its padding to 512 bytes. */
export function newc(entries: readonly (readonly [name: string, mode: number, data: string])[]): Buffer {
  const all = [...entries, ["TRAILER!!!", 0, ""] as const];
  const parts = all.map(([name, mode, data], index) => {
    const fields = [index, mode, 0, 0, 1, 1, data.length, 0, 0, 0, 0, name.length + 1, 0];
    const head = `070701${fields.map((field) => field.toString(16).toUpperCase().padStart(8, "0")).join("")}${name}\0`;
    return pad(head) + pad(data);
  });
  return Buffer.from(parts.join(""), "latin1");
}

function pad(text: string): string {
  return text + "\0".repeat((4 - (text.length % 4)) % 4);
}
