/** Layers as their users see them: what a change rebuilds, what recipes share, and that the tree is the one of a single layer. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { initgraph } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";

interface Layer {
  readonly name: string;
  readonly segments: readonly { readonly key: string }[];
}

const RECIPES: Readonly<Record<string, string>> = {
  "base.yaml": "sysroot: ./root\ncontents: [{object: /opt/base}, {object: /bin}]\n",
  "a.yaml": `name: a
layers:
  - {name: base, use: base.yaml}
  - {name: data, contents: [{object: /opt/data}], compressor: none}
files: {/etc/hostname: a, /opt/base/motd: changed}
`,
  "b.yaml":
    "name: b\nlayers: [{name: base, use: base.yaml}]\ncontents: [{object: /opt/data}]\ncompressor: gzip\n",
  "flat.yaml":
    "name: flat\ninclude: [base.yaml]\ncontents: [{object: /opt/data}]\nfiles: {/etc/hostname: a}\n",
};

function place(t: TestContext) {
  const directory = scratchDirectory(t);
  const files = {
    "opt/base/motd": "hello",
    "opt/base/x": "x",
    "opt/data/table": "1 2 3",
    "bin/tool": "tool",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, "root", path, ".."), { recursive: true });
    writeFileSync(join(directory, "root", path), text);
  }
  for (const [name, text] of Object.entries(RECIPES)) writeFileSync(join(directory, name), text);
  const out = join(directory, "result");
  const build = (name: string, ...more: readonly string[]) => {
    const recipe = join(directory, `${name}.yaml`);
    initgraph("build", recipe, "--out", out, "--cache", join(directory, "cache"), ...more);
    const manifest = JSON.parse(readFileSync(join(out, `${name}.manifest.json`), "utf8"));
    const layers = manifest.layers as Layer[];
    return {
      image: join(out, name),
      manifest,
      keys: layers.map(({ segments }) => segments.map(({ key }) => key)),
    };
  };
  return { directory, out, build };
}

function treeOf(image: string): Map<string, string> {
  const rows = JSON.parse(initgraph("ls", image, "--json")).entries as {
    name: string;
    kind: string;
    mode: string;
  }[];
  return new Map(rows.map(({ name, kind, mode }) => [name, `${kind} ${mode}`]));
}

test("two recipes share the layer that both use, and a change costs the layer that it is in", (t) => {
  const { directory, build } = place(t);
  const [a, b] = [build("a"), build("b")];
  assert.deepEqual(a.keys[0], b.keys[0]);
  writeFileSync(join(directory, "root/opt/data/table"), "1 2 3 4");
  const later = build("a");
  assert.deepEqual(later.keys[0], a.keys[0]);
  assert.notDeepEqual(later.keys[1], a.keys[1]);
  assert.deepEqual(later.keys[2], a.keys[2]);
});

test("the tree of several layers is that of one, and what lies on top is what is read", (t) => {
  const { build } = place(t);
  const [layered, flat] = [build("a"), build("flat")];
  assert.deepEqual(treeOf(layered.image), treeOf(flat.image));
  assert.equal(initgraph("cat", layered.image, "/opt/base/motd"), "changed");
  assert.equal(initgraph("cat", flat.image, "/opt/base/motd"), "hello");
});

test("a resolved recipe of layers means the same image", (t) => {
  const { directory, build } = place(t);
  const resolved = initgraph("plan", "--resolved", join(directory, "a.yaml"));
  writeFileSync(join(directory, "again.yaml"), resolved.replace("name: a", "name: again"));
  const [first, second] = [build("a"), build("again")];
  assert.deepEqual(readFileSync(first.image), readFileSync(second.image));
});

test("an emitted layer is an initrd of its own, and all of them behind one another are the image's tree", (t) => {
  const { out, build } = place(t);
  const { image, manifest } = build("a", "--emit", "layers");
  const files = manifest.emitted as { layer: string; file: string; size: number; digest: string }[];
  assert.deepEqual(
    files.map(({ file }) => file),
    ["a.base.zst", "a.data.cpio", "a.main.zst"],
  );
  assert.deepEqual([...treeOf(join(out, "a.data.cpio")).keys()], ["opt/data", "opt/data/table"]);
  const bytes = files.map(({ file, size, digest }) => {
    const content = readFileSync(join(out, file));
    assert.deepEqual([content.length % 4, content.length], [0, size]);
    assert.equal(digest, `sha256-${createHash("sha256").update(content).digest("hex")}`);
    return content;
  });
  writeFileSync(join(out, "side-by-side"), Buffer.concat(bytes));
  assert.deepEqual(treeOf(join(out, "side-by-side")), treeOf(image));
  const lines = readFileSync(`${image}.loaders.txt`, "utf8");
  assert.match(lines, /^initrd \/a\.base\.zst \/a\.data\.cpio \/a\.main\.zst$/m);
  assert.equal(build("a").manifest.emitted, undefined, "a build without it is another");
});
