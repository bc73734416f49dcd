/** Locks that builds cannot hold to. Their transcripts lie in transcripts/ too. */
import { type BadCase, put } from "./bad-recipes.ts";

const LOCKED = ["build", "--locked"];
const RECIPE = "sysroot: ./root\ncontents:\n  - object: /etc\n";
const DIGEST = `sha256-${"0123456789abcdef".repeat(4)}`;

export const BAD_LOCKS: readonly BadCase[] = [
  { name: "lock-missing", recipe: RECIPE, words: LOCKED },
  {
    name: "lock-moved",
    recipe: RECIPE,
    words: LOCKED,
    setup: (d) => {
      put(d, "root/etc/new", "new\n");
      put(d, "initrd.yaml.lock", lockWith({ "/etc/gone": DIGEST, "/etc/motd": DIGEST }));
    },
  },
  {
    name: "lock-of-another-tree",
    recipe: RECIPE,
    words: LOCKED,
    setup: (d) => {
      const names = Array.from({ length: 60 }, (_, at) => `/etc/file-${String(at).padStart(2, "0")}`);
      put(d, "initrd.yaml.lock", lockWith(Object.fromEntries(names.map((name) => [name, DIGEST]))));
    },
  },
  {
    name: "lock-merged-badly",
    recipe: RECIPE,
    words: LOCKED,
    setup: (d) => put(d, "initrd.yaml.lock", `${lockWith({})}<<<<<<< HEAD\n`),
  },
  {
    name: "lock-of-another-kind",
    recipe: RECIPE,
    words: LOCKED,
    setup: (d) => put(d, "initrd.yaml.lock", "lock: 1\nrecipe: 0123\n"),
  },
];

function lockWith(files: Readonly<Record<string, string>>): string {
  const lines = Object.entries(files).map(([name, digest]) => `    ${name}: ${digest}\n`);
  const inputs = lines.length === 0 ? "inputs: {}\n" : `inputs:\n  sysroot:\n${lines.join("")}`;
  const image = `image: { file: initrd.zst, size: 1, digest: ${DIGEST} }\n`;
  return `lock: 1\nrecipe: ${DIGEST}\ncompressor: [xz]\n${inputs}${image}`;
}
