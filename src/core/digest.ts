/** Digests of bytes, and keys of actions. */
import { createHash, hash, webcrypto } from "node:crypto";

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
export function startDigest(): { update(bytes: Uint8Array): void; soFar(): Digest; finish(): Digest } {
  const sha256 = createHash("sha256");
  return {
    update: (bytes) => {
      sha256.update(bytes);
    },
    soFar: () => digestFromHex(sha256.copy().digest("hex")),
    finish: () => digestFromHex(sha256.digest("hex")),
  };
}

/** What else bytes can be measured by. Every byte more costs: nobody pays who has not asked. */
export const OTHER_ALGORITHMS = ["sha384", "sha512"] as const;
export type OtherAlgorithm = (typeof OTHER_ALGORITHMS)[number];
/** As a digest is written: `sha384-` and its hexadecimal digits. */
export type OtherDigests = Readonly<Partial<Record<OtherAlgorithm, string>>>;

/** Several digests of the same bytes. */
export function startOtherDigests(algorithms: readonly OtherAlgorithm[]): {
  update(bytes: Uint8Array): void;
  finish(): OtherDigests;
} {
  const hashes = algorithms.map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  return {
    update: (bytes) => {
      for (const { hash } of hashes) hash.update(bytes);
    },
    finish: () =>
      Object.fromEntries(
        hashes.map(({ algorithm, hash }) => [algorithm, `${algorithm}-${hash.digest("hex")}`]),
      ),
  };
}

/** On another thread: the bytes must stay as they are until it settles. */
export async function digestBeside(bytes: Uint8Array): Promise<Digest> {
  const own = bytes as Uint8Array<ArrayBuffer>; // memory that threads share is refused at run time
  return digestFromHex(Buffer.from(await webcrypto.subtle.digest("SHA-256", own)).toString("hex"));
}

/** What other programs still measure files by. Nothing of ours believes it. */
export type WeakAlgorithm = "md5" | "sha1";
/** In hexadecimal. */
export type WeakSums = Readonly<Partial<Record<WeakAlgorithm, string>>>;

/** The digest, and others besides. */
export function startSums(weak: readonly WeakAlgorithm[]): {
  update(bytes: Uint8Array): void;
  finish(): { readonly digest: Digest; readonly sums: WeakSums };
} {
  const digest = startDigest();
  const hashes = weak.map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  return {
    update: (bytes) => {
      digest.update(bytes);
      for (const { hash } of hashes) hash.update(bytes);
    },
    finish: () => ({
      digest: digest.finish(),
      sums: Object.fromEntries(hashes.map(({ algorithm, hash }) => [algorithm, hash.digest("hex")])),
    }),
  };
}

export function sha1OfText(text: string): string {
  return hash("sha1", text, "hex");
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
