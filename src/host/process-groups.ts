/**
 * The process groups of running programs, so that none outlives us: a group of its own does not get the
 * terminal's Ctrl-C, and a compressor's helpers would run on alone.
 */

export interface ProcessGroups {
  /** To be called before a program is started: a signal may come before `started` is reached. */
  enter(): RunningGroup;
}

export interface RunningGroup {
  /** Undefined: it did not start. */
  started(pid: number | undefined): void;
  kill(): void;
  /** The program has ended by itself. */
  leave(): void;
}

/** What a terminal, a service manager or a closed window sends. */
const ENDINGS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function processGroups(): ProcessGroups {
  const running = new Set<RunningGroup>();
  const killAll = (): void => {
    for (const group of running) group.kill();
  };
  const endWith = (signal: NodeJS.Signals): void => {
    killAll();
    process.off(signal, endWith);
    // Without another listener the signal would have ended us: let it do so now.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const stopListening = (): void => {
    for (const signal of ENDINGS) process.off(signal, endWith);
    process.off("exit", killAll);
  };
  const startListening = (): void => {
    stopListening(); // once is enough, and a signal may have taken one of them away
    for (const signal of ENDINGS) process.on(signal, endWith);
    process.on("exit", killAll);
  };
  return {
    enter: () => {
      let leader: number | undefined;
      const group: RunningGroup = {
        started: (pid) => {
          leader = pid;
        },
        kill: () => {
          if (leader !== undefined) killGroup(leader);
        },
        leave: () => {
          running.delete(group);
          if (running.size === 0) stopListening();
        },
      };
      startListening();
      running.add(group);
      return group;
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
