/**
 * Nothing of the building machine reaches an image: neither its tools for libraries and modules, nor what its
 * user has set for loaders, shells and compressors.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { writeElf } from "../support/elf-writer.ts";
import { RECIPES } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, type Requirement, requireAll, requireLabTree, requireTool } from "../support/tools.ts";

const MAIN = fileURLToPath(new URL("../../bin/cli/main.js", import.meta.url));

/** What others ask about libraries, modules, archives and stores. A compressor's own program is asked by right. */
const POISONED = [
  ...["ar", "bash", "busybox", "bzip2", "cpio", "depmod", "dpkg", "file", "find", "gzip", "insmod", "kmod"],
  ...["ldconfig", "ldd", "lddtree", "mkimage", "modinfo", "modprobe", "nix", "nix-store", "nm", "objcopy"],
  ...["objdump", "patchelf", "pkg-config", "podman", "docker", "python3", "readelf", "sed", "sh", "skopeo"],
  ...["sort", "strings", "systemctl", "tar", "uname", "unzstd", "zstd"],
];

/** An ELF file of this machine's libraries that has the name of one of the tree's, and is another. */
const OWN_LIBRARY = "libown.so.1";

interface Poison {
  readonly variables: Readonly<Record<string, string>>;
  /** What of it ran, one line each. */
  readonly ran: () => string;
}

test("tools, loader and shell settings of the building machine change not one byte", (t) => {
  const directory = scratchDirectory(t);
  writeTree(directory, [OWN_LIBRARY]);
  for (const compressor of ["zstd", "gzip", "none"])
    compareBuilds(t, join(directory, "own.yaml"), ["--compressor", compressor]);
});

test("the poison works: whoever asks ldd or a shell is found out", (t) => {
  const poison = poisonHost(scratchDirectory(t));
  spawnSync("ldd", ["/bin/sh"], { env: poison.variables });
  spawnSync("/bin/bash", ["-c", ":"], { env: poison.variables });
  assert.match(poison.ran(), /^ldd \/bin\/sh\n/);
});

test("a library that only LD_LIBRARY_PATH leads to is missing", (t) => {
  const directory = scratchDirectory(t);
  writeTree(directory, []);
  const poison = poisonHost(scratchDirectory(t));
  const run = build(join(directory, "own.yaml"), join(directory, "out"), [], poison.variables);
  assert.equal(run.status, 1);
  assert.match(run.stderr, /graph\/library-not-found\]: libown\.so\.1 is needed and was not found/);
  assert.doesNotMatch(run.stderr, /looked in[\s\S]*poison-lib/);
  assert.equal(poison.ran(), "");
});

const arm64 = requireLabTree("sysroot-arm64");
onLab("rescue", arm64, []);
onLab("uboot-arm64", arm64, []);
// Its program is asked, and its user's defaults are not.
onLab("busybox", { skip: arm64.skip || requireTool("xz").skip }, ["--compressor", "xz"]);

test(
  "so with kernel modules, their indexes and a loader's cache, from a directory and from an archive of it",
  requireAll(requireLabTree("sysroot-arm64-modules"), requireTool("tar")),
  (t) => {
    const directory = scratchDirectory(t);
    const recipe = join(directory, "modules.yaml");
    const text = [
      "name: modules",
      "contents: [{object: /bin/kmod, symlink: /sbin/modprobe}]",
      "kernel: {modules: [virtio-pci, ext4, crypto-crc32c]}",
      "closure: {loaderCache: always}",
    ];
    writeFileSync(recipe, `${text.join("\n")}\n`);
    const tree = labTree("sysroot-arm64-modules");
    compareBuilds(t, recipe, ["--sysroot", tree]);
    const tar = join(directory, "root.tar");
    assert.equal(spawnSync("tar", ["-cf", tar, "-C", tree, "bin", "etc", "lib", "sbin", "usr"]).status, 0);
    compareBuilds(t, recipe, ["--sysroot", tar]);
  },
);

function onLab(name: string, needed: Requirement, options: readonly string[]): void {
  test(`so with the ${name} recipe on a foreign tree${["", ...options].join(" ")}`, needed, (t) => {
    compareBuilds(t, join(RECIPES, `${name}.yaml`), ["--sysroot", labTree("sysroot-arm64"), ...options]);
  });
}

