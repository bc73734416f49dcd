/** Nothing is cached: the whole way from a tree to an image. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Place, Row } from "../contest.ts";
import { coldBuild, type Recipe, wholeTree } from "../initgraph.ts";
import * as peers from "../peers.ts";

/** nixpkgs' arguments of xz, which are initgraph's too. */
const XZ = ["xz", "--check=crc32", "--lzma2=dict=512KiB"];

export const COLD_ROWS: readonly Row[] = [
  {
    name: "cold-none",
    title: "Cold build, no compression",
    counts: "cpu",
    inputs: ["tree"],
    contestants: (place) => [
      ours("none", place),
      peers.cpioAndDigest(place.input("tree"), place),
      peers.cpio(place.input("tree"), place),
    ],
  },
  {
    name: "cold-dracut",
    title: "Cold build, no compression, what dracut chooses",
    counts: "cpu",
    inputs: ["tree", "sysroot"],
    note: "dracut stores a file of several names once; initgraph stores it for each name.",
    contestants: (place) => [ours("none", place), peers.dracut(place)],
  },
  {
    name: "cold-mkinitramfs",
    title: "Cold build, zstd -9, what mkinitramfs chooses",
    counts: "cpu",
    inputs: ["tree-mkinitramfs", "sysroot"],
    note: "busybox has some 250 names there, each a hard link: by the same rule initgraph compresses 188 MiB more.",
    contestants: (place) => [
      coldBuild(wholeTree(place.input("tree-mkinitramfs"), { name: "zstd", level: 9 }, place.work), place),
      peers.mkinitramfs(place),
    ],
  },
  pipeline("cold-zstd-3", "Cold build, zstd -3", { name: "zstd", level: 3 }, ["zstd", "-q", "-3", "-T0"]),
  pipeline("cold-zstd-10", "Cold build, zstd -10", { name: "zstd", level: 10 }, ["zstd", "-q", "-10", "-T1"]),
  pipeline("cold-xz", "Cold build, xz as in nixpkgs", "xz", [...XZ, "-T1"]),
  pipeline("cold-gzip", "Cold build, gzip -9n", "gzip", ["gzip", "-9n"]),
  {
    name: "nix-none",
    title: "Cold build of a Nix store's closure, no compression",
    counts: "cpu",
    inputs: ["nix"],
    contestants: (place) => [coldBuild(store("cat", place), place), peers.makeInitrd(place)],
  },
  {
    name: "nix-gzip",
    title: "Cold build of a Nix store's closure, gzip -9n, uInitrd",
    counts: "wall",
    inputs: ["nix"],
    contestants: (place) => [coldBuild(store("gzip", place), place), peers.makeInitrd(place, "gzip", "-9n")],
  },
  {
    name: "scale-cold",
    title: "Cold build of very many files, no compression",
    counts: "cpu",
    inputs: ["scale"],
    contestants: (place) => [
      coldBuild(wholeTree(place.input("scale"), "none", place.work), place),
      peers.cpio(place.input("scale"), place),
      peers.cpioAndDigest(place.input("scale"), place),
    ],
  },
];

function ours(compressor: unknown, place: Place): ReturnType<typeof coldBuild> {
  return coldBuild(wholeTree(place.input("tree"), compressor, place.work), place);
}

function pipeline(name: string, title: string, compressor: unknown, command: readonly string[]): Row {
  return {
    name,
    title,
    counts: "wall",
    inputs: ["tree"],
    contestants: (place) => [ours(compressor, place), peers.cpio(place.input("tree"), place, ...command)],
  };
}

function store(compressor: string, { input }: Place): Recipe {
  const nix = input("nix");
  const pathOf = (name: string): string => readFileSync(join(nix, "paths", name), "utf8").trim();
  const names = ["stage-1-init", "modules", "busybox"];
  return {
    name: "store",
    sysroot: join(nix, "root"),
    layout: "make-initrd",
    closure: { references: { files: names.map((name) => join(nix, "closures", name)) } },
    contents: [
      { object: pathOf("stage-1-init"), symlink: "/init" },
      { object: pathOf("modules"), symlink: "/lib/modules", suffix: "/lib/modules" },
      { object: pathOf("busybox"), symlink: "/bin/busybox", suffix: "/bin/busybox" },
    ],
    compressor,
    ...(compressor === "gzip" ? { makeUInitrd: true, uInitrdArch: "arm64" } : {}),
  };
}
