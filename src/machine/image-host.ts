/**
 * What reading an image needs of this machine, and no more: to load the whole host takes as long as to read many an
 * image.
 */
import type { Host } from "../core/ports.ts";
import { directoryTree } from "../host/directory-tree.ts";
import { processGroups } from "../host/process-groups.ts";
import { DEFAULT_PATH, findProgram } from "../host/programs.ts";

export function imageHost(): Pick<Host, "tree" | "findProgram" | "filterProgram"> {
  const surroundings = { searchPath: process.env["PATH"] || DEFAULT_PATH, groups: processGroups() };
  return {
    tree: directoryTree,
    findProgram: (name) => findProgram(name, surroundings.searchPath),
    filterProgram: async (filter) => {
      const { filterProgram } = await import("../host/program-stream.ts");
      return filterProgram(filter, surroundings);
    },
  };
}
