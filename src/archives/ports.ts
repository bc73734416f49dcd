import type { Host, Store } from "../core/ports.ts";

/** What reading archives needs: files, programs that decompress, and a place for what they give. */
export interface ArchivePorts {
  readonly host: Pick<Host, "tree" | "findProgram" | "runProgram" | "limit">;
  readonly store: Store;
}
