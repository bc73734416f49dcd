import assert from "node:assert/strict";
import { test } from "node:test";
import { warnOfStart } from "../../src/check/planned-start.ts";
import { sayWarnings } from "../../src/cli/report/warnings.ts";
import { directory, file, special, symlink, type TestEntry } from "../support/archive.ts";

type Wish = Partial<Omit<Parameters<typeof warnOfStart>[0], "layers">>;

/** One layer for each list. */
function warn(layers: readonly (readonly TestEntry[])[], wish: Wish = {}) {
  return warnOfStart({
    layers: layers.map((entries) => ({ entries })),
    early: [],
    uki: null,
    hasProgram: true,
    ...wish,
  });
}

const codes = (warnings: ReturnType<typeof warn>) => warnings.map(({ code }) => code);
const INIT = file("init", "#!/bin/sh\n", 0o755);
const SH = file("bin/sh", "ELF", 0o755);

test("an image with an init is not worth a word, wherever it comes from", () => {
  assert.deepEqual(warn([[INIT]]), []);
  assert.deepEqual(warn([[INIT], [SH]]), []);
  const linked = [symlink("init", "/lib/systemd/systemd"), symlink("lib", "usr/lib")];
  assert.deepEqual(
    warn([
      linked,
      [
        directory("usr"),
        directory("usr/lib"),
        directory("usr/lib/systemd"),
        file("usr/lib/systemd/systemd", "ELF", 0o755),
      ],
    ]),
    [],
  );
  const early = [{ entries: [{ path: "init", kind: "file", to: null }] }];
  assert.deepEqual(warn([[SH]], { early: early as never }), []);
});

test("one without is told what to add, but for parts of an image that hold no program", () => {
  const [warning, ...others] = warn([[directory("bin"), SH]]);
  assert.deepEqual([warning?.code, others], ["plan/no-init", []]);
  assert.match(sayWarnings([warning!])[0]!.words.help, /"- object: \.\/init".*silence: \[plan\/no-init\]/s);
  assert.deepEqual(warn([[directory("lib"), file("lib/firmware", "")]], { hasProgram: false }), []);
});

test("an init that cannot be started is told, too", () => {
  assert.deepEqual(codes(warn([[file("init", "#!/bin/sh\n", 0o644)]])), ["plan/init-not-executable"]);
  assert.deepEqual(codes(warn([[directory("init")]])), ["plan/init-not-executable"]);
  assert.deepEqual(codes(warn([[special("init", "fifo", 0o755)]])), ["plan/init-not-executable"]);
  const [dangling] = warn([[symlink("init", "sbin/init")]]);
  assert.ok(dangling?.code === "plan/no-init");
  assert.equal(dangling.leadsTo, "/sbin/init");
  assert.deepEqual(codes(warn([[symlink("init", "init")]])), ["plan/no-init"]);
});

test("what lies over it in a later layer counts", () => {
  assert.deepEqual(codes(warn([[INIT], [file("init", "", 0o600)]])), ["plan/init-not-executable"]);
  assert.deepEqual(warn([[file("init", "", 0o600)], [INIT]]), []);
});

test("the command line of a unified kernel image says what is started, unless it is in a file", () => {
  const uki = (content: object) => ({ uki: { parts: [{ part: "cmdline", content }] } as never });
  const started = uki({ text: "quiet rdinit=/sbin/x rdinit=/bin/sh" });
  assert.deepEqual(warn([[directory("bin"), SH]], started), []);
  const [warning] = warn([[INIT]], started);
  assert.deepEqual(warning, { code: "plan/no-init", path: "/bin/sh", leadsTo: null });
  assert.deepEqual(warn([[SH]], uki({ at: null, file: "/etc/cmdline" })), []);
  assert.deepEqual(codes(warn([[SH]], uki({ text: "quiet" }))), ["plan/no-init"]);
});
