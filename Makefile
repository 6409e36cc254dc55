# Two commands do all the set-up, inside this folder:
#   make demo   makes .venv, builds, runs the main job
#   make test   makes .venv, builds, runs the tests
#   make docs   makes .venv, builds the guide into site/
#   make guide  runs the commands that the guide shows again; DATA=folder for the real files as well
# Another Python: make demo PYTHON=python3.13

PYTHON ?= python3
CXX ?= c++
BIN := .venv/bin
SOURCES := pyproject.toml CMakeLists.txt $(shell find src cpp -type f -name '*.py' -o -type f -name '*.pyi' -o -type f -name '*.h' -o -type f -name '*.cpp')

.PHONY: demo test docs guide clean

demo: .venv/installed
	@mkdir -p demo
	$(BIN)/statecast backtest examples/sales_year.csv --out demo/backtest.csv --plot demo/backtest.png
	@$(BIN)/statecast forecast examples/sales_year.csv --quiet --out demo/forecast.csv --plot demo/forecast.png
	@echo
	@echo "Table of the test:      demo/backtest.csv"
	@echo "Picture of the test:    demo/backtest.png"
	@echo "Forecast for next year: demo/forecast.csv, its picture demo/forecast.png"

test: .venv/installed-dev
	$(BIN)/cmake -S . -B build/core -G Ninja -DCMAKE_MAKE_PROGRAM=$(CURDIR)/$(BIN)/ninja -DSTATECAST_PYTHON=OFF -DSTATECAST_TESTS=ON > build/core.log || (cat build/core.log; exit 1)
	$(BIN)/cmake --build build/core
	$(BIN)/ctest --test-dir build/core --output-on-failure
	$(BIN)/python -m pytest -m "not slow"

docs: .venv/installed-docs
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/zensical build --strict --clean

guide: .venv/installed-dev
	$(BIN)/python docs/guide/make.py $(if $(DATA),--data "$(DATA)")

.venv/installed: $(SOURCES) | .venv/ready
	@echo "Building Statecast into .venv ..."
	@$(BIN)/python -m pip install --quiet .
	@touch $@

.venv/installed-dev: $(SOURCES) | .venv/ready
	@mkdir -p build
	@echo "Building Statecast and installing its tests' tools into .venv ..."
	@$(BIN)/python -m pip install --quiet ".[dev]"
	@touch $@ .venv/installed

.venv/installed-docs: pyproject.toml | .venv/ready
	@echo "Installing what builds the guide ..."
	@$(BIN)/python -m pip install --quiet $$($(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"])')
	@touch $@

.venv/ready:
	@command -v $(PYTHON) > /dev/null || { echo "Statecast needs Python 3.11 or newer, and there is no $(PYTHON). Install one, or name it: make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Statecast needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>&1). Install one, or name it: make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { echo "Statecast needs Python's venv module, which $(PYTHON) lacks. Install it (Debian: apt-get install python3-venv), or name another Python: make PYTHON=/path/to/python"; exit 1; }
	@echo 'int main() {}' | $(CXX) -std=c++20 -x c++ -fsyntax-only - 2> /dev/null || { echo "Statecast needs a C++20 compiler (g++ 11, clang 14 or newer), and $(CXX) is none. Install one (Debian: apt-get install g++), or name it: make CXX=/path/to/c++"; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

clean:
	rm -rf .venv build dist demo site
