/** The sentences of the archives page: root trees that are kept in archives. */
import { unreachable } from "../../core/entry.ts";
import { type HostPath, showBytes } from "../../core/path.ts";
import type { ArchiveProblem } from "../../core/problems/archives.ts";
import { safeText } from "../text/safe.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayArchiveProblem(problem: ArchiveProblem): Sentence {
  switch (problem.code) {
    case "archives/damaged":
      return sentence(`${showBytes(problem.path)} cannot be read as a root tree: ${safeText(problem.why)}`, {
        details: whereOf(problem.part, problem.offset),
      });
    case "archives/program-not-found":
      return sentence(`${problem.program} is needed to read ${showBytes(problem.path)} and was not found`, {
        details: whereOf(problem.part, null),
        help: `install ${problem.program}, or decompress the archive beforehand`,
      });
    case "archives/wrong-digest":
      return sentence(`${showBytes(problem.path)} is damaged: ${safeText(problem.part)} has another digest`, {
        details: [
          ["expected", safeText(problem.expected)],
          ["found", safeText(problem.found)],
        ],
        help: "fetch or export the image again",
      });
    case "archives/too-large":
      return sentence(
        `${showBytes(problem.path)} is no root tree that can be read in place: it has ${problem.has}`,
        {
          help: "leave out what no image needs, or unpack it and name the directory",
        },
      );
    case "archives/which-image":
      return whichImage(problem);
    default:
      return unreachable(problem);
  }
}

function whichImage({
  path,
  arch,
  fitting,
  all,
}: ArchiveProblem & { code: "archives/which-image" }): Sentence {
  const holds = ["holds", listed(all.map(safeText), "no image at all")] as const;
  if (fitting.length === 0) {
    const wanted = arch === null ? "" : ` for ${arch}`;
    return sentence(`${showBytes(path as HostPath)} holds no image${wanted}`, {
      details: [holds],
      help: all.length === 0 ? "" : 'change "arch", or export an image of that machine',
    });
  }
  // A label begins with the machine.
  const machines = new Set(fitting.map((label) => label.split(" ")[0]));
  const canPick = arch === null && machines.size === fitting.length;
  return sentence(
    `${showBytes(path as HostPath)} holds ${fitting.length} images${arch === null ? "" : ` for ${arch}`}`,
    {
      details: [["these are", listed(fitting.map(safeText), "none")]],
      help: canPick ? 'say in the recipe which machine it is for, with "arch"' : "export just one of them",
    },
  );
}

function whereOf(part: string, offset: number | null): (readonly [string, string])[] {
  const place = offset === null ? [] : [["at", `byte ${offset}`] as const];
  return part === "" ? place : [["in", safeText(part)] as const, ...place];
}
