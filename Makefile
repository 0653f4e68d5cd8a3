# make run: the demo, on SQLite; STORE=redis for Redis, CONFIGURATION=release for an optimised build,
#           ARGUMENTS="--web.listen-address :9999" for flags of the demo
# make generated: dashboards and manifests that are made from others
# make test: everything that continuous integration checks
# make fuzz: damaged inputs for every parser, or for the TARGET named, SECONDS each, guided by what of our code they reach;
#            what is found stays in .build-fuzz/found
# make tsan: the unit tests under the thread sanitizer, in a build of its own
# make attack: thousands of hostile connections against an optimised binary, as root or with 'ulimit -n 20000'
# make release: the optimised binary .build/release/ai-benchmark-exporter, which needs no Swift where it runs; optimised for size,
#               as that leaves it 1.7 MiB less of resident memory and costs no measurable time
# make image-check: that binary in the root of the container image, which debootstrap builds; needs root
CONFIGURATION ?= debug
STORE ?= sqlite
SWIFT_FILES = Package.swift Sources Tests $(wildcard Benchmarks)
PYTHON = .build/python/bin/python
GOLDEN_TESTS = AlertingTests|ExpositionTests|ExporterConfigurationTests|SnapshotStoreTests|DocumentedMetricsTests

TARGET ?= configuration web-configuration streams snapshots json-path http
SECONDS ?= 600
FUZZER = $(shell swiftc -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)".*|\1|p')/clang/lib/linux
FUZZER_LINKED = --product fuzz -Xlinker $(FUZZER)/libclang_rt.fuzzer_no_main-$(shell uname -m).a

.PHONY: run test lint format golden generated fuzz fuzz-check tsan attack release image-check clean

run:
	Scripts/install-dependencies build $(filter redis,$(STORE))
	swift build -c $(CONFIGURATION) --product ai-benchmark-exporter
	STORE=$(STORE) Scripts/run-demo .build/$(CONFIGURATION)/ai-benchmark-exporter $(ARGUMENTS)

test: lint
	Scripts/install-dependencies build test
	Scripts/check-bans --self-test
	Scripts/check-bans
	Scripts/check-docs
	$(PYTHON) Scripts/check-dashboards
	swift build --build-tests --explicit-target-dependency-import-check error
	$(PYTHON) Scripts/check-deployment .build/debug/ai-benchmark-exporter
	Scripts/check-api .build/debug/ai-benchmark-exporter
	Scripts/check-page .build/debug/ai-benchmark-exporter
	Scripts/run-tests
	$(MAKE) --no-print-directory fuzz-check

lint:
	swift format lint --strict --recursive --parallel $(SWIFT_FILES)

format:
	swift format --in-place --recursive --parallel $(SWIFT_FILES)

# Rewrites the expected outputs under Tests/Fixtures from what the program says now; read the difference before a commit.
golden:
	Scripts/install-dependencies build
	UPDATE_GOLDEN=1 swift test --filter '$(GOLDEN_TESTS)'

# Rewrites grafana/dashboards from grafana/generator, and the rules for Kubernetes from those for Prometheus.
generated:
	Scripts/install-dependencies build test
	python3 grafana/generator
	$(PYTHON) Scripts/check-deployment --write

fuzz:
	Scripts/install-dependencies build
	AI_BENCHMARK_EXPORTER_BENCHMARKS=instrumented swift build --scratch-path .build-fuzz $(FUZZER_LINKED) \
	    -Xcc -fsanitize=fuzzer-no-link
	Scripts/fuzz .build-fuzz/debug/fuzz .build-fuzz/found "$(TARGET)" -max_total_time=$(SECONDS)

# Instrumented, all dependencies would be built again, which takes CI five minutes; so this one links what was built for the
# tests (15 seconds), and is guided by the outcomes of the parsers alone.
fuzz-check:
	AI_BENCHMARK_EXPORTER_BENCHMARKS=1 swift build $(FUZZER_LINKED)
	rm -rf .build/fuzz-found
	Scripts/fuzz .build/debug/fuzz .build/fuzz-found "$(TARGET)" -runs=10000 -seed=1 -verbosity=0

tsan:
	Scripts/install-dependencies build test
	swift build --build-tests --sanitize=thread --scratch-path .build-tsan
	TSAN_OPTIONS=suppressions=$(CURDIR)/Scripts/tsan-suppressions \
	    swift test --sanitize=thread --scratch-path .build-tsan --skip-build --no-parallel --skip EndToEndTests

attack: release
	Scripts/attack .build/release/ai-benchmark-exporter

release:
	Scripts/install-dependencies build
	swift build -c release --static-swift-stdlib -Xswiftc -Osize --product ai-benchmark-exporter

image-check: release
	Scripts/check-image .build/release/ai-benchmark-exporter

clean:
	swift package clean
