/** Whether what the image starts can run. */
import type { Entry } from "../../core/entry.ts";
import type { ByteString, TargetPath } from "../../core/path.ts";
import type { Levels } from "../level.ts";

/** Many files share a trouble: how many, and the first of them. */
export interface Sharing {
  readonly count: number;
  readonly paths: readonly TargetPath[];
}

/** Why the kernel does not start what a `#!` line or PT_INTERP names. */
export type InterpreterTrouble =
  | "absent"
  /** A carriage return belongs to the name, as far as the kernel is concerned. */
  | "carriage-return"
  | "not-executable"
  /** Neither a program nor a script. */
  | "no-program"
  /** A program for another machine. */
  | "foreign"
  /** Scripts that interpret scripts, more than the kernel follows. */
  | "too-deep";

export type ProgramFinding =
  /** The kernel goes on to mount the root file system by itself. `leadsTo`: of a symlink, else null. */
  | { readonly code: "check/no-init"; readonly path: ByteString; readonly leadsTo: TargetPath | null }
  | {
      readonly code: "check/init-not-executable";
      readonly path: TargetPath;
      readonly found: Entry["kind"];
      readonly mode: number;
    }
  /** `why`: for people. */
  | { readonly code: "check/init-no-program"; readonly path: TargetPath; readonly why: string }
  | {
      readonly code: "check/init-interpreter";
      readonly path: TargetPath;
      readonly interpreter: ByteString;
      readonly trouble: InterpreterTrouble;
    }
  | ({
      readonly code: "check/program-loader";
      readonly interpreter: ByteString;
      readonly trouble: InterpreterTrouble;
    } & Sharing)
  /** `passedBy`: files of that name that the loader does not take, for people. */
  | ({
      readonly code: "check/library-missing";
      readonly soname: ByteString;
      readonly passedBy: readonly string[];
    } & Sharing)
  /** A file at which the loader ends the program. */
  | ({ readonly code: "check/library-broken"; readonly library: TargetPath; readonly why: string } & Sharing)
  /** The same of what programs open while they run, such as plugins: they miss it then. */
  | ({ readonly code: "check/plugin-library"; readonly soname: ByteString } & Sharing)
  | ({ readonly code: "check/program-foreign"; readonly machine: string; readonly wanted: string } & Sharing)
  | ({ readonly code: "check/program-broken"; readonly why: string } & Sharing)
  | ({
      readonly code: "check/script-interpreter";
      readonly interpreter: ByteString;
      readonly trouble: InterpreterTrouble;
    } & Sharing)
  /** The interpreter's name may be cut off: the kernel looks at 256 bytes. */
  | ({ readonly code: "check/shebang-too-long" } & Sharing)
  /** Commands that are symlinks to nothing. */
  | ({ readonly code: "check/dangling-command" } & Sharing)
  /** Something that is no console stands where the kernel has made one. */
  | { readonly code: "check/console-hidden"; readonly path: TargetPath; readonly found: Entry["kind"] }
  /** Libraries that programs say they open while they run, and that the image lacks. */
  | ({ readonly code: "check/opened-at-run-time"; readonly libraries: readonly ByteString[] } & Sharing)
  /** What commands scripts call nobody can tell who does not run them. */
  | ({ readonly code: "check/scripts-unread" } & Sharing)
  /** More than is held at once: nothing was looked for in these. */
  | ({ readonly code: "check/files-unread" } & Sharing);

export const PROGRAM_LEVELS: Levels<ProgramFinding> = {
  "check/no-init": "fault",
  "check/init-not-executable": "fault",
  "check/init-no-program": "fault",
  "check/init-interpreter": "fault",
  "check/program-loader": "fault",
  "check/library-missing": "fault",
  "check/library-broken": "fault",
  "check/plugin-library": "warning",
  "check/program-foreign": "fault",
  "check/program-broken": "fault",
  "check/script-interpreter": "warning",
  "check/shebang-too-long": "warning",
  "check/dangling-command": "warning",
  "check/console-hidden": "fault",
  "check/opened-at-run-time": "unproven",
  "check/scripts-unread": "unproven",
  "check/files-unread": "unproven",
};
