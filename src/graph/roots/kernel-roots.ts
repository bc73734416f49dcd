/** A kernel's modules, firmware and indexes as claims. */
import type { Arch, ElfMachine } from "../../core/arch.ts";
import { digestOf } from "../../core/digest.ts";
import { type ByteString, showBytes } from "../../core/path.ts";
import type { KernelCommand, KernelContents, KernelReferrer } from "../../kernel/kernel.ts";
import { isKernelFor, kernelArchOf } from "../../kernel/machines.ts";
import type { LayerSpec } from "../../spec/spec.ts";
import type { Closing } from "../closing.ts";
import { because } from "../closing.ts";
import { findProgram } from "../find-program.ts";
import { referrersIn } from "../findings.ts";
import type { Includer } from "../include.ts";
import { type NodeId, recipeNode } from "../references.ts";
import { placeIn } from "./layer-roots.ts";

export function claimKernel(
  kernel: KernelContents,
  layer: LayerSpec,
  closing: Closing,
  includer: Includer,
): void {
  const nodeOf = (from: KernelReferrer): NodeId => {
    if (from.kind === "file") return closing.nodeOf(closing.paths.resolveParent(`/${from.path}`).path);
    const place = placeIn(layer, from.place === "" ? "kernel" : `kernel/${from.place}`);
    closing.graph.addNode(recipeNode(place), { kind: "recipe", at: from.at, label: place });
    return recipeNode(place);
  };
  for (const { from, to, reason, says, found, tried } of inOrder(kernel)) {
    closing.problems.attempt(() => {
      includer.include(closing.paths.resolve(`/${to}`), { by: nodeOf(from), reason, says, found, tried });
    });
  }
  for (const command of kernel.commands) claimCommand(command, closing, includer);
  const whole = nodeOf({ kind: "recipe", place: "", at: layer.kernel!.at });
  // modprobe asks for /lib/modules, whatever the layout
  includer.includeLayout(closing.paths.resolve(`/lib/modules/${kernel.version}`).links, whole);
  for (const { path, bytes } of kernel.indexes) {
    if (closing.tree.isPlaced(path)) continue;
    const node = closing.addFileNode(path);
    closing.addEdge(because(whole, "module-index"), node);
    const source = { from: "recipe", bytes } as const;
    const content = digestOf(bytes);
    const entry = {
      kind: "file",
      path,
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: bytes.length,
      content,
      source,
    } as const;
    closing.claim(entry, node, null, false);
    closing.claimParents(path, node);
  }
  closing.warnings.push(...kernel.warnings);
}

/** Asked when all programs are known: modules are for the recipe's machine, else for theirs. */
export function refuseOtherMachines(kernel: KernelContents, arch: Arch | null, closing: Closing): void {
  const expected = arch ?? closing.machine;
  if (expected === null) return;
  for (const { path, machine } of kernel.machines) {
    if (isKernelFor(machine, expected)) continue;
    const chain = referrersIn(closing.chainOf(closing.nodeOf(path)));
    const name = (each: Arch | ElfMachine): string => kernelArchOf(each)?.name ?? `machine ${each.machine}`;
    const by = arch === null ? "programs" : "recipe";
    const facts = { found: name(machine), expected: arch?.name ?? name(expected), by } as const;
    closing.problems.add({ code: "kernel/wrong-arch", path, chain, ...facts });
  }
}

/** modprobe hands the line to /bin/sh, with the PATH that it has itself. */
function claimCommand({ from, line, programs }: KernelCommand, closing: Closing, includer: Includer): void {
  const { paths } = closing;
  const file = paths.resolveParent(`/${from}`).path;
  const says = showBytes(line as ByteString);
  for (const program of ["/bin/sh" as ByteString, ...programs]) {
    const { to, tried } = findProgram(program, paths);
    closing.problems.attempt(() => {
      const by = closing.nodeOf(file);
      if (to !== null)
        includer.include(to, { by, reason: "modprobe-command", says, found: `/${from}`, tried });
      else {
        closing.report({
          kind: "hole",
          by: file,
          closedBy: [],
          names: [showBytes(program)],
          problem: (chain) => ({
            code: "graph/command-not-found",
            program,
            line: says,
            chain,
            searched: tried,
          }),
        });
      }
    });
  }
}

/** An edge needs both of its ends: what a file refers to waits until something has brought the file. */
function inOrder({ references }: KernelContents): KernelContents["references"] {
  const byFile = new Map<string, (typeof references)[number][]>();
  const queue: (typeof references)[number][] = [];
  for (const reference of references) {
    if (reference.from.kind === "recipe") queue.push(reference);
    else byFile.set(reference.from.path, [...(byFile.get(reference.from.path) ?? []), reference]);
  }
  const seen = new Set<string>();
  for (const { to } of queue) {
    if (seen.has(to)) continue;
    seen.add(to);
    queue.push(...(byFile.get(to) ?? []));
  }
  return queue;
}
