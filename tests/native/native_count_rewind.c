/* What tests/guard has valgrind count the instructions of: putting a range back; see native_count_region.c.

   The kernel's list of written pages is this program's own: valgrind knows nothing of it, and which pages were written
   is to be the same every time.  For that, the functions of libc that the core asks the kernel by are replaced here. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "rewind.h"

#include "region.h"

#include "native_test.h"

#include <linux/userfaultfd.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGES = 600, TURNS = 200, HOT = 40, PROBE = 2 };

static struct {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
} const *asked; /* the head of struct pm_scan_arg */

static bool written[PAGES];
static char *base;
static unsigned long protections;

/* PAGEMAP_SCAN: runs of written pages. */
static int
scan(uint64_t *arg)
{
    asked = (void *)arg;
    uint64_t (*found)[3] = (void *)(uintptr_t)asked->vec;
    int n = 0;
    uint64_t at = asked->start;
    bool probe = asked->end - asked->start == PROBE * ENC_PAGE;
    for (; at < asked->end && (uint64_t)n < asked->vec_len; at += ENC_PAGE) {
        if (probe ? at == asked->start : !written[(at - (uintptr_t)base) / ENC_PAGE]) {
            continue;
        }
        if (n > 0 && found[n - 1][1] == at) {
            found[n - 1][1] += ENC_PAGE;
        }
        else {
            found[n][0] = at;
            found[n][1] = at + ENC_PAGE;
            found[n++][2] = 1 << 1;
        }
    }
    arg[4] = at; /* walk_end */
    return n;
}

int
ioctl(int fd, unsigned long request, ...)
{
    (void)fd;
    va_list list;
    va_start(list, request);
    void *arg = va_arg(list, void *);
    va_end(list);
    if (request == enc_rewind_requests[1]) {
        return scan(arg);
    }
    CHECK(request == UFFDIO_API || request == UFFDIO_REGISTER || request == UFFDIO_WRITEPROTECT);
    protections += request == UFFDIO_WRITEPROTECT;
    return 0;
}

long
syscall(long number, ...)
{
    CHECK(number == SYS_userfaultfd);
    return dup(0);
}

static void
phase(const char *name, int turns)
{
    printf("%d %s\n", turns, name);
    fflush(stdout);
    (void)getppid();
}

static void
restore(enc_rewind *r, int turns)
{
    for (int i = 0; i < turns; i++) {
        CHECK(enc_rewind_restore(r, (uintptr_t)base + PAGES * ENC_PAGE));
    }
}

int
main(void)
{
    base = mmap(NULL, PAGES * ENC_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(base != MAP_FAILED);
    memset(base, 5, PAGES * ENC_PAGE);
    CHECK(enc_rewind_init() == ENC_REWIND_SCAN);
    enc_rewind *r =
        enc_rewind_snapshot(base, PAGES * ENC_PAGE, ENC_REWIND_SCAN, base + 8 * ENC_PAGE + 64, NULL, NULL);
    CHECK(r != NULL);

    phase("rewind of nothing", TURNS);
    restore(r, TURNS);
    phase("(between)", 1);
    for (int i = 0; i < HOT; i++) {
        written[i * 7] = true; /* each a run of its own, as those of a small script mostly are */
    }
    restore(r, 10);
    phase("rewind of 40 pages", TURNS);
    restore(r, TURNS);
    phase("(between)", 1);
    memset(written, true, sizeof(written));
    restore(r, 10);
    phase("rewind of 600 pages", TURNS / 4);
    restore(r, TURNS / 4);
    phase("(between)", 1);
    unsigned long before = protections;
    base[10 * ENC_PAGE] = 6;
    restore(r, 1);
    CHECK(base[10 * ENC_PAGE] == 5); /* it did copy */
    CHECK(protections == before);    /* pages that are always written are not protected again */
    enc_rewind_free(r);
    phase("", 0);
    return 0;
}
