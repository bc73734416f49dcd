/** What a kernel brings into the image, as a value: files of the sysroot with their reasons, and written indexes. */
import type { ElfMachine } from "../core/arch.ts";
import type { ByteString, TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { KernelWarning } from "../core/warning.ts";
import type { KernelModule } from "../formats/kmod-module.ts";

export interface KernelContents {
  readonly version: string;
  /** Where the modules lie, without symlinks: `usr/lib/modules/6.1.0`. */
  readonly directory: TargetPath;
  /** Referrers come before what they refer to. */
  readonly references: readonly KernelReference[];
  /** The first module of each machine: there should be one. */
  readonly machines: readonly KernelMachine[];
  /** Programs that modprobe runs for chosen modules. */
  readonly commands: readonly KernelCommand[];
  /** Files that are written anew, below `directory`. */
  readonly indexes: readonly KernelIndex[];
  readonly warnings: readonly KernelWarning[];
}

export interface KernelIndex {
  readonly path: TargetPath;
  readonly bytes: Uint8Array;
}

export interface KernelReference {
  readonly from: KernelReferrer;
  readonly to: TargetPath;
  readonly reason: KernelReason;
  readonly says: string;
  readonly found: string;
  readonly tried: readonly string[];
}

export interface KernelMachine {
  readonly path: TargetPath;
  readonly machine: ElfMachine;
}

/** An `install` or `remove` line of modprobe.d. */
export interface KernelCommand {
  /** The file in which it stands, as a reference leads to it. */
  readonly from: TargetPath;
  readonly line: string;
  /** Paths, or names that are looked up in PATH. */
  readonly programs: readonly ByteString[];
}

export type KernelReason =
  | "named"
  | "module-depends"
  | "softdep"
  | "weakdep"
  | "firmware"
  | "module-index"
  /** A module is mentioned in a file of modprobe.d. */
  | "modprobe-config"
  /** A line of modprobe.d runs a program, or has modprobe load another module. */
  | "modprobe-command";

/** A file, or a place of the recipe's `kernel`: `modules[3]`; empty for the whole of it. */
export type KernelReferrer =
  | { readonly kind: "file"; readonly path: TargetPath }
  | { readonly kind: "recipe"; readonly place: string; readonly at: Span };

/** A module that is a file. */
export interface ModuleFile {
  readonly name: ByteString;
  /** Below the directory of the modules: `kernel/fs/xfs/xfs.ko.zst`. */
  readonly path: TargetPath;
}

/** What is asked of a module's `.modinfo`: authors, parameters and the like matter to no image. */
export const INFO_KEYS = ["alias", "softdep", "weakdep", "firmware"] as const;
export type InfoKey = (typeof INFO_KEYS)[number];

/** A module that was read. */
export interface ModuleFacts extends ModuleFile, Omit<KernelModule, "info"> {
  readonly info: readonly (readonly [key: InfoKey, value: string])[];
}
