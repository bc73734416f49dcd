/** The tree of an image as the list that another tool makes it of: gen_init_cpio of the kernel, or 3cpio. */
import type { FileEntry } from "../../core/entry.ts";
import { treeSourceOf } from "../../core/entry.ts";
import { type ByteString, bytesOf, type HostPath, hostPathOf, toBytes } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { BuildFailure, type Problem } from "../../core/problem.ts";
import { FormatError } from "../../formats/format-error.ts";
import { genInitCpioLine } from "../../formats/gen-init-cpio.ts";
import type { ListedEntry } from "../../formats/listed-entry.ts";
import { threecpioHead, threecpioLine } from "../../formats/threecpio-manifest.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { finalEntries } from "../../plan/entries.ts";
import type { Plan, PlannedEntry } from "../../plan/plan.ts";
import type { ExitCode } from "../command.ts";
import { showCount } from "../text/size.ts";
import type { Untouched } from "./decide-untouched.ts";
import type { GraphOrder, ListFormat } from "./graph-order.ts";
import type { GraphSource } from "./graph-source.ts";
import { writeLooseFiles } from "./loose-files.ts";
import { type ResultPorts, writeResult } from "./write-result.ts";

export interface ListOrder extends Pick<GraphOrder, "recipe" | "out" | "files"> {
  readonly format: ListFormat;
}

/** Throws BuildFailure: cli/no-host-file, cli/cannot-list, and what reading and writing throw. */
export function printFileList(
  order: ListOrder,
  { untouched }: GraphSource,
  ports: ResultPorts & { readonly host: Host },
): ExitCode {
  if (untouched === null)
    throw new WrongUsage(`--format ${order.format} is for recipes: a manifest does not say where files lie`);
  const { plan } = untouched.decision;
  const directory = order.files === null ? null : hostPathFrom(order.files);
  const places = new FilePlaces(untouched, ports.host);
  const entries = [...finalEntries(plan)].map(({ entry }) => entry);
  const loose = entries.filter((entry): entry is FileEntry => isLoose(entry, places));
  if (loose.length > 0 && directory === null)
    throw new BuildFailure([
      { code: "cli/no-host-file", paths: loose.map(({ path }) => path), format: order.format },
    ]);
  const isWritten = new Set<PlannedEntry["entry"]>(loose);
  const locationOf = (file: FileEntry) =>
    isWritten.has(file) ? hostPathOf(directory!, file.path) : places.of(file)!;
  const lines = linesOf(entries, locationOf, order.format, untouched);
  if (loose.length > 0) writeLooseFiles(loose, directory!, untouched);
  writeResult(toBytes(`${lines.join("\n")}\n` as ByteString), order, ports);
  noteWhatIsLeft(untouched, order, ports);
  return 0;
}

/** Where files of trees lie on this machine. */
class FilePlaces {
  readonly #roots: Readonly<Record<"sysroot" | "store" | "host", HostPath>>;
  readonly #host: Pick<Host, "tree">;

  constructor({ decision: { spec } }: Untouched, host: Pick<Host, "tree">) {
    this.#roots = { sysroot: spec.sysroot, store: spec.store.root, host: "/" as HostPath };
    this.#host = host;
  }

  /** Null: it stands in the recipe or in an archive, or has other bytes there. */
  of({ source, size }: FileEntry): HostPath | null {
    const file = source.from === "tree" ? treeSourceOf(source) : null;
    if (file === null) return null;
    const path = hostPathOf(this.#roots[file.tree], file.path);
    const facts = this.#host.tree("/" as HostPath).stat(path.slice(1) as FileEntry["path"]);
    return facts?.kind === "file" && facts.size === size ? path : null;
  }
}

/** Both tools take an empty file from anywhere, gen_init_cpio a place at least. */
function isLoose(entry: PlannedEntry["entry"], places: FilePlaces): boolean {
  return entry.kind === "file" && places.of(entry) === null;
}

function linesOf(
  entries: readonly PlannedEntry["entry"][],
  locationOf: (file: FileEntry) => HostPath,
  format: ListFormat,
  { decision: { spec, plan } }: Untouched,
): ByteString[] {
  const problems: Problem[] = [];
  const { epoch } = spec.image;
  const lines = entries.flatMap((entry) => {
    const listed: ListedEntry = entry.kind === "file" ? { ...entry, location: locationOf(entry) } : entry;
    try {
      const line = format === "3cpio" ? threecpioLine(listed, epoch) : genInitCpioLine(listed);
      return line ?? [];
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      problems.push({ code: "cli/cannot-list", path: entry.path, format, why: error.message });
      return [];
    }
  });
  if (problems.length > 0) throw new BuildFailure(problems);
  return format === "3cpio" ? [threecpioHead(compressorOf(plan)), ...lines] : [howTo(epoch), ...lines];
}

/** 3cpio makes one archive of it: where layers differ it is left plain, and so is what 3cpio cannot make. */
function compressorOf({ layers }: Plan): string | null {
  const formats = new Set(layers.map(({ compressor }) => compressor.format));
  const [format] = formats;
  const { engine } = layers[0]!.compressor;
  if (formats.size !== 1 || format === undefined || format === "none" || format === "other") return null;
  return engine.by === "builtin" ? `${format} -${engine.level}` : format;
}

function howTo(epoch: number): ByteString {
  return bytesOf(`# gen_init_cpio -t ${epoch} LIST > initrd.cpio`);
}

function noteWhatIsLeft(
  { decision: { early, plan } }: Untouched,
  { format }: ListOrder,
  { terminal }: ResultPorts,
): void {
  const left = [
    ...(early.length > 0 ? [showCount(early.length, "prepended archive")] : []),
    ...(plan.secrets.length > 0 ? [showCount(plan.secrets.length, "secret")] : []),
  ];
  if (left.length > 0) terminal.note(`note: the list leaves out ${left.join(" and ")}\n`);
  if (format === "gen_init_cpio")
    terminal.note("note: gen_init_cpio gives files the times that they have here, and the root no entry\n");
}
