/** Every kind of thing that no header says, and who looks for it. */
import type { Warning } from "../../core/warning.ts";
import type { FinishedImage } from "./finished-image.ts";
import { suspectNss } from "./nss.ts";

export function suspicionsOf(image: FinishedImage): Warning[] {
  return [...suspectNss(image)];
}
