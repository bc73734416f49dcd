/**
 * What SBOMs are held to. CycloneDX: the official schema, which CycloneDX's own library carries. SPDX publishes its
 * schema in no package; here stands what it says of all that we write, and `spdx.reference.test.ts` asks SPDX's own tool.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";

const SCHEMAS = join(
  dirname(createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json")),
  "res/schema",
);

function official(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(SCHEMAS, `${name}.schema.json`), "utf8")) as Record<string, unknown>;
}

/** The identifiers of https://spdx.org/licenses/ as CycloneDX lists them, exceptions among them. */
export function officialLicenses(): readonly string[] {
  return official("spdx.SNAPSHOT")["enum"] as string[];
}

let cyclonedx: ValidateFunction | null = null;

/** Empty: it is valid. The schema is large: it is compiled once. */
export function cyclonedxErrors(document: unknown): readonly ErrorObject[] {
  cyclonedx ??= compileCyclonedx();
  return cyclonedx(document) ? [] : (cyclonedx.errors ?? []);
}

function compileCyclonedx(): ValidateFunction {
  // It has keywords for documentation, and formats that only another package knows.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const name of ["spdx.SNAPSHOT", "jsf-0.82.SNAPSHOT"])
    ajv.addSchema({ ...official(name), $id: `http://cyclonedx.org/schema/${name}.schema.json` });
  return ajv.compile(official("bom-1.6.SNAPSHOT"));
}

const TEXT = { type: "string", minLength: 1 };
const ID = { type: "string", pattern: "^SPDXRef-[A-Za-z0-9.-]+$" };
const LICENSE = { type: "string", minLength: 1 };

function object(required: Record<string, object>, optional: Record<string, object> = {}): object {
  const properties = { ...required, ...optional };
  return { type: "object", properties, required: Object.keys(required), additionalProperties: false };
}

function list(items: object): object {
  return { type: "array", items };
}

const CHECKSUM = {
  oneOf: [
    object({ algorithm: { const: "SHA1" }, checksumValue: { type: "string", pattern: "^[0-9a-f]{40}$" } }),
    object({ algorithm: { const: "SHA256" }, checksumValue: { type: "string", pattern: "^[0-9a-f]{64}$" } }),
  ],
};

const PACKAGE = object(
  { SPDXID: ID, name: TEXT, downloadLocation: TEXT },
  {
    versionInfo: TEXT,
    packageFileName: TEXT,
    supplier: { type: "string", pattern: "^(Person|Organization): \\S" },
    filesAnalyzed: { type: "boolean" },
    packageVerificationCode: object({
      packageVerificationCodeValue: { type: "string", pattern: "^[0-9a-f]{40}$" },
    }),
    checksums: list(CHECKSUM),
    homepage: { type: "string", pattern: "^https?://" },
    licenseConcluded: LICENSE,
    licenseDeclared: LICENSE,
    licenseComments: TEXT,
    copyrightText: TEXT,
    comment: TEXT,
    externalRefs: list(
      object({
        referenceCategory: { enum: ["PACKAGE-MANAGER"] },
        referenceType: { const: "purl" },
        referenceLocator: { type: "string", pattern: "^pkg:\\S+$" },
      }),
    ),
    primaryPackagePurpose: { enum: ["ARCHIVE", "SOURCE"] },
  },
);

const FILE = object(
  {
    SPDXID: ID,
    fileName: { type: "string", pattern: "^\\./" },
    checksums: { type: "array", items: CHECKSUM, contains: { properties: { algorithm: { const: "SHA1" } } } },
  },
  { comment: TEXT },
);

const SPDX = object(
  {
    spdxVersion: { const: "SPDX-2.3" },
    dataLicense: { const: "CC0-1.0" },
    SPDXID: { const: "SPDXRef-DOCUMENT" },
    name: TEXT,
    documentNamespace: { type: "string", pattern: "^https://[^#\\s]+$" },
    creationInfo: object({
      created: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$" },
      creators: list(TEXT),
    }),
    packages: list(PACKAGE),
    files: list(FILE),
    relationships: list(
      object({
        spdxElementId: ID,
        relationshipType: { enum: ["DESCRIBES", "CONTAINS", "GENERATED_FROM"] },
        relatedSpdxElement: ID,
      }),
    ),
  },
  {
    comment: TEXT,
    hasExtractedLicensingInfos: list(
      object(
        { licenseId: { type: "string", pattern: "^LicenseRef-[A-Za-z0-9.-]+$" }, extractedText: TEXT },
        { name: TEXT, comment: TEXT },
      ),
    ),
  },
);

export interface SpdxDocument {
  readonly documentNamespace: string;
  readonly packages: readonly {
    readonly SPDXID: string;
    readonly name: string;
    readonly filesAnalyzed: boolean;
    readonly licenseDeclared: string;
    readonly packageVerificationCode?: { readonly packageVerificationCodeValue: string };
  }[];
  readonly files: readonly {
    readonly SPDXID: string;
    readonly fileName: string;
    readonly comment?: string;
    readonly checksums: readonly { readonly algorithm: string; readonly checksumValue: string }[];
  }[];
  readonly relationships: readonly {
    readonly spdxElementId: string;
    readonly relationshipType: string;
    readonly relatedSpdxElement: string;
  }[];
}

/** What is wrong with its form, and with what it refers to. */
export function spdxErrors(document: unknown): readonly unknown[] {
  const validate = new Ajv({ strict: false }).compile(SPDX);
  if (!validate(document)) return validate.errors ?? [];
  const { packages, files, relationships } = document as SpdxDocument;
  const ids = [
    "SPDXRef-DOCUMENT",
    ...packages.map(({ SPDXID }) => SPDXID),
    ...files.map(({ SPDXID }) => SPDXID),
  ];
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const known = new Set(ids);
  const ends = relationships.flatMap((one) => [one.spdxElementId, one.relatedSpdxElement]);
  const contained = new Set(
    relationships.flatMap((one) => (one.relationshipType === "CONTAINS" ? [one.relatedSpdxElement] : [])),
  );
  const loose = files.filter(({ SPDXID }) => !contained.has(SPDXID));
  const isFile = new Set(files.map(({ SPDXID }) => SPDXID));
  const holders = new Set(
    relationships.flatMap((one) => (isFile.has(one.relatedSpdxElement) ? [one.spdxElementId] : [])),
  );
  const unanalyzed = packages.filter(({ SPDXID, filesAnalyzed }) => holders.has(SPDXID) && !filesAnalyzed);
  return [...twice, ...ends.filter((id) => !known.has(id)), ...loose, ...unanalyzed];
}
