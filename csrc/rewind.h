/* Snapshot of a range and its restoration.  No Python.h. */

#ifndef ENCLAVE_REWIND_H
#define ENCLAVE_REWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    ENC_REWIND_NONE = 0,
    ENC_REWIND_REMAP, /* drop every changed page: works wherever private file mappings do */
    ENC_REWIND_SCAN, /* ask the kernel which pages were written (asynchronous write-protect, Linux 6.7), copy those */
} enc_rewind_mode;

typedef struct enc_rewind enc_rewind;

/* Once per process: open what the best mode needs.  Returns the best mode there is. */
enc_rewind_mode enc_rewind_init(void);
/* The descriptors that a thread with a file table of its own has to keep, lowest first; -1: none. */
void enc_rewind_descriptors(int fds[2]);
/* The requests that it makes of them by ioctl(). */
extern const unsigned long enc_rewind_requests[2];

/* Take a snapshot of [base, top), top a multiple of the page size.  `keep` is a word in it that is not restored
   (others write it, under a lock that `lock` takes and `unlock` gives back; both NULL: nobody does).  NULL with errno
   set on failure. */
enc_rewind *enc_rewind_snapshot(void *base, size_t len, enc_rewind_mode mode, void *keep, void (*lock)(void),
                                void (*unlock)(void));
/* Put back what the snapshot holds and empty [top, touched).  False: it could not be done, the range is lost. */
bool enc_rewind_restore(enc_rewind *r, uintptr_t touched);
void enc_rewind_free(enc_rewind *r);

/* A checkpoint: the pages of [base, top) that differ from the snapshot, in memory of their own. */
typedef struct enc_checkpoint enc_checkpoint;
/* NULL with errno set: ENOMEM, or EFBIG if it would hold more than `room` bytes.  Nothing is written to the range. */
enc_checkpoint *enc_checkpoint_take(enc_rewind *r, uintptr_t top, size_t room);
/* Put its pages into a range that was just restored. */
void enc_checkpoint_put(const enc_rewind *r, const enc_checkpoint *c);
size_t enc_checkpoint_size(const enc_checkpoint *c); /* bytes, all told */
void enc_checkpoint_free(enc_checkpoint *c);

enc_rewind_mode enc_rewind_mode_of(const enc_rewind *r);
size_t enc_rewind_length(const enc_rewind *r);
/* Is the range byte for byte what the snapshot holds, but for the kept word?  The offset of the first difference,
   or -1. */
long enc_rewind_difference(const enc_rewind *r);

#endif
