/** The peers as contestants. What they are called, what they need, and the scripts of peers/ that run them. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Contestant, Place } from "./contest.ts";
import { type Need, ROOT_RIGHTS } from "./needs.ts";

const peer = (script: string, ...args: readonly string[]): readonly string[] => [
  join(process.cwd(), "test/bench/peers", script),
  ...args,
];
const CHROOT = [ROOT_RIGHTS, "unshare", "chroot"];

/** A peer that makes an image, which is not there when it begins. */
function maker(name: string, output: string, command: readonly string[], needs: readonly Need[]): Contestant {
  return { name, command, needs, output, before: () => rmSync(output, { force: true }) };
}

/** find | sort | cpio | compressor. */
export function cpio(tree: string, { work }: Place, ...compressor: readonly string[]): Contestant {
  const output = join(work, "cpio.img");
  const command = peer("cpio.sh", tree, output, ...compressor);
  return maker(piped("cpio", compressor), output, command, ["cpio", ...compressor.slice(0, 1)]);
}

export function cpioAndDigest(tree: string, { work }: Place): Contestant {
  const output = join(work, "cpio-and-digest.img");
  return maker("cpio, sha256sum", output, peer("cpio-and-digest.sh", tree, output), ["cpio"]);
}

export function dracut({ input, work }: Place): Contestant {
  const output = join(work, "dracut.img");
  const command = peer("dracut.sh", input("sysroot"), output, "--no-compress");
  return maker("dracut --no-compress", output, command, CHROOT);
}

/** With initramfs-tools' own level of zstd: -9. */
export function mkinitramfs({ input, work }: Place): Contestant {
  const output = join(work, "mkinitramfs.img");
  const command = peer("mkinitramfs.sh", input("sysroot"), output, "zstd");
  return maker("mkinitramfs -c zstd", output, command, CHROOT);
}

export function makeInitrd({ input, work }: Place, ...compressor: readonly string[]): Contestant {
  const output = join(work, "make-initrd.img");
  const command = peer("make-initrd.sh", input("nix"), output, ...compressor);
  const needs = ["cpio", ...(compressor[0] === "gzip" ? ["gzip", "mkimage"] : [])];
  return maker(["make-initrd.sh", ...compressor].join(" "), output, command, needs);
}

export function tenImages(tree: string, { work }: Place, ...compressor: readonly string[]): Contestant {
  const output = join(work, "ten.img");
  const command = peer("ten-images.sh", tree, output, ...compressor);
  const needs = ["cpio", ...compressor.slice(0, 1)];
  return maker(piped("ten times cpio", compressor), output, command, needs);
}

function piped(first: string, compressor: readonly string[]): string {
  const words = compressor.filter((word) => word !== "-q").join(" ");
  return words === "" ? first : `${first} | ${words}`;
}

/** A command of a recipe's file behind it, for each recipe of a directory. */
export function eachRecipe(directory: string, command: readonly string[]): readonly string[] {
  return peer("each-recipe.sh", directory, ...command);
}

/** What it costs to start Node.js. */
export const NODE_START: Contestant = { name: "node -e 0", command: [process.execPath, "-e", "0"] };

/** Every program and library in one process, as is kindest to it. */
export function lddtree(root: string, programs: readonly string[]): Contestant {
  return { name: "lddtree", command: ["lddtree", "-R", root, "-l", ...programs], needs: ["lddtree"] };
}

/** Asks every file for its size and time: the least that anybody does who looks for changes. */
export function look(tree: string): Contestant {
  return {
    name: "find -printf size, time",
    command: ["find", tree, "-printf", "%s %T@ %p\\0"],
    needs: ["find"],
  };
}
