/* The range and its allocator against a model: every block's bytes, alignment and account, the limit, and what lies
   beside. */

#include "region.h"

#include "native_test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MB ((size_t)1 << 20)
#define UNIT (64 * MB)
#define HEADER sizeof(size_t)
/* A block keeps what is left over when that is too small for one of its own. */
#define LEFT_OVER 31
#define BLOCKS 400

typedef struct {
    unsigned char *p;
    size_t n; /* as asked for */
    unsigned char mark;
} held;

typedef struct {
    char *base;
    size_t size, limit;
    enc_heap *heap;
    held blocks[BLOCKS];
    size_t in_use, peak; /* as they must be */
    size_t foreign;
    uint64_t random;
    uint64_t refusals;
} model;

/* --- The model ---------------------------------------------------------------------------------------------------- */

static void
model_begin(model *m, size_t limit, uint64_t seed)
{
    memset(m, 0, sizeof(*m));
    m->base = enc_region_reserve(limit + 24 * MB, &m->size);
    CHECK(m->base != NULL);
    m->limit = limit;
    m->random = seed;
    m->heap = enc_heap_create(m->base, limit + 24 * MB, limit);
}

static void
model_end(model *m)
{
    enc_region_release(m->base, m->size);
}

static void
fill(held *b, unsigned char mark)
{
    b->mark = mark;
    memset(b->p, mark, b->n);
}

static void
check_bytes(const unsigned char *p, size_t n, unsigned char mark)
{
    CHECK(n == 0 || (p[0] == mark && memcmp(p, p + 1, n - 1) == 0));
}

static void
check_account(model *m)
{
    size_t in_use, peak, limit;
    enc_heap_account(m->heap, &in_use, &peak, &limit);
    CHECK(in_use == m->in_use && limit == m->limit);
    CHECK(peak == m->peak);
    CHECK(in_use <= m->limit + LEFT_OVER);
}

static void
took(model *m, held *b, size_t n, size_t align)
{
    size_t usable = enc_heap_usable(b->p);
    CHECK((uintptr_t)b->p % align == 0);
    CHECK((char *)b->p > m->base && (char *)b->p + usable <= m->base + m->limit + 24 * MB);
    CHECK(usable >= n && usable <= (n < 24 ? 24 : n + 15) + LEFT_OVER);
    b->n = n;
    m->in_use += usable + HEADER;
}

static void
note_peak(model *m)
{
    m->peak = m->in_use > m->peak ? m->in_use : m->peak;
}

/* Refused only when it would cross the limit. */
static void
refused(model *m, size_t n)
{
    CHECK(enc_heap_over(m->heap, n + 15 + HEADER));
    m->refusals++;
}

static void
drop(model *m, held *b)
{
    check_bytes(b->p, b->n, b->mark);
    m->in_use -= enc_heap_usable(b->p) + HEADER;
    enc_heap_free(m->heap, b->p);
    b->p = NULL;
}

/* Small sizes most of the time, as CPython's raw domain has them, and now and then a large one. */
static size_t
some_size(model *m)
{
    uint64_t kind = random_below(&m->random, 100);
    return (size_t)random_below(&m->random, kind < 60 ? 200 : kind < 95 ? 20000 : 2 * MB);
}

static void
take(model *m, held *b)
{
    size_t n = some_size(m), align = 16;
    uint64_t how = random_below(&m->random, 4);
    if (how == 0) {
        b->p = enc_heap_calloc(m->heap, 1 + n / 7, 7);
        n = (1 + n / 7) * 7;
    }
    else if (how == 1) {
        align = (size_t)16 << random_below(&m->random, 11);
        b->p = enc_heap_memalign(m->heap, align, n);
    }
    else {
        b->p = enc_heap_alloc(m->heap, n);
    }
    if (b->p == NULL) {
        refused(m, n);
        return;
    }
    took(m, b, n, align);
    note_peak(m);
    if (how == 0) {
        check_bytes(b->p, n, 0);
    }
    fill(b, (unsigned char)random_below(&m->random, 256));
}

