/** A file of the building machine as a ByteSource, whatever symlinks lead to it. */
import type { HostPath, TargetPath } from "../core/path.ts";
import type { Host, OpenFile } from "../core/ports.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { PathResolver } from "./resolve-path.ts";

/** Read at once, so that walking over small headers does not ask the disk for each. Bytes. */
const WINDOW = 256 * 1024;

export interface OpenSource extends ByteSource {
  close(): void;
}

/** Opens what a path leads to; null where there is no such file. */
export function openSource(path: HostPath, host: Pick<Host, "tree">): OpenSource | null {
  const file = resolveFile(path, host);
  return file === null ? null : sourceOfFile(host.tree("/" as HostPath).open(file.slice(1) as TargetPath));
}

/** The file that a path leads to, all symlinks followed; null: there is none. */
export function resolveFile(path: HostPath, host: Pick<Host, "tree">): HostPath | null {
  const { path: file, facts } = new PathResolver(host.tree("/" as HostPath)).resolve(path);
  return facts?.kind === "file" ? (`/${file}` as HostPath) : null;
}

function sourceOfFile(file: OpenFile): OpenSource {
  let window = new Uint8Array(WINDOW);
  let start = 0;
  let filled = 0;
  return {
    size: file.size,
    read: (position, length) => {
      const wanted = Math.max(0, Math.min(length, file.size - position));
      if (position < start || position + wanted > start + filled) {
        if (wanted > window.length) window = new Uint8Array(wanted);
        start = position;
        filled = file.read(window, position);
      }
      return window.subarray(position - start, Math.min(filled, position - start + wanted));
    },
    close: () => file.close(),
  };
}
