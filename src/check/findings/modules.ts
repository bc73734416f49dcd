/** Whether the modules of an image can be found and loaded. */
import type { TargetPath } from "../../core/path.ts";
import type { Levels } from "../level.ts";
import type { Sharing } from "./programs.ts";

export type ModuleFinding =
  /** modprobe of this image reads a file that is not there: it finds no module at all. */
  | {
      readonly code: "check/no-module-index";
      readonly directory: TargetPath;
      readonly index: string;
      readonly modules: number;
    }
  /** Modules that the index does not name: modprobe finds them by no name. */
  | ({ readonly code: "check/module-unlisted"; readonly index: string } & Sharing)
  /** The index names modules that these need, and the image lacks. */
  | ({ readonly code: "check/module-needs-absent"; readonly needs: string } & Sharing)
  /** Modules of the image need others of it, and the index does not say so. */
  | ({ readonly code: "check/index-incomplete"; readonly index: string; readonly lacks: string } & Sharing)
  /** A symbol that neither the kernel nor a module of the image has. */
  | ({ readonly code: "check/module-symbol"; readonly symbol: string } & Sharing)
  /** They were made for another version than the directory that they lie in. */
  | ({
      readonly code: "check/module-version";
      readonly version: string;
      readonly directory: TargetPath;
    } & Sharing)
  /** What they say of themselves is not what the kernel wants to hear. */
  | ({ readonly code: "check/module-refused"; readonly vermagic: string; readonly wanted: string } & Sharing)
  | ({ readonly code: "check/module-foreign"; readonly machine: string; readonly wanted: string } & Sharing)
  | ({ readonly code: "check/module-broken"; readonly why: string } & Sharing)
  /** There are modules, and none for this kernel. */
  | {
      readonly code: "check/no-modules-for-kernel";
      readonly version: string;
      readonly found: readonly string[];
    }
  /** Firmware that modules name and the image lacks: whether their devices are there nobody knows. */
  | ({ readonly code: "check/firmware-absent"; readonly names: readonly string[] } & Sharing)
  /** It is there, packed in a way that this kernel does not unpack. */
  | ({
      readonly code: "check/firmware-packed";
      readonly names: readonly string[];
      readonly option: string;
    } & Sharing);

export const MODULE_LEVELS: Levels<ModuleFinding> = {
  "check/no-module-index": "fault",
  "check/module-unlisted": "fault",
  "check/module-needs-absent": "fault",
  "check/index-incomplete": "fault",
  "check/module-symbol": "fault",
  "check/module-version": "warning",
  "check/module-refused": "fault",
  "check/module-foreign": "fault",
  "check/module-broken": "fault",
  "check/no-modules-for-kernel": "fault",
  "check/firmware-absent": "unproven",
  "check/firmware-packed": "warning",
};
