/** The lab's ukify, systemd's own tool for unified kernel images. */
import { execFileSync } from "node:child_process";
import { labTree, type Requirement, requireAll, requireLabTree, requireTool } from "./tools.ts";

export function requireUkify(): Requirement {
  return requireAll(requireTool("python3"), requireLabTree("uki/ukify", "uki/python"));
}

/** @returns what it printed. @throws Error with its complaint. */
export function ukify(...args: readonly string[]): string {
  return execFileSync("python3", [labTree("uki/ukify"), ...args], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: labTree("uki/python"), PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** A stub of the lab, as systemd names its machine: "x64"; "old/x64" is one from before systemd 253. */
export function stubPath(machine: string): string {
  const [name = "", directory = ""] = machine.split("/").reverse();
  return labTree(`uki/${directory === "" ? "" : `${directory}/`}linux${name}.efi.stub`);
}
