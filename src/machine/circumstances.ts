/** Everything about this machine that must leave no trace in an image, and other values for it. */
import { processNames } from "../host/processes.ts";

export interface Circumstances {
  readonly umask: number;
  readonly jobs: number;
  /** Null: ours. */
  readonly user: number | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Numbers that no account has (systemd keeps them for services without one). */
const FIRST_USER = 61_184;
const USERS = 4_000;

/** Each is another than ours. `home`: an empty directory; `user`: whether we may be somebody else. */
export function otherCircumstances({
  jobs,
  home,
  user,
}: {
  readonly jobs: number;
  readonly home: string;
  readonly user: boolean;
}): Circumstances {
  const { env } = process;
  const locale = env["LC_ALL"]?.startsWith("tr_TR") ? "ja_JP.eucJP" : "tr_TR.UTF-8";
  const { INITGRAPH_CACHE: _, ...rest } = env;
  return {
    umask: process.umask() === 0o077 ? 0o002 : 0o077,
    jobs: jobs === 1 ? 3 : 1,
    user: user ? FIRST_USER + (process.pid % USERS) : null,
    environment: {
      ...rest, // where programs are found is an input, and so is SOURCE_DATE_EPOCH
      LC_ALL: locale,
      LANG: locale,
      LANGUAGE: locale.slice(0, 2),
      TZ: env["TZ"] === "Pacific/Kiritimati" ? "America/St_Johns" : "Pacific/Kiritimati",
      HOME: home,
      TMPDIR: home,
      XDG_CACHE_HOME: `${home}/cache`,
      USER: "somebody",
      LOGNAME: "somebody",
      COLUMNS: "41",
      // What some compressors listen to.
      ZSTD_CLEVEL: "1",
      ZSTD_NBTHREADS: "3",
      GZIP: "-1",
      XZ_OPT: "-0",
      XZ_DEFAULTS: "-0",
    },
  };
}

/** The name that scratch directories of this process begin with, and whether another's owner is gone. */
export function scratchNames(purpose: string) {
  const { self, isAlive } = processNames();
  const prefix = `initgraph-${purpose}-`;
  return {
    prefix: `${prefix}${self}.`,
    isOfTheDead: (name: string): boolean => {
      const [owner = ""] = name.startsWith(prefix) ? name.slice(prefix.length).split(".") : [];
      return owner !== "" && isAlive(owner) === false;
    },
  };
}
