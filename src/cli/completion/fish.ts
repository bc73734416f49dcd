/** Completion for fish. */
import type { AllWords, Offer, VerbWords } from "./words.ts";

/** `__initgraph_at build`: whether the words so far lead to just this verb or group. */
const BODY = `function __initgraph_at
    set -l words (commandline -opc)
    set -e words[1]
    set -l path
    for word in $words
        string match -q -- '-*' $word; and continue
        set -a path $word
    end
    if test $argv[1] = group
        test "$path" = "$argv[2]"
    else
        string match -q -- "$argv[2] *" "$path "
    end
end

function __initgraph_recipes
    __fish_complete_suffix .yaml
    __fish_complete_suffix .yml
end
`;

export function fishScript({ groups, verbs }: AllWords): string {
  const lines = groups.flatMap(({ path, verbs: inner }) =>
    inner.map(
      ({ name, says }) =>
        `complete -c initgraph -n '__initgraph_at group "${path}"' -a ${name} -d ${quote(says)}`,
    ),
  );
  return `# fish completion for initgraph: initgraph completion fish | source

${BODY}
complete -c initgraph -f
complete -c initgraph -n '__initgraph_at group ""' -s V -l version -d 'print the version'
${[...lines, ...verbs.flatMap(verbLines)].join("\n")}
`;
}

function verbLines({ path, options, operands }: VerbWords): string[] {
  const at = `complete -c initgraph -n '__initgraph_at verb "${path}"'`;
  return [
    ...options.map(({ names, says, value }) => {
      const flags = names.map((name) =>
        name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
      );
      const takes = value === null ? "" : ` ${showValue(value.offer)}`;
      return `${at} ${flags.join(" ")}${takes} -d ${quote(says)}`;
    }),
    ...operands.flatMap(({ offer }) => (offer.kind === "nothing" ? [] : [`${at} ${operandOf(offer)}`])),
  ];
}

/** -r: a value is needed, files are offered; -x: a value is needed, and no files. */
function showValue(offer: Offer): string {
  switch (offer.kind) {
    case "file":
      return "-r -F";
    case "directory":
      return "-x -a '(__fish_complete_directories)'";
    case "recipe":
      return "-x -a '(__initgraph_recipes)'";
    case "words":
      return `-x -a ${quote(offer.words.join(" "))}`;
    case "nothing":
      return "-x";
  }
}

function operandOf(offer: Offer): string {
  return offer.kind === "file" ? "-F" : showValue(offer).replace("-x ", "");
}

/** Within single quotes fish knows \\ and \'. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
