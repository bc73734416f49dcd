/** `initgraph schema`: the JSON Schemas of a recipe and of a lock, for editors. */
import { command } from "../command.ts";

export const schema = command({
  name: "schema",
  summary: "print the JSON Schema of a recipe, for editors",
  about: "",
  operands: [],
  options: { lock: { takes: null, says: "of a lock instead" } },
  onFailure: "",
  examples: [
    [
      "initgraph schema > recipe.schema.json",
      "for `# yaml-language-server: $schema=recipe.schema.json` in a recipe",
    ],
  ],
  async run({ options }, terminal) {
    const { lockJsonSchema, recipeJsonSchema } = await import("../../spec/json-schema.ts");
    const schema = options.lock ? lockJsonSchema() : recipeJsonSchema();
    terminal.print(`${JSON.stringify(schema, null, 2)}\n`);
    return 0;
  },
});
