/**
 * SPDX 2.3 in JSON: https://spdx.github.io/spdx-spec/v2.3/. The image contains packages, packages the files of them that
 * are in the image, the image what is of no package. A package's verification code is that of these files.
 */
import { type Digest, hexOfDigest, sha1OfText } from "../core/digest.ts";
import type { ImageFacts } from "../image/manifest.ts";
import type { PackageSource } from "../packages/package.ts";
import { jsonDocument } from "./json-document.ts";
import { isKnownExpression } from "./licenses.ts";
import { personIn } from "./person.ts";
import {
  identityOf,
  type Sbom,
  type SbomFile,
  type SbomPackage,
  shortDigest,
  timeOf,
  uuidOf,
} from "./sbom.ts";

const DOCUMENT = "SPDXRef-DOCUMENT";
const IMAGE = "SPDXRef-Image";
const UNKNOWN = "NOASSERTION";

export function spdxDocument(sbom: Sbom, image: ImageFacts): Generator<Uint8Array> {
  const { name, tool, epoch, warnings } = sbom;
  const uuid = uuidOf(identityOf("spdx", image, sbom));
  const head = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: DOCUMENT,
    name,
    documentNamespace: `https://spdx.org/spdxdocs/${encodeURIComponent(name)}-${uuid}`,
    creationInfo: { created: timeOf(epoch), creators: [`Tool: ${tool.name}-${tool.version}`] },
    ...(warnings.length === 0 ? {} : { comment: `Not all packages are known: ${JSON.stringify(warnings)}` }),
  };
  return jsonDocument(head, [
    ["packages", packagesOf(sbom, image)],
    ["files", sbom.files.map(fileOf)],
    ["relationships", relationshipsOf(sbom)],
    ["hasExtractedLicensingInfos", ownLicenses(sbom)],
  ]);
}

function* packagesOf(sbom: Sbom, image: ImageFacts): Generator<object> {
  yield {
    SPDXID: IMAGE,
    name: sbom.name,
    packageFileName: image.file,
    downloadLocation: UNKNOWN,
    primaryPackagePurpose: "ARCHIVE",
    ...(image.beforeSecrets === null ? { checksums: [checksumOf(image.digest)] } : {}),
    ...analyzed(sbom.files),
    ...unknownLicense("Those of the files in it."),
    ...(sbom.secrets.length === 0 ? {} : { comment: secretsIn(sbom) }),
  };
  for (const one of sbom.packages) yield packageOf(one);
  for (const [id, { name, version, purl }] of sourcesOf(sbom)) {
    yield {
      SPDXID: id,
      name,
      ...(version === "" ? {} : { versionInfo: version }),
      downloadLocation: UNKNOWN,
      primaryPackagePurpose: "SOURCE",
      filesAnalyzed: false,
      ...unknownLicense("The package database does not say it."),
      ...(purl === null ? {} : { externalRefs: [purlReference(purl)] }),
    };
  }
}

/** SPDX has no file without a sum. */
function secretsIn({ secrets }: Sbom): string {
  return `Secrets stand in it of which nothing else is told, no sums of them or of the image: ${secrets.join(", ")}`;
}

