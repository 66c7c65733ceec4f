/* `enclave_subinterp._native`: the core as the host sees it.  Main interpreter only. */

#include "core.h"
#include "host.h"

#include <stdlib.h>
#include <string.h>

PyObject *enc_native_error;

static PyObject *
native_platform(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static const char *const modes[] = {"none", "remap", "scan"};
    enc_rewind_mode mode = enc_rewind_init();
    return Py_BuildValue("{s:s,s:O,s:O,s:O,s:O,s:O,s:O,s:O,s:s}", "rewind", modes[mode], "hard_halt",
                         mode != ENC_REWIND_NONE ? Py_True : Py_False, "memory_limit", Py_True,
                         "crash_containment", Py_True, "seccomp",
                         enc_sandbox_available() ? Py_True : Py_False, "landlock",
                         enc_landlock_available() ? Py_True : Py_False, "type_sealing", Py_True,
                         "audit_policy", Py_True, "allocator", enc_hooks_allocator());
}

static PyObject *
native_counters(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(ignored))
{
    static const char *const names[ENC_COUNT_MAX] = {"slots_started",    "slots_ended",  "slots_condemned",
                                                     "halts_safe_point", "halts_signal", "halts_allocator",
                                                     "crashes",          "rewinds",      "states_lost"};
    PyObject *result = PyDict_New();
    for (int i = 0; result != NULL && i < ENC_COUNT_MAX; i++) {
        PyObject *n = PyLong_FromUnsignedLongLong(atomic_load(&enc_counters[i]));
        if (n == NULL || PyDict_SetItemString(result, names[i], n) < 0) {
            Py_CLEAR(result);
        }
        Py_XDECREF(n);
    }
    return result;
}

/* approve_extension(name, module, harmless) -> None if it is fit for slots, else why not. */
static PyObject *
native_approve_extension(PyObject *Py_UNUSED(self), PyObject *args)
{
    const char *name;
    PyObject *module;
    int harmless;
    if (!PyArg_ParseTuple(args, "sO!p", &name, &PyModule_Type, &module, &harmless)) {
        return NULL;
    }
    PyModuleDef *def = PyModule_GetDef(module);
    if (def == NULL) {
        /* Not from a definition: written in Python, or made by a newer kind of init function (3.15). */
        PyErr_Clear();
    }
    if (!compat_multi_phase(module, def)) {
        return PyUnicode_FromString(
            "it does not support isolated subinterpreters (single-phase initialisation)");
    }
    const char *unknown = enc_foreign_cover(module, name, def);
    if (unknown != NULL) {
        return PyUnicode_FromFormat("its objects hold memory that could not be followed: %s", unknown);
    }
    int stranger = enc_foreign_is_stranger(name);
    if (stranger < 0) {
        return NULL;
    }
    enc_library_calls_cover(); /* before a slot may call into what came with it */
    if (enc_extension_approve(name, harmless, stranger) < 0) {
        return PyErr_NoMemory();
    }
    Py_RETURN_NONE;
}

/* add_to_library(name, package, data) */
static PyObject *
native_add_to_library(PyObject *Py_UNUSED(self), PyObject *args)
{
    const char *name;
    int package;
    Py_buffer data;
    if (!PyArg_ParseTuple(args, "spy*", &name, &package, &data)) {
        return NULL;
    }
    int rc = enc_library_add(name, package, data.buf, (size_t)data.len);
    PyBuffer_Release(&data);
    if (rc < 0) {
        return PyErr_NoMemory();
    }
    Py_RETURN_NONE;
}

typedef struct {
    enc_slot *found[4096];
    size_t n;
} collected;

static void
collect(enc_slot *slot, void *arg)
{
    collected *all = arg;
    if (all->n < sizeof(all->found) / sizeof(*all->found)) {
        enc_slot_incref(slot);
        all->found[all->n++] = slot;
    }
}

