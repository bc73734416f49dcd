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
import { loaderCache, references, store } from "./schema-closure.ts";
import { include, vars } from "./schema-composition.ts";
import { secret } from "./schema-entries.ts";
import { layers } from "./schema-layers.ts";
import { compressor, compressorArgs, extension } from "./schema-packing.ts";
import { budget, contents, files, kernel } from "./schema-parts.ts";
import { board, fit } from "./schema-uboot.ts";
import { uki } from "./schema-uki.ts";
import { absolute, integer, line, names, path, yesNo } from "./schema-values.ts";

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
    contents,
    files,
    secrets: z.record(z.string(), secret).meta({
      description:
        "Files that nobody else is to see, by target path. They go into a last segment of the image, and never into the cache, the lock, the manifest or a message; `initgraph reseal` puts others in their place.",
      examples: [{ "/etc/wireguard/wg0.conf": "./wg0.conf" }],
    }),
    kernel,
    layers,
    layering: z.enum(["none", "auto"], { error: "none or auto" }).meta({
      description:
        "auto: the image is made of layers by how often what is in them changes: libraries, firmware, the modules of each kernel, programs, configuration. Not beside layers of your own. Default: none.",
    }),
    prepend: z.array(path()).meta({
      description: "Cpio archives (or globs) put in front as they are, e.g. CPU microcode.",
      examples: [["./microcode.cpio"]],
    }),
    compressor,
    compressorArgs,
    extension,
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
    uki,
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
    budget,
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
