/**
 * Signatures within files, which other bytes would break. Sources: linux kernel/module_signature.c, scripts/sign-file.c;
 * Microsoft PE format, "The Attribute Certificate Table".
 */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";

export type SignatureKind = "kernel module" | "Authenticode";

const MODULE_MARK = Buffer.from("~Module signature appended~\n", "latin1");
/** In the MS-DOS header: where the PE header stands. */
const PE_OFFSET_AT = 0x3c;
/** Of the optional header from the PE mark on. */
const OPTIONAL_AT = 24;
/** Of the data directories within the optional header, by its magic: PE32, PE32+. */
const DIRECTORIES_AT = new Map([
  [0x10b, 96],
  [0x20b, 112],
]);
const CERTIFICATES = 4;

/** Null: none that is known here. */
export function signatureIn(source: ByteSource): SignatureKind | null {
  const end = Math.max(0, source.size - MODULE_MARK.length);
  if (MODULE_MARK.equals(source.read(end, MODULE_MARK.length))) return "kernel module";
  return isSignedPe(source) ? "Authenticode" : null;
}

function isSignedPe(source: ByteSource): boolean {
  const head = Uint8Array.from(source.read(0, PE_OFFSET_AT + 4));
  if (head.length < PE_OFFSET_AT + 4 || head[0] !== 0x4d || head[1] !== 0x5a) return false;
  const at = viewOf(head).getUint32(PE_OFFSET_AT, true);
  const headers = Uint8Array.from(source.read(at, OPTIONAL_AT + 112 + (CERTIFICATES + 1) * 8));
  const view = viewOf(headers);
  if (headers.length < OPTIONAL_AT + 2 || view.getUint32(0, false) !== 0x50450000) return false;
  const directories = DIRECTORIES_AT.get(view.getUint16(OPTIONAL_AT, true));
  if (directories === undefined) return false;
  const entry = OPTIONAL_AT + directories + CERTIFICATES * 8;
  return entry + 8 <= headers.length && view.getUint32(entry + 4, true) > 0;
}
