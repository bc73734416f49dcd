/**
 * Gives an image that is there other secrets: its last member is made anew, all before it stays byte for byte. The new
 * file takes the old one's place when it is whole.
 */
import { NO_STORE } from "../core/no-store.ts";
import type { HostPath, TargetPath } from "../core/path.ts";
import type { Host, Output, Progress } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { type ByteSource, piecesOf } from "../formats/byte-source.ts";
import { encodeUimageHeader } from "../formats/uimage.ts";
import { requireBootable } from "../inspect/bootable.ts";
import { withImageFile } from "../inspect/list-image.ts";
import { overlayOn } from "../inspect/overlay.ts";
import type { ImageContents, MemberKind } from "../inspect/read-image.ts";
import { partOf, type UInitrdWrapper } from "../inspect/wrapper.ts";
import { problemOf } from "../plan/place-secrets.ts";
import { compressorNamed } from "../spec/compressor.ts";
import { DEFAULTS } from "../spec/defaults.ts";
import { resolveFile } from "../trees/open-source.ts";
import { findCompressor } from "./compressor.ts";
import { type FoundSecrets, findSecrets, type OldSecret } from "./find-secrets.ts";
import type { PreparedCompressor } from "./image.ts";
import { ImageFile } from "./image-file.ts";
import { impliedDirectory } from "./image-secrets.ts";
import { zerosToBlock } from "./padding.ts";
import { lookAtSecrets, readSecret } from "./secret-files.ts";
import { encodeSecrets, secretMember } from "./secret-member.ts";

export interface ResealOrder {
  readonly image: HostPath;
  readonly secrets: readonly NewSecret[];
}

export interface NewSecret {
  readonly target: TargetPath;
  readonly source: HostPath;
}

export interface ResealedFile {
  /** The file itself, whatever symlink was named. */
  readonly image: HostPath;
  /** Where the kernel will put them. */
  readonly replaced: readonly TargetPath[];
  readonly added: readonly TargetPath[];
  readonly kept: readonly TargetPath[];
  readonly contents: ImageContents;
}

export interface ResealPorts {
  readonly host: Host;
  readonly tell: Progress;
}

const PRIVATE = 0o600;
const PIECE = 2 ** 20;
const UIMAGE_LIMIT = 0xffff_ffff;

/**
 * Those that the image has under the same path are replaced, and keep mode and owner; its others stay. Throws
 * BuildFailure: what `listImage` and `lookAtSecrets` throw, secrets/*, image/* and host/file-changed.
 */
export async function resealFile({ image, secrets }: ResealOrder, ports: ResealPorts): Promise<ResealedFile> {
  const files = lookAtSecrets(
    secrets.map(({ source }) => ({ at: null, source })),
    ports,
  );
  return withImageFile(image, ports, async (source) => {
    if (isPe(source)) throw cannotReseal("uki", image);
    const found = await findSecrets(source, ports);
    const { contents } = found;
    requireBootable(contents, image);
    const wrapper = uInitrdOf(found, image);
    const placed = placeAll(secrets, found);
    const entries = placed.map(({ path, item }) => {
      if (item === null) return impliedDirectory(path);
      const { mode, uid, gid } = item;
      const bytes = "source" in item ? readSecret(item.source, files, ports) : item.bytes;
      return { kind: "file", path, mode, uid, gid, bytes } as const;
    });
    const body = encodeSecrets(entries, found.epoch);
    const prepared = await preparedFor(found.kind, ports);
    const member = await secretMember(body, found.at, prepared, ports);
    const file = resolveFile(image, ports.host) ?? image;
    await write(file, { source, found, member, wrapper }, ports);
    return { image: file, contents, ...namesOf(placed, found.secrets) };
  });
}

type Item = (NewSecret & Omit<OldSecret, "bytes">) | (OldSecret & { readonly target: TargetPath });

function placeAll(secrets: readonly NewSecret[], { tree, secrets: old }: FoundSecrets) {
  const known = new Map(old.map((one) => [one.path, one]));
  const alone = overlayOn(secrets, tree);
  const items: Item[] = alone.entries.flatMap(({ path, item }) => {
    if (item === null) return [];
    const { mode = DEFAULTS.secretMode, uid = DEFAULTS.uid, gid = DEFAULTS.gid } = known.get(path) ?? {};
    return [{ ...item, path, mode, uid, gid }];
  });
  const given = new Set(items.map(({ path }) => path));
  const kept = old.filter(({ path }) => !given.has(path)).map((one) => ({ ...one, target: one.path }));
  const { entries, obstacles } = overlayOn<Item>([...kept, ...items], tree);
  const wrong = [...alone.obstacles, ...obstacles];
  if (wrong.length === 0) return entries;
  throw new BuildFailure(wrong.map((one) => problemOf({ ...one, item: { at: null } })));
}

