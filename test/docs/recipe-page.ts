/** docs/recipe.md: every key of a recipe, from the schema that checks it. */
import { stringify } from "yaml";
import { recipeJsonSchema } from "../../src/spec/json-schema.ts";
import { cell, link, prose } from "./markdown.ts";

/** Of JSON Schema what ours has. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Keys in the order in which somebody writes them. The page is refused where one is missing. */
const PARTS: readonly (readonly [title: string, keys: readonly string[]])[] = [
  ["What goes in", ["contents", "files", "kernel", "prepend", "secrets"]],
  [
    "Where it comes from",
    ["sysroot", "arch", "closure", "store", "storeDir", "storeRoot", "allow", "silence"],
  ],
  [
    "How it is packed",
    ["name", "compressor", "compressorArgs", "extension", "layers", "layering", "epoch", "solid", "layout"],
  ],
  [
    "For boot loaders and boards",
    ["makeUInitrd", "uInitrdArch", "uInitrdCompression", "fit", "uki", "board", "budget", "digests"],
  ],
  ["Recipes of several files", ["include", "vars"]],
];

export function recipePage(): string {
  const { properties = {} } = recipeJsonSchema() as Schema;
  const listed = PARTS.flatMap(([, keys]) => keys);
  const unlisted = Object.keys(properties).filter((key) => !listed.includes(key));
  if (unlisted.length > 0) throw new Error(`no part of the page has ${unlisted.join(", ")}`);
  const sections = PARTS.map(([title, keys]) => {
    return `## ${title}\n\n${keys.map((key) => keySection(key, properties[key]!)).join("\n\n")}`;
  });
  const contents = PARTS.map(
    ([title, keys]) => `- ${title}: ${keys.map((key) => link(`\`${key}\``, key.toLowerCase())).join(", ")}`,
  );
  return `# The recipe

A recipe is one YAML document. No key is needed but one that puts something in. Paths: \`/…\` is in the sysroot (or, as a target, in the
image), \`./…\` beside the file in which it stands. This page is made from the schema; editors complete and check recipes with
\`schemas/recipe.schema.json\` (\`initgraph schema\` prints it):

\`\`\`yaml
# yaml-language-server: $schema=recipe.schema.json
contents:
  - { object: /bin/busybox, symlink: /init }
\`\`\`

${contents.join("\n")}

${sections.join("\n\n")}
`;
}

function keySection(key: string, schema: Schema): string {
  const { text, byDefault } = meaningOf(schema);
  const facts = [
    `Type: ${typeOf(schema)}.`,
    ...(byDefault === null ? [] : [`Default: ${prose(byDefault)}.`]),
  ];
  const example = schema.examples?.[0];
  const parts = [
    `### ${key}`,
    prose(text),
    facts.join(" "),
    ...membersOf(schema),
    ...(example === undefined ? [] : [`\`\`\`yaml\n${stringify({ [key]: example }).trimEnd()}\n\`\`\``]),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** A table of the keys of the maps that the value may be, or be a list or a map of. */
function membersOf(schema: Schema): string[] {
  const maps = mapsOf(schema);
  const rows = maps.flatMap((map) => {
    const members = Object.entries(map.properties ?? {});
    // Of several maps the key that each needs first tells which it is.
    const needed = maps.length > 1 ? "this kind" : "needed";
    return members.flatMap(([key, member]) => memberRows(key, member, { ...map, needed }));
  });
  const table = [
    "| key | type | meaning | default |",
    "| --- | ---- | ------- | ------- |",
    ...new Set(rows),
  ];
  return rows.length === 0 ? [] : [table.join("\n")];
}

function memberRows(key: string, member: Schema, map: Schema & { readonly needed: string }): string[] {
  const { text, byDefault } = meaningOf(member);
  const isNeeded = map.required?.includes(key.replace(/^.*\./, "")) === true;
  const example = member.examples?.[0];
  const written = typeof example === "string" ? example : JSON.stringify(example);
  const shown = example === undefined ? "" : ` Example: \`${written}\`.`;
  const last = isNeeded ? map.needed : cell(byDefault ?? "");
  const row = `| \`${key}\` | ${cell(typeOf(member))} | ${cell(text)}${shown} | ${last} |`;
  const inner = mapsOf(member).flatMap((one) =>
    Object.entries(one.properties ?? {}).flatMap(([name, deeper]) =>
      memberRows(`${key}.${name}`, deeper, { ...one, needed: "needed" }),
    ),
  );
  return [row, ...inner];
}

function mapsOf(schema: Schema): Schema[] {
  if (schema.properties !== undefined) return [schema];
  const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  const values = schema.additionalProperties;
  return [...inner, ...(typeof values === "object" ? [values] : [])].flatMap(mapsOf);
}

/** The default stands at the end of a description, or as "the default" within. */
function meaningOf({ description = "" }: Schema): {
  readonly text: string;
  readonly byDefault: string | null;
} {
  const found = /^(.*?)\s*Default: ([^.]*(?:\.[^.\s][^.]*)*)\.$/s.exec(description);
  return found === null ? { text: description, byDefault: null } : { text: found[1]!, byDefault: found[2]! };
}

function typeOf(schema: Schema): string {
  const { anyOf, items, additionalProperties: values } = schema;
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeOf))].join(", or ");
  if (schema.enum !== undefined)
    return schema.enum.length > 12
      ? "one of a list of names"
      : schema.enum.map((name) => `\`${name}\``).join(", ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  switch (schema.type) {
    case "string":
      return "text";
    case "boolean":
      return "true or false";
    case "null":
      return "nothing";
    case "integer":
    case "number":
      return "number";
    case "array":
      return `list of ${items === undefined ? "values" : plural(typeOf(items))}`;
    default:
      return typeof values === "object" ? `map by name, of ${plural(typeOf(values))}` : "map";
  }
}

function plural(type: string): string {
  const words: Readonly<Record<string, string>> = { text: "texts", map: "maps", number: "numbers" };
  return words[type] ?? type;
}
