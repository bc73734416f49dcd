/** PE files of a few hundred bytes, as small as systemd's stubs and Linux are large. */

export interface TestSection {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TestPe {
  readonly machine?: number;
  readonly is32Bit?: boolean;
  readonly subsystem?: number;
  readonly isNxCompatible?: boolean;
  readonly isSigned?: boolean;
  readonly sections?: readonly TestSection[];
  readonly sizeOfHeaders?: number;
}

export const X86_64 = 0x8664;
export const AARCH64 = 0xaa64;

const HEADER_AT = 0x40;
export const FILE_ALIGNMENT = 0x200;
export const MEMORY_ALIGNMENT = 0x1000;
/** Of the first section, in the file. */
export const SECTION_TABLE_AT = HEADER_AT + 24 + 240;
export const STUB_SBAT =
  "sbat,1,SBAT Version,sbat,1,https://example.org\nstub,1,A Stub,stub,1,https://example.org/\n";

export function peFile(pe: TestPe = {}): Buffer {
  const { sections = [{ name: ".text", bytes: Buffer.from("program") }], sizeOfHeaders = 0x400 } = pe;
  const optionalSize = pe.is32Bit ? 224 : 240;
  const head = Buffer.alloc(sizeOfHeaders);
  head.write("MZ", 0, "latin1");
  head.writeUInt32LE(HEADER_AT, 60);
  head.write("PE\0\0", HEADER_AT, "latin1");
  head.writeUInt16LE(pe.machine ?? X86_64, HEADER_AT + 4);
  head.writeUInt16LE(sections.length, HEADER_AT + 6);
  head.writeUInt16LE(optionalSize, HEADER_AT + 20);
  const optional = HEADER_AT + 24;
  head.writeUInt16LE(pe.is32Bit ? 0x10b : 0x20b, optional);
  head.writeUInt32LE(MEMORY_ALIGNMENT, optional + 32);
  head.writeUInt32LE(FILE_ALIGNMENT, optional + 36);
  head.writeUInt32LE(sizeOfHeaders, optional + 60);
  head.writeUInt32LE(0x1234, optional + 64);
  head.writeUInt16LE(pe.subsystem ?? 10, optional + 68);
  head.writeUInt16LE(pe.isNxCompatible === false ? 0x40 : 0x140, optional + 70);
  head.writeUInt32LE(16, optional + (pe.is32Bit ? 92 : 108));
  if (pe.isSigned) head.writeUInt32LE(0x8000, optional + (pe.is32Bit ? 96 : 112) + 4 * 8);
  const bodies: Buffer[] = [];
  let [address, offset] = [MEMORY_ALIGNMENT, sizeOfHeaders];
  for (const [index, { name, bytes }] of sections.entries()) {
    const body = Buffer.alloc(Math.ceil(bytes.length / FILE_ALIGNMENT) * FILE_ALIGNMENT);
    body.set(bytes);
    const at = optional + optionalSize + index * 40;
    head.write(name, at, 8, "latin1");
    head.writeUInt32LE(bytes.length, at + 8);
    head.writeUInt32LE(address, at + 12);
    head.writeUInt32LE(body.length, at + 16);
    head.writeUInt32LE(offset, at + 20);
    bodies.push(body);
    offset += body.length;
    address += Math.ceil(bytes.length / MEMORY_ALIGNMENT) * MEMORY_ALIGNMENT;
  }
  return Buffer.concat([head, ...bodies]);
}

/** As systemd's: with an SBAT, and room for a dozen sections. */
export function stubFile(pe: TestPe = {}): Buffer {
  const sections = [
    { name: ".text", bytes: Buffer.from("starts a kernel") },
    { name: ".sbat", bytes: Buffer.from(STUB_SBAT) },
    { name: ".sdmagic", bytes: Buffer.from("#### LoaderInfo: systemd-stub 257 ####") },
  ];
  return peFile({ sections, ...pe });
}
