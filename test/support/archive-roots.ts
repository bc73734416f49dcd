/** Root trees for tests that are kept in archives. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { openRoot } from "../../src/archives/open-root.ts";
import { archByName } from "../../src/core/arch.ts";
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import type { TargetPath } from "../../src/core/path.ts";
import type { Tree } from "../../src/core/ports.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { openStore } from "./disk-cache.ts";
import { hostPath, writeFiles } from "./disk-files.ts";
import type { MemoryFile } from "./memory-tree.ts";
import { scratchDirectory } from "./scratch.ts";
import { tarEntriesOf, writeTar } from "./tar-writer.ts";

export const AMD64 = { architecture: "amd64", os: "linux" } as const;
export const ARM64 = { architecture: "arm64", os: "linux", variant: "v8" } as const;

/** Bytes of a file, or the files of a directory. */
export type Kept = Uint8Array | Readonly<Record<string, Uint8Array>>;

/** @returns where it lies now. */
export function writeRoot(kept: Kept, t: TestContext): string {
  const path = join(scratchDirectory(t), "root");
  if (kept instanceof Uint8Array) writeFileSync(path, kept);
  else {
    const files = Object.entries(kept).map(([name, bytes]) => [`/root/${name}`, bytes] as const);
    writeFiles(join(path, ".."), Object.fromEntries(files));
  }
  return path;
}

/** Opened with the programs of this machine and a cache of its own. */
export async function openKept(kept: Kept, t: TestContext, arch: string | null = null): Promise<Tree> {
  const store = await openStore(t, scratchDirectory(t));
  const host = nodeHost({ jobs: 2, environment: process.env });
  return openRoot(hostPath(writeRoot(kept, t)), arch === null ? null : archByName(arch), {
    host,
    store,
    memory: NO_MEMORY,
  });
}

export function tarWith(files: Readonly<Record<string, MemoryFile>>): Buffer {
  return writeTar(tarEntriesOf(files));
}

export function readText(tree: Tree, path: string): string {
  const file = tree.open(path as TargetPath);
  const bytes = Buffer.alloc(file.size);
  file.read(bytes, 0);
  file.close();
  return bytes.toString("latin1");
}
