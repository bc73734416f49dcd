/** Explanations: what cannot be said of an image's costs. */
import type { SizeProblem } from "../../core/problems/size.ts";
import type { Explanation } from "./explanation.ts";

export const SIZE: Readonly<Record<SizeProblem["code"], Explanation>> = {
  "size/unknown-lines": {
    title: "no manifest tells which line of a recipe brought what",
    happened:
      "What a line costs follows from the graph of references, which stands in <name>.manifest.json beside an image. There is none.",
    causes: ["the image was copied without its manifest", "another tool made the image"],
    remedies: [
      "ask for directories, or for the members of the image (layers): these the image tells itself",
      "name the recipe in place of the image",
    ],
    example: "# an image of another tool\n$ initgraph size a.img --by line",
    mended: "$ initgraph size a.img --by directory",
  },
  "size/unknown-packages": {
    title: "nothing tells which package a file belongs to",
    happened:
      "Packages are told by the database of the root tree, or by the names of store paths. An image has no root tree, and this tree has no database.",
    causes: ["an image was named, not a recipe", "the root tree was unpacked without a package manager"],
    remedies: ["name the recipe, with a root tree that dpkg, apk or rpm installed"],
    example: "# a root tree without a database of packages\n$ initgraph size --by package",
    mended: "$ initgraph size --by package --sysroot /srv/root",
  },
};
