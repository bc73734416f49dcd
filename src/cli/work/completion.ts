/** `initgraph completion`: a script for each shell, from the tables of all verbs. */
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { nearestOf } from "../../spec/nearest.ts";
import type { ExitCode } from "../command.ts";
import { COMMANDS } from "../commands/index.ts";
import { bashScript } from "../completion/bash.ts";
import { fishScript } from "../completion/fish.ts";
import { type AllWords, wordsOf } from "../completion/words.ts";
import { zshScript } from "../completion/zsh.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";

const SCRIPTS: Readonly<Record<string, (words: AllWords) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function printCompletion(shell: string, terminal: Terminal): ExitCode {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell]!(wordsOf(COMMANDS)) : null;
  if (script === null) {
    const nearest = nearestOf(shell, Object.keys(SCRIPTS));
    const advice = nearest === null ? "" : `; did you mean ${nearest}?`;
    throw new WrongUsage(`there is completion for bash, zsh and fish, not for "${safeText(shell)}"${advice}`);
  }
  if (terminal.isJson) terminal.printJson({ ok: true, shell, script });
  else terminal.print(script);
  return 0;
}
