/** Puts secrets into an image as the command line asks for it. */
import { bytesOf, type HostPath, nameOf, parseHostPath, ROOT, showBytes, showPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { type NewSecret, type ResealedFile, resealFile } from "../../image/reseal-file.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { readTarget } from "../../spec/paths.ts";
import type { ExitCode } from "../command.ts";
import type { WantedSecret } from "../commands/reseal.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { noteOddities, whileGuarded } from "./images.ts";
import { readManifests } from "./manifests.ts";

export async function runReseal(
  image: string,
  wanted: readonly WantedSecret[],
  terminal: Terminal,
): Promise<ExitCode> {
  const order = { image: hostPathFrom(image), secrets: wanted.map(readSecretOrder) };
  const { resealed, manifests } = await whileGuarded(order.image, terminal, async (ports) => {
    const resealed = await resealFile(order, ports);
    return { resealed, manifests: manifestsOf(resealed.image, ports.host) };
  });
  const output = showBytes(resealed.image);
  if (terminal.isJson) {
    const [replaced, added, kept] = [resealed.replaced, resealed.added, resealed.kept].map((paths) =>
      paths.map(showPath),
    );
    terminal.printJson({ ok: true, image: output, replaced, added, kept, manifests });
    return 0;
  }
  noteOddities(resealed.contents, terminal);
  noteSecrets(resealed, terminal);
  for (const manifest of manifests)
    terminal.note(`note: ${safeText(manifest)} tells of the image as it was built\n`);
  terminal.print(`${safeText(output)}\n`);
  return 0;
}

function noteSecrets({ replaced, added, kept }: ResealedFile, terminal: Terminal): void {
  for (const [what, paths] of Object.entries({ replaced, added, kept })) {
    for (const path of paths) terminal.note(`${what}  ${safeText(showPath(path))}\n`);
  }
  if (replaced.length > 0)
    terminal.note(
      "note: what was replaced can be read from the disk until something else is written there\n",
    );
}

function readSecretOrder({ path, file }: WantedSecret): NewSecret {
  const target = readTarget(path);
  if ("fault" in target || target.value === ROOT)
    throw new WrongUsage(`--secret: "${safeText(path)}" is no path of a file in an image`);
  return { target: target.value, source: hostPathFrom(file) };
}

/** Of the manifests beside the image those that are about it. */
function manifestsOf(image: HostPath, host: Pick<Host, "tree">): string[] {
  const found = readManifests(parseHostPath(bytesOf(".."), image)!, host);
  const file = showBytes(nameOf(image));
  return [...found].flatMap(([name, manifest]) =>
    manifest.image.file === file ? [`${name}.manifest.json`] : [],
  );
}
