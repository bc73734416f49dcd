/**
 * Closure files in JSON: `.attrs.json` of a derivation with structured attributes (each key of its
 * exportReferencesGraph holds a list of records), and what `nix path-info --json` prints: a list (up to Nix
 * 2.18), an object by store path (2.19 on), an object with `version`, `storeDir` and `info` by base name
 * (formats 2 and 3). Sources: Nix 2.26 src/nix/path-info.cc, src/libstore/parsed-derivations.cc; Nix 2.36
 * manual, "Store Path JSON format".
 */
import type { ByteString } from "../core/path.ts";
import { FormatError } from "./format-error.ts";
import { parseNixSha256 } from "./nix-hash.ts";
import {
  addRecord,
  isStorePath,
  type Registration,
  type StorePathRecord,
} from "./nix-registration-record.ts";

type Json = { readonly [key: string]: unknown };

/** Offsets of its errors are 0: JSON keeps no places. */
export function parseRegistrationJson(bytes: Uint8Array): Registration {
  const registration: Registration = new Map();
  for (const [path, record, storeDirectory] of recordsOf(parseJson(bytes))) {
    // Null, or { path, valid: false }: Nix was asked for a path that it does not have.
    if (record === null || (isObject(record) && record["valid"] === false)) continue;
    if (!isObject(record)) throw badShape("a store path's record is no object");
    const absolute = storeDirectory === null ? path : `${storeDirectory}/${String(path)}`;
    addRecord(registration, readPath(absolute), readRecord(record, storeDirectory), 0);
  }
  return registration;
}

type Located = readonly [path: unknown, record: unknown, storeDirectory: string | null];

function recordsOf(json: unknown): Located[] {
  if (Array.isArray(json))
    return json.map((record) => [isObject(record) ? record["path"] : null, record, null]);
  if (!isObject(json)) throw badShape("neither a list nor an object");
  const { info, storeDir } = json;
  if (isObject(info) && typeof storeDir === "string") {
    return Object.entries(info).map(([name, record]) => [name, record, storeDir]);
  }
  const entries = Object.entries(json);
  if (entries.every(([key]) => key.startsWith("/")))
    return entries.map(([path, record]) => [path, record, null]);
  const graphs = Object.values(json).filter(isReferencesGraph);
  if (graphs.length === 0) throw badShape("no references of store paths are in it");
  return graphs.flat().map((record) => [record["path"], record, null]);
}

/** Among other attributes of a derivation: a list of records. */
function isReferencesGraph(value: unknown): value is readonly Json[] {
  const isRecord = (one: unknown) =>
    isObject(one) && typeof one["path"] === "string" && Array.isArray(one["references"]) && "narHash" in one;
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

function readRecord(record: Json, storeDirectory: string | null): StorePathRecord {
  const { references, narHash, narSize } = record;
  if (!Array.isArray(references)) throw badShape("a store path's record has no list of references");
  const isSize = typeof narSize === "number" && Number.isSafeInteger(narSize) && narSize >= 0;
  if (!isSize && narSize !== undefined) throw new FormatError("bad-size", 0, "a NAR size is no size");
  const hash = typeof narHash === "string" ? parseNixSha256(narHash) : null;
  if (hash === null && narHash !== undefined)
    throw new FormatError("bad-hash", 0, "a NAR hash is no SHA-256");
  return {
    references: references.map((one) =>
      readPath(storeDirectory === null ? one : `${storeDirectory}/${String(one)}`),
    ),
    narHash: hash,
    narSize: isSize ? narSize : null,
  };
}

function readPath(value: unknown): ByteString {
  if (typeof value !== "string" || !isStorePath(value)) {
    throw new FormatError("bad-path", 0, "no store path stands where one belongs");
  }
  return value;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new FormatError("bad-json", 0, "it begins as JSON and is none");
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function badShape(why: string): FormatError {
  return new FormatError("bad-shape", 0, why);
}
