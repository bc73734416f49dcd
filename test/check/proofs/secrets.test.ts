/** Secrets that others can read: keys made by the tools that make them, and what only looks like one. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { writeElf } from "../../support/elf-writer.ts";
import { loadableTree } from "../../support/loadable-tree.ts";
import type { MemoryFile } from "../../support/memory-tree.ts";
import { findingsOf, GOOD, told } from "./good-image.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = (type: "pkcs8" | "sec1"): string => privateKey.export({ type, format: "pem" }).toString();
const encrypted = privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
  .toString();
/** The first line of what ssh-keygen writes, without a passphrase and with one. */
const OPENSSH = (cipher: string): string =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(`openssh-key-v1\0\0\0\0${String.fromCharCode(cipher.length)}${cipher}\0\0\0\x04`, "latin1").toString("base64")}\n`;

const SECRETS: readonly (readonly [
  what: string,
  path: string,
  bytes: string | Uint8Array,
  more?: Record<string, MemoryFile>,
])[] = [
  ["a key (PKCS #8)", "/etc/tls/key.pem", pem("pkcs8")],
  [
    "a key (SEC 1), behind its certificate",
    "/etc/tls/both.pem",
    `-----BEGIN CERTIFICATE-----\nMIIB\n${pem("sec1")}`,
  ],
  ["a host key of OpenSSH", "/etc/ssh/ssh_host_ed25519_key", OPENSSH("none")],
  ["a host key of dropbear", "/etc/dropbear/dropbear_ed25519_host_key", "\0\0\0\x0bssh-ed25519"],
  ["hashes of passwords", "/etc/shadow", "root:$y$j9T$abcdefgh$hash:19000:0:99999:7:::\n"],
  [
    "a key file of crypttab",
    "/etc/keys/root.key",
    Buffer.alloc(64, 7),
    { "/etc/crypttab": "root UUID=1 /etc/keys/root.key luks\n" },
  ],
  [
    "a key of WireGuard",
    "/etc/wireguard/wg0.conf",
    `[Interface]\nPrivateKey = ${Buffer.alloc(32, 1).toString("base64")}\n`,
  ],
  ["a password of a network", "/etc/wpa_supplicant.conf", 'network={\n  ssid="x"\n  psk="secret"\n}\n'],
];

test("finds each kind of secret that others may read, and none that they may not", async () => {
  for (const [what, path, bytes, more = {}] of SECRETS) {
    const image = { ...GOOD, ...more };
    assert.deepEqual(
      await told({ ...image, [path]: { mode: 0o644, bytes } }),
      ["check/secret-readable"],
      what,
    );
    assert.deepEqual(await told({ ...image, [path]: { mode: 0o600, bytes } }), [], what);
  }
});

test("a directory that others may not enter keeps what is in it", async () => {
  const image = {
    ...GOOD,
    "/etc/tls": { directory: 0o700 },
    "/etc/tls/key.pem": { mode: 0o644, bytes: pem("pkcs8") },
  };
  assert.deepEqual(await told(image), []);
});

test("an image that others may read gives all its secrets away", async () => {
  const image = { ...GOOD, "/etc/tls/key.pem": { mode: 0o600, bytes: pem("pkcs8") } };
  assert.deepEqual(await told(image, { mode: 0o644 }), ["check/image-readable"]);
  assert.deepEqual(await told(GOOD, { mode: 0o644 }), []);
  const findings = await findingsOf(loadableTree(image), { mode: 0o640 });
  assert.ok(findings.every(({ code }) => code !== "check/image-readable"));
});

test("what only looks like a secret is none", async () => {
  for (const [path, bytes] of [
    ["/etc/tls/public.pem", publicKey.export({ type: "spki", format: "pem" }).toString()],
    ["/etc/tls/encrypted.pem", encrypted],
    ["/etc/ssh/encrypted", OPENSSH("aes256-ctr")],
    ["/usr/lib/libcrypto.so.3", writeElf({ tail: pem("pkcs8") })],
    ["/usr/bin/keygen", "print '-----BEGIN PRIVATE KEY-----\n' + body"],
    ["/etc/shadow", "root:*:19000:0:99999:7:::\ndaemon:!:19000::::::\n"],
  ] as const)
    assert.deepEqual(await told({ ...GOOD, [path]: { mode: 0o644, bytes } }), [], path);
});
