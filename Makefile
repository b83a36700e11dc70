# Every command of the project, a line each: make help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
# Tools from npm come first: a current Node among them, where the machine's own is older.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help
help:
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

.PHONY: start
start: ## install what is missing, build, and run Vigil on this machine (HOST, PORT, DATA)
	@scripts/setup.sh start
	$(MAKE) --no-print-directory build
	exec node shim/main.js

.PHONY: link
link: ## a sign-in link for the administrator (ARGS="mary --name Mary --role owner --memorial …": for somebody else)
	@node --disable-warning=ExperimentalWarning shim/main.js link $${ARGS:-admin}

.PHONY: test
test: ## install what is missing and run every check and test there is
	@scripts/setup.sh test
	exec node scripts/test.js

.PHONY: setup
setup: ## install what is missing, for running and for testing
	@scripts/setup.sh test

.PHONY: build
build: modules web ## build the WebAssembly modules and the pages

.PHONY: modules
modules: ## build the WebAssembly modules: build/dist/{publisher,player,server}.mjs
	@source "$$(scripts/setup-emscripten.sh)"
	[ -f build/wasm/build.ninja ] || cmake --preset wasm
	cmake --build --preset wasm --target publisher player server

.PHONY: web
web: ## build the pages: build/web
	@node scripts/build-web.js

.PHONY: native
native: ## the core's tests on this machine, under ASan and UBSan
	@cmake --workflow --preset native

.PHONY: wasm
wasm: ## the core's tests as WebAssembly under Node
	@source "$$(scripts/setup-emscripten.sh)"
	cmake --workflow --preset wasm

.PHONY: fuzz
fuzz: ## hostile bytes for every parser (SECONDS_EACH=600); what breaks one lies in build/fuzz
	@scripts/setup.sh test
	scripts/fuzz.sh "$${SECONDS_EACH:-600}"

.PHONY: lint
lint: ## formatters, linters and type checks
	@node scripts/test.js lint

.PHONY: format
format: ## let the formatters rewrite what they can
	@clang-format -i $$(git ls-files 'wasm/*.?pp' 'tests/*.?pp' 'bench/*.?pp' 'fuzz/*.?pp')
	prettier --write --log-level warn .

.PHONY: bench
bench: ## measure; prints JSON lines and keeps them in build/bench.jsonl
	@scripts/setup.sh test
	$(MAKE) --no-print-directory build
	node bench/run.js

.PHONY: size
size: ## bytes of every delivered file, against the budget of the go-live page
	@$(MAKE) --no-print-directory build
	node scripts/size.js

.PHONY: soak
soak: ## publish, watch, stop, repeat (MINUTES=15); memory and file handles must stay flat
	@scripts/setup.sh test
	$(MAKE) --no-print-directory build
	node bench/soak.js

.PHONY: screenshots
screenshots: ## pictures of every page in every state: build/screenshots
	@scripts/setup.sh test
	$(MAKE) --no-print-directory build
	node scripts/screenshots.js

.PHONY: film
film: ## one service on the memorial page, from not begun to recording: build/screenshots/film.png
	@scripts/setup.sh test
	$(MAKE) --no-print-directory build
	node scripts/film.js

.PHONY: clean
clean: ## remove what was built (never the data)
	@rm -rf build
