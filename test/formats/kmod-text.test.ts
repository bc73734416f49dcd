import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parseBuiltinModinfo,
  parseModprobeLines,
  parseModulesBuiltin,
  parseModulesDep,
} from "../../src/formats/kmod-text.ts";
import { randomSource } from "../support/random.ts";

test("modules.dep gives each module with all that it needs", () => {
  const text = "kernel/a.ko: kernel/b.ko kernel/c.ko\nkernel/b.ko:\nnonsense\n";
  assert.deepEqual(
    [...parseModulesDep(text)],
    [
      ["kernel/a.ko", ["kernel/b.ko", "kernel/c.ko"]],
      ["kernel/b.ko", []],
    ],
  );
});

test("the lines of modprobe.d that count are read, whatever stands between them", () => {
  const text =
    "# c\nalias a-* b-c\nblacklist x-y\nsoftdep m bare pre: a \\\nb post: c\noptions m o=1\ninstall m  /bin/true 'a  b' now\nweakdep m d e\n\nremove m a\\\\b\n";
  assert.deepEqual(parseModprobeLines(text), [
    { kind: "alias", pattern: "a_*", module: "b_c" },
    { kind: "blacklist", module: "x_y" },
    { kind: "softdep", module: "m", pre: ["a", "b"], post: ["c"], bare: ["bare"] },
    { kind: "options", module: "m", options: "o=1" },
    { kind: "install", module: "m", command: "/bin/true 'a  b' now" },
    { kind: "weakdep", module: "m", names: ["d", "e"] },
    { kind: "remove", module: "m", command: "a\\b" },
  ]);
});

test("built-in modules are known by their names and by what they say", () => {
  assert.deepEqual(parseModulesBuiltin("kernel/fs/a-b.ko\n#x\nkernel/c.ko\n"), ["a_b", "c"]);
  const said = parseBuiltinModinfo("a.file=fs/a\0a.firmware=x=y.bin\0nonsense\0b.alias=z\0");
  assert.deepEqual(
    [...said],
    [
      [
        "a",
        [
          ["file", "fs/a"],
          ["firmware", "x=y.bin"],
        ],
      ],
      ["b", [["alias", "z"]]],
    ],
  );
});

test("no text is too odd to be read", () => {
  const random = randomSource(5);
  const words = [
    "softdep",
    "alias",
    "pre:",
    "post:",
    "weakdep",
    "\\\n",
    "\n",
    " ",
    "\t",
    "a",
    "=",
    "\0",
    ".",
    ":",
  ];
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: random(30) }, () => words[random(words.length)]!).join("");
    parseModprobeLines(text);
    parseModulesDep(text);
    parseBuiltinModinfo(text);
    parseModulesBuiltin(text);
  }
});
