/* Snapshot of a range and its restoration.

   The snapshot is a memfd.  The range is a private mapping of it: a clean page is the snapshot's own page, held once; a
   page that the guest writes becomes a private copy.

   Remap   drops the private pages (MADV_DONTNEED): the next touch reads the snapshot again, at a page fault each.
   Scan    has the kernel note written pages (userfaultfd write-protect in asynchronous mode: a write to a protected
           page lifts the protection and goes on, no message is sent), lists them with PAGEMAP_SCAN and copies the
           snapshot's bytes over them.  A page that is written again and again stays unprotected: copying 4 KiB costs a
           tenth of a fault.  Now and then all are protected again, to find out which are still in use.

   Documentation: Documentation/admin-guide/mm/{userfaultfd,pagemap}.rst in the Linux sources. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "rewind.h"

#include "region.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux 6.7; spelled out because the headers that one builds with may be older than the kernel that one runs on. */
#ifndef UFFD_FEATURE_WP_UNPOPULATED
#define UFFD_FEATURE_WP_UNPOPULATED (1 << 13)
#endif
#ifndef UFFD_FEATURE_WP_ASYNC
#define UFFD_FEATURE_WP_ASYNC (1 << 15)
#endif
#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

typedef struct {
    uint64_t start, end, categories;
} page_region;

typedef struct {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
} pm_scan_arg;

#define ENC_PAGEMAP_SCAN _IOWR('f', 16, pm_scan_arg)
#define ENC_PAGE_IS_WRITTEN ((uint64_t)1 << 1)

/* What lies beyond the snapshot is dropped; but memory that two runs in a row have used is cleared, up to LARGE_TAIL, for
   the third: a page that is faulted in again costs as much as ten that are cleared.  SMALL_TAIL is always cleared. */
#define SMALL_TAIL ((size_t)128 << 10)
#define LARGE_TAIL ((size_t)4 << 20)
#define HOT_AFTER 2         /* writes after which a page stays unprotected */
#define REPROTECT_EVERY 512 /* restorations after which every page is protected again */

const unsigned long enc_rewind_requests[2] = {UFFDIO_WRITEPROTECT, ENC_PAGEMAP_SCAN};

struct enc_rewind {
    char *base;
    size_t len;
    enc_rewind_mode mode;
    const char *copy; /* the snapshot, read-only */
    char *keep;
    unsigned restorations;
    size_t last_tail;  /* what the last run used beyond the snapshot */
    size_t clean_tail; /* what is there of it, cleared */
    page_region *found;
    size_t found_len;
    uint8_t heat[]; /* per page */
};

static int uffd = -1, pagemap = -1;
static enc_rewind_mode best = ENC_REWIND_NONE;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Out of the way of the numbers that programs use and expect. */
static int
move_up(int fd)
{
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 400);
    if (high < 0) {
        return fd;
    }
    close(fd);
    return high;
}

static bool
scan_works(void)
{
    /* Try it whole on a page: a kernel may know the names and not the mode. */
    bool works = false;
    int memfd = memfd_create("enclave-probe", MFD_CLOEXEC);
    if (memfd < 0 || ftruncate(memfd, 2 * ENC_PAGE) != 0) {
        goto out;
    }
    char *p = mmap(NULL, 2 * ENC_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, memfd, 0);
    if (p == MAP_FAILED) {
        goto out;
    }
    struct uffdio_register reg = {.range = {(uintptr_t)p, 2 * ENC_PAGE}, .mode = UFFDIO_REGISTER_MODE_WP};
    struct uffdio_writeprotect wp = {.range = reg.range, .mode = UFFDIO_WRITEPROTECT_MODE_WP};
    if (ioctl(uffd, UFFDIO_REGISTER, &reg) == 0 && ioctl(uffd, UFFDIO_WRITEPROTECT, &wp) == 0) {
        p[ENC_PAGE] = 1;
        page_region found[2];
        pm_scan_arg arg = {.size = sizeof(arg),
                           .start = (uintptr_t)p,
                           .end = (uintptr_t)p + 2 * ENC_PAGE,
                           .vec = (uintptr_t)found,
                           .vec_len = 2,
                           .category_mask = ENC_PAGE_IS_WRITTEN,
                           .return_mask = ENC_PAGE_IS_WRITTEN};
        works = ioctl(pagemap, ENC_PAGEMAP_SCAN, &arg) == 1 && found[0].start == (uintptr_t)p + ENC_PAGE;
    }
    munmap(p, 2 * ENC_PAGE);
out:
    if (memfd >= 0) {
        close(memfd);
    }
    return works;
}

