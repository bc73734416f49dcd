/** What a word stands for in an image, and the chain to it: of a recipe that has a bit of everything. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { showPath, type TargetPath } from "../../src/core/path.ts";
import { Answers, type ExplainedEntry } from "../../src/trace/answer.ts";
import { parseAsked } from "../../src/trace/asked-name.ts";
import type { ExplainedChain } from "../../src/trace/explain-entry.ts";
import { nearestName } from "../../src/trace/find-named.ts";
import { tracePlan } from "../../src/trace/trace-plan.ts";
import { LOADER, loaderFile } from "../graph/loader/loading.ts";
import { decideRecipe } from "../support/decided.ts";
import { writeElf } from "../support/elf-writer.ts";
import { KERNEL_TREE, MODULES } from "../support/kernel-tree.ts";
import type { MemoryFile } from "../support/memory-tree.ts";
import { writeModule } from "../support/module-writer.ts";
import { target } from "../support/specs.ts";

const TREE: Readonly<Record<string, MemoryFile>> = {
  ...KERNEL_TREE,
  "/bin": { symlink: "usr/bin" },
  [LOADER]: loaderFile(),
  "/usr/bin/dash": {
    mode: 0o755,
    bytes: writeElf({ interpreter: LOADER, needed: ["libc.so.6"], runpath: "/opt/lib" }),
  },
  "/usr/bin/sh": { symlink: "dash" },
  "/usr/bin/tool": { mode: 0o755, bytes: "#!/bin/sh -e\n" },
  "/usr/lib/libc.so.6": { symlink: "libc-2.so" },
  "/usr/lib/libc-2.so": writeElf({ soname: "libc.so.6" }),
  "/etc/app/a.conf": "a",
  "/etc/app/sub/b.conf": "b",
  "/usr/lib/firmware/net/a.bin": "a",
  "/usr/lib/firmware/net/b2.bin.xz": "b",
  [`${MODULES}/kernel/drivers/my-pci.ko`]: writeModule({ info: ["alias=pci:v00001AF4d*"] }),
};

const RECIPE = `sysroot: /sysroot
contents:
  - object: /usr/bin/tool
  - object: /etc/app
kernel:
  version: 6.1.0-test
  modules: [disk, my-pci, net]
files:
  /etc/app/a.conf: "mine\\n"
  /srv/deep/here: { directory: true }
layers:
  - name: base
    contents: [{ object: /usr/bin/dash }]
    files: { /etc/motd: "base\\n" }
  - name: over
    files: { /etc/motd: "over\\n" }
`;

const shown = ({ line, steps }: ExplainedChain) => [
  `${line.at === null ? "" : line.at.line} ${line.label}`,
  ...steps.map(({ reason, path }) => `${reason} ${showPath(path)}`),
];

describe("a word and what it stands for", () => {
  let answers: Answers;
  before(async () => {
    const { decision } = await decideRecipe(RECIPE, TREE);
    const traced = tracePlan({
      name: "x",
      plan: decision.plan,
      contents: new Map(),
      compressedOf: () => null,
    });
    const beside = {
      secrets: [{ path: target("/etc/key"), at: null }],
      archives: [{ file: "ucode.cpio", at: null, paths: [target("/kernel/x86/microcode/x.bin")] }],
    };
    answers = new Answers(traced, beside, (alias) => (alias.startsWith("pci:v00001AF4d") ? ["my_pci"] : []));
  });
  const find = (word: string): readonly ExplainedEntry[] =>
    answers.answer(parseAsked(word)!, "shortest")?.entries ?? [];
  const pathsOf = (word: string) => find(word).map(({ entry }) => showPath(entry.path));

  const rows: readonly (readonly [word: string, paths: readonly string[]])[] = [
    ["/usr/bin/dash", ["/usr/bin/dash"]],
    ["usr/bin/dash", ["/usr/bin/dash"]],
    ["bin/dash", ["/usr/bin/dash"]],
    ["/bin/sh", ["/usr/bin/sh"]],
    ["//bin/./dash", ["/usr/bin/dash"]],
    ["dash", ["/usr/bin/dash"]],
    ["libc.so.6", ["/usr/lib/libc.so.6"]],
    ["libc", ["/usr/lib/libc.so.6"]],
    ["/etc/motd", ["/etc/motd", "/etc/motd"]],
    ["disk", [`${MODULES}/kernel/drivers/disk.ko`]],
    ["my_bus", [`${MODULES}/kernel/drivers/my-bus.ko`]],
    ["my-bus", [`${MODULES}/kernel/drivers/my-bus.ko`]],
    ["module:my-pci", [`${MODULES}/kernel/drivers/my-pci.ko`]],
    ["pci:v00001AF4d00001000", [`${MODULES}/kernel/drivers/my-pci.ko`]],
    ["net/a.bin", ["/usr/lib/firmware/net/a.bin"]],
    ["firmware:net/b2.bin", ["/usr/lib/firmware/net/b2.bin.xz"]],
    ["b*.bin", ["/usr/lib/firmware/net/b2.bin.xz"]],
    ["/etc/app/**", ["/etc/app", "/etc/app/a.conf", "/etc/app/sub", "/etc/app/sub/b.conf"]],
    ["module:dash", []],
    ["/dash", []],
    ["../dash", []],
    ["/usr/bin/dash/x", []],
  ];
  for (const [word, paths] of rows) {
    test(`${word}: ${paths.join(", ") || "nothing"}`, () =>
      assert.deepEqual([...pathsOf(word)].sort(), [...paths].sort()));
  }

  test("the chain begins at a line of the layer that holds the entry", () => {
    const [libc] = find("libc.so.6");
    assert.deepEqual(
      [libc!.layer, ...shown(libc!.chain!)],
      ["base", "13 layers/base/contents/0", "named /usr/bin/dash", "needed /usr/lib/libc.so.6"],
    );
    assert.equal(libc!.chain!.steps[1]!.tried[0], "/opt/lib (runpath of /usr/bin/dash)");
    const motds = find("/etc/motd").map(({ layer, chain, entry }) => [
      layer,
      chain?.line.at?.line,
      entry.overriddenBy,
    ]);
    assert.deepEqual(motds, [
      ["base", 14, "over"],
      ["over", 16, null],
    ]);
  });

  test("links in the middle and at the end are told apart", () => {
    const [link] = find("/bin");
    assert.deepEqual(shown(link!.chain!).slice(1), ["named /usr/bin/tool", "through /bin"]);
    const [sh] = find("/bin/sh");
    assert.deepEqual(
      sh!.links.map(({ path, isFinal }) => [showPath(path), isFinal]),
      [["/bin", false]],
    );
  });

  test("a file of a copied directory is held by it", () => {
    const [conf] = find("b.conf");
    assert.deepEqual(shown(conf!.chain!), ["4 contents/1", "named /etc/app", "copied /etc/app/sub/b.conf"]);
  });

  test("a directory above is there for what is below it", () => {
    const [srv] = find("/srv");
    assert.deepEqual(shown(srv!.chain!).slice(1), ["named /srv/deep/here", "parent /srv"]);
  });

  test("all independent chains, and all lines", () => {
    const { entries } = answers.answer(parseAsked("/usr/bin/dash")!, "all")!;
    const { chains, areAll, lines } = entries[0]!.all!;
    assert.equal(areAll, true);
    assert.deepEqual(chains.map(shown), [
      ["13 layers/base/contents/0", "named /usr/bin/dash"],
      ["3 contents/0", "named /usr/bin/tool", "shebang /usr/bin/sh", "symlink /usr/bin/dash"],
    ]);
    assert.deepEqual(lines.map(({ label }) => label).sort(), ["contents/0", "layers/base/contents/0"]);
  });

  test("secrets and prepended archives are told, and nothing of what they hold", () => {
    assert.deepEqual(answers.answer(parseAsked("/etc/key")!, "shortest")!.beside.secrets.length, 1);
    const { archives } = answers.answer(parseAsked("x.bin")!, "shortest")!.beside;
    assert.deepEqual(
      archives.map(({ file, paths }) => [file, paths]),
      [["ucode.cpio", ["kernel/x86/microcode/x.bin"]]],
    );
  });

  test("files that came in together are told together", () => {
    const paths = [
      "usr/lib/libc.so.6",
      "usr/lib/libc-2.so",
      "etc/app/a.conf",
      "usr/bin/tool",
      LOADER.slice(1),
    ] as TargetPath[];
    const groups = answers.explainTogether(paths);
    assert.deepEqual(
      groups.map((group) => [group.way.steps.length, group.paths]),
      [
        [2, ["usr/lib/libc.so.6", "usr/lib/libc-2.so", LOADER.slice(1)]],
        [1, ["etc/app/a.conf"]],
        [1, ["usr/bin/tool"]],
      ],
    );
  });

  test("a misspelt name is set right", () => {
    assert.equal(nearestName("mybuss" as TargetPath, answers.named), "my_bus");
    assert.equal(nearestName("quite another" as TargetPath, answers.named), null);
  });
});

test("words that name nothing are no names", () => {
  for (const word of ["", "a\0b", "x".repeat(5000)]) assert.equal(parseAsked(word), null);
  assert.deepEqual(parseAsked("package:a/b"), { kind: "package", text: "a/b" });
  assert.deepEqual(parseAsked("module:"), { kind: "name", text: "module:" });
});
