/** Explanations: why nothing can be told of where an image's files come from. */
import type { TraceProblem } from "../../core/problems/trace.ts";
import type { Explanation } from "./explanation.ts";

export const TRACE: Readonly<Record<TraceProblem["code"], Explanation>> = {
  "trace/not-in-image": {
    title: "what is asked for is not in the image",
    happened: "No path, module, firmware or package of this name is in the image.",
    causes: ["a slip in the name", "nothing that the recipe names needs it"],
    remedies: [
      "take one of the names that the message lists as nearest",
      "`initgraph why-not` says where it would have come in, and what kept it out",
    ],
    example: "$ initgraph why /usr/bin/tol",
    mended: "$ initgraph why /usr/bin/tool",
  },
  "trace/no-manifest": {
    title: "no manifest beside the image tells what it was made of",
    happened:
      "An archive holds names and bytes, and no reasons. These stand in <name>.manifest.json, which a build writes beside its image, and there is none.",
    causes: ["the image was copied without its manifest", "another tool made the image"],
    remedies: [
      "keep the two together: copy the manifest too",
      "name the recipe in place of the image",
      "`initgraph ls` and `check` need no manifest",
    ],
    example: "# an image of another tool\n$ initgraph why tool --in alone.cpio",
    mended: "$ initgraph why tool --in result/initrd",
  },
  "trace/bad-manifest": {
    title: "a manifest is not as initgraph writes it",
    happened: "The file beside the image has a manifest's name, and other contents or a damage.",
    causes: ["it was edited, or cut short by a full disk", "another program writes a file of that name"],
    remedies: ["take it back from where it is kept", "build the image again"],
    example: "# result/initrd.manifest.json was cut short\n$ initgraph why /bin/sh --in result/initrd",
    mended: "$ initgraph build && initgraph why /bin/sh --in result/initrd",
  },
  "trace/manifest-version": {
    title: "a manifest was written by another version of initgraph",
    happened: "Its form is not the one that this version reads, so its reasons could be misread.",
    causes: ["the image was built before initgraph was updated, or elsewhere by a newer one"],
    remedies: ["build the image again", "name the recipe in place of the image"],
    example: "# it was built by an older initgraph\n$ initgraph why /bin/sh --in result/initrd",
    mended: "$ initgraph build && initgraph why /bin/sh --in result/initrd",
  },
  "trace/other-image": {
    title: "the manifest beside an image tells of other bytes",
    happened:
      "The manifest has the digest of its image, and this image has another. Its reasons would be those of another image.",
    causes: ["the image was replaced by one from elsewhere", "`initgraph reseal` gave it other secrets"],
    remedies: ["build the image again", "name the recipe in place of the image"],
    example: "# result/initrd.zst was replaced\n$ initgraph why /bin/sh --in result/initrd",
    mended: "$ initgraph build && initgraph why /bin/sh --in result/initrd",
  },
};
