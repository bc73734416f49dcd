/**
 * Which directories a loader searches for the libraries of one object, in order, and by which rule each is
 * among them. Sources: ld.so(8); glibc elf/dl-load.c (_dl_map_object, fillin_rpath); musl ldso/dynlink.c
 * (load_library, fixup_rpath, path_open); uClibc-ng ldso/ldso/dl-elf.c (search_for_named_library).
 */
import { type ByteString, showBytes } from "../../core/path.ts";
import type { ElfFile } from "../../formats/elf.ts";
import type { LoaderProfile } from "./profile.ts";
import { expandTokens } from "./tokens.ts";

/** `cached`: not the directory is searched, but the cache that ldconfig made of it. */
export type SearchRule = "rpath" | "library-path" | "runpath" | "cached" | "default";

export interface SearchDirectory {
  /** As the loader would write it: absolute, symlinks and ".." unresolved, no slash at the end. */
  readonly path: string;
  readonly rule: SearchRule;
  /** "runpath of /usr/sbin/x", "default directory /usr/lib", "/etc/ld.so.conf directory /opt/lib". */
  readonly because: string;
  /** For "looked in": "/opt/lib (runpath of /usr/sbin/x)". */
  readonly shown: string;
}

/** What an object says of its search, and where it stands. */
export interface Speaker {
  readonly elf: ElfFile;
  /** Its canonical path as people see it. */
  readonly name: string;
  /** What $ORIGIN means for it. */
  readonly origin: string;
}

/** Directories that an object hands down to those it loads: RPATH with glibc, with musl RUNPATH too. */
export function ownInheritable(speaker: Speaker, profile: LoaderProfile): SearchDirectory[] {
  const { rpath, runpath } = speaker.elf;
  if (profile.flavour === "musl") {
    const isRunpath = runpath !== null;
    return directoriesOf(runpath ?? rpath, isRunpath ? "runpath" : "rpath", speaker, profile);
  }
  if (profile.flavour === "uclibc") return directoriesOf(rpath, "rpath", speaker, profile);
  // An RPATH beside a RUNPATH does not count, neither for the object nor for those it loads.
  return runpath === null ? directoriesOf(rpath, "rpath", speaker, profile) : [];
}

/**
 * Where the libraries that an object needs are looked for. `inherited` is its own inheritable directories
 * and behind them those of the objects that loaded it, up to the program.
 */
export function searchPathOf(
  speaker: Speaker,
  inherited: readonly SearchDirectory[],
  profile: LoaderProfile,
): readonly SearchDirectory[] {
  const { runpath, hasNoDefaultLib } = speaker.elf;
  if (inherited.length === 0 && runpath === null && !hasNoDefaultLib) return profile.plain;
  if (profile.flavour === "musl") return [...profile.libraryPath, ...inherited, ...profile.defaults];
  const own = directoriesOf(runpath, "runpath", speaker, profile);
  return [
    ...(runpath === null || profile.flavour === "uclibc" ? inherited : []),
    ...profile.libraryPath,
    ...own,
    ...profile.cached,
    ...(hasNoDefaultLib ? [] : profile.defaults),
  ];
}

/** A directory that its kind alone explains, or an object that names it. */
export function searchDirectory(path: string, rule: SearchRule, source: string): SearchDirectory {
  const shown = showBytes((path === "" ? "/" : path) as ByteString);
  const isNamedByObject = rule === "rpath" || rule === "runpath";
  const because = isNamedByObject ? source : `${source} directory ${shown}`;
  return { path, rule, because, shown: `${shown} (${source})` };
}

function directoriesOf(
  value: string | null,
  rule: "rpath" | "runpath",
  speaker: Speaker,
  profile: LoaderProfile,
): SearchDirectory[] {
  if (value === null) return [];
  const because = `${rule} of ${speaker.name}`;
  const texts = elementsOf(value, rule, speaker, profile);
  // An empty or relative element means the directory in which a program happens to be started.
  const absolute = texts.filter((text) => text.startsWith("/"));
  return absolute.map((text) => searchDirectory(text.replace(/\/+$/, ""), rule, because));
}

function elementsOf(
  value: string,
  rule: "rpath" | "runpath",
  speaker: Speaker,
  profile: LoaderProfile,
): string[] {
  switch (profile.flavour) {
    case "glibc":
      return glibcElements(value, speaker, profile);
    case "musl":
      return muslElements(value, speaker);
    case "uclibc":
      return uclibcElements(value, rule, speaker);
  }
}

/** uClibc knows $ORIGIN at the beginning of an element of an RPATH, and nowhere else. */
function uclibcElements(value: string, rule: "rpath" | "runpath", { origin }: Speaker): string[] {
  return value.split(":").flatMap((element) => {
    if (!element.startsWith("$ORIGIN")) return [element];
    return rule === "rpath" ? [origin + element.slice("$ORIGIN".length)] : [];
  });
}

function glibcElements(value: string, { origin }: Speaker, { lib, platform }: LoaderProfile): string[] {
  return value.split(":").flatMap((element) => expandTokens(element, { origin, lib, platform }));
}

/** musl knows $ORIGIN alone, and any other "$" turns the whole path off. */
function muslElements(value: string, { origin }: Speaker): string[] {
  const others = value.replaceAll(/\$(ORIGIN|\{ORIGIN\})/g, "");
  if (others.includes("$")) return [];
  return value.replaceAll(/\$(ORIGIN|\{ORIGIN\})/g, () => origin).split(/[:\n]/);
}
