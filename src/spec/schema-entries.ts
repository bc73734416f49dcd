/** What a recipe's `contents` and `files` are made of. */
import { z } from "zod";
import { absolute, integer, line, mode, only, path } from "./schema-values.ts";

const owner = {
  uid: integer(0, 4294967294).optional().meta({ description: "Owner. Default: 0." }),
  gid: integer(0, 4294967294).optional().meta({ description: "Group. Default: 0." }),
};
const owned = { mode: mode.optional(), ...owner };

export const contentsItem = z.strictObject({
  object: path().meta({
    description:
      "What goes into the image with its closure. /… is looked up in the sysroot, /nix/store/… in the store (each lands at its own path), ./… beside the recipe (it needs a target). Globs (* ** ? [ab] {a,b}) may name several files of the sysroot.",
    examples: ["/bin/busybox", "/usr/sbin/*fs*", "./init.sh"],
  }),
  symlink: absolute()
    .optional()
    .meta({
      description: "Where to make a symlink that points at the object.",
      examples: ["/init"],
    }),
  suffix: z
    .string({ error: "text" })
    .optional()
    .meta({
      description: 'Appended to the object\'s path in the target of the symlink. "none" is nothing.',
      examples: ["/bin/init"],
    }),
  target: absolute()
    .optional()
    .meta({
      description:
        "Where the object lands in the image, in place of its own path. A directory lands there whole.",
      examples: ["/init", "/"],
    }),
});

/** A secret, by its path in the image: its source, or a map with it. */
export const secret = z.union(
  [
    path(),
    z.strictObject({
      source: path().meta({
        description:
          "A file of the building machine that not everybody may read, seen from the recipe's directory.",
      }),
      mode: mode.optional().meta({ description: "Permission bits in the image. Default: 0400." }),
      ...owner,
    }),
  ],
  { error: "a path, or a map with a source" },
);

/** One entry that the recipe holds itself. The first key of each form tells its kind. */
export const fileForms = [
  z.strictObject({
    text: z.string({ error: "text" }).meta({ description: "The file's content." }),
    ...owned,
  }),
  z.strictObject({
    source: path().meta({ description: "A file of the building machine, seen from the recipe's directory." }),
    ...owned,
  }),
  z.strictObject({
    symlink: line("the target of a symlink").meta({ description: "What the symlink points at, as it is." }),
    ...owner,
  }),
  z.strictObject({
    directory: only().meta({ description: "A directory. Parents need no mention." }),
    ...owned,
  }),
  z.strictObject({
    device: z.enum(["c", "b"], { error: "c (character) or b (block)" }).meta({
      description: "A device node: c or b. Root rights are not needed.",
    }),
    major: integer(0, 4095).meta({ description: "Major device number." }),
    minor: integer(0, 1048575).meta({ description: "Minor device number." }),
    ...owned,
  }),
  z.strictObject({
    fifo: only().meta({ description: "A named pipe." }),
    ...owned,
  }),
] as const;