static PyObject *
native_end_all(PyObject *Py_UNUSED(module), PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"timeout", NULL};
    double timeout = 1.0;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|d", keywords, &timeout)) {
        return NULL;
    }
    collected *all = calloc(1, sizeof(*all));
    if (all == NULL) {
        return PyErr_NoMemory();
    }
    long left = 0;
    Py_BEGIN_ALLOW_THREADS
    int64_t deadline = enc_now() + enc_seconds_to_ns(timeout);
    enc_slots_each(collect, all);
    for (size_t i = 0; i < all->n; i++) {
        enc_slot_close(all->found[i], 0, false);
    }
    for (size_t i = 0; i < all->n; i++) {
        int64_t rest = deadline - enc_now();
        left += !enc_slot_close(all->found[i], rest > 0 ? rest : 0, false);
        enc_slot_decref(all->found[i]);
    }
    if (left != 0) {
        enc_slots_abandon();
    }
    Py_END_ALLOW_THREADS
    free(all);
    return PyLong_FromLong(left);
}

#ifdef ENCLAVE_TESTING
/* testing.c */
PyObject *enc_testing_pointers_into(PyObject *module, PyObject *args);
PyObject *enc_testing_hold_back(PyObject *module, PyObject *address);
PyObject *enc_testing_do_without(PyObject *module, PyObject *parts);
PyObject *enc_testing_set_condemn_after(PyObject *module, PyObject *seconds);
/* testing_faults.c */
PyObject *enc_testing_plan_faults(PyObject *module, PyObject *args);
PyObject *enc_testing_faults(PyObject *module, PyObject *none);
/* testing_points.c */
PyObject *enc_testing_points(PyObject *module, PyObject *ignored);
PyObject *enc_testing_stop_at(PyObject *module, PyObject *args);
PyObject *enc_testing_await_stop(PyObject *module, PyObject *args);
PyObject *enc_testing_let_go(PyObject *module, PyObject *point);
PyObject *enc_testing_expire(PyObject *module, PyObject *point);
PyObject *enc_testing_come_late(PyObject *module, PyObject *args);
/* testing_steps.c */
PyObject *enc_testing_stepped(PyObject *module, PyObject *ignored);
PyObject *enc_testing_difference(PyObject *module, PyObject *address);
#endif

