import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf } from "../../../src/core/path.ts";
import { cachedName, isLibraryName, systemDirectories } from "../../../src/graph/loader/ldconfig.ts";

test("libraries are told by their names", () => {
  for (const name of ["liba.so", "liba-1.so.2", "ld-linux.so.2", "ld-2.31.so", "ld.so.1", "ld64.so.2"]) {
    assert.ok(isLibraryName(name), name);
  }
  const others = ["a.so", "liba", "liba.a", "ld64.so", "liba.so.#prelink#", "liba.so.#prelink#.Ab12cd"];
  for (const name of [...others, "liba.so;5f3c", "liba.so.1.dpkg-new", "liba.so.1.dpkg-tmp"]) {
    assert.ok(!isLibraryName(name), name);
  }
});

test("a file is known by its soname, a link by its own name where it is one of that soname", () => {
  const of = (name: string, soname: string | null, isSymlink: boolean) => {
    const { soname: known, isLink } = cachedName(
      bytesOf(name),
      soname === null ? null : bytesOf(soname),
      isSymlink,
    );
    return `${known} ${isLink ? "link" : "file"}`;
  };
  assert.equal(of("liba.so.1.2", "liba.so.1", false), "liba.so.1 file");
  assert.equal(of("liba.so.1", "liba.so.1", true), "liba.so.1 link");
  assert.equal(of("liba.so", "liba.so.1", true), "liba.so link");
  assert.equal(of("libother.so", "liba.so.1", true), "liba.so.1 file");
  assert.equal(of("liba.so.1.2", null, false), "liba.so.1.2 file");
});

test("ldconfig looks in the siblings of the loader's directories too, but for Debian's", () => {
  assert.deepEqual(systemDirectories(["/lib64", "/usr/lib64"], 62), [
    ...["/lib", "/lib64", "/libx32"],
    ...["/usr/lib", "/usr/lib64", "/usr/libx32"],
  ]);
  assert.deepEqual(systemDirectories(["/usr/lib"], 183), ["/usr/lib", "/usr/lib64"]);
  assert.deepEqual(systemDirectories(["/lib64/lp64d"], 243), [
    "/lib",
    "/lib64/lp64d",
    "/lib64/lp64",
    "/lib32/ilp32d",
    "/lib32/ilp32",
  ]);
  assert.deepEqual(systemDirectories(["/lib32"], 8), ["/lib", "/lib32", "/lib64"]);
  assert.deepEqual(systemDirectories(["/lib", "/usr/lib"], 3), ["/lib", "/usr/lib"]);
  const debian = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib", "/usr/lib"];
  assert.deepEqual(systemDirectories(debian, 62), debian);
});
