/** A run of bytes in a file of the machine: an archive, or one that lies uncompressed inside another. */

import type { HostPath, TargetPath } from "../core/path.ts";
import type { Host, OpenFile } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ByteSource } from "../formats/byte-source.ts";

export interface ByteRange {
  /** No symlink at its end. */
  readonly file: HostPath;
  readonly offset: number;
  readonly size: number;
}

type Disk = Pick<Host, "tree">;

/** Headers lie close together only where files are small: larger windows would read data for nothing. Bytes. */
const WINDOW = 32 * 1024;
const PIECE = 1 << 20;

export function wholeFile(file: HostPath, host: Disk): ByteRange {
  const open = openFile(file, host);
  try {
    return { file, offset: 0, size: open.size };
  } finally {
    open.close();
  }
}

/** Throws BuildFailure (host/file-changed) where the file has become shorter than the range. */
export function openRange({ file, offset, size }: ByteRange, host: Disk): OpenFile {
  const open = openFile(file, host);
  if (open.size < offset + size) {
    open.close();
    throw new BuildFailure([{ code: "host/file-changed", path: file }]);
  }
  return {
    size,
    read: (into, position) => {
      const wanted = Math.max(0, Math.min(into.length, size - position));
      return wanted === 0 ? 0 : open.read(into.subarray(0, wanted), offset + position);
    },
    versionNow: () => null,
    close: () => open.close(),
  };
}

/** For reading small pieces here and there. A piece is valid until the next is asked for. */
export function sourceOfRange(open: OpenFile): ByteSource {
  let window = new Uint8Array(WINDOW);
  let start = 0;
  let filled = 0;
  return {
    size: open.size,
    read: (position, length) => {
      const wanted = Math.max(0, Math.min(length, open.size - position));
      if (position < start || position + wanted > start + filled) {
        if (wanted > window.length) window = new Uint8Array(wanted);
        start = position;
        filled = open.read(window, position);
      }
      return window.subarray(position - start, Math.min(filled, position - start + wanted));
    },
  };
}

/** Each piece is a buffer of its own. */
export async function* piecesOf(range: ByteRange, host: Disk): AsyncGenerator<Uint8Array> {
  const open = openRange(range, host);
  try {
    for (let position = 0; position < range.size; ) {
      const piece = new Uint8Array(Math.min(PIECE, range.size - position));
      const length = open.read(piece, position);
      if (length === 0) throw new BuildFailure([{ code: "host/file-changed", path: range.file }]);
      position += length;
      yield piece.subarray(0, length);
    }
  } finally {
    open.close();
  }
}

/** The first bytes, at most `length`. */
export function beginningOf(range: ByteRange, length: number, host: Disk): Uint8Array {
  const open = openRange(range, host);
  try {
    const bytes = new Uint8Array(Math.min(length, range.size));
    return bytes.subarray(0, open.read(bytes, 0));
  } finally {
    open.close();
  }
}

function openFile(file: HostPath, host: Disk): OpenFile {
  return host.tree("/" as HostPath).open(file.slice(1) as TargetPath);
}
