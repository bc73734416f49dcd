/** What this machine has to play others: QEMU's programs, KVM, firmware. */
import { accessSync, constants } from "node:fs";
import type { HostPath } from "../core/path.ts";
import { processGroups } from "../host/process-groups.ts";
import { DEFAULT_PATH, findProgram } from "../host/programs.ts";

/** One for all programs of a run. */
export const emulatorGroups = processGroups;

export function findEmulator(program: string): HostPath | null {
  return findProgram(program, process.env["PATH"] || DEFAULT_PATH);
}

/** Whether KVM may be asked to run machines of one of these processors, as Node calls them. */
export function mayUseKvm(hosts: readonly string[]): boolean {
  const isOwn = process.platform === "linux" && hosts.includes(process.arch);
  return isOwn && mayAccess("/dev/kvm", constants.R_OK | constants.W_OK);
}

export function isThere(path: string): boolean {
  return mayAccess(path, constants.F_OK);
}

export function isReadable(path: string): boolean {
  return mayAccess(path, constants.R_OK);
}

function mayAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
