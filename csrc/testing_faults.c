/* For tests: the n-th call of a kind fails, is lost, comes twice or takes long.  Never in a wheel (ENCLAVE_TESTING).

   The linker puts a function of this file in the place of each that is named here at the beginning of a line, for the
   core's own calls alone (--wrap; CMakeLists.txt reads the names from here).  What CPython and libc call by themselves is
   not touched, but for the allocations in a slot's range, which their hooks ask for (ENC_FAULT_RANGE).

   One plan for the process, changed by the host while nothing else runs that it names. */

#include "core.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>

static struct {
    _Atomic unsigned kinds, sides;
    _Atomic long from, until; /* the calls that fail, counted from 1 */
    _Atomic long seen, failed;
    _Atomic(const char *) what; /* the first that failed */
} plan;

static _Atomic long live_blocks; /* of libc's heap, that the core holds */
static _Atomic(pthread_t) owed;  /* a signal that was held back */
static _Atomic int owed_signal;

bool
enc_fault(unsigned kind, const char *what)
{
    unsigned side = enc_current_slot != NULL ? ENC_FAULT_ON_SLOT : ENC_FAULT_ON_HOST;
    if ((atomic_load(&plan.kinds) & kind) == 0 || (atomic_load(&plan.sides) & side) == 0) {
        return false;
    }
    long at = atomic_fetch_add(&plan.seen, 1) + 1;
    if (at < atomic_load(&plan.from) || at >= atomic_load(&plan.until)) {
        return false;
    }
    if (atomic_fetch_add(&plan.failed, 1) == 0) {
        atomic_store(&plan.what, what);
    }
    return true;
}

/* Before each call: it may take long, and a signal that was held back comes now. */
static bool
strikes(unsigned kind, const char *what)
{
    if (enc_fault(ENC_FAULT_SLOW, what)) {
        struct timespec delay = {0, 20000000};
        nanosleep(&delay, NULL);
    }
    int signum = atomic_load(&owed_signal);
    if (signum != 0 && enc_current_slot != NULL && pthread_equal(atomic_load(&owed), pthread_self())) {
        atomic_store(&owed_signal, 0);
        raise(signum);
    }
    return enc_fault(kind, what);
}

/* --- What the host's Python asks for ---------------------------------------------------------------------------- */

/* plan_faults(kinds, sides, n, times): the n-th call of these kinds on these sides fails, and times - 1 after it. */
PyObject *
enc_testing_plan_faults(PyObject *Py_UNUSED(module), PyObject *args)
{
    unsigned kinds, sides;
    long n, times;
    if (!PyArg_ParseTuple(args, "IIll", &kinds, &sides, &n, &times)) {
        return NULL;
    }
    atomic_store(&plan.kinds, 0);
    atomic_store(&plan.sides, sides);
    atomic_store(&plan.from, n);
    atomic_store(&plan.until, n + times);
    atomic_store(&plan.seen, 0);
    atomic_store(&plan.failed, 0);
    atomic_store(&plan.what, NULL);
    atomic_store(&plan.kinds, kinds);
    Py_RETURN_NONE;
}

/* faults() -> (calls seen, calls failed, the name of the first or None, blocks that the core holds, but for
   compiled scripts).  It ends the plan. */
PyObject *
enc_testing_faults(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(none))
{
    atomic_store(&plan.kinds, 0);
    return Py_BuildValue("llzl", atomic_load(&plan.seen), atomic_load(&plan.failed), atomic_load(&plan.what),
                         atomic_load(&live_blocks) - (long)enc_code_cache_kept());
}

/* --- libc's heap --------------------------------------------------------------------------------------------------- */

#define REAL(type, name, params) \
    type __real_##name params;   \
    type __wrap_##name params;   \
    type __wrap_##name params

/* clang-format off: CMake takes the names from the beginnings of lines */

REAL(void *, malloc, (size_t n))
{
    void *p = strikes(ENC_FAULT_MEMORY, "malloc") ? NULL : __real_malloc(n);
    atomic_fetch_add(&live_blocks, p != NULL);
    return p;
}

REAL(void *, calloc, (size_t count, size_t n))
{
    void *p = strikes(ENC_FAULT_MEMORY, "calloc") ? NULL : __real_calloc(count, n);
    atomic_fetch_add(&live_blocks, p != NULL);
    return p;
}

REAL(void *, realloc, (void *old, size_t n))
{
    void *p = strikes(ENC_FAULT_MEMORY, "realloc") ? NULL : __real_realloc(old, n);
    atomic_fetch_add(&live_blocks, p != NULL && old == NULL);
    return p;
}

REAL(char *, strdup, (const char *text))
{
    char *p = strikes(ENC_FAULT_MEMORY, "strdup") ? NULL : __real_strdup(text);
    atomic_fetch_add(&live_blocks, p != NULL);
    return p;
}

REAL(void, free, (void *p))
{
    atomic_fetch_sub(&live_blocks, p != NULL);
    __real_free(p);
}

