# bash ask.bash SCRIPT WORD…: what the script's function offers for the last of the words, one a line
source "$1"
shift
compopt() { :; } # there is no line that is being edited
[[ $(complete -p initgraph) == "complete -F _initgraph initgraph" ]] || exit 1
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_initgraph
printf '%s\n' "${COMPREPLY[@]}"
