#!/usr/bin/env bash
# clang-tidy over the pure core, two files at a time. Needs the native preset's compile commands.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -f build/native/compile_commands.json ] || cmake --preset native >/dev/null
# The compile commands name it.
cmake --build --preset native --target CMakeFiles/server_core.dir/cmake_pch.hxx.pch >/dev/null
git ls-files 'wasm/*.cpp' ':!wasm/bind' ':!wasm/browser' |
  xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p build/native 2> >(grep -vE '^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter' >&2 || true)
