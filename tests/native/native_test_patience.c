/* Patience with threads that are made up, and a look at real ones. */

#include "patience.h"

#include "native_test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MS ((int64_t)1000000)
#define SECOND (1000 * MS)
#define START (86400 * SECOND)

/* What a thread does for how long. */
typedef enum { RUNS, SLEEPS, WAITS } what;

typedef struct {
    int64_t now, cpu, delay, wait; /* wait: of the one that goes on; the kernel does not tell */
    what state;
} thread;

static void
goes_on(thread *t, what state, int64_t ns)
{
    if (t->state == WAITS && state != WAITS) {
        t->delay += t->wait;
        t->wait = 0;
        t->cpu += 1000; /* who leaves the queue has run */
    }
    t->state = state;
    t->now += ns;
    t->cpu += state == RUNS ? ns : 0;
    t->wait += state == WAITS ? ns : 0;
}

static enc_look
look_at(const thread *t)
{
    return (enc_look){.known = true, .runnable = t->state != SLEEPS, .cpu = t->cpu, .delay = t->delay};
}

/* Looks whenever it is time, while the thread does that for so long; true: it has had its time. */
static bool
over_while(enc_patience *p, thread *t, what state, int64_t ns)
{
    int64_t end = t->now + ns;
    while (p->next <= end) {
        goes_on(t, state, p->next - t->now);
        enc_look look = look_at(t);
        if (enc_patience_is_over(p, t->now, &look)) {
            return true;
        }
    }
    goes_on(t, state, end - t->now);
    return false;
}

static const int64_t limits[] = {1, MS / 2, MS, 20 * MS, 50 * MS + 7, SECOND, 5 * SECOND};
#define LIMITS (sizeof(limits) / sizeof(*limits))

static void
a_thread_that_runs_or_sleeps_has_its_limit(void)
{
    static const what states[] = {RUNS, SLEEPS};
    for (size_t i = 0; i < 2 * LIMITS; i++) {
        enc_patience p;
        thread t = {.now = START, .cpu = SECOND, .delay = 50 * SECOND, .state = states[i % 2]};
        enc_patience_begin(&p, START, limits[i / 2]);
        CHECK(!over_while(&p, &t, states[i % 2], limits[i / 2] - 1));
        CHECK(over_while(&p, &t, states[i % 2], MS + 16));
    }
}

static void
no_time_at_all_is_over_at_the_first_look(void)
{
    enc_patience p;
    enc_look look = {0};
    enc_patience_begin(&p, START, 0);
    CHECK(p.next == START);
    CHECK(enc_patience_is_over(&p, START, &look));
}

static void
a_thread_that_waits_for_a_processor_has_twenty_times_more(void)
{
    for (size_t i = 0; i < LIMITS; i++) {
        enc_patience p;
        thread t = {.now = START, .state = WAITS};
        enc_patience_begin(&p, START, limits[i]);
        int64_t more = limits[i] * 20 < 60 * SECOND ? limits[i] * 20 : 60 * SECOND;
        if (limits[i] > 4 * MS) { /* others have a look or two only */
            CHECK(!over_while(&p, &t, WAITS, limits[i] + more - 1));
        }
        CHECK(over_while(&p, &t, WAITS, limits[i] + more + 2 * MS));
    }
}

static void
waits_that_end_count_as_those_that_go_on(void)
{
    /* A fortieth of a processor, in turns of any length; after the first step the limit is used up by what it ran. */
    static const int64_t turns[] = {MS / 10, MS, 3 * MS, 20 * MS};
    for (size_t i = 0; i < sizeof(turns) / sizeof(*turns); i++) {
        enc_patience p;
        thread t = {.now = START, .state = WAITS};
        enc_patience_begin(&p, START, SECOND);
        while (t.now - START < 15 * SECOND) {
            CHECK(!over_while(&p, &t, WAITS, 39 * turns[i]));
            CHECK(!over_while(&p, &t, RUNS, turns[i]));
        }
        /* And whatever it had then, stuck it has no more than the rest. */
        CHECK(over_while(&p, &t, SLEEPS, SECOND));
    }
}

static void
a_wait_from_before_earns_nothing(void)
{
    enc_patience p;
    thread t = {.now = START - 50 * SECOND, .state = WAITS};
    goes_on(&t, WAITS, 50 * SECOND);
    enc_patience_begin(&p, START, SECOND);
    CHECK(!over_while(&p, &t, WAITS, SECOND / 2));
    CHECK(over_while(&p, &t, SLEEPS, SECOND + SECOND / 8));
}

static void
a_wait_that_ends_between_two_readings_of_a_look_counts_once(void)
{
    enc_patience p;
    thread t = {.now = START, .state = SLEEPS};
    enc_patience_begin(&p, START, 16 * SECOND);
    CHECK(!over_while(&p, &t, SLEEPS, 8 * SECOND));
    CHECK(!over_while(&p, &t, WAITS, 4 * SECOND));
    goes_on(&t, WAITS, SECOND);
    enc_look look = look_at(&t);
    look.delay = t.wait; /* its clock was read before */
    CHECK(!enc_patience_is_over(&p, t.now, &look));
    goes_on(&t, SLEEPS, 0);
    CHECK(!over_while(&p, &t, SLEEPS, 7 * SECOND));
    CHECK(over_while(&p, &t, SLEEPS, SECOND));
}

