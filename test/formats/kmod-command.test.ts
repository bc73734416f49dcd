import assert from "node:assert/strict";
import { test } from "node:test";
import { readModprobeCommand } from "../../src/formats/kmod-command.ts";
import { randomSource } from "../support/random.ts";

test("a command of modprobe.d names its programs, and the modules that it hands to modprobe", () => {
  const rows: [command: string, programs: string[], modules: string[]][] = [
    ["/sbin/modprobe --ignore-install a $CMDLINE_OPTS", ["/sbin/modprobe"], ["a"]],
    ["modprobe -i -q a-b o=1 && { modprobe --quiet c ; : ; }", ["modprobe"], ["a-b", "c"]],
    ["/sbin/modprobe -C /etc/x.conf -a b c $CMDLINE_OPTS", ["/sbin/modprobe"], ["b", "c"]],
    [
      "modprobe -i x; echo 1 > /sys/x 2>&1 | /usr/bin/logger -t 'a; b'",
      ["modprobe", "/usr/bin/logger"],
      ["x"],
    ],
    ["if test -e /etc/x; then /usr/bin/setup now; fi # /no/program", ["/usr/bin/setup"], []],
    ["(LANG=C exec /sbin/one &) || ! /sbin/two", ["/sbin/one", "/sbin/two"], []],
    ["[ -e /x ] && echo $X", [], []],
    ['"/opt/my tool" "a $b"', ["/opt/my tool"], []],
  ];
  for (const [command, programs, modules] of rows)
    assert.deepEqual(
      readModprobeCommand(command),
      { programs, modules, isPlain: true, isInert: false },
      command,
    );
});

test("a command that does nothing is known for it", () => {
  for (const [command, programs] of [
    ["/bin/true", ["/bin/true"]],
    ["/bin/false", ["/bin/false"]],
    ["exit 0", []],
    ["echo 'no x'; /usr/bin/logger no; false", ["/usr/bin/logger"]],
  ] as const)
    assert.deepEqual(readModprobeCommand(command), { programs, modules: [], isPlain: true, isInert: true });
});

test("what only a shell can say is not guessed", () => {
  for (const command of [
    "$TOOL x",
    "modprobe $X",
    "/sbin/a `b`",
    "/sbin/a $(b)",
    "for x in a b; do modprobe $x; done",
    "sh -c '/sbin/x y'",
    "env X=1 /sbin/x",
    "command -v x",
    "eval x",
    "/sbin/a <<EOF",
    "/sbin/a; 'b",
    "/sbin/*x",
  ])
    assert.equal(readModprobeCommand(command).isPlain, false, command);
});

test("no command is too odd to be read", () => {
  const random = randomSource(7);
  const words = [
    "'",
    '"',
    "a",
    " ",
    ";",
    "&&",
    "$(",
    ")",
    "`",
    ">",
    "<<",
    "#",
    "modprobe",
    "-a",
    "[",
    "{",
    "\n",
    "\\",
  ];
  for (let round = 0; round < 3000; round++)
    readModprobeCommand(Array.from({ length: random(20) }, () => words[random(words.length)]!).join(""));
});
