/**
 * nix-packages.js SYSROOT PACKAGE...: Debian packages as a Nix expression can build them, on standard output. For each
 * package, and each that owns a library which one of its ELF files needs: its programs and libraries, and the packages
 * that it needs.
 */
import { spawnSync } from "node:child_process";
import { lstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { basename, join } from "node:path";

interface Package {
  readonly files: readonly string[];
  readonly needs: readonly string[];
}

const [sysroot = "", ...seeds] = process.argv.slice(2);
const lists = readLists(join(sysroot, "var/lib/dpkg/info"));
const owners = new Map(
  [...lists].flatMap(([name, files]) => files.filter(isLibrary).map((file) => [basename(file), name])),
);

const packages: Record<string, Package> = {};
for (const name of seeds) {
  if (name in packages) continue;
  packages[name] = describe(name);
  seeds.push(...packages[name].needs);
}
console.log(JSON.stringify(packages, null, 1));

function describe(name: string): Package {
  const files = (lists.get(name) ?? []).filter(isWanted);
  const libraries = files.filter(isElf).flatMap(librariesOf);
  const needs = new Set(libraries.flatMap((library) => owners.get(library) ?? []));
  // every program names libc6's loader; libc6 itself needs nothing
  if (libraries.length > 0) needs.add("libc6");
  needs.delete(name);
  return { files, needs: name === "libc6" ? [] : [...needs].sort() };
}

/** What each package owns, by paths after the merge of /usr. */
function readLists(directory: string): Map<string, string[]> {
  const names = readdirSync(directory).filter((file) => file.endsWith(".list"));
  return new Map(
    names.map((file) => {
      const lines = readFileSync(join(directory, file), "utf8").trim().split("\n");
      const merged = lines.map((line) => line.replace(/^\/(bin|sbin|lib|lib64)(?=\/)/, "/usr/$1"));
      return [file.replace(/(:\w+)?\.list$/, ""), [...new Set(merged)].sort()];
    }),
  );
}

function isLibrary(file: string): boolean {
  return /\.so(\.[0-9.]+)?$/.test(file);
}

function isWanted(file: string): boolean {
  if (!/^\/usr\/(bin|sbin|lib|lib64)\//.test(file)) return false;
  if (/\/(modules|firmware|gconv|perl|python3|engines-3)(\/|$)/.test(file)) return false;
  const facts = lstatSync(join(sysroot, file), { throwIfNoEntry: false });
  return facts !== undefined && !facts.isDirectory();
}

function isElf(file: string): boolean {
  if (!lstatSync(join(sysroot, file)).isFile()) return false;
  const magic = Buffer.alloc(4);
  readSync(openSync(join(sysroot, file), "r"), magic);
  return magic.toString("latin1") === "\x7fELF";
}

function librariesOf(file: string): string[] {
  const { stdout } = spawnSync("patchelf", ["--print-needed", join(sysroot, file)], { encoding: "utf8" });
  return stdout.trim().split("\n");
}
