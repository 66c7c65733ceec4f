/* Runs some scripts, honest and hostile, and prints what each came to.
 *
 *     python -m enclave_subinterp.embed build build/embed
 *     cc examples/embed/scripts.c -o scripts $(python -m enclave_subinterp.embed flags build/embed)
 *     ./scripts
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave.h"

struct shop {
    int questions;
};

/* A tool: what a thing costs.  Real programs have a JSON library. */
static int
price(void *user, const char *name, const char *arguments, enclave_reply *reply)
{
    struct shop *shop = user;
    (void)name;
    shop->questions++;
    if (strstr(arguments, "\"tea\"") != NULL) {
        enclave_reply_json(reply, "{\"cents\": 250}");
        return 0;
    }
    enclave_reply_error(reply, "there is no such thing");
    return 1;
}

static void
show(const char *title, enclave *opened, const char *source)
{
    enclave_result *result;
    printf("%-12s ", title);
    if (enclave_run(opened, source, 0, NULL, &result) != ENCLAVE_OK) {
        printf("could not run: %s\n", enclave_last_error());
        return;
    }
    enclave_code code = enclave_result_code(result);
    if (code == ENCLAVE_CODE_SUCCESS) {
        printf("%s", enclave_result_value(result, NULL));
    }
    else {
        printf("%s: %s", enclave_code_name(code), enclave_result_error_message(result, NULL));
    }
    if (enclave_result_stdout(result, NULL)[0] != '\0') {
        printf("  (printed: %.*s)", (int)strcspn(enclave_result_stdout(result, NULL), "\n"),
               enclave_result_stdout(result, NULL));
    }
    printf("\n");
    enclave_result_free(result);
}

int
main(void)
{
    struct shop shop = {0};
    enclave *opened;
    enclave_config *config = enclave_config_new();
    enclave_config_set_timeout(config, 0.3);
    enclave_config_set_memory_limit(config, (int64_t)32 << 20);
    enclave_config_set_max_tool_calls(config, 20);
    enclave_config_set_max_output(config, 1000, 100);
    enclave_config_set_workers(config, 1, 2);
    enclave_config_add_tool(config, "price", price, &shop);
    enclave_status status = enclave_open(config, &opened);
    enclave_config_free(config);
    if (status != ENCLAVE_OK) {
        fprintf(stderr, "%s: %s\n", enclave_status_name(status), enclave_last_error());
        return 1;
    }

    show("value", opened, "sum(range(10))");
    show("tool", opened, "print('asking')\n3 * call_tool('price', {'thing': 'tea'})['cents']");
    show("tool error", opened, "call_tool('price', {'thing': 'moon'})");
    show("exception", opened, "1 / 0");
    show("syntax", opened, "1 +");
    show("endless", opened,
         "while True:\n    try:\n        while True: pass\n    except BaseException: pass");
    show("memory bomb", opened, "x = []\nwhile True: x.append('x' * 100000 + str(len(x)))");
    show("chatty", opened, "while True: print('spam' * 10)");
    show("recursion", opened, "def f(): return f()\nf()");
    show("file", opened, "open('/etc/passwd').read()");
    show("after that", opened, "'still here'");

    enclave_stats stats;
    enclave_get_stats(opened, &stats);
    printf("%lld scripts, %lld well, %lld out of time, %lld out of memory; the tool was asked %d times\n",
           (long long)stats.total_executions, (long long)stats.successful_executions,
           (long long)stats.timeout_executions, (long long)stats.memory_kills, shop.questions);
    enclave_free(opened);
    return 0;
}
