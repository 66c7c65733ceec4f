/* Do the runtime's private structures lie where the headers of the build put them?

   A wheel serves every patch release of its version, and patch releases add fields: 3.13.18 has 24 bytes more in
   _PyRuntime.ceval than 3.13.0, so that what stands behind them has moved.  Here anchors all over those structures are
   compared with what public functions say of them.  What lies between two anchors that have not moved has not moved
   either; what lies between two that have moved by the same distance is looked for at that distance (COMPAT_MOVED); all
   else is refused, before anything was written.  No pointer is followed that was not recognised first.

   Once per process, in the main interpreter, before the allocators are wrapped. */

#include "compat.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

ptrdiff_t compat_moved;        /* what stands behind _PyRuntime.gilstate, up to the static objects */
ptrdiff_t compat_moved_cached; /* _PyRuntime.cached_objects */

/* What patch releases add is small; further away the anchor itself is something else. */
#define FURTHEST 4096

static ptrdiff_t
distance(const void *found, const void *expected)
{
    return (const char *)found - (const char *)expected;
}

static bool
find_static_objects(void)
{
    PyObject *least = PyLong_FromLong(-_PY_NSMALLNEGINTS);
    compat_moved = distance(least, &_PyRuntime.static_objects.singletons.small_ints[0]);
    Py_XDECREF(least);
#if PY_VERSION_HEX >= 0x030D0000
    compat_moved_cached = compat_moved;
#else
    /* 3.12 has them behind the static strings, to which patch releases add. */
    PyObject *empty = PyTuple_New(0);
    compat_moved_cached = distance(empty, &_PyRuntime.static_objects.singletons.tuple_empty);
    Py_XDECREF(empty);
#endif
    return labs(compat_moved) <= FURTHEST && labs(compat_moved_cached) <= FURTHEST &&
           COMPAT_MOVED(gilstate.autoInterpreterState) == PyInterpreterState_Main();
}

/* The runtime numbers module definitions and notes the last number. */
static bool
find_imports(void)
{
    static struct PyModuleDef first = {PyModuleDef_HEAD_INIT, .m_name = "first"};
    static struct PyModuleDef second = {PyModuleDef_HEAD_INIT, .m_name = "second"};
    bool found = true;
    struct PyModuleDef *defs[] = {&first, &second};
    for (int i = 0; i < 2; i++) {
        found = PyModuleDef_Init(defs[i]) != NULL && defs[i]->m_base.m_index > 0 &&
                _PyRuntime.imports.last_module_index == defs[i]->m_base.m_index && found;
    }
    return found;
}

static int
nothing_to_do(void *Py_UNUSED(arg))
{
    return 0;
}

/* A call is put into the main interpreter's queue and looked for there. */
static bool
find_pending_calls(PyInterpreterState *interp)
{
    if (_PyEval_AddPendingCall(interp, nothing_to_do, &compat_moved, 0) != 0) {
        return false; /* full: it cannot be told */
    }
    const struct _pending_calls *pending = &interp->ceval.pending;
    const int size = (int)(sizeof(pending->calls) / sizeof(*pending->calls));
#if PY_VERSION_HEX >= 0x030D0000
    int next = pending->next;
    bool announced = __atomic_load_n(&pending->npending, __ATOMIC_RELAXED) > 0 &&
                     (PyThreadState_Get()->eval_breaker & _PY_CALLS_TO_DO_BIT) != 0;
#else
    int next = pending->last;
    bool announced = _Py_atomic_load_relaxed(&pending->calls_to_do) != 0 &&
                     _Py_atomic_load_relaxed(&interp->ceval.eval_breaker) != 0;
#endif
    if (!announced || next < 0 || next >= size || pending->first < 0 || pending->first >= size) {
        return false;
    }
    int last = (next + size - 1) % size;
    return pending->calls[last].func == nothing_to_do && pending->calls[last].arg == &compat_moved;
}

static bool
find_interpreter(PyInterpreterState *interp)
{
#if PY_VERSION_HEX >= 0x030D0000
    /* From 3.13 on the runtime has a table of its own about that, for debuggers. */
    const struct _interpreter_state *own = &_PyRuntime.debug_offsets.interpreter_state;
    if (own->next != offsetof(PyInterpreterState, next) || own->id != offsetof(PyInterpreterState, id) ||
        own->imports_modules != offsetof(PyInterpreterState, imports.modules)) {
        return false;
    }
#endif
    const PyConfig *config = &interp->config;
    PyObject *flags = PySys_GetObject("flags"); /* borrowed */
    PyObject *no_site = flags != NULL ? PyObject_GetAttrString(flags, "no_site") : NULL;
    bool site = no_site != NULL && PyObject_IsTrue(no_site) == (config->site_import == 0);
    Py_XDECREF(no_site);
    PyErr_Clear();
    /* The configuration stands between the list of threads and the dictionary. */
    return site && interp->threads.head == PyInterpreterState_ThreadHead(interp) &&
           interp->id == PyInterpreterState_GetID(interp) &&
           interp->next == PyInterpreterState_Next(interp) &&
           PyInterpreterState_GetDict(interp) == interp->dict;
}

static bool
find_thread(void)
{
    const PyThreadState *tstate = PyThreadState_Get();
#if PY_VERSION_HEX >= 0x030D0000
    const struct _thread_state *own = &_PyRuntime.debug_offsets.thread_state;
    if (own->prev != offsetof(PyThreadState, prev) || own->next != offsetof(PyThreadState, next) ||
        own->status != offsetof(PyThreadState, _status)) {
        return false;
    }
#endif
    return tstate->interp == PyThreadState_GetInterpreter((PyThreadState *)tstate) &&
           tstate->_status.active && tstate->thread_id == PyThread_get_thread_ident();
}

static const char *
look(void)
{
    PyInterpreterState *interp = PyInterpreterState_Main();
    PyMemAllocatorEx raw;
    PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &raw);
    if (_PyRuntime.interpreters.main != interp || _PyRuntime.interpreters.head != PyInterpreterState_Head()) {
        return "the list of interpreters";
    }
    if (memcmp(&_PyRuntime.allocators.standard.raw, &raw, sizeof(raw)) != 0) {
        return "the allocators";
    }
    if (!find_imports()) {
        return "the table of extension modules";
    }
    if (!find_static_objects()) {
        return "the static objects";
    }
    if (!find_thread()) {
        return "the thread state";
    }
    if (!find_interpreter(interp)) {
        return "the interpreter state";
    }
    return find_pending_calls(interp) ? NULL : "the queue of pending calls";
}

const char *
compat_misplaced(void)
{
    static bool looked;
    static const char *answer;
    if (!looked) {
        answer = look();
        looked = true;
    }
    return answer;
}

const char *
compat_built_for(void)
{
    return PY_VERSION;
}
