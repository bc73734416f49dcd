/** The user's keys on their way to the guest: all are its own but Ctrl-A, which calls us, as it calls QEMU. */

export interface Keys {
  /** For the guest. */
  readonly pass: Uint8Array;
  /** Ctrl-A X: the user wants to leave. */
  readonly isLeaving: boolean;
}

const CTRL_A = 0x01;
const LEAVE = new Set([..."xX"].map((key) => key.charCodeAt(0)));
/** Ctrl-A Ctrl-A, or Ctrl-A A: the guest's own Ctrl-A. */
const SEND_IT = new Set([CTRL_A, ..."aA".split("").map((key) => key.charCodeAt(0))]);

/** Each has a memory of its own: Ctrl-A and what follows it may come apart. */
export function escapeKeys(): (piece: Uint8Array) => Keys {
  let isCalled = false;
  return (piece) => {
    const pass: number[] = [];
    for (const key of piece) {
      if (!isCalled && key === CTRL_A) isCalled = true;
      else if (isCalled) {
        isCalled = false;
        if (LEAVE.has(key)) return { pass: Uint8Array.from(pass), isLeaving: true };
        if (SEND_IT.has(key)) pass.push(CTRL_A);
      } else pass.push(key);
    }
    return { pass: Uint8Array.from(pass), isLeaving: false };
  };
}
