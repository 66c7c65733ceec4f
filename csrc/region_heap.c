/* The allocator inside a slot's range.

   Two-level segregated fit (Masmano et al., "TLSF: a new dynamic memory allocator for real-time systems", 2004):
   constant time, immediate coalescing, in-place growth, and no state outside the range, so that restoring the range's
   bytes restores the allocator.  Blocks that no free block serves come from `top`, the end of what is allocated; a free
   block that reaches `top` is given back to it, which keeps the range compact.

   Before it stand the spare blocks: a few freed ones of each small size are neither coalesced nor cut, for whoever asks
   for that size next.  CPython frees and takes the same sizes again and again (an int of 200 digits, a list's array), and
   so it gets the block that is still in the cache, at the price of two loads and two stores.  They are free to the
   account and in use to their neighbours.

   Threads.  The heap belongs to one thread, the slot's.  `in_use`, `peak` and `limit` are read by others: they are
   single words, stored relaxed. */

#include "region_fast.h"

#include <string.h>

/* --- Blocks ------------------------------------------------------------------------------------------------------ */

typedef enc_block block;

#define FREE ENC_BLOCK_FREE
#define PREV_FREE ENC_BLOCK_PREV_FREE
#define SPARE ENC_BLOCK_SPARE
#define HEADER ENC_BLOCK_HEADER
#define PAYLOAD ENC_BLOCK_PAYLOAD
#define MIN_PAYLOAD ENC_BLOCK_MIN
#define MAX_PAYLOAD ((size_t)1 << 40)

#define SL_LOG2 4
#define SL_COUNT (1u << SL_LOG2)
#define FL_SHIFT (SL_LOG2 + 4)
#define SMALL ((size_t)1 << FL_SHIFT)
#define FL_COUNT (40 - FL_SHIFT + 2)

struct enc_heap {
    enc_heap_front front;
    size_t limit;
    size_t foreign; /* of in_use: what lies elsewhere */
    uintptr_t base, end;
    uintptr_t top;     /* the size word of the block that would come next is at top + 8 */
    uintptr_t touched; /* never written from here on */
    uint64_t fl_map;
    uint32_t sl_map[FL_COUNT];
    block *bins[FL_COUNT][SL_COUNT];
};

static inline size_t
payload_of(const block *b)
{
    return b->size & ENC_BLOCK_SIZE_MASK;
}

static inline block *
block_of(const void *p)
{
    return (block *)((uintptr_t)p - PAYLOAD);
}

static inline void *
to_payload(block *b)
{
    return (void *)((uintptr_t)b + PAYLOAD);
}

static inline block *
next_block(const block *b)
{
    return (block *)((uintptr_t)b + HEADER + payload_of(b));
}

static inline void
mapping(size_t size, unsigned *fl, unsigned *sl)
{
    if (size < SMALL) {
        *fl = 0;
        *sl = (unsigned)(size / (SMALL / SL_COUNT));
    }
    else {
        unsigned log2 = 63u - (unsigned)__builtin_clzl(size);
        *sl = (unsigned)(size >> (log2 - SL_LOG2)) ^ SL_COUNT;
        *fl = log2 - (FL_SHIFT - 1);
    }
}

static void
bin_insert(enc_heap *h, block *b)
{
    unsigned fl, sl;
    mapping(payload_of(b), &fl, &sl);
    block *head = h->bins[fl][sl];
    b->next_free = head;
    b->prev_free = NULL;
    if (head != NULL) {
        head->prev_free = b;
    }
    h->bins[fl][sl] = b;
    h->fl_map |= (uint64_t)1 << fl;
    h->sl_map[fl] |= 1u << sl;
}

static void
bin_remove(enc_heap *h, block *b)
{
    if (b->next_free != NULL) {
        b->next_free->prev_free = b->prev_free;
    }
    if (b->prev_free != NULL) {
        b->prev_free->next_free = b->next_free;
        return;
    }
    unsigned fl, sl;
    mapping(payload_of(b), &fl, &sl);
    h->bins[fl][sl] = b->next_free;
    if (b->next_free == NULL) {
        h->sl_map[fl] &= ~(1u << sl);
        if (h->sl_map[fl] == 0) {
            h->fl_map &= ~((uint64_t)1 << fl);
        }
    }
}

