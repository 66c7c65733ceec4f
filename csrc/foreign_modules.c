/* The modules whose objects hold memory outside the range, and how the core comes to see those objects.

   The host's module shows what there is: its functions and types, from static tables that all interpreters share.  In its
   definition the functions that make objects are exchanged for those of foreign_calls.c, which do nothing more outside slots;
   the host's own have been made before.  And it is given one more Py_mod_exec slot, the last, which no way of importing goes
   round: in a slot that puts functions of ours into the types.  What is not as expected keeps the module out of slots
   altogether. */

#include "core.h"
#include "foreign.h"
#include "host.h"

#include <string.h>

/* Costs are what mallinfo2() has shown on 3.12 to 3.15 with OpenSSL 3.0 and 3.6, for the algorithm that takes most, and the
   note itself.  zstd's grow with their use: it is for tasks alone, whose limit is no wall. */
#define NOTE(size) (sizeof(enc_foreign_state) + (size) + 4 * sizeof(uintptr_t))
#define KIND(of, type, bytes, most, ...)                                                 \
    {                                                                                    \
        .module = (of), .name = (type), .cost = (bytes) + NOTE(most), .largest = (most), \
        .changing = {__VA_ARGS__}, .stand_in = {PyVarObject_HEAD_INIT(NULL, 0)}          \
    }
#define HASH(of, type, bytes) KIND(of, type, bytes, 72, "update")
enc_foreign_kind enc_foreign_kinds[ENC_FOREIGN_KINDS] = {
    HASH("_hashlib", "HASH", 544),
    HASH("_hashlib", "HMAC", 1872),
    HASH("_md5", "MD5Type", 160),
    HASH("_sha1", "SHA1Type", 160),
    HASH("_sha2", "SHA224Type", 176),
    HASH("_sha2", "SHA256Type", 176),
    HASH("_sha2", "SHA384Type", 272),
    HASH("_sha2", "SHA512Type", 272),
    HASH("_sha3", "sha3_224", 448),
    HASH("_sha3", "sha3_256", 448),
    HASH("_sha3", "sha3_384", 448),
    HASH("_sha3", "sha3_512", 448),
    HASH("_sha3", "shake_128", 448),
    HASH("_sha3", "shake_256", 448),
    HASH("_blake2", "blake2b", 496),
    HASH("_blake2", "blake2s", 304),
    HASH("_hmac", "HMAC", 960),
    KIND("_bz2", "BZ2Decompressor", 3664208, ENC_FOREIGN_LARGEST,
         "decompress"), /* it takes all but 64 KB as it begins */
    KIND("_zstd", "ZstdCompressor", 5312, 80, "compress", "flush", "set_pledged_input_size"),
    KIND("_zstd", "ZstdDecompressor", 96016, 80, "decompress"),
    KIND("_zstd", "ZstdDict", 0, 80, NULL),
};
#define KINDS ENC_FOREIGN_KINDS

/* What makes no object. */
static const char *const neutral[] = {
    "pbkdf2_hmac",         "scrypt",           "get_fips_mode",      "compare_digest",     "hmac_digest",
    "train_dict",          "finalize_dict",    "get_param_bounds",   "get_frame_size",     "get_frame_info",
    "set_parameter_types", "compute_digest",   "compute_md5",        "compute_sha1",       "compute_sha224",
    "compute_sha256",      "compute_sha384",   "compute_sha512",     "compute_sha3_224",   "compute_sha3_256",
    "compute_sha3_384",    "compute_sha3_512", "compute_blake2s_32", "compute_blake2b_32",
};

/* Types whose objects hold nothing outside. */
static const char *const inside[] = {"BZ2Compressor"};

/* Of the standard library, the modules whose objects hold what is neither the worker's memory nor followed, nor a descriptor. */
static const char *const strange[] = {"_ctypes", "_curses",          "_curses_panel", "_dbm",     "_gdbm",
                                      "_ssl",    "_multiprocessing", "_tkinter",      "readline", "mmap"};

