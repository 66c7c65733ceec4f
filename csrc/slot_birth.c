/* A slot's birth, on its thread: an interpreter made without the host's GIL, the guest's runtime, the snapshot, the
   sandbox.

   The lock over creations is taken before all others; a birth that is left half done gives it back at its landing. */

#include "slot_internal.h"

#include <errno.h>
#include <marshal.h>
#include <string.h>

/* One interpreter at a time is made (a quarter of a slot's start; the warm-ups run side by side): the main interpreter's
   configuration is changed meanwhile. */
static enc_mutex creation;
static compat_saved_config host_config;

void
enc_fail_start(enc_slot *slot, const char *why)
{
    lock_own(slot);
    if (slot->failure[0] == 0) {
        snprintf(slot->failure, sizeof(slot->failure), "%s", why);
    }
    unlock_own(slot);
}

/* The exception that is set, as text. */
static void
fail_start_exception(enc_slot *slot, const char *where)
{
    char text[512];
    PyObject *exc = PyErr_GetRaisedException();
    PyObject *str = exc != NULL ? PyObject_Str(exc) : NULL;
    const char *message = str != NULL ? PyUnicode_AsUTF8(str) : NULL;
    snprintf(text, sizeof(text), "%s: %s: %s", where, exc != NULL ? Py_TYPE(exc)->tp_name : "error",
             message != NULL ? message : "");
    PyErr_Clear();
    enc_fail_start(slot, text);
}

static void
creation_begin(enc_slot *slot)
{
    enc_mutex_lock(&creation);
    host_config = compat_config_for_slots();
    slot->creating = true;
    ENC_POINT(slot, BIRTH_CREATING);
}

/* Also where a crash or the memory limit has left it. */
static void
creation_end(enc_slot *slot)
{
    if (slot->creating) {
        slot->creating = false;
        compat_config_restore(host_config);
        enc_mutex_unlock(&creation);
    }
}

void
enc_creation_forget(void)
{
    if (atomic_exchange(&creation.word, 0) != 0) {
        compat_config_restore(host_config);
    }
}

static bool
make_interpreter(enc_slot *slot)
{
    PyInterpreterConfig config = {
        .use_main_obmalloc = 0,
        .allow_fork = 0,
        .allow_exec = 0,
        .allow_threads = 0,
        .allow_daemon_threads = 0,
        .check_multi_interp_extensions = 1,
        .gil = PyInterpreterConfig_OWN_GIL,
    };
    creation_begin(slot);
    PyStatus status = compat_new_interpreter(&slot->tstate, &config);
    creation_end(slot);
    if (PyStatus_Exception(status) || slot->tstate == NULL) {
        enc_fail_start(slot,
                       status.err_msg != NULL ? status.err_msg : "the interpreter could not be created");
        return false;
    }
    ENC_POINT(slot, BIRTH_CREATED);
    slot->interp_id = PyInterpreterState_GetID(slot->tstate->interp);
    lock_own(slot);
    slot->interp = slot->tstate->interp; /* from here on it can be halted */
    compat_safe_point_prepare(slot->interp, enc_safe_point, slot);
    if (slot->closing) {
        enc_halt_locked(slot, ENC_HALT_CLOSED);
    }
    unlock_own(slot);
    ENC_POINT(slot, BIRTH_ATTACHED);
    return true;
}

static bool
run_bootstrap(enc_slot *slot, PyObject *globals)
{
    PyObject *codes = PyMarshal_ReadObjectFromString(slot->bootstrap, (Py_ssize_t)slot->bootstrap_len);
    ENC_POINT(slot, BIRTH_LOADED);
    bool ok = codes != NULL && PyTuple_Check(codes);
    for (Py_ssize_t i = 0; ok && i < PyTuple_GET_SIZE(codes); i++) {
        PyObject *code = PyTuple_GET_ITEM(codes, i);
        PyObject *result = PyCode_Check(code) ? PyEval_EvalCode(code, globals, globals) : NULL;
        ok = result != NULL;
        Py_XDECREF(result);
    }
    Py_XDECREF(codes);
    if (!ok && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_TypeError, "it is not a tuple of code objects");
    }
    return ok;
}

