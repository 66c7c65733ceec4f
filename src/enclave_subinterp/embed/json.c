/* json.c: values of Python as JSON, for those that are what JSON has: the ordinary ones, written quickly.
 *
 * encode_plain() gives bytes, or None for a value that has anything else in it; json_values.py writes that.  What is
 * written here is what it would have written.
 */

struct writer {
    char *text;
    size_t used, room;
    char first[1024];
};

enum { WRITTEN, NOT_PLAIN, RAISED };

static int
write_bytes(struct writer *writer, const char *bytes, size_t length)
{
    if (writer->room - writer->used < length) {
        size_t room = (writer->used + length) * 2;
        char *larger = PyMem_Realloc(writer->text == writer->first ? NULL : writer->text, room);
        if (larger == NULL) {
            PyErr_NoMemory();
            return RAISED;
        }
        if (writer->text == writer->first) {
            memcpy(larger, writer->first, writer->used);
        }
        writer->text = larger;
        writer->room = room;
    }
    memcpy(writer->text + writer->used, bytes, length);
    writer->used += length;
    return WRITTEN;
}

static int
write_escaped(struct writer *writer, unsigned char byte)
{
    static const char short_names[] = "\bb\ff\nn\rr\tt\"\"\\\\";
    char text[8];
    for (const char *at = short_names; *at != '\0'; at += 2) {
        if ((unsigned char)*at == byte) {
            text[0] = '\\';
            text[1] = at[1];
            return write_bytes(writer, text, 2);
        }
    }
    return write_bytes(writer, text, (size_t)snprintf(text, sizeof text, "\\u%04x", byte));
}

static int
write_text(struct writer *writer, PyObject *value)
{
    Py_ssize_t length;
    const char *text = PyUnicode_AsUTF8AndSize(value, &length);
    if (text == NULL) { /* lone surrogates, or no memory: the other way tells which */
        PyErr_Clear();
        return NOT_PLAIN;
    }
    int result = write_bytes(writer, "\"", 1);
    const char *end = text + length;
    for (const char *from = text; result == WRITTEN && from < end;) {
        const char *at = from;
        while (at < end && (unsigned char)*at >= ' ' && *at != '"' && *at != '\\') {
            at++;
        }
        result = write_bytes(writer, from, (size_t)(at - from));
        if (at < end && result == WRITTEN) {
            result = write_escaped(writer, (unsigned char)*at++);
        }
        from = at;
    }
    return result != WRITTEN ? result : write_bytes(writer, "\"", 1);
}

static int
write_number(struct writer *writer, PyObject *value)
{
    char text[32];
    if (PyLong_CheckExact(value)) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow != 0) {
            return NOT_PLAIN;
        }
        return write_bytes(writer, text, (size_t)snprintf(text, sizeof text, "%lld", number));
    }
    double number = PyFloat_AS_DOUBLE(value);
    if (!isfinite(number)) {
        return NOT_PLAIN;
    }
    char *shortest = PyOS_double_to_string(number, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (shortest == NULL) {
        return RAISED;
    }
    int result = write_bytes(writer, shortest, strlen(shortest));
    PyMem_Free(shortest);
    return result;
}

static int write_value(struct writer *writer, PyObject *value);

static int
write_list(struct writer *writer, PyObject *list)
{
    int result = write_bytes(writer, "[", 1);
    for (Py_ssize_t i = 0; result == WRITTEN && i < PyList_GET_SIZE(list); i++) {
        result = i == 0 ? WRITTEN : write_bytes(writer, ",", 1);
        if (result == WRITTEN) {
            result = write_value(writer, PyList_GET_ITEM(list, i));
        }
    }
    return result != WRITTEN ? result : write_bytes(writer, "]", 1);
}

static int
write_dict(struct writer *writer, PyObject *dict)
{
    Py_ssize_t at = 0;
    PyObject *key, *item;
    int result = write_bytes(writer, "{", 1);
    int first = 1;
    while (result == WRITTEN && PyDict_Next(dict, &at, &key, &item)) {
        if (!PyUnicode_CheckExact(key) ||
            (PyUnicode_GET_LENGTH(key) > 0 && PyUnicode_READ_CHAR(key, 0) == '$')) {
            return NOT_PLAIN;
        }
        result = first ? WRITTEN : write_bytes(writer, ",", 1);
        first = 0;
        result = result != WRITTEN ? result : write_text(writer, key);
        result = result != WRITTEN ? result : write_bytes(writer, ":", 1);
        result = result != WRITTEN ? result : write_value(writer, item);
    }
    return result != WRITTEN ? result : write_bytes(writer, "}", 1);
}

static int
write_value(struct writer *writer, PyObject *value)
{
    if (value == Py_None) {
        return write_bytes(writer, "null", 4);
    }
    if (PyBool_Check(value)) {
        return value == Py_True ? write_bytes(writer, "true", 4) : write_bytes(writer, "false", 5);
    }
    if (PyUnicode_CheckExact(value)) {
        return write_text(writer, value);
    }
    if (PyLong_CheckExact(value) || PyFloat_CheckExact(value)) {
        return write_number(writer, value);
    }
    if (!PyList_CheckExact(value) && !PyDict_CheckExact(value)) {
        return NOT_PLAIN;
    }
    if (Py_EnterRecursiveCall(" while a value is written as JSON")) {
        return RAISED;
    }
    int result = PyList_CheckExact(value) ? write_list(writer, value) : write_dict(writer, value);
    Py_LeaveRecursiveCall();
    return result;
}

static PyObject *
encode_plain(PyObject *module, PyObject *value)
{
    struct writer writer;
    writer.text = writer.first;
    writer.used = 0;
    writer.room = sizeof writer.first;
    (void)module;
    PyObject *made = NULL;
    int result = write_value(&writer, value);
    if (result == WRITTEN) {
        made = PyBytes_FromStringAndSize(writer.text, (Py_ssize_t)writer.used);
    }
    else if (result == NOT_PLAIN) {
        made = Py_NewRef(Py_None);
    }
    if (writer.text != writer.first) {
        PyMem_Free(writer.text);
    }
    return made;
}

static PyMethodDef encode_plain_method = {"encode_plain", encode_plain, METH_O, NULL};