function namesOf(
  placed: ReturnType<typeof placeAll>,
  old: readonly OldSecret[],
): Pick<ResealedFile, "replaced" | "added" | "kept"> {
  const known = new Set(old.map(({ path }) => path));
  const files = placed.flatMap(({ path, item }) =>
    item === null ? [] : [{ path, isNew: "source" in item }],
  );
  const those = (isNew: boolean, wasThere: boolean) =>
    files.filter((one) => one.isNew === isNew && known.has(one.path) === wasThere).map(({ path }) => path);
  return { replaced: those(true, true), added: those(true, false), kept: those(false, true) };
}

/** Null: it is not wrapped. */
function uInitrdOf({ payload: { wrapper } }: FoundSecrets, image: HostPath): UInitrdWrapper | null {
  if (wrapper === null || wrapper.kind === "uInitrd") return wrapper;
  throw cannotReseal(wrapper.kind, image);
}

/** What UEFI starts begins like this, one without an initramfs too. */
function isPe(source: ByteSource): boolean {
  return Buffer.from(source.read(0, 2)).toString("latin1") === "MZ";
}

function cannotReseal(kind: "fit" | "uki", image: HostPath): BuildFailure {
  const what = kind === "fit" ? "a FIT image" : "a unified kernel image";
  return new BuildFailure([
    {
      code: "secrets/cannot-reseal",
      image,
      why: `it is ${what}, whose digests, and signature if it has one, cover the initramfs`,
      help:
        kind === "fit"
          ? "reseal the initramfs by itself, and wrap it anew: `initgraph wrap --as fit`"
          : "reseal the initramfs by itself, and put it into a new one",
    },
  ]);
}

/** The embedded codec, or the program that the kind has its name of. */
async function preparedFor(kind: MemberKind, { host }: ResealPorts): Promise<PreparedCompressor | null> {
  if (kind === "plain") return null;
  if (kind === "lzma") throw new BuildFailure([{ code: "secrets/one-stream", at: null, kind }]);
  const compressor = await findCompressor(compressorNamed(kind), { host, store: NO_STORE });
  return compressor === null ? null : { compressor, kind };
}

interface NewFile {
  readonly source: ByteSource;
  readonly found: FoundSecrets;
  readonly member: Uint8Array;
  readonly wrapper: UInitrdWrapper | null;
}

async function write(
  path: HostPath,
  { source, found, member, wrapper }: NewFile,
  ports: ResealPorts,
): Promise<void> {
  const { payload, at, contents } = found;
  const output = ports.host.createOutput(path, PRIVATE);
  try {
    if (wrapper !== null) output.write(Uint8Array.from(source.read(0, payload.offset))); // until its sums are known
    const file = new ImageFile(output, { crc: wrapper !== null, digests: [] }, ports);
    for (const piece of piecesOf(partOf(source, payload.offset, at), 0, at, PIECE)) {
      file.put(piece);
      await new Promise((resolve) => setImmediate(resolve)); // without a pause no signal would be heard
    }
    if (file.size !== at) throw new BuildFailure([{ code: "host/file-changed", path }]);
    file.put(member);
    // As a build: readers of what is compressed before it stop at zeros.
    if (contents.members.every((one) => one.kind === "plain"))
      file.put(new Uint8Array(zerosToBlock(file.size)));
    if (wrapper !== null) writeHeader(wrapper, file, output);
    output.commit();
  } finally {
    output.discard(); // harmless once it is committed
  }
}

function writeHeader({ kind: _, ...header }: UInitrdWrapper, file: ImageFile, output: Output): void {
  const { size: dataSize, crc: dataCrc } = file.finish();
  if (dataSize > UIMAGE_LIMIT)
    throw new BuildFailure([{ code: "image/too-large-for-uinitrd", at: null, size: dataSize }]);
  output.writeAt(encodeUimageHeader({ ...header, dataSize, dataCrc }), 0);
}
