/** What there is to say of a file's content, beyond its bytes: enough to tell what changed between two versions of it. */
import { unpack } from "../codecs/unpack.ts";
import { byteString, type TargetPath } from "../core/path.ts";
import { sourceOf } from "../formats/byte-source.ts";
import { type ElfFile, ET_REL, readElf } from "../formats/elf.ts";
import { FormatError } from "../formats/format-error.ts";
import { type KernelModule, readKernelModule } from "../formats/kmod-module.ts";
import { moduleCompressionOf } from "../formats/kmod-names.ts";

export type Sketch =
  | { readonly kind: "program"; readonly elf: ElfFile }
  | { readonly kind: "module"; readonly info: KernelModule["info"] }
  /** Characters stand for bytes. */
  | { readonly kind: "text"; readonly lines: readonly string[] }
  | { readonly kind: "bytes" };

const BYTES: Sketch = { kind: "bytes" };
/** A longer one is not compared by lines. Bytes. */
const LONGEST_TEXT = 2 ** 20;
const MODULE = /\.ko(\.(gz|xz|zst))?$/;

/** Damaged or unknown content is bytes and no more. */
export async function sketchOf(path: TargetPath, content: Uint8Array): Promise<Sketch> {
  try {
    if (MODULE.test(path)) return moduleSketch(await unpack(content, moduleCompressionOf(path) ?? "none"));
    const elf = readElf(sourceOf(content));
    if (elf !== null) return elf.type === ET_REL ? BYTES : { kind: "program", elf };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return BYTES;
  }
  const isText = content.length <= LONGEST_TEXT && !content.includes(0);
  return isText ? { kind: "text", lines: linesOf(content) } : BYTES;
}

function moduleSketch(bytes: Uint8Array): Sketch {
  return { kind: "module", info: readKernelModule(bytes).info };
}

function linesOf(content: Uint8Array): string[] {
  const lines = byteString(content).split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
