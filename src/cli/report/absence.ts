/** What kept something out of an image, in words, each with the line of the recipe that would bring it. */
import type { Obstacle, Referrer } from "../../absence/obstacle.ts";
import { unreachable } from "../../core/entry.ts";
import { showPath, type TargetPath } from "../../core/path.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";
import { sayWarning } from "./warnings.ts";

/** `path`: where it lies in the trees; null: nowhere. */
export function sayObstacle(obstacle: Obstacle, path: TargetPath | null): Sentence {
  switch (obstacle.kind) {
    case "mounted":
      return sentence(
        `${showPath(obstacle.top)} is mounted over when the system runs: nothing there is followed`,
        {
          help: "what must be there before is placed under files, with a path of its own",
        },
      );
    case "suspected":
      return sayWarning(obstacle.warning);
    case "allowed":
      return sentence(`the recipe accepts that ${obstacle.missing} is missing: ${obstacle.reason}`, {
        at: obstacle.at,
        details: obstacle.by.length === 0 ? [] : [["needed by", listed(obstacle.by.map(showPath), "")]],
        help: "put it into the sysroot and remove the exception",
      });
    case "unused-link":
      return sentence(
        `it is a symlink that nothing in the image goes through; ${showPath(obstacle.to)} is there`,
        {
          help: naming(path),
        },
      );
    case "store":
      return sayStore(obstacle, path);
    case "unreferenced":
      return sayUnreferenced(obstacle, path);
    case "other-library":
    case "other-machine":
    case "hwcaps":
    case "dlopen-priority":
    case "dlopen-alternative":
      return sayLibrary(obstacle, path);
    default:
      return sayKernel(obstacle, path);
  }
}

type Of<Kind> = Extract<Obstacle, { kind: Kind }>;

function sayStore({ name, extent, isPartlyIn }: Of<"store">, path: TargetPath | null): Sentence {
  if (isPartlyIn && extent === "files")
    return sentence(`of ${name} come only the files that are reached`, {
      help: `${naming(path)}, or say "store: whole"`,
    });
  return sentence(`no store path of the image refers to ${name}`, { help: naming(path) });
}

const REFERS = {
  needed: "needs it",
  interpreter: "is started by it",
  shebang: "is run by it",
  "dlopen-note": "may open it",
} as const satisfies Record<Referrer["reason"], string>;

function sayUnreferenced({ referrers, isSearched }: Of<"unreferenced">, path: TargetPath | null): Sentence {
  const named = referrers.map((one) => `${one.path} ${REFERS[one.reason]}`);
  const nobody = isSearched ? "nothing" : "nothing among the files that were looked into";
  const isFile = path !== null;
  return sentence("it is in the sysroot, and nothing in the image refers to it", {
    details: isFile ? [["in the sysroot", listed(named, nobody)]] : [],
    help: referrers.length > 0 ? `name what needs it, or it: ${naming(path)}` : naming(path),
  });
}

function sayLibrary(
  obstacle: Of<"other-library" | "other-machine" | "hwcaps" | "dlopen-priority" | "dlopen-alternative">,
  path: TargetPath | null,
): Sentence {
  switch (obstacle.kind) {
    case "other-library": {
      const { soname, winner, by, found, tried, wasTried } = obstacle;
      const how = wasTried
        ? "was passed by, and another file serves"
        : "is not the first that is found of its name";
      return sentence(`for ${soname} it ${how}: ${showPath(winner)}`, {
        details: [
          ["found by", `${showPath(by)}, ${found || "its own rule"}`],
          ...(tried.length === 0 ? [] : [["not in", listed(tried, "")] as const]),
        ],
        help: wasTried ? "" : "closure.libraryPath names directories that are searched before",
      });
    }
    case "other-machine":
      return sentence(`it is for ${obstacle.found}, and the image's programs are for ${obstacle.expected}`);
    case "hwcaps":
      return sentence(
        `it is a variant for processors of level ${obstacle.level}, which the recipe does not ask for`,
        {
          details: obstacle.plain === null ? [] : [["in its place", showPath(obstacle.plain)]],
          help: `closure: {hwcaps: [${obstacle.level}]}`,
        },
      );
    case "dlopen-priority": {
      const { by, soname, feature, priority } = obstacle;
      const purpose = feature === "" ? "" : ` for ${feature}`;
      return sentence(`${showPath(by)} may open ${soname}${purpose}, which is just ${priority}`, {
        help: `closure: {dlopen: ${priority}}${path === null ? ", once the sysroot has it" : ""}`,
      });
    }
    case "dlopen-alternative":
      return sentence(
        `${showPath(obstacle.by)} opens ${obstacle.chosen} or ${obstacle.soname}, and the first was found`,
        {
          help: naming(path),
        },
      );
  }
}

function sayKernel(
  obstacle: Exclude<
    Obstacle,
    Of<
      | "mounted"
      | "suspected"
      | "allowed"
      | "unused-link"
      | "store"
      | "unreferenced"
      | "other-library"
      | "other-machine"
      | "hwcaps"
      | "dlopen-priority"
      | "dlopen-alternative"
    >
  >,
  path: TargetPath | null,
): Sentence {
  switch (obstacle.kind) {
    case "builtin":
      return sentence(
        `${obstacle.module} is built into kernel ${obstacle.version}: there is no file, and none is needed`,
      );
    case "other-kernel":
      return sentence(`it is of kernel ${obstacle.version}, and the image is for ${obstacle.chosen}`, {
        at: obstacle.at,
        help: `kernel: {version: ${obstacle.version}}, or --kernel ${obstacle.version}`,
      });
    case "no-kernel":
      return sentence("the recipe asks for no kernel modules", {
        help: `kernel: {version: ${obstacle.version}, modules: [${obstacle.module}]}`,
      });
    case "blacklisted":
      return sentence(`${obstacle.word} stands for it, and ${obstacle.by} has it on a blacklist`, {
        at: obstacle.at,
        help: `add ${obstacle.module} to kernel.modules: by its own name modprobe loads it all the same`,
      });
    case "module-unasked": {
      const { module, at, users, other } = obstacle;
      if (other !== null)
        return sentence(`of the module ${module} depmod takes another file: ${showPath(other)}`, { at });
      return sentence(`nothing asks for the module ${module}`, {
        at,
        details: users.length === 0 ? [] : [["would bring it", users.join(", ")]],
        help: `add ${module} to kernel.modules`,
      });
    }
    case "firmware-off":
      return sentence(`${obstacle.driver} asks for ${obstacle.name}, and the recipe takes no firmware`, {
        at: obstacle.at,
        help: "kernel: {firmware: true}",
      });
    case "firmware-excluded":
      return sentence(
        `${obstacle.driver} asks for ${obstacle.name}, which is not among the firmware that the recipe takes`,
        {
          at: obstacle.at,
          help: `add ${obstacle.name} there`,
        },
      );
    case "firmware-packed":
      return sentence(`${obstacle.driver} asks for it, and the kernel cannot unpack it`, {
        details: [["as says", obstacle.configuration]],
        help: "unpack it in the sysroot",
      });
    case "other-firmware":
      return sentence(
        `for ${obstacle.name} the kernel finds another file first: ${showPath(obstacle.winner)}`,
      );
    case "firmware-unasked":
      return sentence(`no driver of the image, and none that is built in, asks for ${obstacle.name}`, {
        at: obstacle.at,
        help: `add the module that asks for it to kernel.modules; or: ${naming(path)}`,
      });
    default:
      return unreachable(obstacle);
  }
}

function naming(path: TargetPath | null): string {
  return path === null ? "" : `add to contents: "- object: ${showPath(path)}"`;
}