static void
mark_free(block *b)
{
    block *next = next_block(b);
    b->size |= FREE;
    next->size |= PREV_FREE;
    next->prev_phys = b;
}

static void
mark_used(block *b)
{
    b->size &= ~(size_t)FREE;
    next_block(b)->size &= ~(size_t)PREV_FREE;
}

/* The end of the heap: a block of no payload, always in use. */
static inline block *
top_block(const enc_heap *h)
{
    return (block *)h->top;
}

static inline void
touch(enc_heap *h, uintptr_t end)
{
    if (end > h->touched) {
        h->touched = end;
    }
}

static void
set_top(enc_heap *h, uintptr_t top, size_t flags)
{
    h->top = top;
    top_block(h)->size = flags;
    touch(h, top + PAYLOAD);
}

/* Cut a used block down to `size` and free what is left over. */
static void
trim(enc_heap *h, block *b, size_t size)
{
    size_t whole = payload_of(b);
    if (whole < size + HEADER + MIN_PAYLOAD) {
        return;
    }
    b->size = size | (b->size & (FREE | PREV_FREE));
    block *rest = next_block(b);
    rest->size = whole - size - HEADER;
    block *after = next_block(rest);
    if (after == top_block(h)) {
        set_top(h, (uintptr_t)rest, 0);
        return;
    }
    if (after->size & FREE) {
        bin_remove(h, after);
        rest->size += HEADER + payload_of(after);
    }
    mark_free(rest);
    bin_insert(h, rest);
}

static block *
find_free(enc_heap *h, size_t size)
{
    unsigned fl, sl;
    mapping(size, &fl, &sl);
    /* A block of the request's own class may be just large enough: the common case of freeing and asking again. */
    unsigned tries = 4;
    for (block *b = h->bins[fl][sl]; b != NULL && tries-- != 0; b = b->next_free) {
        if (payload_of(b) >= size) {
            return b;
        }
    }
    if (++sl == SL_COUNT) {
        sl = 0;
        fl++;
    }
    uint32_t sl_map = fl < FL_COUNT ? h->sl_map[fl] & (~0u << sl) : 0;
    if (sl_map == 0) {
        uint64_t fl_map = fl + 1 < 64 ? h->fl_map & (~(uint64_t)0 << (fl + 1)) : 0;
        if (fl_map == 0) {
            return NULL;
        }
        fl = (unsigned)__builtin_ctzl(fl_map);
        sl_map = h->sl_map[fl];
    }
    return h->bins[fl][__builtin_ctz(sl_map)];
}

/* --- Free blocks ---------------------------------------------------------------------------------------------------- */

/* Give back a used block, with the free ones on both sides. */
static void
coalesce(enc_heap *h, block *b)
{
    if (b->size & PREV_FREE) {
        block *before = b->prev_phys;
        bin_remove(h, before);
        before->size += HEADER + payload_of(b);
        b = before;
    }
    block *after = next_block(b);
    if (after == top_block(h)) {
        set_top(h, (uintptr_t)b, b->size & PREV_FREE);
        return;
    }
    if (after->size & FREE) {
        bin_remove(h, after);
        b->size += HEADER + payload_of(after);
    }
    mark_free(b);
    bin_insert(h, b);
}

static void
free_spares(enc_heap *h)
{
    for (size_t i = 0; i < ENC_SPARE_SIZES; i++) {
        block *b;
        while ((b = h->front.spares[i]) != NULL) {
            h->front.spares[i] = b->next_free;
            b->size &= ~(size_t)SPARE;
            coalesce(h, b);
        }
    }
}

/* --- The account --------------------------------------------------------------------------------------------------- */

static inline void
charge(enc_heap *h, size_t n)
{
    enc_heap_charge(&h->front, atomic_load_explicit(&h->front.in_use, memory_order_relaxed) + n);
}

static inline void
discharge(enc_heap *h, size_t n)
{
    size_t now = atomic_load_explicit(&h->front.in_use, memory_order_relaxed) - n;
    atomic_store_explicit(&h->front.in_use, now, memory_order_relaxed);
}

