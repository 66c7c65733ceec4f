/* Compiled scripts, kept by their sources for the slots of one enclave.

   What lies here was compiled in an interpreter that was as new, before any script ran in it; so whoever takes it has
   what its own compiler would have made. */

#ifndef ENCLAVE_CODE_CACHE_H
#define ENCLAVE_CODE_CACHE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct enc_code_cache enc_code_cache;

/* What the code of a script depends on. */
typedef struct {
    const char *source, *filename;
    size_t source_len, filename_len;
    bool counts; /* its loops count their turns */
} enc_code_key;

/* A copy of what was found; its memory is used again. */
typedef struct {
    char *data;
    size_t len, cap;
} enc_code_copy;

typedef struct {
    size_t entries, bytes;
    size_t found; /* how often one was */
} enc_code_figures;

enc_code_cache *enc_code_cache_make(void); /* NULL: no memory */
void enc_code_cache_incref(enc_code_cache *cache);
void enc_code_cache_decref(enc_code_cache *cache); /* NULL is fine */
/* False: it is not here. */
bool enc_code_cache_get(enc_code_cache *cache, const enc_code_key *key, enc_code_copy *out);
/* Keeps a copy, unless that is large; the longest unused ones go for it. */
void enc_code_cache_put(enc_code_cache *cache, const enc_code_key *key, const void *data, size_t len);
void enc_code_copy_free(enc_code_copy *copy);
size_t enc_code_cache_kept(void); /* blocks of all caches and copies, which come and go with what is run */
enc_code_figures enc_code_cache_figures(enc_code_cache *cache);

#endif
