/** Valid recipes as values, for tests of the stages behind spec. */
import { digestOf } from "../../src/core/digest.ts";
import { bytesOf, type HostPath, parseTargetPath, ROOT, type TargetPath } from "../../src/core/path.ts";
import type { Span } from "../../src/core/span.ts";
import type { ImageSpec } from "../../src/spec/image-spec.ts";
import type { ContentsItem, FileContent, FileItem, LayerSpec, Spec } from "../../src/spec/spec.ts";

export function spanAt(line: number): Span {
  return { file: "initrd.yaml", line, column: 5, width: 1, text: "" };
}

export function target(path: string): TargetPath {
  return parseTargetPath(bytesOf(path)) ?? ROOT;
}

/** What a recipe without layers says. */
export type SpecParts = Partial<Spec> & Partial<Pick<LayerSpec, "contents" | "files" | "kernel">>;

export function specOf({ contents = [], files = [], kernel = null, ...parts }: SpecParts = {}): Spec {
  const image = parts.image ?? PLAIN_IMAGE;
  const { compressor, extension } = image;
  const budget = { image: null, unpacked: null };
  const own = { name: "main", at: null, contents, files, kernel, compressor, extension, budget };
  return {
    recipe: "initrd.yaml",
    directory: "/recipes" as HostPath,
    base: "/recipes" as HostPath,
    digest: digestOf(new Uint8Array()),
    name: "initrd",
    arch: null,
    sysroot: "/" as HostPath,
    store: {
      directory: target("/nix/store"),
      root: "/nix/store" as HostPath,
      extent: "whole",
      isContentPure: false,
      references: { from: "scan" },
    },
    layout: "plain",
    layers: [own],
    layering: "none",
    secrets: [],
    prepend: [],
    libraryPath: [],
    dlopen: ["required", "recommended"],
    hwcaps: [],
    loaderCache: "auto",
    allow: [],
    silence: [],
    budget,
    image,
    ...parts,
  };
}

const PLAIN_IMAGE: ImageSpec = {
  compressor: { name: "none", format: "none", engine: { by: "nobody" }, at: null },
  extension: ".cpio",
  uInitrd: null,
  fit: null,
  uki: null,
  board: null,
  epoch: 1,
  isSolid: false,
  digests: [],
};

/** An object by the form of its name, as the recipe's reader tells them apart. */
export function object(name: string, more: Partial<ContentsItem> = {}): ContentsItem {
  const isGlob = /[*?[{]/.test(name);
  const found: ContentsItem["object"] = name.startsWith("./")
    ? { in: "host", path: `/recipes/${name.slice(2)}` as HostPath, isGlob }
    : name.startsWith("/nix/store/")
      ? { in: "store", path: target(name), isGlob }
      : { in: "sysroot", path: target(name), isGlob };
  return { at: spanAt(1), object: found, symlink: null, suffix: bytesOf(""), target: null, ...more };
}

export function file(path: string, content: FileContent, line = 20): FileItem {
  return { at: spanAt(line), target: target(path), uid: 0, gid: 0, content };
}

export function inlineText(text: string, mode = 0o644): FileContent {
  return { kind: "text", bytes: Buffer.from(text), mode };
}
