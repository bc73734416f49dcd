/** Files that lie nowhere on this machine by themselves, written into a new directory for tools that want them to. */
import type { FileEntry } from "../../core/entry.ts";
import { ancestorsOf, type HostPath, type TargetPath } from "../../core/path.ts";
import { NewTree } from "../../host/new-tree.ts";
import { processNames } from "../../host/processes.ts";
import { contentOpener } from "../../layers/read-content.ts";
import type { Untouched } from "./decide-untouched.ts";

const PIECE = 2 ** 20;

/** Each by its path in the image. Nothing is left where this throws: BuildFailure (host/not-empty, host/cannot-write, …). */
export function writeLooseFiles(
  files: readonly FileEntry[],
  directory: HostPath,
  { decision: { spec }, opened: { trees } }: Untouched,
): void {
  const open = contentOpener(trees, { sysroot: spec.sysroot, store: spec.store.root });
  const tree = new NewTree({ path: directory, over: "nothing", keepsOwners: false }, processNames());
  const buffer = new Uint8Array(PIECE);
  try {
    const directories = new Set(files.flatMap(({ path }) => ancestorsOf(path)));
    for (const path of [...directories].sort()) tree.makeDirectory(path);
    for (const { path, source, mode } of files) {
      const { file } = open(source);
      const made = tree.makeFile(path);
      try {
        for (let at = 0, length = file.read(buffer, 0); length > 0; length = file.read(buffer, at)) {
          made.write(buffer.subarray(0, length));
          at += length;
        }
      } finally {
        file.close();
      }
      // Who builds must be able to read it; the list says what it is in the image.
      made.close({ ...OURS, mode: (mode & 0o077) | 0o400 });
    }
    const looks = { ...OURS, mode: 0o755 };
    for (const path of [...directories].sort().reverse()) tree.dressDirectory(path, looks);
    tree.dressDirectory("" as TargetPath, looks);
    tree.commit();
  } catch (error) {
    tree.discard();
    throw error;
  }
}

const OURS = { uid: 0, gid: 0, mtime: null } as const;
