#include "schema/json.h"
#include "schema/text.h"

static bool is_number_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* jansson says how far it had read, which is the end of what it refuses. */
static size_t begin_of(const char *data, size_t at, bool number)
{
    while (number && at > 0 && is_number_byte(data[at - 1]))
        at--;
    return at;
}

/* What is JSON and still not taken: a key given twice, a number that no C type holds. */
static int explain(const char *data, size_t len, const json_error_t *from, struct gri_json_error *error)
{
    enum json_error_code code = json_error_code(from);
    if (code == json_error_out_of_memory)
        return GR_ENOMEM;
    bool number = code == json_error_numeric_overflow;
    size_t end = from->position < 0 ? 0 : (size_t)from->position;
    error->text = number ? "Number out of range" : code == json_error_duplicate_key ? "Duplicate key" : "Invalid JSON";
    error->at = begin_of(data, end < len ? end : len, number);
    error->character = gri_utf8_chars(data, error->at);
    return GR_EINVAL;
}

json_t *gri_json_parse(const char *data, size_t len, const struct gri_json_limits *limits, struct gri_json_error *error,
                       int *rc)
{
    json_error_t from;
    *error = (struct gri_json_error){.text = ""};
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }
    *rc = gri_json_scan(data, len, limits, error);
    if (*rc == GR_EINVAL && !gri_utf8_valid(data, len)) /* Python decodes before it parses */
        *rc = -EILSEQ;
    if (*rc < 0)
        return NULL;
    json_t *value = json_loadb(data, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &from);
    if (!value)
        *rc = explain(data, len, &from, error);
    return value;
}
