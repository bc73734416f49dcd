/** What an image starts, proved or not: one fault planted in each, in an image that is good without it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { writeElf } from "../../support/elf-writer.ts";
import { loadableTree } from "../../support/loadable-tree.ts";
import type { MemoryFile } from "../../support/memory-tree.ts";
import { findingsOf, GOOD, told } from "./good-image.ts";

const LOADER = "/lib64/ld-linux-x86-64.so.2";
const program = (wish: Parameters<typeof writeElf>[0] = {}): MemoryFile => ({
  mode: 0o755,
  bytes: writeElf({ interpreter: LOADER, needed: ["libc.so.6"], ...wish }),
});
const script = (text: string, mode = 0o755): MemoryFile => ({ mode, bytes: text });

test("nothing is said of a good image", async () => {
  assert.deepEqual(await told(GOOD), []);
  const scripts = await findingsOf(loadableTree(GOOD));
  assert.deepEqual(
    scripts.map(({ code }) => code),
    ["check/scripts-unread"],
  );
});

const FAULTS: readonly (readonly [
  what: string,
  files: Readonly<Record<string, MemoryFile | null>>,
  ...codes: string[],
])[] = [
  ["no /init", { "/init": null }, "check/no-init"],
  ["/init a symlink to nothing", { "/init": { symlink: "sbin/init" } }, "check/no-init"],
  ["/init not executable", { "/init": script("#!/bin/sh\n", 0o644) }, "check/init-not-executable"],
  ["/init a directory", { "/init": { directory: 0o755 } }, "check/init-not-executable"],
  ["/init empty", { "/init": script("") }, "check/init-no-program"],
  ["/init without #!", { "/init": script("mount -t proc proc /proc\n") }, "check/init-no-program"],
  ["/init behind a byte order mark", { "/init": script("\xef\xbb\xbf#!/bin/sh\n") }, "check/init-no-program"],
  ["/init with a line too long", { "/init": script(`#!/bin/${"x".repeat(300)}\n`) }, "check/init-no-program"],
  ["/init with a carriage return", { "/init": script("#!/bin/sh\r\necho\r\n") }, "check/init-interpreter"],
  ["/init without its shell", { "/init": script("#!/bin/bash\n") }, "check/init-interpreter"],
  [
    "/init with a shell that nobody may run",
    {
      "/init": script("#!/bin/dash\n"),
      "/bin/dash": { mode: 0o644, bytes: writeElf({ isDynamic: false, type: 2 }) },
    },
    "check/init-interpreter",
  ],
  ["/init interpreted by itself", { "/init": script("#!/init\n") }, "check/init-interpreter"],
  ["no loader", { [LOADER]: null }, "check/program-loader"],
  ["a loader that nobody may run", { [LOADER]: { mode: 0o644, bytes: writeElf() } }, "check/program-loader"],
  [
    "a loader of another machine",
    { [LOADER]: { mode: 0o755, bytes: writeElf({ machine: 183 }) } },
    "check/program-loader",
  ],
  ["no library", { "/lib/x86_64-linux-gnu/libc.so.6": null }, "check/library-missing"],
  [
    "a library of another machine",
    { "/lib/x86_64-linux-gnu/libc.so.6": writeElf({ machine: 183, soname: "libc.so.6" }) },
    "check/library-missing",
  ],
  ["a library cut short", { "/lib/x86_64-linux-gnu/libc.so.6": "GROUP ( libc.so )" }, "check/library-broken"],
  [
    "a library only the loader's cache would lead to",
    {
      "/etc/ld.so.conf": "/opt/lib\n",
      "/opt/lib/libx.so.1": writeElf({ soname: "libx.so.1" }),
      "/bin/x": program({ needed: ["libx.so.1"] }),
    },
    "check/library-missing",
  ],
  [
    "a library that is not in the loader's cache",
    {
      "/etc/ld.so.conf": "/opt/lib\n",
      "/etc/ld.so.cache": "glibc-ld.so.cache1.1 of other libraries",
      "/opt/lib/libx.so.1": writeElf({ soname: "libx.so.1" }),
      "/bin/x": program({ needed: ["libx.so.1"] }),
    },
    "check/library-missing",
  ],
  [
    "a plugin without its library",
    { "/lib/security/pam_x.so": writeElf({ needed: ["libx.so.1"] }) },
    "check/plugin-library",
  ],
  [
    "a program of another machine",
    { "/bin/x": program({ machine: 183, interpreter: LOADER, isDynamic: false }) },
    "check/program-foreign",
    "check/program-loader",
  ],
  [
    "a program cut short",
    { "/bin/x": { mode: 0o755, bytes: writeElf({ interpreter: LOADER }).subarray(0, 100) } },
    "check/program-broken",
  ],
  [
    "a script without its interpreter",
    { "/bin/x": script("#!/usr/bin/perl -w\n") },
    "check/script-interpreter",
  ],
  ["a script with a carriage return", { "/bin/x": script("#!/bin/sh\r\n") }, "check/script-interpreter"],
  [
    "a script of env, and no such program",
    { "/usr/bin/env": program(), "/bin/x": script("#!/usr/bin/env perl\n") },
    "check/script-interpreter",
  ],
  [
    "a script with a line too long",
    { "/bin/x": script(`#!/bin/${"x".repeat(300)}\n`) },
    "check/shebang-too-long",
  ],
  [
    "a command that leads nowhere",
    { "/sbin/fsck": { symlink: "/usr/sbin/e2fsck" } },
    "check/dangling-command",
  ],
  ["a file in place of the console", { "/dev/console": "" }, "check/console-hidden"],
];

for (const [what, files, ...codes] of FAULTS) {
  test(`finds ${what}`, async () => {
    assert.deepEqual(await told({ ...GOOD, ...files }), codes);
  });
}

test("what does no harm is not told", async () => {
  for (const [what, files] of [
    ["scripts that nobody starts", { "/lib/functions": script("#!/bin/bash\r\n", 0o644) }],
    [
      "links to what is mounted later",
      { "/bin/real": { symlink: "/sysroot/bin/x" }, "/sbin/d": { symlink: "/run/x" } },
    ],
    ["programs of other processors among the firmware", { "/lib/firmware/x.elf": program({ machine: 183 }) }],
    [
      "a library that a program opens only if it is there",
      { "/bin/x": program({ auxiliary: ["libextra.so.1"] }) },
    ],
    ["static programs", { "/bin/x": { mode: 0o755, bytes: writeElf({ isDynamic: false, type: 2 }) } }],
    ["microcode and nothing else", null],
  ] as const) {
    const image = files === null ? { "/kernel/x86/microcode/GenuineIntel.bin": "x" } : { ...GOOD, ...files };
    assert.deepEqual(await told(image), [], what);
  }
});

test("names another init, says which programs share a trouble, and what the loader passed by", async () => {
  const other = await findingsOf(loadableTree(without(GOOD)), { rdinit: "/sbin/start" });
  assert.deepEqual(other[0], { code: "check/no-init", path: "/sbin/start", leadsTo: null });
  const foreign = writeElf({ machine: 183, soname: "libc.so.6" });
  const [missing] = await findingsOf(
    loadableTree(without({ ...GOOD, "/lib/x86_64-linux-gnu/libc.so.6": foreign, "/bin/x": program() })),
  );
  assert.ok(missing?.code === "check/library-missing");
  assert.deepEqual([missing.soname, missing.count, missing.paths], ["libc.so.6", 2, ["bin/sh", "bin/x"]]);
  assert.match(missing.passedBy.join(), /libc\.so\.6 is for aarch64/);
});

test("what programs say that they open is unproven where it lacks", async () => {
  const note = JSON.stringify([{ soname: ["libz.so.1"], feature: "zlib", priority: "recommended" }]);
  const image = { ...GOOD, "/bin/x": program({ notes: [note] }) };
  const found = await findingsOf(loadableTree(without(image)));
  const [opened] = found.filter(({ code }) => code === "check/opened-at-run-time");
  assert.deepEqual(opened, {
    code: "check/opened-at-run-time",
    libraries: ["libz.so.1"],
    count: 1,
    paths: ["bin/x"],
  });
  const there = { ...image, "/usr/lib/libz.so.1": writeElf({ soname: "libz.so.1" }) };
  assert.deepEqual(await told(there), []);
});

function without(files: Readonly<Record<string, MemoryFile | null>>): Record<string, MemoryFile> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, file]) => (file === null ? [] : [[path, file]])),
  );
}
