/* api.c: the functions of enclave.h.
 *
 * Objects of C hold numbers under which the Python side (bridge.py) keeps its own; what crosses is text and numbers.
 * The functions named ec_... are cffi's: those without a body here are Python (extern "Python"), the others are called
 * by it.  A function of Python runs on the thread that calls it, so it reports failures with ec_tell().
 */

struct enclave {
    int64_t number;
};

struct enclave_task {
    int64_t number;
};

enum { TEXT_VALUE, TEXT_STDOUT, TEXT_STDERR, TEXT_NAME, TEXT_MESSAGE, TEXT_STACK, TEXT_DATA, TEXTS };

struct enclave_result {
    enclave_code code;
    double duration, cpu_time, queue_time;
    int64_t tool_calls, messages, iterations, peak_memory, worker;
    const char *texts[TEXTS];
    size_t lengths[TEXTS];
    char room[];
};

/* --- the library ------------------------------------------------------------------------------------------------ */

const char *
enclave_last_error(void)
{
    return last_error.text;
}

const char *
enclave_status_name(enclave_status status)
{
    static const char *const names[] = {
        "ENCLAVE_OK",
        "ENCLAVE_ERROR_ARGUMENT",
        "ENCLAVE_ERROR_PYTHON",
        "ENCLAVE_ERROR_PLATFORM",
        "ENCLAVE_ERROR_CLOSED",
        "ENCLAVE_ERROR_QUEUE_FULL",
        "ENCLAVE_ERROR_QUEUE_TIMEOUT",
        "ENCLAVE_ERROR_STARTUP",
        "ENCLAVE_ERROR_TIMEOUT",
        "ENCLAVE_ERROR_USAGE",
        "ENCLAVE_ERROR_NO_MEMORY",
        "ENCLAVE_ERROR_INTERNAL",
    };
    size_t number = (size_t)status;
    return number < sizeof names / sizeof *names ? names[number] : "unknown";
}

const char *
enclave_code_name(enclave_code code)
{
    static const char *const names[] = {
        "SUCCESS",
        "VALIDATION_ERROR",
        "EXECUTION_ERROR",
        "TIMEOUT",
        "CPU_LIMIT",
        "TOOL_ERROR",
        "MAX_TOOL_CALLS",
        "MAX_ITERATIONS",
        "MEMORY_LIMIT_EXCEEDED",
        "MESSAGE_FLOOD",
        "MESSAGE_TOO_LARGE",
        "OUTPUT_LIMIT",
        "RESULT_NOT_SERIALIZABLE",
        "SANDBOX_VIOLATION",
        "WORKER_CRASHED",
        "ABORTED",
    };
    size_t number = (size_t)code;
    return number < sizeof names / sizeof *names ? names[number] : "unknown";
}

const char *
enclave_version(void)
{
    return EMBED_VERSION;
}

static void
ec_tell(const char *text)
{
    (void)fail(ENCLAVE_OK, "%s", text);
}

/* --- enclaves --------------------------------------------------------------------------------------------------- */

enclave_status
enclave_open(const enclave_config *config, enclave **opened)
{
    static const enclave_config none;
    if (opened == NULL) {
        return null_argument("opened");
    }
    *opened = NULL;
    config = config != NULL ? config : &none;
    enclave *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return no_memory();
    }
    enclave_status status = enter(NULL);
    if (status == ENCLAVE_OK) {
        status =
            (enclave_status)ec_open(config->options, config->options_used, config->tools, config->tools_used,
                                    (void *)(uintptr_t)config->output, config->output_user, &made->number);
        leave();
    }
    if (status != ENCLAVE_OK) {
        free(made);
        return status;
    }
    *opened = made;
    return ENCLAVE_OK;
}

enclave_status
enclave_close(enclave *opened)
{
    if (opened == NULL) {
        return null_argument("opened");
    }
    enclave_status status = enter(NULL);
    if (status == ENCLAVE_OK) {
        status = (enclave_status)ec_close(opened->number);
        leave();
    }
    return status;
}

void
enclave_free(enclave *opened)
{
    if (opened != NULL && !atomic_load(&forked) && enter(NULL) == ENCLAVE_OK) {
        ec_forget_enclave(opened->number);
        leave();
    }
    free(opened);
}

enclave_status
enclave_run(enclave *opened, const char *source, double timeout, const char *globals, enclave_result **result)
{
    if (result != NULL) {
        *result = NULL;
    }
    if (opened == NULL || source == NULL || result == NULL) {
        return null_argument(opened == NULL ? "opened" : source == NULL ? "source" : "result");
    }
    enclave_status status = enter(NULL);
    if (status == ENCLAVE_OK) {
        status = (enclave_status)ec_run(opened->number, (char *)source, (int64_t)strlen(source), timeout,
                                        (char *)globals, result);
        leave();
    }
    return status;
}

enclave_status
enclave_submit(enclave *opened, const char *source, double timeout, const char *globals, enclave_task **task)
{
    if (task != NULL) {
        *task = NULL;
    }
    if (opened == NULL || source == NULL || task == NULL) {
        return null_argument(opened == NULL ? "opened" : source == NULL ? "source" : "task");
    }
    enclave_task *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return no_memory();
    }
    enclave_status status = enter(NULL);
    if (status == ENCLAVE_OK) {
        status = (enclave_status)ec_submit(opened->number, (char *)source, (int64_t)strlen(source), timeout,
                                           (char *)globals, &made->number);
        leave();
    }
    if (status != ENCLAVE_OK) {
        free(made);
        return status;
    }
    *task = made;
    return ENCLAVE_OK;
}

