/* A slot's address range and the allocator inside it.  No Python.h: builds alone under sanitizers. */

#ifndef ENCLAVE_REGION_H
#define ENCLAVE_REGION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENC_PAGE 4096u
#define ENC_ALIGN_UP(n, a) (((n) + ((a) - 1)) & ~((size_t)(a) - 1))

typedef struct enc_heap enc_heap; /* lives at the base of the range: restored with it */

/* Why an allocation failed. */
typedef enum {
    ENC_REGION_OK = 0,
    ENC_REGION_LIMIT, /* the account's limit, or the range is full */
} enc_region_status;

/* All of the process's ranges are cut from one reservation, so that an address says whose it is. */
int enc_region_init(void);                          /* 0, or an errno value */
void *enc_region_reserve(size_t size, size_t *got); /* NULL: no address space left */
void enc_region_release(void *base, size_t size);   /* gives back memory and addresses */
void enc_region_set_owner(void *base, size_t size, void *owner);

/* Inline, with what they read: they stand before every free. */
#define ENC_REGION_UNIT ((size_t)64 << 20)
#define ENC_REGION_MAX_UNITS 16384 /* 1 TiB */
extern uintptr_t enc_region_base;
extern size_t enc_region_size;
extern _Atomic(void *) enc_region_owners[ENC_REGION_MAX_UNITS];

/* In any slot's range? */
static inline bool
enc_region_contains(const void *p)
{
    return (uintptr_t)p - enc_region_base < enc_region_size;
}

/* The owner set for the range that holds p; NULL: none, or none does. */
static inline void *
enc_region_owner(const void *p)
{
    if (!enc_region_contains(p)) {
        return NULL;
    }
    return atomic_load_explicit(&enc_region_owners[((uintptr_t)p - enc_region_base) / ENC_REGION_UNIT],
                                memory_order_acquire);
}

/* The allocator.  Only the slot's own thread allocates; others hand back blocks with enc_heap_free_remote(). */
enc_heap *enc_heap_create(void *base, size_t size, size_t limit);
void *enc_heap_alloc(enc_heap *h, size_t n);
void *enc_heap_calloc(enc_heap *h, size_t count, size_t n);
void *enc_heap_memalign(enc_heap *h, size_t align, size_t n);
void *enc_heap_realloc(enc_heap *h, void *p, size_t n);
void enc_heap_free(enc_heap *h, void *p);
size_t enc_heap_usable(const void *p);
/* Would n more bytes cross the limit? */
bool enc_heap_over(const enc_heap *h, size_t n);
/* Beyond the limit by at most the reserve kept for what cannot be unwound. */
void enc_heap_lift(enc_heap *h, bool lifted);

void enc_heap_set_limit(enc_heap *h, size_t limit);
void enc_heap_account(const enc_heap *h, size_t *in_use, size_t *peak, size_t *limit);
void enc_heap_reset_peak(enc_heap *h);
/* What the guest holds elsewhere counts like blocks of its own. */
void enc_heap_charge_foreign(enc_heap *h, size_t n);
void enc_heap_discharge_foreign(enc_heap *h, size_t n);
uintptr_t enc_heap_top(enc_heap *h); /* gives back the spare blocks; the end of what is allocated then */
uintptr_t enc_heap_touched(const enc_heap *h); /* nothing was ever written from here on */
void enc_heap_set_touched(enc_heap *h, uintptr_t at);
bool enc_heap_check(const enc_heap *h); /* walks every block: false if a link is wrong (tests) */

#endif
