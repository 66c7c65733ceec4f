# enclave_subinterp: `make help` shows what there is.
#
# Every target finds a fitting CPython by itself (ENCLAVE_PYTHON names one), makes its own environment in .venv/ and
# builds the extension when its sources have changed.  ARGS goes to the program: make test ARGS="-k halt -x".

ARGS ?=
MINUTES ?= 10
RUN = ENCLAVE_GOAL=$@ sh tools/with-python tools/env.py

# A task on every CPython found, one after the other.
define on_each
found=$$(sh tools/with-python --all) || exit 2; failed=; \
for python in $$(echo "$$found" | cut -d' ' -f2-); do \
    echo "=== $$python"; \
    ENCLAVE_PYTHON="$$python" sh tools/with-python tools/env.py $(1) $(ARGS) || failed="$$failed $$python"; \
done; \
if [ -n "$$failed" ]; then echo "failed on:$$failed" >&2; exit 1; fi
endef

.DEFAULT_GOAL := help
.PHONY: help demo test test-all check format docs build dist wheels bench bench-all bench-tests report guard stress fuzz soak sanitize clean

help:  ## show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  ENCLAVE_PYTHON=/path/to/python3 chooses the interpreter, ARGS="..." goes to the program that is run.'

demo:  ## run some hundred scripts, honest and hostile, and show what each came to
	@$(RUN) demo $(ARGS)

test:  ## run the tests
	@$(RUN) test $(ARGS)

test-all:  ## run the tests on every CPython found
	@$(call on_each,test)

check:  ## lint, layout, types (ruff, mypy, clang-format) and the documentation; changes nothing
	@$(RUN) check

format:  ## lay out the Python and C files as `make check` wants them
	@$(RUN) format

docs:  ## build the documentation site into build/site; a warning is an error (ARGS="--serve" shows it as it is written)
	@$(RUN) docs $(ARGS)

build:  ## prepare the environment and the extension only, and print the Python to use
	@$(RUN) build

dist:  ## build the sdist and a wheel from it, and try that wheel in an empty environment
	@ENCLAVE_GOAL=$@ sh tools/with-python -m tools.dist dist

wheels:  ## build and try a manylinux wheel for every CPython found, or for those in ARGS
	@ENCLAVE_GOAL=$@ sh tools/with-python -m tools.dist wheels $(ARGS)

bench:  ## measure everything beside its peers and write the figures down (ARGS="--quick", ARGS="--list")
	@$(RUN) bench $(ARGS)

bench-all:  ## the same on every CPython found, one after the other, and the report of it
	@$(call on_each,bench)
	@$(RUN) report

bench-tests:  ## run the benchmarks of single parts (pytest-benchmark)
	@$(RUN) bench-tests $(ARGS)

report:  ## make docs/performance.md of the figures that `make bench` has written down
	@$(RUN) report $(ARGS)

guard:  ## count what a run costs, beside the limits; ARGS=--renew makes it the limits
	@$(RUN) guard $(ARGS)

stress:  ## run the long soak tests that `make test` leaves out
	@$(RUN) stress $(ARGS)

fuzz:  ## run the fuzzers, MINUTES=10 each
	@ENCLAVE_FUZZ_MINUTES=$(MINUTES) $(RUN) fuzz $(ARGS)

soak:  ## run everything at once for MINUTES=10, and watch for what is lost, doubled or left
	@ENCLAVE_SOAK_MINUTES=$(MINUTES) $(RUN) soak $(ARGS)

sanitize:  ## run the tests under AddressSanitizer and UBSan, the native programs also under TSan
	@$(RUN) sanitize $(ARGS)

clean:  ## remove environments, builds and caches
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	find . -path ./.git -prune -o -name __pycache__ -type d -exec rm -rf {} +
