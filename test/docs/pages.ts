/** The pages of docs/ that are made: each from what the program itself reads. */
import { COMMANDS } from "../../src/cli/commands/index.ts";
import { commandsPage } from "./commands-page.ts";
import { errorsPage } from "./errors-page.ts";
import { recipePage } from "./recipe-page.ts";

export function madePages(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/commands.md", commandsPage(COMMANDS)],
    ["docs/errors.md", errorsPage()],
    ["docs/recipe.md", recipePage()],
  ]);
}
