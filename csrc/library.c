/* The library of the guests: code of modules that slots import from memory, put there once by the host.

   Nothing is ever taken out or changed: entries are appended under `lock` and read without it, by name. */

#include "core.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024

static _Atomic(enc_library_entry *) buckets[BUCKETS];
static enc_mutex lock;

static size_t
bucket_of(const char *name)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    }
    return hash % BUCKETS;
}

const enc_library_entry *
enc_library_find(const char *name)
{
    const enc_library_entry *entry = atomic_load(&buckets[bucket_of(name)]);
    while (entry != NULL && strcmp(entry->name, name) != 0) {
        entry = entry->next;
    }
    return entry;
}

int
enc_library_add(const char *name, bool package, const void *data, size_t len)
{
    size_t name_len = strlen(name) + 1;
    enc_library_entry *entry = malloc(sizeof(*entry) + name_len + len);
    if (entry == NULL) {
        return -1;
    }
    entry->package = package;
    entry->len = len;
    entry->name = (char *)(entry + 1);
    entry->data = (unsigned char *)entry->name + name_len;
    memcpy((char *)(entry + 1), name, name_len);
    memcpy((char *)(entry + 1) + name_len, data, len);
    enc_mutex_lock(&lock);
    if (enc_library_find(name) != NULL) {
        free(entry);
    }
    else {
        _Atomic(enc_library_entry *) *bucket = &buckets[bucket_of(name)];
        entry->next = atomic_load(bucket);
        atomic_store(bucket, entry);
    }
    enc_mutex_unlock(&lock);
    return 0;
}
