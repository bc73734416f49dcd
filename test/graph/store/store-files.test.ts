import assert from "node:assert/strict";
import { test } from "node:test";
import { BuildFailure } from "../../../src/core/problem.ts";
import { closeReferences } from "../../../src/graph/close.ts";
import type { Closure } from "../../../src/graph/graph.ts";
import { fileNode } from "../../../src/graph/references.ts";

import { writeElf } from "../../support/elf-writer.ts";
import { type MemoryFile, memoryTree } from "../../support/memory-tree.ts";
import { file, inlineText, object, type SpecParts, specOf, target } from "../../support/specs.ts";

const GLIBC = "2ysd87v9q17gm7kxpmmb4lqgn6ps39m5-glibc";
const BASH = "7ig9cjdd02d1pknffyhzwf3qy7ly6z23-bash";
const TOOL = "5pgh0d9ijrv6r6w64wn97p7dm2pf940f-tool";

const STORE: Record<string, MemoryFile> = {
  [`/${GLIBC}/lib/ld.so.2`]: { mode: 0o700, bytes: writeElf({ soname: "ld.so.2" }) },
  [`/${GLIBC}/lib/libc.so.6`]: { mode: 0o555, bytes: writeElf({ soname: "libc.so.6" }) },
  [`/${GLIBC}/share/locale`]: "not reached",
  [`/${BASH}/bin/bash`]: {
    mode: 0o555,
    bytes: writeElf({
      interpreter: `/nix/store/${GLIBC}/lib/ld.so.2`,
      needed: ["libc.so.6"],
      runpath: `/nix/store/${GLIBC}/lib`,
    }),
  },
  [`/${BASH}/bin/sh`]: { symlink: "bash" },
  [`/${BASH}/share/doc`]: "not reached",
  [`/${TOOL}/bin/tool`]: { mode: 0o555, bytes: `#!/nix/store/${BASH}/bin/sh -e\nexec .tool-wrapped\n` },
  [`/${TOOL}/bin/.tool-wrapped`]: { mode: 0o555, bytes: writeElf({ isDynamic: false }) },
  [`/${TOOL}/bin/other`]: "not reached",
  [`/${TOOL}/etc/tool.conf`]: { mode: 0o604, bytes: `reads /nix/store/${BASH}/share/doc` },
};

function close(spec: SpecParts, sysroot: Record<string, MemoryFile> = {}): Closure {
  const trees = {
    sysroot: memoryTree("/sysroot", sysroot),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", { ...STORE, "/": { directory: 0o1775 } }),
  };
  const { store } = specOf();
  return closeReferences(
    specOf({ store: { ...store, extent: "files" }, ...spec }),
    trees,
    { from: "scan" },
    () => {},
  );
}

function shown({ claims }: Closure): string[] {
  const lines = claims.map(({ entry }) => {
    const more = entry.kind === "symlink" ? `-> ${entry.to}` : `${entry.kind} ${entry.mode.toString(8)}`;
    return `${entry.path.replace(/(?<=^nix\/store\/)\w{32}-/, "")} ${more}`;
  });
  return [...new Set(lines)].sort();
}

const REACHED_FROM_BASH = [
  "nix directory 755",
  "nix/store directory 755",
  "nix/store/bash directory 555",
  "nix/store/bash/bin directory 555",
  "nix/store/bash/bin/bash file 555",
  "nix/store/glibc directory 555",
  "nix/store/glibc/lib directory 555",
  "nix/store/glibc/lib/ld.so.2 file 555",
  "nix/store/glibc/lib/libc.so.6 file 555",
];

test("of a program in the store come its interpreter and its libraries, in the modes of Nix", () => {
  assert.deepEqual(shown(close({ contents: [object(`/nix/store/${BASH}/bin/bash`)] })), REACHED_FROM_BASH);
});

test("a script brings its interpreter through its symlink, and what a wrapper wraps", () => {
  const closure = close({ contents: [object(`/nix/store/${TOOL}/bin/tool`)] });
  assert.deepEqual(
    shown(closure),
    [
      ...REACHED_FROM_BASH,
      "nix/store/bash/bin/sh -> bash",
      "nix/store/tool directory 555",
      "nix/store/tool/bin directory 555",
      "nix/store/tool/bin/.tool-wrapped file 555",
      "nix/store/tool/bin/tool file 555",
    ].sort(),
  );
  const wrapped = fileNode(target(`/nix/store/${TOOL}/bin/.tool-wrapped`));
  assert.deepEqual(
    closure.references.referencesTo(wrapped).map(({ reason, from }) => `${reason} ${from}`),
    [`wrapped file:nix/store/${TOOL}/bin/tool`],
  );
});

test("a directory that is named comes as a whole, each of its files scanned; texts bring nothing", () => {
  const found = shown(close({ contents: [object(`/nix/store/${TOOL}`)] }));
  assert.ok(found.includes("nix/store/tool/etc/tool.conf file 444"));
  assert.ok(found.includes("nix/store/tool/bin/other file 444"));
  assert.ok(found.includes("nix/store/glibc/lib/libc.so.6 file 555"));
  assert.ok(!found.some((line) => line.includes("share")), found.join("\n"));
});

test("files of the sysroot and of the recipe reach into the store, and out of it", () => {
  const spec = {
    contents: [object("/usr/bin/tool")],
    files: [file("/init", inlineText(`#!/nix/store/${BASH}/bin/bash\n`, 0o755))],
  };
  const found = shown(close(spec, { "/usr/bin/tool": { symlink: `/nix/store/${TOOL}/bin/.tool-wrapped` } }));
  assert.ok(found.includes("nix/store/tool/bin/.tool-wrapped file 555"));
  assert.ok(!found.includes("nix/store/tool/bin/tool file 555"));
  assert.ok(found.includes("nix/store/glibc/lib/ld.so.2 file 555"));
});

test("what a file of the store needs and the store lacks is an error", () => {
  const gone = object(`/nix/store/${TOOL}/bin/tool`);
  const spec = { contents: [gone], store: { ...specOf().store, extent: "files" as const } };
  const trees = {
    sysroot: memoryTree("/sysroot", {}),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", { [`/${TOOL}/bin/tool`]: STORE[`/${TOOL}/bin/tool`]! }),
  };
  assert.throws(
    () => closeReferences(specOf(spec), trees, { from: "scan" }, () => {}),
    (error) => error instanceof BuildFailure && error.problems[0]?.code === "graph/interpreter-not-found",
  );
});
