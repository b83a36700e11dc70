#!/usr/bin/env bash
# Installs what `make start` (or `make test`) needs and is missing, and says what it is doing.
#
#   scripts/setup.sh start     # what running Vigil needs
#   scripts/setup.sh test      # and what its tests need: Chromium, clang, …
#
# Debian packages are installed only where that is allowed (root, or sudo without a password). Elsewhere one message
# names everything that is missing and how to get it, before anything has been changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for_what=${1:-start}

say() { printf '[setup] %s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
version_at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# ---- 1. programs: what to look for, and the Debian package that holds it ------------------------------------------------
missing=()
need() { has "$1" || missing+=("$2"); }
need cmake cmake
need ninja ninja-build
need python3 python3
need ffmpeg ffmpeg
need node nodejs
need npm npm
need xz xz-utils
if [ "$for_what" = test ]; then
  need clang++ clang
  need clang-format clang-format
  need clang-tidy clang-tidy
  need shellcheck shellcheck
  need openssl openssl
  need turnserver coturn
  need ip iproute2
  need nsenter util-linux
  [ -n "${CHROMIUM:-}" ] || need chromium chromium
  [ -n "${FIREFOX:-}" ] || need firefox-esr firefox-esr
  need WebKitWebDriver webkit2gtk-driver
  need Xvfb xvfb
  # What WebKit decodes H.264 and AAC with.
  compgen -G '/usr/lib/*/gstreamer-1.0/libgstlibav.so' >/dev/null || missing+=(gstreamer1.0-libav)
  compgen -G '/usr/lib/*/gstreamer-1.0/libgstvideoparsersbad.so' >/dev/null || missing+=(gstreamer1.0-plugins-bad)
  /usr/bin/python3 -c 'import aiortc' 2>/dev/null || missing+=(python3-aiortc)
  if has clang++ && ! printf 'int main(){}' | clang++ -x c++ -fsanitize=address,undefined -o /dev/null - 2>/dev/null; then
    missing+=("libclang-rt-$(clang++ -dumpversion | cut -d. -f1)-dev")
  elif ! has clang++; then
    missing+=(libclang-rt-14-dev)
  fi
fi

if [ ${#missing[@]} -gt 0 ]; then
  if ! has apt-get; then
    cat >&2 <<EOF
Vigil needs these programs, and this is not a Debian system, so it cannot install them itself: ${missing[*]}
(the names are those of Debian's packages). Please install them with your system's package manager and run make again.
The Emscripten toolchain is had from https://github.com/emscripten-core/emsdk:
  emsdk install $(cat emsdk-version.txt) && emsdk activate $(cat emsdk-version.txt) && . ./emsdk_env.sh
EOF
    exit 3
  fi
  if [ "$(id -u)" = 0 ]; then as_root=()
  elif has sudo && sudo -n true 2>/dev/null; then as_root=(sudo)
  else
    cat >&2 <<EOF
Vigil needs some Debian packages that only an administrator can install. Please run

  sudo apt-get install ${missing[*]}

and then make again. Nothing has been changed.
EOF
    exit 3
  fi
  say "1 of 3: Debian packages: ${missing[*]}"
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2; rm -f "$log"
    say "apt could not install them; the lines above say why"
    exit 4
  fi
  rm -f "$log"
fi

version_at_least 3.25 "$(cmake --version | sed -n '1s/[^0-9]*//p')" || { say "CMake 3.25 or later is needed, this is $(cmake --version | head -n 1)"; exit 3; }

# ---- 2. npm packages (a current Node among them, for machines whose own is older than 22.13) ------------------------------
if ! cmp -s package-lock.json node_modules/.vigil-lock 2>/dev/null; then
  say "2 of 3: npm packages"
  [ ! -L node_modules ] || rm node_modules # npm ci would empty the folder it leads to
  rm -f node_modules/.vigil-lock
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.vigil-lock
fi
node_version=$(PATH=$PWD/node_modules/.bin:$PATH node --version)
version_at_least 22.13 "${node_version#v}" || { say "Node 22.13 or later is needed, this is $node_version"; exit 3; }

# ---- 3. Emscripten -------------------------------------------------------------------------------------------------------
# Quiet when it is there already; step by step when it has to be fetched.
if ! scripts/setup-emscripten.sh --found >/dev/null 2>&1; then
  say "3 of 3: Emscripten $(cat emsdk-version.txt), into your cache folder, once for all clones"
  scripts/setup-emscripten.sh >/dev/null
fi
