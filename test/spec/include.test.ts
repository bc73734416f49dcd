// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { showPlace } from "../../src/core/span.ts";
import { ENDS } from "../support/bounds.ts";
import { problemsOf, recipeOf, specOf } from "../support/recipes.ts";

type Files = Readonly<Record<string, string>>;

function specOfFiles(files: Files) {
  return specOf(...recipeOf(files));
}

/** `debug.yaml:2:3 spec/conflict name` of every problem. */
function problemsIn(files: Files): string[] {
  return problemsOf(...recipeOf(files)).map((problem) => {
    const place = "at" in problem && problem.at ? `${showPlace(problem.at)} ` : "";
    return `${place}${problem.code}${problem.code === "spec/conflict" ? ` ${problem.key}` : ""}`;
  });
}

const FLEET: Files = {
  "board-a.yaml": `
include: [./common/base.yaml]
name: board-a
contents: [{object: /usr/bin/board}]
files:
  /etc/hostname: "a\\n"
  /etc/motd: board a
kernel: {modules: [virtio-pci]}
`,
  "common/base.yaml": `
name: base
compressor: {name: zstd, level: 3}
contents: [{object: /bin/busybox}, {object: ./init.sh, target: /init}]
files:
  /etc/motd: base
  /etc/conf: {source: conf}
kernel: {version: 6.1.0, modules: [ext4], firmware: false}
prepend: [../microcode.cpio]
`,
};

test("lists are appended, maps merged key by key, and the including recipe wins", () => {
  const spec = specOfFiles(FLEET);
  assert.equal(spec.name, "board-a");
  assert.deepEqual(
    spec.layers[0]!.contents.map(({ object }) => object.path),
    ["bin/busybox", "/work/recipes/common/init.sh", "usr/bin/board"],
  );
  const files = spec.layers[0]!.files.map(({ target, content }) => [
    target,
    content.kind === "text" ? Buffer.from(content.bytes).toString() : content.kind,
  ]);
  assert.deepEqual(files, [
    ["etc/motd", "board a"],
    ["etc/conf", "source"],
    ["etc/hostname", "a\n"],
  ]);
  const { kernel } = spec.layers[0]!;
  assert.deepEqual([kernel?.version, kernel?.firmware.policy], ["6.1.0", "none"]);
  assert.deepEqual(
    kernel?.modules.map(({ word }) => word),
    ["ext4", "virtio-pci"],
  );
});

test("every value keeps its file: for messages, and for the paths that are seen from it", () => {
  const spec = specOfFiles(FLEET);
  assert.deepEqual(
    spec.layers[0]!.contents.map(({ at }) => showPlace(at)),
    ["common/base.yaml:4:12", "common/base.yaml:4:36", "board-a.yaml:4:12"],
  );
  const conf = spec.layers[0]!.files.find(({ target }) => target === "etc/conf")!.content;
  assert.equal(conf.kind === "source" && conf.source, "/work/recipes/common/conf");
  assert.equal(spec.prepend[0]!.path, "/work/recipes/microcode.cpio");
});

test("a path of each kind is seen from the file that says it", () => {
  const spec = specOfFiles({
    "boards/a.yaml": "include: [../base/base.yaml]\n",
    "base/base.yaml":
      "sysroot: root\nstoreRoot: ./store\ncompressor: ./bin/zstd -3\nextension: .zst\nfiles: {/a: x}\nclosure: {references: {files: [closure]}}\nfit: {kernel: {file: Image, load: 1}, fdt: [./a.dtb]}\n",
  });
  const { references } = spec.store;
  const { engine } = spec.image.compressor;
  const { fit } = spec.image;
  assert.deepEqual(
    [
      fit?.kernel?.path,
      fit?.fdts[0]?.path,
      spec.sysroot,
      spec.store.root,
      references.from === "files" && references.files,
      engine.by === "program" && engine.program,
    ],
    [
      "/work/recipes/base/Image",
      "/work/recipes/base/a.dtb",
      "/work/recipes/base/root",
      "/work/recipes/base/store",
      ["/work/recipes/base/closure"],
      "/work/recipes/base/bin/zstd",
    ],
  );
});

