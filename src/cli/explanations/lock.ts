/** Explanations: what a lock does not allow. */
import type { LockProblem } from "../../core/problems/lock.ts";
import type { Explanation } from "./explanation.ts";

const LOCKED = "$ initgraph build --locked";
const AGAIN = "$ initgraph lock && initgraph build --locked";
const RENEW = "if the change is wanted: `initgraph lock` writes the lock anew, to be committed with it";

export const LOCK: Readonly<Record<LockProblem["code"], Explanation>> = {
  "lock/missing": {
    title: "the build is to hold to a lock that is not there",
    happened:
      "`build --locked` compares every input with <recipe>.lock (with --kernel: <recipe>.<version>.lock), and there is none.",
    causes: ["the lock was not committed with the recipe", "the recipe was renamed"],
    remedies: ["write it with `initgraph lock`, and commit it"],
    example: LOCKED,
    mended: AGAIN,
  },
  "lock/unreadable": {
    title: "the lock is not as initgraph writes it",
    happened: "A lock that cannot be read proves nothing, so the build stops. The line is named.",
    causes: ["a merge that left its marks (<<<<<<<)", "a lock of a newer initgraph"],
    remedies: ["take it back from where it is kept", "write it anew with `initgraph lock`"],
    example: `# the lock has marks of a merge\n${LOCKED}`,
    mended: AGAIN,
  },
  "lock/input-moved": {
    title: "an input is not what the lock says",
    happened:
      "A file has another digest than when the lock was written, is new, or is no input any more. `brought by` tells the reference by which it comes in.",
    causes: ["a package was updated in the sysroot", "a file beside the recipe was edited"],
    remedies: [RENEW, "else bring the input back to what it was"],
    example: LOCKED,
    mended: AGAIN,
  },
  "lock/others-moved": {
    title: "many inputs are not what the lock says",
    happened: "The first ones are told each; this is the number of the rest.",
    causes: ["another root tree: another release, another machine"],
    remedies: ["build from the tree that the lock was written for", RENEW],
    example: LOCKED,
    mended: AGAIN,
  },
  "lock/recipe-moved": {
    title: "the recipe is not what the lock says",
    happened:
      "The recipe's meaning changed since the lock was written: with what it includes, and with --set.",
    causes: [
      "the recipe or an included one was edited",
      "--set, --compressor or --sysroot with another value",
    ],
    remedies: [RENEW],
    example: LOCKED,
    mended: AGAIN,
  },
  "lock/compressor-moved": {
    title: "the compressor is not what the lock says",
    happened:
      "Another compressor, version or level writes other bytes. The lock names the one that the image was made with.",
    causes: ["the program was updated on this machine", "initgraph was updated, and its codec with it"],
    remedies: [RENEW, "take an embedded codec (zstd, gzip), which is the same on every machine"],
    example: LOCKED,
    mended: AGAIN,
  },
  "lock/image-moved": {
    title: "every input is what the lock says, and the image is another",
    happened:
      "Contents are the same; a mode, an owner, a symlink, the time of the entries, or the version of initgraph differs.",
    causes: [
      "a checkout under another umask (only the execute bit of files beside the recipe counts)",
      "another SOURCE_DATE_EPOCH",
      "an update of initgraph",
    ],
    remedies: ["set `epoch` in the recipe", RENEW],
    example: `$ SOURCE_DATE_EPOCH=5 initgraph build --locked`,
    mended: AGAIN,
  },
};
