/* What the native programs share: a check that names its place, and random numbers that are the same in every run. */

#ifndef ENCLAVE_NATIVE_TEST_H
#define ENCLAVE_NATIVE_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Not assert(): a release build must check as well. */
#define CHECK(condition)                                                                            \
    do {                                                                                            \
        if (!(condition)) {                                                                         \
            fprintf(stderr, "%s:%d: %s: not true: %s\n", __FILE__, __LINE__, __func__, #condition); \
            exit(1);                                                                                \
        }                                                                                           \
    } while (0)

/* xorshift64*; the state must not be 0. */
static inline uint64_t
random_below(uint64_t *state, uint64_t bound)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (*state * 0x2545F4914F6CDD1Du >> 16) % bound;
}

#endif
