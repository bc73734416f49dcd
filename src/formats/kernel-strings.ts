/** What the texts in a kernel's bytes prove of how it was built. */
import { findAll, findFirst } from "./byte-search.ts";
import type { ByteSource } from "./byte-source.ts";

export interface KernelStrings {
  /** init/initramfs.c, which is CONFIG_BLK_DEV_INITRD. */
  readonly hasInitrd: boolean;
  /** drivers/base/devtmpfs.c, which is CONFIG_DEVTMPFS. */
  readonly hasDevtmpfs: boolean;
  /** fs/binfmt_elf.c, which is CONFIG_BINFMT_ELF. Null: its bytes do not tell. */
  readonly hasElf: true | null;
  /** fs/binfmt_script.c, which is CONFIG_BINFMT_SCRIPT: it has no texts, but BTF lists its functions. Null: not told. */
  readonly hasScripts: true | null;
  /** What its modules must say (kernel/module/version.c, include/linux/vermagic.h); null: nothing was found. */
  readonly vermagic: string | null;
}

/** What it says of damage, since 4.3; and before, when it begins. */
const INITRD = ["Initramfs unpacking failed: %s\n\0", "rootfs image is initramfs; unpacking...\n\0"];
const DEVTMPFS = "devtmpfs: initialized\n\0";
/** Since 4.17; there are kernels that say nothing. */
const ELF = "elf segment at %px requested but the memory is mapped already\n\0";
const SCRIPTS = "\0load_script\0";
/** Some of them stand in every kernel's. */
const WORDS = / (?:SMP|preempt|preempt_rt|mod_unload|modversions|aarch64|ARMv\d) /;
const LONGEST = 256;

/** Of a kernel that is not packed. */
export function readKernelStrings(kernel: ByteSource, version: string): KernelStrings {
  const has = (text: string): boolean => findFirst(kernel, Buffer.from(text, "latin1")) !== null;
  return {
    hasInitrd: INITRD.some(has),
    hasDevtmpfs: has(DEVTMPFS),
    hasElf: has(ELF) || null,
    hasScripts: has(SCRIPTS) || null,
    vermagic: readVermagic(kernel, version),
  };
}

/** Its version, then words. */
function readVermagic(kernel: ByteSource, version: string): string | null {
  for (const at of findAll(kernel, Buffer.from(`${version} `, "latin1"))) {
    const text = Buffer.from(kernel.read(at, LONGEST)).toString("latin1");
    const magic = /^[ -~]+(?=\0)/.exec(text)?.[0] ?? "";
    if (WORDS.test(magic) && !magic.includes("(")) return magic;
  }
  return null;
}
