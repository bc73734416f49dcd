/** What keeps a library out that lies in the sysroot: another one wins, or nobody who opens it is followed. */
import { archOf, type ElfMachine, isSameMachine } from "../core/arch.ts";
import { directoryOf, nameOf, showBytes, showPath, type TargetPath } from "../core/path.ts";
import type { TableReference } from "../graph/reference-table.ts";
import type { BuiltImage } from "./built-image.ts";
import type { LibraryObstacle } from "./obstacle.ts";

export function libraryObstacles(path: TargetPath, image: BuiltImage): LibraryObstacle[] {
  const sonames = sonamesOf(path, image);
  return [
    ...foreign(path, image),
    ...variant(path, image),
    ...otherWinner(path, sonames, image),
    ...noteObstacles(sonames, image),
  ];
}

/** What notes of the image's programs say of a name, whether a tree has it or not. */
export function noteObstacles(
  sonames: readonly string[],
  { elves, spec, tree }: BuiltImage,
): LibraryObstacle[] {
  const found: LibraryObstacle[] = [];
  for (const { path: by, elf } of elves()) {
    for (const { sonames: declared, feature, priority } of elf.dlopen) {
      const soname = declared.map(showBytes).find((name) => sonames.includes(name));
      if (soname === undefined) continue;
      if (!spec.dlopen.includes(priority)) {
        found.push({ kind: "dlopen-priority", by, soname, feature, priority });
        continue;
      }
      const chosen = declared.map(showBytes).find((name) => name !== soname && isCalled(name, tree.paths()));
      if (chosen !== undefined) found.push({ kind: "dlopen-alternative", by, soname, chosen });
    }
  }
  return found;
}

function isCalled(name: string, paths: Iterable<TargetPath>): boolean {
  for (const path of paths) if (nameOf(path) === name) return true;
  return false;
}

/** Its name, and what it calls itself. */
function sonamesOf(path: TargetPath, image: BuiltImage): string[] {
  const to = image.sysroot.resolve(path);
  const kind = to.facts?.kind === "file" ? image.kindOf(to.path) : null;
  const own = kind?.kind === "elf" && kind.elf.soname !== null ? [showBytes(kind.elf.soname)] : [];
  return [...new Set([showBytes(nameOf(path)), ...own])];
}

function foreign(path: TargetPath, { machine, sysroot, kindOf }: BuiltImage): LibraryObstacle[] {
  const to = sysroot.resolve(path);
  const kind = to.facts?.kind === "file" ? kindOf(to.path) : null;
  if (machine === null || kind?.kind !== "elf" || isForSame(kind.elf.machine, machine)) return [];
  return [{ kind: "other-machine", found: machineName(kind.elf.machine), expected: machineName(machine) }];
}

function isForSame(a: ElfMachine, b: ElfMachine): boolean {
  return a.bits === b.bits && a.endian === b.endian && isSameMachine(a.machine, b.machine);
}

function machineName(machine: ElfMachine): string {
  return archOf(machine)?.name ?? `machine ${machine.machine}`;
}

/** `lib/glibc-hwcaps/x86-64-v3/libz.so.1` is beside lib/libz.so.1. */
function variant(path: TargetPath, { spec, tree }: BuiltImage): LibraryObstacle[] {
  const [, above, level] = /^(.*)\/glibc-hwcaps\/([^/]+)\/[^/]+$/s.exec(path) ?? [];
  if (above === undefined || level === undefined) return [];
  if (spec.hwcaps === "all" || spec.hwcaps.includes(level)) return [];
  const plain = `${above}/${nameOf(path)}` as TargetPath;
  return [
    {
      kind: "hwcaps",
      level: showBytes(level as TargetPath),
      plain: tree.entryAt(plain) === null ? null : plain,
    },
  ];
}

/** The first reference of that name which leads elsewhere. */
function otherWinner(path: TargetPath, sonames: readonly string[], image: BuiltImage): LibraryObstacle[] {
  const { nodes, references } = image.plan.references;
  const own = image.sysroot.resolve(path).path;
  const isOther = ({ reason, says, to }: TableReference): boolean => {
    if (reason !== "needed" && reason !== "dlopen-note") return false;
    const node = nodes[to]!.node;
    return (
      sonames.includes(says.replace(/ \(.*$/s, "")) &&
      node.kind === "file" &&
      node.path !== path &&
      node.path !== own
    );
  };
  // One that was searched for, before one that was loaded already.
  const all = references.filter(isOther);
  const one = all.find(({ found }) => !found.startsWith("already")) ?? all[0];
  const [from, to] = one === undefined ? [] : [nodes[one.from]!.node, nodes[one.to]!.node];
  if (one === undefined || from?.kind === "recipe" || to?.kind === "recipe" || !from || !to) return [];
  const { says, found, tried } = one;
  const soname = says.replace(/ \(.*$/s, "");
  const wasTried = tried.some((text) => isDirectory(text, directoryOf(path), image));
  return [{ kind: "other-library", soname, winner: to.path, by: from.path, found, tried, wasTried }];
}

/** "/opt/lib (runpath of /usr/sbin/x)": through symlinks of the sysroot. */
function isDirectory(text: string, directory: TargetPath, { sysroot }: BuiltImage): boolean {
  const shown = text.replace(/ \(.*$/s, "");
  return shown === showPath(directory) || sysroot.resolve(shown).path === sysroot.resolve(directory).path;
}