bool
enc_heap_over(const enc_heap *h, size_t n)
{
    size_t in_use = atomic_load_explicit(&h->front.in_use, memory_order_relaxed);
    return n > MAX_PAYLOAD || in_use + n > h->front.ceiling;
}

void
enc_heap_lift(enc_heap *h, bool lifted)
{
    h->front.ceiling = h->limit + (lifted ? (size_t)8 << 20 : 0);
}

void
enc_heap_set_limit(enc_heap *h, size_t limit)
{
    h->limit = h->front.ceiling = limit;
}

void
enc_heap_account(const enc_heap *h, size_t *in_use, size_t *peak, size_t *limit)
{
    *in_use = atomic_load_explicit(&h->front.in_use, memory_order_relaxed);
    *peak = atomic_load_explicit(&h->front.peak, memory_order_relaxed);
    *limit = h->limit;
}

void
enc_heap_reset_peak(enc_heap *h)
{
    atomic_store_explicit(&h->front.peak, atomic_load_explicit(&h->front.in_use, memory_order_relaxed),
                          memory_order_relaxed);
}

void
enc_heap_charge_foreign(enc_heap *h, size_t n)
{
    h->foreign += n;
    charge(h, n);
}

void
enc_heap_discharge_foreign(enc_heap *h, size_t n)
{
    h->foreign -= n;
    discharge(h, n);
}

/* --- The allocator's functions -------------------------------------------------------------------------------------- */

enc_heap *
enc_heap_create(void *base, size_t size, size_t limit)
{
    enc_heap *h = base;
    memset(h, 0, sizeof(*h));
    h->limit = h->front.ceiling = limit;
    h->base = (uintptr_t)base;
    h->end = (uintptr_t)base + size;
    h->touched = (uintptr_t)base + sizeof(*h);
    set_top(h, ENC_ALIGN_UP((uintptr_t)base + sizeof(*h), 16), 0);
    return h;
}

/* A new block at the end of the heap; the block before it is never free (it would have been given back). */
static block *
extend(enc_heap *h, size_t size)
{
    if (size > h->end - h->top - 2 * PAYLOAD) {
        return NULL;
    }
    block *b = top_block(h);
    b->size = size;
    set_top(h, (uintptr_t)next_block(b), 0);
    return b;
}

/* A used block of at least `size`: a free one or, with the spare ones made free if it has to be, one at the end. */
static block *
find_or_extend(enc_heap *h, size_t size)
{
    for (bool compacted = false;; compacted = true) {
        block *b = find_free(h, size);
        if (b != NULL) {
            bin_remove(h, b);
            mark_used(b);
            return b;
        }
        b = extend(h, size);
        if (b != NULL || compacted) {
            return b;
        }
        free_spares(h);
    }
}

void *
enc_heap_alloc(enc_heap *h, size_t n)
{
    size_t size = enc_block_round(n);
    if (enc_heap_over(h, n > MAX_PAYLOAD ? n : size + HEADER)) {
        return NULL;
    }
    void *spare = enc_heap_take_spare(h, n);
    if (spare != NULL) {
        return spare;
    }
    block *b = find_or_extend(h, size);
    if (b == NULL) {
        return NULL;
    }
    trim(h, b, size);
    charge(h, payload_of(b) + HEADER);
    return to_payload(b);
}

void *
enc_heap_calloc(enc_heap *h, size_t count, size_t n)
{
    size_t total;
    if (__builtin_mul_overflow(count, n, &total)) {
        return NULL;
    }
    uintptr_t untouched = h->touched;
    char *p = enc_heap_alloc(h, total);
    if (p != NULL) {
        /* What lies beyond the old mark is fresh from the kernel, but for the link words that were just written. */
        size_t dirty = untouched > (uintptr_t)p ? untouched - (uintptr_t)p : 0;
        memset(p, 0, dirty < total ? dirty : total);
    }
    return p;
}