static void
resize(model *m, held *b)
{
    size_t n = some_size(m), old = enc_heap_usable(b->p), in_use, peak, limit;
    unsigned char *p = enc_heap_realloc(m->heap, b->p, n);
    if (p == NULL) {
        refused(m, n);
        check_bytes(b->p, b->n, b->mark);
        return;
    }
    size_t kept = n < b->n ? n : b->n;
    m->in_use -= old + HEADER;
    b->p = p;
    took(m, b, n, 16);
    check_bytes(p, kept, b->mark);
    /* One that had to move was held twice for a moment. */
    enc_heap_account(m->heap, &in_use, &peak, &limit);
    CHECK(peak >= m->peak &&
          peak <= (m->peak > m->in_use + old + HEADER ? m->peak : m->in_use + old + HEADER));
    note_peak(m);
    m->peak = peak;
    fill(b, (unsigned char)random_below(&m->random, 256));
}

static void
step(model *m)
{
    held *b = &m->blocks[random_below(&m->random, BLOCKS)];
    if (b->p == NULL) {
        take(m, b);
    }
    else if (random_below(&m->random, 3) == 0) {
        resize(m, b);
    }
    else {
        drop(m, b);
    }
    check_account(m);
}

/* What lies elsewhere comes, if there is room for it, and goes. */
static void
exchange_foreign(model *m)
{
    if (m->foreign != 0) {
        enc_heap_discharge_foreign(m->heap, m->foreign);
        m->in_use -= m->foreign;
        m->foreign = 0;
    }
    else if (!enc_heap_over(m->heap, 700)) {
        m->foreign = 700;
        enc_heap_charge_foreign(m->heap, m->foreign);
        m->in_use += m->foreign;
        note_peak(m);
    }
    check_account(m);
}

static void
drop_all(model *m)
{
    if (m->foreign != 0) {
        exchange_foreign(m);
    }
    size_t first = (size_t)random_below(&m->random, BLOCKS);
    for (size_t i = 0; i < BLOCKS; i++) {
        held *b = &m->blocks[(first + i * 7) % BLOCKS]; /* 7 and BLOCKS have no factor in common */
        if (b->p != NULL) {
            drop(m, b);
        }
    }
    check_account(m);
}

/* --- Tests ----------------------------------------------------------------------------------------------------------- */

/* GIVEN a heap WHEN it is used at random THEN bytes, alignment, account and links are right, and all of it comes back. */
static void
test_random(size_t limit, uint64_t seed, int steps, bool refuses)
{
    model m;
    model_begin(&m, limit, seed);
    uintptr_t empty = enc_heap_top(m.heap);
    for (int i = 0; i < steps; i++) {
        step(&m);
        if (i % 7 == 0) {
            exchange_foreign(&m);
        }
        if (i % 64 == 0) {
            CHECK(enc_heap_check(m.heap)); /* spare blocks among them */
        }
        if (i % 5000 == 4999) {
            drop_all(&m);
            CHECK(m.in_use == 0 && enc_heap_check(m.heap));
            CHECK(enc_heap_top(m.heap) == empty);
            enc_heap_reset_peak(m.heap);
            m.peak = 0;
        }
        if (i % 500 == 0) {
            CHECK(enc_heap_touched(m.heap) >= enc_heap_top(m.heap));
        }
    }
    CHECK((m.refusals != 0) == refuses);
    model_end(&m);
}

/* GIVEN heaps side by side, one of them full to its last byte WHEN both are used THEN neither touches the other. */
static void
test_neighbours(void)
{
    static model all[3];
    for (size_t i = 0; i < 3; i++) {
        model_begin(&all[i], 40 * MB, i + 1); /* with its slack: a whole unit */
    }
    CHECK(all[1].base == all[0].base + UNIT && all[2].base == all[1].base + UNIT);
    for (int i = 0; i < 6000; i++) {
        step(&all[i % 3]);
    }
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < BLOCKS; k++) {
            if (all[i].blocks[k].p != NULL) {
                check_bytes(all[i].blocks[k].p, all[i].blocks[k].n, all[i].blocks[k].mark);
            }
        }
        CHECK(enc_heap_check(all[i].heap));
    }
    for (size_t i = 0; i < 3; i++) {
        model_end(&all[i]);
    }
}

