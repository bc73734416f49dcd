import assert from "node:assert/strict";
import { test } from "node:test";
import { writeElf } from "../../support/elf-writer.ts";
import { type MemoryFile, memoryTree } from "../../support/memory-tree.ts";
import { library, loadingOf, told } from "./loading.ts";

const UCLIBC = "/lib/ld-uClibc.so.1";

function load(files: Record<string, MemoryFile>, path = "/bin/main") {
  const loader = writeElf({ soname: "ld-uClibc.so.1" });
  return loadingOf(memoryTree("/tree", { [UCLIBC]: loader, ...files })).load(path);
}

const main = (wish: object) => writeElf({ interpreter: UCLIBC, ...wish });

test("uClibc searches the loader's directory, /lib and /usr/lib, and no cache", () => {
  const loaded = load({
    "/bin/main": main({ needed: ["libc.so.1", "libx.so", "liby.so"] }),
    "/lib/libc.so.1": library("libc.so.1"),
    "/usr/lib/libx.so": library("libx.so"),
    "/opt/lib/liby.so": library("liby.so"),
    "/etc/ld.so.conf": "/opt/lib\n",
  });
  assert.deepEqual(told(loaded), [
    "libc.so.1 => /lib/libc.so.1 (default directory /lib)",
    "libx.so => /usr/lib/libx.so (default directory /usr/lib)",
    "liby.so ?? /lib (default), /usr/lib (default)",
  ]);
});

test("an RPATH counts for the object that has it, and is not handed down", () => {
  const loaded = load({
    "/bin/main": main({ needed: ["liba.so"], rpath: "/opt" }),
    "/opt/liba.so": library("liba.so", { needed: ["libb.so"] }),
    "/opt/libb.so": library("libb.so"),
  });
  assert.deepEqual(told(loaded), [
    "liba.so => /opt/liba.so (rpath of /bin/main)",
    "libb.so ?? /lib (default), /usr/lib (default)",
  ]);
});

test("a library that needs uClibc's libc gets uClibc's rules", () => {
  const loaded = load({ "/lib/libz.so": library("libz.so", { needed: ["libc.so.1"] }) }, "/lib/libz.so");
  assert.equal(loaded.flavour, "uclibc");
});
