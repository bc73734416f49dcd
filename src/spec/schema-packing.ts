/** How an image or one of its layers is compressed. */
import { z } from "zod";
import { COMPRESSORS } from "./compressors.ts";
import { integer, line } from "./schema-values.ts";

const compressorName = line("the name or command of a compressor");

export const compressor = z
  .union(
    [
      compressorName,
      z.strictObject({
        name: compressorName.meta({ description: "A name of the table, or a command line." }),
        level: integer(0, 22).optional().meta({ description: "Compression level. Default: the table's." }),
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
  });

export const compressorArgs = z
  .array(z.string({ error: "text" }))
  .nullable()
  .meta({
    description: "Arguments in place of the compressor's default ones.",
    examples: [["-19"]],
  });

export const extension = z
  .string({ error: "a file name extension" })
  .regex(/^\.[^/\u0000-\u001f\u007f]{1,50}$/, { error: "a file name extension that begins with a dot" })
  .meta({
    description: "Must be given for an unknown compressor. Default: the table's.",
    examples: [".zst"],
  });
