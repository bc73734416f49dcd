/** What a message says of a value that does not fit: what it is, what to write, what is near. */
import { z } from "zod";
import { archByName } from "../core/arch.ts";
import { nearestOf } from "./nearest.ts";
import type { Place } from "./places.ts";
import { shorten } from "./source-text.ts";
import type { YamlValue } from "./yaml-values.ts";

/** A value for a message, as it is written. */
export function describe(value: YamlValue, place: Place): string {
  const said = describeValue(value, place);
  return place.variable === null ? said : `${said} (the value of ${place.variable})`;
}

function describeValue(value: YamlValue, place: Place): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a map";
  const written = shorten(place.source ?? String(value));
  return typeof value === "string"
    ? `the text "${written}"`
    : typeof value === "number"
      ? `the number ${written}`
      : written;
}

/** What to write where YAML read another type than was meant. */
export function correctionOf(schema: z.ZodType, value: YamlValue, place: Place): string | null {
  const written = correctionOfValue(schema, value, place);
  return written === null || place.variable === null
    ? written
    : `${written} as the value of ${place.variable}`;
}

function correctionOfValue(schema: z.ZodType, value: YamlValue, place: Place): string | null {
  const word = typeof value === "string" ? value.toLowerCase() : "";
  const wantsBoolean = schema instanceof z.ZodBoolean || schema instanceof z.ZodLiteral;
  if (wantsBoolean && /^(yes|on|y)$/.test(word)) return "true";
  if (wantsBoolean && /^(no|off|n)$/.test(word)) return "false";
  if (schema instanceof z.ZodNumber && word !== "" && /^\d+$/.test(word)) return word;
  const isText = schema instanceof z.ZodString || schema instanceof z.ZodEnum;
  const isScalar = typeof value === "number" || typeof value === "boolean";
  return isText && isScalar ? `"${shorten(place.source ?? String(value))}"` : null;
}

/** A name that another table calls differently (aarch64 is U-Boot's arm64) is nearer than a misspelling. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const uboot = archByName(name)?.uboot ?? null;
  return uboot !== null && known.includes(uboot) ? uboot : nearestOf(name, known);
}
