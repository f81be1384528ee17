# The commands of this project. `make` alone lists them.

CONTACTS := cargo run -p contacts-server --bin contacts --

# nextest runs the tests faster but knows no doc tests; plain cargo runs both.
RUN_TESTS := if cargo nextest --version >/dev/null 2>&1; then \
		cargo nextest run --workspace --locked && cargo test --doc --workspace --locked; \
	else \
		cargo test --workspace --locked; \
	fi

.DEFAULT_GOAL := help
.PHONY: help run demo release test replicas services bench fuzz-api clients containers-check requirements coverage check fmt \
	lint rules doc docs links deny openapi reference

help: ## List every target
	@awk -F ': .*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' Makefile

run: ## Start the service; options go in ARGS, as in: make run ARGS=--help
	$(CONTACTS) serve $(ARGS)

demo: ## Start the service on a throw-away database with people in it
	$(CONTACTS) serve --demo $(ARGS)

release: ## Build the service for production: target/release/contacts
	cargo build --release --locked -p contacts-server

# A connection to SQLite is one thread's at a time, which the compiler sees to: so it needs no lock for each value of each
# row (https://sqlite.org/threadsafe.html). Nobody asks how much memory SQLite has.
release bench: export LIBSQLITE3_FLAGS := -DSQLITE_THREADSAFE=2 -DSQLITE_DEFAULT_MEMSTATUS=0

test: ## Run all tests, with a real PostgreSQL and Redis started for them
	scripts/with-test-services.sh sh -c '$(RUN_TESTS)'

# What is of one process has no place here: its end, its own counters and places, the outer limit of addresses.
replicas: ## Run the API's tests on two replicas behind a balancer, on one PostgreSQL and one Redis; needs cargo-nextest
	TEST_REPLICAS=2 scripts/with-test-services.sh cargo nextest run -p contacts-server --test api --locked -E \
		'test(postgres::) - test(/^(metrics|shutdown|stalled_exports)::/) - test(pages::refusals::postgres::too_many)'

services: ## Open a shell with the test services running, to run single tests in
	scripts/with-test-services.sh "$${SHELL:-bash}"

bench: ## Measure what is promised about speed; options go in ARGS, as in: make bench ARGS=--help
	@scripts/with-test-services.sh \
		cargo bench -p contacts-server --bench load --locked -- \
		--results $(CURDIR)/target/performance.json --picture $(CURDIR)/target/performance.svg $(ARGS)

fuzz-api: ## Ask the service all that its OpenAPI document allows, and more; options as in: make fuzz-api ARGS=--help
	@scripts/fuzz-api.sh $(ARGS)

clients: ## Make typed clients, and run them against the service; options as in: make clients ARGS=--help
	@scripts/clients.sh $(ARGS)

requirements: ## Run the tests that prove what was asked for, and write docs/requirements.md; needs cargo-nextest
	@scripts/requirements.py $(ARGS)

containers-check: ## Check the Dockerfile and the Compose files, as far as no container engine is needed
	@scripts/containers-check.sh

# Suites that adapters pass (crates/contract) are tests, and are not counted. Servers that tests start are.
COVERAGE := --ignore-filename-regex 'crates/contract/'

coverage: ## Measure which lines the tests run, at least 95 of 100; needs cargo-llvm-cov, cargo-nextest
	scripts/with-test-services.sh cargo llvm-cov nextest --workspace --locked --no-report
	cargo llvm-cov report $(COVERAGE) --html --output-dir target/coverage
	cargo llvm-cov report $(COVERAGE) --summary-only --fail-under-lines 95

check: fmt lint rules doc ## Check all that needs no test: the next four targets

fmt: ## Check the format of the code
	cargo fmt --all --check

lint: ## Run clippy, with warnings denied
	cargo clippy --workspace --all-targets --locked -- -D warnings

rules: ## Prove who may depend on whom
	scripts/check-dependency-rules.sh

doc: ## Build the code's documentation, with warnings denied
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

docs: links ## Build the book: target/book/index.html; needs mdbook, and Python for its links
	@command -v mdbook >/dev/null || { echo "mdbook builds the book, and is not installed: cargo install mdbook" >&2; exit 1; }
	mdbook build docs

links: ## Check that every link of the documents leads somewhere; needs Python
	@python3 scripts/check-links.py

deny: ## Check licences, advisories and sources of all dependencies; needs cargo-deny
	cargo deny --locked check

reference: ## Update the pages of the documentation that are made from the code, docs/reference
	@mkdir -p target
	for page in errors configuration commands; do \
		$(CONTACTS) reference $$page > target/$$page.md && mv target/$$page.md docs/reference/$$page.md || exit 1; \
	done

openapi: ## Update the OpenAPI snapshot, docs/openapi.json, on purpose
	@mkdir -p target
	$(CONTACTS) openapi > target/openapi.json
	mv target/openapi.json docs/openapi.json