/* GIVEN a heap whose limit is larger than its range WHEN it is filled THEN it ends at the range, to the byte. */
static void
test_full_range(void)
{
    size_t size;
    char *base = enc_region_reserve(2 * UNIT, &size);
    CHECK(base != NULL && size == 2 * UNIT);
    /* The heap has the first unit; in the second one nothing may be written. */
    enc_heap *h = enc_heap_create(base, UNIT, 4 * UNIT);
    char *p;
    size_t last = MB;
    for (size_t n = MB; n >= 8; n /= 2) {
        while ((p = enc_heap_alloc(h, n)) != NULL) {
            CHECK(p + enc_heap_usable(p) <= base + UNIT);
            memset(p, 0xff, enc_heap_usable(p));
        }
        last = n;
    }
    CHECK(last == 8);
    CHECK(base + UNIT - (char *)enc_heap_top(h) < 128);
    CHECK(enc_heap_check(h));
    for (char *at = base + UNIT; at < base + UNIT + MB; at++) {
        CHECK(*at == 0);
    }
    enc_region_release(base, size);
}

/* GIVEN a heap near its limit WHEN more is asked for THEN not a byte more is given, but for what is lent on request. */
static void
test_limit(void)
{
    size_t size, in_use, peak, limit;
    char *base = enc_region_reserve(16 * MB + 24 * MB, &size);
    enc_heap *h = enc_heap_create(base, 40 * MB, 16 * MB);
    char *p = enc_heap_alloc(h, 16 * MB - HEADER - 8);
    CHECK(p != NULL);
    enc_heap_account(h, &in_use, &peak, &limit);
    CHECK(in_use == 16 * MB && peak == 16 * MB && limit == 16 * MB);
    CHECK(enc_heap_over(h, 1) && !enc_heap_over(h, 0));
    CHECK(enc_heap_alloc(h, 0) == NULL && enc_heap_calloc(h, 1, 1) == NULL);
    CHECK(enc_heap_memalign(h, 4096, 1) == NULL);
    CHECK(enc_heap_realloc(h, p, 16 * MB + 8) == NULL && enc_heap_realloc(h, NULL, 1) == NULL);
    enc_heap_account(h, &in_use, &peak, &limit);
    CHECK(in_use == 16 * MB && peak == 16 * MB);
    enc_heap_lift(h, true);
    char *lent = enc_heap_alloc(h, 8 * MB - HEADER - 8);
    CHECK(lent != NULL && enc_heap_alloc(h, 0) == NULL);
    enc_heap_lift(h, false);
    enc_heap_free(h, lent);
    CHECK(enc_heap_realloc(h, p, MB) == p);
    enc_heap_account(h, &in_use, &peak, &limit);
    CHECK(in_use < MB + 64 && peak == 24 * MB);
    enc_heap_reset_peak(h);
    enc_heap_account(h, &in_use, &peak, &limit);
    CHECK(peak == in_use && enc_heap_check(h));
    enc_region_release(base, size);
}

/* GIVEN sizes that no range has WHEN they are asked for THEN they are refused, and nothing has changed. */
static void
test_absurd_sizes(void)
{
    size_t size;
    char *base = enc_region_reserve(64 * MB, &size);
    enc_heap *h = enc_heap_create(base, 64 * MB, 40 * MB);
    char *p = enc_heap_alloc(h, 100);
    memset(p, 7, 100);
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 7, SIZE_MAX - 64, SIZE_MAX / 2, (size_t)1 << 40};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        CHECK(enc_heap_alloc(h, sizes[i]) == NULL);
        CHECK(enc_heap_calloc(h, 1, sizes[i]) == NULL);
        CHECK(enc_heap_calloc(h, sizes[i], 16) == NULL);
        CHECK(enc_heap_memalign(h, 4096, sizes[i]) == NULL);
        CHECK(enc_heap_realloc(h, p, sizes[i]) == NULL);
        CHECK(enc_heap_over(h, sizes[i]));
    }
    check_bytes((unsigned char *)p, 100, 7);
    CHECK(enc_heap_check(h));
    CHECK(enc_region_reserve((size_t)2 << 40, &size) == NULL);
    enc_region_release(base, size);
}

