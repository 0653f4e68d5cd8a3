// libFuzzer as a library, which has no header: https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

// Beside the edges of instrumented code libFuzzer counts what stands in this section: an input whose outcome no other one
// had is kept, and damaged in its turn. So a program without instrumentation is guided, too.
static inline void fuzzer_count_outcome(uint64_t outcome) {
    __attribute__((section("__libfuzzer_extra_counters"), used)) static uint8_t counters[2048];
    counters[outcome % sizeof counters] = 1;
}
