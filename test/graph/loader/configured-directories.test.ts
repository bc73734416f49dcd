import assert from "node:assert/strict";
import { test } from "node:test";
import { configuredDirectories, muslDirectories } from "../../../src/graph/loader/configured-directories.ts";
import { PathResolver } from "../../../src/trees/resolve-path.ts";
import { type MemoryFile, memoryTree } from "../../support/memory-tree.ts";
import { library, loadMain, program, told } from "./loading.ts";

test("reads includes in byte order, keeps the first name of a directory, leaves out what is not there", () => {
  const found = configured({
    "/etc/ld.so.conf": "include /etc/ld.so.conf.d/*.conf\n/last\n/missing\n",
    "/etc/ld.so.conf.d/b.conf": "/b\n/also\n",
    "/etc/ld.so.conf.d/B.conf": "/upper\n",
    "/etc/ld.so.conf.d/.hidden.conf": "/hidden\n",
    "/etc/ld.so.conf.d/a.conf": { symlink: "/etc/elsewhere" },
    "/etc/elsewhere": "/a/\n",
    "/etc/ld.so.conf.d/c.txt": "/c\n",
    "/also": { symlink: "b" },
    ...directories("a", "b", "c", "upper", "hidden", "last"),
  });
  assert.deepEqual(found, ["/upper", "/a", "/b", "/last"]);
});

test("a relative include starts at its own file, a file that includes itself is read once", () => {
  const found = configured({
    "/etc/ld.so.conf": "include sub/[ab]?.conf sub/none\n",
    "/etc/sub/a1.conf": "include a1.conf ../sub/more\n/a\n",
    "/etc/sub/c1.conf": "/c\n",
    "/etc/sub/more": "/more\n",
    ...directories("a", "c", "more"),
  });
  assert.deepEqual(found, ["/more", "/a"]);
});

test("a glob is one of the C library: a set may be negated", () => {
  const found = configured({
    "/etc/ld.so.conf": "include /etc/[!b].conf\n",
    "/etc/a.conf": "/a\n",
    "/etc/b.conf": "/b\n",
    ...directories("a", "b"),
  });
  assert.deepEqual(found, ["/a"]);
});

test("nothing is configured where there is no file", () => {
  assert.deepEqual(configured({}), []);
  assert.deepEqual(configured({ "/etc/ld.so.conf": { directory: 0o755 } }), []);
});

test("a library that only the configuration leads to needs the cache in the image", () => {
  const loaded = loadMain({
    "/etc/ld.so.conf": "/opt/lib\n/usr/lib\n/lib/x86_64-linux-gnu\n",
    "/bin/main": program("liba.so.1", "libb.so.1", "libboth.so.1"),
    "/opt/lib/liba.so.1": library("liba.so.1"),
    "/usr/lib/libb.so.1": library("libb.so.1"),
    "/opt/lib/libboth.so.1": library("libboth.so.1"),
    "/lib/libboth.so.1": library("libboth.so.1"),
  });
  assert.deepEqual(told(loaded), [
    "liba.so.1 => /opt/lib/liba.so.1 (/etc/ld.so.conf directory /opt/lib)",
    "libb.so.1 => /usr/lib/libb.so.1 (default directory /usr/lib)",
    "libboth.so.1 => /opt/lib/libboth.so.1 (/etc/ld.so.conf directory /opt/lib)",
  ]);
  assert.deepEqual(
    loaded.libraries.map(({ outcome }) => outcome.kind === "found" && outcome.needsCache),
    [true, false, true],
  );
});

test("only what ldconfig would enter into the cache is found by it", () => {
  const cases: [name: string, file: Buffer | string, isFound: boolean][] = [
    ["liba.so.1", library("liba.so.1"), true],
    ["liba.so.1", library("libother.so.1"), false],
    ["libnone.so", library("libnone.so", { bits: 32, machine: 3 }), false],
    ["plugin.so", library("plugin.so"), false],
    ["libtext.so", "INPUT(libtext.a)", false],
  ];
  for (const [name, file, isFound] of cases) {
    const loaded = loadMain({
      "/etc/ld.so.conf": "/opt\n",
      "/bin/main": program(name),
      [`/opt/${name}`]: file,
    });
    assert.equal(loaded.libraries[0]?.outcome.kind, isFound ? "found" : "missing", name);
  }
  const link = loadMain({
    "/etc/ld.so.conf": "/opt\n",
    "/bin/main": program("libdev.so", "libodd.so.2"),
    "/opt/libdev.so": { symlink: "libdev.so.1" },
    "/opt/libodd.so.2": { symlink: "libdev.so.1" },
    "/opt/libdev.so.1": library("libdev.so.1"),
  });
  assert.deepEqual(
    link.libraries.map(({ outcome }) => outcome.kind),
    ["found", "missing"],
  );
  assert.match(
    told(link)[1] ?? "",
    /libodd.so.2 is not in the loader's cache, which knows it as libdev.so.1/,
  );
});

test("a loader of its own prefix has a configuration of its own", () => {
  const loader = "/nix/store/x-glibc/lib/ld-linux-x86-64.so.2";
  const found = loadMain({
    "/etc/ld.so.conf": "/opt\n",
    "/bin/main": program("liba.so"),
    "/opt/liba.so": library("liba.so"),
    "/lib64/ld-linux-x86-64.so.2": { symlink: loader },
    [loader]: library("ld-linux-x86-64.so.2", {
      tail: "\0/nix/store/x-glibc/etc/ld.so.cache\0/nix/store/x-glibc/lib/\0",
    }),
  });
  assert.deepEqual(told(found), ["liba.so ?? /nix/store/x-glibc/lib (default)"]);
});

test("musl's directories come from the file beside its prefix, else are three", () => {
  const musl = (files: Record<string, MemoryFile>, loader = "/lib/ld-musl-x86_64.so.1") =>
    muslDirectories(loader, new PathResolver(memoryTree("/tree", files)));
  assert.deepEqual(musl({}), ["/lib", "/usr/local/lib", "/usr/lib"]);
  assert.deepEqual(musl({ "/etc/ld-musl-x86_64.path": "/a:/b\n\n/c\n" }), ["/a", "/b", "/c"]);
  assert.deepEqual(musl({ "/etc/ld-musl-x86_64.path": "" }), []);
  assert.deepEqual(musl({ "/etc/ld-musl-x86_64.path": { directory: 0o755 } }), []);
  const store = { "/nix/store/m/etc/ld-musl-aarch64.path": "/nix/store/m/lib" };
  assert.deepEqual(musl(store, "/nix/store/m/lib/ld-musl-aarch64.so.1"), ["/nix/store/m/lib"]);
});

function configured(files: Record<string, MemoryFile>): string[] {
  return configuredDirectories("/etc/ld.so.conf", new PathResolver(memoryTree("/tree", files)));
}

function directories(...names: string[]): Record<string, MemoryFile> {
  return Object.fromEntries(names.map((name) => [`/${name}`, { directory: 0o755 }]));
}
