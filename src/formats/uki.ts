/**
 * Unified kernel images: systemd-stub with a kernel, an initrd and what else it takes as further sections of one PE file. Laid
 * out as `ukify build` of systemd 257 does it, to the byte. Sources: UAPI.5, systemd src/ukify/ukify.py and systemd-stub(7).
 */
import { sourceOf } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { decodePe, NX_COMPATIBLE, PE_FIELD, PE_SECTION_SIZE, type Pe, sectionSizeInFile } from "./pe.ts";
import { encodeSbat, sbatLines, UKI_SBAT } from "./sbat.ts";
import { alignUp, checkStub, UkiError, type UkiSectionName, withoutSymbols } from "./uki-stub.ts";

const SBAT = ".sbat";

/** Facts about sections, not the sections: they can be streamed. */
export interface Uki {
  readonly stub: Uint8Array;
  readonly sections: readonly { readonly name: UkiSectionName; readonly size: number }[];
  readonly kernel: KernelFacts;
}

export interface KernelFacts {
  /** Whether it can run where no memory may be both written and executed. */
  readonly isNxCompatible: boolean;
  /** Lines of its SBAT. */
  readonly sbat: readonly string[];
}

export interface EncodedUki {
  /** Bytes of the image itself, or a section of the given ones, counted from 0. */
  readonly pieces: readonly (Uint8Array | { readonly section: number })[];
  /** All there are, those of the stub too, in the order of their headers. */
  readonly sections: readonly PlacedSection[];
}

export interface PlacedSection {
  readonly name: string;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  /** What is in it; null: it is one of the given ones. */
  readonly bytes: Uint8Array | null;
}

/** Addresses and offsets are 32 bits wide. */
export const UKI_LIMIT = 0xffff_ffff;
const READABLE_DATA = 0x4000_0040;
/** Old kernels are started where they lie. */
const READABLE_CODE = 0x4000_0020;

/** Throws FormatError: what decodePe throws of the stub, and the codes above. */
export function encodeUki({ stub: original, sections, kernel }: Uki): EncodedUki {
  const pe = decodePe(sourceOf(original));
  checkStub(pe, original);
  const stub = withoutSymbols(original, pe);
  const sbat = encodeSbat([...sbatLines(sbatOf(pe, stub)), ...kernel.sbat, UKI_SBAT]);
  const hasSbat = pe.sections.some(({ name }) => name === SBAT);
  const added = [...sections, ...(hasSbat ? [] : [{ name: SBAT, size: sbat.length, bytes: sbat }])];
  const placed = placeSections(pe, stub.length, added);
  const head = new Uint8Array(alignUp(stub.length, pe.fileAlignment));
  head.set(stub);
  const inPlace = hasSbat ? replaceSbat(pe, head, sbat, kernel) : pe.sections;
  writeHeaders(head, pe, placed, kernel);
  const pieces: EncodedUki["pieces"][number][] = [head];
  for (const [section, { size, bytes }] of placed.entries()) {
    pieces.push(bytes ?? { section });
    const zeros = alignUp(size, pe.fileAlignment) - size;
    if (zeros > 0) pieces.push(new Uint8Array(zeros));
  }
  const ofStub = inPlace.map((section) => {
    const { name, address, offset } = section;
    const size = sectionSizeInFile(section);
    return { name, address, offset, size, bytes: head.subarray(offset, offset + size) };
  });
  return { pieces, sections: [...ofStub, ...placed] };
}

