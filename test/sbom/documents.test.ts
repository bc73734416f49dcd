import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf, hexOfDigest, sha1OfText } from "../../src/core/digest.ts";
import { cyclonedxDocument } from "../../src/sbom/cyclonedx.ts";
import { isKnownExpression, KNOWN_LICENSES } from "../../src/sbom/licenses.ts";
import { personIn } from "../../src/sbom/person.ts";
import { changedOf, timeOf } from "../../src/sbom/sbom.ts";
import { spdxDocument } from "../../src/sbom/spdx.ts";
import { FILES, IMAGE, oddSbom, parsed, textOf } from "../support/odd-sbom.ts";
import { cyclonedxErrors, officialLicenses, type SpdxDocument, spdxErrors } from "../support/sbom-schemas.ts";

interface Component {
  readonly type: string;
  readonly name: string;
  readonly "bom-ref": string;
  readonly components?: readonly Component[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface CyclonedxDocument {
  readonly serialNumber: string;
  readonly components: readonly Component[];
}

test("the oddest image is told in a valid CycloneDX document, every file once", () => {
  const document = parsed<CyclonedxDocument>(cyclonedxDocument(oddSbom(), IMAGE));
  assert.deepEqual(cyclonedxErrors(document), []);
  const all = document.components.flatMap((one) => [one, ...(one.components ?? [])]);
  const refs = all.map((one) => one["bom-ref"]);
  assert.equal(new Set(refs).size, refs.length, "no reference twice");
  const files = all.filter(({ type }) => type === "file").map(({ name }) => name);
  const shown = ['/a "b"\\n', "/caf\\xe9", "/café", "/etc/made", "/lib/ld-musl", "/own", "/usr/lib/both"];
  assert.deepEqual(files.sort(), [...shown, "/usr/lib/libstdc++.so.6", "/x", "Image", "x", "x"].sort());
  const names = document.components.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 6), ["libstdc++6", "libstdc--6", "musl", "own", "glibc", "only-links"]);
  // The second owner names the file that stands in the first.
  const both = all.find(({ name }) => name === "/usr/lib/both")!;
  const second = document.components[1]!.properties!.find(({ name }) => name === "initgraph:shared-file");
  assert.equal(second?.value, both["bom-ref"]);
});

test("the schema sees what is wrong", () => {
  const document = parsed<CyclonedxDocument>(cyclonedxDocument(oddSbom(), IMAGE));
  assert.notDeepEqual(cyclonedxErrors({ ...document, components: [{ type: "thing", name: "x" }] }), []);
  assert.notDeepEqual(cyclonedxErrors({ ...document, serialNumber: "1" }), []);
  const spdx = parsed<SpdxDocument>(spdxDocument(oddSbom(), IMAGE));
  const [file] = spdx.files;
  const without = spdx.relationships.filter(({ relatedSpdxElement }) => relatedSpdxElement !== file!.SPDXID);
  assert.notDeepEqual(spdxErrors({ ...spdx, relationships: without }), []);
  assert.notDeepEqual(spdxErrors({ ...spdx, files: [...spdx.files, file] }), []);
});

test("the oddest image is told in a valid SPDX document, every file in what it belongs to", () => {
  const document = parsed<SpdxDocument>(spdxDocument(oddSbom(), IMAGE));
  assert.deepEqual(spdxErrors(document), []);
  assert.equal(document.files.length, FILES.length + 3);
  const name = new Map(
    [...document.packages.map(({ SPDXID, name }) => [SPDXID, name] as const)].concat(
      document.files.map(({ SPDXID, fileName }) => [SPDXID, fileName] as const),
    ),
  );
  const contained = document.relationships
    .filter(({ relationshipType }) => relationshipType === "CONTAINS")
    .map((one) => `${name.get(one.spdxElementId)} ${name.get(one.relatedSpdxElement)}`);
  for (const pair of [
    "libstdc++6 ./usr/lib/both",
    "libstdc--6 ./usr/lib/both",
    "musl ./lib/ld-musl",
    "odd image ü ./etc/made",
    "odd image ü ./Image",
    "odd image ü only-links",
  ])
    assert.ok(contained.includes(pair), pair);
  assert.ok(!contained.includes("odd image ü ./lib/ld-musl"), "what is of a package is in the image by it");
  const latin = document.files.find(({ fileName }) => fileName === "./caf\\xe9");
  assert.match(latin?.comment ?? "", /636166e9/);
});

test("a verification code is the SHA-1 of the sorted SHA-1s, and there is none without files", () => {
  const { packages } = parsed<SpdxDocument>(spdxDocument(oddSbom(), IMAGE));
  const [, first] = packages;
  const sums = ["usr/lib/libstdc++.so.6", "usr/lib/both"].map(sha1OfText).sort();
  assert.equal(first?.packageVerificationCode?.packageVerificationCodeValue, sha1OfText(sums.join("")));
  const links = packages.find(({ name }) => name === "only-links");
  assert.deepEqual([links?.filesAnalyzed, links?.packageVerificationCode], [false, undefined]);
});