/* GIVEN freed memory full of a guest's bytes WHEN calloc takes it again THEN it is zero, also where the mark of what was
   written is put back with the rest, as a rewind does. */
static void
test_calloc_clears(void)
{
    size_t size;
    char *base = enc_region_reserve(64 * MB, &size);
    enc_heap *h = enc_heap_create(base, 64 * MB, 40 * MB);
    uint64_t random = 5;
    for (int i = 0; i < 300; i++) {
        void *kept = enc_heap_alloc(h, (size_t)random_below(&random, 100));
        unsigned char *p = enc_heap_alloc(h, (size_t)random_below(&random, 20000));
        memset(p, 0xff, enc_heap_usable(p));
        enc_heap_free(h, p);
        size_t n = (size_t)random_below(&random, 40000);
        p = enc_heap_calloc(h, 1, n);
        check_bytes(p, n, 0);
        memset(p, 0xff, enc_heap_usable(p));
        enc_heap_free(h, p);
        if (i % 3 == 0) {
            enc_heap_free(h, kept);
        }
        if (i % 10 == 0) {
            uintptr_t top = enc_heap_top(h), touched = enc_heap_touched(h);
            memset((void *)top, 0, touched - top);
            enc_heap_set_touched(h, top);
        }
    }
    CHECK(enc_heap_check(h));
    enc_region_release(base, size);
}

/* GIVEN a block that was freed WHEN it is freed again THEN the thread traps at once, be it kept as a spare one or not. */
static void
test_double_free(size_t n)
{
    size_t size;
    char *base = enc_region_reserve(64 * MB, &size);
    enc_heap *h = enc_heap_create(base, 64 * MB, 40 * MB);
    void *p = enc_heap_alloc(h, n);
    CHECK(enc_heap_alloc(h, n) != NULL);
    pid_t child = fork();
    if (child == 0) {
        enc_heap_free(h, p);
        enc_heap_free(h, p);
        _exit(0);
    }
    int status;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGILL || WTERMSIG(status) == SIGTRAP);
    enc_region_release(base, size);
}

/* GIVEN small blocks that were freed WHEN their size is asked for THEN the last one comes back, counted like any other;
   WHEN the range is full of such blocks THEN they make room for larger ones. */
static void
test_spare_blocks(void)
{
    size_t size, in_use, peak, limit;
    char *base = enc_region_reserve(64 * MB, &size);
    enc_heap *h = enc_heap_create(base, MB, 40 * MB);
    uintptr_t empty = enc_heap_top(h);
    char *first = enc_heap_alloc(h, 872), *second = enc_heap_alloc(h, 872);
    CHECK(enc_heap_alloc(h, 100) != NULL);
    enc_heap_reset_peak(h);
    enc_heap_free(h, first);
    enc_heap_free(h, second);
    CHECK(enc_heap_check(h));
    enc_heap_account(h, &in_use, &peak, &limit);
    CHECK(in_use == 112 && peak == 112 + 2 * 880);
    char *again = enc_heap_alloc(h, 872);
    CHECK(again == second && enc_heap_alloc(h, 870) == first);
    memset(again, 0xff, 872);
    enc_heap_free(h, again);
    check_bytes(enc_heap_calloc(h, 1, 872), 872, 0);
    enc_heap_account(h, &in_use, &peak, &limit);
    CHECK(in_use == 112 + 2 * 880 && peak == in_use && enc_heap_check(h));
    enc_heap_free(h, first);
    enc_heap_free(h, again);
    enc_heap_free(h, again + 880);
    CHECK(enc_heap_top(h) == empty && enc_heap_check(h));

    /* Seven of each size, so that nearly all of them are spare ones. */
    static char *held[7 * 120];
    size_t taken = 0;
    for (size_t n = 2000; taken < 7 * 120; n -= 16) {
        for (int i = 0; i < 7; i++) {
            held[taken] = enc_heap_alloc(h, n);
            CHECK(held[taken++] != NULL);
        }
    }
    CHECK(enc_heap_alloc(h, 300000) == NULL);
    for (size_t i = 0; i < taken; i++) {
        enc_heap_free(h, held[i]);
    }
    CHECK(enc_heap_check(h));
    char *large = enc_heap_alloc(h, 900000);
    CHECK(large != NULL && enc_heap_check(h));
    enc_heap_free(h, large);
    CHECK(enc_heap_top(h) == empty);
    enc_region_release(base, size);
}

