/* What a fuzz target is: LLVMFuzzerTestOneInput(), which libFuzzer calls with bytes of its own, and replay.c with the
 * files of the corpus. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

#define FUZZ_ASSERT(holds) \
    do { \
        if (!(holds)) { \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds); \
            abort(); \
        } \
    } while (0)

#endif
