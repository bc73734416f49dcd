import type { Host, InputMemory, Store } from "../core/ports.ts";

/** What reading archives needs: files, programs that decompress, a place for what they give, and what is known of files. */
export interface ArchivePorts {
  readonly host: Pick<Host, "tree" | "findProgram" | "runProgram" | "limit">;
  readonly store: Store;
  readonly memory: InputMemory;
}
