/** The configuration that a kernel carries within itself where it was built with CONFIG_IKCONFIG. Source: linux kernel/configs.c. */
import { gunzipSync } from "node:zlib";
import { findAll } from "./byte-search.ts";
import type { ByteSource } from "./byte-source.ts";
import { type KernelConfig, parseKernelConfig } from "./kernel-config.ts";

const BEGIN = Buffer.from("IKCFG_ST", "latin1");
const END = Buffer.from("IKCFG_ED", "latin1");
/** The largest are 60 KB packed and 300 KB unpacked. Bytes. */
const [MOST_PACKED, MOST] = [2 ** 20, 2 ** 24];

/** Of a kernel that is not packed; null: it has none that can be read. */
export function readEmbeddedConfig(kernel: ByteSource): KernelConfig | null {
  for (const at of findAll(kernel, BEGIN)) {
    const rest = Buffer.from(kernel.read(at + BEGIN.length, MOST_PACKED));
    const end = rest.indexOf(END);
    const config = end === -1 ? null : unpackConfig(rest.subarray(0, end));
    if (config !== null) return config;
  }
  return null;
}

function unpackConfig(packed: Uint8Array): KernelConfig | null {
  try {
    return parseKernelConfig(gunzipSync(packed, { maxOutputLength: MOST }).toString("latin1"));
  } catch (error) {
    // Code that looks for the mark has it, too.
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
