/** The parts of an image or of one of its layers: what goes in, and how large it may get. */
import { z } from "zod";
import { contentsItem, fileForms } from "./schema-entries.ts";
import { line, size, yesNo } from "./schema-values.ts";

export const contents = z.array(contentsItem).meta({
  description: "Objects that go into the image with all that they need.",
  examples: [[{ object: "/bin/busybox", symlink: "/init" }]],
});

export const files = z
  .record(
    z.string(),
    z.union([z.string({ error: "text" }), ...fileForms], {
      error: "text, or a map with one of text, source, symlink, directory, device, fifo",
    }),
  )
  .meta({
    description:
      "Entries by target path: text (its content), or a map of one kind. Text that begins with #! is executable unless mode says otherwise.",
    examples: [{ "/init": { source: "./init.sh", mode: "0755" }, "/etc/hostname": "router\n" }],
  });

export const kernel = z
  .strictObject({
    version: line("a kernel's version, as uname -r says it")
      .optional()
      .meta({
        description: "Which kernel's modules. Default: the only one.",
        examples: ["6.1.0-50-amd64"],
      }),
    versions: z
      .array(line("a kernel's version, or a glob"), { error: "a list of versions" })
      .optional()
      .meta({
        description:
          "In place of version: several kernels, as names and globs over the sysroot's lib/modules. One image for each, called <name>-<version>.",
        examples: [["6.1.0-50-amd64", "6.12.*"]],
      }),
    modules: z
      .array(line("a module, an alias, a path or a glob"), { error: "a list of modules" })
      .optional()
      .meta({
        description:
          "Modules with all that they need: names, aliases, modaliases, paths and directories below lib/modules/<version>, and globs of these.",
        examples: [["virtio-pci", "ext4", "kernel/drivers/nvme/**", "nls_*"]],
      }),
    firmware: z
      .union(
        [
          z.boolean(),
          z.literal("required"),
          z.array(line("a glob below lib/firmware"), { error: "a list of globs" }),
        ],
        { error: "true, false, required, or a list of globs" },
      )
      .optional()
      .meta({
        description:
          "Firmware that the chosen and the built-in drivers ask for. required: what is missing is an error. Globs: only these. Default: true.",
      }),
    modprobe: yesNo().optional().meta({
      description:
        "Whether modprobe.d of the sysroot counts: its files that concern a chosen module go along, with the programs of their install and remove lines. Default: true.",
    }),
  })
  .meta({
    description: "Kernel modules, their firmware, and modprobe's indexes written for just these.",
  });

export const budget = z
  .strictObject({
    image: size()
      .optional()
      .meta({ description: "Of the finished file, its wrapper included.", examples: ["32 MiB"] }),
    unpacked: size()
      .optional()
      .meta({
        description: "Of all files together, as they lie in memory when the kernel has unpacked them.",
        examples: ["96 MiB"],
      }),
  })
  .meta({ description: "Sizes over which the build fails, and says which entries cost most." });
