# zsh -f ask.zsh SCRIPT LINE FILE: types LINE and a tab in an interactive zsh, and writes into FILE what it offers
zmodload zsh/zpty
zpty asked zsh -f -i
zpty -w asked "PROMPT= RPROMPT= PS2="
zpty -w asked "autoload -U compinit && compinit -D -u && source ${(q)1}"
zpty -w asked "bindkey '^I' complete-word; zle_bracketed_paste=()"
zpty -w asked 'compadd() {
  local -a hits
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return $?; fi
  builtin compadd -A hits "$@"
  print -rl -- $hits >> '"${(q)3}"'
  builtin compadd "$@"
}'
zpty -w asked "comppostfuncs=(exit)"
zpty -w -n asked "$2"$'\t'
zpty -r asked out '*never*' 2>/dev/null
zpty -d asked