function packageOf(one: SbomPackage): object {
  const { name, version, maintainer, homepage, purl, notes } = one;
  const comments = ["Of its files those that are in the image.", ...notes.map((note) => note.join("="))];
  return {
    SPDXID: idOfPackage(one),
    name,
    ...(version === "" ? {} : { versionInfo: version }),
    ...(maintainer === "" ? {} : { supplier: agentOf(maintainer) }),
    downloadLocation: UNKNOWN,
    ...(/^https?:\/\/[A-Za-z0-9.-]+(:\d+)?(\/[^\s\\<>"{}|^`]*)?$/.test(homepage) ? { homepage } : {}),
    ...analyzed(one.files),
    ...licenseOf(one),
    ...(purl === null ? {} : { externalRefs: [purlReference(purl)] }),
    comment: comments.join(" "),
  };
}

/** One without files has nothing to verify, and is then not analyzed: its symlinks are all that is in the image. */
function analyzed(files: readonly SbomFile[]): object {
  if (files.length === 0) return { filesAnalyzed: false };
  const sums = files.map(({ sha1 }) => sha1 ?? "").sort();
  const code = sha1OfText(sums.join(""));
  return { filesAnalyzed: true, packageVerificationCode: { packageVerificationCodeValue: code } };
}

function licenseOf({ kind, license, name }: SbomPackage): object {
  if (license === "") return unknownLicense(WHERE_LICENSES_ARE[kind](name));
  const declared = isKnownExpression(license) ? license : licenseReference(license);
  return { licenseConcluded: UNKNOWN, licenseDeclared: declared, copyrightText: UNKNOWN };
}

const WHERE_LICENSES_ARE: Readonly<Record<SbomPackage["kind"], (name: string) => string>> = {
  deb: (name) => `dpkg's database does not say it; /usr/share/doc/${name}/copyright does.`,
  apk: () => "apk's database does not say it.",
  rpm: () => "rpm's database does not say it.",
  nix: () => "A store path does not say it.",
};

function unknownLicense(licenseComments: string): object {
  const none = { licenseConcluded: UNKNOWN, licenseDeclared: UNKNOWN, copyrightText: UNKNOWN };
  return { ...none, licenseComments };
}

function licenseReference(license: string): string {
  return `LicenseRef-${shortDigest(license, 12)}`;
}

/** What databases say in words of their own, each once. */
function ownLicenses({ packages }: Sbom): object[] {
  const texts = new Set(packages.map(({ license }) => license));
  const own = [...texts].filter((text) => text !== "" && !isKnownExpression(text)).sort();
  return own.map((text) => ({
    licenseId: licenseReference(text),
    extractedText: text,
    name: text,
    comment: "As the package database says it.",
  }));
}

function fileOf({ id, name, nameBytes, digest, sha1, owners, origin, isChanged }: SbomFile): object {
  const comments = [
    ...(nameBytes === null ? [] : [`The bytes of its name: ${nameBytes}.`]),
    ...(owners.length > 0 ? [] : [ORIGINS[origin]]),
    ...(isChanged ? ["Not as its package brought it: changed since."] : []),
  ];
  return {
    SPDXID: `SPDXRef-File-${id}`,
    fileName: `./${name}`,
    checksums: [{ algorithm: "SHA1", checksumValue: sha1 }, checksumOf(digest)],
    ...(comments.length === 0 ? {} : { comment: comments.join(" ") }),
  };
}

const ORIGINS: Readonly<Record<SbomFile["origin"], string>> = {
  recipe: "Of no package: it stands in the recipe or was made for this image.",
  "beside-recipe": "Of no package: it lies beside the recipe.",
  sysroot: "The sysroot's database lists it for no package.",
  store: "Of no store path.",
  prepended: "An archive that stands before the image's own entries.",
  fit: "A part of the FIT image beside its ramdisk.",
  uki: "A part of the unified kernel image beside its initrd.",
};

function* relationshipsOf({ packages, files }: Sbom): Generator<object> {
  yield relationship(DOCUMENT, "DESCRIBES", IMAGE);
  for (const one of packages) yield relationship(IMAGE, "CONTAINS", idOfPackage(one));
  for (const { id, owners } of files)
    if (owners.length === 0) yield relationship(IMAGE, "CONTAINS", `SPDXRef-File-${id}`);
  for (const one of packages) {
    const own = idOfPackage(one);
    for (const { id } of one.files) yield relationship(own, "CONTAINS", `SPDXRef-File-${id}`);
    if (one.source !== null) yield relationship(own, "GENERATED_FROM", idOfSource(one));
  }
}

function relationship(from: string, relationshipType: string, to: string): object {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to };
}

/** By identifier, in the order of the packages that were built from them. */
function sourcesOf({ packages }: Sbom): Map<string, PackageSource> {
  return new Map(packages.flatMap((one) => (one.source === null ? [] : [[idOfSource(one), one.source]])));
}

function idOfPackage({ id }: SbomPackage): string {
  return `SPDXRef-Package-${id}`;
}

function idOfSource({ kind, source }: SbomPackage): string {
  const name = (source?.name ?? "").replaceAll(/[^A-Za-z0-9.-]/g, "-");
  return `SPDXRef-Source-${kind}-${name}-${shortDigest(JSON.stringify(source), 12)}`;
}

function checksumOf(digest: Digest): object {
  return { algorithm: "SHA256", checksumValue: hexOfDigest(digest) };
}

function purlReference(purl: string): object {
  return { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl };
}

function agentOf(maintainer: string): string {
  const { name, address, isOrganization } = personIn(maintainer);
  return `${isOrganization ? "Organization" : "Person"}: ${name}${address === "" ? "" : ` (${address})`}`;
}
