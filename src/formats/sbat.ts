/** SBAT, by which Secure Boot revokes generations of programs: lines of text in a section ".sbat". Source: shim's SBAT.md. */

const HEAD = "sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md";

/** That of unified kernel images, as ukify adds it. */
export const UKI_SBAT = "uki,1,UKI,uki,1,https://uapi-group.org/specifications/specs/unified_kernel_image/";

/** The lines of a section but its first, which tells what it is; none where it is no SBAT. */
export function sbatLines(section: Uint8Array): string[] {
  const text = Buffer.from(section).toString("latin1").replace(/\0+$/, "");
  const lines = text.replace(/\n$/, "").split("\n");
  return lines[0]?.startsWith("sbat,") ? lines.slice(1) : [];
}

/** With the zero at its end that ukify writes (systemd 254 to 257). */
export function encodeSbat(lines: readonly string[]): Uint8Array {
  return Buffer.from(`${[HEAD, ...lines].join("\n")}\n\0`, "latin1");
}
