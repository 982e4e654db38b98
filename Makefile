# Every target sets up what it needs first (.ci/setup); run and test need nothing but cargo, gcc, make and python3.
SHELL := /bin/bash
# One profile for everything: HiGHS is C++ and takes minutes to build, once.
CARGO = set -a && . .tools/env && set +a && cargo
FENZU ?= target/release/fenzu

.PHONY: run serve test engine build dist sbom supply lint format book bench bench-peers bench-mdgp fuzz evidence brute layouts semesters shapes sizes million alike large kills machines load soak same-plans api schema screenshots page-speed

run: build ## divide the sample class into five groups and show the plan
	$(FENZU) solve datasets/class50_messy.xlsx --groups 5

build: .tools/env ## the program: target/release/fenzu
	$(CARGO) build --release --locked

serve: build ## the service on http://127.0.0.1:8080 with fenzu.db in this folder
	$(FENZU) serve

dist: build sbom ## one stripped program for Linux, HiGHS inside: target/dist/fenzu, and what it is made of
	mkdir -p target/dist
	strip -o target/dist/fenzu $(FENZU)

sbom: ## what the program is made of, as CycloneDX: target/dist/fenzu.cdx.json
	python3 .ci/supply.py sbom target/dist/fenzu.cdx.json

supply: ## licences, bans and sources (deny.toml), and known holes where their database can be had
	python3 .ci/supply.py check
	python3 .ci/supply.py advisories

test: .tools/env ## all tests
	$(CARGO) test --release --locked

engine: .tools/env ## the engine by itself: no integer programme, no C++, no server
	$(CARGO) test --locked --manifest-path src/engine/Cargo.toml --no-default-features

lint: .tools/env ## format, clippy and the library's documentation, as CI runs them
	$(CARGO) fmt --check
	$(CARGO) clippy --release --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(SHELL) -c '$(CARGO) doc --release --locked --workspace --no-deps'

format: .tools/env
	$(CARGO) fmt

book: ## the pages of docs/ as a book, where mdBook is installed: target/book/index.html
	mdbook build docs

bench: .tools/env ## criterion: read, compile, swap, re-split, cover, solve; the kernels of the diversity search
	$(CARGO) bench --locked --bench engine --bench diversity

bench-peers: build ## fenzu beside CP-SAT, SCIP, HiGHS and group makers from PyPI, into docs/measurements.md: 13 minutes
	benches/peers/run --write

# 18 and 87 minutes of processor time where the library is beside the project; what has a row in benches/mdgp.csv is not repeated.
# Without the library a few instances of `fenzu sample mdgp`.
bench-mdgp: .tools/env ## MDGPLIB beside the published best method, into benches/mdgp.md
	$(CARGO) bench --locked --bench mdgp -- --share 0.2
	$(CARGO) bench --locked --bench mdgp -- --share 1

# Ten minutes for each fuzz target; `make fuzz SECONDS_EACH=60` for less.
SECONDS_EACH ?= 600
fuzz: .tools/env ## every parser against random bytes
	BOLERO_RANDOM_TEST_TIME_MS=$$(( $(SECONDS_EACH) * 1000 )) BOLERO_RANDOM_ITERATIONS=1000000000 \
	  $(SHELL) -c '$(CARGO) test --release --locked --test it fuzz'

evidence: brute layouts semesters shapes sizes million alike large kills machines load soak api ## long measurements that CI does not repeat, over two hours in all

# Some 40 minutes: 2,000 random problems each; all plans of classes of up to 10 students against what is called proved.
BRUTE = brute cover partition mip agreement check_bounds conflicts goals helpers resplit truth valid_plans
brute: .tools/env ## nothing is called proved where all plans of small classes disagree
	PROPTEST_CASES=2000 $(SHELL) -c '$(CARGO) test --release --locked --test it -- $(addsuffix ::,$(BRUTE))'

# A few minutes each: what is read of lists laid out by chance, and who is who over two semesters, against the truth.
LAYOUT_DRAWS ?= 20000
layouts: .tools/env ## lists drawn and laid out by chance are read as they are, or something is said
	LAYOUT_DRAWS=$(LAYOUT_DRAWS) $(SHELL) -c '$(CARGO) test --release --locked --test it reading_layouts -- --nocapture'

