/** Explanations: secrets. */
import type { SecretProblem } from "../../core/problems/secrets.ts";
import type { Explanation } from "./explanation.ts";

export const SECRETS: Readonly<Record<SecretProblem["code"], Explanation>> = {
  "secrets/not-found": {
    title: "a secret is not there",
    happened:
      "The source of a secret is a file of this machine, seen from the recipe's directory, and there is none.",
    causes: ["the image is built in CI, which has no keys"],
    remedies: ["build without `secrets`, and add them where the key is: `initgraph reseal`", "mend the path"],
    example: "secrets: { /etc/key: ./key, /etc/dir: ./root }",
    mended: "contents:\n  - object: /bin/busybox",
  },
  "secrets/no-file": {
    title: "a secret is no file",
    happened: "A secret is one file. A directory, a device or a pipe cannot be one.",
    causes: ["the directory of the keys was named"],
    remedies: ["name each file"],
    example: "secrets: { /etc/key: ./key, /etc/dir: ./root }",
    mended: "secrets: { /etc/key: ./key, /etc/dir/key: ./root/key }",
  },
  "secrets/open-to-all": {
    title: "everybody on this machine may read or write a secret",
    happened:
      "The source's mode lets any user read it (it is no secret then) or write it (anybody could choose the key).",
    causes: ["a umask of 022 when the key was written"],
    remedies: ["chmod o-rw FILE; better 0600"],
    example: "# ./key has the mode 0644\nsecrets:\n  /etc/key: ./key",
    mended: null,
  },
  "secrets/too-large": {
    title: "the secrets are too large",
    happened: "Secrets are held in memory, never in the cache, and 16 MiB of them is the most.",
    causes: ["a whole container of data as a secret"],
    remedies: ["encrypt the data, put it in as a file, and let its key be the secret"],
    example: "# it has more than 16 MiB\nsecrets:\n  /etc/key: ./key",
    mended: null,
  },
  "secrets/path-taken": {
    title: "something is already where a secret shall be",
    happened:
      "Secrets are unpacked last. Over an entry that is there the kernel would merge the two, with the other's mode, so nothing else may be at a secret's path. Symlinks of the image count.",
    causes: ["a package's own example of the file came along with its directory"],
    remedies: ["give the secret another path", "leave the entry out: name the directory's files one by one"],
    example: "files: { /lib: { symlink: etc } }\nsecrets:\n  /etc/motd: ./key",
    mended: "secrets:\n  /etc/key: ./key",
  },
  "secrets/below-no-directory": {
    title: "a secret would lie below something that is no directory",
    happened: "Its parent is a file or a device of the image, and the kernel would drop the secret.",
    causes: ["a path with a part too many"],
    remedies: ["give the secret another path"],
    example: "secrets:\n  /etc/motd/key: ./key",
    mended: "secrets:\n  /etc/key: ./key",
  },
  "secrets/one-stream": {
    title: "no secrets can follow this compression",
    happened:
      "Secrets are a last segment behind the image's own. Only the kernel can tell where a stream of lzma ends, so nobody could replace them later.",
    causes: ["`compressor: lzma` with `secrets`"],
    remedies: ["take xz, zstd or gzip"],
    example: "compressor: lzma\nsecrets: { /etc/key: ./key }",
    mended: "compressor: xz\nsecrets: { /etc/key: ./key }",
  },
  "secrets/cannot-reseal": {
    title: "an image of this kind cannot be given other secrets",
    happened:
      "In a FIT or a unified kernel image digests, and perhaps a signature, cover the initramfs. Changed inside, it would not boot any more.",
    causes: ["the wrapped file was named, and not the bare image beside it"],
    remedies: ["reseal the initramfs by itself, and wrap it anew with `initgraph wrap`"],
    example: "$ initgraph reseal board.itb --secret /etc/key=./key",
    mended:
      "$ initgraph reseal board.zst --secret /etc/key=./key\n$ initgraph wrap --as fit board.zst -o board.itb",
  },
};
