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

struct enclave_reply {
    char *text;
    size_t length;
    int failed;
};

struct enclave_config {
    ec_option *options;
    int64_t options_used, options_room;
    ec_tool_entry *tools;
    int64_t tools_used, tools_room;
    enclave_output output;
    void *output_user;
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

static enclave_status
null_argument(const char *name)
{
    return fail(ENCLAVE_ERROR_ARGUMENT, "%s: expected something, got NULL", name);
}

static enclave_status
no_memory(void)
{
    return fail(ENCLAVE_ERROR_NO_MEMORY, "out of memory");
}

static void
ec_tell(const char *text)
{
    (void)fail(ENCLAVE_OK, "%s", text);
}

/* --- configs ---------------------------------------------------------------------------------------------------- */

enclave_config *
enclave_config_new(void)
{
    enclave_config *config = calloc(1, sizeof *config);
    if (config == NULL) {
        (void)no_memory();
    }
    return config;
}

void
enclave_config_free(enclave_config *config)
{
    if (config == NULL) {
        return;
    }
    for (int64_t i = 0; i < config->options_used; i++) {
        free(config->options[i].name);
        free(config->options[i].text);
    }
    for (int64_t i = 0; i < config->tools_used; i++) {
        free(config->tools[i].name);
    }
    free(config->options);
    free(config->tools);
    free(config);
}

/* Room for one more in an array that grows; NULL without memory. */
static void *
grown(void *array, int64_t used, int64_t *room, size_t size)
{
    if (used < *room) {
        return array;
    }
    int64_t wanted = *room == 0 ? 8 : *room * 2;
    void *larger = realloc(array, (size_t)wanted * size);
    if (larger != NULL) {
        *room = wanted;
    }
    return larger;
}

static enclave_status
add_option(enclave_config *config, const char *name, int kind, double number, int64_t whole, const char *text)
{
    if (config == NULL || name == NULL) {
        return null_argument(config == NULL ? "config" : "name");
    }
    ec_option *options =
        grown(config->options, config->options_used, &config->options_room, sizeof *config->options);
    if (options == NULL) {
        return no_memory();
    }
    config->options = options;
    ec_option option = {.name = strdup(name), .kind = kind, .number = number, .whole = whole};
    option.text = text != NULL ? strdup(text) : NULL;
    if (option.name == NULL || (text != NULL && option.text == NULL)) {
        free(option.name);
        free(option.text);
        return no_memory();
    }
    options[config->options_used++] = option;
    return ENCLAVE_OK;
}

static enclave_status
add_seconds(enclave_config *config, const char *name, double seconds)
{
    return add_option(config, name, EC_NUMBER, seconds, 0, NULL);
}

static enclave_status
add_whole(enclave_config *config, const char *name, int64_t whole)
{
    return add_option(config, name, EC_WHOLE, 0, whole, NULL);
}

enclave_status
enclave_config_set_level(enclave_config *config, enclave_level level)
{
    return add_whole(config, "security_level", (int64_t)level);
}

enclave_status
enclave_config_set_timeout(enclave_config *config, double seconds)
{
    return add_seconds(config, "timeout", seconds);
}

enclave_status
enclave_config_set_cpu_limit(enclave_config *config, double seconds)
{
    return add_seconds(config, "cpu_limit", seconds);
}

enclave_status
enclave_config_set_tool_timeout(enclave_config *config, double seconds)
{
    return add_seconds(config, "tool_timeout", seconds);
}

enclave_status
enclave_config_set_memory_limit(enclave_config *config, int64_t bytes)
{
    return add_whole(config, "memory_limit_per_worker", bytes);
}

enclave_status
enclave_config_set_max_tool_calls(enclave_config *config, int64_t calls)
{
    return add_whole(config, "max_tool_calls", calls);
}

enclave_status
enclave_config_set_max_output(enclave_config *config, int64_t bytes, int64_t writes)
{
    enclave_status status = add_whole(config, "max_output_bytes", bytes);
    return status != ENCLAVE_OK ? status : add_whole(config, "max_output_calls", writes);
}

enclave_status
enclave_config_set_workers(enclave_config *config, int64_t least, int64_t most)
{
    enclave_status status = add_whole(config, "min_workers", least);
    return status != ENCLAVE_OK ? status : add_whole(config, "max_workers", most);
}

enclave_status
enclave_config_set_json(enclave_config *config, const char *name, const char *json)
{
    if (json == NULL) {
        return null_argument("json");
    }
    return add_option(config, name, EC_JSON, 0, 0, json);
}

enclave_status
enclave_config_add_tool(enclave_config *config, const char *name, enclave_tool tool, void *user)
{
    if (config == NULL || name == NULL || tool == NULL) {
        return null_argument(config == NULL ? "config" : name == NULL ? "name" : "tool");
    }
    ec_tool_entry *tools =
        grown(config->tools, config->tools_used, &config->tools_room, sizeof *config->tools);
    if (tools == NULL) {
        return no_memory();
    }
    config->tools = tools;
    char *copy = strdup(name);
    if (copy == NULL) {
        return no_memory();
    }
    tools[config->tools_used++] =
        (ec_tool_entry){.name = copy, .function = (void *)(uintptr_t)tool, .user = user};
    return ENCLAVE_OK;
}

enclave_status
enclave_config_set_output(enclave_config *config, enclave_output output, void *user)
{
    if (config == NULL) {
        return null_argument("config");
    }
    config->output = output;
    config->output_user = user;
    return ENCLAVE_OK;
}

/* --- tools ------------------------------------------------------------------------------------------------------ */

static enclave_status
set_reply(enclave_reply *reply, const char *text, const char *name, int failed)
{
    if (reply == NULL || text == NULL) {
        return null_argument(reply == NULL ? "reply" : name);
    }
    char *copy = strdup(text);
    if (copy == NULL) {
        return no_memory();
    }
    free(reply->text);
    *reply = (enclave_reply){.text = copy, .length = strlen(copy), .failed = failed};
    return ENCLAVE_OK;
}

enclave_status
enclave_reply_json(enclave_reply *reply, const char *json)
{
    return set_reply(reply, json, "json", 0);
}

enclave_status
enclave_reply_error(enclave_reply *reply, const char *message)
{
    return set_reply(reply, message, "message", 1);
}

/* Call a tool; what it answered is `answer`, whose text the caller frees with ec_free(). */
static void
ec_call(ec_tool_entry *tool, const char *arguments, ec_answer *answer)
{
    enclave_reply reply = {0};
    depth++; /* what is called meanwhile is called out of a tool */
    int failed = ((enclave_tool)(uintptr_t)tool->function)(tool->user, tool->name, arguments, &reply);
    depth--;
    answer->failed = failed != 0 || reply.failed;
    answer->text = answer->failed && !reply.failed ? (free(reply.text), NULL) : reply.text;
    answer->length = answer->text != NULL ? (int64_t)reply.length : 0;
}

static void
ec_free(void *memory)
{
    free(memory);
}

static void
ec_write(void *function, void *user, int stream, const char *text, int64_t length)
{
    depth++;
    ((enclave_output)(uintptr_t)function)(user, (enclave_stream)stream, text, (size_t)length);
    depth--;
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
