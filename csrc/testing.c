/* For tests: what points from outside into a slot's range.  Never in a wheel (ENCLAVE_TESTING). */

#include "core.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* pointers_into(lo, hi, skip_lo, skip_hi) -> [(address, value, mapping)] over the process's writable memory, but for the
   ranges of all slots, [skip_lo, skip_hi) and the calling thread's stack. */
PyObject *
enc_testing_pointers_into(PyObject *Py_UNUSED(module), PyObject *args)
{
    unsigned long long lo, hi, skip_lo, skip_hi;
    if (!PyArg_ParseTuple(args, "KKKK", &lo, &hi, &skip_lo, &skip_hi)) {
        return NULL;
    }
    PyObject *found = PyList_New(0);
    FILE *maps = fopen("/proc/self/maps", "re");
    int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    static uint64_t chunk[8192];
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
                if (chunk[i] >= lo && chunk[i] < hi && (uintptr_t)&chunk[i] != at + (size_t)i * 8) {
                    PyObject *row = Py_BuildValue("kks", at + (size_t)i * 8, (unsigned long)chunk[i], path);
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
