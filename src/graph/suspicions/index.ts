/** Every kind of thing that no header says, and who looks for it. */
import type { Warning } from "../../core/warning.ts";
import { suspectDlopen } from "./dlopen-strings.ts";
import type { FinishedImage } from "./finished-image.ts";
import { suspectConverters, suspectThreads } from "./imports.ts";
import { suspectNss } from "./nss.ts";
import { suspectPam } from "./pam.ts";

export function suspicionsOf(image: FinishedImage): Warning[] {
  return [suspectNss, suspectPam, suspectThreads, suspectConverters, suspectDlopen].flatMap((look) =>
    look(image),
  );
}
