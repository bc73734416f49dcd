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

test("a loader of another prefix or library directory searches there", () => {
  const at = (loader: string, ...paths: string[]) => {
    const files = Object.fromEntries(paths.map((path) => [path, library(path.replace(/.*\//, ""))]));
    const needed = paths.map((path) => path.replace(/.*\//, ""));
    return told(
      load({
        ...files,
        [loader]: writeElf({ soname: "ld64-uClibc.so.1" }),
        "/bin/main": writeElf({ interpreter: loader, needed }),
      }),
    ).map((line) => line.replace(/ \(.*/, ""));
  };
  assert.deepEqual(at("/lib64/ld64-uClibc.so.1", "/usr/lib64/liba.so", "/usr/lib/libb.so"), [
    "liba.so => /usr/lib64/liba.so",
    "libb.so => /usr/lib/libb.so",
  ]);
  assert.deepEqual(at("/opt/x/lib/ld64-uClibc.so.1", "/opt/x/usr/lib/liba.so", "/usr/lib/libb.so"), [
    "liba.so => /opt/x/usr/lib/liba.so",
    "libb.so ?? /opt/x/lib",
  ]);
});

test("what cannot be loaded is passed by, and a path that leads nowhere is looked for by its name", () => {
  const loaded = load({
    "/bin/main": main({ needed: ["liba.so", "/gone/libb.so"] }),
    "/lib/liba.so": "no library",
    "/usr/lib/liba.so": library("liba.so"),
    "/lib/libb.so": library("libb.so"),
  });
  assert.deepEqual(told(loaded), [
    "liba.so => /usr/lib/liba.so (default directory /usr/lib)",
    "/gone/libb.so => /lib/libb.so (default directory /lib)",
  ]);
});

test("a name is looked for anew, whoever has it loaded", () => {
  const loaded = load({
    "/bin/main": main({ needed: ["liba.so", "libb.so"], rpath: "/opt" }),
    "/opt/liba.so": library("liba.so"),
    "/opt/libb.so": library("libb.so", { needed: ["liba.so"] }),
  });
  assert.equal(told(loaded)[2], "liba.so ?? /lib (default), /usr/lib (default)");
});

test("$ORIGIN counts at the beginning of an RPATH, which counts beside a RUNPATH", () => {
  const of = (wish: object) => {
    const files = {
      "/opt/bin/main": main({ needed: ["liba.so"], ...wish }),
      "/opt/bin/sub/liba.so": library("liba.so"),
    };
    return told(load(files, "/opt/bin/main"))[0]?.replace(/ \?\? .*/, " ??");
  };
  assert.equal(
    of({ rpath: "$ORIGIN/sub", runpath: "/none" }),
    "liba.so => /opt/bin/sub/liba.so (rpath of /opt/bin/main)",
  );
  assert.equal(of({ runpath: "$ORIGIN/sub" }), "liba.so ??");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: glibc's other form of the token
  assert.equal(of({ rpath: "${ORIGIN}/sub" }), "liba.so ??");
  assert.equal(of({ runpath: "/opt/bin/sub" }), "liba.so => /opt/bin/sub/liba.so (runpath of /opt/bin/main)");
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
