/** How distributions and Nix name what they hold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNixName } from "../../src/formats/nix-name.ts";
import { readOsRelease } from "../../src/formats/os-release.ts";
import { purlOf } from "../../src/formats/purl.ts";

test("a store path's version begins behind the first dash that no letter follows", () => {
  const cases: [text: string, ...parts: string[]][] = [
    ["glibc-2.38-44", "glibc", "2.38-44", ""],
    ["glibc-2.38-44-bin", "glibc", "2.38-44", "bin"],
    ["gcc-13.2.0-lib", "gcc", "13.2.0", "lib"],
    [
      "busybox-static-x86_64-unknown-linux-musl-1.36.1",
      "busybox-static-x86_64-unknown-linux-musl",
      "1.36.1",
      "",
    ],
    ["source", "source", "", ""],
    ["util-linux-minimal", "util-linux-minimal", "", ""],
    ["zfs-kernel-2.2.2-6.6.7", "zfs-kernel", "2.2.2-6.6.7", ""],
    ["a-", "a-", "", ""],
  ];
  for (const [text, name, version, output] of cases)
    assert.deepEqual(parseNixName(text), { name, version, output }, text);
});

test("os-release is read as a shell would, and what is no plain word is none", () => {
  const text = "# of a test\nNAME='Some Linux'\nID=\"debian\"\n VERSION_ID=12\nVERSION_CODENAME=bookworm\n";
  assert.deepEqual(readOsRelease(text), { id: "debian", versionId: "12" });
  assert.deepEqual(readOsRelease('ID=a b\nVERSION_ID="1/2"\n'), { id: "", versionId: "" });
});

test("a package URL has its parts escaped as packageurl's own examples do it", () => {
  const deb = { type: "deb", namespace: "debian", name: "libstdc++6", version: "2:1.2~rc1+b1" };
  assert.equal(
    purlOf({
      ...deb,
      qualifiers: [
        ["arch", "amd64"],
        ["distro", "debian-12"],
        ["epoch", ""],
      ],
    }),
    "pkg:deb/debian/libstdc%2B%2B6@2:1.2~rc1%2Bb1?arch=amd64&distro=debian-12",
  );
  assert.equal(purlOf({ type: "nix", namespace: "", name: "a", version: "", qualifiers: [] }), "pkg:nix/a");
});