enclave_status
enclave_get_stats(enclave *opened, enclave_stats *stats)
{
    if (opened == NULL || stats == NULL) {
        return null_argument(opened == NULL ? "opened" : "stats");
    }
    *stats = (enclave_stats){0};
    enclave_status status = enter(NULL);
    if (status == ENCLAVE_OK) {
        status = (enclave_status)ec_stats(opened->number, stats);
        leave();
    }
    return status;
}

/* --- tasks ------------------------------------------------------------------------------------------------------ */

enclave_status
enclave_task_wait(enclave_task *task, double seconds, enclave_result **result)
{
    if (result != NULL) {
        *result = NULL;
    }
    if (task == NULL || result == NULL) {
        return null_argument(task == NULL ? "task" : "result");
    }
    enclave_status status = enter(NULL);
    if (status == ENCLAVE_OK) {
        status = (enclave_status)ec_wait(task->number, seconds, result);
        leave();
    }
    return status;
}

enclave_status
enclave_task_kill(enclave_task *task)
{
    if (task == NULL) {
        return null_argument("task");
    }
    enclave_status status = enter(NULL);
    if (status == ENCLAVE_OK) {
        status = (enclave_status)ec_kill(task->number);
        leave();
    }
    return status;
}

int
enclave_task_done(enclave_task *task)
{
    int done = 0;
    if (task != NULL && enter(NULL) == ENCLAVE_OK) {
        done = ec_done(task->number);
        leave();
    }
    return done;
}

void
enclave_task_free(enclave_task *task)
{
    if (task != NULL && !atomic_load(&forked) && enter(NULL) == ENCLAVE_OK) {
        ec_forget_task(task->number);
        leave();
    }
    free(task);
}

/* --- results ---------------------------------------------------------------------------------------------------- */

/* Make the result in one piece; a text that is NULL there is NULL in the result. */
static int
ec_result(enclave_result **result, int code, double duration, double cpu_time, double queue_time,
          int64_t tool_calls, int64_t messages, int64_t iterations, int64_t peak_memory, int64_t worker,
          const char *value, int64_t value_length, const char *out, int64_t out_length, const char *err,
          int64_t err_length, const char *name, int64_t name_length, const char *message,
          int64_t message_length, const char *stack, int64_t stack_length, const char *data,
          int64_t data_length)
{
    const char *texts[TEXTS] = {value, out, err, name, message, stack, data};
    const int64_t lengths[TEXTS] = {
        value_length, out_length, err_length, name_length, message_length, stack_length, data_length,
    };
    size_t size = sizeof **result;
    for (int i = 0; i < TEXTS; i++) {
        size += texts[i] != NULL ? (size_t)lengths[i] + 1 : 0;
    }
    enclave_result *made = malloc(size);
    if (made == NULL) {
        (void)no_memory();
        return ENCLAVE_ERROR_NO_MEMORY;
    }
    *made = (enclave_result){
        .code = (enclave_code)code,
        .duration = duration,
        .cpu_time = cpu_time,
        .queue_time = queue_time,
        .tool_calls = tool_calls,
        .messages = messages,
        .iterations = iterations,
        .peak_memory = peak_memory,
        .worker = worker,
    };
    char *room = made->room;
    for (int i = 0; i < TEXTS; i++) {
        if (texts[i] != NULL) {
            made->texts[i] = memcpy(room, texts[i], (size_t)lengths[i]);
            made->lengths[i] = (size_t)lengths[i];
            room[lengths[i]] = '\0';
            room += lengths[i] + 1;
        }
    }
    *result = made;
    return ENCLAVE_OK;
}

void
enclave_result_free(enclave_result *result)
{
    free(result);
}

enclave_code
enclave_result_code(const enclave_result *result)
{
    return result != NULL ? result->code : ENCLAVE_CODE_ABORTED;
}

static const char *
text_of(const enclave_result *result, int which, size_t *length)
{
    if (length != NULL) {
        *length = result != NULL ? result->lengths[which] : 0;
    }
    return result != NULL ? result->texts[which] : NULL;
}

#define TEXT(name, which)                                                           \
    const char *enclave_result_##name(const enclave_result *result, size_t *length) \
    {                                                                               \
        return text_of(result, which, length);                                      \
    }
#define FIGURE(type, name)                                   \
    type enclave_result_##name(const enclave_result *result) \
    {                                                        \
        return result != NULL ? result->name : 0;            \
    }

TEXT(value, TEXT_VALUE)
TEXT(stdout, TEXT_STDOUT)
TEXT(stderr, TEXT_STDERR)
TEXT(error_name, TEXT_NAME)
TEXT(error_message, TEXT_MESSAGE)
TEXT(error_stack, TEXT_STACK)
TEXT(error_data, TEXT_DATA)
FIGURE(double, duration)
FIGURE(double, cpu_time)
FIGURE(double, queue_time)
FIGURE(int64_t, tool_calls)
FIGURE(int64_t, messages)
FIGURE(int64_t, iterations)
FIGURE(int64_t, peak_memory)
FIGURE(int64_t, worker)
