/** The child of many-runs.ts: the bundled command line again and again in one process, which loads its modules once. */
import { MAIN } from "./run-cli.ts";

interface Order {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

// Every run adds its listeners, as if it were alone.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

let runs = 0;
let told = { stdout: "", stderr: "" };
for (const name of ["stdout", "stderr"] as const) {
  process[name].write = (piece: string | Uint8Array) => {
    told[name] += typeof piece === "string" ? piece : Buffer.from(piece).toString();
    return true;
  };
}

process.on("message", (order: Order) => {
  runOnce(order).then((run) => process.send!(run));
});

async function runOnce({ words, cwd, env }: Order): Promise<object> {
  told = { stdout: "", stderr: "" };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.execPath, MAIN, ...words];
  process.exitCode = undefined;
  // Another address: the program begins anew, its parts are there already.
  await import(`${MAIN}?${runs++}`);
  return { ...told, code: Number(process.exitCode ?? 0) };
}
