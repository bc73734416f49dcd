/**
 * The keys of a recipe: the one source of the checks (check-shape.ts), of the JSON Schema for editors and
 * of the type of what passed. `error` is what a message says should stand there; descriptions are for
 * editors. What makes sense together is judged later, in load.ts.
 */
import { z } from "zod";
import { ARCH_NAMES } from "../core/arch.ts";
import { OTHER_ALGORITHMS } from "../core/digest.ts";
import { WARNING_CODES } from "../core/warning.ts";
import { DLOPEN_PRIORITIES } from "../formats/elf-notes.ts";
import { UIMAGE_ID } from "../formats/uimage.ts";
import { COMPRESSORS } from "./compressors.ts";
import { loaderCache, references, store } from "./schema-closure.ts";
import { include, vars } from "./schema-composition.ts";
import { contentsItem, fileForms, secret } from "./schema-entries.ts";
import { board, fit } from "./schema-uboot.ts";
import { absolute, integer, line, names, path, size, yesNo } from "./schema-values.ts";

const compressorName = line("the name or command of a compressor");

const HWCAPS = "baseline, all, or a list of levels";

export const RECIPE_SCHEMA = z
  .strictObject({
    include,
    vars,
    name: z
      .string({ error: "a file name" })
      .regex(/^[^/\u0000-\u001f\u007f]{1,200}$/, { error: 'a file name of 1 to 200 characters without "/"' })
      .meta({ description: "Stem of the output files. Default: initrd.", examples: ["initrd"] }),
    sysroot: path().meta({
      description:
        "The tree in which absolute object paths are looked up, as in a chroot: a directory, a tar (plain, gz, xz, zst or bz2), an OCI image layout or what docker save writes (both as a directory or a tar; arch picks one image of several). Archives are read in place. Default: /.",
      examples: ["./rootfs", "./rootfs.tar.zst"],
    }),
    arch: names(ARCH_NAMES, "the name of an architecture").meta({
      description: "The architecture that all programs and libraries must have. Default: any.",
      examples: ["x86_64", "aarch64"],
    }),
    storeDir: absolute().meta({ description: "The Nix store, as its paths say. Default: /nix/store." }),
    storeRoot: path().meta({
      description: "Where the store lies on the building machine. Default: storeDir within the sysroot.",
    }),
    store,
    layout: z.enum(["plain", "make-initrd"], { error: "plain or make-initrd" }).meta({
      description:
        "make-initrd adds what nixpkgs' make-initrd.nix makes in every image: empty /dev, /proc and /sys. Default: plain.",
    }),
    contents: z.array(contentsItem).meta({
      description: "Objects that go into the image with all that they need.",
      examples: [[{ object: "/bin/busybox", symlink: "/init" }]],
    }),
    files: z
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
      }),
    secrets: z.record(z.string(), secret).meta({
      description:
        "Files that nobody else is to see, by target path. They go into a last segment of the image, and never into the cache, the lock, the manifest or a message; `initgraph reseal` puts others in their place.",
      examples: [{ "/etc/wireguard/wg0.conf": "./wg0.conf" }],
    }),
    kernel: z
      .strictObject({
        version: line("a kernel's version, as uname -r says it")
          .optional()
          .meta({
            description: "Which kernel's modules. Default: the only one.",
            examples: ["6.1.0-50-amd64"],
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
      }),
    prepend: z.array(path()).meta({
      description: "Cpio archives (or globs) put in front as they are, e.g. CPU microcode.",
      examples: [["./microcode.cpio"]],
    }),
    compressor: z
      .union(
        [
          compressorName,
          z.strictObject({
            name: compressorName.meta({ description: "A name of the table, or a command line." }),
            level: integer(0, 22)
              .optional()
              .meta({ description: "Compression level. Default: the table's." }),
            engine: z.enum(["auto", "builtin", "tool"], { error: "auto, builtin or tool" }).optional().meta({
              description:
                "builtin: the embedded codec, the same bytes on every machine. tool: the machine's program. auto (default): builtin where there is one.",
            }),
          }),
        ],
        { error: "the name of a compressor, a command line, or {name, level, engine}" },
      )
      .meta({
        description: `A name (${Object.keys(COMPRESSORS).join(", ")}) or a command line. Default: zstd.`,
        examples: ["zstd", "zstd -19", "/opt/bin/xz --check=crc32"],
      }),
    compressorArgs: z
      .array(z.string({ error: "text" }))
      .nullable()
      .meta({
        description: "Arguments in place of the compressor's default ones.",
        examples: [["-19"]],
      }),
    extension: z
      .string({ error: "a file name extension" })
      .regex(/^\.[^/\u0000-\u001f\u007f]{1,50}$/, { error: "a file name extension that begins with a dot" })
      .meta({
        description: "Must be given for an unknown compressor. Default: the table's.",
        examples: [".zst"],
      }),
    makeUInitrd: yesNo().meta({ description: "Wrap the image as a legacy U-Boot image. Default: false." }),
    uInitrdArch: names(Object.keys(UIMAGE_ID.arch), "an architecture as mkimage -A calls it").meta({
      description: "U-Boot's name of the architecture. Default: from the contents.",
    }),
    uInitrdCompression: names(
      Object.keys(UIMAGE_ID.compression),
      "a compression as mkimage -C calls it",
    ).meta({
      description: "U-Boot's name of the compression. Must be given for xz, pixz and unknown compressors.",
    }),
    fit,
    board,
    closure: z
      .strictObject({
        libraryPath: z
          .array(absolute())
          .optional()
          .meta({
            description: "Directories of the sysroot in which libraries are looked up too.",
            examples: [["/opt/vendor/lib"]],
          }),
        references: references.optional(),
        hwcaps: z
          .union(
            [
              z.enum(["baseline", "all"], { error: HWCAPS }),
              z.array(line("the name of a level"), { error: HWCAPS }),
            ],
            { error: HWCAPS },
          )
          .optional()
          .meta({
            description:
              "Variants of libraries for better processors (glibc-hwcaps) that come besides the plain ones: none (baseline), all, or levels by name. Default: baseline.",
            examples: ["all", ["x86-64-v3"]],
          }),
        loaderCache: loaderCache.optional(),
        dlopen: names([...DLOPEN_PRIORITIES, "none"], "required, recommended, suggested or none")
          .optional()
          .meta({
            description:
              "Which libraries come that programs declare to open by name at run time (.note.dlopen): required ones alone, recommended ones too, suggested ones too where they are there, or none. A required or recommended one that is followed and missing is an error. Default: recommended.",
          }),
      })
      .meta({ description: "How the closure is found." }),
    allow: z
      .array(
        z.strictObject({
          missing: line("a name, path or glob").meta({
            description: "What may be missing: a library's name, or a path; globs allowed.",
            examples: ["libfoo.so.1"],
          }),
          neededBy: line("a path or glob")
            .optional()
            .meta({
              description: "Only where this file needs it. Default: any.",
              examples: ["/usr/bin/x"],
            }),
          reason: z.string({ error: "text" }).regex(/\S/, { error: "a reason" }).meta({
            description: "Why it may be missing, for those who read the recipe later.",
          }),
        }),
      )
      .meta({ description: "Known holes of the closure. One that no longer matches anything is an error." }),
    silence: z
      .array(names(WARNING_CODES, "the code of a warning"), { error: "a list of codes of warnings" })
      .meta({
        description:
          "Kinds of warnings that are not told, by their code. The manifest lists them all the same.",
        examples: [["graph/nss-modules"]],
      }),
    digests: z
      .array(names(OTHER_ALGORITHMS, OTHER_ALGORITHMS.join(" or ")), { error: "a list of digests" })
      .meta({
        description:
          "What the manifest gives besides the SHA-256 of the finished file, of the image in it and of each piece, for measured boot.",
        examples: [["sha384"]],
      }),
    budget: z
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
      .meta({ description: "Sizes over which the build fails, and says which entries cost most." }),
    epoch: integer(0, 4294967295).meta({
      description: "Time of all entries, in seconds since 1970. Default: SOURCE_DATE_EPOCH, else 1.",
    }),
    solid: yesNo().meta({
      description:
        "Compress each layer in one stream: smaller, but nothing of it can be reused. Default: false.",
    }),
  })
  .partial()
  .meta({ title: "initgraph recipe", description: "What goes into an initramfs, and how it is packed." });

export type Recipe = z.output<typeof RECIPE_SCHEMA>;
export type RecipeFile = NonNullable<Recipe["files"]>[string];
export type RecipeSecret = NonNullable<Recipe["secrets"]>[string];
export type RecipeContents = NonNullable<Recipe["contents"]>[number];

/** Keys of the design that a later version will know, by the map in which they stand. */
export const KEYS_NOT_YET: Readonly<Record<string, readonly string[]>> = {
  "": ["layers"],
};
