/** All that is looked for in an image that was unpacked as the kernel does it, one line for each. */
import type { CheckOrder } from "../check-image.ts";
import type { Finding } from "../finding.ts";
import type { ImageView } from "../image-view.ts";
import { checkBoard } from "./board.ts";
import { checkReaders } from "./readers.ts";
import { checkTree } from "./tree.ts";
import { checkWindows } from "./windows.ts";

/** Looks at an image, which may be damaged and incomplete. */
export type Check = (image: ImageView, order: CheckOrder) => readonly Finding[] | Promise<readonly Finding[]>;

export const CHECKS: readonly Check[] = [checkTree, checkBoard, checkReaders, checkWindows];
