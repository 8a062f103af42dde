#!/bin/sh -
# Runs a compiled program of this project: run.sh main.js …
# Compiles first when a source is newer than the last build, so that the current
# sources run; without the development dependencies the last build runs.
file=$0
while [ -L "$file" ]; do
  target=$(readlink "$file")
  case $target in
  /*) file=$target ;;
  *) file=$(dirname -- "$file")/$target ;;
  esac
done
# CDPATH would redirect cd, and make it print the directory.
root=$(unset CDPATH && cd -- "$(dirname -- "$file")" && pwd) || exit 1
built="$root/dist/.tsbuildinfo"
compiler="$root/node_modules/typescript/bin/tsc"
newer=$(cd "$root" && find main.ts index.ts src constructs providers simulator package.json \
  -newer "$built" \( -name '*.ts' -o -name package.json \) -print -quit 2>/dev/null || echo none)
if [ ! -f "$compiler" ] && [ ! -f "$built" ]; then
  echo "Not compiled, and the compiler is not installed: run npm ci in $root" >&2
  exit 1
elif [ -f "$compiler" ] && { [ ! -f "$built" ] || [ -n "$newer" ]; }; then
  (cd "$root" && node "$compiler" -p tsconfig.build.json) >&2 || exit 1
  touch "$built"
fi
program=$1
shift
exec node "$root/dist/$program" "$@"
