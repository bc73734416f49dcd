/**
 * What boot loaders have to be told to load several files as one initrd. All of them put the files behind one another in
 * memory, filled up with zeros to a multiple of four where one is none. Sources: GRUB's manual ("initrd"), the Boot Loader
 * Specification ("initrd" may be said several times), SYSLINUX's doc/syslinux.txt, U-Boot's load and setexpr.
 */

const ABOUT = `# The layers of an image, to be loaded side by side: the kernel then has the tree of the joined image.
# Paths are seen from the directory that the loader reads; kernel and options are yours.
`;

/** `files` in the order in which they lie over one another, below the directory that the loader reads. */
export function loaderLines(files: readonly string[]): string {
  const paths = files.map((file) => `/${file}`);
  const sections: (readonly [string, readonly string[]])[] = [
    ["GRUB: grub.cfg", [`initrd ${paths.join(" ")}`]],
    ["systemd-boot and others: loader/entries/*.conf", paths.map((path) => `initrd ${path}`)],
    ["SYSLINUX, EXTLINUX: INITRD of a label (U-Boot reads one file there)", [`initrd ${paths.join(",")}`]],
    ["U-Boot: a script, or by hand (bootz on 32-bit ARM)", ubootLines(paths)],
  ];
  return [ABOUT, ...sections.map(([title, lines]) => `# ${title}\n${lines.join("\n")}\n`)].join("\n");
}

/** Sizes are hexadecimal there, as setexpr's results. */
function ubootLines(paths: readonly string[]): string[] {
  const device = "$devtype $devnum:$distro_bootpart";
  return [
    "setexpr initrd_end $ramdisk_addr_r + 0",
    ...paths.flatMap((path) => [
      `load ${device} $initrd_end ${path}`,
      "setexpr initrd_end $initrd_end + $filesize",
    ]),
    "setexpr initrd_size $initrd_end - $ramdisk_addr_r",
    "booti $kernel_addr_r $ramdisk_addr_r:$initrd_size $fdt_addr_r",
  ];
}
