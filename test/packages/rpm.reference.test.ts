/** What we read in rpm's database is what rpm itself says of every file. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { digestOf, hexOfDigest } from "../../src/core/digest.ts";
import type { HostPath } from "../../src/core/path.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { fileFrom, findIn, symlinkAt } from "../support/package-trees.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireTool } from "../support/tools.ts";

const MANY = 120;

const SPEC = (name: string, epoch: string): string => `Name: ${name}
Version: 1.2
Release: 3.fc40
${epoch}Summary: test
License: GPLv2+ and MIT
URL: https://example.org/
Packager: Ann <ann@example.org>
%description
x
%install
mkdir -p %{buildroot}/usr/lib/${name} %{buildroot}/lib %{buildroot}/usr/share
for i in $(seq ${MANY}); do echo ${name} $i > %{buildroot}/usr/lib/${name}/a-long-name-of-a-file-that-fills-the-header-$i; done
echo shared > %{buildroot}/usr/share/shared
echo ${name} > %{buildroot}/lib/low-${name}
ln -s low-${name} %{buildroot}/lib/link-${name}
%files
/usr/lib/${name}
/lib/low-${name}
/lib/link-${name}
/usr/share/shared
`;

/** A merged tree with two packages, by rpm alone. */
function makeRoot(t: TestContext): string {
  const directory = scratchDirectory(t);
  const root = join(directory, "root");
  mkdirSync(join(root, "usr/lib"), { recursive: true });
  mkdirSync(join(root, "etc"));
  writeFileSync(join(root, "etc/os-release"), "ID=fedora\nVERSION_ID=40\n");
  run("ln", "-s", "usr/lib", join(root, "lib"));
  for (const [name, epoch] of [
    ["alpha", ""],
    ["beta", "Epoch: 2\n"],
  ] as const) {
    writeFileSync(join(directory, `${name}.spec`), SPEC(name, epoch));
    run(
      "rpmbuild",
      "-bb",
      "--quiet",
      "--define",
      `_topdir ${directory}/top`,
      "--target",
      "noarch",
      join(directory, `${name}.spec`),
    );
  }
  const packages = readdirSync(join(directory, "top/RPMS/noarch")).map((file) =>
    join(directory, "top/RPMS/noarch", file),
  );
  rpm(root, "--install", "--nodeps", "--force-debian", ...packages);
  return root;
}

function rpm(root: string, ...words: readonly string[]): string {
  return run("rpm", "--root", root, "--define", "_db_backend sqlite", "--dbpath", "/var/lib/rpm", ...words);
}

function run(program: string, ...words: readonly string[]): string {
  const ran = spawnSync(program, words, { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  assert.equal(ran.status, 0, `${program} ${words.join(" ")}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

test("every file has the owners that rpm --query --file says", requireTool("rpm", "rpmbuild"), (t) => {
  const root = makeRoot(t);
  const tree = nodeHost({ jobs: 1, environment: {} }).tree(root as HostPath);
  const names = ["alpha", "beta"].flatMap((name) =>
    Array.from(
      { length: MANY },
      (_, at) => `usr/lib/${name}/a-long-name-of-a-file-that-fills-the-header-${at + 1}`,
    ),
  );
  const files = [
    ...names,
    "usr/lib/low-alpha",
    "usr/lib/low-beta",
    "usr/share/shared",
    "etc/os-release",
  ].filter((path) => tree.stat(path as never)?.kind === "file");
  const found = findIn(tree, [
    ...files.map((path) => fileFrom("sysroot", path)),
    symlinkAt("usr/lib/link-beta", "low-beta"),
  ]);
  assert.deepEqual(found.warnings, []);
  for (const path of [files[0]!, files.at(-3)!, "usr/share/shared", "usr/lib/link-beta"]) {
    const said = rpm(
      root,
      "--query",
      "--queryformat",
      "%{NAME} %{VERSION}-%{RELEASE} %{ARCH}\n",
      "--file",
      `/${path}`,
    );
    const ours = (found.owners.get(path as never) ?? []).map(
      (one) => `${one.name} ${one.version} ${one.architecture}`,
    );
    assert.deepEqual(ours, said.trim().split("\n").sort(), path);
  }
  assert.equal(found.owners.size, files.length, "all but os-release, and the symlink");
  const [first] = files;
  const bytes = readFileSync(join(root, first!));
  assert.deepEqual(found.sums.get(first as never), {
    algorithm: "sha256",
    hex: hexOfDigest(digestOf(bytes)),
  });
  assert.deepEqual(
    found.packages.map(({ purl, license, source, maintainer }) => [purl, license, source?.purl, maintainer]),
    [
      [
        "pkg:rpm/fedora/alpha@1.2-3.fc40?arch=noarch&distro=fedora-40",
        "GPLv2+ and MIT",
        "pkg:rpm/fedora/alpha@1.2-3.fc40?arch=src&distro=fedora-40",
        "Ann <ann@example.org>",
      ],
      [
        "pkg:rpm/fedora/beta@1.2-3.fc40?arch=noarch&distro=fedora-40&epoch=2",
        "GPLv2+ and MIT",
        "pkg:rpm/fedora/beta@1.2-3.fc40?arch=src&distro=fedora-40&epoch=2",
        "Ann <ann@example.org>",
      ],
    ],
  );
});
