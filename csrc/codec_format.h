/* The strict codec: values to bytes to values, between interpreters that share no objects; what its two halves share.

   Format.  One value, nothing before it and nothing after it.  A value is a tag byte and what the tag says:

     00..7f       int: the tag less 16, so -16 to 111
     80..bf       str: 0 to 63 bytes of UTF-8, the tag less 0x80
     c0 c1 c2     None, False, True
     c3           float: 8 bytes, IEEE 754 binary64
     c4           int of more than 64 bits: varint length n (9 or more), n bytes, two's complement
     c5           str: varint length (64 or more), UTF-8
     c6           bytes: varint length, the bytes (bytes, bytearray and memoryview all arrive as bytes)
     c7           a value of the hooks: varint tag (at most 65535), then a plain value, without c7 inside
     c8..cf       int of 1 to 8 bytes, the tag less 0xc7: two's complement
     d0 d1        list, tuple: u32 count, the items
     d2           dict: u32 count, key, value, key, value ...
     d3 d4        set, frozenset: u64 count, the items

   All numbers are little endian; a varint is LEB128.  Each value has one form: the shortest.  The counts
   have a fixed width so that no container is cheap on the wire and dear in memory: what decodes takes some 40
   times the bytes of its message at the most.  (An empty set takes 216 bytes; if it came as one, 16 MiB of
   them would make 3.6 GB.)

   Encoding runs no code of the value's owner.  It looks at the type's pointer and flags, never at __class__,
   and reads through the concrete layouts, also those of subclasses, which arrive as their base.  No dict is
   asked about a foreign type (that would call its metaclass's __hash__): the hooks' table is walked and
   compared by identity.  Only a hook can run Python, and with it a collection and finalizers: containers and
   items are held by strong references, and sizes are checked again at each step.

   Decoding trusts nothing.  Every length and count is held against the bytes that remain *and are not owed to
   the containers around it*, so that all claims together never exceed the message.  Keys that are made to
   collide (an int's hash is the int) would make a dict quadratic: more than FLOOD_LIMIT keys of one hash in
   one container are refused.  Not detected: different hashes whose probe sequences meet.

   Threads: no state but the caller's; any thread with its interpreter's GIL.  In a guest a halt may jump out
   of the middle of any call that allocates, so nothing here is owned but Python memory, which a rewind
   restores, and the caller's enc_buffer, which is whole at every instant: see grow().  C stack: at the most
   300 bytes a level, so 150 KiB at ENC_MAX_DEPTH. */

#ifndef ENCLAVE_CODEC_FORMAT_H
#define ENCLAVE_CODEC_FORMAT_H

#define PY_SSIZE_T_CLEAN
#include "codec.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALL_INT_BIAS = 16,
    SMALL_INT_MAX = 111,
    SHORT_STR_MAX = 63,

    TAG_SHORT_STR = 0x80,
    TAG_NONE = 0xc0,
    TAG_FALSE = 0xc1,
    TAG_TRUE = 0xc2,
    TAG_FLOAT = 0xc3,
    TAG_BIG_INT = 0xc4,
    TAG_STR = 0xc5,
    TAG_BYTES = 0xc6,
    TAG_EXT = 0xc7,
    TAG_INT = 0xc7, /* plus the number of bytes, 1 to 8 */
    TAG_LIST = 0xd0,
    TAG_TUPLE = 0xd1,
    TAG_DICT = 0xd2,
    TAG_SET = 0xd3,
    TAG_FROZENSET = 0xd4,
};

#define VARINT_MAX 10 /* bytes of a 64-bit varint */
/* What counts for more than one item, by how much: about their time against that of an int in a list. */
enum {
    ITEMS_CONTAINER = 6,
    ITEMS_SET = 24,
    ITEMS_HOOKED = 160, /* a hook is Python on both sides */
    ITEMS_BIG_INT = 32,
    ITEMS_WIDE_STR = 3,
    WIDE_STR_BYTES = 16, /* and one more for each so many */
};

#define EXT_DEPTH 4    /* levels that a hook's plain value may add to the depth around it */
#define FLOOD_LIMIT 64 /* keys of one hash in one container */
#define KEY_CACHE 64   /* keys of dicts that a decoder remembers; a power of two */

/* Out of the frames that recursion piles up: message buffers, and what few values need. */
#define APART __attribute__((noinline))
#define FAILURE __attribute__((noinline, cold))

/* Where a value stands. */
enum {
    IN_KEY = 1,   /* a dict's key or a set's item: must be hashable */
    IN_PLAIN = 2, /* what a hook gave: no more hooks */
};

static inline void
store_le(unsigned char *p, uint64_t v, int n)
{
    for (int i = 0; i < n; i++) {
        p[i] = (unsigned char)(v >> (8 * i));
    }
}

static inline uint64_t
load_le(const unsigned char *p, int n)
{
    uint64_t v = 0;
    for (int i = 0; i < n; i++) {
        v |= (uint64_t)p[i] << (8 * i);
    }
    return v;
}

static inline unsigned char *
store_varint(unsigned char *p, uint64_t v)
{
    for (; v >= 0x80; v >>= 7) {
        *p++ = (unsigned char)(v | 0x80);
    }
    *p++ = (unsigned char)v;
    return p;
}

/* Printable ASCII without the backtick that quotes it, cut to fit; what else stands there becomes `?`. */
static inline void
plain_text(char *out, size_t cap, const char *text)
{
    size_t n = 0;
    for (; *text != '\0' && n + 1 < cap; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c & 0xc0) != 0x80) { /* one mark for each character, not for each byte */
            out[n++] = c >= 0x20 && c < 0x7f && c != '`' ? (char)c : '?';
        }
    }
    out[n] = '\0';
    if (*text != '\0' && n >= 3) {
        memcpy(out + n - 3, "...", 3);
    }
}

/* The same of a str object, whatever its class. */
static inline void
plain_str(char *out, size_t cap, PyObject *str)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(str), i = 0;
    size_t n = 0;
    for (; i < length && n + 1 < cap; i++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(str, i);
        out[n++] = c >= 0x20 && c < 0x7f && c != '`' ? (char)c : '?';
    }
    out[n] = '\0';
    if (i < length && n >= 3) {
        memcpy(out + n - 3, "...", 3);
    }
}

static inline unsigned
depth_limit(unsigned wish)
{
    return wish == 0 ? ENC_DEFAULT_DEPTH : wish > ENC_MAX_DEPTH ? ENC_MAX_DEPTH : wish;
}

#endif
