/** This program, as documents name it. */
import { readFileSync } from "node:fs";

/** The package's manifest lies as far above the compiled modules as above the bundled ones. */
const MANIFEST = new URL("../../../package.json", import.meta.url);

export function ownTool(): { readonly name: string; readonly version: string } {
  const { name, version } = JSON.parse(readFileSync(MANIFEST, "utf8")) as { name: string; version: string };
  return { name, version };
}
