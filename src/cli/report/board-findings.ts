/** The sentences of an image in a board's memory. */
import type { BoardFinding } from "../../check/findings/board.ts";
import { showSize } from "../text/size.ts";
import { showArea } from "./area.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayBoardFinding(finding: BoardFinding): Sentence {
  switch (finding.code) {
    case "check/areas-overlap": {
      const { first, second } = finding;
      return sentence(`${first.name} and ${second.name} overlap in the board's memory`, {
        details: [
          [first.name, showArea(first)],
          [second.name, showArea(second)],
        ],
        help: "load one of them elsewhere",
      });
    }
    case "check/larger-than-its-area":
      return sentence("the image is larger than the area for the ramdisk", {
        details: [
          ["image", showSize(finding.size)],
          ["area", showSize(finding.limit)],
        ],
      });
    case "check/wrapper-machine":
      return sentence(
        `U-Boot refuses the wrapper: it says ${finding.says}, and the programs are for ${finding.programs}`,
        {
          help: `wrap it again: initgraph wrap --arch ${finding.programs}`,
        },
      );
    case "check/area-unknown":
      return sentence("whether the image overlaps what has no known end", {
        details: [["sizes", `of ${listed(finding.names, "none")} were not said`]],
      });
  }
}