/* GIVEN ranges WHEN addresses are looked up THEN each is its owner's, and a range that was given back is empty. */
static void
test_ranges(void)
{
    size_t one_size, two_size, again_size;
    int owners[2];
    char *one = enc_region_reserve(1, &one_size), *two = enc_region_reserve(UNIT + 1, &two_size);
    CHECK(one_size == UNIT && two_size == 2 * UNIT);
    CHECK((uintptr_t)one % UNIT == 0 && (uintptr_t)two % UNIT == 0);
    CHECK(one + one_size <= two || two + two_size <= one);
    enc_region_set_owner(one, one_size, &owners[0]);
    enc_region_set_owner(two, two_size, &owners[1]);
    CHECK(enc_region_owner(one) == &owners[0] && enc_region_owner(one + one_size - 1) == &owners[0]);
    CHECK(enc_region_owner(two) == &owners[1] && enc_region_owner(two + two_size - 1) == &owners[1]);
    CHECK(enc_region_contains(one) && enc_region_contains(two + two_size - 1));
    CHECK(!enc_region_contains(owners) && enc_region_owner(owners) == NULL && !enc_region_contains(NULL));
    memset(one, 1, MB);
    enc_region_release(one, one_size);
    CHECK(enc_region_contains(one) && enc_region_owner(one) == NULL);
    char *again = enc_region_reserve(UNIT, &again_size);
    CHECK(again == one);
    check_bytes((unsigned char *)again, MB, 0);
    enc_region_release(again, again_size);
    enc_region_release(two, two_size);
}

static void *
reserve_and_release(void *arg)
{
    uint64_t random = *(uint64_t *)arg;
    for (int i = 0; i < 300; i++) {
        size_t size;
        char *base = enc_region_reserve((size_t)(1 + random_below(&random, 3)) * UNIT, &size);
        CHECK(base != NULL && enc_region_owner(base) == NULL);
        enc_region_set_owner(base, size, arg);
        base[0] = base[size - 1] = (char)random;
        CHECK(enc_region_owner(base) == arg && enc_region_owner(base + size - 1) == arg);
        CHECK(base[0] == (char)random && base[size - 1] == (char)random);
        enc_region_release(base, size);
    }
    return NULL;
}

/* GIVEN threads that take and give back ranges THEN no range is two threads' at once. */
static void
test_ranges_by_threads(void)
{
    pthread_t threads[4];
    uint64_t seeds[4] = {1, 2, 3, 4};
    for (size_t i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, reserve_and_release, &seeds[i]) == 0);
    }
    for (size_t i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
}

int
main(void)
{
    CHECK(enc_region_init() == 0);
    CHECK(enc_region_init() == 0);
    test_ranges();
    test_ranges_by_threads();
    for (uint64_t seed = 1; seed <= 3; seed++) {
        test_random((size_t)1 << 30, seed, 10000, false);
        test_random(12 * MB, seed, 10000, true);
    }
    test_neighbours();
    test_full_range();
    test_limit();
    test_absurd_sizes();
    test_calloc_clears();
    test_double_free(1000);
    test_double_free(5000);
    test_spare_blocks();
    puts("region: all right");
    return 0;
}
