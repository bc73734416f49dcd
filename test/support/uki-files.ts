/** What a unified kernel image is made of, on a machine that exists only in a test. */
import type { TreeName } from "../../src/core/entry.ts";
import type { HostPath, TargetPath } from "../../src/core/path.ts";
import type { Host } from "../../src/core/ports.ts";
import { encodeUki } from "../../src/formats/uki.ts";
import type { UkiTrees } from "../../src/image/uki-files.ts";
import type { UkiFileSpec, UkiSpec } from "../../src/spec/image-spec.ts";
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

export function ukiTrees(host: Pick<Host, "tree">, sysroot = "/srv/root"): UkiTrees {
  const at = (root: string) => ({ tree: host.tree(root as HostPath), root: root as HostPath });
  return { sysroot: at(sysroot), store: at("/work"), host: at("/") };
}

/** A unified kernel image of a few hundred bytes around an initrd. */
export function ukiAround(initrd: Uint8Array): Buffer {
  const sections = [
    { name: ".linux", size: KERNEL.length },
    { name: ".initrd", size: initrd.length },
  ] as const;
  const { pieces } = encodeUki({ stub: stubFile(), sections, kernel: { isNxCompatible: true, sbat: [] } });
  return Buffer.concat(
    pieces.map((piece) => (piece instanceof Uint8Array ? piece : [KERNEL, initrd][piece.section]!)),
  );
}
