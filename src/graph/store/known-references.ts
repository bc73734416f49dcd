/** References that Nix wrote down: in closure files, in its database, or asked of it now. */
import {
  type ByteString,
  childOf,
  type HostPath,
  showBytes,
  showPath,
  type TargetPath,
} from "../../core/path.ts";
import type { Host, OpenFile, StoreDatabase, StoreDatabases } from "../../core/ports.ts";
import { BuildFailure } from "../../core/problem.ts";
import type { Span } from "../../core/span.ts";
import { FormatError } from "../../formats/format-error.ts";
import { parseRegistration } from "../../formats/nix-registration.ts";
import { storePathOf } from "../../formats/nix-store-path.ts";
import type { StoreSpec } from "../../spec/spec.ts";
import { PathResolver } from "../../trees/resolve-path.ts";
import type { KnownReferences, ReferenceSource } from "./reference-source.ts";

export interface ReferencePorts {
  readonly host: Pick<Host, "tree">;
  readonly databases: StoreDatabases;
}

/** A closure file, closureInfo's output with its `registration`, or a symlink to either (`result`). */
const IN_CLOSURE_INFO = "registration";

/** What a recipe says about references, as what the closing stage asks. Nothing is read before it is asked. */
export function knownReferences(
  store: Pick<StoreSpec, "directory" | "root" | "references">,
  ports: ReferencePorts,
): ReferenceSource {
  const { references, directory } = store;
  switch (references.from) {
    case "scan":
      return { from: "scan" };
    case "files": {
      const told = references.files.map(showBytes).join(", ");
      return {
        from: "known",
        told,
        closureOf: () => readFiles(references.files, references.at, directory, ports),
      };
    }
    case "nix":
      return askDatabase(ports.databases.live(store.root, directory), references.at, directory);
    case "database":
      return askDatabase(ports.databases.file(references.database), references.at, directory);
  }
}

function askDatabase(database: StoreDatabase, at: Span, directory: TargetPath): ReferenceSource {
  const told = database.label;
  const closureOf = (roots: readonly ByteString[]): KnownReferences => {
    const closure = database.exportClosure(roots.map((root) => `/${childOf(directory, root)}`));
    return parseClosure(closure, { file: told, at, directory });
  };
  return { from: "known", told, closureOf };
}

function readFiles(
  files: readonly HostPath[],
  at: Span,
  directory: TargetPath,
  ports: ReferencePorts,
): KnownReferences {
  const references = new Map<ByteString, readonly ByteString[]>();
  const paths = new PathResolver(ports.host.tree("/" as HostPath));
  for (const file of files) {
    const bytes = readClosureFile(file, at, paths);
    const origin = { file: showBytes(file), at, directory };
    for (const [name, own] of parseClosure(bytes, origin)) {
      const known = references.get(name);
      if (known && !isSameSet(known, own))
        throw badFile(origin, `another one tells different references of ${name}`);
      references.set(name, own);
    }
  }
  return references;
}

function readClosureFile(file: HostPath, at: Span, paths: PathResolver): Uint8Array {
  const there = paths.resolve(file);
  const { path, facts } =
    there.facts?.kind === "directory" ? paths.resolve(IN_CLOSURE_INFO, there.path) : there;
  if (facts?.kind !== "file") throw new BuildFailure([{ code: "graph/closure-file-missing", at, file }]);
  const open = paths.tree.open(path);
  try {
    return readAll(open);
  } finally {
    open.close();
  }
}

function readAll(file: OpenFile): Uint8Array {
  const bytes = new Uint8Array(file.size);
  return bytes.subarray(0, file.read(bytes, 0));
}

interface Origin {
  readonly file: string;
  readonly at: Span;
  readonly directory: TargetPath;
}

function parseClosure(bytes: Uint8Array, origin: Origin): KnownReferences {
  try {
    const registration = parseRegistration(bytes);
    const name = (path: ByteString) => nameIn(path, origin);
    return new Map(Array.from(registration, ([path, record]) => [name(path), record.references.map(name)]));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw badFile(origin, `${error.message} (at byte ${error.offset})`);
  }
}

function nameIn(path: ByteString, origin: Origin): ByteString {
  const found = storePathOf(path.slice(1) as TargetPath, origin.directory);
  if (found === null)
    throw badFile(origin, `${showBytes(path)} does not lie in ${showPath(origin.directory)}`);
  return found.name;
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  const known = new Set(left);
  return new Set(right).size === known.size && right.every((one) => known.has(one));
}

function badFile({ file, at }: Origin, why: string): BuildFailure {
  return new BuildFailure([{ code: "graph/bad-closure-file", at, file, why }]);
}
