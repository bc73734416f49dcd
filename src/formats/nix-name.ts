/** Names of store paths, taken apart. Sources: Nix 2.26 src/libstore/names.cc (DrvName); nixpkgs lib/meta.nix, stdenv outputs. */

export interface NixName {
  /** "glibc". */
  readonly name: string;
  /** "2.38-44". Empty: the name has none. */
  readonly version: string;
  /** "bin", "lib", …; empty: the first one, `out`. */
  readonly output: string;
}

/** What nixpkgs calls outputs; a derivation may have others, whose names stay with the version. */
const OUTPUT = /-(bin|dev|devdoc|debug|doc|getent|info|lib|man|static)$/;

/** The version begins behind the first dash that no letter follows. `text`: without hash. */
export function parseNixName(text: string): NixName {
  const dash = text.search(/-[^A-Za-z]/);
  const named = dash === -1 ? text : text.slice(0, dash);
  const rest = dash === -1 ? "" : text.slice(dash + 1);
  // Without a version nobody can tell an output from the end of a name.
  const output = OUTPUT.exec(rest)?.[1] ?? "";
  return { name: named, version: output === "" ? rest : rest.slice(0, -output.length - 1), output };
}
