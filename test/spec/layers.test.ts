// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { showPlace } from "../../src/core/span.ts";
import type { LayerSpec } from "../../src/spec/spec.ts";
import { problemsOf, recipeOf, specOf } from "../support/recipes.ts";

type Files = Readonly<Record<string, string>>;

function layersOf(files: Files): readonly LayerSpec[] {
  return specOf(...recipeOf(files)).layers;
}

function problemsIn(files: Files): string[] {
  return problemsOf(...recipeOf(files)).map((problem) => {
    const place = "at" in problem && problem.at ? `${showPlace(problem.at)} ` : "";
    return `${place}${problem.code}`;
  });
}

/** `base: bin/sh, /etc/motd` of each layer. */
function shown(files: Files): string[] {
  return layersOf(files).map(({ name, contents, files: own }) => {
    const parts = [...contents.map(({ object }) => object.path), ...own.map(({ target }) => `/${target}`)];
    return `${name}: ${parts.join(" ")}`;
  });
}

test("what stands beside the layers is the last of them", () => {
  const recipe = "layers: [{name: base, contents: [{object: /bin/sh}]}]\nfiles: {/init: x}\n";
  assert.deepEqual(shown({ "r.yaml": recipe }), ["base: bin/sh", "main: /init"]);
  assert.deepEqual(shown({ "r.yaml": "files: {/init: x}\n" }), ["main: /init"]);
  assert.deepEqual(shown({ "r.yaml": "layers: [{name: a, files: {/init: x}}]\n" }), ["a: /init"]);
});

test("a layer has a compressor of its own, or the recipe's", () => {
  const layers = layersOf({
    "r.yaml": `layers:
  - {name: a, files: {/a: a}}
  - {name: b, files: {/b: b}, compressor: none}
  - {name: c, files: {/c: c}, compressor: {name: gzip, level: 3}}
compressor: zstd -3
`,
  });
  assert.deepEqual(
    layers.map(({ compressor, extension }) => [compressor.name, compressor.engine.by, extension]),
    [
      ["zstd", "builtin", ".zst"],
      ["none", "nobody", ".cpio"],
      ["gzip", "builtin", ".gz"],
    ],
  );
});

const BASE = `name: base
sysroot: ../root
epoch: 7
contents: [{object: /bin/sh}]
files: {/etc/motd: {source: ./motd}}
compressor: none
`;

test("a layer that uses a recipe has its parts, seen from there, and its ways to look things up", () => {
  const files = {
    "r.yaml": "layers: [{name: one, use: common/base.yaml, files: {/b: b}}]\nfiles: {/init: x}\n",
    "common/base.yaml": BASE,
  };
  assert.deepEqual(shown(files), ["one: bin/sh /etc/motd /b", "main: /init"]);
  const spec = specOf(...recipeOf(files));
  assert.deepEqual([spec.name, spec.sysroot, spec.image.epoch], ["initrd", "/work/recipes/root", 1]);
  const { content } = spec.layers[0]!.files[0]!;
  assert.equal(content.kind === "source" && content.source, "/work/recipes/common/motd");
  assert.deepEqual(
    spec.layers.map(({ compressor }) => compressor.name),
    ["none", "zstd"],
  );
});

test("what a used recipe includes is in its layer, and its own layers come before it", () => {
  const files = {
    "r.yaml": "layers: [{name: net, use: net.yaml}, {name: disk, use: disk.yaml}]\n",
    "net.yaml": "include: [more.yaml]\nlayers: [{name: base, use: base.yaml}]\nfiles: {/net: x}\n",
    "disk.yaml": "layers: [{name: base, use: base.yaml}]\nfiles: {/disk: x}\n",
    "base.yaml": "files: {/base: x}\n",
    "more.yaml": "files: {/more: x}\n",
  };
  assert.deepEqual(shown(files), ["base: /base", "net: /more /net", "disk: /disk"]);
  const included = { ...files, "disk.yaml": "include: [net.yaml]\nfiles: {/disk: x}\n" };
  assert.deepEqual(shown(included), ["base: /base", "net: /more /net", "disk: /more /net /disk"]);
  const other = { ...files, "disk.yaml": "layers: [{name: base, files: {/other: x}}]\n" };
  assert.deepEqual(problemsIn(other), ["disk.yaml:1:10 spec/layer-twice"]);
});

test("a layer that is nothing but other layers is none of its own", () => {
  const files = {
    "r.yaml": "layers: [{name: all, use: set.yaml}]\nfiles: {/init: x}\n",
    "set.yaml": "layers: [{name: a, files: {/a: x}}, {name: b, files: {/b: x}}]\n",
  };
  assert.deepEqual(shown(files), ["a: /a", "b: /b", "main: /init"]);
});

test("variables stand in a layer as elsewhere, and in the path that it uses", () => {
  const files = {
    "r.yaml": "vars: {B: one}\nlayers: [{name: b, use: './${B}.yaml', files: {'/${B}': '${B}'}}]\n",
    "one.yaml": "vars: {B: two}\nfiles: {/a: '${B}'}\n",
  };
  assert.deepEqual(shown(files), ["b: /a /one"]);
  const texts = layersOf(files)[0]!.files.map(
    ({ content }) => content.kind === "text" && Buffer.from(content.bytes).toString(),
  );
  assert.deepEqual(texts, ["one", "one"]);
});

test("two layers of one name, loops, unknown keys and missing files are told with their places", () => {
  const twins = "layers: [{name: a, files: {/a: x}}, {name: a, files: {/b: x}}]\n";
  assert.deepEqual(problemsIn({ "r.yaml": twins }), ["r.yaml:1:37 spec/layer-twice"]);
  const main = "layers: [{name: main, files: {/a: x}}]\nfiles: {/b: x}\n";
  assert.deepEqual(problemsIn({ "r.yaml": main }), ["r.yaml:1:10 spec/layer-twice"]);
  const loop = { "r.yaml": "layers: [{name: a, use: r.yaml}]\n" };
  assert.deepEqual(problemsIn(loop), ["r.yaml:1:25 spec/include-loop"]);
  const wrong =
    "layers: [{name: a, sysroot: /x}, {files: {/a: x}}, {name: a/b}, {name: c, use: none.yaml}]\n";
  assert.deepEqual(problemsIn({ "r.yaml": wrong }), ["r.yaml:1:80 spec/cannot-include"]);
  assert.deepEqual(problemsIn({ "r.yaml": wrong.replace(", {name: c, use: none.yaml}", "") }), [
    "r.yaml:1:20 spec/unknown-key",
    "r.yaml:1:35 spec/missing-key",
    "r.yaml:1:59 spec/bad-value",
  ]);
});
