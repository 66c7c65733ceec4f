/* What enclave.h promises, looked at from a program: prints what is not so, and how many things were looked at. */

#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave.h"

static int looked, wrong;

#define IS(condition)                                                            \
    do {                                                                         \
        looked++;                                                                \
        if (!(condition)) {                                                      \
            wrong++;                                                             \
            printf("%d: %s (%s)\n", __LINE__, #condition, enclave_last_error()); \
        }                                                                        \
    } while (0)
#define SAYS(text) IS(strstr(enclave_last_error(), text) != NULL)

static int
echo(void *user, const char *name, const char *arguments, enclave_reply *reply)
{
    IS(strcmp(name, "echo") == 0);
    __atomic_fetch_add((int *)user, 1, __ATOMIC_RELAXED);
    return enclave_reply_json(reply, arguments);
}

static int
silent(void *user, const char *name, const char *arguments, enclave_reply *reply)
{
    (void)user, (void)name, (void)arguments, (void)reply;
    return 0;
}

static int
broken(void *user, const char *name, const char *arguments, enclave_reply *reply)
{
    (void)user, (void)name, (void)arguments;
    enclave_reply_json(reply, "{not json");
    return 0;
}

static int
refusing(void *user, const char *name, const char *arguments, enclave_reply *reply)
{
    (void)user, (void)name, (void)arguments;
    enclave_reply_json(reply, "1");
    return reply != NULL ? 7 : 0;
}

/* Runs a script of another enclave, and finds that the library cannot be ended from here. */
static int
nested(void *user, const char *name, const char *arguments, enclave_reply *reply)
{
    enclave_result *result;
    (void)name, (void)arguments;
    IS(enclave_run(user, "6 * 7", 0, NULL, &result) == ENCLAVE_OK);
    enclave_reply_json(reply, enclave_result_value(result, NULL));
    enclave_result_free(result);
    IS(enclave_shutdown() == ENCLAVE_ERROR_USAGE);
    return 0;
}

static char written[200];

static void
on_output(void *user, enclave_stream stream, const char *text, size_t length)
{
    (void)user;
    IS(text[length] == '\0' && strlen(text) <= length);
    strcat(strcat(written, stream == ENCLAVE_STDOUT ? "1" : "2"), text);
}

/* The value of a script, or its code; in one static text. */
static const char *
value(enclave *opened, const char *source, const char *globals)
{
    static char text[2000];
    enclave_result *result = NULL;
    if (enclave_run(opened, source, 0, globals, &result) != ENCLAVE_OK) {
        snprintf(text, sizeof text, "not run: %s", enclave_last_error());
    }
    else if (enclave_result_code(result) != ENCLAVE_CODE_SUCCESS) {
        snprintf(text, sizeof text, "%s %s %s", enclave_code_name(enclave_result_code(result)),
                 enclave_result_error_name(result, NULL), enclave_result_error_message(result, NULL));
    }
    else {
        snprintf(text, sizeof text, "%s", enclave_result_value(result, NULL));
    }
    enclave_result_free(result);
    return text;
}

#define VALUE(source, globals, expected) \
    IS(strcmp(value(opened, source, globals), expected) == 0 || (puts(value(opened, source, globals)), 0))

static void
look_at_null(void)
{
    enclave_result *result = (void *)1;
    enclave_task *task = (void *)1;
    enclave *opened = (void *)1;
    enclave_stats stats;
    enclave_free(NULL);
    enclave_config_free(NULL);
    enclave_task_free(NULL);
    enclave_result_free(NULL);
    IS(enclave_open(NULL, NULL) == ENCLAVE_ERROR_ARGUMENT);
    SAYS("opened");
    IS(enclave_close(NULL) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_run(NULL, "1", 0, NULL, &result) == ENCLAVE_ERROR_ARGUMENT && result == NULL);
    IS(enclave_submit(NULL, "1", 0, NULL, &task) == ENCLAVE_ERROR_ARGUMENT && task == NULL);
    IS(enclave_get_stats(NULL, &stats) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_task_wait(NULL, 0, &result) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_task_kill(NULL) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_task_done(NULL) == 0);
    IS(enclave_config_set_timeout(NULL, 1) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_config_add_tool(NULL, "x", echo, NULL) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_config_set_output(NULL, on_output, NULL) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_reply_json(NULL, "1") == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_reply_error(NULL, "x") == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_result_code(NULL) == ENCLAVE_CODE_ABORTED);
    size_t length = 7;
    IS(enclave_result_value(NULL, &length) == NULL && length == 0);
    IS(enclave_result_stdout(NULL, NULL) == NULL && enclave_result_stderr(NULL, NULL) == NULL);
    IS(enclave_result_error_name(NULL, NULL) == NULL && enclave_result_error_message(NULL, NULL) == NULL);
    IS(enclave_result_error_stack(NULL, NULL) == NULL && enclave_result_error_data(NULL, NULL) == NULL);
    IS(enclave_result_duration(NULL) == 0 && enclave_result_peak_memory(NULL) == 0);
    enclave_config *config = enclave_config_new();
    IS(enclave_config_add_tool(config, NULL, echo, NULL) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_config_add_tool(config, "x", NULL, NULL) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_config_set_json(config, NULL, "1") == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_config_set_json(config, "timeout", NULL) == ENCLAVE_ERROR_ARGUMENT);
    enclave_config_free(config);
    IS(strcmp(enclave_status_name(ENCLAVE_ERROR_INTERNAL), "ENCLAVE_ERROR_INTERNAL") == 0);
    IS(strcmp(enclave_status_name((enclave_status)99), "unknown") == 0);
    IS(strcmp(enclave_code_name(ENCLAVE_CODE_ABORTED), "ABORTED") == 0);
    IS(strcmp(enclave_code_name((enclave_code)-1), "unknown") == 0);
    (void)opened;
}

static enclave_status
open_with(const char *name, const char *json, enclave_level level)
{
    enclave *opened = (void *)1;
    enclave_config *config = enclave_config_new();
    enclave_config_set_level(config, level);
    if (name != NULL) {
        enclave_config_set_json(config, name, json);
    }
    enclave_status status = enclave_open(config, &opened);
    IS((opened != NULL) == (status == ENCLAVE_OK));
    enclave_config_free(config);
    enclave_free(opened);
    return status;
}

static void
look_at_configs(void)
{
    IS(open_with("timeout", "-1", ENCLAVE_LEVEL_STANDARD) == ENCLAVE_ERROR_ARGUMENT);
    SAYS("timeout: expected seconds");
    IS(open_with("tiemout", "1", ENCLAVE_LEVEL_STANDARD) == ENCLAVE_ERROR_ARGUMENT);
    SAYS("tiemout");
    IS(open_with("max_queue_size", "[1", ENCLAVE_LEVEL_STANDARD) == ENCLAVE_ERROR_ARGUMENT);
    SAYS("max_queue_size: expected JSON");
    IS(open_with("memory_limit_per_worker", "1024", ENCLAVE_LEVEL_STANDARD) == ENCLAVE_ERROR_ARGUMENT);
    SAYS("memory_limit_per_worker");
    IS(open_with("timeout", "NaN", ENCLAVE_LEVEL_STANDARD) == ENCLAVE_ERROR_ARGUMENT);
    IS(open_with(NULL, NULL, (enclave_level)9) == ENCLAVE_ERROR_ARGUMENT);
    SAYS("level");
    IS(open_with("on_worker_recycled", "1", ENCLAVE_LEVEL_STANDARD) == ENCLAVE_ERROR_ARGUMENT);
    SAYS("on_worker_recycled");
}

static void
look_at_values(enclave *opened)
{
    VALUE("x + y['z'][1]", "{\"x\": 1, \"y\": {\"z\": [1, 2]}}", "3");
    VALUE("None", NULL, "null");
    VALUE("", NULL, "null");
    VALUE("[True, 1.5, 'é\\n', {'a': None}]", NULL, "[true,1.5,\"é\\n\",{\"a\":null}]");
    VALUE("'a\\0b'", NULL, "\"a\\u0000b\"");
    VALUE("'\\ud800'", NULL,
          "RESULT_NOT_SERIALIZABLE TypeError Expected text without lone surrogates, got `str` - at `$`");
    VALUE("(1, {2}, b'hi')", NULL, "{\"$tuple\":[1,{\"$set\":[2]},{\"$bytes\":\"aGk=\"}]}");
    VALUE("{1: 2}", NULL, "{\"$dict\":[[1,2]]}");
    VALUE("{'$x': 2}", NULL, "{\"$dict\":[[\"$x\",2]]}");
    VALUE("float('inf')", NULL, "{\"$float\":\"inf\"}");
    VALUE("[2**63, -2**63, 10**18]", NULL, "[9223372036854775808,-9223372036854775808,1000000000000000000]");
    VALUE("2**63", NULL, "9223372036854775808");
    VALUE("1 << 2048 == x",
          "{\"x\": {\"$int\": \"0x1" /* 512 zeros follow */
          "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
          "000000000000000000000000000000"
          "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
          "000000000000000000000000000000"
          "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
          "000000000000000000000000000000"
          "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
          "000000000000000000000000000000"
          "\"}}",
          "true");
    VALUE("b + bytes(t)", "{\"b\": {\"$bytes\": \"aGk=\"}, \"t\": {\"$tuple\": [33]}}",
          "{\"$bytes\":\"aGkh\"}");
    VALUE("d", "{\"d\": {\"$timedelta\": [1, 2, 3]}}", "{\"$timedelta\":[1,2,3]}");
    VALUE("len(x)", "{\"x\": \"\\u0024\"}", "1");
    IS(strncmp(value(opened, "lambda: 1", NULL), "RESULT_NOT_SERIALIZABLE ", 24) == 0);
    IS(strncmp(value(opened, "1", "[1]"), "not run: globals: expected", 26) == 0);
    IS(strncmp(value(opened, "1", "{\"x\": {\"$nonsense\": 1}}"), "not run: expected one of $int", 29) == 0);
    IS(strncmp(value(opened, "1", "{\"x\": Infinity}"), "not run: Infinity is not JSON", 29) == 0);
    IS(strncmp(value(opened, "1", "{"), "not run: Expecting", 18) == 0);
    IS(strncmp(value(opened, "\xff", NULL), "not run: 'utf-8' codec", 22) == 0);
    IS(strncmp(value(opened, "1", "{\"x\": \"\xff\"}"), "not run: 'utf-8' codec", 22) == 0);
}

static void
look_at_results(enclave *opened)
{
    enclave_result *result = NULL;
    size_t length = 0;
    IS(enclave_run(opened, "import sys\nprint('a\\0b')\nprint('e', file=sys.stderr)\n1/0", 0, NULL,
                   &result) == ENCLAVE_OK);
    IS(enclave_result_code(result) == ENCLAVE_CODE_EXECUTION_ERROR);
    IS(enclave_result_value(result, &length) == NULL && length == 0);
    IS(memcmp(enclave_result_stdout(result, &length), "a\0b\n", 5) == 0 && length == 4);
    IS(strcmp(enclave_result_stderr(result, &length), "e\n") == 0 && length == 2);
    IS(strcmp(enclave_result_error_name(result, NULL), "ZeroDivisionError") == 0);
    IS(strcmp(enclave_result_error_message(result, NULL), "division by zero") == 0);
    IS(strstr(enclave_result_error_stack(result, NULL), "line 4") != NULL);
    IS(enclave_result_duration(result) > 0 && enclave_result_duration(result) < 10);
    IS(enclave_result_cpu_time(result) >= 0 && enclave_result_queue_time(result) >= 0);
    IS(enclave_result_messages(result) >= 2 && enclave_result_tool_calls(result) == 0);
    IS(enclave_result_peak_memory(result) > 1000 && enclave_result_worker(result) > 0);
    enclave_result_free(result);
    IS(strncmp(written, "1a", 2) == 0);
    IS(enclave_run(opened, "1 +", 0, NULL, &result) == ENCLAVE_OK);
    IS(enclave_result_code(result) == ENCLAVE_CODE_VALIDATION_ERROR);
    IS(strstr(enclave_result_error_data(result, NULL), "\"line\":1") != NULL);
    enclave_result_free(result);
    IS(enclave_run(opened, "while True: pass", 0.05, NULL, &result) == ENCLAVE_OK);
    IS(enclave_result_code(result) == ENCLAVE_CODE_TIMEOUT);
    enclave_result_free(result);
    IS(enclave_run(opened, "1", -1, NULL, &result) == ENCLAVE_ERROR_ARGUMENT && result == NULL);
    SAYS("timeout");
    IS(enclave_run(opened, "1", INFINITY, NULL, &result) == ENCLAVE_OK);
    enclave_result_free(result);
}

static void
look_at_tools(enclave *opened)
{
    VALUE("call_tool('echo', {'a': [1, {'b': 'é'}], 't': (1, 2)})", NULL,
          "{\"a\":[1,{\"b\":\"é\"}],\"t\":{\"$tuple\":[1,2]}}");
    VALUE("call_tool('silent', {})", NULL, "null");
    VALUE("call_tool('nested', {})", NULL, "42");
    VALUE("call_tool('nested', {}) + 1", NULL, "43");
    IS(strstr(value(opened, "call_tool('broken', {})", NULL),
              "TOOL_ERROR ToolError tool 'broken' answered with something that is not JSON") != NULL);
    VALUE("call_tool('refusing', {})", NULL, "TOOL_ERROR ToolError tool 'refusing' failed");
    VALUE("call_tool('nobody', {})", NULL, "TOOL_ERROR ToolError there is no tool 'nobody'");
    VALUE("import asyncio\n"
          "sum(x['i'] for x in await asyncio.gather(*[acall_tool('echo', {'i': i}) for i in range(8)]))",
          NULL, "28");
    VALUE("for i in range(200): call_tool('silent', {})", NULL,
          "MAX_TOOL_CALLS MaxToolCallsError made 21 tool calls; the limit is 20");
}

static void *
kill_it(void *task)
{
    IS(enclave_task_kill(task) == ENCLAVE_OK);
    return NULL;
}

static void
look_at_tasks(enclave *opened)
{
    enclave_task *task = NULL;
    enclave_result *result = NULL;
    pthread_t killer;
    IS(enclave_submit(opened, "'done'", 0, NULL, &task) == ENCLAVE_OK);
    for (int i = 0; i < 2; i++) { /* every wait has a result of its own */
        IS(enclave_task_wait(task, INFINITY, &result) == ENCLAVE_OK);
        IS(strcmp(enclave_result_value(result, NULL), "\"done\"") == 0);
        enclave_result_free(result);
    }
    IS(enclave_task_done(task) == 1);
    IS(enclave_task_kill(task) == ENCLAVE_OK);
    enclave_task_free(task);
    IS(enclave_submit(opened, "while True: pass", INFINITY, NULL, &task) == ENCLAVE_OK);
    IS(enclave_task_wait(task, 0.01, &result) == ENCLAVE_ERROR_TIMEOUT && result == NULL);
    IS(enclave_task_wait(task, 0, &result) == ENCLAVE_ERROR_TIMEOUT);
    IS(enclave_task_wait(task, -1, &result) == ENCLAVE_ERROR_ARGUMENT);
    IS(enclave_task_done(task) == 0);
    pthread_create(&killer, NULL, kill_it, task);
    IS(enclave_task_wait(task, INFINITY, &result) == ENCLAVE_OK);
    IS(enclave_result_code(result) == ENCLAVE_CODE_ABORTED);
    pthread_join(killer, NULL);
    enclave_result_free(result);
    enclave_task_free(task);
}

static void *
run_some(void *opened)
{
    char source[100], expected[20];
    for (int i = 0; i < 25; i++) {
        snprintf(source, sizeof source, "call_tool('echo', {'i': %d})['i'] + 1", i);
        snprintf(expected, sizeof expected, "%d", i + 1);
        enclave_result *result = NULL;
        IS(enclave_run(opened, source, 0, NULL, &result) == ENCLAVE_OK);
        IS(enclave_result_code(result) == ENCLAVE_CODE_SUCCESS);
        IS(result != NULL && strcmp(enclave_result_value(result, NULL), expected) == 0);
        enclave_result_free(result);
    }
    IS(enclave_run(opened, NULL, 0, NULL, NULL) == ENCLAVE_ERROR_ARGUMENT); /* the message is this thread's */
    SAYS("source");
    return NULL;
}

static void
look_at_threads(enclave *opened)
{
    pthread_t threads[6];
    (void)enclave_close(NULL);
    for (int i = 0; i < 6; i++) {
        pthread_create(&threads[i], NULL, run_some, opened);
    }
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i], NULL);
    }
    SAYS("opened: expected something, got NULL");
}

