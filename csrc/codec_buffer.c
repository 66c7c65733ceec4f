/* The buffer that an encoder writes into: whole at every instant, whenever a halt comes. */

#include "block.h"
#include "codec.h"

#include <stdatomic.h>
#include <string.h>

#define SPARE ((size_t)256)

void
enc_buffer_free(enc_buffer *b)
{
    unsigned char *data = b->data, *growing = b->growing;
    b->len = b->cap = 0;
    atomic_signal_fence(memory_order_seq_cst);
    b->data = b->growing = NULL;
    atomic_signal_fence(memory_order_seq_cst);
    enc_block_free(data);
    enc_block_free(growing);
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
    unsigned char *old = b->data, *data = enc_block_new(cap);
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
    enc_block_free(old);
    return true;
}
