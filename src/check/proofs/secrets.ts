/** Secrets that others can read: by their own modes once the image is unpacked, and by the image's mode before. */
import { ancestorsOf, byteString, nameOf, type TargetPath } from "../../core/path.ts";
import { readWhole } from "../../trees/read-file.ts";
import type { ContentFinding, SecretFile } from "../findings/contents.ts";
import type { Subject } from "./subject.ts";

/** Keys and tables of passwords are small. Bytes. */
const MOST_BYTES = 256 * 1024;
const OTHERS_READ = 0o004;
const OTHERS_PASS = 0o001;

/** `imageMode`: of the file that the image is; null: not known. */
export function proveSecrets(subject: Subject, imageMode: number | null): ContentFinding[] {
  const { tree } = subject;
  const secrets = secretsOf(subject);
  const readable = secrets.flatMap(({ path, what }): ContentFinding[] => {
    const { mode } = tree.stat(path)!;
    const isShut = ancestorsOf(path).some((above) => ((tree.stat(above)?.mode ?? 0) & OTHERS_PASS) === 0);
    return isShut || (mode & OTHERS_READ) === 0 ? [] : [{ code: "check/secret-readable", path, what, mode }];
  });
  if (secrets.length === 0 || imageMode === null || (imageMode & OTHERS_READ) === 0) return readable;
  return [...readable, { code: "check/image-readable", mode: imageMode, count: secrets.length, secrets }];
}

function secretsOf(subject: Subject): SecretFile[] {
  const { files, tree } = subject;
  const keys = keyFilesOf(subject);
  return files.flatMap(({ path, facts }): SecretFile[] => {
    if (facts.size === 0 || facts.size > MOST_BYTES || !tree.isLoaded(path)) return [];
    if (keys.has(path)) return [{ path, what: "a key file of crypttab" }];
    const what = secretIn(path, byteString(readWhole(tree, path)));
    return what === null ? [] : [{ path, what }];
  });
}

/** One that is encrypted itself is no secret; programs that make keys have the first line alone. */
const PRIVATE_KEY =
  /-----BEGIN (?!ENCRYPTED)(?:[A-Z]+ )?PRIVATE KEY-----\r?\n(?!Proc-Type: 4,ENCRYPTED)[A-Za-z0-9+/=]{16}/;
/** OpenSSH says inside which cipher it is: "none", as base64 has it. */
const OPENSSH = /-----BEGIN OPENSSH PRIVATE KEY-----\r?\nb3BlbnNzaC1rZXktdjE(?!AAAAABG5vbmU)/;
const HASH = /^[^:\n]+:(?:\$[^:\n]{8}|[A-Za-z0-9./]{13}:|_[A-Za-z0-9./]{19}:)/m;
const WIREGUARD = /^\s*(?:PrivateKey|PresharedKey)\s*=\s*[A-Za-z0-9+/]{43}=/m;
const WIFI = /^\s*(?:psk|password|wep-key0)\s*=\s*\S/m;

/** What is secret in a file; null: nothing that is known here. */
function secretIn(path: TargetPath, text: string): string | null {
  if (text.startsWith("\x7fELF")) return null;
  if (PRIVATE_KEY.test(text) && !OPENSSH.test(text)) return "a private key";
  const name = nameOf(path);
  if (/^dropbear_\w+_host_key$/.test(name)) return "a private key";
  if (/^etc\/g?shadow-?$/.test(path) && HASH.test(text)) return "hashes of passwords";
  if (/\.(?:netdev|conf)$/.test(name) && WIREGUARD.test(text)) return "a key of WireGuard";
  if (/\.nmconnection$|^wpa_supplicant.*\.conf$/.test(name) && WIFI.test(text))
    return "a password of a network";
  if (/\.keytab$/.test(name) && text.startsWith("\x05\x02")) return "a key of Kerberos";
  return null;
}

/** crypttab(5): the third word of a line. */
function keyFilesOf({ paths, tree }: Subject): Set<TargetPath> {
  const keys = new Set<TargetPath>();
  for (const table of ["etc/crypttab", "cryptroot/crypttab"]) {
    const { facts, path } = paths.resolve(table);
    if (facts?.kind !== "file" || facts.size > MOST_BYTES || !tree.isLoaded(path)) continue;
    for (const line of byteString(readWhole(tree, path)).split("\n")) {
      const key = /^\s*[^#\s]\S*\s+\S+\s+(\/\S+)/.exec(line)?.[1];
      const to = key === undefined ? null : paths.resolve(key);
      if (to?.facts?.kind === "file") keys.add(to.path);
    }
  }
  return keys;
}
