/** Colours, or none. */
import { styleText } from "node:util";

export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly help: (text: string) => string;
}

const same = (text: string) => text;

export const PLAIN: Paint = { error: same, warning: same, strong: same, dim: same, help: same };

export const COLOURED: Paint = {
  error: (text) => styled(["bold", "red"], text),
  warning: (text) => styled(["bold", "yellow"], text),
  strong: (text) => styled(["bold"], text),
  dim: (text) => styled(["blue"], text),
  help: (text) => styled(["cyan"], text),
};

type Style = Parameters<typeof styleText>[0];

function styled(style: Style, text: string): string {
  // Whether to colour at all was decided before (terminal.ts); newer Nodes would ask again, and of stdout.
  return text === "" ? "" : styleText(style, text, { validateStream: false });
}

/**
 * Whether a stream gets colours: NO_COLOR (https://no-color.org) forbids them, FORCE_COLOR asks for them (but for
 * "0"), else a terminal that is not "dumb" has them.
 */
export function wantsColour(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if (environment["NO_COLOR"]) return false;
  const force = environment["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return isTerminal && environment["TERM"] !== "dumb";
}
