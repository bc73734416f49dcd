import assert from "node:assert/strict";
import { test } from "node:test";
import type { TargetPath } from "../../src/core/path.ts";
import { parseNixSha256 } from "../../src/formats/nix-hash.ts";
import { parseStoreName, storePathOf } from "../../src/formats/nix-store-path.ts";

const HASH = "0123456789abcdfghijklmnpqrsvwxyz";

function pathOf(path: string, directory = "nix/store"): string | null {
  return storePathOf(path as TargetPath, directory as TargetPath)?.name ?? null;
}

test("a store path is the first part below the store directory, and what lies deeper belongs to it", () => {
  const name = `${HASH}-bash-5.2`;
  assert.equal(pathOf(`nix/store/${name}`), name);
  assert.equal(pathOf(`nix/store/${name}/bin/bash`), name);
  assert.equal(pathOf(`gnu/store/${name}/bin/bash`, "gnu/store"), name);
  assert.equal(pathOf(`${name}/bin`, ""), name);
  assert.equal(storePathOf(`nix/store/${name}` as TargetPath, "nix/store" as TargetPath)?.hash, HASH);
});

test("the store directory itself, its neighbours and its own files are no store paths", () => {
  for (const path of [
    "nix/store",
    "nix",
    "",
    `nix/storeroom/${HASH}-x`,
    `nix/${HASH}-x`,
    `usr/nix/store/${HASH}-x`,
  ]) {
    assert.equal(pathOf(path), null, path);
  }
  assert.equal(parseStoreName(".links"), null);
});

test("hashes have 32 characters without e, o, t and u; names have 1 to 211 of a few kinds", () => {
  const legal = ["a", "a+b-c._d?e=1", "a".repeat(211), "...", ".a", "..a", "x.lock", "-"];
  const illegal = ["", "a".repeat(212), ".", "..", ".-a", "..-a", "a b", "a/b", "ü", "a\n", "a~", "a\0"];
  for (const name of legal) assert.ok(parseStoreName(`${HASH}-${name}`), name);
  for (const name of illegal) assert.equal(parseStoreName(`${HASH}-${name}`), null, JSON.stringify(name));
  for (const letter of ["e", "o", "t", "u", "A", "-", "\n"]) {
    assert.equal(parseStoreName(`${letter}${HASH.slice(1)}-x`), null, letter);
  }
  assert.equal(parseStoreName(`${HASH}x`), null);
  assert.equal(parseStoreName(HASH), null);
});

/** All of `printf hello | sha256sum`, by `nix hash to-base32|to-sri` of Nix 2.8. */
const HEX = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

test("a SHA-256 is the same in every spelling of Nix", () => {
  const spellings = [
    HEX,
    "094qif9n4cq4fdg459qzbhg1c6wywawwaaivx0k0x8xhbyx4vwic",
    "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
  ];
  for (const digits of spellings) {
    assert.equal(parseNixSha256(digits), HEX);
    assert.equal(parseNixSha256(`sha256:${digits}`), HEX);
    assert.equal(parseNixSha256(`sha256-${digits}`), HEX);
  }
  for (const other of [
    "",
    "sha256:",
    HEX.slice(1),
    `${HEX}0`,
    "sha512:abc",
    `md5:${HEX}`,
    "z".repeat(52),
    "e".repeat(52),
  ]) {
    assert.equal(parseNixSha256(other), null, other);
  }
});
