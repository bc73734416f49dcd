import assert from "node:assert/strict";
import { test } from "node:test";
import { lddLines } from "../../../src/graph/loader/ldd.ts";
import { writeElf } from "../../support/elf-writer.ts";
import { type MemoryFile, memoryTree } from "../../support/memory-tree.ts";
import { library, loadingOf, told } from "./loading.ts";

const MUSL = "/lib/ld-musl-x86_64.so.1";

test("libc and its parts are the loader, and no file of such a name is looked for", () => {
  const loaded = load({
    "/bin/main": main({ needed: ["libc.so", "libpthread.so.0", "libc.musl-x86_64.so.1", "libmath.so"] }),
    "/lib/libc.so": "GNU ld script",
    "/usr/lib/libmath.so": library("libmath.so"),
  });
  assert.deepEqual(told(loaded), [
    `libc.so => ${MUSL} (the loader itself)`,
    `libpthread.so.0 => ${MUSL} (the loader itself)`,
    `libc.musl-x86_64.so.1 => ${MUSL} (the loader itself)`,
    "libmath.so => /usr/lib/libmath.so (default directory /usr/lib)",
  ]);
});

test("RUNPATH is inherited with musl, wins over RPATH, and an unknown token turns it off", () => {
  const deep = (wish: object, middle: object = {}) =>
    told(
      load({
        "/bin/main": main({ needed: ["libm1.so"], ...wish }),
        "/opt/libm1.so": library("libm1.so", { needed: ["libdeep.so"], ...middle }),
        "/opt/libdeep.so": library("libdeep.so"),
      }),
    ).map((line) => line.split(" ?? ")[0]);
  const found = (rule: string) => [
    `libm1.so => /opt/libm1.so (${rule} of /bin/main)`,
    `libdeep.so => /opt/libdeep.so (${rule} of /bin/main)`,
  ];
  assert.deepEqual(deep({ runpath: "/opt" }), found("runpath"));
  assert.deepEqual(deep({ rpath: "/opt" }), found("rpath"));
  assert.deepEqual(deep({ runpath: "/opt" }, { runpath: "/x" }), found("runpath"));
  assert.deepEqual(deep({ rpath: "/opt", runpath: "/x" }), ["libm1.so"]);
  assert.deepEqual(deep({ runpath: "/opt:$LIB" }), ["libm1.so"]);
});

test("the first file of a name is the only one: of the wrong kind it is fatal", () => {
  const loaded = load({
    "/bin/main": main({ needed: ["liba.so"] }),
    "/lib/liba.so": library("liba.so", { machine: 183 }),
    "/usr/lib/liba.so": library("liba.so"),
  });
  assert.deepEqual(told(loaded), ["liba.so !! /lib/liba.so: it is for aarch64"]);
});

test("a soname alone makes nothing loaded, as glibc would have it", () => {
  const loaded = load({
    "/bin/main": main({ needed: ["liba.so", "libb.so"] }),
    "/lib/liba.so": library("libreal.so.1"),
    "/lib/libb.so": library("libb.so", { needed: ["libreal.so.1"] }),
  });
  assert.equal(loaded.libraries[2]?.outcome.kind, "missing");
});

test("a library alone is musl's by the names it needs, or where the tree has no other loader", () => {
  for (const needed of ["libc.so", "libc.musl-x86_64.so.1", "libz.so.1"]) {
    const loaded = load({ "/bin/main": library("plugin.so", { needed: [needed] }) });
    assert.equal(loaded.flavour, "musl", needed);
  }
});

test("a loader that is not there is told once, not for every libc.so", () => {
  const tree = memoryTree("/tree", { "/bin/main": main({ needed: ["libc.so"] }) });
  const loaded = loadingOf(tree).load("/bin/main");
  assert.deepEqual(loaded.libraries, []);
  assert.deepEqual(lddLines(loaded), { lines: [`\t${MUSL} => not found`], isComplete: false });
});

test("ldd tells musl's loader first", () => {
  const loaded = load({
    "/bin/main": main({ needed: ["liba.so", "libc.so", "libc.so"] }),
    "/lib/liba.so": library("liba.so", { needed: ["libc.so"] }),
  });
  assert.deepEqual(lddLines(loaded).lines, [
    `\t${MUSL} (0x0000000000000000)`,
    "\tliba.so => /lib/liba.so (0x0000000000000000)",
    `\tlibc.so => ${MUSL} (0x0000000000000000)`,
  ]);
});

function main(wish: object): Buffer {
  return writeElf({ interpreter: MUSL, ...wish });
}

function load(files: Record<string, MemoryFile>) {
  return loadingOf(memoryTree("/tree", { [MUSL]: writeElf({ soname: "libc.so" }), ...files })).load(
    "/bin/main",
  );
}
