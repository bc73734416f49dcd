/** rpm headers as its database keeps them. */

const TYPES = { char: 1, int16: 3, int32: 4, string: 6, binary: 7, strings: 8, i18n: 9 } as const;
const WIDTHS: Readonly<Record<string, number>> = { char: 1, binary: 1, int16: 2, int32: 4 };

export type RpmTag = readonly [tag: number, type: keyof typeof TYPES, values: readonly (string | number)[]];

export function rpmHeader(tags: readonly RpmTag[]): Buffer {
  const index = Buffer.alloc(tags.length * 16);
  let data = Buffer.alloc(0);
  for (const [at, [tag, type, values]] of tags.entries()) {
    const width = WIDTHS[type] ?? 1;
    data = Buffer.concat([data, Buffer.alloc((width - (data.length % width)) % width)]);
    const entry = [tag, TYPES[type], data.length, values.length];
    for (const [place, number] of entry.entries()) index.writeUInt32BE(number, at * 16 + place * 4);
    data = Buffer.concat([data, ...values.map((value) => bytesOf(value, width))]);
  }
  const head = Buffer.alloc(8);
  head.writeUInt32BE(tags.length, 0);
  head.writeUInt32BE(data.length, 4);
  return Buffer.concat([head, index, data]);
}

function bytesOf(value: string | number, width: number): Buffer {
  if (typeof value === "string") return Buffer.from(`${value}\0`, "latin1");
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return bytes;
}
