/* For tests: halts at chosen instructions.  Never in a wheel (ENCLAVE_TESTING); x86-64 only.

   A guest's thread is stepped from a call of step() on, by its trap flag, until it comes to a function's first instruction;
   from there the instructions are counted, those of what it calls included.  At the wanted one a halt is decided as from
   another thread, and the halting signal's handler is asked at once, as if the signal had come there.  If it declines the
   halt goes on as any other; if it was asked for `beyond`, the function's end does not end the steps, and the handler is
   asked again at each instruction from there on, until the guest is left; or (`crash`) it goes on at no address.  Within a critical section the next instruction behind it is taken: the thread may hold
   slot->lock there, without which there is no decision. */

#include "core.h"
#include "host.h"
#include "testing.h"

#include <dlfcn.h>
#include <ucontext.h>

enum { STEP_OFF, STEP_SEEKING, STEP_COUNTING };
#define SEEK_AT_MOST 100000
#define COUNT_AT_MOST 20000
#define TRAP_FLAG 0x100

/* One thread at a time. */
static struct {
    int phase;
    uintptr_t target, entry_sp;
    uint64_t wanted, seen, sought;
    uintptr_t halted_at; /* 0: the function was over before */
    bool left;           /* there and then */
    bool beyond, crash;
} steps;

#if defined(__x86_64__)
static void
halt_here(enc_slot *slot, ucontext_t *uc)
{
    slot->critical++;
    enc_mutex_lock(&slot->lock);
    enc_halt_locked(slot, ENC_HALT_ABORTED);
    enc_mutex_unlock(&slot->lock);
    slot->critical--;
    if (steps.halted_at == 0) {
        steps.halted_at = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
    }
    enc_testing_signal(uc);
    steps.left = !slot->running;
}

bool
enc_testing_step(enc_slot *slot, void *context)
{
    ucontext_t *uc = context;
    if (slot == NULL || steps.phase == STEP_OFF) {
        return false;
    }
    uintptr_t ip = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP], sp = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
    if (steps.phase == STEP_SEEKING && ip == steps.target) {
        steps.phase = STEP_COUNTING;
        steps.entry_sp = sp;
    }
    if (steps.phase == STEP_SEEKING) {
        if (++steps.sought > SEEK_AT_MOST) {
            steps.phase = STEP_OFF;
        }
    }
    else if (!slot->running || (sp > steps.entry_sp && !steps.beyond) ||
             (steps.seen >= COUNT_AT_MOST && (steps.wanted > COUNT_AT_MOST || steps.beyond))) {
        steps.phase = STEP_OFF;
    }
    else if (++steps.seen >= steps.wanted && !slot->critical && steps.crash) {
        steps.phase = STEP_OFF;
        steps.halted_at = ip;
        uc->uc_mcontext.gregs[REG_RIP] = 0;
    }
    else if (steps.seen >= steps.wanted && !slot->critical) {
        halt_here(slot, uc);
        if (steps.left || !steps.beyond) {
            steps.phase = STEP_OFF;
        }
    }
    if (steps.phase == STEP_OFF) {
        uc->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
    }
    else {
        uc->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
    }
    return true;
}

static void
begin(void)
{
    __asm__ volatile("int3");
}
#else
bool
enc_testing_step(enc_slot *Py_UNUSED(slot), void *Py_UNUSED(context))
{
    return false;
}

static void
begin(void)
{
}
#endif

/* Functions of the core by name, and of CPython what it exports. */
static uintptr_t
address_by_name(const char *name)
{
    static const struct {
        const char *name;
        uintptr_t address;
    } own[] = {
        {"heap alloc", (uintptr_t)enc_heap_alloc},
        {"heap free", (uintptr_t)enc_heap_free},
        {"heap realloc", (uintptr_t)enc_heap_realloc},
        {"heap memalign", (uintptr_t)enc_heap_memalign},
        {"encode", (uintptr_t)enc_encode},
        {"decode", (uintptr_t)enc_decode},
    };
    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
        if (strcmp(own[i].name, name) == 0) {
            return own[i].address;
        }
    }
    return (uintptr_t)dlsym(RTLD_DEFAULT, name);
}

static uintptr_t
address_of(PyObject *function)
{
    if (PyUnicode_Check(function)) {
        const char *name = PyUnicode_AsUTF8(function);
        return name != NULL ? address_by_name(name) : 0;
    }
    if (PyCFunction_Check(function)) {
        return (uintptr_t)PyCFunction_GetFunction(function);
    }
    if (Py_IS_TYPE(function, &PyMethodDescr_Type)) {
        return (uintptr_t)((PyMethodDescrObject *)function)->d_method->ml_meth;
    }
    if (Py_IS_TYPE(function, &PyWrapperDescr_Type)) {
        return (uintptr_t)((PyWrapperDescrObject *)function)->d_wrapped;
    }
    return 0;
}

/* Guest: step(function, n, beyond=False, crash=False): the halt comes at the n-th instruction of the function's next call;
   or beyond; or a crash. */
PyObject *
enc_testing_guest_step(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *function;
    unsigned long long wanted;
    int beyond = false, crash = false;
    if (!PyArg_ParseTuple(args, "OK|pp", &function, &wanted, &beyond, &crash)) {
        return NULL;
    }
    memset(&steps, 0, sizeof(steps));
    steps.target = address_of(function);
    steps.wanted = wanted;
    steps.beyond = beyond;
    steps.crash = crash;
    if (steps.target == 0) {
        return PyErr_Format(PyExc_LookupError, "step(): %R has no address", function);
    }
    steps.phase = STEP_SEEKING;
    begin();
    Py_RETURN_NONE;
}

/* Host: stepped() -> (instructions of the function that were seen, the halt's address or 0, left there and then?) */
PyObject *
enc_testing_stepped(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    return Py_BuildValue("KKO", (unsigned long long)steps.seen, (unsigned long long)steps.halted_at,
                         steps.left ? Py_True : Py_False);
}

/* Host: difference(address of an idle slot's record) -> offset of the first byte that differs from its snapshot; -1. */
PyObject *
enc_testing_difference(PyObject *Py_UNUSED(module), PyObject *address)
{
    enc_slot *slot = PyLong_AsVoidPtr(address);
    return slot != NULL ? PyLong_FromLong(enc_rewind_difference(slot->rewind)) : NULL;
}
