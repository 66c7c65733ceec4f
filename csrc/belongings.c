/* See belongings.h.

   A descriptor is known by its file (device and inode) and put back to its offset.  What was closed cannot be opened
   again from here: the caller gives the slot up then. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "belongings.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct {
    int fd;
    dev_t dev;
    ino_t ino;
    off_t offset; /* -1: it has none */
} descriptor;

struct enc_belongings {
    char cwd[PATH_MAX]; /* empty: it is nowhere that could be named */
    mode_t mask;
    size_t count;
    descriptor *descriptors; /* by number */
};

static int
by_number(const void *a, const void *b)
{
    return ((const descriptor *)a)->fd - ((const descriptor *)b)->fd;
}

static bool
list_descriptors(enc_belongings *b)
{
    DIR *dir = opendir("/proc/thread-self/fd");
    if (dir == NULL) {
        return false;
    }
    size_t room = 0;
    bool ok = true;
    struct dirent *entry;
    while (ok && (errno = 0, entry = readdir(dir)) != NULL) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        struct stat st;
        if (*end != '\0' || end == entry->d_name || fd == dirfd(dir) || fstat((int)fd, &st) != 0) {
            continue;
        }
        if (b->count == room) {
            room = room != 0 ? room * 2 : 16;
            descriptor *more = realloc(b->descriptors, room * sizeof(*more));
            ok = more != NULL;
            b->descriptors = ok ? more : b->descriptors;
        }
        if (ok) {
            b->descriptors[b->count++] = (descriptor){
                .fd = (int)fd, .dev = st.st_dev, .ino = st.st_ino, .offset = lseek((int)fd, 0, SEEK_CUR)};
        }
    }
    ok = ok && errno == 0;
    closedir(dir);
    if (b->count != 0) {
        qsort(b->descriptors, b->count, sizeof(*b->descriptors), by_number);
    }
    return ok;
}

enc_belongings *
enc_belongings_note(void)
{
    enc_belongings *b = calloc(1, sizeof(*b));
    if (b == NULL || !list_descriptors(b)) {
        enc_belongings_free(b);
        return NULL;
    }
    b->mask = umask(077);
    umask(b->mask);
    if (getcwd(b->cwd, sizeof(b->cwd)) == NULL) {
        b->cwd[0] = '\0';
    }
    return b;
}

static bool
put_back(const descriptor *d)
{
    struct stat st;
    if (fstat(d->fd, &st) != 0 || st.st_dev != d->dev || st.st_ino != d->ino) {
        return false;
    }
    /* The standard streams are the host's own open files, which it goes on using. */
    return d->fd <= STDERR_FILENO || d->offset < 0 || lseek(d->fd, d->offset, SEEK_SET) == d->offset;
}

bool
enc_belongings_restore(const enc_belongings *b)
{
    bool whole = true;
    unsigned from = 0;
    for (size_t i = 0; i < b->count; i++) {
        unsigned fd = (unsigned)b->descriptors[i].fd;
        if (fd > from) {
            syscall(SYS_close_range, from, fd - 1, 0);
        }
        from = fd + 1;
        whole = put_back(&b->descriptors[i]) && whole;
    }
    syscall(SYS_close_range, from, ~0u, 0);
    umask(b->mask);
    return whole && b->cwd[0] != '\0' && chdir(b->cwd) == 0;
}

void
enc_belongings_free(enc_belongings *b)
{
    if (b != NULL) {
        free(b->descriptors);
        free(b);
    }
}
