/**
 * The commands of `install` and `remove` lines of modprobe.d, which kmod hands to /bin/sh: as much of the shell
 * as it takes to say which programs run. Sources: modprobe.d(5), libkmod-module.c (command_do), POSIX XCU 2.
 */

export interface ModprobeCommand {
  /** Paths, and names that are looked up in PATH; each once, in the command's order. */
  readonly programs: readonly string[];
  /** What it hands to modprobe, as it stands there. */
  readonly modules: readonly string[];
  /** Whether it says plainly all that it runs; else there may be more. */
  readonly isPlain: boolean;
  /** Whether it does nothing at all: how modprobe.d keeps a module from being loaded. */
  readonly isInert: boolean;
}

/** Programs, or the shell's own, that run nothing and load nothing. */
const INERT = ["true", "false", ":", "echo", "printf", "exit", "logger"];
/** What the shell does itself. */
const BUILTINS = [
  "true",
  "false",
  ":",
  "echo",
  "printf",
  "exit",
  "test",
  "[",
  "cd",
  "export",
  "unset",
  "set",
  "wait",
  "read",
];
/** Words that stand before a command. */
const BEFORE = [
  "!",
  "{",
  "}",
  "if",
  "then",
  "elif",
  "else",
  "fi",
  "while",
  "until",
  "do",
  "done",
  "exec",
  "command",
];
/** Words of the shell behind which only a shell knows what runs. */
const BEYOND = ["for", "case", "esac", "function", "eval", "trap", ".", "source"];
/** Programs that run what their arguments name. */
const RUNNERS = [
  "sh",
  "ash",
  "bash",
  "dash",
  "busybox",
  "env",
  "nice",
  "nohup",
  "setsid",
  "timeout",
  "xargs",
  "find",
  "chroot",
];
/** Options of modprobe with a value of their own. */
const VALUED = /^-(?:[CdS]|-(?:config|dirname|set-version))$/;

interface Word {
  readonly text: string;
  /** Whether something in it is known only when it runs. */
  readonly isOpen: boolean;
}

export function readModprobeCommand(command: string): ModprobeCommand {
  const programs = new Set<string>();
  const modules: string[] = [];
  const { commands, isPlain: isRead } = splitCommands(command);
  let isPlain = isRead;
  let isInert = true;
  for (const words of commands) {
    const program = words.find(({ text }) => !BEFORE.includes(text) && !/^[A-Za-z_]\w*=/.test(text));
    if (program === undefined) continue;
    const name = program.text.slice(program.text.lastIndexOf("/") + 1);
    if (!INERT.includes(name)) isInert = false;
    if (program.isOpen || program.text.startsWith("-") || BEYOND.includes(name) || RUNNERS.includes(name))
      isPlain = false;
    if (program.isOpen || program.text.startsWith("-") || BEYOND.includes(name)) continue;
    if (!BUILTINS.includes(program.text)) programs.add(program.text);
    if (name !== "modprobe") continue;
    const named = namesFor(words.slice(words.indexOf(program) + 1));
    if (named.some(({ isOpen }) => isOpen)) isPlain = false;
    modules.push(...named.flatMap(({ text, isOpen }) => (isOpen ? [] : [text])));
  }
  return { programs: [...programs], modules, isPlain, isInert: isInert && isPlain && commands.length > 0 };
}

/** `modprobe -q --ignore-install a o=1`: the name alone, or all names behind `-a`. */
function namesFor(words: readonly Word[]): Word[] {
  const isOption = (index: number): boolean =>
    words[index]!.text.startsWith("-") || VALUED.test(words[index - 1]?.text ?? "");
  const isAll = words.some(({ text }) => /^(?:-[a-z]*a[a-z]*|--all)$/.test(text));
  const names = words.filter(({ text }, index) => !isOption(index) && text !== "$CMDLINE_OPTS");
  return names.slice(0, isAll ? names.length : 1);
}

/** Simple commands as their words, without redirections. */
function splitCommands(command: string): { readonly commands: Word[][]; readonly isPlain: boolean } {
  const commands: Word[][] = [[]];
  // what the shell runs to find out its own words, and text that is handed on
  const isPlain = !/`|[$<>]\(|<</.test(command.replace(/'[^']*'/g, ""));
  let isTarget = false;
  for (const [piece] of command.matchAll(PIECES)) {
    if (/^\s/.test(piece)) continue;
    if (/^#/.test(piece)) break;
    if (/^\d*[<>]/.test(piece)) isTarget = true;
    else if (/^[;&|()]/.test(piece)) commands.push([]);
    else {
      if (!isTarget) commands.at(-1)!.push(wordOf(piece));
      isTarget = false;
    }
  }
  return { commands: commands.filter((words) => words.length > 0), isPlain };
}

/** Blanks, a comment at the start of a word, redirections, what parts commands, words with quotes; a lone quote. */
const PIECES = /\s+|#.*|\d*(?:<<-?|>>|[<>][&|]?|<>)|[;&|()]+|(?:'[^']*'|"[^"]*"|[^\s;&|()<>'"])+|['"]/g;

function wordOf(piece: string): Word {
  const plain = piece.replace(/'[^']*'/g, "");
  return { text: piece.replace(/['"]/g, ""), isOpen: /[$`*?]|\[./.test(plain) || /^['"]$/.test(piece) };
}
