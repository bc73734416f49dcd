/** Wraps an image for a boot loader as the command line asks for it. */
import { archByName } from "../../core/arch.ts";
import { unreachable } from "../../core/entry.ts";
import { showBytes, type TargetPath } from "../../core/path.ts";
import { isUimageName, UIMAGE_ID, UIMAGE_NAME_SIZE, type UimageHeader } from "../../formats/uimage.ts";
import { type WantedWrapper, type WrapOrder, wrapFile } from "../../image/wrap-file.ts";
import type { ImageContents } from "../../inspect/read-image.ts";
import type { Wrapper } from "../../inspect/wrapper.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { DEFAULTS } from "../../spec/defaults.ts";
import type { UkiFileSpec, UkiPartSpec } from "../../spec/image-spec.ts";
import { oneLine } from "../../spec/interpret-uki.ts";
import type { ExitCode } from "../command.ts";
import type { WrapOptions } from "../commands/wrap.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { showSize } from "../text/size.ts";
import { noteOddities, whileGuarded } from "./images.ts";

const LATEST = 0xffff_ffff;

export async function runWrap(image: string, options: WrapOptions, terminal: Terminal): Promise<ExitCode> {
  const order = readOrder(image, options);
  const { arch, size, contents } = await whileGuarded(order.image, terminal, (ports) =>
    wrapFile(order, ports),
  );
  const output = showBytes(order.output);
  if (terminal.isJson) {
    terminal.printJson({ ok: true, output, as: options.as, arch, size, unwrapped: contents.wrapper });
    return 0;
  }
  noteOddities(contents, terminal);
  noteUnwrapped(contents, terminal);
  terminal.note(`${order.wrapper.as} for ${arch}: ${showSize(size)}\n`);
  terminal.print(`${safeText(output)}\n`);
  return 0;
}

function noteUnwrapped({ wrapper }: ImageContents, terminal: Terminal): void {
  if (wrapper === null) return;
  terminal.note(`note: took ${safeText(saidOf(wrapper))}\n`);
}

function saidOf(wrapper: Wrapper): string {
  switch (wrapper.kind) {
    case "uInitrd":
      return "what is in a uInitrd";
    case "fit":
      return `${wrapper.ramdisk} of a FIT image, and nothing else of it`;
    case "uki":
      return "the initrd of a unified kernel image, and nothing else of it";
    default:
      return unreachable(wrapper);
  }
}

/** Throws WrongUsage. */
function readOrder(image: string, options: WrapOptions): WrapOrder {
  if (options.output === null) throw new WrongUsage("say where to: -o FILE");
  return {
    image: hostPathFrom(image),
    output: hostPathFrom(options.output),
    wrapper: readWrapper(options),
    arch: options.arch === null ? null : readArch(options.arch),
    epoch: readEpoch(options.epoch),
  };
}

function readWrapper(options: WrapOptions): WantedWrapper {
  const compression = options.compression === null ? null : readCompression(options.compression);
  if (options.as === "uki") return readUki(options);
  const ofUki = OF_A_UKI.find((option) => options[option] !== null);
  if (options.as === "uinitrd" || options.as === "fit") {
    if (ofUki !== undefined) throw new WrongUsage(`--${ofUki} is for --as uki`);
  }
  if (options.as === "uinitrd") return readUInitrd(options, compression ?? "none");
  if (options.as !== "fit") throw new WrongUsage("--as is uinitrd, fit or uki");
  const kernel = readKernel(options, compression);
  if (kernel === null && compression !== null) {
    throw new WrongUsage("--compression tells of a kernel; the ramdisk of a FIT is unpacked by the kernel");
  }
  return {
    as: "fit",
    name: options.name ?? "initrd",
    fit: {
      kernel,
      fdts: options.fdt.map((file) => ({ at: null, path: hostPathFrom(file) })),
      data: options["embedded-data"] ? "embedded" : "external",
      hashes: options.crc32 ? ["sha256", "crc32"] : ["sha256"],
    },
  };
}

const OF_A_FIT = ["kernel", "load", "entry", "embedded-data", "crc32"] as const;

