/** Explanations: root trees that are kept in archives. */
import type { ArchiveProblem } from "../../core/problems/archives.ts";
import type { Explanation } from "./explanation.ts";

export const ARCHIVES: Readonly<Record<ArchiveProblem["code"], Explanation>> = {
  "archives/damaged": {
    title: "an archive cannot be read as a root tree",
    happened:
      "The sysroot is a tar, an OCI image layout or what `docker save` writes, and something in it is not as its format wants it. Nothing of a damaged archive is used: an image would lack files without a word.",
    causes: [
      "the download or the copy stopped early",
      "a member leads out of the archive (../) or is a hard link to what is not there",
      "the file is something else, named like an archive",
    ],
    remedies: [
      "fetch or export the archive again, and compare its digest with the publisher's",
      "`tar -tf` shows whether other tools can read it to its end",
    ],
    example: "# root.tar was cut short\nsysroot: ./root.tar\ncontents:\n  - object: /usr/bin/tool",
    mended: null,
  },
  "archives/program-not-found": {
    title: "a program is needed to decompress an archive",
    happened:
      "initgraph decompresses gzip and zstd by itself; xz and bzip2 by the programs of this machine. The one that this archive needs is not in the PATH.",
    causes: ["a small container or a fresh machine, without xz or bzip2"],
    remedies: ["install the program", "decompress the archive beforehand, or pack it with gzip or zstd"],
    example: "# the machine has no bzip2\nsysroot: ./root.tar.bz2\ncontents:\n  - object: /bin/busybox",
    mended: "sysroot: ./root.tar.gz\ncontents:\n  - object: /bin/busybox",
  },
  "archives/wrong-digest": {
    title: "a part of a container image is not what its index says",
    happened:
      "Container images name each layer and configuration by its digest. This one's bytes have another: it was damaged or changed after it was made.",
    causes: ["an interrupted copy of the image's directory", "a layer that was edited by hand"],
    remedies: ["pull or export the image again"],
    example: "# a layer in ./image was changed\nsysroot: ./image\ncontents:\n  - object: /usr/bin/tool",
    mended: null,
  },
  "archives/too-large": {
    title: "an archive would cost more memory than any root tree needs",
    happened:
      "An archive is read in place, so its list of members is held in memory. A few megabytes can hold members without end; before that costs the machine's memory, reading stops.",
    causes: ["an archive made to exhaust who reads it", "a tree with everything in it, /home and /proc too"],
    remedies: [
      "leave out of the archive what no image needs",
      "unpack it, and name the directory: directories have no such limit",
    ],
    example:
      "# root.tar names more than can be held\nsysroot: ./root.tar\ncontents:\n  - object: /usr/bin/tool",
    mended: "sysroot: ./root\ncontents:\n  - object: /usr/bin/tool",
  },
  "archives/which-image": {
    title: "none of the images in an archive fits, or more than one",
    happened:
      "A container archive may hold an image for each of several machines, or several of one machine. The recipe's `arch` picks one; here it picks none, or too many are left.",
    causes: [
      "a multi-platform image, and no `arch` in the recipe",
      "an image that was not exported for this machine",
    ],
    remedies: ["say with `arch` for which machine the image is", "export only the image that is meant"],
    example:
      "# root.tar holds images for amd64 and arm64\nsysroot: ./root.tar\ncontents:\n  - object: /usr/bin/tool",
    mended: "sysroot: ./root.tar\narch: aarch64\ncontents:\n  - object: /usr/bin/tool",
  },
};
