/**
 * Reference test: the tables of loaders, directories and triplets, against the loader and the C library of every port
 * of glibc that Debian builds.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { archOf } from "../../../src/core/arch.ts";
import { byteString } from "../../../src/core/path.ts";
import { sourceOf } from "../../../src/formats/byte-source.ts";
import { readElf } from "../../../src/formats/elf.ts";
import { defaultsInLoader, defaultsOfMachine, usualLoaders } from "../../../src/graph/loader/defaults.ts";
import { labTree, requireLabTree } from "../../support/tools.ts";

const FEWEST = 30;

interface Port {
  /** Of the directory that the package has for its cross compiler. */
  readonly triplet: string;
  /** Of that directory too: "lib", or what a compiler for two ABIs has for the other. */
  readonly lib: string;
  readonly libc: string;
}

/** A C library names its loader, since it can be run. */
function ports(): Port[] {
  const top = join(labTree("loaders"), "usr");
  const files = readdirSync(top, { recursive: true, encoding: "utf8" });
  return files.sort().flatMap((path) => {
    const [triplet = "", lib = ""] = path.split("/");
    return /^libc\.so\.6/.test(basename(path)) ? [{ triplet, lib, libc: join(top, path) }] : [];
  });
}

/** Where its programs look for it, below the port's directory; that of the other size lies beside its library. */
function loaderOf(libc: string, lib: string, interpreter: string): string {
  const asked = join(dirname(dirname(libc)), interpreter);
  return lib === "lib" && existsSync(asked) ? asked : join(dirname(libc), basename(interpreter));
}

/** The port that a directory is for, as Debian calls it for a whole system, not for a cross compiler. */
const RENAMED: Readonly<Record<string, string>> = { "i686-linux-gnu": "i386-linux-gnu" };

test(
  "each port's loader, directories and triplet are those of the tables",
  requireLabTree("loaders"),
  (t) => {
    const found = ports();
    for (const { triplet, lib, libc } of found) {
      const port = `${triplet}/${lib}`;
      const elf = readElf(sourceOf(readFileSync(libc)));
      assert.ok(elf?.interpreter, port);
      const { machine, interpreter } = elf;
      assert.ok(usualLoaders(machine).includes(interpreter), `${port}: ${interpreter}`);
      const loader = readFileSync(loaderOf(libc, lib, interpreter));
      const told = defaultsInLoader(byteString(loader));
      assert.ok(told, port);
      assert.equal(told.configuration, "/etc/ld.so.conf");
      const own = RENAMED[triplet] ?? triplet;
      // The port for the other size of one machine's programs lies beside that of the own.
      const first = told.directories[0]!.slice(1);
      const isOwn = first === `lib/${own}`;
      assert.ok(isOwn || first === "lib32" || first === "libo32", `${port}: ${first}`);
      assert.deepEqual(told.directories, [`/${first}`, `/usr/${first}`, "/lib", "/usr/lib"], port);
      assert.equal(told.lib[0], first, port);
      if (!isOwn) continue;
      assert.equal(archOf(machine)?.triplet, own, port);
      // Where no loader tells, all of its directories are searched, in its order.
      const table = defaultsOfMachine(machine).directories;
      const common = table.filter((directory) => told.directories.includes(directory));
      assert.deepEqual(common, told.directories, port);
      const beside = `${dirname(interpreter)}`;
      assert.ok(table.includes(beside), `${port}: ${beside}`);
    }
    assert.ok(found.length > FEWEST, `only ${found.length} ports`);
    t.diagnostic(`${found.length} ports`);
  },
);

test("all programs of one machine name one loader", requireLabTree("loaders"), () => {
  const found = ports().map(({ triplet, lib, libc }) => {
    const elf = readElf(sourceOf(readFileSync(libc)))!;
    return { port: `${triplet}/${lib}`, arch: archOf(elf.machine)?.name, ...elf };
  });
  const names = new Map<string, Set<string>>();
  for (const { arch, interpreter, port } of found) {
    assert.ok(arch, port);
    names.set(arch, (names.get(arch) ?? new Set()).add(interpreter!));
  }
  for (const [arch, loaders] of names) assert.equal(loaders.size, 1, `${arch}: ${[...loaders].join(" ")}`);
});
