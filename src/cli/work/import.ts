/** Writes a recipe for an image as the command line asks for it, and shows that it gives the same tree. */
import { type TreeDifference, treeDifferences } from "../../adopt/adopted-item.ts";
import { type ByteString, type HostPath, nameOf, parseHostPath, showBytes } from "../../core/path.ts";
import type { ImageContents } from "../../inspect/read-image.ts";
import { build } from "../../library.ts";
import { hostPathFrom, workingDirectory } from "../../machine/files.ts";
import { withOptimizing } from "../../machine/optimizer.ts";
import { machinePorts } from "../../machine/ports.ts";
import { DEFAULTS } from "../../spec/defaults.ts";
import type { ExitCode } from "../command.ts";
import { SignalGuard } from "../ending.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { adopt } from "./adopt.ts";
import { commonTime, earlyMembers, type OpenAdopted, withAdopted } from "./adopted-image.ts";
import { noteOddities, prepareToRead } from "./images.ts";
import { type Imported, reportImport } from "./import-report.ts";
import { BUILT, EARLY, RECIPE, RecipeDirectory } from "./recipe-directory.ts";

export interface ImportRequest {
  readonly image: string;
  readonly sysroot: string;
  /** Null: named after the image. */
  readonly out: string | null;
}

export async function runImport(request: ImportRequest, terminal: Terminal): Promise<ExitCode> {
  withOptimizing();
  const image = hostPathFrom(request.image);
  const { host } = machinePorts(1);
  prepareToRead(image, host);
  const name = `${nameOf(image)}.recipe` as ByteString;
  const out = request.out === null ? parseHostPath(name, workingDirectory())! : hostPathFrom(request.out);
  let directory: RecipeDirectory | null = null;
  const signals = new SignalGuard(async () => directory?.discard());
  signals.listen();
  try {
    directory = new RecipeDirectory(out, host);
    const imported = await importInto(directory, { image, sysroot: request.sysroot }, terminal);
    directory.commit();
    return reportImport(imported, out, terminal);
  } catch (error) {
    directory?.discard();
    throw error;
  } finally {
    signals.release();
  }
}

async function importInto(
  directory: RecipeDirectory,
  { image, sysroot }: { readonly image: HostPath; readonly sysroot: string },
  terminal: Terminal,
): Promise<Imported> {
  const ports = { host: machinePorts(1).host };
  const { early, members } = await earlyMembers(image, ports);
  const hasMain = early < members.length;
  return withAdopted(
    image,
    hasMain ? "main" : "early",
    async (open) => {
      const { contents } = open.unpacked;
      noteOddities(contents, terminal);
      if (early > 0 && hasMain) {
        const last = members[early - 1]!;
        directory.copyEarly(image, members[0]!.offset, last.offset + last.size);
      }
      const epoch = commonTime(open.inImage);
      const order = {
        sysroot,
        comments: [
          `Written by initgraph import of ${safeText(showBytes(nameOf(image)))}: it builds the tree that this unpacks to.`,
        ],
        head: headOf({ image, sysroot, contents, epoch }),
        prepend: early > 0 && hasMain ? [`./${EARLY}`] : [],
      };
      const { draft, objects, surplus } = await adopt(order, open, directory, terminal);
      const differences = await roundTrip(directory, image, ports);
      const remarks = remarksOn(open, epoch);
      return { draft, objects: objects.length, surplus, items: open.items, differences, remarks };
    },
    ports,
  );
}

/** Builds the recipe as it lies there, and compares what the kernel would make of both. */
async function roundTrip(
  directory: RecipeDirectory,
  image: HostPath,
  ports: { readonly host: ReturnType<typeof machinePorts>["host"] },
): Promise<TreeDifference[]> {
  const out = directory.at(BUILT);
  const built = await build({
    recipe: showBytes(directory.at(RECIPE)),
    out: showBytes(out),
    compressor: "none",
    cache: null,
  });
  const itemsOf = (path: HostPath) => withAdopted(path, "all", async ({ items }) => items, ports);
  const differences = treeDifferences(await itemsOf(image), await itemsOf(built.image.path));
  directory.removeBuilt();
  return differences;
}

/** The compressor of the last member is the image's: what stands before it may be packed otherwise for a reason of its own. */
function headOf({
  image,
  sysroot,
  contents,
  epoch,
}: {
  readonly image: HostPath;
  readonly sysroot: string;
  readonly contents: ImageContents;
  readonly epoch: number | null;
}): [key: string, value: string][] {
  const { wrapper, members } = contents;
  const kind = members.at(-1)?.kind ?? "plain";
  const stem = showBytes(nameOf(image))
    .replace(/[^A-Za-z0-9._+-]/g, "-")
    .replace(/\.(img|cpio|gz|xz|zst|lz4|lzo|lzma|bz2)$/, "");
  return [
    ["name", JSON.stringify(stem === "" ? DEFAULTS.name : stem.slice(0, 200))],
    ["sysroot", JSON.stringify(showBytes(hostPathFrom(sysroot)))],
    ["compressor", kind === "plain" ? "none" : kind],
    ...(wrapper?.kind === "uInitrd"
      ? ([
          ["makeUInitrd", "true"],
          ["uInitrdArch", wrapper.arch],
        ] as [string, string][])
      : []),
    ...(epoch === null || epoch === DEFAULTS.epoch ? [] : [["epoch", String(epoch)] as [string, string]]),
  ];
}

function remarksOn({ inImage, unpacked }: OpenAdopted, epoch: number | null): string[] {
  const links = inImage.filter(({ linkTo }) => linkTo !== null).length;
  const { wrapper } = unpacked.contents;
  return [
    ...(epoch === null ? ["times differ in the image; the recipe has one for all, its epoch"] : []),
    ...(links === 0
      ? []
      : [`${links} further name${links === 1 ? "" : "s"} of files (hard links) become files of their own`]),
    ...(wrapper?.kind === "fit" || wrapper?.kind === "uki"
      ? [
          `the ${wrapper.kind === "fit" ? "FIT image" : "unified kernel image"} around it is not in the recipe`,
        ]
      : []),
  ];
}
