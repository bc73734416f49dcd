/**
 * Whether modprobe finds the modules that are there, and with each what it needs. What the indexes should say is computed
 * as depmod would; of two kinds (text for busybox, binary for kmod) those count that the image's modprobe reads.
 */
import { byteString, childOf, nameOf, type TargetPath } from "../../core/path.ts";
import { FormatError } from "../../formats/format-error.ts";
import { decodeKmodIndex } from "../../formats/kmod-index.ts";
import { infoOf } from "../../formats/kmod-module.ts";
import { moduleNameOf, normalizeAlias } from "../../formats/kmod-names.ts";
import { parseModprobeLines, parseModulesDep } from "../../formats/kmod-text.ts";
import { dependenciesOf } from "../../kernel/depmod.ts";
import type { ModuleFacts } from "../../kernel/kernel.ts";
import { readWhole } from "../../trees/read-file.ts";
import type { ModuleFinding } from "../findings/modules.ts";
import type { KernelModules } from "./read-modules.ts";
import { Troubles } from "./sharing.ts";
import type { Subject } from "./subject.ts";

type Kind = "text" | "binary";

/** What depends on what, by paths below the directory. */
interface Index {
  readonly file: string;
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

export function proveIndexes(kernels: readonly KernelModules[], subject: Subject): ModuleFinding[] {
  const kinds = kindsRead(subject);
  return kernels.flatMap((kernel) =>
    (kinds ?? kindsThere(kernel, subject)).flatMap((kind) => proveIndex(kernel, kind, subject)),
  );
}

const MODPROBES = ["sbin/modprobe", "usr/sbin/modprobe", "bin/modprobe", "usr/bin/modprobe"];

/** Null: nothing that is known here reads them. */
function kindsRead({ paths, files }: Subject): readonly Kind[] | null {
  const programs = MODPROBES.map((path) => paths.resolve(path)).filter(({ facts }) => facts?.kind === "file");
  const names = programs.map(({ path }) => nameOf(path));
  if (names.some((name) => name === "kmod")) return ["binary"];
  if (names.some((name) => name.startsWith("busybox") || name === "toybox")) return ["text"];
  // udev and systemd load modules themselves.
  return files.some(({ path }) => nameOf(path).startsWith("libkmod.so")) ? ["binary"] : null;
}

function kindsThere({ directory }: KernelModules, { paths }: Subject): Kind[] {
  const isThere = (kind: Kind) =>
    paths.resolve(childOf(directory, FILES[kind].dependencies)).facts?.kind === "file";
  return (["text", "binary"] as const).filter(isThere);
}

const FILES = {
  text: { dependencies: "modules.dep", aliases: "modules.alias" },
  binary: { dependencies: "modules.dep.bin", aliases: "modules.alias.bin" },
} as const;

function proveIndex(kernel: KernelModules, kind: Kind, subject: Subject): ModuleFinding[] {
  const { directory, modules } = kernel;
  const index = readDependencies(directory, kind, subject);
  if (index === null) {
    const { dependencies } = FILES[kind];
    return [{ code: "check/no-module-index", directory, index: dependencies, modules: modules.length }];
  }
  return [...proveDependencies(kernel, index), ...proveAliases(kernel, kind, subject)];
}

function proveDependencies(
  { directory, modules, broken }: KernelModules,
  { file, needs }: Index,
): ModuleFinding[] {
  const unlisted = new Troubles<{ code: "check/module-unlisted"; index: string }>();
  const absent = new Troubles<{ code: "check/module-needs-absent"; needs: string }>();
  const incomplete = new Troubles<{ code: "check/index-incomplete"; index: string; lacks: string }>();
  const there = new Set<string>([...modules, ...broken].map(({ path }) => path.slice(directory.length + 1)));
  const needed = closedNeeds(modules.map(({ facts }) => facts));
  for (const { facts, path } of modules) {
    const listed = needs.get(facts.path);
    if (listed === undefined) {
      unlisted.add({ code: "check/module-unlisted", index: file }, path);
      continue;
    }
    const gone = listed.find((each) => !there.has(each));
    if (gone !== undefined) absent.add({ code: "check/module-needs-absent", needs: gone }, path);
    const names = new Set(listed);
    const lacking = [...(needed.get(facts) ?? [])].find((each) => !names.has(each.path));
    const lacks = `${lacking?.path}`;
    if (lacking !== undefined) incomplete.add({ code: "check/index-incomplete", index: file, lacks }, path);
  }
  return [...unlisted.findings(), ...absent.findings(), ...incomplete.findings()];
}

/** All that each needs of the others, directly or through one of them. */
function closedNeeds(modules: readonly ModuleFacts[]): Map<ModuleFacts, Set<ModuleFacts>> {
  const direct = dependenciesOf(modules, null);
  return new Map(
    modules.map((module) => {
      const all = new Set(direct.get(module));
      for (const each of all) for (const next of direct.get(each) ?? []) all.add(next);
      return [module, all];
    }),
  );
}

/** Null: it is not there, or cannot be read. */
function readDependencies(directory: TargetPath, kind: Kind, subject: Subject): Index | null {
  const file = FILES[kind].dependencies;
  const bytes = readIn(directory, file, subject);
  const text = bytes === null ? null : textOfDependencies(bytes, kind);
  if (text === null) return null;
  // Some write paths from the root on.
  const below = (path: string): string => path.replace(/^\/?(?:usr\/)?lib\/modules\/[^/]+\//, "");
  const needs = new Map(Array.from(parseModulesDep(text), ([path, list]) => [below(path), list.map(below)]));
  return { file, needs };
}

function textOfDependencies(bytes: Uint8Array, kind: Kind): string | null {
  if (kind === "text") return byteString(bytes);
  return (
    decoded(bytes)
      ?.map(({ value }) => `${value}\n`)
      .join("") ?? null
  );
}

function proveAliases({ modules, directory }: KernelModules, kind: Kind, subject: Subject): ModuleFinding[] {
  const file = FILES[kind].aliases;
  const bytes = readIn(directory, file, subject);
  const known = bytes === null ? null : aliasesIn(bytes, kind);
  const incomplete = new Troubles<{ code: "check/index-incomplete"; index: string; lacks: string }>();
  for (const { facts, path } of modules) {
    const lacking = infoOf(facts.info, "alias").find((alias) => {
      const key = normalizeAlias(alias);
      return key !== null && known?.has(`${key} ${facts.name}`) !== true;
    });
    // What a module is called by itself needs no alias.
    if (lacking !== undefined)
      incomplete.add({ code: "check/index-incomplete", index: file, lacks: ALIASES }, path);
  }
  return incomplete.findings();
}

const ALIASES = "aliases";

/** Null: it cannot be read, which is as if it were not there. */
function aliasesIn(bytes: Uint8Array, kind: Kind): Set<string> | null {
  if (kind === "binary") {
    const entries = decoded(bytes);
    return entries && new Set(entries.map(({ key, value }) => `${key} ${moduleNameOf(value)}`));
  }
  const lines = parseModprobeLines(byteString(bytes));
  return new Set(lines.flatMap((line) => (line.kind === "alias" ? [`${line.pattern} ${line.module}`] : [])));
}

function decoded(bytes: Uint8Array) {
  try {
    return decodeKmodIndex(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return null;
  }
}

function readIn(directory: TargetPath, name: string, { paths, tree }: Subject): Uint8Array | null {
  const { facts, path } = paths.resolve(childOf(directory, name));
  return facts?.kind === "file" && tree.isLoaded(path) ? readWhole(tree, path) : null;
}
