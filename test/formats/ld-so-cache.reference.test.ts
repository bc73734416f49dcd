/** Reference test: ldconfig itself reads our cache. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ARCHES, type ArchName } from "../../src/core/arch.ts";
import { bytesOf } from "../../src/core/path.ts";
import { encodeLdSoCache } from "../../src/formats/ld-so-cache.ts";
import { cacheFlags } from "../../src/formats/ld-so-cache-flags.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireTool } from "../support/tools.ts";

/** As `ldconfig -p` calls the machine of an entry. */
const SHOWN: Partial<Record<ArchName, string>> = {
  x86_64: "libc6,x86-64",
  x32: "libc6,x32",
  i386: "libc6",
  aarch64: "libc6,AArch64",
  armhf: "libc6,hard-float",
  ppc64le: "libc6,64bit",
  s390x: "libc6,64bit",
  riscv64: "libc6,double-float",
  "riscv64-sf": "libc6,soft-float",
  mipsn32el: "libc6,N32",
  mips64el: "libc6,64bit",
  mipsr6el: "libc6,nan2008",
  mipsn32r6el: "libc6,N32,nan2008",
  mips64r6el: "libc6,64bit,nan2008",
  sparc64: "libc6,64bit",
  alpha: "libc6",
  sh4: "libc6",
};

function machineOf(name: string) {
  const { machine, bits, flags } = ARCHES.find((arch) => arch.name === name)!;
  const value = name === "armhf" ? 0x0500_0400 : (flags?.value ?? 0);
  return { machine, bits, endian: "little", flags: value } as const;
}

test(
  "ldconfig -p lists what was written, in the order that the loader's search needs",
  requireTool("ldconfig"),
  (t) => {
    const path = join(scratchDirectory(t), "cache");
    for (const [name, shown] of Object.entries(SHOWN)) {
      const sonames = ["libz.so.2", "libz.so.10", "libfoo-1.9.so", "libfoo-1.10.so", "liba.so", "libB.so"];
      const libraries = sonames.map((soname) => ({
        soname: bytesOf(soname),
        path: bytesOf(`/opt/lib/${soname}`),
        flags: cacheFlags(machineOf(name))!,
        level: null,
      }));
      writeFileSync(path, encodeLdSoCache(libraries, "little"));
      const listed = execFileSync("ldconfig", ["-p", "-C", path], { encoding: "utf8" })
        .trim()
        .split("\n")
        .slice(1);
      const expected = [
        "libz.so.10",
        "libz.so.2",
        "libfoo-1.10.so",
        "libfoo-1.9.so",
        "liba.so",
        "libB.so",
      ].map((soname) => `\t${soname} (${shown}) => /opt/lib/${soname}`);
      assert.deepEqual(
        listed.filter((line) => line.startsWith("\t")),
        expected,
        name,
      );
    }
  },
);
