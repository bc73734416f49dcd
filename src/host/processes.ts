/**
 * Names for running processes. A process number alone is used again, so its start time (proc(5), field 22 of
 * stat) goes with it; a directory may be shared with other containers and machines, and numbers mean nothing
 * across them, so the boot and the namespace of process numbers go with it too.
 */
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessNames } from "../core/ports.ts";

export function processNames(): ProcessNames {
  const neighbourhood = createHash("sha256").update(whereNumbersMeanTheSame()).digest("hex").slice(0, 8);
  return {
    self: `${process.pid}-${startTimeOf(process.pid) ?? "0"}-${neighbourhood}`,
    isAlive: (name) => {
      const [, pid, startTime, where] = /^(\d+)-(\d+)-([0-9a-f]{8})$/.exec(name) ?? [];
      if (pid === undefined || where !== neighbourhood) return null;
      const found = startTimeOf(Number(pid));
      return found === null ? isRunning(Number(pid)) : found === startTime;
    },
  };
}

function whereNumbersMeanTheSame(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1");
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname(); // no Linux: the machine's name is the best there is
  }
}

/** Null: there is none of that number, or it cannot be seen. A dead process that nobody waited for counts as none. */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "dead" : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** /proc hides other users' processes where it is mounted with hidepid; a signal tells all the same. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