static void
whoever_wakes_and_has_not_run_yet_was_not_waiting_before(void)
{
    enc_patience p;
    thread t = {.now = START, .state = SLEEPS};
    enc_patience_begin(&p, START, 16 * SECOND);
    for (int n = 1; n <= 15; n++) {
        goes_on(&t, SLEEPS, SECOND);
        enc_look look = look_at(&t);
        CHECK(!enc_patience_is_over(&p, t.now, &look));
    }
    goes_on(&t, SLEEPS, SECOND);
    enc_look look = look_at(&t);
    look.runnable = true;
    CHECK(enc_patience_is_over(&p, t.now, &look));
}

static void
late_looks_charge_no_more_than_those_in_time(void)
{
    enc_patience p;
    thread t = {.now = START, .state = SLEEPS};
    enc_patience_begin(&p, START, SECOND);
    for (int n = 1; n <= 16; n++) {
        goes_on(&t, SLEEPS, 100 * SECOND);
        enc_look look = look_at(&t);
        CHECK(enc_patience_is_over(&p, t.now, &look) == (n == 16));
    }
}

static void
looks_that_are_somewhat_late_end_in_time(void)
{
    /* Three steps late, each of them, at a thread that waits for a processor. */
    enc_patience p;
    thread t = {.now = START, .state = WAITS};
    enc_look look;
    enc_patience_begin(&p, START, SECOND);
    do {
        goes_on(&t, WAITS, p.next + 3 * SECOND / 16 - t.now);
        look = look_at(&t);
    } while (!enc_patience_is_over(&p, t.now, &look));
    CHECK(t.now - START == 21 * SECOND);
}

static void
where_nothing_is_known_all_time_counts(void)
{
    enc_patience p;
    enc_look look = {0};
    enc_patience_begin(&p, START, SECOND);
    for (int n = 1; n < 16; n++) {
        CHECK(!enc_patience_is_over(&p, p.next, &look));
    }
    CHECK(p.next == START + SECOND);
    CHECK(enc_patience_is_over(&p, p.next, &look));
}

/* --- Real threads ------------------------------------------------------------------------------------------------- */

static atomic_int tid;
static atomic_bool spin, stop;
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static void *
worker(void *arg)
{
    (void)arg;
    prctl(PR_SET_NAME, "x) S 1 (y\n"); /* a guest may call its thread what it likes */
    tid = (int)syscall(SYS_gettid);
    while (spin) {
    }
    pthread_mutex_lock(&held);
    pthread_mutex_unlock(&held);
    while (!stop) {
    }
    return NULL;
}

/* Look until it is so; never so: the program is killed. */
static enc_look
look_until(clockid_t clock, bool runnable, int64_t cpu)
{
    enc_look look;
    do {
        look = enc_look_at(tid, clock);
        CHECK(look.known && look.cpu >= 0 && look.delay >= 0);
    } while (look.runnable != runnable || look.cpu < cpu);
    return look;
}

static void
the_kernel_tells_what_a_thread_does(void)
{
    pthread_t thread;
    clockid_t clock;
    enc_look look = enc_look_at(0, 0);
    CHECK(look.known && look.runnable && look.cpu == 0 && look.delay == 0);
    spin = true;
    pthread_mutex_lock(&held);
    CHECK(pthread_create(&thread, NULL, worker, NULL) == 0);
    CHECK(pthread_getcpuclockid(thread, &clock) == 0);
    while (tid == 0) {
    }
    look = look_until(clock, true, 0);
    look = look_until(clock, true, look.cpu + MS);
    spin = false;
    look_until(clock, false, 0);
    look = look_until(clock, false, 0);
    CHECK(look_until(clock, false, 0).cpu == look.cpu);
    pthread_mutex_unlock(&held);
    look_until(clock, true, look.cpu + MS);
    stop = true;
    CHECK(pthread_join(thread, NULL) == 0);
    look = enc_look_at(tid, clock);
    CHECK(!look.known);
}

int
main(void)
{
    a_thread_that_runs_or_sleeps_has_its_limit();
    no_time_at_all_is_over_at_the_first_look();
    a_thread_that_waits_for_a_processor_has_twenty_times_more();
    waits_that_end_count_as_those_that_go_on();
    a_wait_from_before_earns_nothing();
    a_wait_that_ends_between_two_readings_of_a_look_counts_once();
    whoever_wakes_and_has_not_run_yet_was_not_waiting_before();
    late_looks_charge_no_more_than_those_in_time();
    looks_that_are_somewhat_late_end_in_time();
    where_nothing_is_known_all_time_counts();
    the_kernel_tells_what_a_thread_does();
    return 0;
}