test("the same image gives the same document, and another one another name", () => {
  const write = { spdx: spdxDocument, cyclonedx: cyclonedxDocument };
  for (const document of Object.values(write)) {
    const text = textOf(document(oddSbom(), IMAGE));
    assert.equal(textOf(document(oddSbom(), IMAGE)), text);
    const nameOf = (changed: string): string =>
      /"(?:documentNamespace|serialNumber)": "(.*)"/.exec(changed)![1]!;
    const others = [
      document(oddSbom(), { ...IMAGE, digest: digestOf(Buffer.from("other")) }),
      document(oddSbom({ tool: { name: "initgraph", version: "1.2.4" } }), IMAGE),
      document(oddSbom({ packages: oddSbom().packages.slice(1) }), IMAGE),
    ].map((pieces) => nameOf(textOf(pieces)));
    assert.equal(new Set([nameOf(text), ...others]).size, 4);
  }
});

test("what could not be read is said in the document, which then is not said to be complete", () => {
  const what = {
    code: "packages/unreadable",
    database: "/var/lib/rpm/Packages",
    what: "a Berkeley DB",
  } as const;
  const sbom = oddSbom({ warnings: [what] });
  const cyclonedx = textOf(cyclonedxDocument(sbom, IMAGE));
  assert.deepEqual(cyclonedxErrors(JSON.parse(cyclonedx)), []);
  assert.match(cyclonedx, /"aggregate":"incomplete"/);
  const spdx = textOf(spdxDocument(sbom, IMAGE));
  assert.deepEqual(spdxErrors(JSON.parse(spdx)), []);
  for (const text of [cyclonedx, spdx]) assert.ok(text.includes("/var/lib/rpm/Packages"));
});

test("a file that is not as its package brought it is told", () => {
  const { files } = parsed<SpdxDocument>(spdxDocument(oddSbom(), IMAGE));
  const changed = files.filter(({ comment = "" }) => comment.includes("changed since"));
  assert.deepEqual(
    changed.map(({ fileName }) => fileName),
    ["./lib/ld-musl", "./usr/lib/both"],
  );
  const text = textOf(cyclonedxDocument(oddSbom(), IMAGE));
  assert.equal(text.match(/initgraph:changed-since-installed/g)?.length, 2);
  assert.equal(changedOf(oddSbom()).length, 2);
});

test("of secrets their places alone are told, and no sum that covers one", () => {
  const sbom = oddSbom({ secrets: ["/etc/key"] });
  const image = { ...IMAGE, beforeSecrets: { size: 1, digest: digestOf(Buffer.from("before")) } };
  const [spdx, cyclonedx] = [spdxDocument(sbom, image), cyclonedxDocument(sbom, image)].map(textOf);
  assert.deepEqual(spdxErrors(JSON.parse(spdx!)), []);
  assert.deepEqual(cyclonedxErrors(JSON.parse(cyclonedx!)), []);
  for (const text of [spdx!, cyclonedx!]) {
    assert.ok(text.includes("/etc/key"));
    assert.ok(!text.includes(hexOfDigest(IMAGE.digest)));
  }
  assert.ok(textOf(spdxDocument(oddSbom(), IMAGE)).includes(hexOfDigest(IMAGE.digest)));
});

test("an image of nothing is told too", () => {
  const sbom = oddSbom({ packages: [], files: [] });
  assert.deepEqual(cyclonedxErrors(parsed(cyclonedxDocument(sbom, IMAGE))), []);
  assert.deepEqual(spdxErrors(parsed(spdxDocument(sbom, IMAGE))), []);
});

test("a licence counts as an expression where all its names are SPDX's", () => {
  const official = new Set(officialLicenses());
  assert.deepEqual(
    KNOWN_LICENSES.filter((id) => !official.has(id)),
    [],
  );
  for (const text of [
    "MIT",
    "MIT AND ISC",
    "(MIT OR Zlib) AND GPL-2.0-only WITH Linux-syscall-note",
    "((MIT))",
  ])
    assert.ok(isKnownExpression(text), text);
  for (const text of [
    "",
    "custom",
    "MIT AND",
    "AND MIT",
    "MIT ISC",
    "(MIT",
    "MIT)",
    "MIT WITH ISC",
    "GPLv2+",
    "mit",
  ])
    assert.ok(!isKnownExpression(text), text);
});

test("who looks after a package is told apart from many who do", () => {
  const cases: [text: string, ...facts: [string, string, boolean]][] = [
    ["Matthias Klose <doko@debian.org>", "Matthias Klose", "doko@debian.org", false],
    ["Debian X Team <x@y.org>", "Debian X Team", "x@y.org", true],
    ["Somebody <x@lists.debian.org>", "Somebody", "x@lists.debian.org", true],
    ["Fedora Project", "Fedora Project", "", true],
    ["<a@b.c>", "a@b.c", "a@b.c", false],
    ["Ann (of B) <a@b.c>", "Ann of B", "a@b.c", false],
  ];
  for (const [text, name, address, isOrganization] of cases)
    assert.deepEqual(personIn(text), { name, address, isOrganization }, text);
});

test("times are those of the epoch, in UTC", () => {
  assert.equal(timeOf(0), "1970-01-01T00:00:00Z");
  assert.equal(timeOf(4294967295), "2106-02-07T06:28:15Z");
});
