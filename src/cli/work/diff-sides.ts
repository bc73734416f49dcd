/** A side of a comparison, as the command line names it: an image, a manifest, or a recipe, of which is taken what a build would make. */
import type { ReadSide } from "../../compare/diff-images.ts";
import type { Packing, SideEntry } from "../../compare/side.ts";
import { type Sketch, sketchOf } from "../../compare/sketch.ts";
import type { FileEntry } from "../../core/entry.ts";
import type { HostPath, TargetPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { BuildFailure } from "../../core/problem.ts";
import { foresee } from "../../foresee.ts";
import type { Measured } from "../../image/image.ts";
import { readContents, readUnpacked, type UnpackedEntries } from "../../inspect/unpacked-entries.ts";
import { contentOpener, type OpenContent } from "../../layers/read-content.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { imageHost } from "../../machine/image-host.ts";
import { finalEntries } from "../../plan/entries.ts";
import { tracePlan } from "../../trace/trace-plan.ts";
import type { TracedImage } from "../../trace/traced-image.ts";
import { digestOfSource } from "../../trees/open-source.ts";
import type { Terminal } from "../terminal.ts";
import { type DecisionOrder, decideUntouched, type Untouched } from "./decide-untouched.ts";
import { prepareToRead } from "./images.ts";
import { kindOfSubject, manifestBeside, readManifest } from "./traced.ts";

export type SideOrder = Omit<DecisionOrder, "verb">;

/** So much is looked into, the smallest files first. Bytes. */
const MOST_BYTES = 256 * 2 ** 20;

/** Gives what `use` makes of it, while it can be read. Throws BuildFailure as `build` and `ls` do. */
export async function withSide<T>(
  order: SideOrder,
  terminal: Terminal,
  use: (side: ReadSide) => Promise<T>,
): Promise<T> {
  const { recipe: word } = order;
  const host = imageHost();
  switch (kindOfSubject(word, host)) {
    case "image":
      return use(await imageSide(hostPathFrom(word), host));
    case "manifest":
      return use(manifestSide(readManifest(hostPathFrom(word), host)));
    case "recipe":
      return decideUntouched({ ...order, verb: "initgraph diff" }, terminal, async (untouched) =>
        use(await recipeSide(untouched)),
      );
  }
}

async function imageSide(path: HostPath, host: ReturnType<typeof imageHost>): Promise<ReadSide> {
  const ports = { host };
  prepareToRead(path, host);
  const image = await readUnpacked(path, ports);
  const measured = digestOfSource(path, host);
  const byPath = new Map(image.entries.map((entry) => [entry.path, entry]));
  return {
    entries: new Map(image.entries.map((entry) => [entry.path, sideEntry(entry)])),
    traced: manifestIfAny(path, measured, host),
    packing: packingOf(measured, image),
    sketch: async (paths) => {
      const wanted = smallest(
        paths.flatMap((one) => byPath.get(one) ?? []),
        ({ facts }) => facts.size,
      );
      const contents = new Map<TargetPath, Uint8Array>();
      await readContents(path, wanted, (one, content) => contents.set(one, content), ports);
      return sketchAll(contents.keys(), (one) => contents.get(one)!);
    },
  };
}

function sideEntry({ path, facts, to, digest, mtime }: UnpackedEntries["entries"][number]): SideEntry {
  const { kind, mode, uid, gid, major, minor } = facts;
  const size = kind === "file" ? facts.size : 0;
  const isDevice = kind === "char" || kind === "block";
  const numbers = isDevice ? { major, minor } : { major: 0, minor: 0 };
  return { path, kind, size, digest, to, mode, uid, gid, ...numbers, mtime };
}

/** Most images have none, and an old one is of no use here. */
function manifestIfAny(path: HostPath, measured: Measured, host: Pick<Host, "tree">): TracedImage | null {
  try {
    return manifestBeside(path, host, () => measured);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    return null;
  }
}

function packingOf(measured: Measured, { contents }: UnpackedEntries): Packing {
  const { wrapper, members } = contents;
  return {
    ...measured,
    wrapper: wrapper?.kind ?? null,
    members: members.map(({ kind }) => kind),
  };
}

function manifestSide(traced: TracedImage): ReadSide {
  return { entries: finalOf(traced), traced, packing: null, sketch: async () => new Map() };
}

async function recipeSide({ decision, opened, ports }: Untouched): Promise<ReadSide> {
  const { contents } = await foresee(decision, opened, ports);
  const { plan, spec } = decision;
  const traced = tracePlan({ name: spec.name, plan, contents, compressedOf: () => null });
  const files = new Map<TargetPath, FileEntry>();
  for (const { entry } of finalEntries(plan)) if (entry.kind === "file") files.set(entry.path, entry);
  const open = contentOpener(opened.trees, { sysroot: spec.sysroot, store: spec.store.root });
  const sketch = async (paths: readonly TargetPath[]) => {
    const wanted = smallest(
      paths.flatMap((path) => files.get(path) ?? []),
      ({ size }) => size,
    );
    return sketchAll(
      wanted.map(({ path }) => path),
      (path) => readAll(files.get(path)!, open),
    );
  };
  return { entries: finalOf(traced), traced, packing: null, sketch };
}

function finalOf({ entries }: TracedImage): Map<TargetPath, SideEntry> {
  const final = entries.filter(({ overriddenBy }) => overriddenBy === null);
  return new Map(final.map((entry) => [entry.path, { ...entry, mtime: null }]));
}

function readAll({ source, size }: FileEntry, open: OpenContent): Uint8Array {
  const { file } = open(source);
  try {
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, file.read(bytes, 0));
  } finally {
    file.close();
  }
}

/** As many as may be looked into together. */
function smallest<T>(files: readonly T[], sizeOf: (file: T) => number): T[] {
  let sum = 0;
  return [...files]
    .sort((a, b) => sizeOf(a) - sizeOf(b))
    .filter((file) => {
      sum += sizeOf(file);
      return sum <= MOST_BYTES;
    });
}

/** One after the other: what is packed is unpacked on the way. */
async function sketchAll(
  paths: Iterable<TargetPath>,
  read: (path: TargetPath) => Uint8Array,
): Promise<Map<TargetPath, Sketch>> {
  const sketches = new Map<TargetPath, Sketch>();
  for (const path of paths) sketches.set(path, await sketchOf(path, read(path)));
  return sketches;
}
