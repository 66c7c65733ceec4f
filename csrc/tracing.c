/* tracemalloc in the host: it traces the host's memory and none of a slot's.

   tracemalloc puts allocators of its own over those that it finds, for the whole process.  A slot's thread must not come to
   them: they hold a lock of the process while they note a block, with the frames and the file names of whoever asks for it,
   and those of a guest are gone after the next rewind.  So a layer is put over tracemalloc's allocators that hands a slot's
   thread what was there before.

       the layer ── host ──▶ tracemalloc ──▶ the hooks ──▶ pymalloc, libc
           └──────── slot ───────────────────▲

   tracemalloc.stop() puts back what tracemalloc.start() has found, which are the hooks, also where tracing had begun before
   them: then they are put in below it.  Whatever else takes the top later is covered when the next slot is made. */

#include "core.h"

#include <string.h>

#define DOMAINS 3

static const PyMemAllocatorDomain domains[DOMAINS] = {PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ};
static PyMemAllocatorEx below[DOMAINS]; /* for slots' threads */
static PyMemAllocatorEx over[DOMAINS];  /* for all others, while the layer is there */

/* --- The layer ----------------------------------------------------------------------------------------------------- */

/* A set of functions for each domain, which take nothing from their context: another thread may read the context of one
   allocator and the functions of another while they are exchanged. */

static inline const PyMemAllocatorEx *
choose(int domain)
{
    return enc_current_slot != NULL ? &below[domain] : &over[domain];
}

#define LAYER(domain)                                                          \
    static void *malloc_##domain(void *Py_UNUSED(ctx), size_t n)               \
    {                                                                          \
        const PyMemAllocatorEx *to = choose(domain);                           \
        return to->malloc(to->ctx, n);                                         \
    }                                                                          \
    static void *calloc_##domain(void *Py_UNUSED(ctx), size_t count, size_t n) \
    {                                                                          \
        const PyMemAllocatorEx *to = choose(domain);                           \
        return to->calloc(to->ctx, count, n);                                  \
    }                                                                          \
    static void *realloc_##domain(void *Py_UNUSED(ctx), void *p, size_t n)     \
    {                                                                          \
        const PyMemAllocatorEx *to = choose(domain);                           \
        return to->realloc(to->ctx, p, n);                                     \
    }                                                                          \
    static void free_##domain(void *Py_UNUSED(ctx), void *p)                   \
    {                                                                          \
        const PyMemAllocatorEx *to = choose(domain);                           \
        to->free(to->ctx, p);                                                  \
    }

LAYER(0)
LAYER(1)
LAYER(2)

static PyMemAllocatorEx layer[DOMAINS] = {
    {NULL, malloc_0, calloc_0, realloc_0, free_0},
    {NULL, malloc_1, calloc_1, realloc_1, free_1},
    {NULL, malloc_2, calloc_2, realloc_2, free_2},
};

void
enc_tracing_cover(void)
{
    for (int i = 0; i < DOMAINS; i++) {
        PyMemAllocatorEx top;
        PyMem_GetAllocator(domains[i], &top);
        if (top.malloc != layer[i].malloc && (top.malloc != below[i].malloc || top.ctx != below[i].ctx)) {
            over[i] = top;
            PyMem_SetAllocator(domains[i], &layer[i]);
        }
    }
}

/* --- tracemalloc.start() ------------------------------------------------------------------------------------------- */

typedef PyObject *(*fast_function)(PyObject *module, PyObject *const *args, Py_ssize_t nargs);

static fast_function true_start;

static PyObject *
start(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *result = true_start(module, args, nargs);
    enc_tracing_cover();
    return result;
}

/* In the module's static table, so that it is exchanged also where somebody has already taken it out of the module. */
static int
exchange_start(void)
{
    PyObject *module = PyImport_ImportModule("_tracemalloc");
    const PyModuleDef *def = module != NULL ? PyModule_GetDef(module) : NULL;
    Py_XDECREF(module);
    PyMethodDef *method = def != NULL ? def->m_methods : NULL;
    while (method != NULL && method->ml_name != NULL && strcmp(method->ml_name, "start") != 0) {
        method++;
    }
    if (method == NULL || method->ml_name == NULL || method->ml_flags != METH_FASTCALL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_ImportError, "tracemalloc.start() is not where it is expected");
        }
        return -1;
    }
    true_start = (fast_function)(void (*)(void))method->ml_meth;
    method->ml_meth = (PyCFunction)(void (*)(void))start;
    return 0;
}

int
enc_tracing_init(void)
{
    if (true_start != NULL) {
        return 0; /* a second import */
    }
    bool tracing = compat_is_tracing();
    if (tracing) {
        for (int i = 0; i < DOMAINS; i++) {
            PyMem_GetAllocator(domains[i], &over[i]);
            PyMem_SetAllocator(domains[i], compat_traced(domains[i]));
        }
    }
    enc_hooks_install();
    for (int i = 0; i < DOMAINS; i++) {
        PyMem_GetAllocator(domains[i], &below[i]);
        if (tracing) {
            *compat_traced(domains[i]) = below[i];
            PyMem_SetAllocator(domains[i], &layer[i]);
        }
    }
    if (compat_trace_no_thread_init() != 0) {
        PyErr_NoMemory();
        return -1;
    }
    return exchange_start();
}
