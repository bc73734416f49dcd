import assert from "node:assert/strict";
import { test } from "node:test";
import {
  pathsOfList,
  readDpkgDiversions,
  readDpkgStatus,
  readDpkgSums,
} from "../../src/formats/dpkg-status.ts";
import { randomSource } from "../support/random.ts";

const STATUS = [
  "Package: libc6",
  "Status: install ok installed",
  "Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>",
  "Architecture: amd64",
  "Source: glibc (2.36-9)",
  "Version: 2.36-9+b1",
  "Conffiles:",
  " /etc/ld.so.conf.d/x86_64-linux-gnu.conf d4e7a7b88a71b5ffd9e2644e71a0cfab",
  " /etc/not-yet newconffile",
  "Description: GNU C Library",
  " Version: none of this",
  "",
  "",
  "package: gone",
  "status: deinstall ok config-files",
  "config-version: 1.2",
  "",
  "Description: of nothing",
  "",
  "Package: last",
  "Version: 3",
].join("\n");

test("every paragraph that names a package is a record, whatever else stands in it", () => {
  const none = { architecture: "", source: "", maintainer: "", homepage: "", conffiles: [] };
  assert.deepEqual(
    [...readDpkgStatus(STATUS)],
    [
      {
        name: "libc6",
        version: "2.36-9+b1",
        architecture: "amd64",
        state: "installed",
        source: "glibc (2.36-9)",
        maintainer: "GNU Libc Maintainers <debian-glibc@lists.debian.org>",
        homepage: "",
        conffiles: [
          { path: "/etc/ld.so.conf.d/x86_64-linux-gnu.conf", sum: "d4e7a7b88a71b5ffd9e2644e71a0cfab" },
        ],
      },
      { ...none, name: "gone", version: "1.2", state: "config-files" },
      { ...none, name: "last", version: "3", state: "installed" },
    ],
  );
});

test("a line that is no field and continues none is refused where it stands", () => {
  assert.throws(() => [...readDpkgStatus("Package: a\nnonsense\n")], { code: "dpkg/bad-line", offset: 11 });
  assert.throws(() => [...readDpkgStatus(":\n")], { code: "dpkg/bad-line", offset: 0 });
});

test("lists and sums name files from the root", () => {
  assert.deepEqual([...pathsOfList("/.\n/usr\n/usr/bin/a b\n")], ["/usr", "/usr/bin/a b"]);
  const sum = "d41d8cd98f00b204e9800998ecf8427e";
  assert.deepEqual(
    [...readDpkgSums(`${sum}  usr/bin/a b\n${sum} */usr/c\nno sum\n`)],
    ["/usr/bin/a b", "/usr/c"].map((path) => ({ path, sum })),
  );
});

test("diversions are three lines each, a colon for the administrator's", () => {
  assert.deepEqual(readDpkgDiversions("/bin/sh\n/bin/sh.distrib\ndash\n/a\n/b\n:\n"), [
    { from: "/bin/sh", to: "/bin/sh.distrib", by: "dash" },
    { from: "/a", to: "/b", by: null },
  ]);
  assert.throws(() => readDpkgDiversions("/a\n/b\n"), { code: "dpkg/bad-diversions" });
});

test("whatever bytes stand in a status, it is read or refused with a code", () => {
  const random = randomSource(7);
  for (let round = 0; round < 500; round++) {
    const bytes = [...STATUS];
    for (let count = random(8); count >= 0; count--)
      bytes[random(bytes.length)] = String.fromCharCode(random(256));
    try {
      for (const { name } of readDpkgStatus(bytes.join(""))) assert.notEqual(name, "");
    } catch (error) {
      assert.equal((error as { code?: string }).code, "dpkg/bad-line");
    }
  }
});