test("of a file that two ways lead to, each thing comes once, and who includes it wins over it", () => {
  const files = {
    "r.yaml": "include: [a.yaml, b.yaml]\n",
    "a.yaml": "include: [base.yaml]\nname: a\n",
    "b.yaml": "include: [./x/../base.yaml]\nfiles: {/b: b}\n",
    "base.yaml": "name: base\ncontents: [{object: /bin/sh}]\nfiles: {/b: base}\n",
  };
  const spec = specOfFiles(files);
  assert.equal(spec.layers[0]!.contents.length, 1);
  assert.equal(spec.name, "a", "b.yaml says nothing of it, so a.yaml overrides what both include");
  assert.deepEqual(
    spec.layers[0]!.files.map(({ at }) => showPlace(at)),
    ["b.yaml:2:9"],
  );
});

test("what neither of two recipes overrides must be the same, or be said above them", () => {
  const base = {
    "a.yaml": "name: x\nepoch: 1\nfiles: {/f: x}\n",
    "b.yaml": "name: x\nepoch: 2\nfiles: {/f: y}\n",
  };
  assert.deepEqual(problemsIn({ "r.yaml": "include: [a.yaml, b.yaml]\n", ...base }), [
    "b.yaml:2:1 spec/conflict epoch",
    "b.yaml:3:9 spec/conflict files[/f]",
  ]);
  const decided = { "r.yaml": "include: [a.yaml, b.yaml]\nepoch: 3\nfiles: {/f: z}\n", ...base };
  assert.equal(specOfFiles(decided).image.epoch, 3);
});

test("a compressor, its arguments, and how references are found are one value each", () => {
  const spec = specOfFiles({
    "r.yaml":
      "include: [a.yaml]\ncompressor: {name: gzip}\ncompressorArgs: ['-1']\nclosure: {references: scan, dlopen: none}\n",
    "a.yaml":
      "compressor: {name: zstd, level: 19}\ncompressorArgs: ['-2']\nfiles: {/a: x}\nclosure: {references: {files: [x]}, hwcaps: all, libraryPath: [/opt]}\n",
  });
  assert.deepEqual(spec.image.compressor.engine, { by: "builtin", codec: "gzip", level: 1 });
  assert.deepEqual(
    [spec.store.references.from, spec.hwcaps, spec.dlopen, spec.libraryPath],
    ["scan", "all", [], ["opt"]],
  );
});

test("a secret is one value, its source seen from the file that says it", () => {
  const files = {
    "r.yaml": "include: [base/a.yaml]\nvars: {WHO: b}\nsecrets: {/k: {source: mine}, '/${WHO}/l': ./l}\n",
    "base/a.yaml": "secrets: {/k: {source: other, mode: 0440}, /m: m}\n",
  };
  const { secrets } = specOfFiles(files);
  assert.deepEqual(
    secrets.map(({ target, source, mode }) => [target, source, mode]),
    [
      ["k", "/work/recipes/mine", 0o400],
      ["m", "/work/recipes/base/m", 0o400],
      ["b/l", "/work/recipes/l", 0o400],
    ],
  );
});

test("a list and a word for one key are overridden as a whole", () => {
  const base = "kernel: {modules: [a], firmware: true}\n";
  const policies = (files: Files) =>
    specOfFiles(files).layers[0]!.kernel!.firmware.globs?.map(({ glob }) => glob);
  assert.deepEqual(policies({ "r.yaml": "include: [b.yaml]\nkernel: {firmware: [x]}\n", "b.yaml": base }), [
    "x",
  ]);
  const siblings = {
    "r.yaml": "include: [x.yaml, y.yaml]\n",
    "x.yaml": "include: [b.yaml]\nkernel: {firmware: [x]}\n",
    "y.yaml": "include: [b.yaml]\nkernel: {firmware: [y]}\n",
    "b.yaml": base,
  };
  assert.deepEqual(policies(siblings), ["x", "y"]);
});

test("equal texts of paths that are seen from two directories are no equals", () => {
  const file = "sysroot: ./root\nstoreRoot: /nix\nfiles: {/a: {source: /x}, /b: {source: x}}\n";
  assert.deepEqual(
    problemsIn({ "r.yaml": "include: [a/f.yaml, b/f.yaml]\n", "a/f.yaml": file, "b/f.yaml": file }),
    ["b/f.yaml:1:1 spec/conflict sysroot", "b/f.yaml:3:27 spec/conflict files[/b]"],
  );
});

test("every file is checked by itself, the recipe's own problems first", () => {
  const problems = problemsIn({
    "r.yaml": "include: [a.yaml, b.yaml]\nname: r\nepoch: -1\n",
    "a.yaml": "nmae: a\nname: [x]\ncontents: [{objekt: /a}]\n",
    "b.yaml": "- x\n",
  });
  assert.deepEqual(problems, [
    "r.yaml:3:8 spec/bad-value",
    "a.yaml:1:1 spec/unknown-key",
    "a.yaml:2:7 spec/wrong-type",
    "a.yaml:3:13 spec/unknown-key",
    "a.yaml:3:13 spec/missing-key",
    "b.yaml:1:1 spec/wrong-type",
  ]);
});