/* --- The kernel ---------------------------------------------------------------------------------------------------- */

#define KERNEL(type, name, failure, error, params, args) \
    REAL(type, name, params)                             \
    {                                                    \
        if (strikes(ENC_FAULT_KERNEL, #name)) {          \
            errno = error;                               \
            return failure;                              \
        }                                                \
        return __real_##name args;                       \
    }

KERNEL(void *, mmap, MAP_FAILED, ENOMEM, (void *at, size_t len, int prot, int flags, int fd, off_t offset),
       (at, len, prot, flags, fd, offset))
KERNEL(void *, mmap64, MAP_FAILED, ENOMEM, (void *at, size_t len, int prot, int flags, int fd, off_t offset),
       (at, len, prot, flags, fd, offset))
KERNEL(int, madvise, -1, EAGAIN, (void *at, size_t len, int advice), (at, len, advice))
KERNEL(int, memfd_create, -1, EMFILE, (const char *name, unsigned flags), (name, flags))
KERNEL(int, ftruncate, -1, ENOSPC, (int fd, off_t len), (fd, len))
KERNEL(ssize_t, pwrite, -1, ENOSPC, (int fd, const void *data, size_t len, off_t at), (fd, data, len, at))
KERNEL(int, eventfd, -1, EMFILE, (unsigned start, int flags), (start, flags))
KERNEL(int, unshare, -1, ENOSPC, (int flags), (flags))
KERNEL(int, sigaltstack, -1, ENOMEM, (const stack_t *new, stack_t *old), (new, old))
KERNEL(int, pthread_create, EAGAIN, EAGAIN,
       (pthread_t * thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg),
       (thread, attr, run, arg))
KERNEL(int, pthread_getattr_np, ENOMEM, ENOMEM, (pthread_t thread, pthread_attr_t *attr), (thread, attr))
KERNEL(int, pthread_getcpuclockid, ENOENT, ENOENT, (pthread_t thread, clockid_t *clock), (thread, clock))
KERNEL(int, chdir, -1, ENOMEM, (const char *path), (path))
KERNEL(char *, getcwd, NULL, ENOMEM, (char *path, size_t len), (path, len))
KERNEL(void *, opendir, NULL, EMFILE, (const char *path), (path))

REAL(int, ioctl, (int fd, unsigned long request, void *arg))
{
    if (strikes(ENC_FAULT_KERNEL, "ioctl")) {
        errno = ENOMEM;
        return -1;
    }
    return __real_ioctl(fd, request, arg);
}

/* Of those made by number: the filter, Landlock and the rewind's.  Waits on a futex may come back by themselves. */
REAL(long, syscall, (long nr, long a, long b, long c, long d, long e, long f))
{
    static const struct {
        long nr;
        const char *name;
    } fallible[] = {
        {SYS_userfaultfd, "userfaultfd"},
        {SYS_seccomp, "seccomp"},
        {SYS_landlock_create_ruleset, "landlock_create_ruleset"},
        {SYS_landlock_restrict_self, "landlock_restrict_self"},
    };
    for (size_t i = 0; i < sizeof(fallible) / sizeof(*fallible); i++) {
        if (nr == fallible[i].nr && strikes(ENC_FAULT_KERNEL, fallible[i].name)) {
            errno = ENOMEM;
            return -1;
        }
    }
    if (nr == SYS_futex && (b & ~(long)FUTEX_PRIVATE_FLAG) != FUTEX_WAKE &&
        enc_fault(ENC_FAULT_WAKE, "futex")) {
        errno = EINTR;
        return -1;
    }
    return __real_syscall(nr, a, b, c, d, e, f);
}

REAL(int, pthread_kill, (pthread_t thread, int signum))
{
    if (enc_fault(ENC_FAULT_LOST, "pthread_kill")) {
        return 0;
    }
    if (enc_fault(ENC_FAULT_LATE, "pthread_kill")) {
        atomic_store(&owed, thread);
        atomic_store(&owed_signal, signum);
        return 0;
    }
    if (enc_fault(ENC_FAULT_TWICE, "pthread_kill")) {
        __real_pthread_kill(thread, signum);
    }
    return __real_pthread_kill(thread, signum);
}

/* --- CPython ------------------------------------------------------------------------------------------------------- */

#define PYTHON(type, name, failure, params, args) \
    REAL(type, name, params)                      \
    {                                             \
        if (strikes(ENC_FAULT_PYTHON, #name)) {   \
            PyErr_NoMemory();                     \
            return failure;                       \
        }                                         \
        return __real_##name args;                \
    }
#define OBJECT(name, params, args) PYTHON(PyObject *, name, NULL, params, args)
#define STATUS(name, params, args) PYTHON(int, name, -1, params, args)

OBJECT(PyBytes_FromStringAndSize, (const char *data, Py_ssize_t n), (data, n))
OBJECT(PyTuple_New, (Py_ssize_t n), (n))
OBJECT(PyList_New, (Py_ssize_t n), (n))
OBJECT(PyDict_New, (void), ())
OBJECT(PyDict_Copy, (PyObject * dict), (dict))
OBJECT(PySet_New, (PyObject * items), (items))
OBJECT(PyFrozenSet_New, (PyObject * items), (items))
OBJECT(PyLong_FromLong, (long v), (v))
OBJECT(PyLong_FromLongLong, (long long v), (v))
OBJECT(PyLong_FromSize_t, (size_t v), (v))
OBJECT(PyLong_FromUnsignedLong, (unsigned long v), (v))
OBJECT(PyLong_FromUnsignedLongLong, (unsigned long long v), (v))
OBJECT(PyFloat_FromDouble, (double v), (v))
OBJECT(PyUnicode_FromString, (const char *text), (text))
OBJECT(PyUnicode_New, (Py_ssize_t n, Py_UCS4 most), (n, most))
OBJECT(PyUnicode_DecodeUTF8, (const char *text, Py_ssize_t n, const char *errors), (text, n, errors))
OBJECT(PyUnicode_AsEncodedString, (PyObject * text, const char *encoding, const char *errors),
       (text, encoding, errors))
OBJECT(PyStructSequence_New, (PyTypeObject * type), (type))
OBJECT(PyObject_CallOneArg, (PyObject * f, PyObject *arg), (f, arg))
OBJECT(PyObject_Call, (PyObject * f, PyObject *args, PyObject *kwargs), (f, args, kwargs))
OBJECT(PyObject_Str, (PyObject * o), (o))
OBJECT(PyObject_GetAttrString, (PyObject * o, const char *name), (o, name))
OBJECT(PyCMethod_New, (PyMethodDef * def, PyObject *self, PyObject *module, PyTypeObject *type),
       (def, self, module, type))
OBJECT(PyModule_NewObject, (PyObject * name), (name))
OBJECT(PyImport_ImportModule, (const char *name), (name))
OBJECT(PyImport_AddModule, (const char *name), (name))
OBJECT(PySequence_Fast, (PyObject * items, const char *message), (items, message))
OBJECT(PyEval_EvalCode, (PyObject * code, PyObject *globals, PyObject *locals), (code, globals, locals))
OBJECT(Py_CompileStringExFlags,
       (const char *text, const char *name, int start, PyCompilerFlags *flags, int level),
       (text, name, start, flags, level))
OBJECT(PyMarshal_ReadObjectFromString, (const char *data, Py_ssize_t n), (data, n))
OBJECT(PyType_FromSpec, (PyType_Spec * spec), (spec))
OBJECT(PyDescr_NewGetSet, (PyTypeObject * type, PyGetSetDef *def), (type, def))
OBJECT(PyDescr_NewMethod, (PyTypeObject * type, PyMethodDef *def), (type, def))
OBJECT(PyType_GetDict, (PyTypeObject * type), (type))
STATUS(PyList_Append, (PyObject * list, PyObject *item), (list, item))
STATUS(PyDict_SetItem, (PyObject * dict, PyObject *key, PyObject *value), (dict, key, value))
STATUS(PyDict_SetItemString, (PyObject * dict, const char *key, PyObject *value), (dict, key, value))
STATUS(PySet_Add, (PyObject * set, PyObject *item), (set, item))
STATUS(PyModule_AddFunctions, (PyObject * module, PyMethodDef *functions), (module, functions))
STATUS(PyModule_AddIntConstant, (PyObject * module, const char *name, long value), (module, name, value))
STATUS(PyModule_AddObjectRef, (PyObject * module, const char *name, PyObject *value), (module, name, value))
STATUS(PyObject_GetBuffer, (PyObject * o, Py_buffer *view, int flags), (o, view, flags))
STATUS(PyObject_SetAttrString, (PyObject * o, const char *name, PyObject *value), (o, name, value))

/* Two names: that of 3.12 is for the formats with sizes. */
#define BUILD(name)                                                                \
    PyObject *__wrap_##name(const char *format, ...);                              \
    PyObject *__wrap_##name(const char *format, ...)                               \
    {                                                                              \
        va_list args;                                                              \
        va_start(args, format);                                                    \
        PyObject *result = Py_VaBuildValue(format, args);                          \
        va_end(args);                                                              \
        if (strikes(ENC_FAULT_PYTHON, "Py_BuildValue")) {                          \
            Py_CLEAR(result); /* made first: it takes over what is given with N */ \
            PyErr_NoMemory();                                                      \
        }                                                                          \
        return result;                                                             \
    }

BUILD(Py_BuildValue)
BUILD(_Py_BuildValue_SizeT)

REAL(PyStatus, Py_NewInterpreterFromConfig, (PyThreadState * *tstate, const PyInterpreterConfig *config))
{
    if (strikes(ENC_FAULT_PYTHON, "Py_NewInterpreterFromConfig")) {
        *tstate = NULL;
        return PyStatus_NoMemory();
    }
    return __real_Py_NewInterpreterFromConfig(tstate, config);
}