void *
enc_heap_memalign(enc_heap *h, size_t align, size_t n)
{
    size_t size = enc_block_round(n);
    size_t gap = align + HEADER + MIN_PAYLOAD;
    if (enc_heap_over(h, n > MAX_PAYLOAD ? n : size + HEADER)) {
        return NULL;
    }
    block *b = find_or_extend(h, size + gap);
    if (b == NULL) {
        return NULL;
    }
    uintptr_t at = (uintptr_t)to_payload(b);
    if (at % align != 0) {
        uintptr_t aligned = ENC_ALIGN_UP(at + HEADER + MIN_PAYLOAD, align);
        block *front = b;
        size_t whole = payload_of(front);
        b = block_of((void *)aligned);
        size_t front_size = (uintptr_t)b - (uintptr_t)front - HEADER;
        b->size = whole - front_size - HEADER;
        front->size = front_size; /* the block before it is in use: two free blocks never touch */
        mark_free(front);
        bin_insert(h, front);
    }
    trim(h, b, size);
    charge(h, payload_of(b) + HEADER);
    return to_payload(b);
}

void
enc_heap_free(enc_heap *h, void *p)
{
    block *b = block_of(p);
    if (b->size & (FREE | SPARE)) {
        __builtin_trap(); /* freed twice: the slot's state cannot be trusted any more */
    }
    if (!enc_heap_keep_spare(h, p)) {
        discharge(h, payload_of(b) + HEADER);
        coalesce(h, b);
    }
}

size_t
enc_heap_usable(const void *p)
{
    return payload_of(block_of(p));
}

void *
enc_heap_realloc(enc_heap *h, void *p, size_t n)
{
    if (p == NULL) {
        return enc_heap_alloc(h, n);
    }
    block *b = block_of(p);
    size_t size = enc_block_round(n), old = payload_of(b);
    if (n > MAX_PAYLOAD || (size > old && enc_heap_over(h, size - old))) {
        return NULL;
    }
    if (size > old) {
        block *after = next_block(b);
        if (after == top_block(h)) {
            if (size - old > h->end - h->top - 2 * PAYLOAD) {
                return NULL;
            }
            b->size += size - old;
            set_top(h, (uintptr_t)next_block(b), 0);
        }
        else if ((after->size & FREE) && old + HEADER + payload_of(after) >= size) {
            bin_remove(h, after);
            b->size += HEADER + payload_of(after);
            mark_used(b);
        }
        else {
            void *moved = enc_heap_alloc(h, n);
            if (moved != NULL) {
                memcpy(moved, p, old);
                enc_heap_free(h, p);
            }
            return moved;
        }
    }
    trim(h, b, size);
    size_t now = payload_of(b);
    if (now > old) {
        charge(h, now - old);
    }
    else {
        discharge(h, old - now);
    }
    return p;
}

uintptr_t
enc_heap_top(enc_heap *h)
{
    free_spares(h);
    return h->top + PAYLOAD;
}

uintptr_t
enc_heap_touched(const enc_heap *h)
{
    return h->touched;
}

void
enc_heap_set_touched(enc_heap *h, uintptr_t at)
{
    h->touched = at;
}

bool
enc_heap_check(const enc_heap *h)
{
    size_t used = 0;
    const block *b = (const block *)ENC_ALIGN_UP(h->base + sizeof(*h), 16);
    bool before_free = false;
    while (b != top_block(h)) {
        if ((uintptr_t)b > h->top || (payload_of(b) & 15) != 8 ||
            ((b->size & PREV_FREE) != 0) != before_free) {
            return false;
        }
        bool is_free = (b->size & FREE) != 0;
        const block *next = next_block(b);
        if (is_free && (before_free || next->prev_phys != b || next == top_block(h))) {
            return false;
        }
        used += is_free || (b->size & SPARE) ? 0 : payload_of(b) + HEADER;
        before_free = is_free;
        b = next;
    }
    for (size_t i = 0; i < ENC_SPARE_SIZES; i++) {
        for (b = h->front.spares[i]; b != NULL; b = b->next_free) {
            if ((b->size & (FREE | SPARE)) != SPARE || enc_spare_index(payload_of(b)) != i ||
                b->depth != (b->next_free != NULL ? b->next_free->depth + 1 : 1) ||
                b->depth > ENC_SPARE_EACH) {
                return false;
            }
        }
    }
    return !before_free && used + h->foreign == atomic_load_explicit(&h->front.in_use, memory_order_relaxed);
}
