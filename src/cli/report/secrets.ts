/** The sentences of the secrets page. */
import { unreachable } from "../../core/entry.ts";
import { showBytes, showPath } from "../../core/path.ts";
import type { SecretProblem } from "../../core/problems/secrets.ts";
import { showSize } from "../text/size.ts";
import { KINDS } from "./kinds.ts";
import { type Sentence, sentence } from "./sentence.ts";

export function saySecretProblem(problem: SecretProblem): Sentence {
  switch (problem.code) {
    case "secrets/not-found":
      return sentence(`the secret ${showBytes(problem.source)} is not there`, { at: problem.at });
    case "secrets/no-file":
      return sentence(`the secret ${showBytes(problem.source)} is ${KINDS[problem.found]}, not a file`, {
        at: problem.at,
      });
    case "secrets/open-to-all": {
      const { source, mode, at } = problem;
      const does = (mode & 0o004) === 0 ? "write" : "read";
      return sentence(`everybody on this machine may ${does} the secret ${showBytes(source)}`, {
        at,
        details: [["its mode", mode.toString(8).padStart(4, "0")]],
        help: `chmod o-rw ${showBytes(source)}`,
      });
    }
    case "secrets/too-large":
      return sentence(
        `with ${showBytes(problem.source)} the secrets have more than ${showSize(problem.limit)}`,
        {
          at: problem.at,
          help: "they are held in memory, never in the cache; encrypt what is large, and let the key be the secret",
        },
      );
    case "secrets/path-taken":
      return sentence(
        `a secret cannot be ${showPath(problem.path)}: ${KINDS[problem.found]} is there already`,
        {
          at: problem.at,
          help: "leave it out of the image, or give the secret another path",
        },
      );
    case "secrets/below-no-directory":
      return sentence(
        `a secret cannot be ${showPath(problem.path)}: ${showPath(problem.parent)} is ${KINDS[problem.found]}`,
        { at: problem.at },
      );
    case "secrets/one-stream":
      return sentence(`no secrets can follow ${problem.kind}`, {
        at: problem.at,
        details: [["because", `only the kernel can tell where a stream of ${problem.kind} ends`]],
        help: "take xz, zstd, or any other compressor",
      });
    case "secrets/cannot-reseal":
      return sentence(`${showBytes(problem.image)} cannot be given other secrets`, {
        details: [["because", problem.why]],
        help: problem.help,
      });
    default:
      return unreachable(problem);
  }
}