static void
init_once(void)
{
    int probe = memfd_create("enclave-probe", MFD_CLOEXEC);
    if (probe < 0) {
        return;
    }
    close(probe);
    best = ENC_REWIND_REMAP;
    if (sysconf(_SC_PAGESIZE) != ENC_PAGE) {
        return;
    }
    uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | UFFD_USER_MODE_ONLY);
    if (uffd < 0) {
        return;
    }
    struct uffdio_api api = {.api = UFFD_API,
                             .features = UFFD_FEATURE_WP_ASYNC | UFFD_FEATURE_WP_UNPOPULATED};
    pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (pagemap < 0 || ioctl(uffd, UFFDIO_API, &api) != 0 || !scan_works()) {
        close(uffd);
        if (pagemap >= 0) {
            close(pagemap);
        }
        uffd = pagemap = -1;
        return;
    }
    uffd = move_up(uffd);
    pagemap = move_up(pagemap);
    best = ENC_REWIND_SCAN;
}

enc_rewind_mode
enc_rewind_init(void)
{
    pthread_once(&once, init_once);
    return best;
}

void
enc_rewind_descriptors(int fds[2])
{
    fds[0] = uffd < pagemap ? uffd : pagemap;
    fds[1] = uffd < pagemap ? pagemap : uffd;
}

static bool
protect(char *start, size_t len)
{
    struct uffdio_writeprotect wp = {.range = {(uintptr_t)start, len}, .mode = UFFDIO_WRITEPROTECT_MODE_WP};
    return ioctl(uffd, UFFDIO_WRITEPROTECT, &wp) == 0;
}

