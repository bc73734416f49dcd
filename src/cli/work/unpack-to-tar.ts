/** What an image unpacks to as a tar: with owners, device nodes and fifos, and with the same bytes each time. */
import { type ByteString, type HostPath, ROOT, showBytes } from "../../core/path.ts";
import { encodeTarMember, TAR_END, type TarFacts, tarPadding } from "../../formats/tar-encode.ts";
import type { TreeItem } from "../../inspect/tree-items.ts";
import type { UnpackedImage } from "../../inspect/unpack-image.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { machinePorts } from "../../machine/ports.ts";
import { PathResolver } from "../../trees/resolve-path.ts";
import { SignalGuard } from "../ending.ts";
import type { Terminal } from "../terminal.ts";
import type { Unpacked } from "./unpack.ts";

type Write = (bytes: Uint8Array) => void;

/** Standard output for "-". A file may be read by those who may read the image. Throws BuildFailure; no file is left then. */
export async function writeTar(
  { file, image }: { readonly file: string; readonly image: HostPath },
  unpacked: UnpackedImage,
  items: readonly TreeItem[],
  terminal: Terminal,
): Promise<Unpacked> {
  const skipped = items.filter(({ node }) => node.kind === "socket");
  const remarks = skipped.length === 0 ? [] : ["a tar holds no sockets"];
  if (file === "-") {
    // A copy: the stream may keep it when the reading goes on.
    await writeMembers(unpacked, items, (bytes) => terminal.print(Uint8Array.from(bytes)));
    return { output: null, skipped, remarks };
  }
  const path = hostPathFrom(file);
  const { host } = machinePorts(1);
  const mode = new PathResolver(host.tree("/" as HostPath)).resolve(image).facts?.mode ?? 0;
  const signals = new SignalGuard(async () => {});
  const output = signals.guard(host).createOutput(path, (mode & 0o666 & ~process.umask()) | 0o600);
  try {
    await writeMembers(unpacked, items, (bytes) => output.write(bytes));
    output.commit();
  } catch (error) {
    output.discard();
    throw error;
  } finally {
    signals.release();
  }
  return { output: showBytes(path), skipped, remarks };
}

/** Directories, then files in the order of their data, then what has none. */
async function writeMembers(
  unpacked: UnpackedImage,
  items: readonly TreeItem[],
  write: Write,
): Promise<void> {
  const put = (item: TreeItem): void => write(encodeTarMember(factsOf(item)));
  const isDirectory = ({ node }: TreeItem): boolean => node.kind === "directory";
  for (const item of items) if (isDirectory(item)) put(item);
  let size = 0;
  await unpacked.readData(items, {
    begin: (item) => {
      size = item.node.size;
      put(item);
    },
    data: write,
    end: () => write(new Uint8Array(tarPadding(size))),
    pause: () => new Promise<void>((done) => setImmediate(done)),
  });
  for (const item of items) {
    const hasData = item.node.data !== null && item.linkTo === null;
    if (!isDirectory(item) && !hasData && item.node.kind !== "socket") put(item);
  }
  write(TAR_END);
}

/** What a kernel has before any image came is of no time. */
function factsOf({ path, node, linkTo }: TreeItem): TarFacts {
  const { kind, mode, uid, gid, mtime, major, minor, to, size } = node;
  const isDevice = kind === "char" || kind === "block";
  const owned = { name: path === ROOT ? ("." as ByteString) : path, mode, uid, gid, mtime: mtime ?? 0 };
  const numbers = { major: isDevice ? major : 0, minor: isDevice ? minor : 0 };
  if (linkTo !== null) return { ...owned, ...numbers, kind: "hard-link", to: linkTo, size: 0 };
  return { ...owned, ...numbers, kind: kind as TarFacts["kind"], to, size };
}
