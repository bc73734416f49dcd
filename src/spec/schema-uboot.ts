/** The keys "fit" and "board": what U-Boot loads, and where to. */
import { z } from "zod";
import { UIMAGE_ID } from "../formats/uimage.ts";
import { names, path, size, yesNo } from "./schema-values.ts";

const MOST = Number.MAX_SAFE_INTEGER;
const address = () => {
  const error = "an address, as 0x44000000";
  return z.int({ error }).min(0, { error }).max(MOST, { error });
};

const kernel = z.strictObject({
  file: path().meta({
    description: "The kernel, beside the recipe or by its absolute path on this machine.",
  }),
  load: address().meta({ description: "Where U-Boot puts it, unpacked.", examples: [0x40400000] }),
  entry: address().optional().meta({ description: "Where it starts. Default: where it is loaded." }),
  compression: names(Object.keys(UIMAGE_ID.compression), "a compression as mkimage -C calls it")
    .optional()
    .meta({ description: "What U-Boot unpacks it from. Default: what its first bytes say." }),
});

export const fit = z
  .union(
    [
      yesNo(),
      z.strictObject({
        kernel: kernel.optional().meta({ description: "A kernel that goes into the same file." }),
        fdt: z
          .array(path(), { error: "a list of device trees" })
          .optional()
          .meta({
            description:
              "Device trees (.dtb), a configuration for each: U-Boot takes the one that fits its board, or the first where it is not built to choose.",
            examples: [["./board.dtb"]],
          }),
        embeddedData: yesNo().optional().meta({
          description:
            "Whether the data lies inside the tree, as very old versions of U-Boot want it. Default: false, behind it and aligned.",
        }),
        crc32: yesNo().optional().meta({ description: "Add a CRC-32 to each digest. Default: false." }),
      }),
    ],
    { error: "true, false, or {kernel, fdt, embeddedData, crc32}" },
  )
  .meta({
    description:
      "Wrap the image as a FIT image (.itb) for U-Boot, with a SHA-256 of each part. The machine is uInitrdArch, else that of the contents. Default: false.",
    examples: [true, { kernel: { file: "./Image", load: 0x40400000 }, fdt: ["./board.dtb"] }],
  });

const area = z.strictObject({
  address: address().meta({ description: "Where it begins.", examples: [0x40400000] }),
  size: size().meta({ description: "How long it may be.", examples: ["32 MiB"] }),
});
const growing = z.strictObject({
  address: address().meta({ description: "Where it begins.", examples: [0x44000000] }),
  size: size()
    .optional()
    .meta({ description: "How long it may be. Default: up to the next area.", examples: ["32 MiB"] }),
});

export const board = z
  .strictObject({
    kernel: area.optional().meta({ description: "Where the kernel lies and runs." }),
    fdt: area.optional().meta({ description: "Where the device tree lies." }),
    ramdisk: growing.optional().meta({ description: "Where the finished image is loaded." }),
  })
  .meta({
    description:
      "Areas of the board's memory that the image must keep to: where two would overlap it is an error.",
    examples: [{ kernel: { address: 0x40400000, size: "48 MiB" }, ramdisk: { address: 0x44000000 } }],
  });
