/** Writes an HTML page, whole or not at all. */
import type { Host } from "../../core/ports.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { type Page, renderPage } from "../../pages/page.ts";
import { type PageName, readPageClient } from "../page-client.ts";

/** `file` as it was typed; one that is there is replaced. Gives the page's bytes. Throws BuildFailure (host/cannot-write, host/is-a-directory). */
export function writePage(
  file: string,
  page: Omit<Page, "client"> & { readonly name: PageName },
  host: Pick<Host, "createOutput">,
): number {
  const { name, ...rest } = page;
  const bytes = Buffer.from(renderPage({ ...rest, client: readPageClient(name) }));
  const output = host.createOutput(hostPathFrom(file), 0o644);
  output.write(bytes);
  output.commit();
  return bytes.length;
}
