/** Who can be asked for the references between store paths on this machine. */
import type { StoreDatabases } from "../core/ports.ts";
import { nixDatabase } from "./nix-database.ts";
import { liveNix } from "./nix-live.ts";

/** Nix needs more of the environment than its PATH: where its settings and its daemon are. */
export function nixDatabases(environment: NodeJS.ProcessEnv): StoreDatabases {
  return {
    live: (root, directory) => liveNix({ root, directory, environment }),
    file: (database) => nixDatabase(database, environment),
  };
}