static PyMethodDef native_methods[] = {
#ifdef ENCLAVE_TESTING
    {"pointers_into", enc_testing_pointers_into, METH_VARARGS, NULL},
    {"hold_back", enc_testing_hold_back, METH_O, NULL},
    {"do_without", enc_testing_do_without, METH_O, NULL},
    {"condemn_after", enc_testing_set_condemn_after, METH_O, NULL},
    {"plan_faults", enc_testing_plan_faults, METH_VARARGS, NULL},
    {"faults", enc_testing_faults, METH_NOARGS, NULL},
    {"points", enc_testing_points, METH_NOARGS, NULL},
    {"stop_at", enc_testing_stop_at, METH_VARARGS, NULL},
    {"await_stop", enc_testing_await_stop, METH_VARARGS, NULL},
    {"let_go", enc_testing_let_go, METH_O, NULL},
    {"expire", enc_testing_expire, METH_O, NULL},
    {"come_late", enc_testing_come_late, METH_VARARGS, NULL},
    {"stepped", enc_testing_stepped, METH_NOARGS, NULL},
    {"difference", enc_testing_difference, METH_O, NULL},
#endif
    {"platform", native_platform, METH_NOARGS, NULL},
    {"add_to_library", native_add_to_library, METH_VARARGS, NULL},
    {"approve_extension", native_approve_extension, METH_VARARGS, NULL},
    {"counters", native_counters, METH_NOARGS, NULL},
    {"end_all", (PyCFunction)(void (*)(void))native_end_all, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

static int
add_constants(PyObject *module)
{
    static const struct {
        const char *name;
        int value;
    } constants[] = {
        {"OUTCOME_VALUE", ENC_OUTCOME_VALUE},
        {"OUTCOME_ERROR", ENC_OUTCOME_ERROR},
        {"OUTCOME_HALTED", ENC_OUTCOME_HALTED},
        {"OUTCOME_CRASHED", ENC_OUTCOME_CRASHED},
        {"HALT_TIMEOUT", ENC_HALT_TIMEOUT},
        {"HALT_CPU_LIMIT", ENC_HALT_CPU},
        {"HALT_MEMORY", ENC_HALT_MEMORY},
        {"HALT_ABORTED", ENC_HALT_ABORTED},
        {"HALT_OUTPUT", ENC_HALT_OUTPUT},
        {"HALT_FLOOD", ENC_HALT_FLOOD},
        {"HALT_CLOSED", ENC_HALT_CLOSED},
        {"HALT_TOOL_CALLS", ENC_HALT_TOOL_CALLS},
        {"EVENT_ASYNC_CALL", ENC_EVENT_ASYNC_CALL},
        {"EVENT_DONE", ENC_EVENT_DONE},
        {"EVENT_TOOL_CALL", ENC_EVENT_TOOL_CALL},
        {"EVENT_OUTPUT", ENC_EVENT_OUTPUT},
        {"HALT_VIOLATION", ENC_HALT_VIOLATION},
        {"HALT_ITERATIONS", ENC_HALT_ITERATIONS},
        {"HALT_EXIT", ENC_HALT_EXIT},
        {"STATE_STARTING", ENC_STATE_STARTING},
        {"STATE_IDLE", ENC_STATE_IDLE},
        {"STATE_RUNNING", ENC_STATE_RUNNING},
        {"STATE_REWINDING", ENC_STATE_REWINDING},
        {"STATE_ENDED", ENC_STATE_ENDED},
        {"STATE_CONDEMNED", ENC_STATE_CONDEMNED},
        {"STATE_FAILED", ENC_STATE_FAILED},
    };
    for (size_t i = 0; i < sizeof(constants) / sizeof(*constants); i++) {
        if (PyModule_AddIntConstant(module, constants[i].name, constants[i].value) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
native_exec(PyObject *module)
{
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        /* One with a GIL of its own is refused by the import system; one that shares the main interpreter's is not. */
        PyErr_SetString(PyExc_ImportError, "enclave_subinterp._native loads in the main interpreter only");
        return -1;
    }
    const char *misplaced = compat_misplaced();
    if (misplaced != NULL) {
        PyErr_Format(
            PyExc_ImportError,
            "enclave_subinterp was built for CPython %s and does not fit this CPython %d.%d.%d (not in its"
            " place: %s); build it for this one: pip install --force-reinstall --no-binary"
            " enclave_subinterp enclave_subinterp",
            compat_built_for(), (int)(Py_Version >> 24), (int)(Py_Version >> 16 & 0xff),
            (int)(Py_Version >> 8 & 0xff), misplaced);
        return -1;
    }
    int rc = enc_region_init();
    if (rc != 0) {
        PyErr_Format(PyExc_ImportError, "no address space for workers: %s (see `ulimit -v`)", strerror(rc));
        return -1;
    }
    /* A module that is imported anew, its entry deleted from sys.modules, shares types with the one before. */
    if (enc_native_error == NULL) {
        enc_native_error =
            PyErr_NewExceptionWithDoc("enclave_subinterp._native.NativeError",
                                      "A slot could not be made or used; the message says why.", NULL, NULL);
    }
    if (enc_native_error == NULL || PyModule_AddObjectRef(module, "NativeError", enc_native_error) < 0 ||
        enc_slot_object_init(module) < 0 || enc_run_queue_object_init(module) < 0 ||
        enc_code_cache_object_init(module) < 0 || enc_event_object_init(module) < 0 ||
        enc_interruptible_init(module) < 0 || add_constants(module) < 0 ||
        enc_codec_init_module(module) < 0 ||
        PyModule_AddStringConstant(module, "BUILT_FOR", compat_built_for()) < 0) {
        return -1;
    }
    /* Whatever the host forgets: no interpreter of ours is left when the runtime is torn down. */
    PyObject *end_all = PyObject_GetAttrString(module, "end_all");
    PyObject *atexit = PyImport_ImportModule("atexit");
    PyObject *registered = atexit && end_all ? PyObject_CallMethod(atexit, "register", "O", end_all) : NULL;
    Py_XDECREF(end_all);
    Py_XDECREF(atexit);
    if (registered == NULL) {
        return -1;
    }
    Py_DECREF(registered);
    if (compat_creation_init() < 0 || enc_policy_init() < 0 || enc_seal_init() < 0 || enc_frames_init() < 0 ||
        enc_tracing_init() < 0) {
        return -1;
    }
    enc_library_calls_cover();
    return enc_contain_init();
}

static PyModuleDef_Slot native_slots[] = {
    {Py_mod_exec, native_exec},
    /* Slots are made from the main interpreter only. */
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
    {0, NULL},
};

static struct PyModuleDef native_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "enclave_subinterp._native",
    .m_doc = "The core: slots, the codec and what the platform offers.",
    .m_methods = native_methods,
    .m_slots = native_slots,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    return PyModuleDef_Init(&native_module);
}