test("a recipe of nothing but includes may leave all to them, but not nothing", () => {
  assert.equal(
    specOfFiles({ "r.yaml": "include: [a.yaml]\n", "a.yaml": "files: {/a: x}\n" }).layers[0]!.files.length,
    1,
  );
  assert.deepEqual(problemsIn({ "r.yaml": "include: [a.yaml]\n", "a.yaml": "name: a\n" }), [
    "r.yaml:1:1 spec/nothing-to-build",
  ]);
});

test("includes that lead back are told with every step", () => {
  const files = {
    "r.yaml": "include: [d/a.yaml]\n",
    "d/a.yaml": "include: [b.yaml]\n",
    "d/b.yaml": "include:\n  - ../r.yaml\n  - a.yaml\n",
  };
  const chains = problemsOf(...recipeOf(files)).map(
    (problem) =>
      problem.code === "spec/include-loop" &&
      problem.chain.map(({ at, includes }) => `${showPlace(at)} ${includes}`),
  );
  assert.deepEqual(chains, [
    ["r.yaml:1:11 d/a.yaml", "d/a.yaml:1:11 d/b.yaml", "d/b.yaml:2:5 r.yaml"],
    ["d/a.yaml:1:11 d/b.yaml", "d/b.yaml:3:5 d/a.yaml"],
  ]);
});

test("the number of files is bounded, however they include one another", ENDS, () => {
  const chain = Object.fromEntries(
    Array.from({ length: 5000 }, (_, at) => [`${at}.yaml`, `include: [${at + 1}.yaml]\nfiles: {/a: x}\n`]),
  );
  assert.deepEqual(problemsIn(chain), ["99.yaml:1:11 spec/too-many-includes"]);
  const wide = Array.from({ length: 5000 }, (_, at) => `${at}.yaml`);
  const files = {
    "r.yaml": `include: [${wide.join(", ")}]\n`,
    ...Object.fromEntries(wide.map((name) => [name, "name: a\n"])),
  };
  assert.equal(problemsIn(files).length, 1);
  // Every file includes all that follow it: as many ways as 2 to the power of their number.
  const dense = Array.from({ length: 99 }, (_, at) => {
    const below = Array.from({ length: 98 - at }, (_, next) => `${at + next + 1}.yaml`);
    return [`${at}.yaml`, `include: [${below.join(", ")}]\nname: n${at}\nfiles: {/f${at}: x}\n`];
  });
  const spec = specOfFiles(Object.fromEntries(dense));
  assert.deepEqual([spec.name, spec.layers[0]!.files.length], ["n0", 99]);
});

test("a file is read once, however often it is included", () => {
  const reads: string[] = [];
  const [recipe, more] = recipeOf({
    "r.yaml": `include: [${"a.yaml, ./a.yaml, x/../a.yaml, ".repeat(100)}b.yaml]\n`,
    "a.yaml": "include: [b.yaml]\nfiles: {/a: x}\n",
    "b.yaml": "name: b\n",
  });
  const readIncluded = (path: Parameters<NonNullable<typeof more.readIncluded>>[0]) => {
    reads.push(path);
    return more.readIncluded!(path);
  };
  assert.equal(specOf(recipe, { ...more, readIncluded }).name, "b");
  assert.deepEqual(reads, ["/work/recipes/a.yaml", "/work/recipes/b.yaml"]);
});

test("any includes give a recipe or problems, never another error", () => {
  const words = [
    "include: ",
    "[",
    "]",
    "a.yaml",
    "b.yaml, ",
    "../",
    "${A}",
    "vars: {A: b}",
    "\n",
    "name: ",
    "files: {/a: x}\n",
    "x",
    "- ",
    "$${A}",
    "'",
    "\0",
    "kernel: {modules: [${A}]}\n",
    "{/${A}: ${A}, ",
    "}",
  ];
  let state = 4711;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const text = () => Array.from({ length: next(20) }, () => words[next(words.length)]).join("");
  let good = 0;
  for (let round = 0; round < 3000; round++) {
    const files = {
      "a.yaml": `${next(2) ? "include: [b.yaml, c.yaml]\n" : ""}${text()}`,
      "b.yaml": text(),
      "c.yaml": text(),
    };
    if (problemsIn(files).length === 0) good++;
  }
  assert.ok(good > 0);
});