static bool
among(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i] != NULL && strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

int
enc_foreign_is_stranger(const char *name)
{
    if (among(name, strange, sizeof(strange) / sizeof(*strange))) {
        return true;
    }
    PyObject *standard = PySys_GetObject("stdlib_module_names"); /* borrowed */
    PyObject *top = PyUnicode_FromStringAndSize(name, (Py_ssize_t)strcspn(name, "."));
    int known = top != NULL && standard != NULL ? PySequence_Contains(standard, top) : -1;
    Py_XDECREF(top);
    if (known < 0 && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_RuntimeError, "there is no sys.stdlib_module_names");
    }
    return known < 0 ? -1 : !known;
}

/* --- Types as the host's module shows them --------------------------------------------------------------------------- */

static PyMethodDef **
definition_of(PyObject *descriptor)
{
    return &((PyMethodDescrObject *)descriptor)->d_method;
}

static const PyMethodDef *
method_of(PyTypeObject *type, const char *name)
{
    PyObject *found = PyObject_GetAttrString((PyObject *)type, name);
    const PyMethodDef *def =
        found != NULL && Py_IS_TYPE(found, &PyMethodDescr_Type) ? *definition_of(found) : NULL;
    PyErr_Clear();
    Py_XDECREF(found); /* the type keeps it */
    return def;
}

static const char *
learn_methods(enc_foreign_kind *kind, PyTypeObject *type)
{
    kind->copy = method_of(type, "copy");
    for (size_t i = 0; i < ENC_FOREIGN_MUTATORS && kind->changing[i] != NULL; i++) {
        kind->mutators[i] = method_of(type, kind->changing[i]);
        if (kind->mutators[i] == NULL) {
            return "a missing method";
        }
    }
    return enc_foreign_take_methods(kind) ? NULL : "a method of an unknown kind";
}

/* A method that is not known could change or free a state. */
static const char *
check_methods(const enc_foreign_kind *kind, PyTypeObject *type)
{
    static const char *const harmless[] = {"copy", "digest", "hexdigest"};
    PyObject *dict = PyType_GetDict(type), *key, *value;
    const char *wrong = NULL;
    for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value);) {
        const char *name = PyUnicode_AsUTF8(key);
        if (Py_IS_TYPE(value, &PyMethodDescr_Type)
                ? !among(name, harmless, 3) && !among(name, kind->changing, ENC_FOREIGN_MUTATORS)
                : Py_IS_TYPE(value, &PyClassMethodDescr_Type)) {
            wrong = "an unknown method";
        }
    }
    Py_DECREF(dict);
    return wrong;
}

/* Of an object that is freed where it was: the memory is another's by now. */
static void
keep_memory(void *Py_UNUSED(op))
{
}

static const char *
learn_type(enc_foreign_kind *kind, PyTypeObject *type)
{
    if ((size_t)type->tp_basicsize > kind->largest) {
        return strcmp(kind->module, "_blake2") == 0
                   ? NULL
                   : "a larger object"; /* 3.12, 3.13: it has its state in itself */
    }
    if (type->tp_itemsize != 0 || type->tp_weaklistoffset != 0 || type->tp_dictoffset != 0 ||
        (type->tp_flags & (Py_TPFLAGS_MANAGED_DICT | Py_TPFLAGS_MANAGED_WEAKREF)) != 0 ||
        type->tp_call != NULL || type->tp_finalize != NULL || type->tp_vectorcall != NULL ||
        type->tp_init != PyBaseObject_Type.tp_init || type->tp_dealloc == NULL) {
        return "a type of an unknown kind";
    }
    const char *wrong = check_methods(kind, type);
    wrong = wrong == NULL ? learn_methods(kind, type) : wrong;
    if (wrong != NULL) {
        return wrong;
    }
    kind->dealloc = type->tp_dealloc;
    kind->make = type->tp_new;
    Py_SET_TYPE(&kind->stand_in, &PyType_Type);
    kind->stand_in.tp_name = type->tp_name;
    kind->stand_in.tp_basicsize = type->tp_basicsize;
    kind->stand_in.tp_flags = type->tp_flags & (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC);
    kind->bound = strcmp(kind->module, "_bz2") == 0;
    kind->stand_in.tp_free = kind->bound ? keep_memory : type->tp_free;
    kind->size = (size_t)type->tp_basicsize;
    return NULL;
}

