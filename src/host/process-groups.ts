/**
 * The process groups of running programs, so that none outlives us: a group of its own does not get the
 * terminal's Ctrl-C, and a compressor's helpers would run on alone.
 */

export interface ProcessGroups {
  /** Take note of a started program; undefined: it did not start. */
  enter(pid: number | undefined): RunningGroup;
}

export interface RunningGroup {
  kill(): void;
  /** The program has ended by itself. */
  leave(): void;
}

/** What a terminal, a service manager or a closed window sends. */
const ENDINGS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function processGroups(): ProcessGroups {
  const running = new Set<number>();
  const killAll = (): void => {
    for (const pid of running) killGroup(pid);
  };
  const endWith = (signal: NodeJS.Signals): void => {
    killAll();
    stopListening();
    // Without another listener the signal would have ended us: let it do so now.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const startListening = (): void => {
    for (const signal of ENDINGS) process.on(signal, endWith);
    process.on("exit", killAll);
  };
  const stopListening = (): void => {
    for (const signal of ENDINGS) process.off(signal, endWith);
    process.off("exit", killAll);
  };
  return {
    enter: (pid) => {
      if (pid === undefined) return { kill: () => {}, leave: () => {} };
      if (running.size === 0) startListening();
      running.add(pid);
      return {
        kill: () => killGroup(pid),
        leave: () => {
          running.delete(pid);
          if (running.size === 0) stopListening();
        },
      };
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // All of them have ended already.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
