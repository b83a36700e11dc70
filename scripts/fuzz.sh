#!/usr/bin/env bash
# Builds the fuzz targets and runs each for SECONDS_EACH (default 20), from the real texts in tests/fixtures. What makes one
# crash is kept in build/fuzz/crashes/<target>: it belongs into tests/fixtures, with a test.
#   scripts/fuzz.sh [target ...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(sdp_fuzz fragment_fuzz headers_fuzz url_fuzz)
[ -f build/fuzz/build.ninja ] || cmake -S . -B build/fuzz -G Ninja -DFUZZ=ON -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++ >/dev/null
cmake --build build/fuzz --target "${targets[@]}"
for target in "${targets[@]}"; do
  corpus="build/fuzz/corpus/$target"
  crashes="build/fuzz/crashes/$target"
  mkdir -p "$corpus" "$crashes"
  seeds=()
  case "$target" in
    sdp_fuzz | fragment_fuzz) seeds=(tests/fixtures/sdp) ;;
  esac
  echo "── $target"
  "build/fuzz/$target" -max_total_time="${SECONDS_EACH:-20}" -max_len=16384 -timeout=5 -print_funcs=0 -verbosity=0 \
    -artifact_prefix="$crashes/" "$corpus" "${seeds[@]}"
done
echo "${#targets[@]} targets, no crash"
