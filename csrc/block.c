/* Memory for what crosses between slots and host: made by one thread, freed by another.

   Large blocks are mappings of their own.  libc would soon serve them from its arenas, of which each thread may have
   another: once a large block of its was freed, it keeps up to twice as much at the end of every arena, and malloc_trim()
   does not give that back. */

#include "block.h"
#include "region.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

/* Stands before the block; both count it. */
typedef struct {
    _Alignas(max_align_t) size_t mapped; /* 0: it is malloc()'s */
    size_t wanted;                       /* by whoever had it last */
} head;

/* Messages of one size differ by some bytes: each is to find what another one has left. */
#define STEP ((size_t)64 << 10)

/* Two are kept for the next large messages: fresh memory is faulted in page by page, which takes ten times as long as to
   fill it.  What they have beyond 4 MB the system may take before that. */
#define KEPT_MOST (((size_t)16 << 20) + STEP)
#define KEPT_WHOLE (((size_t)4 << 20) + ENC_PAGE)
static _Atomic(head *) kept[2];

static bool
put(head *one)
{
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
        head *none = NULL;
        if (atomic_compare_exchange_strong(&kept[i], &none, one)) {
            return true;
        }
    }
    return false;
}

static head *
kept_block(size_t need)
{
    head *small[sizeof(kept) / sizeof(*kept)] = {NULL}, *found = NULL;
    for (size_t i = 0; need <= KEPT_MOST && found == NULL && i < sizeof(kept) / sizeof(*kept); i++) {
        head *one = atomic_exchange(&kept[i], NULL);
        *(one != NULL && one->mapped >= need ? &found : &small[i]) = one;
    }
    for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
        /* Where none is large enough they are not to keep the places of larger ones. */
        if (small[i] != NULL && (found == NULL || !put(small[i]))) {
            munmap(small[i], small[i]->mapped);
        }
    }
    return found;
}

static bool
keep(head *one)
{
    if (one->mapped > KEPT_MOST) {
        return false;
    }
    if (one->wanted > KEPT_WHOLE) {
        madvise((char *)one + KEPT_WHOLE, one->wanted - KEPT_WHOLE, MADV_FREE);
    }
    return put(one);
}

void *
enc_block_new(size_t size)
{
    size_t need = size + sizeof(head), mapped = 0;
    if (need < size) {
        return NULL;
    }
    head *one = NULL;
    if (size >= ENC_BLOCK_LARGE) {
        one = kept_block(need);
        if (one != NULL) {
            one->wanted = need;
            return one + 1;
        }
        mapped = ENC_ALIGN_UP(need, STEP);
        void *fresh = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        one = fresh != MAP_FAILED ? fresh : NULL;
    }
    if (one == NULL) { /* small, or more than the sandbox lets a slot's thread map at once */
        mapped = 0;
        one = malloc(need);
    }
    if (one == NULL) {
        return NULL;
    }
    one->mapped = mapped;
    one->wanted = need;
    return one + 1;
}

void
enc_block_free(void *block)
{
    head *one = block != NULL ? (head *)block - 1 : NULL;
    if (one == NULL || one->mapped == 0) {
        free(one);
    }
    else if (!keep(one)) {
        munmap(one, one->mapped);
    }
}
