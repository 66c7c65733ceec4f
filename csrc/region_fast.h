/* The allocator's fast path, inline for the hooks: blocks of the small sizes that were freed lately (region_heap.c). */

#ifndef ENCLAVE_REGION_FAST_H
#define ENCLAVE_REGION_FAST_H

#include "region.h"

/* A block is its size word and its payload.  The word before the size word belongs to the block before, which keeps its
   own start there while it is free.  Payloads are aligned to 16 bytes, so sizes are 8 modulo 16. */
typedef struct enc_block {
    struct enc_block *prev_phys; /* valid only while the block before is free */
    size_t size;                 /* of the payload, with the flags below */
    struct enc_block *next_free;
    union {
        struct enc_block *prev_free;
        size_t depth; /* of a spare block: how many there are from it on */
    };
} enc_block;

#define ENC_BLOCK_FREE 1u
#define ENC_BLOCK_PREV_FREE 2u
#define ENC_BLOCK_SPARE 4u
#define ENC_BLOCK_SIZE_MASK (~(size_t)7)
#define ENC_BLOCK_HEADER sizeof(size_t)
#define ENC_BLOCK_PAYLOAD offsetof(enc_block, next_free)
#define ENC_BLOCK_MIN ((size_t)24)

/* Spare blocks: seven of each size up to 2 KiB, 1 MB at the most. */
#define ENC_SPARE_SIZES 128
#define ENC_SPARE_EACH 7

/* What an enc_heap begins with. */
typedef struct {
    _Atomic size_t in_use, peak;
    size_t ceiling; /* the limit, with what is lent to what cannot be unwound */
    enc_block *spares[ENC_SPARE_SIZES];
} enc_heap_front;

static inline size_t
enc_block_round(size_t n)
{
    return n <= ENC_BLOCK_MIN ? ENC_BLOCK_MIN : ((n + 8 + 15) & ~(size_t)15) - 8;
}

static inline size_t
enc_spare_index(size_t size)
{
    return size >> 4;
}

static inline void
enc_heap_charge(enc_heap_front *h, size_t now)
{
    atomic_store_explicit(&h->in_use, now, memory_order_relaxed);
    if (now > atomic_load_explicit(&h->peak, memory_order_relaxed)) {
        atomic_store_explicit(&h->peak, now, memory_order_relaxed);
    }
}

/* A spare block for n bytes.  NULL says nothing: ask enc_heap_alloc(). */
static inline void *
enc_heap_take_spare(enc_heap *heap, size_t n)
{
    enc_heap_front *h = (enc_heap_front *)heap;
    if (n >= ENC_SPARE_SIZES * 16 - 8) {
        return NULL;
    }
    size_t size = enc_block_round(n), i = enc_spare_index(size);
    size_t now = atomic_load_explicit(&h->in_use, memory_order_relaxed) + size + ENC_BLOCK_HEADER;
    enc_block *b = h->spares[i];
    if (b == NULL || now > h->ceiling) {
        return NULL;
    }
    h->spares[i] = b->next_free;
    b->size &= ~(size_t)ENC_BLOCK_SPARE;
    enc_heap_charge(h, now);
    return (char *)b + ENC_BLOCK_PAYLOAD;
}

/* Keep a used block as a spare one.  False: nothing was done, call enc_heap_free(). */
static inline bool
enc_heap_keep_spare(enc_heap *heap, void *p)
{
    enc_heap_front *h = (enc_heap_front *)heap;
    enc_block *b = (enc_block *)((char *)p - ENC_BLOCK_PAYLOAD);
    size_t size = b->size & ENC_BLOCK_SIZE_MASK, i = enc_spare_index(size);
    if (i >= ENC_SPARE_SIZES || (b->size & (ENC_BLOCK_FREE | ENC_BLOCK_SPARE)) != 0) {
        return false;
    }
    enc_block *head = h->spares[i];
    size_t depth = head != NULL ? head->depth : 0;
    if (depth == ENC_SPARE_EACH) {
        return false;
    }
    b->size |= ENC_BLOCK_SPARE;
    b->next_free = head;
    b->depth = depth + 1;
    h->spares[i] = b;
    size_t now = atomic_load_explicit(&h->in_use, memory_order_relaxed) - size - ENC_BLOCK_HEADER;
    atomic_store_explicit(&h->in_use, now, memory_order_relaxed);
    return true;
}

#endif