/* Run the guest's runtime and take its entry point. */
static bool
start_guest(enc_slot *slot)
{
    slot->tables = PyMem_RawCalloc(1, sizeof(*slot->tables));
    PyObject *core = slot->tables != NULL ? enc_guest_module(slot) : NULL;
    PyObject *globals = core != NULL ? PyDict_New() : NULL;
    PyObject *builtins = globals != NULL ? PyDict_Copy(PyEval_GetBuiltins()) : NULL; /* not to be exchanged */
    if (builtins == NULL || PyDict_SetItemString(globals, "__builtins__", builtins) < 0 ||
        PyDict_SetItemString(globals, "_enclave", core) < 0) {
        fail_start_exception(slot, "guest module");
        return false;
    }
    /* Next to nothing is garbage yet, and a seventh of a start went by in looking for it; a script's slot collects once,
       before its snapshot. */
    int collecting = slot->trusted ? 0 : PyGC_Disable();
    bool ran = run_bootstrap(slot, globals);
    if (collecting) {
        PyGC_Enable();
    }
    if (!ran) {
        fail_start_exception(slot, "guest runtime");
        return false;
    }
    slot->tables->runtime_globals = globals;
    PyObject *main_module = PyImport_AddModule("__main__"); /* borrowed */
    slot->tables->script_globals = main_module != NULL ? PyModule_GetDict(main_module) : NULL;
    if (slot->tables->script_globals == NULL || (slot->policy && enc_seal_types() < 0)) {
        fail_start_exception(slot, "types");
        return false;
    }
    slot->guest_run = Py_XNewRef(PyDict_GetItemString(globals, "run"));
    if (slot->guest_run == NULL) {
        enc_fail_start(slot, "the guest's runtime has no function run()");
        return false;
    }
    return true;
}

/* Landlock and the filter do not need each other: a kernel may have either alone. */
static bool
enter_sandbox(enc_slot *slot)
{
    enc_own_process_view(slot);
    if (slot->sandbox && !enc_landlock_enter()) {
        enc_fail_start(slot, "Landlock could not be put in force");
        return false;
    }
    if (enc_sandbox_available()) {
        if (!enc_sandbox_enter(slot->sandbox)) {
            enc_fail_start(slot, "the system call filter could not be installed");
            return false;
        }
        slot->filtered = slot->sandbox;
    }
    return true;
}

/* It was left, or is not to live although it could not be left. */
static bool
fail_halted(enc_slot *slot)
{
    enc_fail_start(slot, slot->crash_signal ? "the interpreter crashed while it started"
                         : atomic_load(&slot->halt_reason) == ENC_HALT_MEMORY
                             ? "the memory limit was reached while the interpreter started"
                             : "the worker was closed while it started");
    return false;
}

static bool
be_born(enc_slot *slot)
{
    if (sigsetjmp(slot->landing, 0) != 0) {
        enc_landed(slot);
        creation_end(slot);
        fail_halted(slot);
        if (compat_tstate() != NULL && compat_holds_gil(compat_tstate())) { /* a crash comes anywhere */
            PyEval_SaveThread();
        }
        return false;
    }
    slot->running = 1;
    bool ok = make_interpreter(slot);
    if (ok) {
        ok = start_guest(slot);
        ENC_POINT(slot, BIRTH_WARM);
        PyEval_SaveThread();
        ENC_POINT(slot, BIRTH_DETACHED);
    }
    slot->running = 0;
    if (ok && atomic_load(&slot->halt_reason) != ENC_HALT_NONE) {
        return fail_halted(slot); /* the first run would be struck by it */
    }
    slot->guarded = slot->policy;
    ENC_POINT(slot, BIRTH_UNTOUCHED);
    if (ok && !enc_take_snapshot(slot)) {
        char text[128];
        snprintf(text, sizeof(text), "no snapshot could be taken: %s (see `ulimit -f`, `ulimit -v`)",
                 strerror(errno));
        enc_fail_start(slot, text);
        ok = false;
    }
    ENC_POINT(slot, BIRTH_TAKEN);
    if (ok && slot->trusted) { /* what it starts would inherit a filter */
        enc_own_process_view(slot);
        slot->belongings = enc_belongings_note();
        if (slot->belongings == NULL) {
            enc_fail_start(slot, "its descriptors could not be noted");
        }
        return slot->belongings != NULL;
    }
    return ok && enter_sandbox(slot);
}

bool
enc_slot_be_born(enc_slot *slot)
{
    bool ok = be_born(slot);
    free(slot->bootstrap);
    slot->bootstrap = NULL;
    enc_buffer_free(&slot->done.payload); /* what its exercises came to */
    enc_buffer_free(&slot->done.out[0]);
    return ok;
}
