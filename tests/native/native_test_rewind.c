/* Snapshot and restoration: whatever was written, the range is afterwards what it was. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "rewind.h"

#include "region.h"

#include "native_test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGES 80
#define LEN ((size_t)PAGES * ENC_PAGE)
#define TAIL ((size_t)256 << 10)
#define HOT_AFTER 2 /* as rewind.c has them */
#define REPROTECT_EVERY 512
#define SMALL_TAIL ((size_t)128 << 10)
#define LARGE_TAIL ((size_t)4 << 20)

typedef struct {
    char *base;
    char *image; /* what the snapshot holds */
    size_t keep; /* offset of the kept word; LEN: there is none */
    enc_rewind *rewind;
    uint64_t random;
} range;

static _Atomic uint64_t *
kept_word(const range *r)
{
    return (_Atomic uint64_t *)(r->base + r->keep);
}

static void
range_begin(range *r, enc_rewind_mode mode, size_t keep, uint64_t seed)
{
    r->base = mmap(NULL, LEN + TAIL, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    r->image = malloc(LEN);
    CHECK(r->base != MAP_FAILED && r->image != NULL);
    r->keep = keep;
    r->random = seed;
    for (size_t page = 0; page < PAGES; page++) {
        if (random_below(&r->random, 3) != 0) { /* a third stays zero: holes of the snapshot */
            memset(r->base + page * ENC_PAGE, (int)(1 + page % 200), ENC_PAGE);
        }
    }
    memcpy(r->image, r->base, LEN);
    r->rewind = enc_rewind_snapshot(r->base, LEN, mode, keep < LEN ? r->base + keep : NULL, NULL, NULL);
    CHECK(r->rewind != NULL);
    CHECK(enc_rewind_mode_of(r->rewind) == mode && enc_rewind_length(r->rewind) == LEN);
}

static void
range_end(range *r)
{
    enc_rewind_free(r->rewind);
    munmap(r->base, LEN + TAIL);
    free(r->image);
}

static void
check_whole(const range *r)
{
    if (r->keep == LEN) {
        CHECK(memcmp(r->base, r->image, LEN) == 0);
    }
    else {
        CHECK(memcmp(r->base, r->image, r->keep) == 0);
        CHECK(memcmp(r->base + r->keep + 8, r->image + r->keep + 8, LEN - r->keep - 8) == 0);
    }
    static const char zeros[TAIL];
    CHECK(memcmp(r->base + LEN, zeros, TAIL) == 0);
}

/* Write here and there, to the tail as well; the end of what was written. */
static uintptr_t
scribble(range *r, uint64_t writes)
{
    for (uint64_t i = 0; i < writes; i++) {
        size_t at = (size_t)random_below(&r->random, LEN);
        size_t n = (size_t)random_below(&r->random, random_below(&r->random, 10) == 0 ? 20000 : 16);
        n = n < LEN - at ? n : LEN - at;
        if (r->keep + 8 <= at || r->keep >= at + n) {
            memset(r->base + at, (int)random_below(&r->random, 256), n);
        }
    }
    /* Nothing, little that is cleared, or much that is dropped. */
    static const size_t tails[] = {0, 1000, 100000, 130 << 10, TAIL};
    size_t tail = tails[random_below(&r->random, 5)];
    memset(r->base + LEN, 0xff, tail);
    return (uintptr_t)r->base + LEN + tail;
}

/* GIVEN a snapshot WHEN the range is written at random and put back, past the renewal of the scan THEN every byte is as
   it was, but for the kept word. */
static void
test_random(enc_rewind_mode mode, size_t keep, uint64_t seed)
{
    range r;
    range_begin(&r, mode, keep, seed);
    for (uint64_t i = 0; i < REPROTECT_EVERY + 100; i++) {
        uintptr_t touched = scribble(&r, random_below(&r.random, i % 50 == 0 ? 500 : 20));
        if (keep < LEN) {
            atomic_store(kept_word(&r), i);
        }
        CHECK(enc_rewind_restore(r.rewind, touched));
        check_whole(&r);
        CHECK(keep == LEN || atomic_load(kept_word(&r)) == i);
    }
    CHECK(enc_rewind_mode_of(r.rewind) == mode);
    range_end(&r);
}

/* GIVEN a snapshot WHEN a byte is another one THEN the difference is found, at any place but the kept word. */
static void
test_difference(enc_rewind_mode mode)
{
    range r;
    range_begin(&r, mode, 8 * ENC_PAGE + 64, 3);
    for (int i = 0; i < 100; i++) {
        size_t at = (size_t)random_below(&r.random, LEN);
        r.base[at] ^= 1;
        bool kept = at >= r.keep && at < r.keep + 8;
        CHECK(enc_rewind_difference(r.rewind) == (kept ? -1 : (long)at));
        CHECK(enc_rewind_restore(r.rewind, (uintptr_t)r.base + LEN));
        CHECK(enc_rewind_difference(r.rewind) == -1);
    }
    range_end(&r);
}

static long
faults_of(range *r, size_t from, size_t to)
{
    struct rusage before, after;
    getrusage(RUSAGE_THREAD, &before);
    for (size_t page = from; page < to; page++) {
        r->base[page * ENC_PAGE + 8] ^= 0x55;
    }
    getrusage(RUSAGE_THREAD, &after);
    CHECK(enc_rewind_restore(r->rewind, (uintptr_t)r->base + LEN));
    check_whole(r);
    return after.ru_minflt - before.ru_minflt;
}

/* GIVEN pages that every run writes WHEN it has done so some times THEN writing them is free, until all are protected
   again: that costs them one fault, not some. */
static void
test_hot_pages(void)
{
    range r;
    range_begin(&r, ENC_REWIND_SCAN, LEN, 9);
    const size_t hot = 40;
    unsigned restorations = 0;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < (round == 0 ? HOT_AFTER : 0); i++, restorations++) {
            CHECK(faults_of(&r, 0, hot) >= (long)hot);
        }
        CHECK(faults_of(&r, 0, hot) >= (long)hot);
        CHECK(faults_of(&r, 0, hot) < (long)hot / 4);
        CHECK(faults_of(&r, hot, PAGES) >= (long)(PAGES - hot)); /* the others are protected as before */
        for (restorations += 3; restorations < REPROTECT_EVERY; restorations++) {
            CHECK(faults_of(&r, 0, hot) < (long)hot / 4);
        }
    }
    range_end(&r);
}

