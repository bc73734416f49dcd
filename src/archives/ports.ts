import type { Host, InputMemory, Store } from "../core/ports.ts";

/** What is remembered of archives is kept under this name, by their paths on the machine. */
export const MEMORY = "archives";

/** What reading archives needs: files, programs that decompress, a place for what they give, and what is known of files. */
export interface ArchivePorts {
  readonly host: Pick<Host, "tree" | "findProgram" | "runProgram" | "limit">;
  readonly store: Store;
  readonly memory: InputMemory;
}
