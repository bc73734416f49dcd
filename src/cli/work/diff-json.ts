/** A comparison of two images as JSON. */
import type { Cause, Caused } from "../../compare/causes.ts";
import { type ImageDiff, isDifferent } from "../../compare/diff-images.ts";
import type { SideEntry } from "../../compare/side.ts";
import type { ByteString } from "../../core/path.ts";
import { showPath } from "../../core/path.ts";
import { showPlace } from "../../core/span.ts";
import type { GraphNode } from "../../graph/references.ts";
import { nameJson } from "./images.ts";

export function imageDiffJson(diff: ImageDiff): object {
  const { otherTimes, packing, unpacked, file } = diff;
  return {
    ok: !isDifferent(diff),
    added: diff.added.map(groupJson),
    removed: diff.removed.map(groupJson),
    changed: diff.changed.map(({ before, after, facts, content }) => ({
      before: entryJson(before),
      after: entryJson(after),
      facts,
      content,
    })),
    otherTimes,
    packing: packing === null ? null : { before: packing[0], after: packing[1] },
    unpacked: { before: unpacked[0], after: unpacked[1] },
    file: file === null ? null : { before: file[0], after: file[1] },
  };
}

function groupJson({ cause, entries }: Caused): object {
  return { cause: causeJson(cause), entries: entries.map(entryJson) };
}

export function causeJson(cause: Cause): object | null {
  switch (cause.kind) {
    case "reference":
    case "moved": {
      const { reason, says, found, tried } = cause.reference;
      const elsewhere = cause.kind === "moved" ? { elsewhere: nodeJson(cause.elsewhere) } : {};
      return {
        ...elsewhere,
        kind: cause.kind,
        from: nodeJson(cause.from),
        to: nodeJson(cause.to),
        reason,
        says,
        found,
        tried,
      };
    }
    case "tree":
      return { kind: cause.kind, path: showPath(cause.path) };
    case "parent":
    case "unknown":
      return null;
  }
}

function nodeJson(node: GraphNode): object {
  if (node.kind === "recipe") return { recipe: node.label, at: node.at === null ? null : showPlace(node.at) };
  return { [node.kind]: showPath(node.path) };
}

export function entryJson({
  path,
  kind,
  size,
  digest,
  to,
  mode,
  uid,
  gid,
  major,
  minor,
  mtime,
}: SideEntry): object {
  return {
    ...nameJson("path", `/${path}` as ByteString),
    kind,
    ...(kind === "file" ? { size, digest } : {}),
    ...(to === null ? {} : nameJson("to", to)),
    ...(kind === "char" || kind === "block" ? { major, minor } : {}),
    mode: mode.toString(8).padStart(4, "0"),
    uid,
    gid,
    ...(mtime === null ? {} : { mtime }),
  };
}
