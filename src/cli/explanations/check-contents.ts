/** Explanations of what `check` finds: secrets that others can read. */
import type { ContentFinding } from "../../check/findings/contents.ts";
import type { Explanation } from "./explanation.ts";

const CHECK = "$ initgraph check initrd.img";

export const CHECK_CONTENTS: Readonly<Record<ContentFinding["code"], Explanation>> = {
  "check/secret-readable": {
    title: "everybody may read a secret in the running initrd",
    happened: "By its mode, and those of its directories, any user of the running initrd may read it.",
    causes: ["a key was copied with the mode of its checkout"],
    remedies: ["give it mode 0600"],
    example: `# a private key of mode 0644\n${CHECK}`,
    mended: null,
  },
  "check/image-readable": {
    title: "everybody may read an image that holds secrets",
    happened: "Who reads the image reads all that is in it, whatever modes it has there.",
    causes: ["images are made with mode 0644, for boot loaders"],
    remedies: ["give the image mode 0600", "put secrets in last, and apart: `initgraph reseal`"],
    example: `# a private key in an image of mode 0644\n${CHECK}`,
    mended: null,
  },
};
