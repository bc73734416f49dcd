/** A FIT image around a ramdisk, with a kernel of a few bytes before it. */
import { createHash } from "node:crypto";
import { encodeFit, type Fit } from "../../src/formats/fit.ts";

export function fitAround(ramdisk: Uint8Array, data: Fit["data"] = "external"): Buffer {
  const kernel = Buffer.from("a kernel, or so");
  const sha256 = createHash("sha256").update(ramdisk).digest();
  const fit: Fit = {
    description: "a test",
    time: 1,
    arch: "arm64",
    kernel: { description: "k", size: kernel.length, hashes: [], compression: "none", load: 0, entry: 0 },
    fdts: [],
    ramdisk: { description: "r", size: ramdisk.length, hashes: [{ algorithm: "sha256", value: sha256 }] },
    data,
  };
  return Buffer.concat(
    encodeFit(fit).map((piece) => (piece instanceof Uint8Array ? piece : [kernel, ramdisk][piece.part]!)),
  );
}
