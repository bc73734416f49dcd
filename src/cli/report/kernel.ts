/** The sentences of the kernel page: modules and firmware. */
import { showPath } from "../../core/path.ts";
import type { KernelProblem } from "../../core/problems/kernel.ts";
import { listed, type Sentence, sentence, showChain } from "./sentence.ts";

export function sayKernelProblem(problem: KernelProblem): Sentence {
  switch (problem.code) {
    case "kernel/no-modules":
      return sentence("the sysroot has no kernel modules", {
        at: problem.at,
        details: [["looked in", `${listed(problem.searched, "nothing")} of ${problem.tree}`]],
        help: "install a kernel package in the sysroot, or remove the key",
      });
    case "kernel/version":
      return sentence(
        problem.wanted === null
          ? "the sysroot has modules of several kernels"
          : `the sysroot has no modules of kernel ${problem.wanted}`,
        {
          at: problem.at,
          details: [["there are", listed(problem.found, "none")]],
          help: 'say which under "kernel.version"',
        },
      );
    case "kernel/several":
      return sentence("the recipe is for several kernels, one image each", {
        at: problem.at,
        help: "say with --kernel VERSION which of them is meant; `initgraph build` builds all",
      });
    case "kernel/two-layers": {
      const [first, second] = problem.layers;
      return sentence(`modules of kernel ${problem.version} are in two layers, ${first} and ${second}`, {
        at: problem.at,
        help: "put them into one: modprobe's indexes must name them all",
      });
    }
    case "kernel/module-not-found":
      if (problem.blacklisted.length > 0) {
        return sentence(`all modules that ${problem.module} stands for are on a blacklist`, {
          at: problem.at,
          details: [["blacklisted", listed(problem.blacklisted, "none")]],
          help: "write the module's own name, which modprobe loads all the same",
        });
      }
      return sentence(`kernel ${problem.version} has no module ${problem.module}`, {
        at: problem.at,
        mark: problem.nearest === null ? "" : `did you mean "${problem.nearest}"?`,
        details: [["looked in", `${problem.tree}: names, aliases, what is built in`]],
      });
    case "kernel/bad-module":
      return sentence(`${showPath(problem.path)} is no kernel module that can be read: ${problem.why}`, {
        help: "the file is damaged: install it again",
      });
    case "kernel/wrong-arch": {
      const of =
        problem.by === "recipe" ? problem.expected : `${problem.expected}, as the image's programs are`;
      return sentence(`${showPath(problem.path)} is for ${problem.found}, not ${of}`, {
        at: problem.chain.from,
        details: [["needed by", showChain(problem.chain)]],
        help:
          problem.by === "recipe"
            ? 'the recipe says "arch"; take a kernel of that machine, or change the key'
            : "take programs and a kernel of one machine",
      });
    }
    case "kernel/bad-index":
      return sentence(`no index can be written for the modules of ${showPath(problem.path)}: ${problem.why}`);
    case "kernel/dependency-missing":
      return sentence(`${showPath(problem.path)} needs ${problem.missing}, which is not there`, {
        help: "install the kernel's modules again",
      });
    case "kernel/dependency-cycle":
      return sentence("kernel modules need each other in a circle: none of them can be loaded", {
        details: [["modules", listed(problem.modules, "none")]],
      });
    case "kernel/firmware-not-found":
      return sentence(`${problem.driver} asks for firmware that is not there`, {
        at: problem.at,
        details: [
          ["missing", listed(problem.names, "none")],
          ["looked in", listed(problem.searched, "no directory: there is no /lib/firmware")],
        ],
        help: 'install it in the sysroot, or do not say "firmware: required"',
      });
    case "kernel/firmware-glob":
      return sentence(`no firmware is called ${problem.glob}, and no chosen driver asks for any`, {
        at: problem.at,
        details: [["looked in", listed(problem.searched, "no directory: there is no /lib/firmware")]],
      });
  }
}
