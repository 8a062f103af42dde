#!/bin/sh
# Runs a compiled program of this project: run.sh main.js …
# Compiles first when a source is newer than the last build, so that what runs is
# what is written here.
case $0 in */*) here=${0%/*}/ ;; *) here=./ ;; esac
root=$(cd "$here" && pwd)
built="$root/dist/.tsbuildinfo"
newer=$(cd "$root" && find main.ts src constructs providers simulator package.json \
  -newer "$built" \( -name '*.ts' -o -name package.json \) -print -quit 2>/dev/null || echo none)
if [ ! -f "$built" ] || [ -n "$newer" ]; then
  (cd "$root" && node node_modules/typescript/bin/tsc -p tsconfig.build.json) >&2 || exit 1
  touch "$built"
fi
program=$1
shift
exec node "$root/dist/$program" "$@"
