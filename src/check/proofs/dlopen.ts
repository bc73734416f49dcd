/** What programs say that they open while they run (.note.dlopen), and the image lacks. Nobody knows whether they will. */
import { type ByteString, nameOf } from "../../core/path.ts";
import type { ProgramFinding } from "../findings/programs.ts";
import { elfFilesOf } from "./programs.ts";
import type { Subject } from "./subject.ts";

export function proveDlopen(subject: Subject): ProgramFinding[] {
  const names = new Set<ByteString>(
    [...subject.files.map(({ path }) => path), ...subject.symlinks].map((path) => nameOf(path)),
  );
  const { programs, libraries } = elfFilesOf(subject);
  const missing = new Set<ByteString>();
  const openers = [...programs, ...libraries].filter(({ elf }) => {
    const lacking = elf.dlopen.filter(
      ({ priority, sonames }) => priority !== "suggested" && !sonames.some((soname) => names.has(soname)),
    );
    for (const { sonames } of lacking) missing.add(sonames[0]!);
    return lacking.length > 0;
  });
  if (openers.length === 0) return [];
  const paths = openers.map(({ path }) => path);
  return [{ code: "check/opened-at-run-time", libraries: [...missing].sort(), count: paths.length, paths }];
}
