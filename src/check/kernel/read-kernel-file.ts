/**
 * What a kernel can do, from whatever there is of it: a configuration, or a kernel in any of the files that boot loaders
 * take. Of one without a configuration of its own, the one beside it counts, and what its bytes prove.
 */
import { byteString, directoryOf, type HostPath, nameOf, type TargetPath } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import { type ByteSource, sourceOf } from "../../formats/byte-source.ts";
import { FormatError } from "../../formats/format-error.ts";
import { readEmbeddedConfig } from "../../formats/ikconfig.ts";
import { type KernelConfig, parseKernelConfig } from "../../formats/kernel-config.ts";
import { readDecompressors } from "../../formats/kernel-decompressors.ts";
import { findKernel, type KernelMachine, type PackedKernel } from "../../formats/kernel-image.ts";
import { readKernelStrings } from "../../formats/kernel-strings.ts";
import { linuxVersionOf } from "../../formats/linux-version.ts";
import type { CompressedKind } from "../../formats/member.ts";
import { asReadProblem } from "../../inspect/list-image.ts";
import { type InspectPorts, MemberUnpacker } from "../../inspect/unpack-member.ts";
import { partOf } from "../../inspect/wrapper.ts";
import { openSource } from "../../trees/open-source.ts";
import { type KernelAbilities, machineOfConfig, RD_OPTIONS } from "./kernel-abilities.ts";

/** The largest configurations are 300 KB. Bytes. */
const MOST_TEXT = 4 * 2 ** 20;
/** What unpacks to more was made to do harm. Bytes. */
const MOST_UNPACKED = 512 * 2 ** 20;

/** Throws BuildFailure: image/kernel-unreadable, image/decompressor-not-found, host/cannot-read. */
export async function readKernelFile(path: HostPath, ports: InspectPorts): Promise<KernelAbilities> {
  const source = openSource(path, ports.host);
  if (source === null) {
    const why = "there is no such file";
    throw new BuildFailure([{ code: "image/kernel-unreadable", path, offset: 0, why }]);
  }
  try {
    const config = configIn(source);
    if (config !== null) return abilitiesOfConfig(config);
    const beside = configBeside(path, ports);
    return await readKernelImage(source, beside, ports);
  } catch (error) {
    throw asReadProblem(error, path, "image/kernel-unreadable");
  } finally {
    source.close();
  }
}

function configIn(source: ByteSource): KernelConfig | null {
  if (source.size > MOST_TEXT) return null;
  return parseKernelConfig(byteString(source.read(0, source.size)));
}

function abilitiesOfConfig(options: KernelConfig): KernelAbilities {
  return {
    form: "a configuration",
    machine: machineOfConfig(options),
    version: null,
    vermagic: null,
    configuration: "the configuration",
    options,
    memorySize: null,
    image: null,
  };
}

interface ConfigBeside {
  readonly path: string;
  readonly config: KernelConfig;
}

/** `/boot/config-6.1.0` beside `/boot/vmlinuz-6.1.0`, or `.config` in the directory of a build. */
function configBeside(path: HostPath, { host }: InspectPorts): ConfigBeside | null {
  const place = path.slice(1) as TargetPath;
  const version = /^[^-]+-(.+)$/.exec(nameOf(place))?.[1];
  if (version === undefined) return null;
  const other = `/${directoryOf(place)}/config-${version}` as HostPath;
  const source = openSource(other, host);
  if (source === null) return null;
  try {
    const config = configIn(source);
    return config === null ? null : { path: other, config };
  } finally {
    source.close();
  }
}

async function readKernelImage(
  file: ByteSource,
  beside: ConfigBeside | null,
  ports: InspectPorts,
): Promise<KernelAbilities> {
  const { form, machine, kernel, memorySize } = await unpackKernel(file, ports);
  const version = linuxVersionOf(kernel) ?? linuxVersionOf(file);
  // Without this text it is not the whole of a kernel, and what is absent proves nothing.
  if (version === null)
    throw new FormatError("no-kernel", 0, "nothing in it says which version of Linux it is");
  const { hasInitrd, hasDevtmpfs, hasElf, hasScripts, vermagic } = readKernelStrings(kernel, version);
  const proved = new Map([
    ["BLK_DEV_INITRD", yes(hasInitrd)],
    ["DEVTMPFS", yes(hasDevtmpfs)],
  ]);
  // What has no text of its own in every kernel is proved where it is there, and open where it is not.
  if (hasElf) proved.set("BINFMT_ELF", "y");
  if (hasScripts) proved.set("BINFMT_SCRIPT", "y");
  if (vermagic !== null) proved.set("MODULES", "y");
  const decompressors = machine === null ? null : readDecompressors(kernel, machine);
  for (const [kind, isThere] of decompressors ?? []) proved.set(RD_OPTIONS[kind], yes(isThere));
  const embedded = readEmbeddedConfig(kernel);
  const config = embedded ?? beside?.config ?? null;
  const configuration = embedded === null ? (beside?.path ?? null) : "the configuration within it";
  return {
    form,
    machine: machine ?? (config === null ? null : machineOfConfig(config)),
    version,
    vermagic,
    configuration,
    options: new Map([...(config ?? []), ...proved]),
    memorySize,
    image: kernel,
  };
}

function yes(isThere: boolean): string {
  return isThere ? "y" : "n";
}

interface UnpackedKernel {
  /** For people. */
  readonly form: string;
  readonly machine: KernelMachine | null;
  readonly kernel: ByteSource;
  readonly memorySize: number | null;
}

async function unpackKernel(file: ByteSource, ports: InspectPorts): Promise<UnpackedKernel> {
  const image = findKernel(file);
  const { form } = image;
  // The file will be closed.
  if (image.kind === "bare") {
    const { machine, memorySize } = image;
    return { form, machine, kernel: heldSource(file), memorySize };
  }
  if (image.kind === "wrapped") {
    const { offset, size } = image.inside;
    return { ...(await unpackKernel(partOf(file, offset, size), ports)), form };
  }
  const kernel = await unpackFirst(image.places, file, ports);
  return { form, machine: image.machine ?? machineOf(kernel), kernel, memorySize: null };
}

/** Of what was packed: where a machine's kernels have no header of their own, its loader has said it. */
function machineOf(kernel: ByteSource): KernelMachine | null {
  const image = findKernel(kernel);
  return image.kind === "bare" ? image.machine : null;
}

async function unpackFirst(
  places: readonly PackedKernel[],
  file: ByteSource,
  ports: InspectPorts,
): Promise<ByteSource> {
  let failure: FormatError | null = null;
  for (const { packing, offset, size } of places) {
    try {
      return await unpackAt(partOf(file, offset, size), packing, ports);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      failure ??= new FormatError(error.code, offset + error.offset, error.message);
    }
  }
  throw failure ?? new FormatError("no-kernel", 0, "no packed kernel was found in it");
}

function heldSource(file: ByteSource): ByteSource {
  if (file.size > MOST_UNPACKED) throw tooLarge();
  return sourceOf(Buffer.from(file.read(0, file.size)));
}

function tooLarge(): FormatError {
  return new FormatError("too-large", 0, `a kernel of more than ${MOST_UNPACKED} bytes`);
}

async function unpackAt(part: ByteSource, packing: CompressedKind, ports: InspectPorts): Promise<ByteSource> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  await new MemberUnpacker(part, ports).unpack(packing, 0, (piece) => {
    size += piece.length;
    if (size > MOST_UNPACKED) throw tooLarge();
    pieces.push(Uint8Array.from(piece));
  });
  return sourceOf(Buffer.concat(pieces));
}
