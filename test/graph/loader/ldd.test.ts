import assert from "node:assert/strict";
import { test } from "node:test";
import { lddLines } from "../../../src/graph/loader/ldd.ts";
import { writeElf } from "../../support/elf-writer.ts";
import { memoryTree } from "../../support/memory-tree.ts";
import { LOADER, library, loadingOf, loadMain, program } from "./loading.ts";

test("writes what ldd writes, without addresses", () => {
  const loaded = loadMain({
    "/bin/main": writeElf({
      interpreter: LOADER,
      needed: ["liba.so", "/opt/libp.so", "$ORIGIN/../opt/libq.so", "libgone.so"],
      runpath: "$ORIGIN/../opt",
    }),
    "/opt/liba.so": { symlink: "liba.so.1" },
    "/opt/liba.so.1": library("liba.so", { needed: ["libc.so.6", "libgone.so"] }),
    "/opt/libp.so": library("libp.so"),
    "/opt/libq.so": library("libq.so"),
    "/lib/libc.so.6": library("libc.so.6", { needed: ["ld-linux-x86-64.so.2"] }),
  });
  assert.deepEqual(lddLines(loaded), {
    lines: [
      "\tliba.so => /bin/../opt/liba.so (0x0000000000000000)",
      "\t/opt/libp.so (0x0000000000000000)",
      "\t/bin/../opt/libq.so (0x0000000000000000)",
      "\tlibgone.so => not found",
      "\tlibc.so.6 => /lib/libc.so.6 (0x0000000000000000)",
      `\t${LOADER} (0x0000000000000000)`,
      "\tlibgone.so => not found",
    ],
    isComplete: false,
  });
});

test("an address has the length of the machine's words", () => {
  const tree = memoryTree("/tree", {
    "/bin/main": writeElf({
      bits: 32,
      machine: 40,
      interpreter: "/lib/ld-linux-armhf.so.3",
      needed: ["liba.so"],
    }),
    "/lib/ld-linux-armhf.so.3": writeElf({ bits: 32, machine: 40 }),
    "/lib/liba.so": writeElf({ bits: 32, machine: 40 }),
  });
  assert.deepEqual(lddLines(loadingOf(tree).load("/bin/main")), {
    lines: ["\tliba.so => /lib/liba.so (0x00000000)"],
    isComplete: true,
  });
});

test("what needs nothing is statically linked", () => {
  for (const main of [writeElf({ isDynamic: false }), writeElf(), program()]) {
    assert.deepEqual(lddLines(loadMain({ "/bin/main": main })), {
      lines: ["\tstatically linked"],
      isComplete: true,
    });
  }
});

test("an interpreter that is not there is not found", () => {
  const tree = memoryTree("/tree", { "/bin/main": program() });
  assert.deepEqual(lddLines(loadingOf(tree).load("/bin/main")), {
    lines: [`\t${LOADER} => not found`],
    isComplete: false,
  });
});

test("an auxiliary library that is not there is left out, a file that ends the search is not found", () => {
  const loaded = loadMain({
    "/bin/main": program("liba.so", "libbad.so"),
    "/lib/liba.so": library("liba.so", { auxiliary: ["libnot.so"] }),
    "/lib/libbad.so": "text",
  });
  assert.deepEqual(lddLines(loaded).lines, [
    "\tliba.so => /lib/liba.so (0x0000000000000000)",
    "\tlibbad.so => not found",
  ]);
});
