/** Completion for bash, without the package bash-completion. */
import type { AllWords, Offer, VerbWords } from "./words.ts";

/** `initgraph build --out=x` reaches the function as three words: `=` is among COMP_WORDBREAKS. */
const BODY = `_initgraph() {
  local cur=\${COMP_WORDS[COMP_CWORD]} last=$((COMP_CWORD - 1)) path= operand=0 value= word i
  if [[ $cur == = ]]; then
    cur=
  elif [[ $last -gt 0 && \${COMP_WORDS[last]} == = ]]; then
    last=$((last - 1))
  fi
  for ((i = 1; i <= last; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $value ]]; then
      [[ $word == = ]] || value=
    elif [[ $word == -* ]]; then
      value=$(_initgraph_value "$path $word")
    elif _initgraph_words "$path" > /dev/null; then
      path=\${path:+$path }$word
    else
      operand=$((operand + 1))
    fi
  done
  if [[ $value ]]; then
    _initgraph_offer "$value"
  elif [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_initgraph_options "$path")" -- "$cur")
  elif word=$(_initgraph_words "$path"); then
    mapfile -t COMPREPLY < <(compgen -W "$word" -- "$cur")
  else
    _initgraph_offer "$(_initgraph_operand "$path" $operand)"
  fi
}

_initgraph_offer() {
  case $1 in
    file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
    directory) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
    recipe)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -d -- "$cur"; compgen -f -X '!*.y?(a)ml' -- "$cur")
      ;;
    words\\ *) mapfile -t COMPREPLY < <(compgen -W "\${1#words }" -- "$cur") ;;
    *) COMPREPLY=() ;;
  esac
}
`;

export function bashScript({ groups, verbs }: AllWords): string {
  const words = groups.map(
    ({ path, verbs: names }) => `    "${path}") echo "${names.map(({ name }) => name).join(" ")}" ;;`,
  );
  const options = verbs.map(
    ({ path, options: rows }) =>
      `    "${path}") echo "${rows.flatMap(({ names }) => names.filter((name) => name.startsWith("--"))).join(" ")}" ;;`,
  );
  return `# bash completion for initgraph: source <(initgraph completion bash)
shopt -s extglob

${BODY}
_initgraph_words() {
  case $1 in
${words.join("\n")}
    *) return 1 ;;
  esac
}

_initgraph_options() {
  case $1 in
    "") echo "--help --version" ;;
${options.join("\n")}
  esac
}

_initgraph_value() {
  case $1 in
${verbs.flatMap(valueLines).join("\n")}
  esac
}

_initgraph_operand() {
  case "$1 $2" in
${verbs.flatMap(operandLines).join("\n")}
  esac
}

complete -F _initgraph initgraph
`;
}

function valueLines({ path, options }: VerbWords): string[] {
  return options.flatMap(({ names, value }) => {
    if (value === null) return [];
    return [`    ${names.map((name) => `"${path} ${name}"`).join("|")}) echo "${showOffer(value.offer)}" ;;`];
  });
}

function operandLines({ path, operands }: VerbWords): string[] {
  return operands.map(({ offer, repeats }, index) => {
    const place = repeats ? `"${path} "*` : `"${path} ${index}"`;
    return `    ${place}) echo "${showOffer(offer)}" ;;`;
  });
}

function showOffer(offer: Offer): string {
  return offer.kind === "words" ? `words ${offer.words.join(" ")}` : offer.kind;
}
