/** The building machine, by Node: the only room besides the store that opens, writes or runs anything. */
import pLimit from "p-limit";
import type { Host } from "../core/ports.ts";
import { directoryTree } from "./directory-tree.ts";
import { createOutput, makeDirectory, replaceSymlink } from "./output.ts";
import { processGroups } from "./process-groups.ts";
import { processNames } from "./processes.ts";
import { filterProgram } from "./program-stream.ts";
import { DEFAULT_PATH, findProgram, programVersion, runProgram } from "./programs.ts";

export interface HostOptions {
  /** How many programs and codecs may run at a time: 1 or more. */
  readonly jobs: number;
  /** Of the environment only PATH counts; programs get it and nothing else of it. */
  readonly environment: { readonly PATH?: string | undefined };
}

export function nodeHost({ jobs, environment }: HostOptions): Host {
  const processes = processNames();
  const surroundings = { searchPath: environment.PATH || DEFAULT_PATH, groups: processGroups() };
  return {
    jobs,
    limit: pLimit(jobs),
    tree: directoryTree,
    findProgram: (name) => findProgram(name, surroundings.searchPath),
    programVersion: (program) => programVersion(program, surroundings),
    runProgram: (run) => runProgram(run, surroundings),
    filterProgram: (filter) => filterProgram(filter, surroundings),
    createOutput: (path, mode) => createOutput(path, mode, processes),
    replaceSymlink: (path, to) => replaceSymlink(path, to, processes),
    makeDirectory,
  };
}
