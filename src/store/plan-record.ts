/**
 * What a build decided, and by what, so that the next one need not decide it anew: as Node serializes values
 * (v8.serialize, which differs from version to version; so the key must name Node's).
 */
import { deserialize, serialize } from "node:v8";
import { decodeUtf8, type HostPath } from "../core/path.ts";
import { readNote, writeNote } from "./note-file.ts";

const TITLE = "initgraph plan 2\n";
export const PLANS = "plans-v1";

/** Null: there is none, or none that can be believed. `key` names the build: 64 hexadecimal digits. */
export function readPlanRecord(cache: HostPath, key: string, nowMs: number): unknown {
  const body = readNote(fileOf(cache, key), TITLE, nowMs);
  return body === null ? null : deserialize(body);
}

/** `plan`: what a structured clone can hold. */
export function writePlanRecord(cache: HostPath, key: string, plan: unknown, owner: string): void {
  writeNote(fileOf(cache, key), TITLE, [serialize(plan)], owner);
}

function fileOf(cache: HostPath, key: string): string {
  return `${decodeUtf8(cache) ?? ""}/${PLANS}/${key}`;
}
