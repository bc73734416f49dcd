/** A resolved recipe as YAML, each value with its origin in a comment. */
import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { showPlace } from "../core/span.ts";
import type { ResolvedValue, ValueOrigin } from "./resolve.ts";

export function printResolved(resolved: ResolvedValue): string {
  const document = new Document(null, { version: "1.2", schema: "core" });
  document.contents = nodeOf(resolved) as typeof document.contents;
  return document.toString({ lineWidth: 0, indentSeq: true });
}

/** `board-a.yaml:3:1`, or the option that says it. */
export function showOrigin(origin: ValueOrigin): string {
  return typeof origin === "string" ? origin : showPlace(origin);
}

function nodeOf(resolved: ResolvedValue): Scalar | YAMLSeq | YAMLMap {
  switch (resolved.kind) {
    case "single": {
      const scalar = new Scalar(resolved.value);
      scalar.comment = ` ${showOrigin(resolved.origin)}`;
      return scalar;
    }
    case "empty": {
      const node = resolved.value === "list" ? new YAMLSeq() : new YAMLMap();
      node.flow = true;
      node.comment = ` ${showOrigin(resolved.origin)}`;
      return node;
    }
    case "list": {
      const list = new YAMLSeq();
      list.items = resolved.items.map(nodeOf);
      return list;
    }
    case "map": {
      const map = new YAMLMap();
      map.items = resolved.members.map(([key, value]) => new Pair(new Scalar(key), nodeOf(value)));
      return map;
    }
  }
}
