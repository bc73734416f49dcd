/** Completion for zsh: as a file _initgraph of the fpath, or sourced. */
import type { AllWords, GroupWords, Offer, VerbWords } from "./words.ts";

export function zshScript({ groups, verbs }: AllWords): string {
  const functions = [...groups.map(groupFunction), ...verbs.map(verbFunction)];
  return `#compdef initgraph
# zsh completion for initgraph: source <(initgraph completion zsh), or as a file _initgraph of your fpath

${functions.join("\n\n")}

if [ "$funcstack[1]" = "_initgraph" ]; then
  _initgraph "$@"
else
  compdef _initgraph initgraph
fi
`;
}

/** The verbs of the program, or of a group: then each completes by itself. */
function groupFunction({ path, verbs }: GroupWords): string {
  const calls = verbs.map(({ name }) => {
    const full = path === "" ? name : `${path} ${name}`;
    return `        ${name}) ${nameOf(full)} ;;`;
  });
  return `${nameOf(path)}() {
  local context state line
  typeset -A opt_args
  local -a verbs=(
${verbs.map(({ name, says }) => `    ${quote(`${name}:${says}`)}`).join("\n")}
  )
  _arguments -C '(- *)'{-h,--help}'[print this help]' '1: :->verb' '*:: :->rest'
  case $state in
    verb) _describe verb verbs ;;
    rest)
      case $words[1] in
${calls.join("\n")}
      esac
      ;;
  esac
}`;
}

function verbFunction({ path, options, operands }: VerbWords): string {
  const specs = [
    ...options.flatMap(({ names, says, repeats, value }) => {
      const excluded = repeats ? "*" : names.length > 1 ? `(${names.join(" ")})` : "";
      const takes = value === null ? "" : `:${escapeColons(value.name)}:${actionOf(value.offer)}`;
      return names.map((name) => {
        const long = value !== null && name.startsWith("--") ? "=" : "";
        return quote(`${excluded}${name}${long}[${says.replace(/[[\]\\]/g, "\\$&")}]${takes}`);
      });
    }),
    ...operands.map(({ name, offer, repeats }, index) =>
      quote(`${repeats ? "*" : index + 1}:${escapeColons(name)}:${actionOf(offer)}`),
    ),
  ];
  return `${nameOf(path)}() {
  _arguments -s \\
${specs.map((spec) => `    ${spec}`).join(" \\\n")}
}`;
}

function actionOf(offer: Offer): string {
  switch (offer.kind) {
    case "file":
      return "_files";
    case "directory":
      return "_files -/";
    case "recipe":
      return '_files -g "*.(yaml|yml)(-.)"';
    case "words":
      return `(${offer.words.join(" ")})`;
    case "nothing":
      return " ";
  }
}

function nameOf(path: string): string {
  return `_initgraph${path === "" ? "" : `_${path.replaceAll(" ", "_")}`}`;
}

function escapeColons(text: string): string {
  return text.replace(/[:\\]/g, "\\$&");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
