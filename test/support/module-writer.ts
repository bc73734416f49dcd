/** Small kernel modules for tests: sections, symbols and `.modinfo`, and no code. */

export interface ModuleWish {
  readonly bits?: 32 | 64;
  readonly endian?: "little" | "big";
  readonly machine?: number;
  readonly info?: readonly string[];
  readonly exports?: readonly string[];
  readonly needs?: readonly string[];
  /** How exports are told: by symbols of their checksums, as most kernels do, or by their names alone. */
  readonly hasVersions?: boolean;
}

interface Section {
  readonly name: string;
  readonly type: number;
  readonly bytes: Buffer;
}

export function writeModule(wish: ModuleWish = {}): Buffer {
  const bits = wish.bits ?? 64;
  const isLittle = (wish.endian ?? "little") === "little";
  const { exports: given = [], needs = [], info = [] } = wish;
  const isVersioned = wish.hasVersions !== false;
  let names = "\0";
  const nameAt = (name: string): number => {
    names += `${name}\0`;
    return names.length - name.length - 1;
  };
  const word = (values: readonly (readonly [value: number, size: number])[]): Buffer =>
    Buffer.concat(values.map(([value, size]) => number(value, size, isLittle)));
  const symbol = (name: string, section: number): Buffer => {
    const at = nameAt(name);
    if (bits === 64)
      return word([
        [at, 4],
        [0x10, 1],
        [0, 1],
        [section, 2],
        [0, 8],
        [0, 8],
      ]);
    return word([
      [at, 4],
      [0, 4],
      [0, 4],
      [0x10, 1],
      [0, 1],
      [section, 2],
    ]);
  };
  const symbols = [
    Buffer.alloc(bits === 64 ? 24 : 16),
    symbol("init_module", 1),
    ...(isVersioned ? given.map((name) => symbol(`__crc_${name}`, 0xfff1)) : []),
    ...needs.map((name) => symbol(name, 0)),
  ];
  const text = (strings: readonly string[]): Buffer =>
    Buffer.from(strings.map((each) => `${each}\0`).join(""), "latin1");
  const sections: Section[] = [
    { name: "", type: 0, bytes: Buffer.alloc(0) },
    { name: ".modinfo", type: 1, bytes: text(info) },
    { name: "__ksymtab_strings", type: 1, bytes: text(given) },
    { name: ".symtab", type: 2, bytes: Buffer.concat(symbols) },
    { name: ".strtab", type: 3, bytes: Buffer.from(names, "latin1") },
    { name: ".shstrtab", type: 3, bytes: Buffer.alloc(0) },
  ];
  const titles = `${sections.map(({ name }) => name).join("\0")}\0`;
  sections[5] = { ...sections[5]!, bytes: Buffer.from(titles, "latin1") };
  const headerSize = bits === 64 ? 64 : 52;
  const wide = bits / 8;
  let at = headerSize;
  const headers = sections.map(({ name, type, bytes }) => {
    const titleAt = name === "" ? 0 : titles.indexOf(`${name}\0`);
    const header = word([
      [titleAt, 4],
      [type, 4],
      [0, wide],
      [0, wide],
      [at, wide],
      [bytes.length, wide],
      [0, 4],
      [0, 4],
      [1, wide],
      [0, wide],
    ]);
    at += bytes.length;
    return header;
  });
  const ident = Buffer.from([
    0x7f,
    0x45,
    0x4c,
    0x46,
    bits === 64 ? 2 : 1,
    isLittle ? 1 : 2,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
  const head = word([
    [1, 2],
    [wish.machine ?? 62, 2],
    [1, 4],
    [0, wide],
    [0, wide],
    [at, wide],
    [0, 4],
    [headerSize, 2],
    [0, 2],
    [0, 2],
    [headers[0]!.length, 2],
    [sections.length, 2],
    [5, 2],
  ]);
  return Buffer.concat([ident, head, ...sections.map(({ bytes }) => bytes), ...headers]);
}

function number(value: number, size: number, isLittle: boolean): Buffer {
  const bytes = Buffer.alloc(size);
  if (size <= 4) {
    if (isLittle) bytes.writeUIntLE(value, 0, size);
    else bytes.writeUIntBE(value, 0, size);
  } else if (isLittle) bytes.writeBigUInt64LE(BigInt(value));
  else bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
