/** What `init` writes: a first recipe for a root tree, with comments, that builds and boots as it stands. */
import { archOf, type ElfMachine } from "../../core/arch.ts";
import type { TargetPath } from "../../core/path.ts";
import type { PathResolver } from "../../trees/resolve-path.ts";

/** What a root tree has that an initrd can be made of. */
export interface Findings {
  /** One program that is all of them; null: there is none. */
  readonly busybox: string | null;
  /** The best shell; null: there is none. */
  readonly shell: string | null;
  /** Programs that are useful in an initrd, where they lie. */
  readonly tools: readonly string[];
  /** The machine's name, as a recipe says it. */
  readonly arch: string | null;
  readonly hasSystemd: boolean;
}

const BUSYBOX = ["/bin/busybox", "/usr/bin/busybox", "/sbin/busybox", "/bin/busybox.static"];
const SHELLS = ["/bin/bash", "/usr/bin/bash", "/bin/dash", "/usr/bin/dash", "/bin/sh", "/usr/bin/sh"];
const TOOLS = ["mount", "umount", "ls", "cat", "mkdir", "sleep", "dmesg", "ps", "switch_root"];
const DIRECTORIES = ["/bin", "/sbin", "/usr/bin", "/usr/sbin"];
const SYSTEMD = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"];

/** Where programs are looked for, for the message that none is there. */
export const SEARCHED: readonly string[] = [...BUSYBOX, ...SHELLS, "mount"];

/** `machineOf` reads a file's ELF header; null: it is none. */
export function lookAround(
  paths: PathResolver,
  machineOf: (path: TargetPath) => ElfMachine | null,
): Findings {
  const isProgram = (path: string): boolean => {
    const { facts } = paths.resolve(path);
    return facts?.kind === "file" && (facts.mode & 0o111) !== 0;
  };
  const busybox = BUSYBOX.find(isProgram) ?? null;
  const shell = SHELLS.find(isProgram) ?? null;
  const tools = TOOLS.flatMap((name) => DIRECTORIES.map((at) => `${at}/${name}`).find(isProgram) ?? []);
  const witness = busybox ?? shell;
  const machine = witness === null ? null : machineOf(paths.resolve(witness).path);
  return {
    busybox,
    shell,
    tools,
    arch: machine && (archOf(machine)?.name ?? null),
    hasSystemd: SYSTEMD.some(isProgram),
  };
}

/** Both stand in the recipe as they are given. */
export interface RecipePlace {
  readonly file: string;
  readonly sysroot: string;
}

/** The recipe's text. Null: nothing there could run as an init. */
export function firstRecipe(found: Findings, { file, sysroot }: RecipePlace): string | null {
  const parts = found.busybox === null ? withShell(found) : withBusybox(found.busybox);
  if (parts === null) return null;
  const name = nameFor(file);
  return `# A first recipe: an initrd that gives a prompt. Build it with
#   initgraph build${file === "initrd.yaml" ? "" : ` ${file}`}
# and boot it with any kernel of ${found.arch ?? "its machine"} that has devtmpfs, in QEMU for instance:
#   initgraph boot result/${name} --kernel /boot/vmlinuz

# result/${name}.zst, and the symlink result/${name} to it.
name: ${name}

# Absolute paths below are looked up here, and nothing outside it is read.
sysroot: ${quoted(sysroot)}
${found.arch === null ? "" : `\n# A program or library of another machine is an error.\narch: ${found.arch}\n`}
# Each object comes with all it needs: libraries, interpreters, and the symlinks that lead there.
contents:
${parts.contents}
# Things that are in no tree: written here, with the owner root.
files:
  /init:
    mode: "0755"
    text: |
${indented(parts.init)}
  /dev/console: { device: c, major: 5, minor: 1, mode: "0600" }
  /proc: { directory: true }
  /sys: { directory: true }
  /run: { directory: true }
  /tmp: { directory: true, mode: "1777" }

# Also: gzip, xz, lz4, lzma, bzip2, lzop; none for no compression.
compressor: zstd
${found.hasSystemd ? SYSTEMD_NOTE : ""}`;
}

/** That of the file, so that two first recipes do not make images of one name. */
function nameFor(file: string): string {
  return /^(?:.*\/)?([A-Za-z][\w.-]*?)\.ya?ml$/.exec(file)?.[1] ?? "initrd";
}

const SYSTEMD_NOTE = `
# This tree's own init is systemd. To go on to it from /init once its disk is mounted on /root:
#   exec switch_root /root /sbin/init
`;

interface Parts {
  readonly contents: string;
  readonly init: string;
}

function withBusybox(busybox: string): Parts {
  return {
    contents: `  - object: ${quoted(busybox)}\n`,
    init: `#!${busybox} sh
b=${busybox}
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev
# Every other command of busybox under its own name, where this busybox can do that.
$b mkdir -p /bin /sbin /usr/bin /usr/sbin
$b --install -s 2>/dev/null
echo "initgraph: the initrd is up; type commands, or exit to power off"
PATH=/bin:/sbin:/usr/bin:/usr/sbin $b sh
$b poweroff -f
`,
  };
}

function withShell({ shell, tools }: Findings): Parts | null {
  const mount = tools.find((tool) => tool.endsWith("/mount"));
  if (shell === null || mount === undefined) return null;
  const path = [...new Set(tools.map((tool) => tool.slice(0, tool.lastIndexOf("/"))))].join(":");
  return {
    contents: [shell, ...tools].map((object) => `  - object: ${quoted(object)}\n`).join(""),
    init: `#!${shell}
export PATH=${path}
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
echo "initgraph: the initrd is up; type commands, or exit to power off"
${shell}
echo o > /proc/sysrq-trigger
read -r _
`,
  };
}

/** A plain YAML scalar where that is safe. */
function quoted(text: string): string {
  return /^[\w./+-]+$/.test(text) ? text : JSON.stringify(text);
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "      ").trimEnd();
}
