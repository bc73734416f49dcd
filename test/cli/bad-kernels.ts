/** Kernels in the sysroot that recipes cannot have their modules from. Their transcripts lie in transcripts/ too. */
import { writeElf } from "../support/elf-writer.ts";
import { writeModule } from "../support/module-writer.ts";
import { type BadCase, newc, put } from "./bad-recipes.ts";

const VERSION = "6.1.0-test";
const AARCH64 = 183;

export const BAD_KERNELS: readonly BadCase[] = [
  {
    name: "module-unknown",
    recipe: recipe("[virtio_blk, virtio_ned, kernel/fs]"),
    setup: (d) => putModules(d, { virtio_blk: {}, virtio_net: {} }),
  },
  {
    name: "module-blacklisted",
    recipe: recipe('["pci:v000010DEd00001C03sv00001462sd0000sbc03sc00i00"]'),
    setup: (d) => {
      putModules(d, { nouveau: { info: ["alias=pci:v000010DEd*sv*sd*bc03sc*i*"] } });
      put(d, "root/etc/modprobe.d/nvidia.conf", "blacklist nouveau\n");
    },
  },
  {
    name: "module-of-another-machine-than-the-programs",
    recipe: `${recipe("[virtio_net]")}contents: [{ object: /usr/bin/tool }]\n`,
    setup: (d) =>
      putModules(d, {
        net: { machine: AARCH64, exports: ["net_add"] },
        virtio_net: { machine: AARCH64, needs: ["net_add"] },
      }),
  },
  {
    name: "module-of-another-machine-than-the-recipe",
    recipe: `arch: aarch64\n${recipe("[virtio_net]")}`,
    setup: (d) => putModules(d, { virtio_net: {} }),
  },
  {
    name: "module-command-missing",
    recipe: recipe("[sound]"),
    setup: (d) => {
      putModules(d, { sound: {} });
      for (const name of ["bin/sh", "sbin/modprobe"]) put(d, `root/${name}`, writeElf(), 0o755);
      const line = "install sound /sbin/modprobe --ignore-install sound && /usr/sbin/alsactl restore";
      put(d, "root/etc/modprobe.d/alsa.conf", `${line}\n`);
    },
  },
  {
    name: "module-damaged",
    recipe: recipe("[virtio_net]"),
    setup: (d) => put(d, `${modules(VERSION)}/virtio_net.ko`, writeModule().subarray(0, 200)),
  },
  {
    name: "modules-in-a-circle",
    recipe: recipe("[a]"),
    setup: (d) => putModules(d, { a: { exports: ["a"], needs: ["b"] }, b: { exports: ["b"], needs: ["a"] } }),
  },
  { name: "modules-of-no-kernel", recipe: recipe("[virtio_net]") },
  {
    name: "modules-of-several-kernels",
    recipe: recipe("[virtio_net]"),
    setup: (d) => {
      for (const version of ["6.1.0-1", "6.1.0-2"])
        put(d, `${modules(version)}/virtio_net.ko`, writeModule());
    },
  },
  {
    name: "kernel-that-is-none",
    recipe: null,
    words: ["check", "--kernel", "root/etc/motd", "a.img"],
    setup: (d) => put(d, "a.img", newc([["init", 0o100755, "#!/bin/sh\n"]])),
  },
  {
    name: "firmware-missing",
    recipe: `${recipe("[bnx2]")}  firmware: required\n`,
    setup: (d) => putModules(d, { bnx2: { info: ["firmware=bnx2/bnx2-mips-09-6.2.1b.fw"] } }),
  },
];

function recipe(words: string): string {
  return `sysroot: ./root\nkernel:\n  modules: ${words}\n`;
}

function modules(version: string): string {
  return `root/lib/modules/${version}/kernel`;
}

function putModules(
  directory: string,
  wishes: Readonly<Record<string, Parameters<typeof writeModule>[0]>>,
): void {
  for (const [name, wish] of Object.entries(wishes))
    put(directory, `${modules(VERSION)}/${name}.ko`, writeModule(wish));
}
