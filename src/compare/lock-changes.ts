/** What differs between two locks: inputs that came, went or changed, and what else a lock holds to. */
import type { Digest } from "../core/digest.ts";
import { LOCKED_PLACES, type Lock, type LockedPlace } from "../core/lock.ts";
import { compareText } from "../core/order.ts";

export interface LockChanges {
  readonly inputs: readonly InputChange[];
  readonly isRecipeOther: boolean;
  readonly compressor: { readonly was: readonly string[]; readonly is: readonly string[] } | null;
  readonly image: { readonly was: Lock["image"]; readonly is: Lock["image"] } | null;
}

export interface InputChange {
  readonly place: LockedPlace;
  readonly name: string;
  /** Null: it was, or is, no input. */
  readonly was: Digest | null;
  readonly is: Digest | null;
}

/** Null: they say the same. */
export function lockChanges(was: Lock, is: Lock): LockChanges | null {
  const inputs = LOCKED_PLACES.flatMap((place) => inputChanges(place, was, is));
  const isRecipeOther = was.recipe !== is.recipe;
  const isCompressorOther = was.compressor.join("\0") !== is.compressor.join("\0");
  const isImageOther = (["file", "size", "digest"] as const).some(
    (fact) => was.image[fact] !== is.image[fact],
  );
  if (inputs.length === 0 && !isRecipeOther && !isCompressorOther && !isImageOther) return null;
  return {
    inputs,
    isRecipeOther,
    compressor: isCompressorOther ? { was: was.compressor, is: is.compressor } : null,
    image: isImageOther ? { was: was.image, is: is.image } : null,
  };
}

function inputChanges(place: LockedPlace, { inputs: old }: Lock, { inputs: now }: Lock): InputChange[] {
  const names = [...new Set([...old[place].keys(), ...now[place].keys()])].sort(compareText);
  const all = names.map((name) => ({
    place,
    name,
    was: old[place].get(name) ?? null,
    is: now[place].get(name) ?? null,
  }));
  return all.filter((one) => one.was !== one.is);
}
