/** The modules of an image, each read once: those of every kernel that it has a directory for. */
import { unpack } from "../../codecs/unpack.ts";
import { type ByteString, childOf, type TargetPath } from "../../core/path.ts";
import { FormatError } from "../../formats/format-error.ts";
import { infoOf, readKernelModule } from "../../formats/kmod-module.ts";
import { moduleCompressionOf } from "../../formats/kmod-names.ts";
import type { ModuleFacts } from "../../kernel/kernel.ts";
import { moduleFiles } from "../../kernel/module-files.ts";
import { wantedInfo } from "../../kernel/module-reader.ts";
import { readWhole } from "../../trees/read-file.ts";
import type { Subject } from "./subject.ts";

export interface KernelModules {
  /** The name of its directory. */
  readonly version: string;
  /** Without symlinks. */
  readonly directory: TargetPath;
  /** Those that depmod would take where several have one name. */
  readonly modules: readonly ImageModule[];
  readonly broken: readonly { readonly path: TargetPath; readonly why: string }[];
}

export interface ImageModule {
  readonly facts: ModuleFacts;
  /** In the image. */
  readonly path: TargetPath;
  /** What it says that its kernel must be; null: nothing. */
  readonly vermagic: string | null;
  readonly weak: ReadonlySet<string>;
}

const PLACES = ["lib/modules", "usr/lib/modules"];

export async function readModules(subject: Subject): Promise<KernelModules[]> {
  const { paths, tree } = subject;
  const kernels: KernelModules[] = [];
  for (const place of PLACES) {
    const top = paths.resolve(place);
    for (const version of top.facts?.kind === "directory" ? tree.list(top.path) : []) {
      const directory = childOf(top.path, version);
      if (paths.stat(directory)?.kind !== "directory" || kernels.some((one) => one.directory === directory))
        continue;
      kernels.push(await readKernelModules(version, directory, subject));
    }
  }
  return kernels.filter(({ modules, broken }) => modules.length + broken.length > 0);
}

async function readKernelModules(
  version: ByteString,
  directory: TargetPath,
  { paths, tree }: Subject,
): Promise<KernelModules> {
  const modules: ImageModule[] = [];
  const broken: { path: TargetPath; why: string }[] = [];
  for (const [name, [first]] of moduleFiles(paths, directory, version)) {
    const path = childOf(directory, first!);
    const file = paths.resolve(path).path;
    if (!tree.isLoaded(file)) continue;
    try {
      const bytes = await unpack(readWhole(tree, file), moduleCompressionOf(first!) ?? "none");
      const { info, weak, ...read } = readKernelModule(bytes);
      const facts = { ...read, name: name as ByteString, path: first!, info: wantedInfo(info) };
      const vermagic = infoOf(info, "vermagic")[0] ?? null;
      modules.push({ facts, path, vermagic, weak: new Set(weak) });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      broken.push({ path, why: error.message });
    }
  }
  return { version, directory, modules, broken };
}
