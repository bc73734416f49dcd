/** What the verbs that read an image have in common. */
import { type ByteString, decodeUtf8, type HostPath, showBytes } from "../../core/path.ts";
import type { Host, Progress } from "../../core/ports.ts";
import type { ImageContents } from "../../inspect/read-image.ts";
import { requireHostFile } from "../../machine/files.ts";
import { withOptimizing } from "../../machine/optimizer.ts";
import { machinePorts } from "../../machine/ports.ts";
import { SignalGuard } from "../ending.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";

/** There may be very many entries in so large an image. Bytes. */
const LARGE = 2 ** 28;

/** What has to be so before an image is read. Throws BuildFailure host/cannot-read for what is no file. */
export function prepareToRead(path: HostPath, host: Pick<Host, "tree">): void {
  const file = requireHostFile(path, host);
  const facts = host.tree("/" as HostPath).stat(file);
  if (facts !== null && facts.size >= LARGE) withOptimizing();
}

/** Work that makes one image of another: what it has begun to write goes where a signal ends the run. Throws as `prepareToRead`. */
export async function whileGuarded<T>(
  image: HostPath,
  terminal: Terminal,
  work: (ports: GuardedPorts) => Promise<T>,
): Promise<T> {
  const machine = machinePorts(1);
  prepareToRead(image, machine.host);
  const signals = new SignalGuard(async () => {});
  const made = await work({ host: signals.guard(machine.host), tell: signals.heard(terminal.tell) });
  signals.release();
  return made;
}

interface GuardedPorts {
  readonly host: Host;
  readonly tell: Progress;
}

export function noteOddities({ remarks, members }: ImageContents, terminal: Terminal): void {
  for (const remark of remarks) terminal.note(`note: ${safeText(remark)}\n`);
  for (const { refusal, offset } of members) {
    if (refusal !== null)
      terminal.note(`note: the kernel refuses the member at ${offset}: ${safeText(refusal)}\n`);
  }
}

/** A name that is no UTF-8 comes readable, and in base64 as it is. */
export function nameJson(key: string, name: ByteString): Record<string, string> {
  const text = decodeUtf8(name);
  if (text !== null) return { [key]: text };
  return { [key]: showBytes(name), [`${key}Base64`]: Buffer.from(name, "latin1").toString("base64") };
}
