/** The embedded gzip: small content at once, all else in worker threads. */
import { deflateMember } from "./libdeflate.ts";
import { CodecUnavailable } from "./unavailable.ts";
import { WorkerPool } from "./worker-pool.ts";

/** What the worker takes, and what it answers: what `deflateMember` gives. */
export interface GzipJob {
  readonly bytes: Uint8Array;
  readonly level: number;
}

/** It takes some milliseconds, less than a thread takes to begin. Bytes. */
const SMALL = 256 * 1024;
const IDLE_MS = 5000;
/** Beside this module, in dist/src as in the bundle (package.json, "bundle"). */
const WORKERS = new WorkerPool(new URL("./gzip-worker.js", import.meta.url), IDLE_MS);

/** One member without name and time, the same on every machine. Levels are 1 to 9. Throws CodecUnavailable. */
export async function compressGzip(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  const member = await (bytes.length <= SMALL ? deflateMember(bytes, level) : inWorker(bytes, level));
  if (typeof member === "string") throw new CodecUnavailable(member);
  return member;
}

async function inWorker(bytes: Uint8Array, level: number): Promise<Uint8Array | string> {
  // Of exactly these bytes: a message would carry all of the buffer that they lie in.
  const own = Uint8Array.from(bytes);
  return (await WORKERS.run({
    message: { bytes: own, level } satisfies GzipJob,
    transfer: [own.buffer],
  })) as Uint8Array | string;
}
