/** What the operating system refuses in the cache, as a problem that says what to do. */
import { getSystemErrorMap } from "node:util";
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";

/** "ENOENT"; null for an error that the operating system did not raise: a bug, which must travel on. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("errno" in error) || !("code" in error)) return null;
  return nameOfErrno(error.errno) ?? (typeof error.code === "string" ? error.code : null);
}

export function cacheUnusable(directory: HostPath, errno: string, what: string): BuildFailure {
  return new BuildFailure([{ code: "host/cache-unusable", directory, errno, what }]);
}

/** Runs a step on the cache's files; what the operating system refuses becomes host/cache-unusable. */
export async function usingCache<T>(directory: HostPath, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw problemOf(directory, error);
  }
}

/** host/cache-unusable for what the operating system refused; any other error as it is. */
export function problemOf(directory: HostPath, error: unknown): unknown {
  const errno = errnoOf(error);
  return errno === null ? error : cacheUnusable(directory, errno, textOfErrno(error));
}

/** cacache calls every failed move EEXIST in `code`; the number beside it is the true one. */
function nameOfErrno(errno: unknown): string | null {
  return typeof errno === "number" ? (getSystemErrorMap().get(errno)?.[0] ?? null) : null;
}

function textOfErrno(error: unknown): string {
  const errno = error instanceof Error && "errno" in error ? error.errno : null;
  return (typeof errno === "number" ? getSystemErrorMap().get(errno)?.[1] : undefined) ?? String(error);
}