/* A type that leaves the end of its objects to its base, and has no more in them (_hashlib.HASHXOF). */
static bool
is_derived(const PyTypeObject *type, const char *module)
{
    destructor leaves_it = ((PyTypeObject *)enc_native_error)->tp_dealloc; /* as every class does */
    for (size_t i = 0; i < KINDS; i++) {
        const enc_foreign_kind *kind = &enc_foreign_kinds[i];
        if (strcmp(kind->module, module) == 0 && kind->size == (size_t)type->tp_basicsize &&
            type->tp_base != NULL && type->tp_dealloc == leaves_it &&
            type->tp_base->tp_dealloc == kind->dealloc) {
            return check_methods(kind, (PyTypeObject *)type) == NULL;
        }
    }
    return false;
}

/* --- A slot's module ------------------------------------------------------------------------------------------------- */

static void
cover_type(enc_foreign_kind *kind, PyTypeObject *type)
{
    PyObject *dict = PyType_GetDict(type), *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value);) {
        if (!Py_IS_TYPE(value, &PyMethodDescr_Type)) {
            continue;
        }
        PyMethodDef **def = definition_of(value);
        if (*def == kind->copy) {
            *def = &kind->our_copy;
        }
        for (size_t i = 0; i < ENC_FOREIGN_MUTATORS; i++) {
            if (*def == kind->mutators[i]) {
                *def = &kind->our_mutators[i];
            }
        }
    }
    Py_DECREF(dict);
    size_t i = (size_t)(kind - enc_foreign_kinds);
    type->tp_dealloc = enc_foreign_deallocs[i];
    type->tp_new = kind->make != NULL ? enc_foreign_news[i] : NULL;
    type->tp_clear = NULL; /* they refer to no others, and it would free the state */
}

/* Whatever the guest has put into the module before, these are what its execution has just put there. */
static int
cover_in_slot(PyObject *module)
{
    const enc_slot *slot = enc_current_slot;
    if (slot == NULL || (uintptr_t)PyInterpreterState_Get() - slot->base >= slot->size) {
        return 0;
    }
    const char *name = PyModule_GetDef(module)->m_name;
    for (enc_foreign_kind *kind = enc_foreign_kinds; kind != enc_foreign_kinds + KINDS; kind++) {
        if (kind->size == 0 || strcmp(kind->module, name) != 0) {
            continue;
        }
        PyObject *type = PyDict_GetItemString(PyModule_GetDict(module), kind->name);
        if (type == NULL || !PyType_Check(type) || ((PyTypeObject *)type)->tp_dealloc != kind->dealloc) {
            PyErr_Format(PyExc_ImportError, "type %s.%s is not as in the host", name, kind->name);
            return -1;
        }
        cover_type(kind, (PyTypeObject *)type);
    }
    return 0;
}

/* --- What the host's module shows ------------------------------------------------------------------------------------ */

static enc_foreign_kind *
find_kind(const char *module, const char *type)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(enc_foreign_kinds[i].module, module) == 0 &&
            (type == NULL || strcmp(enc_foreign_kinds[i].name, type) == 0)) {
            return &enc_foreign_kinds[i];
        }
    }
    return NULL;
}

