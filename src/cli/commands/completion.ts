/** `initgraph completion`: what a shell needs to complete our words. */
import { command } from "../command.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

export const completion = command({
  name: "completion",
  summary: "print the completion script of a shell",
  about:
    "Verbs, options, and what is known of their values: recipes, names of compressors and machines, codes.",
  operands: [{ name: "SHELL", says: "bash, zsh or fish", need: "one", completes: SHELLS }],
  options: {},
  onFailure: "",
  examples: [
    ["source <(initgraph completion bash)", "in ~/.bashrc; for zsh the same in ~/.zshrc, behind compinit"],
    ["initgraph completion zsh > ~/.zfunc/_initgraph", "as a file of the fpath"],
    ["initgraph completion fish > ~/.config/fish/completions/initgraph.fish", "for fish"],
  ],
  async run({ operands }, terminal) {
    const { printCompletion } = await import("../work/completion.ts");
    return printCompletion(operands[0]!, terminal);
  },
});
