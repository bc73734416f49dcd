/**
 * A valid recipe: what the YAML means once it is read, checked and filled with defaults. Nothing here is
 * optional; what may be absent is `| null`. Every item keeps its place in the recipe for later messages.
 */
import type { Arch } from "../core/arch.ts";
import type { Digest } from "../core/digest.ts";
import type { ByteString, HostPath, TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { WarningCode } from "../core/warning.ts";
import type { DlopenPriority } from "../formats/elf-notes.ts";
import type { CompressorSpec } from "./compressors.ts";
import type { ImageSpec } from "./image-spec.ts";

export interface Spec {
  /** The recipe's file, as the user named it, and the directory that `./` means. */
  readonly recipe: string;
  readonly directory: HostPath;
  /** The nearest directory that holds the recipe and all that it includes. */
  readonly base: HostPath;
  /** Of the recipe's text; with includes or variables that are set, of all of them. */
  readonly digest: Digest;
  readonly name: string;
  readonly arch: Arch | null;
  readonly sysroot: HostPath;
  readonly store: StoreSpec;
  readonly layout: "plain" | "make-initrd";
  /** In the order in which they lie over one another, at least one: what the recipe holds beside them is the last. */
  readonly layers: readonly LayerSpec[];
  /** "auto": the one layer is cut into several by how often what is in them changes. */
  readonly layering: "none" | "auto";
  readonly secrets: readonly SecretItem[];
  readonly prepend: readonly PrependItem[];
  readonly libraryPath: readonly TargetPath[];
  /** Which of the libraries that notes declare for run time are followed. */
  readonly dlopen: readonly DlopenPriority[];
  readonly hwcaps: HwcapsWish;
  readonly loaderCache: LoaderCacheWish;
  readonly allow: readonly Allowance[];
  /** Kinds of warnings that are not told. */
  readonly silence: readonly WarningCode[];
  readonly image: ImageSpec;
  readonly budget: BudgetSpec;
}

export interface LayerSpec {
  readonly name: string;
  /** Null: the recipe itself. */
  readonly at: Span | null;
  readonly contents: readonly ContentsItem[];
  readonly files: readonly FileItem[];
  /** Null: no modules. */
  readonly kernel: KernelSpec | null;
  readonly compressor: CompressorSpec;
  /** Of a file that holds just this layer. Begins with a dot. */
  readonly extension: string;
  /** Of the layer alone; the whole image's is the recipe's. */
  readonly budget: BudgetSpec;
}

/** Null: as large as it gets. */
export interface BudgetSpec {
  /** Of the finished file; of a layer: what it takes in it. */
  readonly image: SizeLimit | null;
  /** Of the content of all files. */
  readonly unpacked: SizeLimit | null;
}

export interface SizeLimit {
  readonly bytes: number;
  readonly at: Span;
}

/** Levels of `glibc-hwcaps` by name; none: the plain libraries alone. */
export type HwcapsWish = "all" | readonly string[];

/** When the image gets an `/etc/ld.so.cache`: where a library is found in no other way, in any case, or never. */
export type LoaderCacheWish = "auto" | "always" | "never";

export interface StoreSpec {
  /** Where store paths say they are, below the root: `nix/store`. */
  readonly directory: TargetPath;
  /** Where the store lies on the building machine. */
  readonly root: HostPath;
  readonly extent: StoreExtent;
  /** Whether store paths are named by their contents alone, or keep the names that Nix gave them. */
  readonly isContentPure: boolean;
  readonly references: StoreReferences;
}

/**
 * What comes of a store path that something names: all of it, with all that it refers to, as Nix copies it; or the
 * files alone that are reached, as in a sysroot.
 */
export type StoreExtent = "whole" | "files";

/** How the references between store paths are found. All ways give the same closure. */
export type StoreReferences =
  | { readonly from: "scan" }
  | { readonly from: "files"; readonly files: readonly HostPath[]; readonly at: Span }
  | { readonly from: "nix"; readonly at: Span }
  | { readonly from: "database"; readonly database: HostPath; readonly at: Span };

export interface ContentsItem {
  readonly at: Span;
  readonly object: ObjectName;
  readonly symlink: TargetPath | null;
  /** Appended to the object's path in the symlink's target. */
  readonly suffix: ByteString;
  readonly target: TargetPath | null;
}

/** What a recipe names: by its form, where it is looked up. */
export type ObjectName =
  | { readonly in: "sysroot"; readonly path: TargetPath; readonly isGlob: boolean }
  | { readonly in: "store"; readonly path: TargetPath; readonly isGlob: boolean }
  | { readonly in: "host"; readonly path: HostPath; readonly isGlob: boolean };

export interface FileItem {
  readonly at: Span;
  readonly target: TargetPath;
  readonly uid: number;
  readonly gid: number;
  readonly content: FileContent;
}

/** `mode: null` is the source's own (its execute bit alone counts: 0755 or 0644, whatever the checkout's umask). */
export type FileContent =
  | { readonly kind: "text"; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: "source"; readonly source: HostPath; readonly mode: number | null }
  | { readonly kind: "symlink"; readonly to: ByteString }
  | { readonly kind: "directory"; readonly mode: number }
  | { readonly kind: "char" | "block"; readonly mode: number; readonly major: number; readonly minor: number }
  | { readonly kind: "fifo"; readonly mode: number };

/** A file for the last segment, whose bytes nobody but the image's writer reads. */
export interface SecretItem {
  readonly at: Span;
  readonly target: TargetPath;
  readonly source: HostPath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface PrependItem {
  readonly at: Span;
  readonly path: HostPath;
  readonly isGlob: boolean;
}

export interface KernelSpec {
  readonly at: Span;
  /** As `uname -r` says; null: the only one of the sysroot. */
  readonly version: string | null;
  /** The recipe is for all of these, one image each, and nobody has said yet which it shall be; null: for one. */
  readonly versions: readonly KernelVersionItem[] | null;
  readonly modules: readonly KernelModuleItem[];
  readonly firmware: FirmwareSpec;
  /** Whether the sysroot's modprobe.d counts, and goes along where it concerns a chosen module. */
  readonly modprobe: boolean;
}

/** A name, or a glob over names. */
export interface KernelVersionItem {
  readonly glob: string;
  readonly at: Span;
}

/** A name, an alias, a path, a directory, or a glob over any of these. */
export interface KernelModuleItem {
  readonly word: string;
  readonly at: Span;
}

export interface FirmwareSpec {
  readonly at: Span;
  /** What drivers ask for: none of it, all that is there, or all, and what is missing is a problem. */
  readonly policy: "none" | "present" | "required";
  /** Null: all of it. */
  readonly globs: readonly { readonly glob: string; readonly at: Span }[] | null;
}

/** A hole that the user knows and accepts. Globs over bytes, as the recipe's UTF-8. */
export interface Allowance {
  readonly at: Span;
  readonly missing: string;
  /** Null: whoever needs it. */
  readonly neededBy: string | null;
  readonly reason: string;
}