const OF_A_UKI = ["stub", "cmdline", "os-release", "uname", "splash"] as const;
const OF_UBOOT = ["arch", "name", "epoch", "compression", "load", "entry", "embedded-data", "crc32"] as const;

function readUki(options: WrapOptions): WantedWrapper {
  const stray = OF_UBOOT.find((option) => options[option] !== null && options[option] !== false);
  if (stray !== undefined) throw new WrongUsage(`--${stray} is not for --as uki`);
  const { stub, kernel, uname, fdt, splash, cmdline, "os-release": osRelease } = options;
  if (stub === null || kernel === null) throw new WrongUsage("--as uki needs --stub FILE and --kernel FILE");
  if (fdt.length > 1) throw new WrongUsage("a UKI has room for one --fdt");
  const parts: UkiPartSpec[] = [];
  if (cmdline !== null) parts.push(...readText("cmdline", cmdline));
  if (osRelease !== null) parts.push(...readText("osRelease", osRelease));
  if (fdt[0] !== undefined) parts.push({ part: "fdt", content: fileFrom(fdt[0]) });
  if (splash !== null) parts.push({ part: "splash", content: fileFrom(splash) });
  return { as: "uki", uki: { at: null, stub: fileFrom(stub), kernel: fileFrom(kernel), uname, parts } };
}

function readText(part: "cmdline" | "osRelease", said: string): UkiPartSpec[] {
  if (said.startsWith("@")) return [{ part, content: fileFrom(said.slice(1)) }];
  const text = part === "cmdline" ? oneLine(said) : said;
  return text === "" ? [] : [{ part, content: { text } }];
}

function fileFrom(typed: string): UkiFileSpec {
  return { at: null, file: { in: "host", path: hostPathFrom(typed).slice(1) as TargetPath } };
}

function readUInitrd(options: WrapOptions, compression: UimageHeader["compression"]): WantedWrapper {
  const given = OF_A_FIT.find((option) => options[option] !== null && options[option] !== false);
  const stray = given ?? (options.fdt.length > 0 ? "fdt" : null);
  if (stray !== null) throw new WrongUsage(`--${stray} is for --as fit`);
  const name = options.name ?? "";
  if (Buffer.byteLength(name) > UIMAGE_NAME_SIZE) {
    throw new WrongUsage(`the name in a uInitrd has at most ${UIMAGE_NAME_SIZE} bytes`);
  }
  return { as: "uInitrd", name, compression };
}

function readKernel(options: WrapOptions, compression: string | null) {
  const { kernel, load, entry } = options;
  if (kernel === null) {
    if (load !== null || entry !== null) throw new WrongUsage("--load and --entry tell of a --kernel");
    return null;
  }
  if (load === null) throw new WrongUsage("--kernel needs --load ADDRESS");
  const at = readAddress("load", load);
  return {
    at: null,
    path: hostPathFrom(kernel),
    load: at,
    entry: entry === null ? at : readAddress("entry", entry),
    compression,
  };
}

function readAddress(option: string, text: string): number {
  const address = /^(0x[0-9a-f]{1,16}|\d{1,16})$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(address)) return address;
  throw new WrongUsage(`--${option} must be an address, as 0x40400000, not "${safeText(text)}"`);
}

/** As mkimage calls it, or as recipes do: arm64, aarch64. */
function readArch(name: string): string {
  if (isUimageName("arch", name)) return name;
  const known = archByName(name)?.uboot;
  if (known) return known;
  throw new WrongUsage(`--arch is one of ${Object.keys(UIMAGE_ID.arch).join(", ")}`);
}

function readCompression(name: string): UimageHeader["compression"] {
  if (isUimageName("compression", name)) return name;
  throw new WrongUsage(`--compression is one of ${Object.keys(UIMAGE_ID.compression).join(", ")}`);
}

function readEpoch(option: string | null): number {
  const [what, text] =
    option === null
      ? ["SOURCE_DATE_EPOCH", process.env["SOURCE_DATE_EPOCH"] ?? String(DEFAULTS.epoch)]
      : ["--epoch", option];
  const epoch = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (epoch <= LATEST) return epoch;
  throw new WrongUsage(`${what} must be seconds since 1970, up to ${LATEST}, not "${safeText(text)}"`);
}
