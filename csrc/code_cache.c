/* See code_cache.h.  A hash table whose entries also stand in the order of their use. */

#include "code_cache.h"

#include "futex.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)2 << 20)
#define LARGEST ((size_t)256 << 10) /* source and code of one */
#define BUCKETS 256

typedef struct entry {
    struct entry *chain;
    struct entry *newer, *older;
    uint64_t hash;
    enc_code_key key; /* its texts lie in bytes */
    size_t data_len, size;
    char bytes[]; /* source, filename, data */
} entry;

struct enc_code_cache {
    _Atomic int refs;
    enc_mutex lock;
    entry *buckets[BUCKETS];
    entry *newest, *oldest;
    enc_code_figures now;
};

static _Atomic size_t kept_blocks;

size_t
enc_code_cache_kept(void)
{
    return atomic_load(&kept_blocks);
}

enc_code_cache *
enc_code_cache_make(void)
{
    enc_code_cache *cache = calloc(1, sizeof(*cache));
    if (cache != NULL) {
        atomic_store(&cache->refs, 1);
    }
    return cache;
}

void
enc_code_cache_incref(enc_code_cache *cache)
{
    atomic_fetch_add(&cache->refs, 1);
}

void
enc_code_cache_decref(enc_code_cache *cache)
{
    if (cache == NULL || atomic_fetch_sub(&cache->refs, 1) != 1) {
        return;
    }
    for (entry *one = cache->newest, *next; one != NULL; one = next) {
        next = one->older;
        free(one);
    }
    atomic_fetch_sub(&kept_blocks, cache->now.entries);
    free(cache);
}

static uint64_t
mix(uint64_t hash, const char *text, size_t len)
{
    while (len != 0) {
        uint64_t word = 0;
        size_t take = len < sizeof(word) ? len : sizeof(word);
        memcpy(&word, text, take);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
        text += take;
        len -= take;
    }
    return hash;
}

static uint64_t
hash_of(const enc_code_key *key)
{
    uint64_t hash = mix(key->source_len * 2 + key->counts, key->source, key->source_len);
    return mix(hash, key->filename, key->filename_len);
}

static bool
same(const enc_code_key *a, const enc_code_key *b)
{
    return a->counts == b->counts && a->source_len == b->source_len && a->filename_len == b->filename_len &&
           memcmp(a->source, b->source, a->source_len) == 0 &&
           memcmp(a->filename, b->filename, a->filename_len) == 0;
}

static entry **
find(enc_code_cache *cache, const enc_code_key *key, uint64_t hash)
{
    entry **at = &cache->buckets[hash % BUCKETS];
    while (*at != NULL && ((*at)->hash != hash || !same(&(*at)->key, key))) {
        at = &(*at)->chain;
    }
    return at;
}

static void
unlink_used(enc_code_cache *cache, entry *one)
{
    *(one->newer != NULL ? &one->newer->older : &cache->newest) = one->older;
    *(one->older != NULL ? &one->older->newer : &cache->oldest) = one->newer;
}

static void
link_newest(enc_code_cache *cache, entry *one)
{
    one->newer = NULL;
    one->older = cache->newest;
    *(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = one;
    cache->newest = one;
}

static void
drop_oldest(enc_code_cache *cache)
{
    entry *one = cache->oldest;
    *find(cache, &one->key, one->hash) = one->chain;
    unlink_used(cache, one);
    cache->now.entries--;
    cache->now.bytes -= one->size;
    free(one);
    atomic_fetch_sub(&kept_blocks, 1);
}

bool
enc_code_cache_get(enc_code_cache *cache, const enc_code_key *key, enc_code_copy *out)
{
    uint64_t hash = hash_of(key);
    enc_mutex_lock(&cache->lock);
    entry *one = *find(cache, key, hash);
    bool found = one != NULL;
    if (found && out->cap < one->data_len) {
        char *larger = realloc(out->data, one->data_len);
        found = larger != NULL;
        if (found) {
            atomic_fetch_add(&kept_blocks, out->data == NULL);
            out->data = larger;
            out->cap = one->data_len;
        }
    }
    if (found) {
        memcpy(out->data, one->bytes + one->size - sizeof(*one) - one->data_len, one->data_len);
        out->len = one->data_len;
        unlink_used(cache, one);
        link_newest(cache, one);
        cache->now.found++;
    }
    enc_mutex_unlock(&cache->lock);
    return found;
}

void
enc_code_cache_put(enc_code_cache *cache, const enc_code_key *key, const void *data, size_t len)
{
    size_t size = sizeof(entry) + key->source_len + key->filename_len + len;
    entry *one = size <= LARGEST ? malloc(size) : NULL;
    if (one == NULL) {
        return;
    }
    char *at = one->bytes;
    one->hash = hash_of(key);
    one->size = size;
    one->data_len = len;
    one->key = *key;
    one->key.source = memcpy(at, key->source, key->source_len);
    at += key->source_len;
    one->key.filename = memcpy(at, key->filename, key->filename_len);
    memcpy(at + key->filename_len, data, len);
    enc_mutex_lock(&cache->lock);
    entry **place = find(cache, key, one->hash);
    if (*place != NULL) { /* another slot was quicker */
        free(one);
    }
    else {
        one->chain = NULL;
        *place = one;
        link_newest(cache, one);
        cache->now.entries++;
        cache->now.bytes += size;
        atomic_fetch_add(&kept_blocks, 1);
        while (cache->now.bytes > MOST_BYTES) {
            drop_oldest(cache);
        }
    }
    enc_mutex_unlock(&cache->lock);
}

void
enc_code_copy_free(enc_code_copy *copy)
{
    atomic_fetch_sub(&kept_blocks, copy->data != NULL);
    free(copy->data);
    copy->data = NULL;
    copy->len = copy->cap = 0;
}

enc_code_figures
enc_code_cache_figures(enc_code_cache *cache)
{
    enc_mutex_lock(&cache->lock);
    enc_code_figures now = cache->now;
    enc_mutex_unlock(&cache->lock);
    return now;
}