function placeSections(
  { sections, sectionAlignment, fileAlignment, sizeOfHeaders, tableAt }: Pe,
  stubSize: number,
  added: readonly { readonly name: string; readonly size: number; readonly bytes?: Uint8Array }[],
): PlacedSection[] {
  const room = Math.floor((alignUp(sizeOfHeaders, fileAlignment) - tableAt) / PE_SECTION_SIZE);
  if (sections.length + added.length > room) {
    const why = `its header has room for ${Math.max(0, room - sections.length)} more sections, not for ${added.length}`;
    throw new UkiError("no-room", tableAt + sections.length * PE_SECTION_SIZE, why);
  }
  const last = sections.at(-1)!;
  let [address, offset] = [last.address + last.memorySize, stubSize];
  return added.map(({ name, size, bytes = null }) => {
    const placed = {
      name,
      address: alignUp(address, sectionAlignment),
      offset: alignUp(offset, fileAlignment),
      size,
      bytes,
    };
    address = placed.address + size;
    offset = placed.offset + alignUp(size, fileAlignment);
    if (Math.max(alignUp(address, sectionAlignment), offset) > UKI_LIMIT)
      throw new UkiError("too-large", 0, `${name} of ${size} bytes ends behind 4 GiB`);
    return placed;
  });
}

/** Without a section of its own for it a stub's SBAT grows where it is, up to what follows it in the file and in memory. */
function replaceSbat({ sections, tableAt }: Pe, head: Uint8Array, sbat: Uint8Array, kernel: KernelFacts) {
  const index = sections.findIndex(({ name }) => name === SBAT);
  const section = sections[index]!;
  const next = sections[index + 1]?.address ?? Number.POSITIVE_INFINITY;
  const room = Math.min(section.fileSize, next - section.address);
  if (sbat.length > room) {
    // Stubs before systemd 253 have room for no line more. Theirs says enough, unless the kernel has lines of its own.
    if (kernel.sbat.length === 0) return sections;
    const why = `its .sbat has room for ${room} bytes, not for ${sbat.length} with the kernel's`;
    throw new UkiError("no-room", section.offset, why);
  }
  head.fill(0, section.offset, section.offset + section.fileSize);
  head.set(sbat, section.offset);
  viewOf(head).setUint32(tableAt + index * PE_SECTION_SIZE + 8, sbat.length, true);
  return sections.with(index, { ...section, memorySize: sbat.length });
}

function writeHeaders(
  head: Uint8Array,
  { headerAt, tableAt, sections, ...pe }: Pe,
  added: readonly PlacedSection[],
  kernel: KernelFacts,
): void {
  const view = viewOf(head);
  const end = tableAt + sections.length * PE_SECTION_SIZE;
  const free = head.subarray(end, end + added.length * PE_SECTION_SIZE);
  if (free.some((byte) => byte !== 0))
    throw new UkiError("no-room", end, "something lies where the headers of more sections would stand");
  for (const [index, { name, address, offset, size }] of added.entries()) {
    const at = end + index * PE_SECTION_SIZE;
    head.set(Buffer.from(name, "latin1"), at);
    view.setUint32(at + 8, size, true);
    view.setUint32(at + 12, address, true);
    view.setUint32(at + 16, alignUp(size, pe.fileAlignment), true);
    view.setUint32(at + 20, offset, true);
    view.setUint32(at + 36, name === ".linux" ? READABLE_CODE : READABLE_DATA, true);
  }
  const put = (field: keyof typeof PE_FIELD, value: number) =>
    view.setUint32(headerAt + PE_FIELD[field], value, true);
  view.setUint16(headerAt + PE_FIELD.sectionCount, sections.length + added.length, true);
  put("sizeOfHeaders", alignUp(pe.sizeOfHeaders, pe.fileAlignment));
  const size = added.reduce((sum, section) => sum + section.size, pe.sizeOfInitializedData);
  put("sizeOfInitializedData", size);
  const last = added.at(-1)!;
  put("sizeOfImage", alignUp(last.address + last.size, pe.sectionAlignment));
  put("checksum", 0);
  const characteristics = kernel.isNxCompatible
    ? pe.dllCharacteristics
    : pe.dllCharacteristics & ~NX_COMPATIBLE;
  view.setUint16(headerAt + PE_FIELD.dllCharacteristics, characteristics, true);
}

function sbatOf({ sections }: Pe, bytes: Uint8Array): Uint8Array {
  const section = sections.find(({ name }) => name === SBAT);
  return section === undefined
    ? new Uint8Array(0)
    : bytes.subarray(section.offset, section.offset + section.fileSize);
}
