/** apk and Nix. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryTree } from "../support/memory-tree.ts";
import { fileFrom, findIn, ownersIn, symlinkAt } from "../support/package-trees.ts";

const MUSL =
  "P:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\no:musl\nF:lib\nR:ld-musl-x86_64.so.1\nR:libc.musl-x86_64.so.1\n";

for (const database of ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]) {
  test(`apk's record tells what belongs to what: ${database}`, () => {
    const tree = memoryTree("/root", {
      "/etc/os-release": "ID=alpine\nVERSION_ID=3.18.4\n",
      "/lib/ld-musl-x86_64.so.1": "x",
      "/lib/libc.musl-x86_64.so.1": { symlink: "ld-musl-x86_64.so.1" },
      [database]: MUSL,
    });
    const found = findIn(tree, [
      fileFrom("sysroot", "lib/ld-musl-x86_64.so.1"),
      symlinkAt("lib/libc.musl-x86_64.so.1", "ld-musl-x86_64.so.1"),
    ]);
    assert.deepEqual(ownersIn(found), {
      "lib/ld-musl-x86_64.so.1": "musl 1.2.4-r2",
      "lib/libc.musl-x86_64.so.1": "musl 1.2.4-r2",
    });
    const [musl] = found.packages;
    assert.equal(musl?.purl, "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.18.4");
    assert.equal(musl?.license, "MIT");
    assert.deepEqual(found.warnings, []);
  });
}

test("a store path is a package, and only what comes from it is its own", () => {
  const hash = "0lrh47rk2a96lslnn29wa7mzzdq92szq";
  const glibc = `${hash}-glibc-2.38-44-bin`;
  const found = findIn(memoryTree("/root", {}), [
    fileFrom("store", `${glibc}/bin/ldd`, `nix/store/${glibc}/bin/ldd`),
    symlinkAt(`nix/store/${glibc}/bin/x`, "ldd"),
    fileFrom("store", `${hash}-source/a`, "etc/a"),
    fileFrom("host", `nix/store/${glibc}/by-hand`),
    {
      ...fileFrom("host", `nix/store/${glibc}/inline`),
      source: { from: "recipe", bytes: Buffer.from("") },
    } as never,
  ]);
  assert.deepEqual(ownersIn(found), {
    "etc/a": "source ",
    [`nix/store/${glibc}/bin/ldd`]: "glibc 2.38-44",
    [`nix/store/${glibc}/bin/x`]: "glibc 2.38-44",
  });
  assert.deepEqual(
    found.packages.map(({ purl, notes }) => [purl, notes]),
    [
      [
        "pkg:nix/glibc@2.38-44",
        [
          ["nix:store-path", `/nix/store/${glibc}`],
          ["nix:output", "bin"],
        ],
      ],
      [null, [["nix:store-path", `/nix/store/${hash}-source`]]],
    ],
  );
  assert.deepEqual(found.warnings, []);
});

test("an rpm database that is not read is told by its name", () => {
  for (const [file, what] of [
    ["/var/lib/rpm/Packages", /Berkeley/],
    ["/usr/lib/sysimage/rpm/Packages.db", /ndb/],
    ["/var/lib/rpm/rpmdb.sqlite", /no SQLite database/],
  ] as const) {
    const found = findIn(memoryTree("/root", { "/usr/bin/x": "x", [file]: "?" }), [
      fileFrom("sysroot", "usr/bin/x"),
    ]);
    assert.equal(found.warnings.length, 1);
    const [warning] = found.warnings;
    assert.equal(warning?.code, "packages/unreadable");
    assert.deepEqual([warning?.code === "packages/unreadable" && warning.database], [file]);
    assert.match(JSON.stringify(warning), what);
  }
});
