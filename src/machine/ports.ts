/** This machine behind the ports of the corridor. */
import { availableParallelism } from "node:os";
import type { BuildPorts } from "../carry-out.ts";
import { nixDatabases } from "../host/nix-databases.ts";
import { nodeHost } from "../host/node-host.ts";

/** All but the store and who is told. `jobs: null`: one for each core. */
export function machinePorts(
  jobs: number | null,
): Omit<BuildPorts, "store" | "tell" | "memory" | "timekeeper" | "approve" | "describe" | "emitsLayers"> {
  return {
    host: nodeHost({ jobs: jobs ?? availableParallelism(), environment: process.env }),
    databases: nixDatabases(process.env),
  };
}
