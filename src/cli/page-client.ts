/** The styles and scripts of the HTML pages, which `npm run build` puts beside the bundled program. */
import { readFileSync } from "node:fs";
import type { PageClient } from "../pages/page.ts";

/** Lies as far from the compiled modules as from the bundled ones. */
const CLIENTS = new URL("../../bin/cli/client/", import.meta.url);

/** Each has a directory of its name in src/client. */
export type PageName = "size" | "diff" | "graph";

export function readPageClient(name: PageName): PageClient {
  return { styles: readPart(`${name}.css`), script: readPart(`${name}.js`) };
}

function readPart(file: string): string {
  return readFileSync(new URL(file, CLIENTS), "utf8");
}
