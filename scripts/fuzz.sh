#!/usr/bin/env bash
# Feeds every fuzz target for so many seconds; fails with what broke one. What it has learnt stays in build/fuzz.
#   scripts/fuzz.sh 600     goes on from there, each time other inputs
#   scripts/fuzz.sh 5 1     begins anew from that seed: the same inputs every time, for a test
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:?how many seconds for each target}
seed=${2:-}

cmake --preset native >/dev/null
targets=(fuzz/*_fuzz.cpp)
targets=("${targets[@]#fuzz/}")
targets=("${targets[@]%.cpp}")
cmake --build --preset native --target "${targets[@]}" >/dev/null
for target in "${targets[@]}"; do
  seeds=tests/fixtures/${target%_fuzz}
  corpus=build/fuzz/$target${seed:+-$seed}
  [ -z "$seed" ] || rm -rf "$corpus"
  mkdir -p "$corpus"
  [ -d "$seeds" ] || seeds=
  log=build/fuzz/$target.log
  if ! "build/native/$target" -max_total_time="$seconds" ${seed:+-seed="$seed"} -artifact_prefix="$corpus-" "$corpus" ${seeds:+"$seeds"} >"$log" 2>&1; then
    tail -40 "$log"
    echo "✖ $target: the input that broke it is named above; make it a fixture and a test"
    exit 1
  fi
  echo "✔ $target ($(grep -oE 'Done [0-9]+ runs' "$log" | tail -1))"
done
