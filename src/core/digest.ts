/** Digests of bytes, and keys of actions. */
import { createHash, hash } from "node:crypto";

/** A SHA-256, written `sha256-` and 64 hexadecimal digits. */
export type Digest = string & { readonly [isDigest]: true };
declare const isDigest: unique symbol;

/** The digest of everything that can change what an action writes. */
export type ActionKey = string & { readonly [isActionKey]: true };
declare const isActionKey: unique symbol;

export function digestOf(bytes: Uint8Array): Digest {
  // In one call: a Hash object for each of many files costs more memory than all that is known of them.
  return digestFromHex(hash("sha256", bytes, "hex"));
}

/** For bytes that come in pieces. */
export function startDigest(): { update(bytes: Uint8Array): void; finish(): Digest } {
  const sha256 = createHash("sha256");
  return {
    update: (bytes) => {
      sha256.update(bytes);
    },
    finish: () => digestFromHex(sha256.digest("hex")),
  };
}

export function digestFromHex(hex: string): Digest {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new TypeError(`no SHA-256: ${hex}`);
  return `sha256-${hex}` as Digest;
}

export function hexOfDigest(digest: Digest): string {
  return digest.slice("sha256-".length);
}

/**
 * The key of an action. The parts are a list, in an order that the caller chose (never an object's), and
 * begin with the name and version of the action's own format. JSON keeps ["a", "b"] apart from ["ab"].
 */
export function actionKey(parts: readonly string[]): ActionKey {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex") as ActionKey;
}
