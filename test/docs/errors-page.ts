/** docs/errors.md: what `initgraph explain` tells, of every code. */
import { EXPLAINED, type Explained, ROOMS } from "../../src/cli/explanations/index.ts";
import { link, prose } from "./markdown.ts";

export function errorsPage(): string {
  const rooms = Object.entries(ROOMS).flatMap(([room, about]) => {
    const codes = EXPLAINED.filter(({ code }) => code.startsWith(`${room}/`));
    return codes.length === 0 ? [] : [{ room, about, codes }];
  });
  const contents = rooms.map(({ room, about, codes }) => {
    const links = codes.map(({ code }) => link(code.slice(room.length + 1), code.replace("/", "")));
    return `**${room}** (${prose(about)}): ${links.join(", ")}`;
  });
  return `# Errors, warnings and findings

A problem has a code in brackets: \`error[graph/library-not-found]\`. \`initgraph explain CODE\` prints what stands here. A code
never changes once it is released; \`--json\` gives it as \`code\`.

${contents.join("\n\n")}

${rooms.map(({ room, about, codes }) => `## ${room}: ${prose(about)}\n\n${codes.map(section).join("\n\n")}`).join("\n\n")}
`;
}

function section({ code, kind, title, happened, causes, remedies, example, mended }: Explained): string {
  const parts = [
    `### ${code}`,
    `${kind === "error" ? "" : `(${kind}) `}**${prose(title.charAt(0).toUpperCase() + title.slice(1))}.** ${prose(happened)}`,
    `Usual causes:\n\n${causes.map((cause) => `- ${prose(cause)}`).join("\n")}`,
    `What to do:\n\n${remedies.map((remedy) => `- ${prose(remedy)}`).join("\n")}`,
    `Example:\n\n${block(example)}`,
    ...(mended === null ? [] : [`Instead:\n\n${block(mended)}`]),
  ];
  return parts.join("\n\n");
}

function block(text: string): string {
  return `\`\`\`${/^\$ /m.test(text) ? "sh" : "yaml"}\n${text}\n\`\`\``;
}
