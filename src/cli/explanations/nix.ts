/** Explanations: Nix stores, and what the machine's Nix refused. */
import type { NixGraphProblem, NixHostProblem } from "../../core/problems/nix.ts";
import type { Explanation } from "./explanation.ts";

const STORE_PATH = "/nix/store/0c0z6v8xr3rf1zyqj2n4m5gkpsyl7w9d-app";

export const NIX_GRAPH: Readonly<Record<NixGraphProblem["code"], Explanation>> = {
  "graph/store-path-missing": {
    title: "a store path is not in the store",
    happened:
      "The recipe names it, or another store path refers to it, and the store that was given does not hold it. Programs with that name in them would not find their files.",
    causes: [
      "the path was collected as garbage",
      "only a part of the closure was copied to this machine",
      "`storeRoot` leads to another store",
    ],
    remedies: [
      "realise or copy it: nix-store -r, nix copy",
      "set `storeRoot` to where the store lies on this machine",
    ],
    example: `# the path refers to another, which ./store lacks\nstoreRoot: ./store\ncontents:\n  - { object: ${STORE_PATH}, symlink: /init, suffix: /init }`,
    mended: null,
  },
  "graph/store-path-unknown": {
    title: "nobody knows what a store path refers to",
    happened:
      "References come from closure files or Nix's database, and those do not mention this path. Without them half of its closure would be missing.",
    causes: ["the closure file was made for another derivation", "the database is of another store"],
    remedies: [
      "make the closure file anew, for all paths that the recipe names",
      "say `references: scan`: the bytes themselves are searched",
    ],
    example: `# ./closure does not list it\ncontents:\n  - object: ${STORE_PATH}\nclosure: { references: { files: [./closure] } }`,
    mended: `contents:\n  - object: ${STORE_PATH}\nclosure: { references: scan }`,
  },
  "graph/not-a-store-path": {
    title: "a name in the store is no store path",
    happened:
      "A store path is 32 characters of a hash, a dash and a name. What stands in the store under another name is Nix's own (.links), or no part of it.",
    causes: ["a slip in the hash", "a temporary file of an unfinished build"],
    remedies: ["name the store path as `nix-store -q` prints it"],
    example: "contents:\n  - object: /nix/store/app",
    mended: `contents:\n  - object: ${STORE_PATH}`,
  },
  "graph/store-derivation": {
    title: "a derivation (.drv) would come into the image",
    happened:
      "A .drv file tells how something is built. In an image it is of no use, and its closure is the compiler and all sources.",
    causes: ["the path of the derivation was named in place of its output"],
    remedies: ["name the output: nix-store -r FILE.drv prints it"],
    example: `contents:\n  - object: ${STORE_PATH}.drv`,
    mended: `contents:\n  - object: ${STORE_PATH}`,
  },
  "graph/store-foreign-file": {
    title: "something that Nix never puts into a store path is in one",
    happened:
      "Store paths hold files, directories and symlinks. A device, socket or pipe in one means that the store was changed by hand.",
    causes: ["a program that wrote into the store as root"],
    remedies: ["nix-store --verify --check-contents --repair"],
    example: `# it holds a device\ncontents:\n  - object: ${STORE_PATH}`,
    mended: null,
  },
  "graph/store-cycle": {
    title: "store paths refer to one another in a circle",
    happened:
      "With `content-pure` a store path is named by its contents, in which the names of those stand that it refers to. In a circle there is no first one. Nix makes none.",
    causes: ["the store was changed by hand", "a directory that was put together as a store"],
    remedies: [
      "nix-store --verify --check-contents",
      "take `store: whole` or `files`, which leave names as they are",
    ],
    example: `storeRoot: ./store\ncontents:\n  - { object: ${STORE_PATH}, symlink: /init, suffix: /init }\nstore: content-pure`,
    mended: `storeRoot: ./store\ncontents:\n  - { object: ${STORE_PATH}, symlink: /init, suffix: /init }`,
  },
  "graph/cannot-rewrite": {
    title: "a file names a store path where no other name can stand",
    happened:
      "With `content-pure` every mention of a store path gets its new name. Under a signature, under sums of the file's format, or inside what is compressed it cannot be changed.",
    causes: ["documentation in .gz", "a signed kernel module that names the store", "a .zip or .jar"],
    remedies: ["leave the file out", "build it without the name", "remove `content-pure`"],
    example: `# one of its files is a .gz with store paths in it\nstoreRoot: ./store\ncontents:\n  - { object: ${STORE_PATH}, symlink: /init, suffix: /init }\nstore: content-pure`,
    mended: `storeRoot: ./store\ncontents:\n  - { object: ${STORE_PATH}, symlink: /init, suffix: /init }\nstore: files`,
  },
  "graph/closure-file-missing": {
    title: "a closure file is not there",
    happened:
      "`closure.references.files` names the files that tell which store path refers to which. Paths are seen from the recipe.",
    causes: ["the derivation that writes it was not built", "a slip in the path"],
    remedies: ["write it: exportReferencesGraph, closureInfo, or nix path-info --json -r"],
    example: "closure: { references: { files: [./graph] } }",
    mended: "closure: { references: scan }",
  },
  "graph/bad-closure-file": {
    title: "a closure file does not say which store path refers to which",
    happened:
      "Known are the text of exportReferencesGraph, closureInfo's registration, .attrs.json, nix path-info --json and nix-store --dump-db. This file is none of them, or is cut short.",
    causes: ["store-paths of closureInfo was named: it lists paths without references", "another file"],
    remedies: ["name `registration` of the closureInfo, or write one of the others"],
    example: "# ./graph is some text\nclosure: { references: { files: [./graph] } }",
    mended: "closure: { references: { files: [./registration] } }",
  },
};

