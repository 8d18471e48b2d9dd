#include <griddle/json.h>

#include "schema/json.h"

static int read_json(const char *text, size_t len, const struct gri_json_limits *limits, json_t **value)
{
    struct gri_json_error ignored;
    int rc;
    *value = gri_json_parse(text, len, limits, &ignored, &rc);
    return rc;
}

int gr_json_read(const char *text, size_t len, json_t **value)
{
    return read_json(text, len, &(const struct gri_json_limits){.values = SIZE_MAX, .lenient = true}, value);
}

int gr_json_read_strict(const char *text, size_t len, json_t **value)
{
    return read_json(text, len, NULL, value);
}

int gr_json_write(const json_t *value, unsigned indent, char **text, size_t *len)
{
    struct gri_json_writer writer;
    struct gri_buf buf;
    *text = NULL;
    if (!value)
        return GR_EINVAL;
    gri_buf_init(&buf, NULL);
    gri_json_write_begin(&writer, (json_t *)(uintptr_t)value);
    writer.indent = indent;
    int rc = gri_json_write(&writer, &buf, SIZE_MAX);
    if (rc == 0 && !gri_buf_reserve(&buf, 1))
        rc = GR_ENOMEM;
    if (rc) {
        gri_buf_finish(&buf);
        return rc;
    }
    buf.data[buf.len] = '\0';
    *text = buf.data;
    if (len)
        *len = buf.len;
    return 0;
}
