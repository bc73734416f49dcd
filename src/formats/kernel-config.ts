/** A kernel's configuration as text: `.config`, `/boot/config-VERSION`, `/proc/config.gz`. Source: linux scripts/kconfig/confdata.c. */

/** By names without `CONFIG_`: "y", "m", "n" for what is not set, or a value as it is written. */
export type KernelConfig = ReadonlyMap<string, string>;

const LINE = /^(?:CONFIG_([A-Za-z0-9_]+)=(.*)|# CONFIG_([A-Za-z0-9_]+) is not set)\r?$/gm;
/** Fewer options than this nobody's kernel has. */
const FEWEST = 10;

/** Null: it is something else. `text` has one character for each byte. */
export function parseKernelConfig(text: string): KernelConfig | null {
  const options = new Map<string, string>();
  for (const [, set, value, unset] of text.matchAll(LINE)) {
    if (set !== undefined) options.set(set, value!);
    else options.set(unset!, "n");
  }
  return options.size < FEWEST ? null : options;
}