static const char *
learn_module(PyObject *module, const char *name, const PyMethodDef *methods, size_t count)
{
    PyObject *dict = PyModule_GetDict(module), *key, *value;
    const char *wrong = NULL;
    for (Py_ssize_t at = 0; wrong == NULL && PyDict_Next(dict, &at, &key, &value);) {
        if (PyCFunction_CheckExact(value) && PyCFunction_GET_SELF(value) == module) {
            size_t i = (size_t)(((PyCFunctionObject *)value)->m_ml - methods);
            wrong = i < count ? NULL : "an unknown function";
        }
        else if (PyType_Check(value) && !PyExceptionClass_Check(value) &&
                 PyUnicode_READ_CHAR(key, 0) != '_') {
            const char *type = PyUnicode_AsUTF8(key);
            enc_foreign_kind *kind = find_kind(name, type);
            if (kind != NULL) {
                wrong = learn_type(kind, (PyTypeObject *)value);
            }
            else if (!among(type, inside, 1) && !is_derived((PyTypeObject *)value, name)) {
                wrong = "an unknown type";
            }
        }
    }
    return wrong;
}

/* --- Definitions of modules ------------------------------------------------------------------------------------------ */

/* _hashlib's state has references to objects of OpenSSL's that the process shares.  Given back in a run that is undone, they
   would be given back again. */
static inquiry hashlib_clear;
static freefunc hashlib_free;

static int
clear_hashlib(PyObject *module)
{
    return enc_current_slot != NULL ? 0 : hashlib_clear(module);
}

static void
free_hashlib(void *module)
{
    if (enc_current_slot == NULL) {
        hashlib_free(module);
    }
}

/* The functions that new modules of this definition get, in slots or not. */
static PyMethodDef *
our_methods(const PyMethodDef *theirs, size_t count)
{
    PyMethodDef *methods = PyMem_RawCalloc(count + 1, sizeof(*methods)); /* for the life of the process */
    for (size_t i = 0; methods != NULL && i < count; i++) {
        methods[i] = theirs[i];
        if (!among(theirs[i].ml_name, neutral, sizeof(neutral) / sizeof(*neutral))) {
            methods[i].ml_meth = enc_foreign_maker(&theirs[i]);
        }
        if (methods[i].ml_meth == NULL) {
            PyMem_RawFree(methods);
            return NULL;
        }
    }
    return methods;
}

static PyModuleDef_Slot *
our_slots(const PyModuleDef_Slot *theirs)
{
    size_t count = 0;
    while (theirs[count].slot != 0) {
        count++;
    }
    PyModuleDef_Slot *slots = PyMem_RawCalloc(count + 2, sizeof(*slots)); /* likewise */
    if (slots != NULL) {
        memcpy(slots, theirs, count * sizeof(*slots));
        slots[count] = (PyModuleDef_Slot){Py_mod_exec, (void *)cover_in_slot};
    }
    return slots;
}

static bool
is_extended(const PyModuleDef_Slot *slots)
{
    while (slots->slot != 0 && slots->value != (void *)cover_in_slot) {
        slots++;
    }
    return slots->slot != 0;
}

const char *
enc_foreign_cover(PyObject *module, const char *name, PyModuleDef *def)
{
    if (find_kind(name, NULL) == NULL) {
        return NULL;
    }
    if (def == NULL || def->m_slots == NULL || strcmp(def->m_name, name) != 0) {
        return "a module without the definition that is expected";
    }
    if (is_extended(def->m_slots)) {
        return NULL;
    }
    size_t count = 0;
    while (def->m_methods != NULL && def->m_methods[count].ml_name != NULL) {
        count++;
    }
    const char *wrong = learn_module(module, name, def->m_methods, count);
    if (wrong != NULL) {
        return wrong;
    }
    PyMethodDef *methods = our_methods(def->m_methods, count);
    PyModuleDef_Slot *slots = our_slots(def->m_slots);
    if (methods == NULL || slots == NULL) {
        return "a function of an unknown kind";
    }
    if (strcmp(name, "_hashlib") == 0 && def->m_clear != NULL && def->m_free != NULL) {
        hashlib_clear = def->m_clear;
        hashlib_free = def->m_free;
        def->m_clear = clear_hashlib;
        def->m_free = free_hashlib;
    }
    def->m_methods = methods;
    def->m_slots = slots;
    return NULL;
}
