/** What a kernel has unpacked, as the booted init lists it, beside what `check` says that it would have. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type ImageView, viewImage } from "../../src/check/image-view.ts";
import type { HostPath, TargetPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { CPIO_TYPE } from "../../src/formats/cpio.ts";
import { imageHost } from "../../src/machine/image-host.ts";
import { archiveOf, directory, file } from "./archive.ts";
import { boot } from "./boot.ts";
import { scratchDirectory } from "./scratch.ts";
import { labTree, type Requirement, requireAll, requireLabTree, requireTool } from "./tools.ts";

export function listingNeeds(...tools: readonly string[]): Requirement {
  return requireAll(requireTool("qemu-system-x86_64", ...tools), requireLabTree("kernels/x86"));
}

/** Boots an archive with a lister in front of these bytes, whatever the kernel says of them. */
export async function bootAndForesee(
  bytes: Uint8Array,
  t: TestContext,
): Promise<{ readonly console: string; readonly listed: string[]; readonly foreseen: string[] }> {
  const busybox = readFileSync(labTree("kernels/x86/busybox"));
  const tools = [directory("bin"), file("bin/busybox", busybox, 0o755), file("init", LISTING_INIT, 0o755)];
  const image = Buffer.concat([archiveOf(tools), bytes]);
  const path = join(scratchDirectory(t), "image");
  writeFileSync(path, image);
  const tolerates = /Initramfs unpacking failed/;
  const console = await boot({ machine: "x86", image: path, until: /LISTING-ENDS/, tolerates });
  const view = await viewImage(sourceOf(image), path as HostPath, { host: imageHost() });
  return { console, listed: kernelListing(console), foreseen: await foreseenListing(view) };
}

/** Lists every path but busybox's own: type and mode, owner, device numbers, size and digest of files, targets. */
const LISTING_INIT = `#!/bin/busybox sh
b=/bin/busybox
echo LISTING-BEGINS
$b find / -xdev -mindepth 1 ! -path /bin/busybox -exec $b stat -c '%f %u %g %t:%T %s %n' {} +
$b find / -xdev -type l -exec $b sh -c 'for f; do echo "link $(/bin/busybox readlink "$f") $f"; done' sh {} +
$b find / -xdev -type f ! -path /bin/busybox -exec $b md5sum {} +
echo LISTING-ENDS
exec $b sh
`;

/** One line for a path, from the console. */
function kernelListing(console: string): string[] {
  const begin = console.indexOf("LISTING-BEGINS\n");
  const text = console.slice(begin, console.indexOf("LISTING-ENDS", begin));
  const looks = new Map<string, string>();
  const more = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, mode, uid, gid, numbers, size, path] =
      /^([0-9a-f]{4}) (\d+) (\d+) ([0-9a-f]+:[0-9a-f]+) (\d+) \/(.+)$/.exec(line) ?? [];
    const [, to, link] = /^link (.*) \/(.+)$/.exec(line) ?? [];
    const [, digest, file] = /^([0-9a-f]{32}) {2}\/(.+)$/.exec(line) ?? [];
    if (path !== undefined) {
      const isFile = mode!.startsWith("8");
      looks.set(path, `${mode} ${uid}:${gid} ${numbers}${isFile ? ` ${size}` : ""}`);
    } else if (link !== undefined) more.set(link, `-> ${to}`);
    else if (file !== undefined) more.set(file, digest!);
  }
  return [...looks].map(([path, look]) => `${path} ${look} ${more.get(path) ?? ""}`.trim()).sort();
}

/** The same of what `check` says. */
async function foreseenListing({ tree }: ImageView): Promise<string[]> {
  const paths = tree.paths().filter((path) => path !== "bin/busybox");
  await tree.load(paths.filter((path) => tree.stat(path)?.kind === "file"));
  return paths
    .map((path) => {
      const { kind, mode, uid, gid, major, minor, size } = tree.stat(path)!;
      const type = (CPIO_TYPE[kind] | mode).toString(16).padStart(4, "0");
      const look = `${type} ${uid}:${gid} ${major.toString(16)}:${minor.toString(16)}`;
      if (kind === "file") return `${path} ${look} ${size} ${md5Of(path, tree)}`;
      return `${path} ${look}${kind === "symlink" ? ` -> ${tree.readLink(path)}` : ""}`;
    })
    .sort();
}

function md5Of(path: TargetPath, tree: ImageView["tree"]): string {
  const file = tree.open(path);
  const bytes = new Uint8Array(file.size);
  file.read(bytes, 0);
  return createHash("md5").update(bytes).digest("hex");
}
