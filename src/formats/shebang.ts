/**
 * The first line of a script, read as the kernel reads it.
 * Source: linux fs/binfmt_script.c (load_script), BINPRM_BUF_SIZE.
 */
import type { ByteString } from "../core/path.ts";

export interface Shebang {
  readonly interpreter: ByteString;
  /** All the rest of the line, one argument whatever blanks it has. */
  readonly argument: ByteString | null;
  /** The line itself, for messages: "#!/usr/bin/env python3". */
  readonly line: ByteString;
}

/** The kernel looks at this many bytes of a file. */
const BUFFER_SIZE = 256;

/** Null where the kernel sees no script: no "#!", no interpreter, or one that may be cut off. */
export function readShebang(head: Uint8Array): Shebang | null {
  if (head[0] !== 0x23 || head[1] !== 0x21) return null;
  const seen = head.subarray(0, BUFFER_SIZE);
  // What a shorter file lacks is NUL bytes to the kernel.
  const text = Buffer.from(seen.buffer, seen.byteOffset, seen.length)
    .toString("latin1")
    .padEnd(BUFFER_SIZE, "\0");
  const newline = text.indexOf("\n");
  // Without a newline the argument may be cut, but not the interpreter: a blank or NUL must follow it.
  if (newline === -1 && !/^[ \t]*[^ \t]*[ \t\0]/.test(text.slice(2))) return null;
  const line = text.slice(0, newline === -1 ? BUFFER_SIZE - 1 : newline).replace(/[ \t]+$/, "");
  const parts = /^#![ \t]*([^ \t\0]+)(?:[ \t]+([^\0]+))?/.exec(line);
  if (!parts) return null;
  return {
    interpreter: parts[1] as ByteString,
    argument: (parts[2] ?? null) as ByteString | null,
    line: line.replace(/\0.*$/s, "") as ByteString,
  };
}

/**
 * Which program `#!/usr/bin/env …` looks up in the PATH: "python3"; with a slash it is a path already.
 * Null where the line leaves it open: no argument at all, a variable of the environment, or options alone.
 * GNU env splits the argument only after -S; without it the kernel's one argument, blanks and all, is the
 * name, and no such program exists. Where such an argument begins with an option or an assignment the
 * program that was meant is given all the same. Source: coreutils src/env.c, env(1).
 */
export function programOfEnv(shebang: Shebang): ByteString | null {
  const argument = shebang.argument;
  if (argument === null) return null;
  if (SPLIT.test(argument)) return programAmong([argument]);
  const isOption = /^(-|[^ \t=]+=)/.test(argument);
  return isOption ? programAmong(argument.split(/[ \t]+/)) : argument;
}

/** -S with options that take no value in front of it, and the text glued to it. */
const SPLIT = /^(?:-[iv0]*S|--split-string(?:$|[= \t]))(.*)$/s;
/** Short options of env that take a value, glued on or as the next word. */
const WITH_VALUE = "uCa";
const LONG_WITH_VALUE = ["--unset", "--chdir", "--argv0"];

function programAmong(words: readonly string[]): ByteString | null {
  const todo = [...words];
  for (let word = todo.shift(); word !== undefined; word = todo.shift()) {
    const split = SPLIT.exec(word);
    if (split) todo.unshift(...splitString(split[1] || (todo.shift() ?? "")));
    else if (word === "--") return programAfterOptions(todo);
    else if (!word.startsWith("-")) return programAfterOptions([word, ...todo]);
    else if (takesNextWord(word)) todo.shift();
  }
  return null;
}

function takesNextWord(option: string): boolean {
  if (option.startsWith("--")) return LONG_WITH_VALUE.includes(option);
  const value = [...option].findIndex((letter) => WITH_VALUE.includes(letter));
  return value !== -1 && value === option.length - 1;
}

/** Assignments stand before the program. */
function programAfterOptions(words: readonly string[]): ByteString | null {
  const program = words.find((word) => !word.includes("="));
  return program === undefined || program === "" || program.includes(VARIABLE)
    ? null
    : (program as ByteString);
}

/** Stands for `${NAME}`, whose value only the running system knows. A NUL cannot be in a word. */
const VARIABLE = "\0";
const ESCAPES: Readonly<Record<string, string>> = { f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Words as `env -S` makes them of one text: quotes, escapes, "#" for a comment. */
function splitString(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    let letter = text[at] ?? "";
    if (quote === "" && /[ \t\n\v\f\r]/.test(letter)) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    if (quote === "" && word === null && letter === "#") break;
    if ((letter === "'" || letter === '"') && (quote === "" || quote === letter)) {
      quote = quote === "" ? letter : "";
      word ??= "";
      continue;
    }
    if (letter === "\\" && (quote !== "'" || /[\\']/.test(text[at + 1] ?? ""))) {
      letter = text[++at] ?? "";
      if (letter === "c") break;
      if (letter === "_" && quote === "") {
        if (word !== null) words.push(word);
        word = null;
        continue;
      }
      letter = letter === "_" ? " " : (ESCAPES[letter] ?? letter);
    } else if (quote !== "'" && text.startsWith("${", at) && text.includes("}", at)) {
      at = text.indexOf("}", at);
      letter = VARIABLE;
    }
    word = (word ?? "") + letter;
  }
  if (word !== null) words.push(word);
  return words;
}
