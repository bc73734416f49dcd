/** What the embedded codecs understand of the arguments of gzip(1) and zstd(1). */

/** The level that these arguments ask for; or the first argument that only the real program knows. */
export type ReadArguments = { readonly level: number } | { readonly unknown: string };

/** `-9`, `-9n`, `--best`: what is left out (times, names) the codec never writes. */
export function readGzipArguments(args: readonly string[]): ReadArguments {
  let level = 6;
  for (const arg of args) {
    if (arg === "--best") level = 9;
    else if (arg === "--fast") level = 1;
    else if (/^-[1-9ncq]+$/.test(arg)) level = Number(/[1-9](?=[^1-9]*$)/.exec(arg)?.[0] ?? level);
    else if (!/^--(no-name|stdout|to-stdout|quiet)$/.test(arg)) return { unknown: arg };
    if (/^-[ncq]*[1-9][ncq]*[1-9]/.test(arg)) return { unknown: arg }; // -11 is pigz's own level eleven
  }
  return { level };
}

/** Levels, and what changes no byte here: threads, quietness. The checksum is always written. */
export function readZstdArguments(args: readonly string[]): ReadArguments {
  let level = 3;
  for (const arg of args) {
    const digits = /^-(\d{1,2})$/.exec(arg)?.[1];
    if (digits !== undefined && Number(digits) >= 1 && Number(digits) <= 22) level = Number(digits);
    else if (!/^(--ultra|-T\d+|--threads=\d+|-c|-q|-z|--stdout|--quiet|--compress|--check|-C)$/.test(arg)) {
      return { unknown: arg };
    }
  }
  return { level };
}
