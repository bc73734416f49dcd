/** Unpacks an image as the command line asks for it, into a directory or a tar. */
import { unreachable } from "../../core/entry.ts";
import { type ByteString, bytesOf, nameOf, parseHostPath, showPath } from "../../core/path.ts";
import { findPath } from "../../inspect/find-path.ts";
import type { ImagePart } from "../../inspect/image-part.ts";
import { countItems, type TreeItem, treeItems } from "../../inspect/tree-items.ts";
import { type UnpackedImage, withUnpackedImage } from "../../inspect/unpack-image.ts";
import { hostPathFrom, workingDirectory } from "../../machine/files.ts";
import { imageHost } from "../../machine/image-host.ts";
import type { ExitCode } from "../command.ts";
import { KINDS } from "../report/kinds.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { nameJson, noteOddities, prepareToRead } from "./images.ts";
import { fillDirectory } from "./unpack-to-directory.ts";
import { writeTar } from "./unpack-to-tar.ts";

export interface UnpackRequest {
  readonly image: string;
  /** None: everything. */
  readonly paths: readonly string[];
  readonly part: ImagePart["kind"];
  readonly into:
    | { readonly kind: "directory"; readonly out: string | null; readonly isShared: boolean }
    | { readonly kind: "tar"; readonly file: string };
}

/** What was made, and what was not as it is in the image. */
export interface Unpacked {
  /** Null: standard output. */
  readonly output: string | null;
  readonly skipped: readonly TreeItem[];
  /** One sentence each. */
  readonly remarks: readonly string[];
}

export async function runUnpack(request: UnpackRequest, terminal: Terminal): Promise<ExitCode> {
  const image = hostPathFrom(request.image);
  const ports = { host: imageHost() };
  prepareToRead(image, ports.host);
  const asked = request.paths.map(bytesOf);
  await withUnpackedImage(
    image,
    { kind: request.part },
    async (unpacked) => {
      const { tree } = unpacked;
      const wanted = asked.length === 0 ? null : asked.map((path) => findPath(path, tree, image));
      const items = treeItems(tree, wanted);
      const done = await unpackInto(request, unpacked, items, terminal);
      report(unpacked, items, done, terminal);
    },
    ports,
  );
  return 0;
}

function unpackInto(
  { into, image }: UnpackRequest,
  unpacked: UnpackedImage,
  items: readonly TreeItem[],
  terminal: Terminal,
): Promise<Unpacked> {
  switch (into.kind) {
    case "tar":
      return writeTar({ file: into.file, image: hostPathFrom(image) }, unpacked, items, terminal);
    case "directory": {
      const name = `${nameOf(hostPathFrom(image))}.unpacked` as ByteString;
      const path = into.out === null ? parseHostPath(name, workingDirectory())! : hostPathFrom(into.out);
      return fillDirectory({ path, isShared: into.isShared }, unpacked, items);
    }
    default:
      return unreachable(into);
  }
}

function report(
  { contents }: UnpackedImage,
  items: readonly TreeItem[],
  { output, skipped, remarks }: Unpacked,
  terminal: Terminal,
): void {
  const left = new Set(skipped);
  const counts = countItems(items.filter((item) => !left.has(item)));
  if (terminal.isJson) {
    if (output === null) return; // a tar stands there
    const { file, directory, symlink, link } = counts;
    terminal.printJson({
      ok: true,
      output,
      files: file,
      directories: directory,
      symlinks: symlink,
      hardLinks: link,
      skipped: skipped.map(({ path, node }) => ({
        ...nameJson("path", path),
        kind: node.kind,
        major: node.major,
        minor: node.minor,
      })),
      remarks: [...contents.remarks, ...remarks],
    });
    return;
  }
  noteOddities(contents, terminal);
  for (const { path, node } of skipped.slice(0, MOST_NAMED)) {
    const numbers = node.kind === "char" || node.kind === "block" ? ` ${node.major}:${node.minor}` : "";
    terminal.note(`left out: ${safeText(showPath(path))} (${KINDS[node.kind]}${numbers})\n`);
  }
  if (skipped.length > MOST_NAMED) terminal.note(`left out: ${skipped.length - MOST_NAMED} more of these\n`);
  for (const remark of remarks) terminal.note(`note: ${remark}\n`);
  terminal.note(`${describe(counts)}\n`);
  if (output !== null) terminal.print(`${safeText(output)}\n`);
}

/** So many of what was left out are named; an image may have thousands. */
const MOST_NAMED = 20;

function describe(counts: ReturnType<typeof countItems>): string {
  const words = [
    ["file", counts.file],
    ["further name", counts.link],
    ["directory", counts.directory],
    ["symlink", counts.symlink],
    ["device node or fifo", counts.char + counts.block + counts.fifo],
  ] as const;
  const said = words.flatMap(([word, count]) => (count === 0 ? [] : [`${count} ${plural(word, count)}`]));
  return said.length === 0 ? "nothing" : said.join(", ");
}

function plural(word: string, count: number): string {
  if (count === 1) return word;
  if (word === "directory") return "directories";
  return word === "device node or fifo" ? "device nodes and fifos" : `${word}s`;
}
