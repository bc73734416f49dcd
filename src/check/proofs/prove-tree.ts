/** All that is proved of what an image unpacks to. */
import type { MemberKind } from "../../inspect/read-image.ts";
import type { Wrapper } from "../../inspect/wrapper.ts";
import type { Finding } from "../finding.ts";
import { proveWrapper } from "./board.ts";
import { proveDlopen } from "./dlopen.ts";
import { proveFirmware } from "./firmware.ts";
import { proveIndexes } from "./indexes.ts";
import { proveInit } from "./init.ts";
import { proveKernel } from "./kernel.ts";
import { proveConsole, proveLinks } from "./links.ts";
import { machineOfModules, proveModules } from "./modules.ts";
import { elfFilesOf, machineOfPrograms, proveMachines, provePrograms } from "./programs.ts";
import { readModules } from "./read-modules.ts";
import { proveScripts } from "./scripts.ts";
import { proveSecrets } from "./secrets.ts";
import { type LoadableTree, type ProofWish, proveReadable, subjectOf } from "./subject.ts";

/** What is known of the file that the tree comes from. */
export interface TreeOrigin {
  readonly members: readonly MemberKind[];
  readonly wrapper: Wrapper | null;
  /** Permission bits of the file; null: not known. */
  readonly mode: number | null;
}

export async function proveTree(
  tree: LoadableTree,
  { members, wrapper, mode }: TreeOrigin,
  wish: ProofWish,
): Promise<Finding[]> {
  const subject = await subjectOf(tree, wish);
  const modules = await readModules(subject);
  const own = machineOfPrograms(elfFilesOf(subject).programs);
  const machine = wish.kernel?.machine ?? machineOfModules(modules, own);
  return [
    ...proveInit(subject),
    ...proveKernel(subject, members, modules),
    ...proveWrapper(wrapper, own),
    ...proveMachines(subject, machine),
    ...provePrograms(subject),
    ...proveScripts(subject),
    ...proveConsole(subject),
    ...proveLinks(subject),
    ...proveModules(modules, wish.kernel, machine),
    ...proveIndexes(modules, subject),
    ...proveFirmware(modules, subject),
    ...proveDlopen(subject),
    ...proveSecrets(subject, mode),
    ...proveReadable(subject),
  ];
}
