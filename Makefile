PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
DEMO   := $(CURDIR)/out/demo

.PHONY: install demo lint test test-llm bench eval lock clean

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: install
	@FAZHI_HOME=$(DEMO) FAZHI=$(BIN)/fazhi sh samples/demo.sh

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# A worker a core, each a whole file at a time: a file's tests share a server or a library.
test: lint
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

# The real local model (about 1.1 GB, fetched if it is not here): streaming, stop, limits, speed.
test-llm: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,local]'
	$(BIN)/fazhi model pull
	$(BIN)/python -m pytest -m llm -s -rs

bench: install
	$(BIN)/python -m evals.bench

# Every suite that needs no model, against the recorded baseline; the report is out/eval/all.html.
eval: install
	$(BIN)/fazhi eval --suite all -o out/eval --compare evals/baselines/extractive.json

# The exact versions of what is installed now, for reproducible installs.
lock: install
	echo '# Exact versions the project is tested with, for `pip install -c`; regenerate with `make lock`.' > constraints.txt
	$(BIN)/python -m pip list --format=freeze | grep -Ev '^(pip|setuptools|fazhi-assistant)=' >> constraints.txt

clean:
	rm -rf $(VENV) build out
