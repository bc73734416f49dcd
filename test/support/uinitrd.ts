/** A uInitrd around a ramdisk that gzip compressed. */
import { crc32 } from "node:zlib";
import { encodeUimageHeader } from "../../src/formats/uimage.ts";

/** `dataCrc`: what its header says. */
export function uInitrdAround(ramdisk: Uint8Array, dataCrc = crc32(ramdisk)): Buffer {
  const header = encodeUimageHeader({
    os: "linux",
    arch: "arm64",
    type: "ramdisk",
    compression: "gzip",
    name: "",
    time: 1,
    loadAddress: 0,
    entryPoint: 0,
    dataSize: ramdisk.length,
    dataCrc,
  });
  return Buffer.concat([header, ramdisk]);
}
