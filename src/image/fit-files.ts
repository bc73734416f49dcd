/** The kernel and the device trees of a FIT image, looked at before anything is built. */
import type { HostPath, TargetPath } from "../core/path.ts";
import type { Host } from "../core/ports.ts";
import { BuildFailure, ProblemCollector } from "../core/problem.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { viewOf } from "../formats/bytes.ts";
import { decodeFdt } from "../formats/fdt-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import { type CompressedKind, memberKindOf } from "../formats/member.ts";
import { isUimageName, type UimageHeader } from "../formats/uimage.ts";
import type { FitFileSpec, FitKernelSpec, FitSpec } from "../spec/image-spec.ts";
import { type BesideFile, lookAtFile } from "./beside-file.ts";

export interface FitKernelFile extends BesideFile {
  readonly compression: UimageHeader["compression"];
  readonly load: number;
  readonly entry: number;
}

export interface FitFiles {
  readonly kernel: FitKernelFile | null;
  readonly fdts: readonly BesideFile[];
}

/** All of them, as they stand in the image. */
export function filesOf({ kernel, fdts }: FitFiles): BesideFile[] {
  return [...(kernel === null ? [] : [kernel]), ...fdts];
}

/** Throws BuildFailure with every image/fit-file-not-found and image/bad-fit-file. */
export function readFitFiles(
  { kernel, fdts }: Pick<FitSpec, "kernel" | "fdts">,
  ports: { readonly host: Pick<Host, "tree"> },
): FitFiles {
  const problems = new ProblemCollector();
  const files = {
    kernel: kernel === null ? null : problems.attempt(() => readKernel(kernel, ports.host)),
    fdts: fdts.flatMap(
      (fdt) => problems.attempt(() => readFile(fdt, "device tree", decodeFdt, ports.host)) ?? [],
    ),
  };
  problems.throwIfAny();
  return files;
}

function readKernel(spec: FitKernelSpec, host: Pick<Host, "tree">): FitKernelFile {
  let compression: UimageHeader["compression"] = "none";
  const look = (source: ByteSource): void => {
    const said = spec.compression;
    compression = said !== null && isUimageName("compression", said) ? said : compressionOf(source);
  };
  const file = readFile(spec, "kernel", look, host);
  const { load, entry } = spec;
  return { ...file, compression, load, entry };
}

/** What U-Boot has to unpack; Linux's own formats are not all among it. */
const UBOOT_NAMES: Readonly<Partial<Record<CompressedKind, UimageHeader["compression"]>>> = {
  gzip: "gzip",
  bzip2: "bzip2",
  lzma: "lzma",
  lzop: "lzo",
  zstd: "zstd",
};
const LZ4_FRAME = 0x0422_4d18;

function compressionOf(source: ByteSource): UimageHeader["compression"] {
  const head = Uint8Array.from(source.read(0, 4));
  if (head.length === 4 && viewOf(head).getUint32(0) === LZ4_FRAME) return "lz4";
  const kind = memberKindOf(head);
  if (kind === null) return "none";
  const name = UBOOT_NAMES[kind];
  if (name === undefined)
    throw new FormatError("bad-compression", 0, `U-Boot does not unpack this form of ${kind}`);
  return name;
}

function readFile(
  { at, path }: FitFileSpec,
  role: string,
  look: (source: ByteSource) => unknown,
  host: Pick<Host, "tree">,
): BesideFile {
  const root = "/" as HostPath;
  const place = { in: "host", tree: host.tree(root), root, inTree: path.slice(1) as TargetPath } as const;
  try {
    const file = lookAtFile(place, look);
    if (file === null) throw new BuildFailure([{ code: "image/fit-file-not-found", at, path, role }]);
    return file;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { offset, message: why } = error;
    throw new BuildFailure([{ code: "image/bad-fit-file", at, path, role, offset, why }]);
  }
}
