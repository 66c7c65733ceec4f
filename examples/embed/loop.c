/* Runs one script again and again and tells how long it took: what benchmarks/test_embed.py compares with Python.
 *
 *     ./loop 'call_tool("add", {"a": 2, "b": 3}) * 2' < numbers
 *
 * Each line of stdin is a number of runs; each is answered with the seconds that they took.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "enclave.h"

static int
add(void *user, const char *name, const char *arguments, enclave_reply *reply)
{
    char sum[32];
    const char *a = strstr(arguments, "\"a\":");
    const char *b = strstr(arguments, "\"b\":");
    (void)user;
    (void)name;
    if (a == NULL || b == NULL) {
        enclave_reply_error(reply, "expected a and b");
        return 1;
    }
    snprintf(sum, sizeof sum, "%ld", strtol(a + 4, NULL, 10) + strtol(b + 4, NULL, 10));
    enclave_reply_json(reply, sum);
    return 0;
}

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
    const char *script = argc > 1 ? argv[1] : "call_tool('add', {'a': 2, 'b': 3}) * 2";
    enclave *opened = NULL;
    enclave_config *config = enclave_config_new();
    enclave_config_set_workers(config, 1, 1);
    enclave_config_set_json(config, "max_executions_per_worker", "1000000000");
    enclave_config_add_tool(config, "add", add, NULL);
    if (enclave_open(config, &opened) != ENCLAVE_OK) {
        fprintf(stderr, "%s\n", enclave_last_error());
        return 1;
    }
    enclave_config_free(config);
    long runs;
    while (scanf("%ld", &runs) == 1) {
        double begun = now();
        for (long i = 0; i < runs; i++) {
            enclave_result *result = NULL;
            if (enclave_run(opened, script, 0, NULL, &result) != ENCLAVE_OK ||
                enclave_result_code(result) != ENCLAVE_CODE_SUCCESS) {
                fprintf(stderr, "%s\n",
                        result != NULL ? enclave_result_error_message(result, NULL) : enclave_last_error());
                return 1;
            }
            enclave_result_free(result);
        }
        printf("%.9f\n", now() - begun);
        fflush(stdout);
    }
    enclave_free(opened);
    return 0;
}
