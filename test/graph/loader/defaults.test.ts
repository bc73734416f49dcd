import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultsInLoader, defaultsOfMachine } from "../../../src/graph/loader/defaults.ts";
import { ENDS } from "../../support/bounds.ts";

test("finds a loader's directories in its bytes, as each distribution has them", () => {
  const debian = "\x01\x02/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0\0x";
  assert.deepEqual(defaultsInLoader(`\x7fELF\0/proc/self/exe\0/etc/ld.so.cache\0${debian}`), {
    directories: ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib", "/usr/lib"],
    configuration: "/etc/ld.so.conf",
    lib: ["lib/x86_64-linux-gnu", "x86_64-linux-gnu"],
  });
  const fedora = defaultsInLoader("\0/lib64/\0/usr/lib64/\0");
  assert.deepEqual([fedora?.directories, fedora?.lib], [["/lib64", "/usr/lib64"], ["lib64"]]);
  const nix = defaultsInLoader("\0/nix/store/h-glibc-2.40/etc/ld.so.cache\0/nix/store/h-glibc-2.40/lib/\0");
  assert.deepEqual(nix, {
    directories: ["/nix/store/h-glibc-2.40/lib"],
    configuration: "/nix/store/h-glibc-2.40/etc/ld.so.conf",
    lib: ["lib"],
  });
});

test("a loader without such a run gives none", () => {
  for (const bytes of ["", "\0\0", "/lib\0/usr/lib\0", "\0/tmp/\0", "/\0//\0"]) {
    assert.equal(defaultsInLoader(bytes), null, JSON.stringify(bytes));
  }
});

test("hostile bytes come to an end", ENDS, () => {
  assert.equal(defaultsInLoader("/".repeat(8 << 20)), null);
  assert.equal(defaultsInLoader("/a\0".repeat(2 << 20)), null);
  defaultsInLoader("/a/\0".repeat(1 << 20));
});

test("the table knows the directories of a machine of which no loader tells", () => {
  const of = (machine: number, bits: 32 | 64, endian: "little" | "big" = "little", flags = 0) =>
    defaultsOfMachine({ machine, bits, endian, flags }).directories.join(" ");
  assert.equal(of(62, 64), "/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu /lib64 /usr/lib64 /lib /usr/lib");
  assert.match(of(243, 64, "little", 5), /riscv64-linux-gnu \/lib64\/lp64d \/usr\/lib64\/lp64d \/lib64/);
  assert.match(of(40, 32, "little", 0x05000400), /^\/lib\/arm-linux-gnueabihf /);
  assert.equal(of(3, 32), "/lib/i386-linux-gnu /usr/lib/i386-linux-gnu /lib /usr/lib");
  assert.match(of(62, 32), / \/libx32 \/usr\/libx32 \/lib \/usr\/lib$/);
  assert.match(of(8, 32, "big", 0x20), /gnuabin32 \/lib32 \/usr\/lib32 \/lib \/usr\/lib$/);
  assert.doesNotMatch(of(8, 32, "big"), /lib32|lib64/);
  assert.match(of(8, 64), /gnuabi64 \/lib64 \/usr\/lib64 /);
  assert.match(of(258, 64, "little", 0x41), / \/lib64\/sf \/usr\/lib64\/sf \/lib64 /);
  assert.match(of(243, 32, "little", 4), / \/lib32\/ilp32d \/usr\/lib32\/ilp32d /);
  assert.equal(of(0x9026, 64), "/lib/alpha-linux-gnu /usr/lib/alpha-linux-gnu /lib /usr/lib");
  assert.equal(of(9999, 64, "big"), "/lib /usr/lib");
});
