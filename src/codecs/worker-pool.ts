/**
 * Worker threads for codecs that would hold up the main one, made when they are first needed and used again. There are as
 * many as jobs at a time, which the caller bounds. Idle ones do not keep the process from ending.
 */
import { Worker } from "node:worker_threads";

export interface WorkerJob {
  readonly message: unknown;
  /** Memory that the message gives away. */
  readonly transfer: readonly ArrayBuffer[];
}

/** What a worker sends for each message. `isSpent`: it shall get no other. */
export type WorkerReply =
  | { readonly answer: unknown; readonly isSpent: boolean }
  | { readonly error: unknown };

export class WorkerPool {
  readonly #entry: URL;
  readonly #idleMs: number;
  /** With what will end each; the one used last stands last. */
  readonly #idle = new Map<Worker, NodeJS.Timeout>();
  #threads = 0;

  /** `idleMs`: how long a thread without work, and its memory, are kept. */
  constructor(entry: URL, idleMs: number) {
    this.#entry = entry;
    this.#idleMs = idleMs;
  }

  /** How many there are, at work or idle. */
  get threads(): number {
    return this.#threads;
  }

  /** Rejects with the error that the worker sent, or with what ended it. Either is the end of that worker, and of no other job. */
  async run(job: WorkerJob): Promise<unknown> {
    const worker = this.#takeIdle() ?? this.#make();
    worker.ref();
    let isKept = false;
    try {
      const { answer, isSpent } = await answerOf(worker, job);
      isKept = !isSpent;
      return answer;
    } finally {
      if (isKept) this.#rest(worker);
      else await worker.terminate(); // an error may have left its memory in any state
    }
  }

  #takeIdle(): Worker | undefined {
    const worker = [...this.#idle.keys()].at(-1);
    if (worker !== undefined) this.#forget(worker);
    return worker;
  }

  #make(): Worker {
    // Options of the process (--input-type, --import) are meant for its own program.
    const worker = new Worker(this.#entry, { execArgv: [] });
    this.#threads += 1;
    worker.on("error", () => this.#forget(worker)); // told by the job, if there is one
    worker.once("exit", () => {
      this.#threads -= 1;
      this.#forget(worker);
    });
    return worker;
  }

  #rest(worker: Worker): void {
    worker.unref();
    const end = () => {
      this.#forget(worker);
      void worker.terminate();
    };
    this.#idle.set(worker, setTimeout(end, this.#idleMs).unref());
  }

  #forget(worker: Worker): void {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
  }
}

type Answer = Extract<WorkerReply, { readonly answer: unknown }>;

function answerOf(worker: Worker, { message, transfer }: WorkerJob): Promise<Answer> {
  const listening = new AbortController();
  return new Promise<Answer>((resolve, reject) => {
    const on = <T>(event: string, listener: (value: T) => void) => {
      worker.on(event, listener);
      listening.signal.addEventListener("abort", () => worker.off(event, listener));
    };
    on<WorkerReply>("message", (reply) => ("error" in reply ? reject(reply.error) : resolve(reply)));
    on("messageerror", reject);
    on("error", reject);
    on<number>("exit", (code) => reject(new Error(`a worker thread ended with exit code ${code}`)));
    worker.postMessage(message, transfer);
  }).finally(() => listening.abort());
}
