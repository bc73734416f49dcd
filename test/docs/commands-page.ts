/** docs/commands.md: every verb, from the tables that the command line itself reads. */
import { EVERYWHERE } from "../../src/cli/args.ts";
import type { AnyCommand, CommandGroup, OperandRow, OptionRow } from "../../src/cli/command.ts";
import { cell, link } from "./markdown.ts";

export function commandsPage(commands: readonly (AnyCommand | CommandGroup)[]): string {
  const verbs = commands.flatMap((one) =>
    "commands" in one
      ? one.commands.map((inner) => ({ name: `${one.name} ${inner.name}`, verb: inner }))
      : [{ name: one.name, verb: one }],
  );
  const rows = verbs.map(
    ({ name, verb }) =>
      `| ${link(`initgraph ${name}`, `initgraph-${name.replace(" ", "-")}`)} | ${cell(verb.summary)} |`,
  );
  return `# Commands

Every verb has \`--json\` (${EVERYWHERE.json.says}) and \`--quiet\` (${EVERYWHERE.quiet.says}). Results go to standard
output, all else to standard error. Exit codes: 0 done; 1 an input is at fault, or a difference or fault was found; 2 wrong usage;
70 a bug of ours. The same texts are printed by \`initgraph help VERB\`.

| verb | does |
| ---- | ---- |
${rows.join("\n")}

${verbs.map(({ name, verb }) => verbSection(name, verb)).join("\n\n")}
`;
}

function verbSection(name: string, { summary, about, operands, options, examples }: AnyCommand): string {
  const synopsis = [
    "initgraph",
    name,
    ...(Object.keys(options).length > 0 ? ["[options]"] : []),
    ...operands.map(showOperand),
  ];
  const words = [
    ...operands.map(({ name: word, says }) => [word, says] as const),
    ...Object.entries(options as Record<string, OptionRow>).map(
      ([key, row]) => [showOption(key, row), row.says] as const,
    ),
  ];
  const parts = [
    `## initgraph ${name}`,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(about === "" ? [] : [about]),
    `\`\`\`sh\n${synopsis.join(" ")}\n\`\`\``,
    ...(words.length === 0
      ? []
      : [
          [
            "| word | means |",
            "| ---- | ----- |",
            ...words.map(([word, says]) => `| \`${word}\` | ${cell(says)} |`),
          ].join("\n"),
        ]),
    `\`\`\`sh\n${examples.map(([line, does]) => `# ${does}\n${line}`).join("\n\n")}\n\`\`\``,
  ];
  return parts.join("\n\n");
}

function showOperand({ name, need }: OperandRow): string {
  const word = need === "many" || need === "any" ? `${name}…` : name;
  return need === "one" || need === "many" ? word : `[${word}]`;
}

function showOption(name: string, { short, takes }: OptionRow): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${takes === null ? "" : ` ${takes}`}`;
}
