/**
 * What builds learn of files, kept in the cache from one to the next: one file for a tree (input-file.ts), read
 * when it is first asked, replaced as a whole when something was learned.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { digestFromHex, hexOfDigest } from "../core/digest.ts";
import { isSameVersion } from "../core/file-version.ts";
import { decodeUtf8, type HostPath, type TargetPath } from "../core/path.ts";
import type { FileLook, InputMemory, RememberedFile, TreeMemory } from "../core/ports.ts";
import { errnoOf } from "./cache-error.ts";
import type { CacheUser } from "./cache-user.ts";
import { decodeInputs, encodeInputs, type InputRecord } from "./input-file.ts";
import { replaceFile } from "./replace-file.ts";
import { isSettled } from "./settled.ts";

export const INPUTS = "inputs-v1";

/** Files that this build did not ask for are another recipe's, up to so many for each that it did, and then some. */
const OTHERS_FOR_EACH = 4;
const OTHERS_AT_LEAST = 20_000;

export interface KeptMemory extends InputMemory {
  /** Writes what was learned. What cannot be written is not kept, and learned anew by the next build. */
  save(): void;
}

/** The memory in a cache's directory, which need not exist. */
export function inputMemoryIn(cache: HostPath, user: Pick<CacheUser, "processes" | "now">): KeptMemory {
  const directory = `${decodeUtf8(cache) ?? ""}/${INPUTS}`;
  const startedAtMs = user.now();
  const trees = new Map<string, KeptTree>();
  return {
    of: (identity) => {
      const known = trees.get(identity) ?? new KeptTree(identity, directory, startedAtMs);
      trees.set(identity, known);
      return known;
    },
    save: () => {
      for (const tree of trees.values()) tree.save(user.processes.self);
    },
  };
}

class KeptTree implements TreeMemory {
  readonly #identity: string;
  readonly #file: string;
  readonly #startedAtMs: number;
  #loaded: Map<string, InputRecord> | null = null;
  readonly #used = new Map<string, InputRecord>();
  readonly #texts = new Map<string, string>();
  #isChanged = false;

  constructor(identity: string, directory: string, startedAtMs: number) {
    this.#identity = identity;
    this.#file = `${directory}/${createHash("sha256").update(identity).digest("hex").slice(0, 32)}`;
    this.#startedAtMs = startedAtMs;
  }

  recall(path: TargetPath, facts: FileLook): RememberedFile | null {
    const record = this.#find(path, facts);
    if (record === null) return null;
    this.#used.set(path, record);
    const { digest, scan } = record;
    return {
      digest: digest === null ? null : digestFromHex(digest),
      scan: scan === null ? null : JSON.parse(scan),
    };
  }

  remember(path: TargetPath, facts: FileLook, { digest, scan }: Partial<RememberedFile>): void {
    const { version } = facts;
    if (version !== null && !isSettled(version, this.#startedAtMs)) return;
    const known = this.#find(path, facts);
    this.#isChanged = true;
    this.#used.set(path, {
      path,
      size: facts.size,
      version,
      digest: digest == null ? (known?.digest ?? null) : hexOfDigest(digest),
      scan: scan == null ? (known?.scan ?? null) : this.#shared(JSON.stringify(scan)),
    });
  }

  save(owner: string): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const others = [...this.#load().values()].filter(({ path }) => !this.#used.has(path));
    const isRoom = others.length <= this.#used.size * OTHERS_FOR_EACH + OTHERS_AT_LEAST;
    const records = isRoom ? [...this.#used.values(), ...others] : [...this.#used.values()];
    replaceFile(this.#file, encodeInputs(this.#identity, records), owner);
  }

  #find(path: TargetPath, facts: FileLook): InputRecord | null {
    const record = this.#used.get(path) ?? this.#load().get(path);
    if (record === undefined) return null;
    return record.size === facts.size && isSameVersion(record.version, facts.version) ? record : null;
  }

  /** Most files have the same to say, and keep one text for it. */
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }

  #load(): Map<string, InputRecord> {
    this.#loaded ??= new Map(readRecords(this.#file, this.#identity).map((record) => [record.path, record]));
    return this.#loaded;
  }
}

function readRecords(file: string, identity: string): InputRecord[] {
  try {
    return decodeInputs(readFileSync(file), identity) ?? [];
  } catch (error) {
    if (errnoOf(error) !== null || error instanceof SyntaxError || error instanceof RangeError) return [];
    throw error;
  }
}
