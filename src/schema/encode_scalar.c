#include "schema/encode_scalar.h"

#include "schema/constant.h"
#include "schema/formats.h"
#include "schema/json.h"
#include "schema/number.h"
#include "schema/scalar.h"
#include "schema/text.h"

static const char *scalar_put_number(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    gr_constant value = gri_scalar_load(m, at);
    if (value.kind == GR_CONSTANT_UINT)
        gri_buf_put_u64(buf, value.u);
    else if (value.kind == GR_CONSTANT_INT)
        gri_buf_put_i64(buf, value.i);
    else if (!(m->type == GR_TYPE_FLOAT ? gri_float_write(buf, (float)value.d) : gri_double_write(buf, value.d)))
        return "NaN or infinity";
    return NULL;
}

static const char *put_text(struct gri_buf *buf, const char *text, size_t len)
{
    return gri_text_quote(buf, text, len) ? NULL : "not UTF-8";
}

static const char *put_string(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    const char *text;
    memcpy(&text, at, sizeof text);
    if (!text && !m->may_be_null)
        return "NULL, but not optional";
    if (text)
        return put_text(buf, text, strlen(text));
    gri_buf_put(buf, "null", 4);
    return NULL;
}

static const char *put_bytes(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    gr_bytes bytes;
    memcpy(&bytes, at, sizeof bytes);
    if (bytes.len && !bytes.at)
        return "bytes with a length but no address";
    if (m->field->format != GR_FORMAT_BASE64)
        return put_text(buf, (const char *)bytes.at, bytes.len);
    gri_buf_putc(buf, '"');
    gri_base64_write(buf, bytes.at, bytes.len);
    gri_buf_putc(buf, '"');
    return NULL;
}

static const char *scalar_put_enum(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    const gr_enum_value *value = gri_choices_valued(&m->choices, gri_scalar_load(m, at).i);
    if (!value)
        return "none of the enum's values";
    if (value->name)
        return put_text(buf, value->name, strlen(value->name));
    gri_buf_put_i64(buf, value->value);
    return NULL;
}

static const char *put_json(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    json_t *value;
    memcpy(&value, at, sizeof value);
    if (!value && !m->may_be_null)
        return "NULL, but not optional";
    if (!value) {
        gri_buf_put(buf, "null", 4);
        return NULL;
    }
    int rc = gri_json_write_all(value, buf);
    return rc == 0 || rc == GR_ENOMEM ? NULL : "a json_t that cannot be sent";
}

static const char *put_form(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    bool ok = true;
    gri_buf_putc(buf, '"');
    if (m->type == GR_TYPE_DATE)
        ok = gri_date_write(buf, (const gr_date *)(const void *)at);
    else if (m->type == GR_TYPE_TIME)
        ok = gri_time_write(buf, (const gr_time *)(const void *)at);
    else if (m->type == GR_TYPE_DATETIME)
        ok = gri_datetime_write(buf, (const gr_datetime *)(const void *)at);
    else if (m->type == GR_TYPE_DURATION)
        gri_duration_write(buf, (const gr_duration *)(const void *)at);
    else
        gri_uuid_write(buf, (const gr_uuid *)(const void *)at);
    gri_buf_putc(buf, '"');
    return ok ? NULL : "no such date or time";
}

static const char *put_by_type(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    switch (m->type) {
    case GR_TYPE_STRING:
        return put_string(buf, m, at);
    case GR_TYPE_CHARS:
        return memchr(at, '\0', m->size) ? put_text(buf, at, strlen(at)) : "not NUL-terminated";
    case GR_TYPE_BYTES:
        return put_bytes(buf, m, at);
    case GR_TYPE_ENUM:
        return scalar_put_enum(buf, m, at);
    case GR_TYPE_JSON:
        return put_json(buf, m, at);
    case GR_TYPE_BOOL:
        gri_buf_puts(buf, *at ? "true" : "false");
        return NULL;
    case GR_TYPE_DATE:
    case GR_TYPE_TIME:
    case GR_TYPE_DATETIME:
    case GR_TYPE_DURATION:
    case GR_TYPE_UUID:
        return put_form(buf, m, at);
    default:
        return scalar_put_number(buf, m, at);
    }
}

static bool is_absent_text(const struct gri_member *m, const char *at)
{
    const char *text;
    if (m->type != GR_TYPE_STRING)
        return false;
    memcpy(&text, at, sizeof text);
    return !text;
}

const char *gri_encode_scalar(struct gri_buf *buf, const struct gri_member *m, const char *at, struct gri_steps *steps)
{
    enum gri_error_kind kind;
    const char *why = put_by_type(buf, m, at);
    if (why || !m->checked || is_absent_text(m, at))
        return why;
    int rc = gri_scalar_check(m, at, steps, &kind);
    if (rc <= 0)
        return rc ? gr_strerror(rc) : NULL;
    return gri_error_type(&(struct gri_error){.kind = kind});
}