static sem_t begun;

static int
begin(void *user, const char *name, const char *arguments, enclave_reply *reply)
{
    (void)user, (void)name, (void)arguments, (void)reply;
    sem_post(&begun);
    return 0;
}

static void *
run_endless(void *opened)
{
    enclave_result *result = NULL;
    IS(enclave_run(opened, "call_tool('begin', {})\nwhile True: pass", INFINITY, NULL, &result) ==
       ENCLAVE_OK);
    IS(enclave_result_code(result) == ENCLAVE_CODE_ABORTED);
    enclave_result_free(result);
    return NULL;
}

/* The process of a fork() has no Python. */
static void
look_at_a_fork(enclave *opened)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        enclave_result *result;
        int right = enclave_run(opened, "1", 0, NULL, &result) == ENCLAVE_ERROR_USAGE;
        right = right && enclave_open(NULL, &opened) == ENCLAVE_ERROR_USAGE;
        right = right && enclave_shutdown() == ENCLAVE_ERROR_USAGE;
        _exit(right ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    IS(status == 0);
}

static void
look_at_the_end(enclave *opened)
{
    enclave_result *result = NULL;
    enclave_task *task = NULL;
    enclave_stats stats;
    IS(enclave_get_stats(opened, &stats) == ENCLAVE_OK);
    IS(stats.total_executions == stats.successful_executions + stats.failed_executions);
    IS(stats.total_executions > 150 && stats.timeout_executions == 1 && stats.idle_workers >= 1);
    IS(stats.avg_execution_time > 0 && stats.timestamp > 1e9 && stats.max_worker_memory > 0);
    IS(enclave_submit(opened, "while True: pass", INFINITY, NULL, &task) == ENCLAVE_OK);
    IS(enclave_close(opened) == ENCLAVE_OK);
    IS(enclave_close(opened) == ENCLAVE_OK);
    IS(enclave_run(opened, "1", 0, NULL, &result) == ENCLAVE_ERROR_CLOSED);
    IS(enclave_get_stats(opened, &stats) == ENCLAVE_OK && stats.total_workers == 0);
    enclave_free(opened);
    IS(enclave_task_wait(task, INFINITY, &result) == ENCLAVE_OK);
    IS(enclave_result_code(result) == ENCLAVE_CODE_ABORTED);
    enclave_result_free(result);
    enclave *another;
    enclave_config *config = enclave_config_new();
    enclave_config_set_json(config, "graceful_shutdown_timeout", "0.05");
    enclave_config_add_tool(config, "begin", begin, NULL);
    IS(enclave_open(config, &another) == ENCLAVE_OK);
    enclave_config_free(config);
    pthread_t waiting;
    sem_init(&begun, 0, 0);
    pthread_create(&waiting, NULL, run_endless, another);
    sem_wait(&begun);
    IS(enclave_shutdown() == ENCLAVE_OK); /* what is under way comes back */
    pthread_join(waiting, NULL);
    IS(enclave_shutdown() == ENCLAVE_OK);
    IS(enclave_run(another, "1", 0, NULL, &result) == ENCLAVE_ERROR_PYTHON);
    SAYS("finalized");
    IS(enclave_task_done(task) == 0);
    enclave_task_free(task);
    enclave_free(another);
    IS(enclave_open(NULL, &another) == ENCLAVE_ERROR_PYTHON && another == NULL);
    IS(enclave_start(NULL) == ENCLAVE_ERROR_PYTHON);
}

