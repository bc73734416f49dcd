/** A good image in memory, for faults to be planted in, and what is found of it. */

import type { Finding } from "../../../src/check/finding.ts";
import { proveTree } from "../../../src/check/proofs/prove-tree.ts";
import type { LoadableTree, ProofWish } from "../../../src/check/proofs/subject.ts";
import type { ByteString } from "../../../src/core/path.ts";
import { writeElf } from "../../support/elf-writer.ts";
import { loadableTree } from "../../support/loadable-tree.ts";
import type { MemoryFile } from "../../support/memory-tree.ts";

export const GOOD: Readonly<Record<string, MemoryFile>> = {
  "/init": { mode: 0o755, bytes: "#!/bin/sh\nexec sh\n" },
  "/bin/sh": {
    mode: 0o755,
    bytes: writeElf({ interpreter: "/lib64/ld-linux-x86-64.so.2", needed: ["libc.so.6"] }),
  },
  "/lib64/ld-linux-x86-64.so.2": { mode: 0o755, bytes: writeElf({ soname: "ld-linux-x86-64.so.2" }) },
  "/lib/x86_64-linux-gnu/libc.so.6": writeElf({ soname: "libc.so.6", needed: ["ld-linux-x86-64.so.2"] }),
};

interface Circumstances extends Partial<Omit<ProofWish, "rdinit">> {
  readonly rdinit?: string;
  readonly mode?: number;
}

export function findingsOf(tree: LoadableTree, wish: Circumstances = {}): Promise<Finding[]> {
  const { rdinit = "/init", kernel = null, mode = 0o600 } = wish;
  const origin = { members: ["zstd"], wrapper: null, mode } as const;
  return proveTree(tree, origin, { rdinit: rdinit as ByteString, kernel });
}

/** The codes of what is found, but for scripts that nobody has read. Null: the file is not there. */
export async function told(
  files: Readonly<Record<string, MemoryFile | null>>,
  wish: Circumstances = {},
): Promise<string[]> {
  const there = Object.entries(files).filter((entry): entry is [string, MemoryFile] => entry[1] !== null);
  const findings = await findingsOf(loadableTree(Object.fromEntries(there)), wish);
  return findings.map(({ code }) => code).filter((code) => code !== "check/scripts-unread");
}