function compareBuilds(t: TestContext, recipe: string, options: readonly string[]): void {
  const [plain, poisoned] = [scratchDirectory(t), scratchDirectory(t)];
  const first = build(recipe, plain, options, {});
  assert.equal(first.status, 0, first.stderr);
  const poison = poisonHost(scratchDirectory(t));
  const second = build(recipe, poisoned, options, poison.variables);
  assert.equal(second.status, 0, second.stderr);
  assert.deepEqual(filesIn(poisoned), filesIn(plain));
  assert.equal(poison.ran(), "");
}

function build(
  recipe: string,
  directory: string,
  options: readonly string[],
  variables: Readonly<Record<string, string>>,
) {
  const args = [
    "build",
    recipe,
    "--out",
    join(directory, "out"),
    "--cache",
    join(directory, "kept"),
    ...options,
  ];
  const env = { PATH: process.env["PATH"], HOME: directory, ...variables };
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", env });
}

function filesIn(directory: string): Map<string, Buffer> {
  const out = join(directory, "out");
  return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
}

/** A tree of its own machine, with a program that needs a library, a script, and a link to its loader. */
function writeTree(directory: string, libraries: readonly string[]): void {
  const interpreter = "/lib64/ld-linux-x86-64.so.2";
  const files: readonly (readonly [path: string, content: string | Buffer])[] = [
    ["usr/lib64/ld-linux-x86-64.so.2", writeElf({ soname: "ld-linux-x86-64.so.2" })],
    ["usr/bin/program", writeElf({ interpreter, needed: [OWN_LIBRARY] })],
    ["usr/bin/script", "#!/usr/bin/program\n"],
    ...libraries.map((name) => [`usr/lib/${name}`, writeElf({ soname: name, tail: "the tree's" })] as const),
  ];
  for (const [path, content] of files) {
    const at = join(directory, "root", path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content, { mode: 0o755 });
  }
  mkdirSync(join(directory, "root/usr/lib"), { recursive: true });
  for (const name of ["lib", "lib64"]) symlinkSync(`usr/${name}`, join(directory, "root", name));
  const recipe = "sysroot: ./root\ncontents:\n  - object: /usr/bin/{program,script}\nmakeUInitrd: true\n";
  writeFileSync(join(directory, "own.yaml"), `name: own\n${recipe}`);
}

function poisonHost(directory: string): Poison {
  const mark = join(directory, "mark");
  const bin = join(directory, "poison-bin");
  mkdirSync(bin);
  for (const name of POISONED) {
    const script = `#!/bin/sh\necho "${name} $*" >> ${mark}\necho "poison: ${name} ran" >&2\nexit 99\n`;
    writeFileSync(join(bin, name), script, { mode: 0o755 });
  }
  const startup = join(directory, "startup");
  writeFileSync(startup, `echo "a shell began" >> ${mark}\n`);
  const libraries = join(directory, "poison-lib");
  mkdirSync(libraries);
  writeFileSync(join(libraries, OWN_LIBRARY), writeElf({ soname: OWN_LIBRARY, tail: "the machine's" }));
  const variables = {
    PATH: [bin, process.env["PATH"]].join(delimiter),
    LD_LIBRARY_PATH: libraries,
    // the loader says on standard error that it has no such file, and goes on
    LD_PRELOAD: join(libraries, "absent.so"),
    LD_BIND_NOW: "1",
    BASH_ENV: startup,
    ENV: startup,
    POSIXLY_CORRECT: "1",
    LC_ALL: "tr_TR.UTF-8",
    TZ: "Pacific/Apia",
    TMPDIR: libraries,
    TAR_OPTIONS: "--owner=poison --sort=none",
    CPIO_OPTIONS: "--format=odc",
    GZIP: "-1",
    XZ_DEFAULTS: "--check=crc64 -0",
    XZ_OPT: "-0",
    ZSTD_CLEVEL: "1",
    MODPROBE_OPTIONS: "--poison",
    NIX_STORE_DIR: libraries,
    PKG_CONFIG_PATH: libraries,
    DRACUT_LDD: join(bin, "ldd"),
    SYSTEMD_LOG_LEVEL: "debug",
  };
  return { variables, ran: () => (existsSync(mark) ? readFileSync(mark, "utf8") : "") };
}
