import assert from "node:assert/strict";
import { test } from "node:test";
import { readApkInstalled } from "../../src/formats/apk-installed.ts";

/** As apk-tools 2.14 writes it. */
const INSTALLED = [
  "C:Q1qKcZ+j23xssAXmgQhkOO8dHnbWw=",
  "P:alpine-baselayout",
  "V:3.4.3-r1",
  "A:x86_64",
  "S:8911",
  "U:https://git.alpinelinux.org/cgit/aports/tree/main/alpine-baselayout",
  "L:GPL-2.0-only",
  "o:alpine-baselayout",
  "m:Natanael Copa <ncopa@alpinelinux.org>",
  "D:alpine-baselayout-data=3.4.3-r1 /bin/sh",
  "F:",
  "R:at-the-root",
  "F:dev",
  "F:etc",
  "M:0:0:755",
  "R:motd",
  "Z:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=",
  "F:etc/crontabs",
  "R:root",
  "a:0:0:600",
  "Z:Q1vfk1apUWI4yLJGhhNRd0kJixfvY=",
  "",
  "P:musl",
  "V:1.2.4-r2",
  "F:lib",
  "R:ld-musl-x86_64.so.1",
  "",
].join("\n");

test("files stand in the directory before them, whatever stands between", () => {
  const [layout, musl, ...more] = [...readApkInstalled(INSTALLED)];
  assert.deepEqual(layout, {
    name: "alpine-baselayout",
    version: "3.4.3-r1",
    architecture: "x86_64",
    origin: "alpine-baselayout",
    license: "GPL-2.0-only",
    maintainer: "Natanael Copa <ncopa@alpinelinux.org>",
    homepage: "https://git.alpinelinux.org/cgit/aports/tree/main/alpine-baselayout",
    files: [
      { path: "/at-the-root", sha1: null },
      { path: "/etc/motd", sha1: "48b912f610627546cfc30af0f974745a1bf7c30f" },
      { path: "/etc/crontabs/root", sha1: "bdf9356a9516238c8b2468613517749098b17ef6" },
    ],
  });
  assert.deepEqual(musl?.files, [{ path: "/lib/ld-musl-x86_64.so.1", sha1: null }]);
  assert.deepEqual([musl?.name, musl?.license, more], ["musl", "", []]);
});

test("a line without a letter and a colon is refused where it stands", () => {
  assert.throws(() => [...readApkInstalled("P:a\nnonsense\n")], { code: "apk/bad-line", offset: 4 });
});
