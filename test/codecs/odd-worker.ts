/** A worker thread that does what its message says. Not a test: the entry for worker-pool.test.ts. */
import { parentPort, threadId } from "node:worker_threads";
import type { WorkerReply } from "../../src/codecs/worker-pool.ts";

export type OddJob = "answer" | "answer, spent" | "fail" | "throw" | "exit" | "answer late";

const reply = (value: WorkerReply) => parentPort!.postMessage(value);

parentPort!.on("message", (job: OddJob) => {
  switch (job) {
    case "answer":
      return reply({ answer: threadId, isSpent: false });
    case "answer late":
      return setTimeout(() => reply({ answer: threadId, isSpent: false }), 300).unref();
    case "answer, spent":
      return reply({ answer: threadId, isSpent: true });
    case "fail":
      return reply({ error: new RangeError("as it was") });
    case "throw":
      throw new TypeError("not caught");
    case "exit":
      return process.exit(7);
  }
});
