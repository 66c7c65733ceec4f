/* The beginning and the end of Python in a program: what comes of it is printed, a line for each step.
 *
 *     life start [PREFIX]   open an enclave; if that fails, start Python in PREFIX and try again
 *     life exit             leave main() while scripts run
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "enclave.h"

static enclave_status
try_to_open(void)
{
    enclave *opened = NULL;
    enclave_result *result = NULL;
    enclave_status status = enclave_open(NULL, &opened);
    printf("open: %s %s\n", enclave_status_name(status), status != ENCLAVE_OK ? enclave_last_error() : "");
    if (status == ENCLAVE_OK) {
        status = enclave_run(opened, "40 + 2", 0, NULL, &result);
        printf("run: %s %s\n", enclave_status_name(status), enclave_result_value(result, NULL));
    }
    enclave_result_free(result);
    enclave_free(opened);
    return status;
}

int
main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "exit") == 0) {
        enclave *opened = NULL;
        enclave_task *task = NULL;
        enclave_open(NULL, &opened);
        printf("open: %s\n", enclave_status_name(ENCLAVE_OK));
        for (int i = 0; i < 3; i++) {
            enclave_submit(opened, "while True: pass", INFINITY, NULL, &task);
        }
        return 7;
    }
    for (int i = 0; i < 2; i++) {
        if (try_to_open() != ENCLAVE_OK && argc > 2) {
            enclave_status status = enclave_start(argv[2]);
            printf("start: %s\n", enclave_status_name(status));
        }
    }
    printf("shutdown: %s\n", enclave_status_name(enclave_shutdown()));
    return 0;
}