export const NIX_HOST: Readonly<Record<NixHostProblem["code"], Explanation>> = {
  "host/nix-not-found": {
    title: "Nix is to be asked, and is not on this machine",
    happened:
      "`closure: {references: nix}` asks the Nix of this machine. Neither nix-store nor nix is in the PATH.",
    causes: ["a container or CI machine without Nix", "sudo, which resets the PATH"],
    remedies: [
      "leave the key out: references are then searched in the files themselves, and no Nix is needed",
      "install Nix",
    ],
    example: "closure: { references: nix }",
    mended: "closure: { references: scan }",
  },
  "host/nix-failed": {
    title: "Nix ended with an error",
    happened: "The command was started and gave up; what it said is shown with it.",
    causes: [
      "the daemon does not run, or this user may not ask it",
      "a store path that Nix does not know as valid",
    ],
    remedies: ["run the command by hand", "leave `references: nix` out: files are then searched themselves"],
    example: "# the daemon does not run\nclosure: { references: nix }",
    mended: "closure: { references: scan }",
  },
  "host/nix-store-elsewhere": {
    title: "Nix cannot be asked for a store at this place",
    happened:
      "Nix finds a store by a root directory, below which it lies at its own path (/nix/store). This one does not end like that.",
    causes: ["`storeRoot` names a copy of the store under another name"],
    remedies: [
      "leave `references: nix` out",
      "name Nix's database or a closure file",
      "move the copy to <root>/nix/store",
    ],
    example: "storeRoot: ./store\nclosure: { references: nix }",
    mended: "storeRoot: ./store\nclosure: { references: scan }",
  },
  "host/no-sqlite": {
    title: "Nix's database cannot be read: there is no SQLite",
    happened: "Node has SQLite from 22.15 on; before that the sqlite3 program is asked. Neither is here.",
    causes: ["Node 20 on a machine without sqlite3"],
    remedies: ["use a newer Node, or install sqlite3", "say `references: scan` or `nix`"],
    example: "closure: { references: { database: /nix/var/nix/db/db.sqlite } }",
    mended: "closure: { references: scan }",
  },
  "host/bad-nix-database": {
    title: "a file cannot be read as Nix's database",
    happened: "It is no SQLite database, or lacks the tables that Nix keeps.",
    causes: ["another file was named", "a copy without its -wal file, made while Nix was writing"],
    remedies: ["name /nix/var/nix/db/db.sqlite", "copy it with `sqlite3 db.sqlite .backup`"],
    example: "# it is some other file\nclosure: { references: { database: ./db } }",
    mended: "closure: { references: scan }",
  },
};
