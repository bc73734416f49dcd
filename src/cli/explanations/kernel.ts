/** Explanations: kernel modules and firmware. */
import type { KernelProblem } from "../../core/problems/kernel.ts";
import type { Explanation } from "./explanation.ts";

export const KERNEL: Readonly<Record<KernelProblem["code"], Explanation>> = {
  "kernel/no-modules": {
    title: "the sysroot has no kernel modules",
    happened: "The recipe asks for modules, and there is no lib/modules with a kernel in the tree.",
    causes: [
      "no kernel package is installed in the sysroot: containers and debootstrap trees have none",
      "the kernel has all drivers built in",
    ],
    remedies: [
      "install a kernel package in the sysroot",
      "remove `kernel` from the recipe if the kernel needs no modules",
    ],
    example: "# the sysroot has no /lib/modules\nkernel:\n  modules: [virtio_net]",
    mended: "files: { /init: { source: ./init.sh } }",
  },
  "kernel/version": {
    title: "it is not clear which kernel is meant, or it is not there",
    happened:
      "Modules belong to one kernel. The sysroot has several and the recipe names none, or it names one that is not there. This machine's own kernel (uname -r) is not asked.",
    causes: ["a second kernel was installed", "the kernel was updated, and the recipe was not"],
    remedies: [
      "say `kernel.version`",
      "make an image for each: `kernel.versions`",
      "choose for one build: --kernel VERSION",
    ],
    example: "# the sysroot has 6.1.0-1 and 6.1.0-2\nkernel:\n  modules: [virtio_net]",
    mended: "kernel:\n  version: 6.1.0-2\n  modules: [virtio_net]",
  },
  "kernel/several": {
    title: "one image was asked for, and the recipe makes several",
    happened: "With `kernel.versions` a recipe is one image for each kernel. This verb works on one.",
    causes: ["a verb other than build, without --kernel"],
    remedies: ["say which with --kernel VERSION; `initgraph build` builds all"],
    example: "# the recipe says: kernel: { versions: [6.1.0-1, 6.1.0-2] }\n$ initgraph lock",
    mended: "$ initgraph lock --kernel 6.1.0-2",
  },
  "kernel/two-layers": {
    title: "modules of one kernel stand in two layers",
    happened:
      "modprobe's indexes must name all modules of a kernel, and they stand in one layer. Two layers would have two, and the later one hides the earlier.",
    causes: ["`kernel` beside the layers, and in a layer too"],
    remedies: ["put the modules into one layer"],
    example: "layers: [{ name: base, kernel: { modules: [ext4] } }]\nkernel: { modules: [xfs] }",
    mended: "layers: [{ name: base, kernel: { modules: [ext4, xfs] } }]",
  },
  "kernel/module-not-found": {
    title: "the kernel has no module of this name",
    happened:
      "Neither a module's name, an alias, a path below lib/modules/VERSION, nor anything built in is called so; or all modules that an alias stands for are on a blacklist.",
    causes: [
      "a slip in the name",
      "the module comes in another package (linux-modules-extra)",
      "a driver that became another one in this version",
      "a `blacklist` line of modprobe.d, which counts for aliases",
    ],
    remedies: [
      "take the name that the message suggests",
      "install the package that has it",
      "write the module's own name: a blacklist does not stop that",
    ],
    example: "kernel:\n  modules: [virtio_blk, virtio_ned, kernel/fs]",
    mended: "kernel:\n  modules: [virtio_blk, virtio_net]",
  },
  "kernel/bad-module": {
    title: "a file of lib/modules is no module that can be read",
    happened: "Its headers or its packing are damaged, so what it needs cannot be told.",
    causes: ["a copy that stopped early", "a disk that was full when the kernel was installed"],
    remedies: ["install the kernel's modules again"],
    example: "# virtio_net.ko has only its first 200 bytes\nkernel:\n  modules: [virtio_net]",
    mended: null,
  },
  "kernel/wrong-arch": {
    title: "a module is for another machine",
    happened:
      "A module that comes in is for another machine than the recipe's `arch`, or than the image's programs. One of them could not be used.",
    causes: [
      "a kernel of this machine in a tree for another",
      "a 32-bit userland with a 64-bit kernel, and no `arch` that says so",
    ],
    remedies: ["take programs and a kernel of one machine", "change or remove `arch`"],
    example: "# the module is for x86_64\narch: aarch64\nsysroot: ./root\nkernel:\n  modules: [virtio_net]",
    mended: "kernel:\n  modules: [virtio_net]",
  },
  "kernel/bad-index": {
    title: "no index can be written for the modules",
    happened:
      "modprobe finds modules by indexes (modules.dep.bin and others), which are written for just those of the image. Something in a module's names or aliases cannot stand in one.",
    causes: ["a module with a damaged .modinfo"],
    remedies: ["leave that module out", "install the kernel's modules again"],
    example: "# a module has an alias that no index can hold\nkernel:\n  modules: [odd]",
    mended: null,
  },
  "kernel/dependency-missing": {
    title: "a module needs one that is not there",
    happened:
      "modules.dep, or the module's own symbols, name a module that the tree does not have. It could not be loaded.",
    causes: ["files were removed from lib/modules", "modules of two builds of one kernel were mixed"],
    remedies: ["install the kernel's modules again"],
    example: "# net.ko, which it needs, was removed\nkernel:\n  modules: [virtio_net]",
    mended: null,
  },
  "kernel/dependency-cycle": {
    title: "modules need one another in a circle",
    happened: "Each needs symbols of the other, so neither can be loaded first. depmod refuses it too.",
    causes: ["modules of your own that export to each other"],
    remedies: ["build them as one module, or move what both need into a third"],
    example: "# a needs b, and b needs a\nkernel:\n  modules: [a]",
    mended: null,
  },
  "kernel/firmware-not-found": {
    title: "firmware that a chosen driver asks for is missing",
    happened:
      "`firmware: required` makes an error of what is otherwise a warning: the driver names files that are not below lib/firmware.",
    causes: [
      "the firmware's package is not installed in the sysroot",
      "the driver names files for devices that nobody has here",
    ],
    remedies: ["install it in the sysroot", "say `firmware: true`, or the globs of what you need"],
    example: "kernel:\n  modules: [bnx2]\n  firmware: required",
    mended: "kernel:\n  modules: [bnx2]\n  firmware: true",
  },
  "kernel/firmware-glob": {
    title: "a glob of firmware matches nothing",
    happened:
      "A list under `firmware` says which files come. This one matches neither a file below lib/firmware nor a name that a chosen driver asks for.",
    causes: ["a slip in the name", "the package is not installed in the sysroot"],
    remedies: ["mend the glob: it is seen from lib/firmware", "install the package"],
    example: "kernel:\n  modules: [bnx2]\n  firmware: [bnx3/*]",
    mended: "kernel:\n  modules: [bnx2]\n  firmware: [bnx2/*]",
  },
};
