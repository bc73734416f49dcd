import assert from "node:assert/strict";
import { test } from "node:test";
import { type HostPath, toBytes } from "../../src/core/path.ts";
import { NO_OVERRIDES, placesOf, problemsOf, specOf } from "../support/recipes.ts";
import { GOOD_RECIPES } from "./good-recipes.ts";

const SMALL = "contents: [{object: /bin/sh}]\n";

test("good recipes are taken", () => {
  for (const recipe of GOOD_RECIPES) assert.deepEqual(placesOf(problemsOf(recipe)), [], recipe);
});

test("what comes of a store, and whether its paths are named anew, are words of one key", () => {
  const wishes = ["whole", "files", "content-pure", "[files, content-pure]", "[content-pure]"];
  const read = wishes.map((words) => specOf(`${SMALL}store: ${words}\n`).store);
  assert.deepEqual(
    read.map(({ extent, isContentPure }) => `${extent} ${isContentPure}`),
    ["whole false", "files false", "whole true", "files true", "whole true"],
  );
});

test("a small recipe is filled with the defaults of nixpkgs", () => {
  const spec = specOf(SMALL);
  assert.equal(spec.name, "initrd");
  assert.equal(spec.sysroot, "/");
  assert.equal(spec.arch, null);
  assert.deepEqual(spec.store, {
    directory: "nix/store",
    root: "/nix/store",
    extent: "whole",
    isContentPure: false,
    references: { from: "scan" },
  });
  assert.equal(spec.image.extension, ".zst");
  assert.equal(spec.image.epoch, 1);
  assert.equal(spec.image.uInitrd, null);
  assert.deepEqual(spec.image.compressor, {
    name: "zstd",
    format: "zstd",
    engine: { by: "builtin", codec: "zstd", level: 10 },
    at: null,
  });
});

test("every key of a full recipe arrives", () => {
  const spec = specOf(GOOD_RECIPES[3]!);
  assert.equal(spec.directory, "/work/recipes");
  assert.equal(spec.sysroot, "/work/rootfs");
  assert.equal(spec.arch?.name, "aarch64");
  assert.deepEqual([spec.store.directory, spec.store.root], ["gnu/store", "/srv/store"]);
  assert.deepEqual(
    spec.layers[0]!.contents.map(({ object, symlink, suffix, target }) => [
      object.in,
      object.path,
      object.isGlob,
      symlink,
      suffix,
      target,
    ]),
    [
      ["sysroot", "usr/sbin/*fs*", true, null, "", null],
      ["store", "gnu/store/abc-tools", false, "init", "/bin/init", null],
      ["host", "/work/recipes/overlay", false, null, "", ""],
      ["sysroot", "bin/sh", false, "bin/ash", "", null],
    ],
  );
  const files = spec.layers[0]!.files.map(({ target, uid, gid, content }) => {
    const shown =
      content.kind === "text" ? { ...content, bytes: Buffer.from(content.bytes).toString() } : content;
    return [target, uid, gid, shown];
  });
  assert.deepEqual(files, [
    ["", 0, 0, { kind: "directory", mode: 0o700 }],
    ["init", 0, 0, { kind: "text", bytes: "#!/bin/sh\nexec /bin/sh\n", mode: 0o755 }],
    ["etc/hostname", 1, 2, { kind: "text", bytes: "router\n", mode: 0o640 }],
    ["etc/conf", 0, 0, { kind: "source", source: "/work/recipes/conf/x.conf", mode: 0o600 }],
    ["bin/bash", 0, 0, { kind: "symlink", to: "sh" }],
    ["run", 0, 0, { kind: "directory", mode: 0o1777 }],
    ["dev/console", 0, 0, { kind: "char", mode: 0o600, major: 5, minor: 1 }],
    ["dev/sda", 0, 6, { kind: "block", mode: 0o660, major: 8, minor: 0 }],
    ["run/initctl", 0, 0, { kind: "fifo", mode: 0o600 }],
  ]);
  assert.deepEqual(
    spec.prepend.map(({ path, isGlob }) => [path, isGlob]),
    [["/work/recipes/microcode.cpio", false]],
  );
  assert.deepEqual(spec.libraryPath, ["opt/vendor/lib"]);
  assert.deepEqual(
    spec.allow.map(({ missing, neededBy, reason }) => [missing, neededBy, reason]),
    [
      ["libfoo.so.*", "/usr/bin/x", "not used here"],
      ["/lib/firmware/*", null, "none needed"],
    ],
  );
  const { references } = spec.store;
  assert.deepEqual(references.from === "files" && references.files, [
    "/work/recipes/closure",
    "/work/recipes/registration",
  ]);
  assert.deepEqual([spec.image.uInitrd?.arch, spec.image.uInitrd?.compression], ["arm64", "none"]);
  assert.deepEqual([spec.image.epoch, spec.image.isSolid, spec.layout], [1_700_000_000, true, "make-initrd"]);
});

