/* For tests: threads that stop where they are told, or come late everywhere.  Never in a wheel (ENCLAVE_TESTING).

   A slot's thread waits by turning in code of the core, for that may be left like any other: a halt that comes while it
   turns leaves the guest at this very place.  It goes on when it is let go; or by itself once the halt that it was to
   wait for has been decided and pressed as often as was said, or will never be pressed in this state. */

#include "core.h"
#include "host.h"
#include "testing.h"

#include <string.h>

typedef struct {
    _Atomic int armed;         /* the next thread that comes is to stop */
    _Atomic int open;          /* it may go on */
    _Atomic int pokes;         /* how often a halt must have been pressed; -1: only who is let go goes on */
    _Atomic int starve;        /* not to stop, but to have no memory from here on */
    _Atomic(enc_slot *) there; /* the slot whose thread has come, or that it was about */
} point_state;

static point_state points[ENC_POINT_COUNT];
static enc_futex changed;

static const char *const names[] = {
#define ENC_POINT_NAME(id, name) name,
    ENC_POINTS(ENC_POINT_NAME)
#undef ENC_POINT_NAME
};

static _Atomic uint64_t late_seed; /* 0: nobody comes late */
static _Atomic unsigned late_one_in, late_turns;

static void
come_late(void)
{
    uint64_t x = atomic_fetch_add(&late_seed, UINT64_C(0x9e3779b97f4a7c15));
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    if (x % atomic_load(&late_one_in) == 0) {
        for (uint64_t turns = (x >> 32) % atomic_load(&late_turns); turns > 0; turns--) {
            enc_pause();
        }
    }
}

/* Is all the halting over that will be done to the slot in this state? */
static bool
pressed(const enc_slot *slot, int pokes)
{
    const volatile enc_slot *now = slot;
    if (atomic_load(&slot->halt_reason) != ENC_HALT_NONE) {
        return now->pokes >= pokes || now->state == ENC_STATE_REWINDING;
    }
    return now->closing || now->early_halt != ENC_HALT_NONE ||
           (now->state != ENC_STATE_RUNNING && now->deadline != 0 && now->deadline <= 1);
}

static void
wait_on_slot_thread(const point_state *at, const enc_slot *slot)
{
    int pokes = atomic_load(&at->pokes);
    while (!atomic_load(&at->open) && (pokes < 0 || !pressed(slot, pokes))) {
        enc_pause();
    }
}

static void
wait_elsewhere(const point_state *at)
{
    PyThreadState *tstate = compat_tstate() != NULL ? PyEval_SaveThread() : NULL;
    for (;;) {
        uint32_t seen = enc_futex_seq(&changed);
        if (atomic_load(&at->open)) {
            break;
        }
        enc_futex_wait(&changed, seen, 0);
    }
    if (tstate != NULL) {
        PyEval_RestoreThread(tstate);
    }
}

void
enc_testing_point(enc_slot *slot, int point)
{
    point_state *at = &points[point];
    int one = 1;
    if (atomic_load(&late_seed) != 0) {
        come_late();
    }
    if (atomic_load(&at->armed) == 0 || !atomic_compare_exchange_strong(&at->armed, &one, 0)) {
        return;
    }
    if (atomic_load(&at->starve)) {
        if (slot->heap != NULL) {
            enc_heap_set_limit(slot->heap, 0);
        }
        atomic_store(&at->open, 1);
    }
    atomic_store(&at->there, slot);
    enc_futex_post(&changed);
    if (slot == enc_current_slot) {
        wait_on_slot_thread(at, slot);
    }
    else {
        wait_elsewhere(at);
    }
}

/* --- What the tests call ----------------------------------------------------------------------------------------- */

static point_state *
find(const char *name)
{
    for (int i = 0; i < ENC_POINT_COUNT; i++) {
        if (strcmp(names[i], name) == 0) {
            return &points[i];
        }
    }
    PyErr_Format(PyExc_ValueError, "there is no point %s", name);
    return NULL;
}

