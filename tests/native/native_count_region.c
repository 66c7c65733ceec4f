/* What tests/guard has valgrind count the instructions of: the heap in a slot's range.

   A program of this kind calls getppid() before each phase and at the end, and writes the phases' names and how often
   each does its work. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "region.h"

#include "native_test.h"

#include <string.h>
#include <unistd.h>

enum { KEPT = 256, TURNS = 20000 };

static void *kept[KEPT];

static void
phase(const char *name, int turns)
{
    printf("%d %s\n", turns, name);
    fflush(stdout);
    (void)getppid();
}

/* Sizes at random up to `most`, in places at random: what a block takes to be had, held for a while and freed. */
static void
exchange(enc_heap *h, size_t most, int turns)
{
    uint64_t random = 7;
    for (int i = 0; i < turns; i++) {
        size_t at = (size_t)random_below(&random, KEPT);
        if (kept[at] != NULL) {
            enc_heap_free(h, kept[at]);
        }
        kept[at] = enc_heap_alloc(h, 1 + (size_t)random_below(&random, most));
    }
}

static void
empty(enc_heap *h)
{
    for (int i = 0; i < KEPT; i++) {
        if (kept[i] != NULL) {
            enc_heap_free(h, kept[i]);
        }
        kept[i] = NULL;
    }
}

int
main(void)
{
    size_t size;
    CHECK(enc_region_init() == 0);
    void *base = enc_region_reserve((size_t)64 << 20, &size);
    CHECK(base != NULL);
    enc_heap *h = enc_heap_create(base, size, (size_t)48 << 20);

    exchange(h, 2048, TURNS);
    phase("malloc and free of up to 2 KiB", TURNS);
    exchange(h, 2048, TURNS);
    phase("(between)", 1);
    empty(h);
    phase("malloc and free of up to 64 KiB", TURNS);
    exchange(h, 64 << 10, TURNS);
    phase("(between)", 1);
    empty(h);
    phase("realloc, growing by 1 KiB", 1000);
    void *p = NULL;
    for (size_t i = 1; i <= 1000; i++) {
        p = p == NULL ? enc_heap_alloc(h, i << 10) : enc_heap_realloc(h, p, i << 10);
        CHECK(p != NULL);
    }
    phase("", 0);
    CHECK(p != NULL && enc_heap_check(h));
    return 0;
}
