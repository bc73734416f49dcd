/** `initgraph check`: whether an image would boot. */
import { command } from "../command.ts";

export const check = command({
  name: "check",
  summary: "say what the kernel would lose of an image, and whether it would boot",
  about:
    "Plays the kernel's unpacker over the bytes of any image, ours or others', and looks at the tree that it would make: what is lost, " +
    "replaced or damaged without a word of the kernel's. A fault is what will not boot or loses something, and makes the exit code 1; " +
    "warnings, and what cannot be proved without running it, are told.",
  operands: [{ name: "IMAGE", says: "an initramfs image", need: "one" }],
  options: {},
  onFailure: "nothing was checked",
  examples: [
    ["initgraph check result/initrd", "a built image"],
    ["initgraph check --json /boot/initrd.img", "the findings by their codes, for programs"],
  ],
  async run({ operands }, terminal) {
    const { runCheck } = await import("../work/check.ts");
    return runCheck({ image: operands[0]! }, terminal);
  },
});
