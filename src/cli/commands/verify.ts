/** `initgraph verify`: whether a recipe gives the same bytes again, and elsewhere. */
import { command } from "../command.ts";
import { parseJobs } from "../jobs.ts";
import { KERNEL, parseSettings, SET } from "../settings.ts";

export const verify = command({
  name: "verify",
  summary: "build twice under different circumstances, or compare with an image from elsewhere",
  about:
    "Builds the recipe with nothing known beforehand, then again in another process: another umask, locale, time zone, number of " +
    "jobs, directory, home and empty cache, as another user where root runs it, and from a copy of all inputs in which " +
    "names were made in the opposite order, times are others, equal files are hard links and links are files. What could not be " +
    "altered is said. Where the two differ, the first entry that does is named, and the exit code is 1. Neither the cache nor " +
    "an earlier result is read or written; an image that is there is compared by --against. The copies need room in $TMPDIR.",
  operands: [{ name: "recipe", says: "the recipe (default: ./initrd.yaml)", need: "optional" }],
  options: {
    against: {
      takes: "IMAGE",
      says: "build once, and compare with this image, however it is compressed or wrapped",
    },
    sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's: a directory or an archive" },
    compressor: { takes: "NAME", says: "the compressor, in place of the recipe's" },
    kernel: KERNEL,
    set: SET,
    jobs: { short: "j", takes: "N", says: "compress so many pieces at a time in the first build" },
  },
  onFailure: "nothing was verified",
  examples: [
    ["initgraph verify", "whether ./initrd.yaml gives the same image again"],
    ["initgraph verify board.yaml --against board.img", "whether this machine builds what another did"],
  ],
  async run({ operands, options }, terminal) {
    const { runVerify } = await import("../work/verify.ts");
    return runVerify(
      {
        recipe: operands[0] ?? "initrd.yaml",
        sysroot: options.sysroot,
        compressor: options.compressor,
        kernel: options.kernel,
        variables: parseSettings(options.set),
        jobs: parseJobs(options.jobs),
        against: options.against,
      },
      terminal,
    );
  },
});
