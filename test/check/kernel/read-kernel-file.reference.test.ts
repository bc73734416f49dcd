/** What the bytes of Debian's kernels prove, against the configurations that they were built with. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { optionOf } from "../../../src/check/kernel/kernel-abilities.ts";
import { readKernelFile } from "../../../src/check/kernel/read-kernel-file.ts";
import type { HostPath } from "../../../src/core/path.ts";
import { parseKernelConfig } from "../../../src/formats/kernel-config.ts";
import { machinePorts } from "../../../src/machine/ports.ts";
import { scratchDirectory } from "../../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../../support/tools.ts";

const SYSROOTS = ["sysroot-amd64-modules", "sysroot-arm64-modules", "sysroot-amd64-trixie-systemd"];
const PROVABLE = [
  ...["BINFMT_ELF", "BINFMT_SCRIPT"],
  ...["BLK_DEV_INITRD", "DEVTMPFS", "MODULES"],
  ...["RD_GZIP", "RD_BZIP2", "RD_LZMA", "RD_XZ", "RD_LZO", "RD_LZ4", "RD_ZSTD"],
];

for (const sysroot of SYSROOTS) {
  test(
    `proves of the kernel of ${sysroot} what its configuration says`,
    requireAll(requireLabTree(sysroot), requireTool("lz4", "xz")),
    async (t) => {
      const boot = join(labTree(sysroot), "boot");
      const name = readdirSync(boot).find((each) => each.startsWith("vmlinuz-"))!;
      const version = name.slice("vmlinuz-".length);
      // By another name, so that the configuration beside it is not found.
      const kernel = join(scratchDirectory(t), "kernel");
      symlinkSync(join(boot, name), kernel);
      const { host } = machinePorts(1);
      const proved = await readKernelFile(kernel as HostPath, { host });
      const config = parseKernelConfig(readFileSync(join(boot, `config-${version}`), "latin1"))!;
      assert.deepEqual(
        PROVABLE.map((option) => [option, optionOf(proved, option)]),
        PROVABLE.map((option) => [option, config.get(option)]),
      );
      assert.equal(optionOf(proved, "IA32_EMULATION"), null, "nothing in its bytes tells");
      assert.equal(proved.version, version);
      assert.equal(proved.vermagic?.split(" ")[0], version);
      const beside = await readKernelFile(join(boot, name) as HostPath, { host });
      assert.equal(beside.configuration, join(boot, `config-${version}`));
      assert.deepEqual(
        [...config].filter(([option, value]) => beside.options.get(option) !== value),
        [],
      );
    },
  );
}
