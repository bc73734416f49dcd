/** `initgraph reseal`: other secrets for an image that is there. */
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { command } from "../command.ts";
import { safeText } from "../text/safe.ts";

export interface WantedSecret {
  /** Absolute, in the image. */
  readonly path: string;
  /** As it was typed. */
  readonly file: string;
}

export const reseal = command({
  name: "reseal",
  summary: "put secrets into an image, or others in their place",
  about:
    "Makes the image's last segment anew; all before it stays byte for byte, and the old image until the new one is whole. " +
    "A secret that the image has at the path is replaced, and keeps mode and owner; a new one gets 0400 and root; the others " +
    "stay. Any initramfs will do, also in a uInitrd, whose checksums follow. The image becomes yours alone to read (0600).",
  operands: [{ name: "IMAGE", says: "an initramfs image", need: "one" }],
  options: {
    secret: {
      takes: "/PATH=FILE",
      repeats: true,
      says: "the path in the image, and the file to read, which not everybody may (may be repeated)",
    },
  },
  onFailure: "the image is as it was",
  examples: [
    [
      "initgraph reseal result/initrd --secret /etc/wireguard/wg0.conf=./wg0.conf",
      "on the machine that has the key, an image that was built elsewhere without it",
    ],
  ],
  async run({ operands, options }, terminal) {
    const secrets = options.secret.map(readWanted);
    if (secrets.length === 0) throw new WrongUsage("say which: --secret /PATH=FILE");
    const { runReseal } = await import("../work/reseal.ts");
    return runReseal(operands[0]!, secrets, terminal);
  },
});

function readWanted(word: string): WantedSecret {
  const at = word.indexOf("=");
  const [path, file] = [word.slice(0, at), word.slice(at + 1)];
  if (at === -1 || file === "" || !path.startsWith("/"))
    throw new WrongUsage(`--secret takes /PATH=FILE, not "${safeText(word)}"`);
  return { path, file };
}
