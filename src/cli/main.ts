#!/usr/bin/env node
/** The command line's beginning and end: argv in, exit code out. */
import { BuildFailure } from "../core/problem.ts";
import { endOptimizing, withoutOptimizing } from "../machine/optimizer.ts";
import { ownTool } from "../machine/tool.ts";
import { WrongUsage } from "../machine/wrong-usage.ts";
import { readArguments } from "./args.ts";
import type { AnyCommand } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { endQuietlyOnClosedPipe } from "./ending.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { adviseOn, complainOf, failureJson } from "./told-failure.ts";

const USAGE = 2;
const OUR_FAULT = 70;

endQuietlyOnClosedPipe();
process.on("uncaughtException", (error) => process.exit(reportBug(error)));
withoutOptimizing(); // until somebody has more to do than most
process.exitCode = await main(process.argv.slice(2));
await endOptimizing();

async function main(words: readonly string[]): Promise<number> {
  const program = {
    version: ownTool().version,
    commands: COMMANDS,
  };
  // The verb alone, without a word of what to do, gets the help, and is no success in a script.
  const asked = await readArguments(words, program);
  if (asked.kind !== "run") return asked.kind === "answered" ? 0 : USAGE;
  const terminal = openTerminal(asked.manner);
  try {
    return await asked.command.run(asked.call, terminal);
  } catch (error) {
    if (error instanceof BuildFailure) return await reportFailure(error, asked.command, terminal);
    if (error instanceof WrongUsage) return reportUsage(error, asked.name, terminal);
    terminal.close();
    return reportBug(error);
  } finally {
    terminal.close();
  }
}

async function reportFailure(
  failure: BuildFailure,
  command: AnyCommand,
  terminal: Terminal,
): Promise<number> {
  if (terminal.isJson) {
    terminal.printJson(await failureJson(failure));
    return 1;
  }
  const { onFailure } = command;
  await complainOf(failure, onFailure, terminal);
  const codes = failure.problems.map(({ code }) => code);
  adviseOn(codes, onFailure === "" ? "\n" : "", terminal);
  return 1;
}

function reportUsage(error: WrongUsage, name: string, terminal: Terminal): number {
  terminal.complain(`error: ${error.message}\nsee: ${name} --help\n`);
  return USAGE;
}

function reportBug(error: unknown): number {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${trace}\n\nThis is a bug in initgraph, not in your recipe. Please report it with the lines above and the recipe.\n`,
  );
  return OUR_FAULT;
}
