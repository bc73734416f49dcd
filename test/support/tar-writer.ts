/** Tar archives for tests, written from the format's text (POSIX.1 ustar, pax records), without our own reader. */
import { createHash } from "node:crypto";
import type { MemoryFile } from "./memory-tree.ts";
import { rawBytes } from "./memory-tree.ts";

/** Text stands for bytes, one character each. */
export interface TarEntry {
  readonly name: string;
  /** The type's character: "0" file, "1" hard link, "2" symlink, "3" char, "4" block, "5" directory, "6" fifo. */
  readonly type?: string;
  readonly bytes?: string | Uint8Array;
  readonly to?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly device?: readonly [major: number, minor: number];
  /** Records of a pax header in front. */
  readonly pax?: Readonly<Record<string, string>>;
  /** In place of the length of `bytes`. */
  readonly size?: number;
  /** Of the header, before its sum is made. */
  readonly patch?: (header: Buffer) => void;
}

export const END_OF_TAR: Uint8Array = new Uint8Array(1024);

export function writeTar(entries: readonly TarEntry[], end: Uint8Array = END_OF_TAR): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), end]);
}

function blocksOf(entry: TarEntry): Uint8Array[] {
  const { name, pax, bytes = "" } = entry;
  const records = { ...(name.length > 100 ? { path: name } : {}), ...pax };
  const data = rawBytes(bytes);
  const blocks = [headerOf({ ...entry, name: name.slice(0, 100) }, entry.size ?? data.length), padded(data)];
  if (Object.keys(records).length === 0) return blocks;
  const body = rawBytes(Object.entries(records).map(paxRecord).join(""));
  return [headerOf({ name: "pax", type: "x" }, body.length), padded(body), ...blocks];
}

/** The length counts its own digits. */
export function paxRecord([key, value]: readonly [key: string, value: string]): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== `${length}`.length + rest.length) length = `${length}`.length + rest.length;
  return `${length}${rest}`;
}

function headerOf(entry: TarEntry, size: number): Buffer {
  const { name, type = "0", to = "", mode = 0o644, uid = 0, gid = 0, device = [0, 0], patch } = entry;
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, digits: number): void => {
    header.write(value.toString(8).padStart(digits, "0"), at, "latin1");
  };
  header.write(name, 0, "latin1");
  octal(mode, 100, 7);
  octal(uid, 108, 7);
  octal(gid, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  header.write(type, 156, "latin1");
  header.write(to, 157, 100, "latin1");
  header.write("ustar\0" + "00", 257, "latin1");
  octal(device[0], 329, 7);
  octal(device[1], 337, 7);
  patch?.(header);
  repairSum(header);
  return header;
}

function repairSum(header: Buffer): void {
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
}

/** Makes the sum of whatever looks like a header right again. */
export function repairSums(tar: Buffer): void {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    if (tar.toString("latin1", at + 257, at + 262) === "ustar") repairSum(tar.subarray(at, at + 512));
  }
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** What a memory tree is made of, as the entries of a tar. */
export function tarEntriesOf(files: Readonly<Record<string, MemoryFile>>): TarEntry[] {
  return Object.entries(files).map(([path, file]): TarEntry => {
    const name = `.${path}`;
    if (typeof file === "string" || file instanceof Uint8Array) return { name, bytes: file };
    if ("symlink" in file) return { name, type: "2", to: file.symlink };
    if ("directory" in file) return { name: `${name}/`, type: "5", mode: file.directory };
    if ("bytes" in file) return { name, bytes: file.bytes, mode: file.mode };
    if ("fifo" in file) return { name, type: "6", mode: file.fifo };
    if ("char" in file) return { name, type: "3", mode: file.mode, device: file.char };
    if ("block" in file) return { name, type: "4", mode: file.mode, device: file.block };
    throw new TypeError("a tar holds no sockets");
  });
}

export interface OciImage {
  /** Null: the index does not say it. */
  readonly platform: Readonly<Record<string, string>> | null;
  readonly layers: readonly Uint8Array[];
  readonly name?: string;
}

/** The files of an OCI image layout, by path. */
export function ociLayout(images: readonly OciImage[]): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {
    "oci-layout": Buffer.from('{"imageLayoutVersion":"1.0.0"}'),
  };
  const blob = (bytes: Uint8Array, mediaType: string) => {
    const digest = sha256(bytes);
    files[`blobs/sha256/${digest}`] = bytes;
    return {
      mediaType: `application/vnd.oci.image.${mediaType}`,
      digest: `sha256:${digest}`,
      size: bytes.length,
    };
  };
  const manifests = images.map(({ platform, layers, name }) => {
    const config = blob(json({ os: "linux", ...platform }), "config.v1+json");
    const manifest = { schemaVersion: 2, config, layers: layers.map((layer) => blob(layer, "layer.v1.tar")) };
    const annotations =
      name === undefined ? {} : { annotations: { "org.opencontainers.image.ref.name": name } };
    return { ...blob(json(manifest), "manifest.v1+json"), ...annotations, ...(platform && { platform }) };
  });
  return { ...files, "index.json": json({ schemaVersion: 2, manifests }) };
}

/** The files of an archive of `docker save`, by path. */
export function dockerSave(
  images: readonly { readonly tag: string; readonly layers: readonly Uint8Array[] }[],
  architecture = "amd64",
): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  const entries = images.map(({ tag, layers }) => {
    const digests = layers.map(sha256);
    const config = json({
      architecture,
      rootfs: { diff_ids: digests.map((one) => `sha256:${one}`) },
    });
    files[`${sha256(config)}.json`] = config;
    for (const [number, layer] of layers.entries()) files[`${digests[number]}/layer.tar`] = layer;
    const Layers = digests.map((digest) => `${digest}/layer.tar`);
    return { Config: `${sha256(config)}.json`, RepoTags: [tag], Layers };
  });
  return { ...files, "manifest.json": json(entries) };
}

/** Such files in a tar. */
export function tarOf(files: Readonly<Record<string, Uint8Array>>): Buffer {
  return writeTar(Object.entries(files).map(([name, bytes]) => ({ name, bytes })));
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