/* GIVEN a scan whose descriptors a guest has closed WHEN the range is put back THEN it is, by the other way. */
static void
test_lost_descriptors(void)
{
    range r;
    range_begin(&r, ENC_REWIND_SCAN, 64, 11);
    uintptr_t touched = scribble(&r, 50);
    CHECK(enc_rewind_restore(r.rewind, touched));
    touched = scribble(&r, 50);
    int fds[2];
    enc_rewind_descriptors(fds);
    CHECK(fds[0] >= 0 && fds[1] > fds[0]);
    close(fds[0]);
    close(fds[1]);
    for (int i = 0; i < 20; i++) {
        CHECK(enc_rewind_restore(r.rewind, touched));
        check_whole(&r);
        touched = scribble(&r, 50);
    }
    CHECK(enc_rewind_mode_of(r.rewind) == ENC_REWIND_REMAP);
    range_end(&r);
}

static size_t
resident_pages(char *from, size_t len)
{
    static unsigned char seen[(LARGE_TAIL + (2 << 20)) / ENC_PAGE];
    size_t count = 0;
    CHECK(mincore(from, len, seen) == 0);
    for (size_t i = 0; i < len / ENC_PAGE; i++) {
        count += seen[i] & 1;
    }
    return count;
}

/* GIVEN runs that use memory beyond the snapshot WHEN they are put back THEN it is clear, and held as far as the last two
   have used it, up to a limit; the rest is given back. */
static void
test_tail(enc_rewind_mode mode)
{
    const size_t most = LARGE_TAIL + (1 << 20);
    char *base = mmap(NULL, LEN + most, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(base != MAP_FAILED);
    memset(base, 1, LEN);
    enc_rewind *r = enc_rewind_snapshot(base, LEN, mode, NULL, NULL, NULL);
    CHECK(r != NULL);
    const size_t runs[][2] = {{most, SMALL_TAIL},       {most, LARGE_TAIL}, {1 << 20, 1 << 20},
                              {most, 1 << 20},          {5000, 8192},       {0, 0},
                              {300000, SMALL_TAIL},     {300000, 303104},   {0, 0},
                              {SMALL_TAIL, SMALL_TAIL}, {1, 4096}};
    for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++) {
        memset(base + LEN, 0xff, runs[i][0]);
        CHECK(enc_rewind_restore(r, (uintptr_t)base + LEN + runs[i][0]));
        CHECK(resident_pages(base + LEN, most) == runs[i][1] / ENC_PAGE);
        for (size_t at = 0; at < runs[i][1]; at++) {
            CHECK(base[LEN + at] == 0);
        }
    }
    enc_rewind_free(r);
    munmap(base, LEN + most);
}

