/**
 * Reference test: hundreds of small trees, each made by chance of what bends the rules (RPATH, RUNPATH, tokens,
 * sonames that differ, files that are none, a configuration), and in each the machine's own loader and
 * ldconfig, in a chroot, against ours.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { type ByteString, type HostPath, nameOf } from "../../../src/core/path.ts";
import { sourceOf } from "../../../src/formats/byte-source.ts";
import { type ElfFile, readElf } from "../../../src/formats/elf.ts";
import { lddLines } from "../../../src/graph/loader/ldd.ts";
import type { LoadedProgram } from "../../../src/graph/loader/load-program.ts";
import { directoryTree } from "../../../src/host/directory-tree.ts";
import { type ElfWish, writeElf } from "../../support/elf-writer.ts";
import { scratchDirectory } from "../../support/scratch.ts";
import { requireAll, requireRoot, requireTool } from "../../support/tools.ts";
import { loadingOf } from "./loading.ts";

const TREES = 300;
/** Sonames of files in cached directories: ldconfig would take one of NAMES for the file of that name beside it. */
const FREE_SONAMES = ["libq.so", "librest.so.7"];
const NAMES = ["liba.so", "libb.so.1", "libc.so", "libd.so.2", "plug.so"];
const DIRECTORIES = ["/opt", "/opt/sub", "/srv/lib", "/lib", "/usr/lib", "/lib/TRIPLET", "/usr/lib/TRIPLET"];
// biome-ignore lint/suspicious/noTemplateCurlyInString: the loader's own form of a token
const BRACED = "${ORIGIN}/../srv/lib//";
const PATHS = [
  "$ORIGIN",
  "/opt",
  "/srv/lib:/opt/sub",
  "$ORIGIN/sub:$ORIGINAL",
  BRACED,
  "/opt/$LIB:/$LIB",
  "/none:/opt/",
];

const needs = requireAll(requireRoot(), requireTool("chroot", "ldconfig"));

test("our loader finds what the machine's loader finds, whatever the tree", needs, (t) => {
  const own = ownLoader();
  const random = seeded(20260131);
  const scratch = scratchDirectory(t);
  const outcomes = { complete: 0, incomplete: 0 };
  for (let number = 0; number < TREES; number++) {
    const root = join(scratch, "root");
    makeTree(root, own, random);
    assert.equal(spawnSync("ldconfig", ["-r", root], { env: ENVIRONMENT }).status, 0);
    const loading = loadingOf(directoryTree(root as HostPath));
    const loaded = loading.load("/bin/main");
    const args = [root, own.path, "--list", "/bin/main"];
    const { status, stdout, stderr } = spawnSync("chroot", args, { encoding: "latin1", env: ENVIRONMENT });
    const place = `tree ${number} of the seed`;
    const { lines, isComplete } = lddLines(loaded);
    assert.equal(isComplete, status === 0, `${place}\n${lines.join("\n")}\n${stdout}${stderr}`);
    // The cache may call a default directory by another of its names (/usr/lib for /lib): we do without it.
    const canonical = (line: string) =>
      line.replace(/\/\S+$/, (path) => `/${loading.access.paths.resolve(path as ByteString).path}`);
    // glibc moves an auxiliary library in front of the one that names it, for symbols' sake.
    const hasAuxiliary = loaded.libraries.some(({ isOptional }) => isOptional);
    const inOrder = (told: string[]) => (hasAuxiliary ? told.map(canonical).sort() : told.map(canonical));
    const [ours, theirs] = [inOrder(lines.map(withoutAddress)), inOrder(linesOf(stdout))];
    if (isComplete) assert.deepEqual(ours, theirs, place);
    else assert.match(stderr, firstFailure(loaded), place);
    outcomes[isComplete ? "complete" : "incomplete"] += 1;
    rmSync(root, { recursive: true });
  }
  assert.ok(Math.min(outcomes.complete, outcomes.incomplete) > 30, JSON.stringify(outcomes));
  t.diagnostic(JSON.stringify(outcomes));
});

const ENVIRONMENT = { LC_ALL: "C", PATH: "/usr/bin:/usr/sbin:/bin:/sbin" };

interface OwnLoader {
  readonly path: string;
  readonly elf: ElfFile;
  readonly triplet: string;
}