int
main(void)
{
    int calls = 0;
    struct sigaction before, after;
    look_at_null();
    sigaction(SIGINT, NULL, &before);
    look_at_configs();
    enclave *inner, *opened;
    IS(enclave_open(NULL, &inner) == ENCLAVE_OK);
    sigaction(SIGINT, NULL, &after);
    IS(before.sa_handler == after.sa_handler);
    sigaction(SIGPIPE, NULL, &after);
    IS(after.sa_handler == SIG_DFL);
    enclave_config *config = enclave_config_new();
    enclave_config_set_workers(config, 1, 2);
    enclave_config_set_max_tool_calls(config, 20);
    enclave_config_set_json(config, "graceful_shutdown_timeout", "0.05");
    enclave_config_set_output(config, on_output, NULL);
    enclave_config_add_tool(config, "echo", silent, &calls);
    enclave_config_add_tool(config, "echo", echo, &calls);
    enclave_config_add_tool(config, "silent", silent, NULL);
    enclave_config_add_tool(config, "broken", broken, NULL);
    enclave_config_add_tool(config, "refusing", refusing, NULL);
    enclave_config_add_tool(config, "nested", nested, inner);
    IS(enclave_open(config, &opened) == ENCLAVE_OK);
    enclave_config_free(config);
    look_at_values(opened);
    look_at_results(opened);
    look_at_tools(opened);
    look_at_tasks(opened);
    look_at_threads(opened);
    IS(calls == 9 + 6 * 25);
    look_at_a_fork(opened);
    enclave_free(inner);
    look_at_the_end(opened);
    printf("%d looked at, %d wrong\n", looked, wrong);
    return wrong != 0;
}