test("a secret is for root's eyes alone unless its recipe says otherwise", () => {
  const { secrets } = specOf("secrets: {/etc/key: ./key, '/a//b/': {source: /run/b, mode: 0440, gid: 7}}\n");
  assert.deepEqual(
    secrets.map(({ at: _, ...secret }) => ({ ...secret })),
    [
      { target: "etc/key", source: "/work/recipes/key", mode: 0o400, uid: 0, gid: 0 },
      { target: "a/b", source: "/run/b", mode: 0o440, uid: 0, gid: 7 },
    ],
  );
});

test("an object is looked up where its form says", () => {
  const rows: readonly (readonly [object: string, where: string, path: string, isGlob: boolean])[] = [
    ["/usr/bin/[", "sysroot", "usr/bin/[", false],
    ["/usr/bin/[[]", "sysroot", "usr/bin/[[]", true],
    ["//usr/./bin//x", "sysroot", "usr/bin/x", false],
    ["/lib/{a,b}.so", "sysroot", "lib/{a,b}.so", true],
    ["/lib/{a}.so", "sysroot", "lib/{a}.so", false],
    ["/a\\*b", "sysroot", "a*b", false],
    ["/sys-\\x2d.slice", "sysroot", "sys-\\x2d.slice", false],
    ["/sys-\\x2d.wants/\\x2d*", "sysroot", "sys-\\x2d.wants/\\\\x2d*", true],
    ["/nix/store/abc-x/bin/*", "store", "nix/store/abc-x/bin/*", true],
    ["/nix/storex", "sysroot", "nix/storex", false],
    ["./a b", "host", "/work/recipes/a b", false],
    ["../c", "host", "/work/c", false],
    ["..", "host", "/work", false],
    ["/größe", "sysroot", Buffer.from("größe").toString("latin1"), false],
  ];
  for (const [object, where, path, isGlob] of rows) {
    const target = where === "host" ? ", target: /t" : "";
    const spec = specOf(`contents: [{object: '${object}'${target}}]`);
    assert.deepEqual({ ...spec.layers[0]!.contents[0]!.object }, { in: where, path, isGlob }, object);
  }
});

test("a mode is what its digits say, however YAML reads them", () => {
  const rows: readonly (readonly [written: string, mode: number])[] = [
    ["0755", 0o755],
    ["0o755", 0o755],
    ["'0755'", 0o755],
    ['"0o755"', 0o755],
    ["04755", 0o4755],
    ["07777", 0o7777],
    ["00644", 0o644],
    ["0", 0],
    ["*mode", 0o640],
  ];
  for (const [written, mode] of rows) {
    const spec = specOf(`files:\n  /m: {text: x, mode: &mode 0640}\n  /a: {text: x, mode: ${written}}\n`);
    const { content } = spec.layers[0]!.files[1]!;
    assert.equal("mode" in content && content.mode, mode, written);
  }
});

test("the time is the recipe's, else SOURCE_DATE_EPOCH, else 1", () => {
  const epochOf = (recipe: string, sourceDateEpoch: string | null) =>
    specOf(recipe, { sourceDateEpoch }).image.epoch;
  assert.equal(epochOf(SMALL, null), 1);
  assert.equal(epochOf(SMALL, "1700000000"), 1_700_000_000);
  assert.equal(epochOf(SMALL, "4294967295"), 0xffff_ffff);
  assert.equal(epochOf(`${SMALL}epoch: 0\n`, "1700000000"), 0);
  assert.equal(epochOf(`${SMALL}epoch: 5\n`, "garbage"), 5);
  for (const bad of ["", "-1", "1.5", "0x10", " 1", "4294967296", "99999999999999999999999", "now\n"]) {
    assert.deepEqual(
      placesOf(problemsOf(SMALL, { sourceDateEpoch: bad })),
      ["spec/bad-source-date-epoch"],
      bad,
    );
  }
});

test("the command line replaces sysroot and compressor", () => {
  const overrides = { ...NO_OVERRIDES, sysroot: "/srv/root" as HostPath, compressor: "gzip" };
  const spec = specOf(
    `${SMALL}sysroot: ./x\ncompressor: xz\ncompressorArgs: [--check=none]\nextension: .xz\n`,
    { overrides },
  );
  assert.deepEqual([spec.sysroot, spec.store.root], ["/srv/root", "/srv/root/nix/store"]);
  assert.deepEqual(spec.image.compressor.engine, { by: "builtin", codec: "gzip", level: 9 });
  assert.equal(spec.image.extension, ".gz");
  const bad = problemsOf(SMALL, { overrides: { ...NO_OVERRIDES, compressor: "zsdt" } });
  assert.deepEqual(placesOf(bad), ["spec/unknown-compressor"]);
});

test("text keeps its bytes, NUL and all", () => {
  const { content } = specOf('files: {/a: "\\0ü\\x01"}').layers[0]!.files[0]!;
  assert.deepEqual(content.kind === "text" && [...content.bytes], [0, 0xc3, 0xbc, 1]);
});

test("a path is the bytes of its UTF-8", () => {
  const spec = specOf("files: {/ä: {symlink: ö}}");
  assert.deepEqual([...toBytes(spec.layers[0]!.files[0]!.target)], [0xc3, 0xa4]);
});
