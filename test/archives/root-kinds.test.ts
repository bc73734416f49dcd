/** The promises of a tree, kept by every way to keep a root tree in archives. */
import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { compressZstd } from "../../src/codecs/zstd.ts";
import { AMD64, ARM64, type Kept, openKept } from "../support/archive-roots.ts";
import { dockerSave, ociLayout, tarEntriesOf, tarOf, writeTar } from "../support/tar-writer.ts";
import { requireTool } from "../support/tools.ts";
import { testTreeContract } from "../support/tree-contract.ts";

const oci = (layer: Uint8Array) => ociLayout([{ platform: AMD64, layers: [layer] }]);
const saved = (...layers: readonly Uint8Array[]) => dockerSave([{ tag: "a:1", layers }]);
/** Since Docker 25 an OCI layout too, with the layers where that has them. */
const savedAsBoth = (layer: Uint8Array) => ({
  ...oci(layer),
  "manifest.json": saved(layer)["manifest.json"]!,
});
const NOTHING = writeTar([]);

const KINDS: Readonly<Record<string, (tar: Buffer) => Kept | Promise<Kept>>> = {
  tar: (tar) => tar,
  "tar.gz": (tar) => gzipSync(tar),
  "tar.zst": (tar) => compressZstd(tar, 3),
  "OCI directory": oci,
  "OCI directory, gzip layer": (tar) => ociLayout([{ platform: null, layers: [gzipSync(tar)] }]),
  "OCI directory, zstd layer": async (tar) => oci(await compressZstd(tar, 3)),
  "OCI directory, several layers and images": (tar) =>
    ociLayout([
      { platform: ARM64, layers: [] },
      { platform: AMD64, layers: [NOTHING, tar, NOTHING] },
    ]),
  "OCI tar": (tar) => tarOf(oci(tar)),
  "OCI tar.gz, gzip layer": (tar) => gzipSync(tarOf(oci(gzipSync(tar)))),
  "docker save": (tar) => tarOf(saved(tar)),
  "docker save, gzip layer": (tar) => tarOf(withGzipLayers(saved(tar))),
  "docker save, tar.gz": (tar) => gzipSync(tarOf(saved(NOTHING, tar))),
  "docker save, directory": (tar) => saved(tar),
  "docker save, directory, several layers": (tar) => saved(NOTHING, tar),
  "docker save with OCI's index": (tar) => tarOf(savedAsBoth(tar)),
  "docker save with OCI's index, directory": savedAsBoth,
};

for (const [kind, keep] of Object.entries(KINDS)) {
  testTreeContract(kind, async (files, t) =>
    openKept(await keep(writeTar(tarEntriesOf(files))), t, "x86_64"),
  );
}

for (const [tool, kind] of [
  ["xz", "xz"],
  ["bzip2", "bz2"],
] as const) {
  const compress = (bytes: Uint8Array) => execFileSync(tool, ["-c"], { input: bytes });
  testTreeContract(
    `tar.${kind}`,
    (files, t) => openKept(compress(writeTar(tarEntriesOf(files))), t),
    requireTool(tool),
  );
  testTreeContract(
    `OCI tar, ${kind} layer`,
    (files, t) => openKept(tarOf(oci(compress(writeTar(tarEntriesOf(files))))), t),
    requireTool(tool),
  );
}

/** What the configuration says is the digest of a layer's content, compressed or not. */
function withGzipLayers(files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  const zipped = Object.entries(files).map(([name, bytes]) => {
    return [name, name.endsWith(".tar") ? gzipSync(bytes) : bytes] as const;
  });
  return Object.fromEntries(zipped);
}
