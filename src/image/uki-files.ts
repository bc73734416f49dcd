/** What a unified kernel image is made of besides the initrd, looked at before anything is built. */
import type { TreeName } from "../core/entry.ts";
import { type HostPath, nameOf, type TargetPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import { BuildFailure, ProblemCollector } from "../core/problem.ts";
import type { Span } from "../core/span.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { decodeFdt } from "../formats/fdt-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import { decodePe, type Pe } from "../formats/pe.ts";
import { encodeUki } from "../formats/uki.ts";
import { decodeUkiKernel, type UkiKernel } from "../formats/uki-kernel.ts";
import { UKI_SECTIONS, type UkiSectionName } from "../formats/uki-stub.ts";
import type { UkiFileSpec, UkiPartName, UkiSpec } from "../spec/image-spec.ts";
import { type BesideFile, lookAtFile, pathOfPlace } from "./beside-file.ts";
import { checkStubAndKernel } from "./uki-machines.ts";

export interface UkiFiles {
  readonly at: Span | null;
  readonly stub: BesideFile & { readonly bytes: Uint8Array; readonly pe: Pe };
  readonly kernel: BesideFile & { readonly facts: UkiKernel };
  /** Null: nobody knows. */
  readonly version: string | null;
  /** All but the initrd, in their order. */
  readonly sections: readonly UkiContent[];
}

export interface UkiContent {
  readonly name: UkiSectionName;
  readonly content: Uint8Array | BesideFile;
}

/** The trees that files are named in, and where they lie on the machine. */
export type UkiTrees = Readonly<Record<TreeName, { readonly tree: Tree; readonly root: HostPath }>>;

/** Every file of the machine that goes in. */
export function filesOfUki({ stub, sections }: UkiFiles): BesideFile[] {
  return [stub, ...sections.flatMap(({ content }) => (content instanceof Uint8Array ? [] : [content]))];
}

/** systemd's have 150 KB. */
const LARGEST_STUB = 16 * 2 ** 20;
const SECTION_OF: Readonly<Record<UkiPartName, UkiSectionName>> = {
  osRelease: ".osrel",
  cmdline: ".cmdline",
  fdt: ".dtb",
  splash: ".splash",
  pcrPublicKey: ".pcrpkey",
  microcode: ".ucode",
};
const ROLES = {
  stub: "stub",
  kernel: "kernel",
  osRelease: "os-release",
  cmdline: "command line",
  fdt: "device tree",
  splash: "splash",
  pcrPublicKey: "public key",
  microcode: "microcode",
} as const satisfies Record<UkiPartName | "stub" | "kernel", string>;
type UkiRole = (typeof ROLES)[keyof typeof ROLES];

/** Throws BuildFailure with every image/uki-file-not-found, image/bad-uki-file and image/uki-machines-differ. */
export function readUkiFiles(spec: UkiSpec, trees: UkiTrees): UkiFiles {
  const problems = new ProblemCollector();
  const stub = problems.attempt(() => readStub(spec.stub, trees));
  const kernel = problems.attempt(() => readKernel(spec.kernel, trees));
  const parts = spec.parts.flatMap(({ part, content }) => {
    const read = (): Uint8Array | BesideFile =>
      "text" in content ? Buffer.from(content.text) : readFile(content, part, CHECKS[part], trees);
    return problems.attempt(() => ({ name: SECTION_OF[part], content: read() })) ?? [];
  });
  problems.throwIfAny();
  const version = spec.uname ?? kernel!.facts.version;
  const uname = version === null ? [] : [{ name: ".uname", content: Buffer.from(version) } as const];
  const all = [...parts, ...uname, { name: ".linux", content: kernel! } as const];
  const sections = all.sort((a, b) => UKI_SECTIONS.indexOf(a.name) - UKI_SECTIONS.indexOf(b.name));
  const files = { at: spec.at, stub: stub!, kernel: kernel!, version, sections };
  checkStubAndKernel(spec.at, stub!.pe, kernel!.facts.pe);
  tryStub(files, spec.stub);
  return files;
}

function readStub(spec: UkiFileSpec, trees: UkiTrees): UkiFiles["stub"] {
  let found: Pick<UkiFiles["stub"], "bytes" | "pe"> | null = null;
  const look = (source: ByteSource): void => {
    const pe = decodePe(source);
    if (source.size > LARGEST_STUB) throw new FormatError("too-large", 0, `${source.size} bytes are no stub`);
    found = { pe, bytes: Uint8Array.from(source.read(0, source.size)) };
  };
  return { ...readFile(spec, "stub", look, trees), ...found! };
}

function readKernel(spec: UkiFileSpec, trees: UkiTrees): UkiFiles["kernel"] {
  let facts: UkiKernel | null = null;
  const look = (source: ByteSource): void => {
    facts = decodeUkiKernel(source);
  };
  return { ...readFile(spec, "kernel", look, trees), facts: facts! };
}

const CHECKS: Readonly<Record<UkiPartName, (source: ByteSource) => unknown>> = {
  osRelease: () => {},
  cmdline: () => {},
  fdt: decodeFdt,
  splash: beginsWith("BM", "no bitmap (BMP), as UEFI shows them"),
  pcrPublicKey: () => {},
  microcode: beginsWith("070701", "no plain newc archive, as the kernel reads it before all others"),
};

function beginsWith(magic: string, why: string): (source: ByteSource) => void {
  return (source) => {
    if (Buffer.from(source.read(0, magic.length)).toString("latin1") === magic) return;
    throw new FormatError("bad-magic", 0, why);
  };
}

function readFile(
  { at, file }: UkiFileSpec,
  key: keyof typeof ROLES,
  look: (source: ByteSource) => unknown,
  trees: UkiTrees,
): BesideFile {
  const place = { in: file.in, ...trees[file.in], inTree: file.path };
  const [path, role] = [pathOfPlace(place), ROLES[key]];
  try {
    const found = lookAtFile(place, look);
    if (found === null) throw new BuildFailure([{ code: "image/uki-file-not-found", at, path, role }]);
    return found;
  } catch (error) {
    throw badUkiFile(error, { at, path, role });
  }
}

/** What is no fault of the file's stays as it is. */
function badUkiFile(error: unknown, file: { at: Span | null; path: HostPath; role: UkiRole }): unknown {
  if (!(error instanceof FormatError)) return error;
  const { offset, message: why } = error;
  return new BuildFailure([{ code: "image/bad-uki-file", ...file, offset, why }]);
}

/** Whether the stub takes so many sections; how long they are is not known yet. */
function tryStub({ stub, kernel, sections }: UkiFiles, { at }: UkiFileSpec): void {
  try {
    const names = [...sections.map(({ name }) => name), ".initrd" as const];
    encodeUki({ stub: stub.bytes, kernel: kernel.facts, sections: names.map((name) => ({ name, size: 1 })) });
  } catch (error) {
    throw badUkiFile(error, { at, path: stub.path, role: ROLES.stub });
  }
}

/** Throws BuildFailure image/uki-other-modules. */
export function checkUkiModules({ at, version }: UkiFiles, modules: readonly TargetPath[]): void {
  if (modules.length === 0 || version === null) return;
  if (modules.some((directory) => nameOf(directory) === version)) return;
  throw new BuildFailure([{ code: "image/uki-other-modules", at, kernel: version, modules }]);
}
