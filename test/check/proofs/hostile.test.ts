/** Whatever files hold, something is proved of them or not: nothing throws. */
import { test } from "node:test";
import { loadableTree } from "../../support/loadable-tree.ts";
import type { MemoryFile } from "../../support/memory-tree.ts";
import { writeModule } from "../../support/module-writer.ts";
import { randomSource } from "../../support/random.ts";
import { findingsOf, GOOD } from "./good-image.ts";

const MODULES = "/lib/modules/6.1.0";
const FILES: Readonly<Record<string, MemoryFile>> = {
  ...GOOD,
  "/etc/ld.so.conf": "/opt/lib\ninclude /etc/ld.so.conf.d/*.conf\n",
  "/etc/ld.so.cache": "glibc-ld.so.cache1.1\0/opt/lib/libx.so.1\0",
  "/etc/crypttab": "root UUID=1 /etc/key luks\n",
  "/etc/key": "-----BEGIN PRIVATE KEY-----\nMIIBVQIBADANBgkqhkiG9w0BAQEFAASC\n",
  [`${MODULES}/a.ko`]: writeModule({
    info: ["vermagic=6.1.0 SMP mod_unload ", "alias=pci:v1*", "firmware=a.bin"],
  }),
  [`${MODULES}/b.ko`]: writeModule({ exports: ["b"], needs: ["c"] }),
  [`${MODULES}/modules.dep`]: "a.ko: b.ko\nb.ko:\n",
  [`${MODULES}/modules.dep.bin`]: Buffer.from("b007f4570002000100000000", "hex"),
  [`${MODULES}/modules.alias`]: "alias pci:v1* a\n",
  "/bin/script": { mode: 0o755, bytes: "#!/usr/bin/env -S sh -x\n" },
  "/sbin/fsck": { symlink: "../sbin/fsck" },
  "/bin/up": { symlink: "../../../../bin/sh" },
};

test("nothing that stands in a file makes a proof throw", async () => {
  const random = randomSource(17);
  const names = Object.keys(FILES);
  for (let round = 0; round < 400; round++) {
    const files: Record<string, MemoryFile> = { ...FILES };
    for (let changes = 0; changes < 3; changes++) {
      const name = names[random(names.length)]!;
      files[name] = { mode: random(0o1000), bytes: damaged(bytesOf(FILES[name]!), random) };
    }
    await findingsOf(loadableTree(files), { mode: 0o644 });
  }
});

function bytesOf(file: MemoryFile): Buffer {
  if (typeof file === "string" || file instanceof Uint8Array) return Buffer.from(file as string, "latin1");
  return "bytes" in file ? bytesOf(file.bytes) : Buffer.alloc(8);
}

function damaged(bytes: Buffer, random: (below: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let flips = 0; flips < 8; flips++) copy[random(copy.length)] = random(256);
  return random(4) === 0 ? copy.subarray(0, random(copy.length)) : copy;
}
