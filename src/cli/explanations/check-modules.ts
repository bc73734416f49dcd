/** Explanations of what `check` finds: an image's kernel modules and firmware. */
import type { ModuleFinding } from "../../check/findings/modules.ts";
import type { Explanation } from "./explanation.ts";

const CHECK = "$ initgraph check initrd.img";

export const CHECK_MODULES: Readonly<Record<ModuleFinding["code"], Explanation>> = {
  "check/no-module-index": {
    title: "modprobe finds no module at all",
    happened:
      "modprobe reads an index beside the modules: kmod's modules.dep.bin, busybox' modules.dep. Without it no name leads to a module; only insmod with a path works.",
    causes: [
      "modules were copied without depmod's files",
      "just the kind of index that the other modprobe reads was copied",
    ],
    remedies: [
      "run `depmod -b ROOT VERSION` on the tree before it is packed",
      "let `kernel.modules` of a recipe bring them: their indexes are written for just those",
    ],
    example: `# modules without modules.dep.bin, and kmod's modprobe\n${CHECK}`,
    mended: null,
  },
  "check/module-unlisted": {
    title: "the index does not name modules that are there",
    happened: "modprobe knows the modules that the index names, and says of others that they are not found.",
    causes: [
      "modules were added after depmod ran",
      "they were compressed afterwards: the index names x.ko, and x.ko.zst is there",
    ],
    remedies: [
      "run `depmod -b ROOT VERSION` on the tree before it is packed",
      "let `kernel.modules` of a recipe bring them: their indexes are written for just those",
    ],
    example: `# a module that was added by hand\n${CHECK}`,
    mended: null,
  },
  "check/module-needs-absent": {
    title: "modules need others that are not there",
    happened:
      "The index says what a module needs, and modprobe loads that first. It gives up where one of them is missing.",
    causes: ["a module was copied without those it needs"],
    remedies: [
      "bring what it needs: `modprobe --show-depends MODULE`",
      "let `kernel.modules` of a recipe bring them: their indexes are written for just those",
    ],
    example: `# vfat.ko without fat.ko\n${CHECK}`,
    mended: null,
  },
  "check/index-incomplete": {
    title: "the index lacks what the modules say",
    happened:
      'Symbols and aliases of the modules were compared with the index as depmod would write it. A missing need ends in "unknown symbol", a missing alias in a device without its driver.',
    causes: ["an index of other modules, or of another build"],
    remedies: [
      "run `depmod -b ROOT VERSION` on the tree before it is packed",
      "let `kernel.modules` of a recipe bring them: their indexes are written for just those",
    ],
    example: `# a modules.dep written by hand\n${CHECK}`,
    mended: null,
  },
  "check/module-symbol": {
    title: "modules need a symbol that nobody has",
    happened:
      'Neither another module of the image nor the kernel\'s own bytes have it: "Unknown symbol", and the module is not loaded.',
    causes: ["the module that has it is missing", "modules of another kernel"],
    remedies: ["bring the module that has it", "take modules and kernel of one build"],
    example: "$ initgraph check --kernel vmlinuz initrd.img",
    mended: null,
  },
  "check/module-version": {
    title: "modules were made for another kernel than their directory says",
    happened:
      "A kernel looks into the directory of its own version. It takes a module of another only if the checksums of all its symbols are right (CONFIG_MODVERSIONS).",
    causes: ["modules of two kernels were mixed"],
    remedies: ["take modules of one build"],
    example: `# a module of 6.0 in lib/modules/6.1\n${CHECK}`,
    mended: null,
  },
  "check/module-refused": {
    title: "the kernel refuses modules that were built in another way",
    happened:
      'What a module says of its kernel (vermagic: SMP, preempt, \u2026) must be what the kernel says of itself: "version magic \u2026 should be \u2026".',
    causes: ["modules of another flavour of the same version"],
    remedies: ["take modules and kernel of one build"],
    example: "$ initgraph check --kernel vmlinuz initrd.img",
    mended: null,
  },
  "check/module-foreign": {
    title: "modules are for another machine",
    happened: 'The kernel refuses them: "Invalid module format".',
    causes: ["modules of the building machine in an image for a board"],
    remedies: ["take them from the tree of the right machine"],
    example: `# a module for aarch64 among those for x86_64\n${CHECK}`,
    mended: null,
  },
  "check/module-broken": {
    title: "modules cannot be loaded",
    happened: "The file is no kernel module, is cut short, or cannot be unpacked.",
    causes: ["a copy that ended early"],
    remedies: ["copy it again, and compare"],
    example: `# a module of which the end is missing\n${CHECK}`,
    mended: null,
  },
  "check/no-modules-for-kernel": {
    title: "there are modules, and none for this kernel",
    happened:
      "modprobe looks into lib/modules/VERSION of the running kernel alone. None of the image's modules is ever found.",
    causes: ["the kernel was upgraded, and the image was not built again", "another kernel was named"],
    remedies: ["build the image for this kernel"],
    example: "$ initgraph check --kernel /boot/vmlinuz-6.1.0-2 initrd.img",
    mended: null,
  },
  "check/firmware-absent": {
    title: "modules name firmware that is not there",
    happened:
      "Modules list what they may ask for. Most machines have few of the devices, so nobody can say whether it is missed.",
    causes: ["firmware was left out, or is not free"],
    remedies: ["bring what your devices need: `kernel.firmware` of a recipe"],
    example: `# a network card's module without its firmware\n${CHECK}`,
    mended: null,
  },
  "check/firmware-packed": {
    title: "the kernel does not unpack firmware of this kind",
    happened:
      "Firmware may be packed with zstd or xz where the kernel was built for it (CONFIG_FW_LOADER_COMPRESS_ZSTD, _XZ).",
    causes: ["firmware of a distribution, and a kernel of one's own"],
    remedies: ["unpack the firmware", "build the kernel for it"],
    example: "$ initgraph check --kernel config-6.1 initrd.img",
    mended: null,
  },
};
