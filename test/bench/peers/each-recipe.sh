#!/usr/bin/env bash
# each-recipe.sh DIRECTORY COMMAND...: COMMAND with each recipe of DIRECTORY behind it.
set -euo pipefail
directory=$1
shift
for recipe in "$directory"/*.yaml; do "$@" "$recipe"; done
