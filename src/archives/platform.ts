/** Machines as container images name them: Go's architecture and its variant (OCI image-spec, image-index.md). */
import type { ArchName } from "../core/arch.ts";

export interface Platform {
  readonly architecture: string;
  /** Empty: none is said. */
  readonly variant: string;
}

/** For machines that Go knows: our name, Go's name, and the variants that are meant, the best first; none listed: any. */
const GO_NAMES: Readonly<Record<string, readonly [architecture: string, ...variants: string[]]>> = {
  x86_64: ["amd64"],
  i386: ["386"],
  aarch64: ["arm64"],
  aarch64_be: ["arm64be"],
  // Without a variant an arm image is for v7 (containerd's platforms.Normalize).
  armhf: ["arm", "v7", "", "v8", "v6"],
  armel: ["arm", "v5"],
  riscv64: ["riscv64"],
  riscv32: ["riscv"],
  ppc64le: ["ppc64le"],
  ppc64: ["ppc64"],
  ppc: ["ppc"],
  s390x: ["s390x"],
  mips: ["mips"],
  mipsel: ["mipsle"],
  mips64: ["mips64"],
  mips64el: ["mips64le"],
  loongarch64: ["loong64"],
  sparc64: ["sparc64"],
};

/** How well a platform fits: 0 is best; null: not at all. */
export function fitOf({ architecture, variant }: Platform, arch: ArchName): number | null {
  const [name, ...variants] = GO_NAMES[arch] ?? [];
  if (name !== architecture) return null;
  if (variants.length === 0) return variant === "" ? 0 : 1;
  const rank = variants.indexOf(variant);
  return rank === -1 ? null : rank;
}

export function showPlatform({ architecture, variant }: Platform): string {
  return variant === "" ? architecture : `${architecture}/${variant}`;
}
