/** What an SBOM may have to tell at its oddest. */
import { digestOf, hexOfDigest, sha1OfText } from "../../src/core/digest.ts";
import type { Entry } from "../../src/core/entry.ts";
import type { HostPath, TargetPath } from "../../src/core/path.ts";
import type { ImageFacts } from "../../src/image/manifest.ts";
import type { FileSum, Package } from "../../src/packages/package.ts";
import { gatherSbom, type Sbom } from "../../src/sbom/sbom.ts";
import { fileFrom } from "./package-trees.ts";

export const TOOL = { name: "initgraph", version: "1.2.3" };

/** What documents ask of it. */
export const IMAGE = {
  file: "odd.zst",
  digest: digestOf(Buffer.from("image")),
  beforeSecrets: null,
} as ImageFacts;

const BASE: Package = {
  kind: "deb",
  name: "libstdc++6",
  version: "12.2.0-14",
  architecture: "amd64",
  source: { name: "gcc-12", version: "12.2.0-14", purl: "pkg:deb/debian/gcc-12@12.2.0-14?arch=source" },
  maintainer: "Debian GCC Maintainers <debian-gcc@lists.debian.org>",
  homepage: "http://gcc.gnu.org/",
  license: "",
  purl: "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64",
  notes: [],
};

export const PACKAGES: readonly Package[] = [
  BASE,
  // Of the same letters once those are gone that an identifier may not have.
  {
    ...BASE,
    name: "libstdc--6",
    purl: null,
    source: null,
    maintainer: "Ann O'Ther (nobody) <ann@example.org>",
  },
  {
    ...BASE,
    kind: "apk",
    name: "musl",
    license: "MIT AND (BSD-2-Clause OR GPL-2.0-only WITH Linux-syscall-note)",
  },
  {
    ...BASE,
    kind: "apk",
    name: "own",
    license: 'custom: "as is"',
    maintainer: "ann@example.org",
    homepage: "none of it",
  },
  {
    ...BASE,
    kind: "nix",
    name: "glibc",
    version: "",
    source: null,
    maintainer: "",
    notes: [["nix:store-path", "/nix/store/x"]],
  },
  // Owns nothing but a symlink.
  { ...BASE, name: "only-links", architecture: "all" },
];

export const FILES = [
  "usr/lib/libstdc++.so.6",
  "usr/lib/both",
  'a "b"\n',
  "caf\xe9",
  "caf\xc3\xa9",
  "lib/ld-musl",
  "x",
  "own",
  "etc/made",
];

/** What the packages brought: the same bytes, and others. */
const SUMS: Readonly<Record<string, FileSum>> = {
  "usr/lib/libstdc++.so.6": { algorithm: "md5", hex: "of its bytes now" },
  "usr/lib/both": { algorithm: "md5", hex: "of other bytes" },
  "lib/ld-musl": { algorithm: "sha1", hex: "of other bytes" },
  own: { algorithm: "sha256", hex: hexOfDigest(digestOf(Buffer.from("own"))) },
};

export function oddSbom(change: Partial<Sbom> = {}): Sbom {
  const [first, second, musl, own, nix, links] = PACKAGES as [
    Package,
    Package,
    Package,
    Package,
    Package,
    Package,
  ];
  const owners = new Map<string, Package[]>([
    ["usr/lib/libstdc++.so.6", [first]],
    ["usr/lib/both", [first, second]],
    ["lib/ld-musl", [musl]],
    ["own", [own]],
    ["x", [nix]],
    ["usr/lib/link", [links]],
  ]);
  const made: Entry = {
    ...fileFrom("host", "etc/made"),
    source: { from: "recipe", bytes: Buffer.from("") },
  } as never;
  const entries = [
    ...FILES.filter((path) => path !== "etc/made").map((path) => fileFrom("sysroot", path)),
    made,
  ];
  const sbom = gatherSbom({
    name: "odd image ü",
    tool: TOOL,
    epoch: 1_700_000_000,
    secrets: [],
    entries: () => entries,
    parts: [
      {
        key: "part\x01" as TargetPath,
        path: "/boot/x" as HostPath,
        digest: digestOf(Buffer.from("early")),
        origin: "prepended",
      },
      {
        key: "part\x02" as TargetPath,
        path: "/other/x" as HostPath,
        digest: digestOf(Buffer.from("early")),
        origin: "prepended",
      },
      {
        key: "part\x03" as TargetPath,
        path: "/boot/Image" as HostPath,
        digest: digestOf(Buffer.from("kernel")),
        origin: "fit",
      },
    ],
    found: {
      packages: PACKAGES,
      owners: owners as ReadonlyMap<string, Package[]> as ReadonlyMap<TargetPath, Package[]>,
      sums: new Map(Object.entries(SUMS)) as ReadonlyMap<string, FileSum> as ReadonlyMap<TargetPath, FileSum>,
      warnings: [],
    },
    digestOfEntry: ({ content }) => content!,
    wantsSha1: true,
    sumsOf: ({ path }) => ({ sha1: sha1OfText(path), md5: "of its bytes now" }),
  });
  return { ...sbom, ...change };
}

export function parsed<T>(pieces: Iterable<Uint8Array>): T {
  return JSON.parse(textOf(pieces)) as T;
}

export function textOf(pieces: Iterable<Uint8Array>): string {
  return Buffer.concat([...pieces].map((piece) => Buffer.from(piece))).toString("utf8");
}
