/**
 * $ORIGIN, $LIB and $PLATFORM in an RPATH, a RUNPATH or a needed name.
 * Sources: ld.so(8) "Dynamic string tokens"; glibc elf/dl-load.c (is_dst, _dl_dst_substitute).
 */

export interface TokenValues {
  /** The directory of the object that speaks, absolute. */
  readonly origin: string;
  /** What they may stand for, the likeliest first: only the running loader knows. */
  readonly lib: readonly string[];
  readonly platform: readonly string[];
}

/** A bare token ends where a name would: "$LIBX" is none. An unknown token stays as it is. */
const TOKEN = /\$(?:(ORIGIN|LIB|PLATFORM)(?![A-Za-z0-9_])|\{(ORIGIN|LIB|PLATFORM)\})/g;

/** The text with all its tokens replaced: one text for each value they may have, the likeliest first. */
export function expandTokens(text: string, values: TokenValues): string[] {
  if (!text.includes("$")) return [text];
  const used = new Set([...text.matchAll(TOKEN)].map((match) => match[1] ?? match[2]));
  const libs = used.has("LIB") ? values.lib : [""];
  const platforms = used.has("PLATFORM") ? values.platform : [""];
  return libs.flatMap((lib) =>
    platforms.map((platform) =>
      text.replace(TOKEN, (_, bare?: string, braced?: string) => {
        const token = bare ?? braced;
        return token === "ORIGIN" ? values.origin : token === "LIB" ? lib : platform;
      }),
    ),
  );
}
