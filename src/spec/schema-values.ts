/** The kinds of single values in a recipe's schema. Each says in `error` what a message expects there. */
import { z } from "zod";

/** Text without control characters, in one line. */
export const line = (error: string) => z.string({ error }).regex(/^[^\u0000-\u001f\u007f]+$/, { error });
export const path = () => line("a path");
export const absolute = () =>
  z.string({ error: "an absolute path" }).regex(/^\//, { error: "an absolute path, beginning with /" });
export const integer = (first: number, last: number) => {
  const error = `a whole number from ${first} to ${last}`;
  return z.int({ error }).min(first, { error }).max(last, { error });
};
export const yesNo = () => z.boolean({ error: "true or false" });
export const only = () => z.literal(true, { error: "true" });
export const names = (list: readonly string[], error: string) =>
  z.enum(list as [string, ...string[]], { error });

const SIZE_ERROR = "a size: a number of bytes, or a text as 32 MiB";
/** Powers of 1024 and of 1000. */
export const SIZE_UNITS = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, kB: 1e3, MB: 1e6, GB: 1e9 } as const;
export const SIZE_TEXT = new RegExp(`^(\\d{1,15}(?:\\.\\d{1,3})?) ?(${Object.keys(SIZE_UNITS).join("|")})$`);
export const size = () =>
  z.union(
    [
      z.int({ error: SIZE_ERROR }).min(1, { error: SIZE_ERROR }),
      z.string({ error: SIZE_ERROR }).regex(SIZE_TEXT, { error: SIZE_ERROR }),
    ],
    { error: SIZE_ERROR },
  );

const MODE_ERROR = "a file mode in octal from 0 to 07777, as 0755";
/** A number here is what YAML makes of the digits; modes.ts reads the digits themselves. */
export const mode = z
  .union(
    [
      z.int({ error: MODE_ERROR }).min(0, { error: MODE_ERROR }).max(7777, { error: MODE_ERROR }),
      z.string({ error: MODE_ERROR }).regex(/^(0o?[0-7]{1,5}|[1-7][0-7]{3})$/, { error: MODE_ERROR }),
    ],
    { error: MODE_ERROR },
  )
  .meta({ description: "Permission bits in octal, with a leading zero: 0755.", examples: ["0755", "0644"] });
