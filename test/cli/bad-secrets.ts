/** Secrets that cannot go into an image. Their transcripts lie in transcripts/ too. */
import { mkdirSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { type BadCase, put } from "./bad-recipes.ts";

const IMAGE = "sysroot: ./root\ncontents: [{ object: /etc }, { object: /usr/bin/env }]\n";

export const BAD_SECRETS: readonly BadCase[] = [
  {
    name: "secret-is-not-there",
    recipe: `${IMAGE}secrets: { /etc/key: ./key, /etc/dir: ./root }\n`,
  },
  {
    name: "secret-open-to-all",
    recipe: `${IMAGE}secrets:\n  /etc/key: ./key\n  /etc/other: { source: /$DIR/other }\n`,
    setup: (d) => {
      put(d, "key", "not to be told", 0o644);
      put(d, "other", "not to be told", 0o602);
    },
  },
  {
    name: "secret-over-a-file",
    recipe: `${IMAGE}files: { /lib: { symlink: etc } }\nsecrets:\n  /etc/motd: ./key\n  /lib/other: ./key\n  /etc/other: ./key\n`,
    setup: (d) => put(d, "key", "not to be told", 0o600),
  },
  {
    name: "secret-below-a-file",
    recipe: `${IMAGE}secrets:\n  /etc/motd/key: ./key\n  /etc/${"k".repeat(300)}: ./key\n`,
    setup: (d) => put(d, "key", "not to be told", 0o600),
  },
  {
    name: "secret-too-large",
    recipe: `${IMAGE}secrets:\n  /etc/key: ./key\n`,
    setup: (d) => {
      put(d, "far/key", "", 0o600);
      truncateSync(join(d, "far/key"), 2 ** 24 + 1);
      mkdirSync(join(d, "near"));
      symlinkSync("far/key", join(d, "key"));
    },
  },
];
