/** Where a boot loader puts things, as `check --uboot` is told: kernel=0x40400000,kernel-size=48MiB,ramdisk=0x44000000. */
import type { AreaName, Board } from "../../check/proofs/board.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { safeText } from "../text/safe.ts";

const NAMES: readonly AreaName[] = ["kernel", "fdt", "ramdisk"];
const UNITS: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Throws WrongUsage. */
export function readBoard(text: string): Board {
  const values = new Map<string, number>();
  for (const part of text.split(",")) {
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    const isSize = name.endsWith("-size");
    if (!NAMES.some((each) => each === name.replace(/-size$/, "")))
      throw new WrongUsage(`--uboot takes kernel=, fdt=, ramdisk= and their -size=, not "${safeText(part)}"`);
    if (values.has(name)) throw new WrongUsage(`--uboot says ${name} twice`);
    values.set(name, isSize ? readSize(name, value) : readAddress(name, value));
  }
  for (const name of NAMES)
    if (values.has(`${name}-size`) && !values.has(name))
      throw new WrongUsage(`--uboot says ${name}-size, and not where: ${name}=`);
  if (!values.has("ramdisk"))
    throw new WrongUsage("--uboot must say where the image is loaded: ramdisk=0x44000000");
  const areaOf = (name: AreaName) => {
    const address = values.get(name);
    return address === undefined ? null : { address, size: values.get(`${name}-size`) ?? null };
  };
  return { kernel: areaOf("kernel"), fdt: areaOf("fdt"), ramdisk: areaOf("ramdisk") };
}

function readAddress(name: string, text: string): number {
  const address = /^(0x[0-9a-f]{1,16}|\d{1,16})$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(address)) return address;
  throw new WrongUsage(`--uboot ${name} must be an address, as 0x40400000, not "${safeText(text)}"`);
}

function readSize(name: string, text: string): number {
  const [, digits = "", unit = ""] = /^(0x[0-9a-f]{1,12}|\d{1,12}) ?([KMG]iB|)$/i.exec(text) ?? [];
  const size = digits === "" ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (Number.isSafeInteger(size) && size > 0) return size;
  throw new WrongUsage(`--uboot ${name} must be a number of bytes, KiB, MiB or GiB, not "${safeText(text)}"`);
}
