/** Where distributions put kernels: what is looked for when none is named. */

export interface KernelWish {
  /** Of the modules in the image. Empty: it has none, and any kernel will do. */
  readonly versions: readonly string[];
  /** Of the kernel that runs this machine. */
  readonly release: string;
}

/** In the order in which they are tried. */
export function kernelPlaces({ versions, release }: KernelWish): string[] {
  const wanted = versions.length > 0 ? versions : [release];
  const named = wanted.flatMap((version) => [
    `/boot/vmlinuz-${version}`,
    `/usr/lib/modules/${version}/vmlinuz`,
    `/lib/modules/${version}/vmlinuz`,
    `/boot/vmlinux-${version}`,
  ]);
  // Modules of another kernel would not load.
  return versions.length > 0
    ? named
    : [...named, "/boot/vmlinuz", "/vmlinuz", "/boot/vmlinuz-linux", "/run/current-system/kernel"];
}

/** The version of the kernel whose modules a path of an image belongs to; null: it belongs to none. */
export function moduleVersionOf(path: string): string | null {
  return /^(?:usr\/)?lib\/modules\/([^/]+)\//.exec(path)?.[1] ?? null;
}
