/** A result for standard output, or for a file that is whole or as it was. */
import { bytesOf, toBytes } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { hostPathFrom } from "../../machine/files.ts";
import type { Terminal } from "../terminal.ts";

export interface ResultPorts {
  readonly host: Pick<Host, "createOutput">;
  readonly terminal: Terminal;
}

/** `out` as it was typed; null: standard output. Text is UTF-8. Throws BuildFailure (host/cannot-write, host/is-a-directory). */
export function writeResult(
  result: string | Uint8Array,
  { out }: { readonly out: string | null },
  { host, terminal }: ResultPorts,
): void {
  if (out === null) {
    terminal.print(result);
    return;
  }
  const bytes = typeof result === "string" ? toBytes(bytesOf(result)) : result;
  const output = host.createOutput(hostPathFrom(out), 0o644);
  output.write(bytes);
  output.commit();
  if (terminal.isJson) terminal.printJson({ ok: true, file: out, bytes: bytes.length });
}
