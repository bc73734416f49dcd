/** The sentences of what an image starts, and whether it can run. */
import type { InterpreterTrouble, ProgramFinding } from "../../check/findings/programs.ts";
import { showBytes, showPath } from "../../core/path.ts";
import { showCount } from "../text/size.ts";
import { KINDS } from "./kinds.ts";
import { type Sentence, sentence } from "./sentence.ts";
import { firstOf, sharedBy } from "./sharing.ts";

export function sayProgramFinding(finding: ProgramFinding): Sentence {
  switch (finding.code) {
    case "check/no-init":
    case "check/init-not-executable":
    case "check/init-no-program":
    case "check/init-interpreter":
      return sayInit(finding);
    case "check/program-loader":
      return sentence(
        `the loader ${showBytes(finding.interpreter)} ${TROUBLES[finding.trouble]}, so ${programs(finding.count)} start`,
        {
          details: [sharedBy("programs", finding)],
          help: "a shell says of the program itself that it is not found",
        },
      );
    case "check/library-missing":
      return sentence(`${showBytes(finding.soname)} is not found, so ${programs(finding.count)} start`, {
        details: [
          sharedBy("needed by", finding),
          ...(finding.passedBy.length === 0 ? [] : [["passed by", finding.passedBy.join("\n")] as const]),
        ],
      });
    case "check/library-broken":
      return sentence(
        `the loader gives up at ${showPath(finding.library)}, so ${programs(finding.count)} start`,
        {
          details: [["because", finding.why], sharedBy("needed by", finding)],
        },
      );
    case "check/plugin-library":
      return sentence(`${showBytes(finding.soname)} is not found for what is loaded at run time`, {
        details: [sharedBy("needed by", finding)],
        help: "no program of the image needs these libraries itself; one that opens them gets an error",
      });
    case "check/program-foreign":
      return sentence(
        `${programs(finding.count)} run: made for ${finding.machine}, not for ${finding.wanted}`,
        {
          details: [sharedBy("programs", finding)],
        },
      );
    case "check/program-broken":
      return sentence(`${programs(finding.count)} be loaded: ${finding.why}`, {
        details: [sharedBy("programs", finding)],
      });
    case "check/script-interpreter":
      return sentence(
        `the interpreter ${showBytes(finding.interpreter)} ${TROUBLES[finding.trouble]}, so ${showCount(finding.count, "script")} cannot start`,
        { details: [sharedBy("scripts", finding)] },
      );
    case "check/shebang-too-long":
      return sentence(`the #! line of ${showCount(finding.count, "script")} is too long for the kernel`, {
        details: [sharedBy("scripts", finding)],
        help: "the name of the interpreter must end within 256 bytes",
      });
    case "check/dangling-command":
      return sentence(`${showCount(finding.count, "command leads", "commands lead")} nowhere`, {
        details: [sharedBy("symlinks", finding)],
      });
    case "check/console-hidden":
      return sentence(`${KINDS[finding.found]} takes the place of the console`, {
        details: [["where", `${showPath(finding.path)}: the kernel makes it before it unpacks the image`]],
        help: "leave it out, or make it a character device 5:1: init's input and output go there",
      });
    case "check/opened-at-run-time":
      return sentence(
        `whether ${showCount(finding.count, "program or library does", "programs and libraries do")} without what ${finding.count === 1 ? "it opens" : "they open"} at run time`,
        {
          details: [["not there", firstOf(finding.libraries.map(showBytes))], sharedBy("opened by", finding)],
        },
      );
    case "check/scripts-unread":
      return sentence(`which commands ${showCount(finding.count, "script calls", "scripts call")}`, {
        details: [sharedBy("scripts", finding)],
      });
    case "check/files-unread":
      return sentence(`what is in ${showCount(finding.count, "file")}: there is more than is looked at`, {
        details: [sharedBy("files", finding)],
      });
  }
}

type InitFinding = Extract<ProgramFinding, { readonly code: `check/${"init-" | "no-init"}${string}` }>;

function sayInit(finding: InitFinding): Sentence {
  const name = finding.code === "check/no-init" ? showBytes(finding.path) : showPath(finding.path);
  switch (finding.code) {
    case "check/no-init":
      return sentence(`there is no ${name}`, {
        details: finding.leadsTo === null ? [] : [["it leads to", showPath(finding.leadsTo)]],
        help: "the kernel goes on to mount what root= names, and panics without one; rdinit= names another init (--rdinit)",
      });
    case "check/init-not-executable":
      return sentence(`the kernel cannot execute ${name}`, {
        details: [
          [
            "it is",
            finding.found === "file" ? `a file of mode ${octal(finding.mode)}` : KINDS[finding.found],
          ],
        ],
        help: AFTER_INIT,
      });
    case "check/init-no-program":
      return sentence(`${name} is nothing that the kernel could start`, {
        details: [["because", finding.why]],
        help: AFTER_INIT,
      });
    case "check/init-interpreter":
      return sentence(
        `${name} cannot start: ${showBytes(finding.interpreter)} ${TROUBLES[finding.trouble]}`,
        {
          help: AFTER_INIT,
        },
      );
  }
}

const AFTER_INIT =
  "the kernel tries /sbin/init, /etc/init, /bin/init and /bin/sh of the image next, and panics where none starts";

const TROUBLES: Readonly<Record<InterpreterTrouble, string>> = {
  absent: "is not there",
  "carriage-return": "is not there: the line ends with a carriage return, which belongs to the name",
  "not-executable": "is nothing that may be executed",
  "no-program": "is neither a program nor a script",
  foreign: "is for another machine",
  "too-deep": "is a script of a script, deeper than the kernel follows",
};

function programs(count: number): string {
  return `${showCount(count, "program")} cannot`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
