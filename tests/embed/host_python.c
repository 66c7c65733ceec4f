/* A program that has a Python of its own already, and ends it. */

#include <Python.h>
#include <stdio.h>

#include "enclave.h"

static void
run(enclave *opened)
{
    enclave_result *result = NULL;
    enclave_status status = enclave_run(opened, "40 + 2", 0, NULL, &result);
    const char *value = enclave_result_value(result, NULL);
    printf("run: %s %s\n", enclave_status_name(status), value != NULL ? value : enclave_last_error());
    enclave_result_free(result);
}

int
main(void)
{
    enclave *opened = NULL;
    Py_InitializeEx(0);
    enclave_status status = enclave_open(NULL, &opened); /* with the GIL */
    printf("open: %s %s\n", enclave_status_name(status), status != ENCLAVE_OK ? enclave_last_error() : "");
    PyThreadState *state = PyEval_SaveThread();
    run(opened);
    PyEval_RestoreThread(state);
    run(opened);
    printf("end: %d\n", Py_FinalizeEx());
    run(opened);
    enclave_free(opened);
    printf("shutdown: %s\n", enclave_status_name(enclave_shutdown()));
    return 0;
}
