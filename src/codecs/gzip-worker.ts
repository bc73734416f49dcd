/** The worker thread of gzip.ts: one job after the other. */
import { parentPort } from "node:worker_threads";
import type { GzipJob } from "./gzip.ts";
import { deflateMember } from "./libdeflate.ts";
import type { WorkerReply } from "./worker-pool.ts";

/** Nearly all segments have less. What had more is ended: its memory never shrinks. Bytes. */
const USUAL = 64 * 2 ** 20;

parentPort!.on("messageerror", (error) => {
  throw error;
});
parentPort!.on("message", async ({ bytes, level }: GzipJob) => {
  try {
    const answer = await deflateMember(bytes, level);
    const isRefusal = typeof answer === "string";
    const reply: WorkerReply = { answer, isSpent: isRefusal || bytes.length > USUAL };
    parentPort!.postMessage(reply, isRefusal ? [] : [answer.buffer as ArrayBuffer]);
  } catch (error) {
    parentPort!.postMessage({ error } satisfies WorkerReply);
  }
});
