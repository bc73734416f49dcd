/** What a unified kernel image is made of, on a machine that exists only in a test. */
import type { TreeName } from "../../src/core/entry.ts";
import type { HostPath, TargetPath } from "../../src/core/path.ts";
import type { Host } from "../../src/core/ports.ts";
import type { UkiTrees } from "../../src/image/uki-files.ts";
import type { UkiFileSpec, UkiSpec } from "../../src/spec/spec.ts";
import { SPAN } from "./image-parts.ts";
import { peFile, stubFile } from "./pe-writer.ts";

export const KERNEL = peFile({ sections: [{ name: ".text", bytes: Buffer.from("a kernel") }] });

export const UKI_FILES = {
  "/work/stub.efi": stubFile(),
  "/srv/root/boot/vmlinuz": KERNEL,
  "/srv/root/etc/os-release": "ID=test\n",
};

export const UKI: UkiSpec = {
  at: SPAN,
  stub: ukiFile("host", "work/stub.efi"),
  kernel: ukiFile("sysroot", "boot/vmlinuz"),
  uname: "6.1.0-test",
  parts: [
    { part: "cmdline", content: { text: "quiet" } },
    { part: "osRelease", content: ukiFile("sysroot", "etc/os-release") },
  ],
};

export function ukiFile(tree: TreeName, path: string): UkiFileSpec {
  return { at: SPAN, file: { in: tree, path: path as TargetPath } };
}

export function ukiTrees(host: Pick<Host, "tree">): UkiTrees {
  const at = (root: string) => ({ tree: host.tree(root as HostPath), root: root as HostPath });
  return { sysroot: at("/srv/root"), store: at("/work"), host: at("/") };
}
