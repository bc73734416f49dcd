import assert from "node:assert/strict";
import { test } from "node:test";
import { programOfEnv, readShebang, type Shebang } from "../../src/formats/shebang.ts";

test("reads an interpreter and all the rest of the line as one argument", () => {
  const lines: [text: string, interpreter: string, argument: string | null, line?: string][] = [
    ["#!/bin/sh\n", "/bin/sh", null],
    ["#!/bin/sh", "/bin/sh", null],
    ["#! \t /bin/sh\necho\n", "/bin/sh", null],
    ["#!/bin/sh -e\n", "/bin/sh", "-e"],
    ["#!/bin/sh -e", "/bin/sh", "-e"],
    ["#!/usr/bin/awk  -f  x y \t \n", "/usr/bin/awk", "-f  x y", "#!/usr/bin/awk  -f  x y"],
    ["#!/bin/sh\r\n", "/bin/sh\r", null],
    ["#!perl -w\n", "perl", "-w"],
    ["#!/bin/sh\0junk\n", "/bin/sh", null, "#!/bin/sh"],
    ["#!/bin/sh a\0b\n", "/bin/sh", "a", "#!/bin/sh a"],
    ["#!/caf\xe9\n", "/caf\xe9", null],
  ];
  for (const [text, interpreter, argument, line] of lines) {
    const expected = { interpreter, argument, line: line ?? text.split("\n")[0] };
    assert.deepEqual(read(text), expected, text);
  }
});

test("sees no script where the kernel sees none", () => {
  for (const text of ["", "#", "#!", "#!\n", "#! \t \n", "#!\0", "!#/bin/sh\n", " #!/bin/sh\n", "\x7fELF"]) {
    assert.equal(read(text), null, JSON.stringify(text));
  }
});

test("an interpreter that may be cut off after 256 bytes counts as none, an argument may be cut", () => {
  assert.equal(read(`#!/${"x".repeat(300)}\n`), null);
  assert.equal(read(`#!${" ".repeat(300)}/bin/sh\n`), null);
  assert.equal(read(`#!/${"x".repeat(252)}\n`)?.interpreter.length, 253);
  assert.equal(read(`#!/bin/sh ${"y".repeat(300)}\n`)?.argument, "y".repeat(245));
});

test("reads 256 bytes and no more", () => {
  const head = Buffer.alloc(512, " ");
  head.write("#!/bin/sh");
  head.write("\n", 400);
  assert.deepEqual(readShebang(head)?.argument, null);
});

test("env looks its argument up in the PATH", () => {
  const programs: [argument: string, program: string | null][] = [
    ["", null],
    ["python3", "python3"],
    ["./tool", "./tool"],
    ["python3 -u", "python3 -u"], // the kernel hands it over as one word, and so env takes it
    ["-S python3 -u", "python3"],
    ["-Spython3 -u", "python3"],
    ["-vS python3", "python3"],
    ["-S", null],
    ["-S -i A=1 B=2 perl -w", "perl"],
    ["-S -u HOME -- perl", "perl"],
    ["-S -uHOME --chdir /tmp -C/x perl", "perl"],
    ["-S --unset=X perl", "perl"],
    ["--split-string=perl -w", "perl"],
    [`-S 'my tool' x`, "my tool"],
    [`-S "a\\_b" x`, "a b"],
    ["-S a\\_b", "a"],
    ["-S # all of it a comment", null],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: env's own form of a variable
    ["-S ${HOME}/x", null],
    ["-S perl\\c -w", "perl"],
    ["-i perl", "perl"],
    ["A=1 perl", "perl"],
    ["-u A perl", "perl"],
  ];
  for (const [argument, program] of programs) {
    const shebang = read(`#!/usr/bin/env ${argument}\n`);
    assert.equal(programOfEnv(shebang!), program, argument);
  }
});

test("no line makes it fail or hang", () => {
  let state = 7;
  for (let round = 0; round < 20_000; round++) {
    let text = "#!/usr/bin/env -S";
    for (let length = 0; length < 40; length++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      // biome-ignore lint/suspicious/noTemplateCurlyInString: every letter that means something to env
      text += " -Su='\"\\_c#${}\t\0ab\n=S-"[Math.floor((state / 2 ** 32) * 23)] ?? "";
    }
    const shebang = read(text);
    if (shebang) programOfEnv(shebang);
  }
});

function read(text: string): Shebang | null {
  return readShebang(Buffer.from(text, "latin1"));
}
