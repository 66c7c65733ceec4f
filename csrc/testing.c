/* For tests: what points from outside into a slot's range, and faults on request.  Never in a wheel (ENCLAVE_TESTING). */

#include "core.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define MAX_RECORDS 256

/* Memory of the core that points into ranges by its nature: the slots' records, alternate stacks and snapshots' control
   blocks. */
typedef struct {
    struct {
        uintptr_t lo, hi;
    } at[3 * MAX_RECORDS + 1];
    int count;
} own_records;

static void
add_record(own_records *own, const void *start, size_t size)
{
    if (own->count < 3 * MAX_RECORDS + 1) {
        own->at[own->count].lo = (uintptr_t)start;
        own->at[own->count++].hi = (uintptr_t)start + size;
    }
}

static void
add_slot(enc_slot *slot, void *arg)
{
    add_record(arg, slot, sizeof(*slot));
    add_record(arg, slot->alt_stack,
               slot->alt_stack_size); /* what a signal's frame held, like the stack itself */
    if (slot->rewind != NULL) {
        /* The control block: a head of less than 128 bytes, a byte for every page, 24 bytes for every second page. */
        size_t pages = enc_rewind_length(slot->rewind) / ENC_PAGE;
        add_record(arg, slot->rewind, ENC_ALIGN_UP(128 + pages + (pages / 2 + 1) * 24, ENC_PAGE));
    }
}

static bool
is_own(const own_records *own, uintptr_t at)
{
    for (int i = 0; i < own->count; i++) {
        if (at >= own->at[i].lo && at < own->at[i].hi) {
            return true;
        }
    }
    return false;
}

/* pointers_into(lo, hi, skip_lo, skip_hi) -> [(address, value, mapping)] over the process's writable memory, but for the
   ranges of all slots, the core's own records of them, [skip_lo, skip_hi) and the calling thread's stack. */
PyObject *
enc_testing_pointers_into(PyObject *Py_UNUSED(module), PyObject *args)
{
    unsigned long long lo, hi, skip_lo, skip_hi;
    if (!PyArg_ParseTuple(args, "KKKK", &lo, &hi, &skip_lo, &skip_hi)) {
        return NULL;
    }
    static uint64_t chunk[8192];
    static own_records own;
    own.count = 0;
    add_record(&own, chunk, sizeof(chunk));
    enc_slots_each(add_slot, &own);
    PyObject *found = PyList_New(0);
    FILE *maps = fopen("/proc/self/maps", "re");
    int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    char line[1024], path[512], perms[8];
    while (found != NULL && maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        unsigned long from, to;
        path[0] = 0;
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %511[^\n]", &from, &to, perms, path) < 3 ||
            perms[0] != 'r' || perms[1] != 'w' || perms[3] != 'p' || enc_region_contains((void *)from) ||
            strstr(path, "[stack]") != NULL || (from < skip_hi && to > skip_lo)) {
            continue;
        }
        /* Through the file: a mapping may go while we look. */
        for (unsigned long at = from; at < to; at += sizeof(chunk)) {
            size_t want = to - at < sizeof(chunk) ? to - at : sizeof(chunk);
            ssize_t got = pread(mem, chunk, want, (off_t)at);
            for (ssize_t i = 0; i < got / 8; i++) {
                unsigned long address = at + (size_t)i * 8;
                /* glibc stores the links of its free lists mixed with their own address (Safe-Linking). */
                uint64_t link = chunk[i] ^ (address >> 12);
                if (chunk[i] >= lo && chunk[i] < hi && !(link >= from && link < to) &&
                    !is_own(&own, address)) {
                    PyObject *row = Py_BuildValue("kks", address, (unsigned long)chunk[i], path);
                    if (row == NULL || PyList_Append(found, row) < 0) {
                        Py_CLEAR(found);
                        break;
                    }
                    Py_DECREF(row);
                }
            }
            if (found == NULL || PyList_GET_SIZE(found) > 20000) {
                break;
            }
        }
    }
    if (mem >= 0) {
        close(mem);
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

/* hold_back(address of a slot's record): its thread may not be left any more, as if in a section that never ends.  It
   must be in Python code that calls nothing of the core: the count is its own otherwise. */
PyObject *
enc_testing_hold_back(PyObject *Py_UNUSED(module), PyObject *address)
{
    enc_slot *slot = PyLong_AsVoidPtr(address);
    if (slot == NULL) {
        return NULL;
    }
    slot->critical++;
    Py_RETURN_NONE;
}

/* condemn_after(seconds): a halt from now on that has not succeeded by then is given up. */
PyObject *
enc_testing_set_condemn_after(PyObject *Py_UNUSED(module), PyObject *seconds)
{
    double value = PyFloat_AsDouble(seconds);
    if (value == -1.0 && PyErr_Occurred()) {
        return NULL;
    }
    enc_testing_condemn_after = (int64_t)(value * 1e9);
    Py_RETURN_NONE;
}

unsigned enc_testing_without;

/* do_without(parts): slots that start from now on lack these parts of the policy, the numbers of ENC_PART_ added up. */
PyObject *
enc_testing_do_without(PyObject *Py_UNUSED(module), PyObject *parts)
{
    unsigned long value = PyLong_AsUnsignedLong(parts);
    if (value == (unsigned long)-1 && PyErr_Occurred()) {
        return NULL;
    }
    enc_testing_without = (unsigned)value;
    Py_RETURN_NONE;
}
