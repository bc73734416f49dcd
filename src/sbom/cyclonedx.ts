/**
 * CycloneDX 1.6 in JSON: https://cyclonedx.org/docs/1.6/json/. Packages hold the files of them that are in the image;
 * what is of no package stands beside them.
 */
import { hexOfDigest } from "../core/digest.ts";
import type { ImageFacts } from "../image/manifest.ts";
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
  unmappedOf,
  uuidOf,
} from "./sbom.ts";

const IMAGE = "image";

export function cyclonedxDocument(sbom: Sbom, image: ImageFacts): Generator<Uint8Array> {
  const { name, tool, epoch, packages, warnings } = sbom;
  const head = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(identityOf("cyclonedx", image, sbom))}`,
    version: 1,
    metadata: {
      timestamp: timeOf(epoch),
      lifecycles: [{ phase: "build" }],
      tools: { components: [{ type: "application", ...tool }] },
      component: {
        type: "operating-system",
        "bom-ref": IMAGE,
        name,
        ...(image.beforeSecrets === null ? { hashes: [hashOf("SHA-256", hexOfDigest(image.digest))] } : {}),
        properties: [{ name: "initgraph:file", value: image.file }],
      },
      ...(warnings.length === 0
        ? {}
        : { properties: warnings.map((one) => ({ name: "initgraph:warning", value: JSON.stringify(one) })) }),
    },
  };
  const refs = packages.map(({ id }) => id);
  return jsonDocument(head, [
    ["components", componentsOf(sbom)],
    ["dependencies", [{ ref: IMAGE, dependsOn: refs }]],
    [
      "compositions",
      [
        { aggregate: warnings.length === 0 ? "complete" : "incomplete", assemblies: [IMAGE] },
        // What packages need of each other nobody has looked for here.
        ...(refs.length === 0 ? [] : [{ aggregate: "unknown", dependencies: refs }]),
      ],
    ],
  ]);
}

function* componentsOf(sbom: Sbom): Generator<object> {
  for (const one of sbom.packages) yield packageOf(one);
  for (const file of unmappedOf(sbom)) yield fileOf(file);
  // No sum of them: a short one could be guessed from it.
  for (const name of sbom.secrets) {
    const properties = [{ name: "initgraph:origin", value: "secret" }];
    yield { type: "file", "bom-ref": `secret-${shortDigest(name, 24)}`, name, properties };
  }
}

function packageOf(one: SbomPackage): object {
  const { id, kind, name, version, maintainer, homepage, license, purl, files } = one;
  // A file of several packages stands in the first, and is named by the others.
  const own = files.filter(({ owners }) => owners[0] === id);
  const shared = files.filter(({ owners }) => owners[0] !== id);
  const properties = [
    ["initgraph:kind", kind],
    ...(one.architecture === "" ? [] : [["initgraph:architecture", one.architecture]]),
    ...(one.source === null
      ? []
      : [
          ["initgraph:source", one.source.name],
          ["initgraph:source-version", one.source.version],
        ]),
    ...one.notes.map(([note, value]) => [`initgraph:${note}`, value]),
    ...shared.map((file) => ["initgraph:shared-file", `file-${file.id}`]),
  ].map(([key, value]) => ({ name: key, value }));
  return {
    // The word for software of which no more is known.
    type: "application",
    "bom-ref": id,
    ...(maintainer === "" ? {} : { supplier: supplierOf(maintainer) }),
    name,
    ...(version === "" ? {} : { version }),
    ...(license === "" ? {} : { licenses: [licenseOf(license)] }),
    ...(purl === null ? {} : { purl }),
    ...(/^https?:\/\/[^\s\\<>"{}|^`]+$/.test(homepage)
      ? { externalReferences: [{ type: "website", url: homepage }] }
      : {}),
    ...(own.length === 0 ? {} : { components: own.map(fileOf) }),
    properties,
  };
}

function fileOf({ id, name, nameBytes, digest, owners, origin, isChanged }: SbomFile): object {
  const properties = [
    ...(nameBytes === null ? [] : [{ name: "initgraph:name-bytes", value: nameBytes }]),
    ...(owners.length > 0 ? [] : [{ name: "initgraph:origin", value: origin }]),
    ...(isChanged ? [{ name: "initgraph:changed-since-installed", value: "true" }] : []),
  ];
  return {
    type: "file",
    "bom-ref": `file-${id}`,
    name: ["prepended", "fit", "uki"].includes(origin) ? name : `/${name}`,
    hashes: [hashOf("SHA-256", hexOfDigest(digest))],
    ...(properties.length === 0 ? {} : { properties }),
  };
}

function hashOf(alg: string, content: string): object {
  return { alg, content };
}

function licenseOf(license: string): object {
  const acknowledgement = "declared";
  return isKnownExpression(license)
    ? { expression: license, acknowledgement }
    : { license: { name: license, acknowledgement } };
}

function supplierOf(maintainer: string): object {
  const { name, address } = personIn(maintainer);
  return { name, ...(/^[^\s@]+@[^\s@]+$/.test(address) ? { contact: [{ email: address }] } : {}) };
}
