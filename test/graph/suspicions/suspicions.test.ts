import assert from "node:assert/strict";
import { test } from "node:test";
import { type ElfWish, writeElf } from "../../support/elf-writer.ts";
import type { MemoryFile } from "../../support/memory-tree.ts";
import { LOADER, loaderFile } from "../loader/loading.ts";
import { warningsOf } from "./closing.ts";

const LIB = "/lib/x86_64-linux-gnu";
const program = (tail: string, wish: ElfWish = {}): MemoryFile => ({
  mode: 0o755,
  bytes: writeElf({ interpreter: LOADER, needed: ["libc.so.6"], tail, ...wish }),
});
const BASE = { [LOADER]: loaderFile(), [`${LIB}/libc.so.6`]: writeElf({ soname: "libc.so.6" }) };

test("a program that opens libraries by name is told with those that the tree has and the image lacks", () => {
  const tail = "\0libextra.so.1\0libnowhere.so.1\0libhere.so.1\0see libquoted.so.1\0libdev.so\0";
  const library = (soname: string) => writeElf({ soname });
  const tree = {
    ...BASE,
    "/bin/a": program(tail, { imports: ["dlopen"], needed: ["libc.so.6", "libhere.so.1"] }),
    "/bin/quiet": program(tail, { imports: ["open"], needed: ["libc.so.6", "libhere.so.1"] }),
    [`${LIB}/libhere.so.1`]: library("libhere.so.1"),
    [`${LIB}/libextra.so.1`]: library("libextra.so.1"),
    [`${LIB}/libquoted.so.1`]: library("libquoted.so.1"),
    [`${LIB}/libdev.so`]: library("libdev.so"),
  };
  assert.deepEqual(warningsOf(tree, ["/bin/a", "/bin/quiet"]), [
    { code: "graph/dlopen-strings", program: "/bin/a", libraries: [`${LIB}/libextra.so.1`] },
  ]);
  assert.deepEqual(warningsOf(tree, ["/bin/a", `${LIB}/libextra.so.1`]), []);
});

test("that a library may open something is for the manifest, and what it declares is told by nobody", () => {
  const tail = "\0libextra.so.1\0";
  const library = (wish: ElfWish = {}) =>
    writeElf({ soname: "liba.so.1", needed: ["libc.so.6"], imports: ["dlopen"], tail, ...wish });
  const tree = (wish: ElfWish) => ({
    ...BASE,
    "/bin/a": program("", { needed: ["liba.so.1"] }),
    [`${LIB}/liba.so.1`]: library(wish),
    [`${LIB}/libextra.so.1`]: writeElf({ soname: "libextra.so.1" }),
  });
  assert.deepEqual(
    warningsOf(tree({}), ["/bin/a"]).map(({ code }) => code),
    ["graph/library-dlopen-strings"],
  );
  const notes = ['[{"soname":["libextra.so.1"],"priority":"suggested"}]'];
  assert.deepEqual(warningsOf(tree({ notes }), ["/bin/a"]), []);
});

test("who cancels threads wants libgcc_s, unless it is in or nowhere", () => {
  const tree = {
    ...BASE,
    "/bin/a": program("", { imports: ["pthread_cancel"] }),
    "/bin/b": program("", { imports: ["pthread_create"] }),
  };
  const library = `${LIB}/libgcc_s.so.1`;
  assert.deepEqual(warningsOf(tree, ["/bin/a", "/bin/b"]), []);
  const whole = { ...tree, [library]: writeElf({ soname: "libgcc_s.so.1" }) };
  assert.deepEqual(warningsOf(whole, ["/bin/a", "/bin/b"]), [
    { code: "graph/thread-exit", programs: ["/bin/a"], library },
  ]);
  assert.deepEqual(warningsOf(whole, ["/bin/a", library]), []);
});

test("who converts from or to another character set than UTF-8 wants converters", () => {
  const tree = {
    ...BASE,
    "/bin/fat": program("\0CP850\0", { imports: ["iconv_open"] }),
    "/bin/bash": program("\0UTF-8\0", { imports: ["iconv_open"] }),
    [`${LIB}/gconv/gconv-modules`]: "module",
  };
  assert.deepEqual(warningsOf(tree, ["/bin/fat", "/bin/bash"]), [
    { code: "graph/gconv", programs: ["/bin/fat"], directory: `${LIB}/gconv` },
  ]);
  assert.deepEqual(warningsOf(tree, ["/bin/fat", `${LIB}/gconv`]), []);
});

test("a PAM stack in the image wants its modules, each told once", () => {
  const tree = {
    ...BASE,
    "/etc/pam.d/login":
      "auth required pam_unix.so nullok\n-session optional pam_gone.so\n# auth x pam_no.so\n",
    "/etc/pam.d/su":
      "auth [success=1 default=ignore] pam_unix.so\n@include common\nauth required pam_in.so\n",
    [`${LIB}/libpam.so.0`]: writeElf({ soname: "libpam.so.0" }),
    [`${LIB}/security/pam_unix.so`]: writeElf({}),
    [`${LIB}/security/pam_in.so`]: writeElf({}),
  };
  const objects = ["/etc/pam.d", `${LIB}/libpam.so.0`, `${LIB}/security/pam_in.so`];
  assert.deepEqual(warningsOf(tree, objects), [
    { code: "graph/pam-modules", configuration: "/etc/pam.d", modules: [`${LIB}/security/pam_unix.so`] },
  ]);
});
