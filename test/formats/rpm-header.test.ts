import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../src/formats/format-error.ts";
import { readRpmHeader } from "../../src/formats/rpm-header.ts";
import { randomSource } from "../support/random.ts";
import { type RpmTag, rpmHeader } from "../support/rpm-header-writer.ts";

const TAGS: readonly RpmTag[] = [
  [63, "binary", [...Buffer.alloc(16)]],
  [1000, "string", ["bash"]],
  [1001, "string", ["5.2"]],
  [1002, "string", ["3.fc40"]],
  [1003, "int32", [1]],
  [1004, "i18n", ["A shell", "Eine Shell"]],
  [1014, "string", ["GPL-3.0-or-later"]],
  [1022, "string", ["x86_64"]],
  [1029, "char", [0, 0, 1, 2, 3]],
  [1030, "int16", [0o100755, 0o040755, 0o100644, 0o100644, 0o120777]],
  [1035, "strings", ["aa", "", "bb", "cc", ""]],
  [1044, "string", ["bash-5.2-3.fc40.src.rpm"]],
  [1116, "int32", [0, 1, 1, 1, 1]],
  [1117, "strings", ["bash", "bash", "replaced", "left-out", "link"]],
  [1118, "strings", ["/usr/bin/", "/usr/share/"]],
  [5011, "int32", [8]],
];

test("a header tells the package and the files of it that are there, symlinks too", () => {
  assert.deepEqual(readRpmHeader(rpmHeader(TAGS)), {
    name: "bash",
    version: "5.2",
    release: "3.fc40",
    epoch: "1",
    architecture: "x86_64",
    license: "GPL-3.0-or-later",
    vendor: "",
    packager: "",
    homepage: "",
    sourceRpm: "bash-5.2-3.fc40.src.rpm",
    files: [
      { path: "/usr/bin/bash", sum: { algorithm: "sha256", hex: "aa" } },
      { path: "/usr/share/link", sum: null },
    ],
  });
});

test("sums are MD5 where none is said, and none where nobody knows how they were made", () => {
  const sumOf = (tags: readonly RpmTag[]) => readRpmHeader(rpmHeader(tags)).files[0]?.sum;
  const withoutAlgorithm = TAGS.filter(([tag]) => tag !== 5011);
  assert.deepEqual(sumOf(withoutAlgorithm), { algorithm: "md5", hex: "aa" });
  assert.equal(sumOf([...withoutAlgorithm, [5011, "int32", [14]]]), null);
});

test("a package without files, as keys are kept, has none", () => {
  const { name, files, epoch } = readRpmHeader(rpmHeader([[1000, "string", ["gpg-pubkey"]]]));
  assert.deepEqual([name, files, epoch], ["gpg-pubkey", [], ""]);
});

test("whatever bytes a header has, it is read or refused with a code", () => {
  const whole = rpmHeader(TAGS);
  const random = randomSource(13);
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(round % 3 === 0 ? whole.subarray(0, random(whole.length)) : whole);
    for (let count = random(4); count >= 0 && bytes.length > 0; count--)
      bytes[random(bytes.length)] = random(256);
    try {
      readRpmHeader(bytes);
    } catch (error) {
      assert.ok(error instanceof FormatError && error.code.startsWith("rpm/"), String(error));
    }
  }
  assert.throws(() => readRpmHeader(whole.subarray(0, -1)), { code: "rpm/cut-short" });
});
