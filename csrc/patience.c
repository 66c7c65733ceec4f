/* See patience.h.  The functions of the first part know no clock and no kernel. */

#include "patience.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STEPS 16
#define LEAST_STEP ((int64_t)1000000)
#define LATEST 4 /* steps: where looks come later than that, what stands still is the process */

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void
enc_patience_begin(enc_patience *p, int64_t now, int64_t limit)
{
    int64_t step = (limit + STEPS - 1) / STEPS;
    step = least(step > LEAST_STEP ? step : LEAST_STEP, limit);
    int64_t more =
        limit < ENC_PATIENCE_MOST / ENC_PATIENCE_TIMES ? limit * ENC_PATIENCE_TIMES : ENC_PATIENCE_MOST;
    *p = (enc_patience){
        .begun = now, .next = now + step, .limit = limit, .most = limit + more, .step = step, .at = now};
}

bool
enc_patience_is_over(enc_patience *p, int64_t now, const enc_look *look)
{
    int64_t span = now - p->at, waited = 0, waiting = 0;
    if (look->known && p->last.known) {
        if (p->last.runnable && look->cpu == p->last.cpu && look->delay == p->last.delay) {
            waiting = p->waiting + span;
        }
        /* Once it is over the whole wait is in the run delay, with what was counted while it went on. */
        waited = look->delay - p->last.delay + waiting - p->waiting;
    }
    /* Less than nothing, if a wait began before the last look: what was charged for it comes back.  What was
       waited before we did is no credit. */
    int64_t charged = p->charged + least(span - waited, p->step);
    p->charged = charged > 0 ? charged : 0;
    p->elapsed += least(span, LATEST * p->step);
    p->waiting = waiting;
    p->at = now;
    p->next = now + p->step;
    p->last = *look;
    return p->charged >= p->limit || p->elapsed >= p->most;
}

/* --- The kernel's account ----------------------------------------------------------------------------------------- */

static bool
read_text(int tid, const char *name, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/task/%d/%s", tid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, text, size - 1) : -1;
    if (fd >= 0) {
        close(fd);
    }
    text[got > 0 ? got : 0] = 0;
    return got > 0;
}

enc_look
enc_look_at(int tid, clockid_t cpu_clock)
{
    if (tid == 0) {
        return (enc_look){.known = true, .runnable = true};
    }
    enc_look look = {0};
    char text[256], *rest, *end;
    struct timespec cpu;
    /* In this order: runnable after the time was read, and the same time later, is never off the queue between.  The
       thread's clock, because the first field of schedstat stands still from one tick to the next. */
    if (clock_gettime(cpu_clock, &cpu) != 0 || !read_text(tid, "schedstat", text, sizeof(text))) {
        return look;
    }
    look.cpu = (int64_t)cpu.tv_sec * 1000000000 + cpu.tv_nsec;
    strtoll(text, &rest, 10);
    look.delay = strtoll(rest, &end, 10);
    if (end == rest || !read_text(tid, "stat", text, sizeof(text))) {
        return look;
    }
    /* Behind the thread's name, in which anything may stand. */
    const char *name_end = strrchr(text, ')');
    if (name_end == NULL || name_end[1] != ' ') {
        return look;
    }
    look.runnable = name_end[2] == 'R';
    look.known = true;
    return look;
}
