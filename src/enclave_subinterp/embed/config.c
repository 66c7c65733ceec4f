/* config.c: what an enclave is to be, kept until it is opened: options by name, tools, a function for output.
 *
 * Nothing is checked here but for NULL, and nothing of Python is needed.  Tools are called from here, too.
 */

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
