/* Reads JSON objects, a line each, as the globals of a script, and prints what its `x` comes back as. */

#include <stdio.h>
#include <stdlib.h>

#include "enclave.h"

int
main(void)
{
    enclave *opened = NULL;
    char *line = NULL;
    size_t room = 0;
    if (enclave_open(NULL, &opened) != ENCLAVE_OK) {
        printf("%s\n", enclave_last_error());
        return 1;
    }
    while (getline(&line, &room, stdin) > 0) {
        enclave_result *result = NULL;
        enclave_status status = enclave_run(opened, "x", 0, line, &result);
        const char *value = enclave_result_value(result, NULL);
        printf("%s\n", status != ENCLAVE_OK ? enclave_last_error() : value != NULL ? value : "failed");
        enclave_result_free(result);
    }
    free(line);
    enclave_free(opened);
    return 0;
}