static bool
is_zero(const char *page)
{
    const uint64_t *words = (const uint64_t *)page;
    for (size_t i = 0; i < ENC_PAGE / 8; i++) {
        if (words[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Fill the memfd; pages of zeros stay holes. */
static bool
store(int memfd, const char *base, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t end = at;
        while (end < len && !is_zero(base + end)) {
            end += ENC_PAGE;
        }
        while (at < end) {
            ssize_t n = pwrite(memfd, base + at, end - at, (off_t)at);
            if (n <= 0) {
                return false;
            }
            at += (size_t)n;
        }
        at = end + ENC_PAGE;
    }
    return true;
}

/* Put the memfd in the place of the memory that it was filled from.  What others wrote into the kept word meanwhile must
   not be lost, so its page is stored once more, and they are kept off until the mapping stands. */
static bool
exchange(enc_rewind *r, int memfd, void (*lock)(void), void (*unlock)(void))
{
    if (lock != NULL) {
        lock();
    }
    bool ok = true;
    if (r->keep != NULL) {
        size_t page = (size_t)(r->keep - r->base) & ~(size_t)(ENC_PAGE - 1);
        ok = pwrite(memfd, r->base + page, ENC_PAGE, (off_t)page) == (ssize_t)ENC_PAGE;
    }
    ok = ok && mmap(r->base, r->len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, memfd, 0) != MAP_FAILED;
    if (unlock != NULL) {
        unlock();
    }
    return ok;
}

enc_rewind *
enc_rewind_snapshot(void *base, size_t len, enc_rewind_mode mode, void *keep, void (*lock)(void),
                    void (*unlock)(void))
{
    size_t pages = len / ENC_PAGE;
    int err;
    /* mmap, not malloc: what is freed again here must not punch holes into the host's heap. */
    size_t found_len = pages / 2 + 1;
    size_t control = ENC_ALIGN_UP(sizeof(enc_rewind) + pages, 64) + found_len * sizeof(page_region);
    enc_rewind *r = mmap(NULL, control, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (r == MAP_FAILED) {
        return NULL;
    }
    r->base = base;
    r->len = len;
    r->mode = mode;
    r->keep = keep;
    r->found = (page_region *)((char *)r + ENC_ALIGN_UP(sizeof(enc_rewind) + pages, 64));
    r->found_len = found_len;
    int memfd = memfd_create("enclave-snapshot", MFD_CLOEXEC | MFD_NOEXEC_SEAL);
    if (memfd < 0) {
        memfd = memfd_create("enclave-snapshot", MFD_CLOEXEC); /* before Linux 6.3 */
    }
    if (memfd < 0 || ftruncate(memfd, (off_t)len) != 0 || !store(memfd, base, len)) {
        goto fail;
    }
    void *copy = mmap(NULL, len, PROT_READ, MAP_SHARED, memfd, 0);
    if (copy == MAP_FAILED) {
        goto fail;
    }
    r->copy = copy;
    if (!exchange(r, memfd, lock, unlock)) {
        munmap(copy, len);
        goto fail;
    }
    close(memfd);
    madvise(base, len, MADV_NOHUGEPAGE);
    if (mode == ENC_REWIND_SCAN) {
        struct uffdio_register reg = {.range = {(uintptr_t)base, len}, .mode = UFFDIO_REGISTER_MODE_WP};
        if (ioctl(uffd, UFFDIO_REGISTER, &reg) != 0 || !protect(base, len)) {
            r->mode = ENC_REWIND_REMAP;
        }
    }
    return r;
fail:
    err = errno;
    if (memfd >= 0) {
        close(memfd);
    }
    munmap(r, control);
    errno = err;
    return NULL;
}

/* Copy `from` to [at, at + len) of the range, all but the kept word. */
static void
copy_in(const enc_rewind *r, size_t at, const char *from, size_t len)
{
    size_t keep = (size_t)(r->keep - r->base);
    if (r->keep == NULL || keep < at || keep >= at + len) {
        memcpy(r->base + at, from, len);
        return;
    }
    memcpy(r->base + at, from, keep - at);
    memcpy(r->base + keep + 8, from + (keep - at) + 8, at + len - keep - 8);
}

/* The written pages from *at on: fills r->found, moves *at to where to go on.  Their number, or -1. */
static int
scan_written(enc_rewind *r, char **at)
{
    pm_scan_arg arg = {.size = sizeof(arg),
                       .start = (uintptr_t)*at,
                       .end = (uintptr_t)r->base + r->len,
                       .vec = (uintptr_t)r->found,
                       .vec_len = r->found_len,
                       .category_mask = ENC_PAGE_IS_WRITTEN,
                       .return_mask = ENC_PAGE_IS_WRITTEN};
    int n = ioctl(pagemap, ENC_PAGEMAP_SCAN, &arg);
    *at = (char *)(uintptr_t)arg.walk_end;
    return n;
}

static bool
restore_scan(enc_rewind *r)
{
    bool renew = ++r->restorations % REPROTECT_EVERY == 0;
    for (char *at = r->base, *end = r->base + r->len; at < end;) {
        int n = scan_written(r, &at);
        if (n < 0) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            size_t from = r->found[i].start - (uintptr_t)r->base, to = r->found[i].end - (uintptr_t)r->base;
            copy_in(r, from, r->copy + from, to - from);
            for (size_t page = from; page < to;) {
                size_t run = page;
                while (run < to && r->heat[run / ENC_PAGE] < HOT_AFTER) {
                    r->heat[run / ENC_PAGE]++;
                    run += ENC_PAGE;
                }
                if (run > page && !renew && !protect(r->base + page, run - page)) {
                    return false;
                }
                page = run + ENC_PAGE;
            }
        }
    }
    if (renew) {
        /* A page that was in use stays unprotected from its next write on: one fault for it, and no call. */
        for (size_t i = 0; i < r->len / ENC_PAGE; i++) {
            r->heat[i] = r->heat[i] < HOT_AFTER ? 0 : HOT_AFTER;
        }
        return protect(r->base, r->len);
    }
    return true;
}

static bool
restore_remap(enc_rewind *r)
{
    /* The kept word's page is copied, never dropped: a neighbour may be writing the word. */
    size_t at = 0;
    if (r->keep != NULL) {
        size_t page = (size_t)(r->keep - r->base) & ~(size_t)(ENC_PAGE - 1);
        copy_in(r, page, r->copy + page, ENC_PAGE);
        if (page > 0 && madvise(r->base, page, MADV_DONTNEED) != 0) {
            return false;
        }
        at = page + ENC_PAGE;
    }
    return at >= r->len || madvise(r->base + at, r->len - at, MADV_DONTNEED) == 0;
}

static bool
give_back_tail(enc_rewind *r, char *top, size_t tail)
{
    size_t cleared = tail < r->last_tail ? tail : r->last_tail;
    if (cleared < SMALL_TAIL) {
        cleared = tail < SMALL_TAIL ? tail : SMALL_TAIL;
    }
    if (cleared > LARGE_TAIL) {
        cleared = LARGE_TAIL;
    }
    cleared = ENC_ALIGN_UP(cleared, ENC_PAGE);
    size_t end = ENC_ALIGN_UP(tail > r->clean_tail ? tail : r->clean_tail, ENC_PAGE);
    if (cleared != 0) {
        memset(top, 0, cleared);
    }
    r->last_tail = tail;
    r->clean_tail = cleared;
    return end <= cleared || madvise(top + cleared, end - cleared, MADV_DONTNEED) == 0;
}

bool
enc_rewind_restore(enc_rewind *r, uintptr_t touched)
{
    char *top = r->base + r->len;
    if (!give_back_tail(r, top, touched > (uintptr_t)top ? touched - (uintptr_t)top : 0)) {
        return false;
    }
    if (r->mode == ENC_REWIND_SCAN && !restore_scan(r)) {
        r->mode = ENC_REWIND_REMAP; /* a guest may have closed the descriptors; the remap needs none */
    }
    else if (r->mode == ENC_REWIND_SCAN) {
        return true;
    }
    return restore_remap(r);
}

/* --- Checkpoints ------------------------------------------------------------------------------------------------ */

struct enc_checkpoint {
    size_t size, count;
    const char *data; /* of the pages, one after another */
    uint32_t pages[]; /* their numbers, ascending */
};

/* Those of the pages [from, to) that differ from the snapshot; beyond its end, from zero. */
static size_t
add_changed(const enc_rewind *r, size_t from, size_t to, uint32_t *pages, size_t count)
{
    for (size_t at = from; at < to; at += ENC_PAGE) {
        bool same = at < r->len ? memcmp(r->base + at, r->copy + at, ENC_PAGE) == 0 : is_zero(r->base + at);
        if (!same) {
            pages[count++] = (uint32_t)(at / ENC_PAGE);
        }
    }
    return count;
}

/* The kernel's list of written pages spares the comparison of all the others, which would read the whole snapshot. */
static bool
add_written(enc_rewind *r, uint32_t *pages, size_t *count)
{
    for (char *at = r->base, *end = r->base + r->len; at < end;) {
        int n = scan_written(r, &at);
        if (n < 0) {
            return false;
        }
        for (int i = 0; i < n; i++) {
            size_t from = r->found[i].start - (uintptr_t)r->base, to = r->found[i].end - (uintptr_t)r->base;
            *count = add_changed(r, from, to, pages, *count);
        }
    }
    return true;
}

enc_checkpoint *
enc_checkpoint_take(enc_rewind *r, uintptr_t top, size_t room)
{
    size_t end = ENC_ALIGN_UP(top - (uintptr_t)r->base, ENC_PAGE);
    size_t list = (end > r->len ? end : r->len) / ENC_PAGE * sizeof(uint32_t);
    uint32_t *pages =
        mmap(NULL, list, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) {
        return NULL;
    }
    size_t count = 0;
    if (r->mode == ENC_REWIND_SCAN && !add_written(r, pages, &count)) {
        r->mode = ENC_REWIND_REMAP; /* as in a restoration: the descriptors are gone */
    }
    if (r->mode != ENC_REWIND_SCAN) {
        count = add_changed(r, 0, r->len, pages, 0);
    }
    count = add_changed(r, r->len, end, pages, count);
    size_t head = ENC_ALIGN_UP(sizeof(enc_checkpoint) + count * sizeof(uint32_t), ENC_PAGE);
    size_t size = head + count * ENC_PAGE;
    enc_checkpoint *c = MAP_FAILED;
    errno = EFBIG;
    if (size <= room) {
        c = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    }
    if (c != MAP_FAILED) {
        char *data = (char *)c + head;
        c->size = size;
        c->count = count;
        c->data = data;
        memcpy(c->pages, pages, count * sizeof(uint32_t));
        for (size_t i = 0; i < count; i++) {
            memcpy(data + i * ENC_PAGE, r->base + (size_t)pages[i] * ENC_PAGE, ENC_PAGE);
        }
    }
    int err = errno;
    munmap(pages, list);
    errno = err;
    return c != MAP_FAILED ? c : NULL;
}

void
enc_checkpoint_put(const enc_rewind *r, const enc_checkpoint *c)
{
    for (size_t i = 0; i < c->count; i++) {
        copy_in(r, (size_t)c->pages[i] * ENC_PAGE, c->data + i * ENC_PAGE, ENC_PAGE);
    }
}

size_t
enc_checkpoint_size(const enc_checkpoint *c)
{
    return c->size;
}

void
enc_checkpoint_free(enc_checkpoint *c)
{
    munmap(c, c->size);
}

/* --- The snapshot's end ------------------------------------------------------------------------------------------- */

void
enc_rewind_free(enc_rewind *r)
{
    size_t pages = r->len / ENC_PAGE;
    munmap((void *)r->copy, r->len);
    munmap(r, ENC_ALIGN_UP(sizeof(enc_rewind) + pages, 64) + r->found_len * sizeof(page_region));
}

enc_rewind_mode
enc_rewind_mode_of(const enc_rewind *r)
{
    return r->mode;
}

size_t
enc_rewind_length(const enc_rewind *r)
{
    return r->len;
}

long
enc_rewind_difference(const enc_rewind *r)
{
    for (size_t i = 0; i < r->len; i++) {
        if (r->base[i] != r->copy[i] && (size_t)(r->base + i - r->keep) >= 8) {
            return (long)i;
        }
    }
    return -1;
}