semesters: .tools/env ## two semesters drawn by chance: nobody is taken for another
	$(CARGO) test --release --locked --test it -- evidence_of_two_semesters --ignored --nocapture

# Some 100 minutes: 49 shapes of class on one core; `make shapes ROWS="4 subjects" CLASSES=5` for less.
ROWS ?=
CLASSES ?= 20
shapes: .tools/env ## the share of classes proved, and when
	$(CARGO) bench --locked --bench evidence -- shapes "$(ROWS)" --classes $(CLASSES)

# Some 30 minutes; `make sizes CASE=groups=19999` for less.
CASE ?=
sizes: .tools/env ## any legal size of class: seconds that each phase takes beyond its time, and memory
	$(CARGO) bench --locked --bench evidence -- sizes "$(CASE)"
	$(CARGO) test --release --locked --test it -- service_limits::a_stop_is_heard --ignored

# Some 10 minutes on two cores.
million: .tools/env ## 20,000 classes of 50 on all cores: core-seconds and memory
	$(CARGO) bench --locked --bench evidence -- million

# Some ten minutes on one core; `make alike ROWS=skewed` for one table.
alike: .tools/env ## skewed, 0/1 and wide tables of numbers in alike groups, beside assignment in batches, one thread
	$(CARGO) bench --locked --bench evidence -- alike "$(ROWS)"

# Three minutes on one core.
large: .tools/env ## 1,000 to a million rows of numbers in alike groups, one thread
	$(CARGO) bench --locked --bench evidence -- large

# Some 5 minutes; needs PostgreSQL.
kills: .tools/env ## 200 plans and a batch of 200 classes while workers are killed and PostgreSQL restarts: all done, once
	$(CARGO) test --release --locked --test it -- jobs_evidence:: --ignored --test-threads 1

# Some 4 minutes on two cores; needs PostgreSQL and, for the two network namespaces, root.
machines: .tools/env ## 2,000 classes on one worker and on two that meet in PostgreSQL only: how much faster
	$(CARGO) test --release --locked --test it -- jobs_network:: --ignored --nocapture

# One or two minutes on two cores; `make load AGAINST=PROGRAM` for turns with another program, such as an earlier version.
AGAINST ?=
load: .tools/env ## 64 clients, 50 class uploads and plans each: no error, at most 5 ms at the median beside queue and engine
	$(CARGO) bench --locked --bench evidence -- load $(if $(AGAINST),--against $(AGAINST))

# A few minutes; `make same-plans AGAINST=PROGRAM` for another program, such as an earlier version, FENZU=PROGRAM for the first.
same-plans: $(if $(filter target/release/fenzu,$(FENZU)),build) ## 300 drawn classes: one SHA-256 of the plans and verdicts of each; with AGAINST, those that differ
	python3 benches/same_plans.py --fenzu $(FENZU) $(if $(AGAINST),--against $(AGAINST))

# Ten minutes; `make soak SOAK_SECONDS=120` for less.
SOAK_SECONDS ?= 600
soak: build ## three schools on one service, one asks for all that it can: another's things come within 15 s, memory under 1 GB
	python3 benches/soak/soak.py --seconds $(SOAK_SECONDS) --fenzu $(FENZU)

# Schemathesis from PyPI over every route.
API_SECONDS ?= 300
api: .tools/env ## requests made from the OpenAPI document for five minutes
	FENZU_API_SECONDS=$(API_SECONDS) $(SHELL) -c '$(CARGO) test --release --locked --test it service_schemathesis -- --nocapture'

screenshots: .tools/env ## every page in Chromium, both languages, light and dark, 360 and 1440 px, into target/screenshots
	$(CARGO) test --release --locked --test it -- page_screens --ignored

page-speed: .tools/env ## the price of a drop (50 ms at p95), and from a class's upload to its board (a second)
	$(CARGO) test --release --locked --test it -- page_speed --ignored --nocapture --test-threads 1

schema: .tools/env ## write models/*.schema.json and openapi.json anew
	UPDATE_SCHEMA=1 $(SHELL) -c '$(CARGO) test --release --locked --test it -- models service_openapi'

.tools/env: .ci/setup
	@bash .ci/setup
	@touch .tools/env