/* --- At once ----------------------------------------------------------------------------------------------------- */

static void *
rewind_often(void *arg)
{
    range *r = arg;
    for (int i = 0; i < 50; i++) {
        uintptr_t touched = scribble(r, 20);
        CHECK(enc_rewind_restore(r->rewind, touched));
        check_whole(r);
    }
    return NULL;
}

/* GIVEN many ranges WHEN threads write and restore each its own THEN none of them sees another's. */
static void
test_many(enc_rewind_mode best)
{
    static range ranges[24];
    pthread_t threads[24];
    for (size_t i = 0; i < 24; i++) {
        range_begin(&ranges[i], i % 3 == 0 ? ENC_REWIND_REMAP : best, i % 2 ? LEN : i * 3000, i + 1);
    }
    for (size_t i = 0; i < 24; i++) {
        CHECK(pthread_create(&threads[i], NULL, rewind_often, &ranges[i]) == 0);
    }
    for (size_t i = 0; i < 24; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        range_end(&ranges[i]);
    }
}

static pthread_mutex_t neighbours = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool stop;

static void
lock(void)
{
    pthread_mutex_lock(&neighbours);
}

static void
unlock(void)
{
    pthread_mutex_unlock(&neighbours);
}

static void *
count_up(void *arg)
{
    uint64_t written = 0;
    while (!atomic_load(&stop)) {
        lock();
        CHECK(atomic_load(kept_word(arg)) == written);
        atomic_store(kept_word(arg), ++written);
        unlock();
    }
    CHECK(atomic_load(kept_word(arg)) == written);
    return NULL;
}

/* GIVEN a thread that goes on writing the kept word WHEN snapshots are taken and the range is put back THEN no write of
   its is lost. */
static void
test_kept_word(enc_rewind_mode mode)
{
    range r;
    range_begin(&r, mode, 5 * ENC_PAGE + 1024, 17);
    atomic_store(kept_word(&r), 0);
    atomic_store(&stop, false);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, count_up, &r) == 0);
    for (int i = 0; i < 60; i++) {
        enc_rewind_free(r.rewind);
        r.rewind = enc_rewind_snapshot(r.base, LEN, mode, r.base + r.keep, lock, unlock);
        CHECK(r.rewind != NULL && enc_rewind_mode_of(r.rewind) == mode);
        for (int k = 0; k < 20; k++) {
            uintptr_t touched = scribble(&r, 10);
            CHECK(enc_rewind_restore(r.rewind, touched));
            check_whole(&r);
        }
    }
    atomic_store(&stop, true);
    CHECK(pthread_join(thread, NULL) == 0);
    range_end(&r);
}

/* GIVEN a process that may not have another descriptor WHEN a snapshot is to be taken THEN it says so, and the range is
   as it was. */
static void
test_no_descriptor(void)
{
    range r;
    range_begin(&r, ENC_REWIND_REMAP, LEN, 23);
    struct rlimit limit, none;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    none = limit;
    none.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    enc_rewind *second = enc_rewind_snapshot(r.base, LEN, ENC_REWIND_REMAP, NULL, NULL, NULL);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(second == NULL);
    CHECK(enc_rewind_restore(r.rewind, scribble(&r, 50)));
    check_whole(&r);
    range_end(&r);
}

/* For ThreadSanitizer.  The snapshot reads the kept word's page while others write the word, and once more when they are
   kept off: only what it reads then stays.  */
const char *__tsan_default_suppressions(void);
const char *
__tsan_default_suppressions(void)
{
    return "race:store\n";
}

int
main(void)
{
    enc_rewind_mode best = enc_rewind_init();
    CHECK(best == enc_rewind_init() && best != ENC_REWIND_NONE);
    for (enc_rewind_mode mode = ENC_REWIND_REMAP; mode <= best; mode++) {
        test_random(mode, LEN, 1);
        test_random(mode, 0, 2);
        test_random(mode, 7 * ENC_PAGE - 8, 3);
        test_random(mode, LEN - 8, 4);
        test_difference(mode);
        test_kept_word(mode);
        test_tail(mode);
    }
    test_many(best);
    test_no_descriptor();
    if (best == ENC_REWIND_SCAN) {
        test_hot_pages();
        test_lost_descriptors(); /* last: they are the whole process's */
    }
    printf("rewind: all right, best mode %d\n", best);
    return 0;
}
