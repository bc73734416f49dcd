/** `initgraph explain`: what a code of an error or a warning means. */
import { command } from "../command.ts";

export const explain = command({
  name: "explain",
  summary: "explain the code of an error or a warning",
  about:
    "Every problem has a code in brackets: error[graph/library-not-found]. Told are: what happened, the usual causes, what to do, " +
    "and an example. The room before the slash alone lists its codes; without a CODE all are listed.",
  operands: [{ name: "CODE", says: "codes, or rooms of codes", need: "any", completes: "code" }],
  options: {},
  onFailure: "",
  examples: [
    ["initgraph explain graph/library-not-found", "what to do about a library that is missing"],
    ["initgraph explain library-not-found", "the same: the room may be left out"],
    ["initgraph explain kernel", "all codes about kernel modules and firmware"],
    ["initgraph explain", "all codes, by room"],
  ],
  async run({ operands }, terminal) {
    const { runExplain } = await import("../work/explain-codes.ts");
    return runExplain(operands, terminal);
  },
});
