// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
/** Recipes of several files, and recipes with variables, that cannot be built. Their transcripts lie in transcripts/. */
import { mkdirSync } from "node:fs";
import { type BadCase, put } from "./bad-recipes.ts";

const SMALL = "sysroot: ./root\nfiles: { /a: x }\n";

/** Files beside the recipe, or below its directory. */
function files(table: Readonly<Record<string, string>>): NonNullable<BadCase["setup"]> {
  return (directory) => {
    for (const [path, text] of Object.entries(table)) put(directory, path, text);
  };
}

/** A file of the tree below /bin, one beside it, and what lies over them. */
const TREE = files({ "root/usr/bin/tool": "tool", "root/usr/share/data": "data" });
const BASE = "{ name: base, contents: [{ object: /usr/bin }] }";

const layers: BadCase[] = [
  {
    name: "layers-of-one-name",
    recipe:
      "sysroot: ./root\nlayers:\n  - { name: base, files: { /a: x } }\n  - { name: base, files: { /b: x } }\n",
  },
  {
    name: "layer-misspelt",
    recipe: "sysroot: ./root\nlayers:\n  - { nmae: base, filse: { /a: x } }\n",
  },
  {
    name: "layers-beside-layering",
    recipe: `${SMALL}layering: auto\nlayers: [{ name: base, files: { /b: x } }]\n`,
  },
  {
    name: "layer-that-uses-what-is-missing",
    recipe: `${SMALL}layers: [{ name: base, use: ./base.yaml }]\n`,
  },
  {
    name: "layers-where-the-kernel-would-lose-something",
    recipe: `sysroot: ./root
layers:
  - ${BASE}
  - { name: links, files: { /opt/now: { symlink: /usr/share }, /dev/x: { device: c, major: 1, minor: 3 } } }
files:
  /usr/bin: "no directory"
  /opt/now: { directory: true }
  /dev/x: { device: c, major: 1, minor: 5 }
`,
    setup: TREE,
  },
  {
    name: "layer-over-its-budget",
    recipe: `sysroot: ./root\nlayers:\n  - { name: base, budget: { unpacked: 3 }, contents: [{ object: /usr/bin }] }\nfiles: { /a: x }\n`,
    setup: TREE,
  },
];

const includes: BadCase[] = [
  { name: "include-missing", recipe: `include: [./common/base.yaml]\n${SMALL}` },
  {
    name: "include-of-a-directory",
    recipe: `include:\n  - ./common\n${SMALL}`,
    setup: (directory) => mkdirSync(`${directory}/common`),
  },
  { name: "include-is-no-list", recipe: `include: ./base.yaml\n${SMALL}` },
  { name: "include-of-itself", recipe: `include: [initrd.yaml]\n${SMALL}` },
  {
    name: "include-loop",
    recipe: `include: [common/base.yaml]\n${SMALL}`,
    setup: files({
      "common/base.yaml": "name: base\ninclude:\n  - ../debug.yaml\n",
      "debug.yaml": "include: [./common/base.yaml]\n",
    }),
  },
  {
    name: "include-too-many",
    recipe: `include: [./1.yaml]\n${SMALL}`,
    setup: (directory) => {
      for (let at = 1; at <= 100; at++) put(directory, `${at}.yaml`, `include: [./${at + 1}.yaml]\n`);
    },
  },
  {
    name: "include-conflict",
    recipe: `include: [./base.yaml, ./debug.yaml]\n${SMALL}`,
    setup: files({
      "base.yaml": "name: base\nkernel: { version: 6.1.0-50-arm64 }\n",
      "debug.yaml": "epoch: 5\nname: debug\nkernel: { version: 6.1.0-51-arm64 }\n",
    }),
  },
  {
    name: "include-conflict-of-files",
    recipe: "include: [./one/files.yaml, ./two/files.yaml]\nsysroot: ./root\n",
    setup: files({
      "one/files.yaml": "files:\n  /etc/motd: hello\n  /etc/conf: { source: ./conf }\n",
      "two/files.yaml": "files:\n  /etc/motd: { text: hello }\n  /etc/conf: { source: ./conf }\n",
    }),
  },
  {
    name: "include-with-problems",
    recipe: `include: [./base.yaml]\nepoch: -1\n${SMALL}`,
    setup: files({ "base.yaml": "compresor: gzip\nfiles: { etc/motd: x }\nepoch: soon\n" }),
  },
  {
    name: "include-of-no-yaml",
    recipe: `include: [./base.yaml, ./more.yaml]\n${SMALL}`,
    setup: files({ "base.yaml": "name: a: b\n", "more.yaml": "" }),
  },
  {
    name: "include-of-a-missing-source",
    recipe: "include: [./common/base.yaml]\nsysroot: ./root\n",
    setup: files({ "common/base.yaml": "files:\n  /init: { source: ./init.sh }\n" }),
  },
];

const variables: BadCase[] = [
  {
    name: "variable-in-a-script",
    recipe: "sysroot: ./root\nfiles:\n  /init: |\n    #!/usr/bin/tool\n    cd ${HOME:-/}; echo $$ ${PATH}\n",
  },
  {
    name: "variable-misspelt",
    recipe: `vars: { KERNEL: 6.1.0-50-arm64 }\nname: initrd-\${KERNLE}\n${SMALL}`,
    env: { KERNLE: "from the environment" },
  },
  { name: "variable-of-small-letters", recipe: `vars: { kernel: 6.1.0-50-arm64 }\n${SMALL}` },
  { name: "variable-of-variables", recipe: `vars: { A: 1, B: "\${A}", C: [a], D: }\n${SMALL}` },
  {
    name: "variable-of-another-type",
    recipe: `vars: { SOLID: "yes", NAME: 6.10 }\nsolid: \${SOLID}\nname: \${NAME}\n${SMALL}`,
  },
  {
    name: "variable-in-an-include",
    recipe: "include:\n  - ./base.yaml\n  - ./${BOARD}.yaml\n",
    setup: files({ "base.yaml": "vars: { BOARD: a }\n" }),
  },
  { name: "variable-without-quotes", recipe: "vars: { A: x }\nkernel: { version: ${A} }\n" },
  {
    name: "variable-conflict",
    recipe: `include: [./base.yaml, ./debug.yaml]\nname: initrd-\${LEVEL}\n${SMALL}`,
    setup: files({ "base.yaml": "vars: { LEVEL: 1 }\n", "debug.yaml": "vars:\n  LEVEL: 2\n" }),
  },
  {
    name: "set-of-no-variable",
    recipe: `vars: { KERNEL: 6.1.0-50-arm64, LEVEL: 3 }\n${SMALL}`,
    words: ["build", "--set", "LEVEL=4", "--set", "KERNLE=6.1.0-51-arm64"],
  },
  {
    name: "set-of-another-type",
    recipe: `vars:\n  LEVEL: 3\n  DEBUG: false\n${SMALL}`,
    words: ["build", "--set", "LEVEL=high", "--set", "DEBUG=yes"],
  },
];

export const BAD_COMPOSITIONS: readonly BadCase[] = [...includes, ...layers, ...variables];
