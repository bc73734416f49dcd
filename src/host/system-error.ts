/** Byte strings as the paths of node:fs, and the errors of the operating system as problems. */
import { getSystemErrorMap } from "node:util";
import type { ByteString, HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";

/** Node writes a string as UTF-8, so a path with other bytes must go as bytes; plain strings are faster. */
export function fsPath(path: ByteString): string | Buffer {
  return /[^\u0000-\u007f]/.test(path) ? Buffer.from(path, "latin1") : path;
}

export interface SystemError {
  /** "EACCES" */
  readonly errno: string;
  /** "permission denied" */
  readonly what: string;
}

/** What the operating system said; null for an error that it did not raise: a bug, which must travel on. */
export function systemError(error: unknown): SystemError | null {
  if (!(error instanceof Error) || !("code" in error) || !("errno" in error)) return null;
  const { code, errno } = error;
  if (typeof code !== "string" || typeof errno !== "number") return null;
  return { errno: code, what: getSystemErrorMap().get(errno)?.[1] ?? code };
}

/** The problem to throw; the error itself where it is a bug, or a problem already. */
export function cannotRead(path: HostPath, error: unknown): unknown {
  const said = systemError(error);
  return said === null ? error : new BuildFailure([{ code: "host/cannot-read", path, ...said }]);
}

/** Runs a piece that writes; what the operating system refuses is thrown as host/cannot-write. */
export function writing<T>(path: HostPath, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const said = systemError(error);
    throw said === null ? error : new BuildFailure([{ code: "host/cannot-write", path, ...said }]);
  }
}
