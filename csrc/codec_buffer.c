/* The buffer that an encoder writes into: whole at every instant, whenever a halt comes. */

#include "codec_encode.h"

#include <malloc.h>
#include <stdatomic.h>

#define SPARE ((size_t)256)

/* A few large blocks are kept for the next large messages: fresh memory is faulted in page by page, which takes ten times
   as long as to fill it. */
#define KEPT_LEAST ((size_t)128 << 10)
#define KEPT_MOST ((size_t)4 << 20)
static _Atomic(unsigned char *) kept[2];

static void
give_back(unsigned char *block)
{
    size_t size = block != NULL ? malloc_usable_size(block) : 0;
    for (size_t i = 0; size >= KEPT_LEAST && size <= KEPT_MOST && i < sizeof(kept) / sizeof(*kept); i++) {
        unsigned char *none = NULL;
        if (atomic_compare_exchange_strong(&kept[i], &none, block)) {
            return;
        }
    }
    free(block);
}

static unsigned char *
take(size_t size)
{
    for (size_t i = 0; size >= KEPT_LEAST && size <= KEPT_MOST && i < sizeof(kept) / sizeof(*kept); i++) {
        unsigned char *block = atomic_exchange(&kept[i], NULL);
        if (block != NULL && malloc_usable_size(block) >= size) {
            return block;
        }
        free(block); /* small ones are not to keep the places of large ones */
    }
    return malloc(size);
}

void
enc_buffer_free(enc_buffer *b)
{
    unsigned char *data = b->data, *growing = b->growing;
    b->len = b->cap = 0;
    atomic_signal_fence(memory_order_seq_cst);
    b->data = b->growing = NULL;
    atomic_signal_fence(memory_order_seq_cst);
    give_back(data);
    give_back(growing);
}

/* Not realloc(): if a halt jumped out between its return and the store of the new pointer, the caller would
   free a block twice.  In this order nothing is freed twice, and a halt while the bytes are copied, which takes as long
   as a guest wants, leaves nothing behind. */
bool
enc_buffer_grow(enc_buffer *b, size_t need, size_t limit)
{
    size_t wanted = b->len + need; /* at most limit: the caller looked */
    size_t cap = b->cap < 256 ? 256 : b->cap > limit / 2 ? limit : b->cap * 2;
    if (cap < wanted + SPARE) { /* what comes behind a large one is not to have it copied */
        cap = wanted + SPARE;
    }
    if (cap > limit) {
        cap = limit;
    }
    unsigned char *old = b->data, *data = take(cap);
    if (data == NULL) {
        return false;
    }
    b->growing = data;
    atomic_signal_fence(memory_order_seq_cst);
    if (b->len != 0) {
        memcpy(data, old, b->len);
    }
    atomic_signal_fence(memory_order_seq_cst);
    b->growing = NULL;
    atomic_signal_fence(memory_order_seq_cst);
    b->data = data;
    atomic_signal_fence(memory_order_seq_cst);
    b->cap = cap;
    atomic_signal_fence(memory_order_seq_cst);
    give_back(old);
    return true;
}
