import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryTree } from "../support/memory-tree.ts";
import { dpkgStatus, fileFrom, findIn, ownersIn, symlinkAt } from "../support/package-trees.ts";

const DPKG = "/var/lib/dpkg";
const SUM = "d41d8cd98f00b204e9800998ecf8427e";
const DEBIAN = { "/etc/os-release": 'ID=debian\nVERSION_ID="12"\n' };

test("a file of a merged tree is found where its package's list says /lib", () => {
  const tree = memoryTree("/root", {
    ...DEBIAN,
    "/lib": { symlink: "usr/lib" },
    "/usr/lib/x.so.1.2": "x",
    "/usr/lib/x.so.1": { symlink: "x.so.1.2" },
    "/usr/lib/other": "o",
    [`${DPKG}/status`]: dpkgStatus({
      "libx1:amd64": {
        version: "1:2.0-1+b1",
        more: ["Multi-Arch: same", "Source: x (1:2.0-1)", "Maintainer: X Team <x@lists.debian.org>"],
      },
      "x-doc": { version: "2" },
    }),
    [`${DPKG}/info/libx1:amd64.list`]: "/.\n/lib\n/lib/x.so.1.2\n/lib/x.so.1\n",
    [`${DPKG}/info/x-doc.list`]: "/.\n/lib\n/usr\n/usr/share/doc/x\n",
  });
  const entries = [
    symlinkAt("lib", "usr/lib"),
    fileFrom("sysroot", "usr/lib/x.so.1.2"),
    symlinkAt("usr/lib/x.so.1", "x.so.1.2"),
    fileFrom("sysroot", "usr/lib/other"),
    // Of the same names, and from elsewhere.
    fileFrom("host", "usr/lib/x.so.1.2", "opt/x.so.1.2"),
    symlinkAt("opt/x.so.1", "x.so.1.2"),
  ];
  const found = findIn(tree, entries);
  assert.deepEqual(ownersIn(found), {
    "usr/lib/x.so.1": "libx1 1:2.0-1+b1",
    "usr/lib/x.so.1.2": "libx1 1:2.0-1+b1",
  });
  assert.deepEqual(found.warnings, []);
  assert.deepEqual(found.packages, [
    {
      kind: "deb",
      name: "libx1",
      version: "1:2.0-1+b1",
      architecture: "amd64",
      source: {
        name: "x",
        version: "1:2.0-1",
        purl: "pkg:deb/debian/x@1:2.0-1?arch=source&distro=debian-12",
      },
      maintainer: "X Team <x@lists.debian.org>",
      homepage: "",
      license: "",
      purl: "pkg:deb/debian/libx1@1:2.0-1%2Bb1?arch=amd64&distro=debian-12",
      notes: [],
    },
  ]);
});

test("of two machines' packages each owns what its own list says, and both what both say", () => {
  const tree = memoryTree("/root", {
    "/usr/lib/a/x": "a",
    "/usr/lib/i/x": "i",
    "/usr/share/doc/x": "d",
    [`${DPKG}/status`]: dpkgStatus({ "x:amd64": { version: "1" }, "x:i386": { version: "1" } }),
    [`${DPKG}/info/x:amd64.list`]: "/usr/lib/a/x\n/usr/share/doc/x\n",
    [`${DPKG}/info/x:i386.list`]: "/usr/lib/i/x\n/usr/share/doc/x\n",
  });
  const files = ["usr/lib/a/x", "usr/lib/i/x", "usr/share/doc/x"].map((path) => fileFrom("sysroot", path));
  const { owners } = findIn(tree, files);
  const machines = [...owners].map(([path, own]) => [path, own.map(({ architecture }) => architecture)]);
  assert.deepEqual(machines.sort(), [
    ["usr/lib/a/x", ["amd64"]],
    ["usr/lib/i/x", ["i386"]],
    ["usr/share/doc/x", ["amd64", "i386"]],
  ]);
});

test("a diverted file is its package's at its new place, and the diverting package's at the old", () => {
  const tree = memoryTree("/root", {
    "/bin/sh": "dash",
    "/bin/sh.distrib": "bash",
    "/etc/local": "administrator",
    "/etc/local.old": "bash",
    [`${DPKG}/status`]: dpkgStatus({ bash: { version: "5" }, dash: { version: "0.5" } }),
    [`${DPKG}/info/bash.list`]: "/bin/sh\n/etc/local\n",
    [`${DPKG}/info/dash.list`]: "/bin/sh\n",
    [`${DPKG}/diversions`]: "/bin/sh\n/bin/sh.distrib\ndash\n/etc/local\n/etc/local.old\n:\n",
  });
  const files = ["bin/sh", "bin/sh.distrib", "etc/local", "etc/local.old"];
  const found = findIn(
    tree,
    files.map((path) => fileFrom("sysroot", path)),
  );
  assert.deepEqual(ownersIn(found), {
    "bin/sh": "dash 0.5",
    "bin/sh.distrib": "bash 5",
    "etc/local.old": "bash 5",
  });
});

test("what a removed package left behind is still its own, and said to be", () => {
  const tree = memoryTree("/root", {
    "/etc/x.conf": "x",
    "/etc/y.conf": "y",
    [`${DPKG}/status`]: dpkgStatus({
      x: { version: "1", state: "config-files" },
      y: { version: "1", state: "not-installed" },
    }),
    [`${DPKG}/info/x.list`]: "/etc/x.conf\n",
    [`${DPKG}/info/y.list`]: "/etc/y.conf\n",
  });
  const found = findIn(tree, [fileFrom("sysroot", "etc/x.conf"), fileFrom("sysroot", "etc/y.conf")]);
  assert.deepEqual(ownersIn(found), { "etc/x.conf": "x 1" });
  assert.deepEqual(found.packages[0]?.notes, [["dpkg:state", "config-files"]]);
  // Nothing says whose packages these are.
  assert.equal(found.packages[0]?.purl, null);
});