/* points() -> the names, in order */
PyObject *
enc_testing_points(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    PyObject *all = PyTuple_New(ENC_POINT_COUNT);
    for (int i = 0; all != NULL && i < ENC_POINT_COUNT; i++) {
        PyObject *name = PyUnicode_FromString(names[i]);
        if (name == NULL) {
            Py_CLEAR(all);
        }
        else {
            PyTuple_SET_ITEM(all, i, name);
        }
    }
    return all;
}

/* stop_at(point, pokes=-1, starve=False): the next thread that comes there is to stop, or to have no memory. */
PyObject *
enc_testing_stop_at(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *name;
    int pokes = -1, starve = 0;
    if (!PyArg_ParseTuple(args, "s|ip", &name, &pokes, &starve)) {
        return NULL;
    }
    point_state *at = find(name);
    if (at == NULL) {
        return NULL;
    }
    atomic_store(&at->open, 0);
    atomic_store(&at->there, NULL);
    atomic_store(&at->pokes, pokes);
    atomic_store(&at->starve, starve);
    atomic_store(&at->armed, 1);
    Py_RETURN_NONE;
}

/* await_stop(point, seconds) -> has a thread come? */
PyObject *
enc_testing_await_stop(PyObject *Py_UNUSED(module), PyObject *args)
{
    const char *name;
    double seconds;
    if (!PyArg_ParseTuple(args, "sd", &name, &seconds)) {
        return NULL;
    }
    point_state *at = find(name);
    if (at == NULL) {
        return NULL;
    }
    int64_t deadline = enc_now() + enc_seconds_to_ns(seconds);
    bool there;
    Py_BEGIN_ALLOW_THREADS
    for (;;) {
        uint32_t seen = enc_futex_seq(&changed);
        there = atomic_load(&at->there) != NULL;
        if (there || enc_futex_wait(&changed, seen, deadline) == ETIMEDOUT) {
            break;
        }
    }
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(there);
}

/* let_go(point): who has stopped there goes on; nobody stops there any more. */
PyObject *
enc_testing_let_go(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *name = PyUnicode_AsUTF8(arg);
    point_state *at = name != NULL ? find(name) : NULL;
    if (at == NULL) {
        return NULL;
    }
    atomic_store(&at->armed, 0);
    atomic_store(&at->open, 1);
    enc_futex_post(&changed);
    Py_RETURN_NONE;
}

/* expire(point): the deadline of the run of the slot that has stopped there is over. */
PyObject *
enc_testing_expire(PyObject *Py_UNUSED(module), PyObject *arg)
{
    const char *name = PyUnicode_AsUTF8(arg);
    point_state *at = name != NULL ? find(name) : NULL;
    enc_slot *slot = at != NULL ? atomic_load(&at->there) : NULL;
    if (slot == NULL) {
        return at != NULL ? PyErr_Format(PyExc_ValueError, "nobody has stopped at %s", name) : NULL;
    }
    enc_mutex_lock(&slot->lock);
    slot->deadline = 1;
    enc_mutex_unlock(&slot->lock);
    enc_watchdog_wake(0);
    Py_RETURN_NONE;
}

/* come_late(seed, one_in, turns): from now on one in so many that come to any point turns there up to so often; a seed
   of 0 ends that. */
PyObject *
enc_testing_come_late(PyObject *Py_UNUSED(module), PyObject *args)
{
    unsigned long long seed;
    unsigned one_in = 1, turns = 1;
    if (!PyArg_ParseTuple(args, "K|II", &seed, &one_in, &turns)) {
        return NULL;
    }
    atomic_store(&late_one_in, one_in != 0 ? one_in : 1);
    atomic_store(&late_turns, turns != 0 ? turns : 1);
    atomic_store(&late_seed, seed);
    Py_RETURN_NONE;
}
