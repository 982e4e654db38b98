# Every target sets up what it needs first (.ci/setup); run and test need nothing but cargo, gcc, make and python3.
SHELL := /bin/bash
# One profile for everything: HiGHS is C++ and takes minutes to build, once.
CARGO = set -a && . .tools/env && set +a && cargo
FENZU = target/release/fenzu

.PHONY: run test build lint format bench bench-peers fuzz evidence brute shapes million schema

run: build ## divide the sample class into five groups and show the plan
	$(FENZU) solve datasets/class50_messy.xlsx --groups 5

build: .tools/env ## the program: target/release/fenzu
	$(CARGO) build --release --locked

test: .tools/env ## all tests
	$(CARGO) test --release --locked

lint: .tools/env ## format and clippy, as CI runs them
	$(CARGO) fmt --check
	$(CARGO) clippy --release --locked --all-targets -- -D warnings

format: .tools/env
	$(CARGO) fmt

bench: .tools/env ## criterion: read, compile, swap, re-split, cover, solve
	$(CARGO) bench --locked --bench engine

bench-peers: build ## fenzu beside CP-SAT, SCIP, HiGHS and group makers from PyPI, into README.md: 13 minutes
	benches/peers/run --readme

# Ten minutes for each fuzz target; `make fuzz SECONDS_EACH=60` for less.
SECONDS_EACH ?= 600
fuzz: .tools/env ## every parser against random bytes
	BOLERO_RANDOM_TEST_TIME_MS=$$(( $(SECONDS_EACH) * 1000 )) BOLERO_RANDOM_ITERATIONS=1000000000 \
	  $(SHELL) -c '$(CARGO) test --release --locked --test it fuzz'

evidence: build ## long proofs that CI does not repeat
	PROPTEST_CASES=5000 $(SHELL) -c '$(CARGO) test --release --locked --test it'

schema: .tools/env ## write models/*.schema.json anew
	UPDATE_SCHEMA=1 $(SHELL) -c '$(CARGO) test --release --locked --test it models'

.tools/env: .ci/setup
	@bash .ci/setup
	@touch .tools/env