test("without a status a record and sums for each package serve, as distroless images have them", () => {
  const tree = memoryTree("/root", {
    ...DEBIAN,
    "/usr/bin/x": "x",
    "/usr/bin/y": "y",
    [`${DPKG}/status.d/x`]: "Package: x\nVersion: 1\nArchitecture: arm64\n",
    [`${DPKG}/status.d/x.md5sums`]: `${SUM}  usr/bin/x\n`,
    [`${DPKG}/status.d/y`]: "Package: y\nVersion: 1\n",
  });
  const found = findIn(tree, [fileFrom("sysroot", "usr/bin/x"), fileFrom("sysroot", "usr/bin/y")]);
  assert.deepEqual(ownersIn(found), { "usr/bin/x": "x 1" });
  assert.deepEqual(found.warnings, [
    { code: "packages/no-file-lists", database: `${DPKG}/status.d`, packages: ["y"] },
  ]);
});

test("sums serve where a list is gone, and a package without either is told", () => {
  const tree = memoryTree("/root", {
    "/usr/bin/x": "x",
    [`${DPKG}/status`]: dpkgStatus({ x: { version: "1" }, z: { version: "1" }, y: { version: "1" } }),
    [`${DPKG}/info/x.md5sums`]: `${SUM}  usr/bin/x\n`,
  });
  const found = findIn(tree, [fileFrom("sysroot", "usr/bin/x")]);
  assert.deepEqual(ownersIn(found), { "usr/bin/x": "x 1" });
  assert.deepEqual(found.warnings, [
    { code: "packages/no-file-lists", database: `${DPKG}/info`, packages: ["y", "z"] },
  ]);
});

test("what was in a file when it came is known by sums and configuration, of the package alone that owns it", () => {
  const [other, config] = ["0".repeat(32), "1".repeat(32)];
  const tree = memoryTree("/root", {
    "/usr/bin/x": "x",
    "/usr/bin/moved": "x",
    "/usr/bin/taken": "of y now",
    "/etc/x.conf": "x",
    [`${DPKG}/status`]: dpkgStatus({
      x: { version: "1", more: [`Conffiles:\n /etc/x.conf ${config}`] },
      y: { version: "1" },
    }),
    [`${DPKG}/info/x.list`]: "/usr/bin/x\n/usr/bin/was\n/etc/x.conf\n",
    [`${DPKG}/info/x.md5sums`]: `${SUM}  usr/bin/x\n${SUM}  usr/bin/was\n${SUM}  usr/bin/taken\n`,
    [`${DPKG}/info/y.list`]: "/usr/bin/taken\n",
    [`${DPKG}/info/y.md5sums`]: `${other}  usr/bin/taken\n`,
    [`${DPKG}/diversions`]: "/usr/bin/was\n/usr/bin/moved\ny\n",
  });
  const files = ["usr/bin/x", "usr/bin/moved", "usr/bin/taken", "etc/x.conf"];
  const found = findIn(
    tree,
    files.map((path) => fileFrom("sysroot", path)),
  );
  assert.deepEqual(ownersIn(found), {
    "etc/x.conf": "x 1",
    "usr/bin/moved": "x 1",
    "usr/bin/taken": "y 1",
    "usr/bin/x": "x 1",
  });
  assert.deepEqual(
    files.map((path) => found.sums.get(path as never)?.hex),
    [SUM, SUM, other, config],
  );
});

test("a kernel that is no entry is its package's too, through the symlinks that lead to it", () => {
  const tree = memoryTree("/root", {
    "/vmlinuz": { symlink: "boot/vmlinuz-6.1" },
    "/boot/vmlinuz-6.1": "x",
    [`${DPKG}/status`]: dpkgStatus({ "linux-image-6.1": { version: "6.1.1" } }),
    [`${DPKG}/info/linux-image-6.1.list`]: "/boot\n/boot/vmlinuz-6.1\n",
  });
  const found = findIn(tree, [], { "part 0": "vmlinuz" });
  assert.deepEqual(ownersIn(found), { "part 0": "linux-image-6.1 6.1.1" });
  assert.deepEqual(found.warnings, []);
});

test("a damaged database is told, and what stands before the damage counts", () => {
  const tree = memoryTree("/root", {
    "/usr/bin/x": "x",
    [`${DPKG}/status`]: `${dpkgStatus({ x: { version: "1" } })}\n\0\0\0\n`,
    [`${DPKG}/info/x.list`]: "/usr/bin/x\n",
    [`${DPKG}/diversions`]: "/a\n",
  });
  const found = findIn(tree, [fileFrom("sysroot", "usr/bin/x")]);
  assert.deepEqual(ownersIn(found), { "usr/bin/x": "x 1" });
  assert.deepEqual(
    found.warnings.map(({ code, ...more }) => [code, "database" in more ? more.database : ""]),
    [
      ["packages/unreadable", `${DPKG}/diversions`],
      ["packages/unreadable", `${DPKG}/status`],
    ],
  );
});

test("a tree without a database is told, but not where no file comes from it", () => {
  const tree = memoryTree("/root", { "/usr/bin/x": "x", [`${DPKG}/status`]: "" });
  assert.deepEqual(findIn(tree, [fileFrom("sysroot", "usr/bin/x")]).warnings, [
    { code: "packages/no-database", root: "/root", files: 1 },
  ]);
  assert.deepEqual(findIn(tree, [fileFrom("host", "usr/bin/x")]).warnings, []);
});
