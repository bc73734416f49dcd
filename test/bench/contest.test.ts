import assert from "node:assert/strict";
import { test } from "node:test";
import { type Contestant, compete, type Rules } from "./contest.ts";
import type { Figures } from "./measure.ts";

const contestant = (name: string, more: Partial<Contestant> = {}): Contestant => ({
  name,
  command: [name],
  ...more,
});

interface Played {
  readonly calls: string[];
  readonly rules: Rules;
}

/** Each command takes the next of its seconds; NaN fails. */
function play(seconds: (name: string, call: number) => number, rules: Partial<Rules> = {}): Played {
  const calls: string[] = [];
  const measure = (command: readonly string[]): ReturnType<Rules["measure"]> => {
    const name = command[0]!;
    const taken = seconds(name, calls.filter((call) => call === name).length);
    calls.push(name);
    if (Number.isNaN(taken)) return { command, status: 1, says: "no" };
    return { wallSeconds: taken, cpuSeconds: taken, peakMiB: 1 };
  };
  return { calls, rules: { runs: 3, limitSeconds: 1000, measure, ...rules } };
}

const wallsOf = (runs: readonly Figures[]): number[] => runs.map(({ wallSeconds }) => wallSeconds);

test("contestants run in turn, and the first round is to warm up", () => {
  const { calls, rules } = play((_, call) => call + 1);
  const [a, b] = compete([contestant("a"), contestant("b")], rules);
  assert.equal(calls.join(""), "abababab");
  assert.deepEqual(
    [wallsOf(a!.runs), wallsOf(b!.runs)],
    [
      [2, 3, 4],
      [2, 3, 4],
    ],
  );
});

test("a long round needs no warming up", () => {
  const { calls, rules } = play((_, call) => 100 + call);
  const [a] = compete([contestant("a")], rules);
  assert.deepEqual([calls.length, wallsOf(a!.runs)], [3, [100, 101, 102]]);
});

test("no round begins after the limit, and there is always one", () => {
  const slow = play(() => 50, { limitSeconds: 120 });
  assert.equal(compete([contestant("a")], slow.rules)[0]!.runs.length, 2);
  const slower = play(() => 50, { limitSeconds: 1 });
  assert.equal(compete([contestant("a")], slower.rules)[0]!.runs.length, 1);
});

test("a peer that is not installed is told, and the others run", () => {
  const { calls, rules } = play(() => 1);
  const [a, b] = compete([contestant("a"), contestant("b", { needs: ["no-such-program"] })], rules);
  assert.deepEqual(
    [calls.includes("b"), a!.trouble, b!.trouble],
    [false, null, { kind: "missing", says: "not installed: no-such-program" }],
  );
});

test("a command that fails is not tried again, and what it said is kept", () => {
  const { calls, rules } = play((name) => (name === "b" ? Number.NaN : 1));
  const [a, b] = compete([contestant("a"), contestant("b")], rules);
  assert.equal(calls.join(""), "abaaa");
  assert.deepEqual([a!.trouble, b!.trouble], [null, { kind: "failed", says: "failed with 1: b\nno" }]);
});

test("preparations come before each run and are not measured", () => {
  const order: string[] = [];
  const { rules } = play((name) => order.push(name), { runs: 1 });
  compete([contestant("a", { before: () => order.push("prepare") }), contestant("b")], rules);
  assert.deepEqual(order, ["prepare", "a", "b", "prepare", "a", "b"]);
});