function ownLoader(): OwnLoader {
  const elf = readElf(sourceOf(readFileSync("/bin/sh")));
  assert.ok(elf?.interpreter);
  const triplet = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[process.arch as string] ?? "lib64";
  return { path: elf.interpreter, elf, triplet };
}

type Random = (limit: number) => number;

function makeTree(root: string, own: OwnLoader, random: Random): void {
  const put = (path: string, bytes: Uint8Array | string) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    chmodSync(file, 0o755);
  };
  mkdirSync(join(root, "usr/lib"), { recursive: true });
  mkdirSync(join(root, "etc"));
  if (random(2) === 0) symlinkSync("usr/lib", join(root, "lib"));
  mkdirSync(join(root, dirname(own.path)), { recursive: true });
  copyFileSync(own.path, join(root, own.path));
  const directories = DIRECTORIES.map((directory) => directory.replace("TRIPLET", own.triplet));
  const configured = directories.filter(() => random(4) === 0);
  put("/etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n");
  put("/etc/ld.so.conf.d/x.conf", configured.map((directory) => `${directory}\n`).join(""));
  for (const directory of directories) {
    for (const name of NAMES) {
      const isCached = configured.includes(directory) || directory.includes("/lib");
      if (random(3) === 0) putLibrary(root, `${directory}/${name}`, { own, random, put, isCached });
    }
  }
  const { machine } = own.elf;
  put(
    "/bin/main",
    writeElf({ ...machine, interpreter: own.path, ...someSearch(random), needed: someNames(random, 4) }),
  );
}

interface Making {
  readonly own: OwnLoader;
  readonly random: Random;
  readonly put: (path: string, bytes: Uint8Array | string) => void;
  readonly isCached: boolean;
}

function putLibrary(root: string, path: string, { own, random, put, isCached }: Making): void {
  const name = nameOf(path as ByteString);
  const { machine } = own.elf;
  const others = isCached ? FREE_SONAMES : NAMES;
  const soname = random(8) === 0 ? others[random(others.length)]! : name;
  const good: ElfWish = {
    ...machine,
    ...(random(8) === 0 ? {} : { soname }),
    ...someSearch(random),
    ...(random(12) === 0 ? { auxiliary: someNames(random, 2) } : {}),
    needed: someNames(random, 3),
  };
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { recursive: true, force: true });
  const kind = random(40);
  if (kind < 3) put(path, writeElf({ ...good, machine: 3, bits: 32, endian: "little" }));
  else if (kind < 6) put(path, writeElf({ ...good, machine: 9999 }));
  else if (kind === 6) put(path, "INPUT(something)\n".repeat(8));
  else if (kind === 7) put(path, "");
  else if (kind === 8) mkdirSync(file);
  else if (kind < 12)
    symlinkSync(`/${["opt", "srv/lib", "none"][random(3)]}/${NAMES[random(NAMES.length)]}`, file);
  else if (kind === 12) put(path, writeElf({ ...good, osabi: 9 }));
  else if (kind === 13) put(path, writeElf({ ...good, osabi: 3 }));
  else put(path, writeElf(good));
}

function someSearch(random: Random): ElfWish {
  const path = PATHS[random(PATHS.length)]!;
  const search = [{ rpath: path }, { runpath: path }, { runpath: path }, { rpath: path, runpath: "/opt" }][
    random(12)
  ];
  return { ...(random(10) === 0 ? { flags1: 0x800 } : {}), ...search };
}

function someNames(random: Random, most: number): string[] {
  const names = Array.from({ length: random(most) }, () => NAMES[random(NAMES.length)]!);
  return names.map((name) => (random(25) === 0 ? `/opt/${name}` : name));
}

/** What stops the loader is the first thing that we could not give it. */
function firstFailure({ libraries }: LoadedProgram): RegExp {
  const failure = libraries.find(({ outcome, isOptional }) => outcome.kind !== "found" && !isOptional);
  return new RegExp(
    `libraries: (/\\S*/)?${nameOf(failure?.soname ?? ("nothing" as ByteString)).replaceAll(".", "\\.")}:`,
  );
}

function linesOf(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line !== "" && !/^\tlinux-(vdso|gate)/.test(line))
    .map(withoutAddress);
}

function withoutAddress(line: string): string {
  return line.replace(/ \(0x[0-9a-f]+\)$/, "");
}

/** Whole numbers below `limit`, the same on every run. */
function seeded(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
