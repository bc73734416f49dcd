/** A thread whose WebAssembly gets no more memory after some growth. Not a test: the entry for starved.test.ts. */
import { parentPort, workerData } from "node:worker_threads";
import { deflateMember } from "../../src/codecs/libdeflate.ts";

export interface Starved {
  readonly bytes: Uint8Array;
  readonly level: number;
  /** How often memory may still grow. Null: there is none to begin with. */
  readonly growths: number | null;
}

interface Growing {
  grow(pages: number): number;
}

const { bytes, level, growths } = workerData as Starved;
// The types of Node 20 do not know it.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Instance: unknown; Memory: { prototype: Growing } };
};
if (growths === null) {
  WebAssembly.Instance = class {
    constructor() {
      throw new RangeError("no memory");
    }
  };
}
const { grow } = WebAssembly.Memory.prototype;
let left = growths ?? 0;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (left === 0) throw new RangeError("no memory");
  left -= 1;
  return grow.call(this, pages);
};
parentPort!.postMessage(await deflateMember(bytes, level));
