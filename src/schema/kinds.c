#include "schema/kind.h"

const struct gri_kind *gri_type_kind(gr_type type)
{
    static const struct gri_kind *const kinds[] = {
        [GR_TYPE_BOOL] = &gri_kind_bool,         [GR_TYPE_INT8] = &gri_kind_int8,
        [GR_TYPE_INT16] = &gri_kind_int16,       [GR_TYPE_INT32] = &gri_kind_int32,
        [GR_TYPE_INT64] = &gri_kind_int64,       [GR_TYPE_UINT8] = &gri_kind_uint8,
        [GR_TYPE_UINT16] = &gri_kind_uint16,     [GR_TYPE_UINT32] = &gri_kind_uint32,
        [GR_TYPE_UINT64] = &gri_kind_uint64,     [GR_TYPE_FLOAT] = &gri_kind_float,
        [GR_TYPE_DOUBLE] = &gri_kind_double,     [GR_TYPE_STRING] = &gri_kind_string,
        [GR_TYPE_OBJECT] = &gri_kind_object,     [GR_TYPE_CHARS] = &gri_kind_chars,
        [GR_TYPE_BYTES] = &gri_kind_bytes,       [GR_TYPE_ENUM] = &gri_kind_enum,
        [GR_TYPE_JSON] = &gri_kind_json,         [GR_TYPE_DATE] = &gri_kind_date,
        [GR_TYPE_TIME] = &gri_kind_time,         [GR_TYPE_DATETIME] = &gri_kind_datetime,
        [GR_TYPE_DURATION] = &gri_kind_duration, [GR_TYPE_UUID] = &gri_kind_uuid,
        [GR_TYPE_DECIMAL] = &gri_kind_decimal,   [GR_TYPE_ARM] = &gri_kind_object,
    };
    return (size_t)type < sizeof kinds / sizeof *kinds ? kinds[type] : NULL;
}

/* A text that has a form, or bytes that have one, are a kind of their own. */
const struct gri_kind *gri_kind_of(const gr_field *field)
{
    static const struct gri_kind *const formats[] = {
        [GR_FORMAT_URL] = &gri_kind_url,
        [GR_FORMAT_HTTP_URL] = &gri_kind_http_url,
        [GR_FORMAT_EMAIL] = &gri_kind_email,
        [GR_FORMAT_BASE64] = &gri_kind_base64,
    };
    return field->format ? formats[field->format] : gri_type_kind(gri_field_type(field));
}

size_t gri_type_size(gr_type type)
{
    const struct gri_kind *kind = gri_type_kind(type);
    return kind ? kind->size : 0;
}

size_t gri_value_size(const gr_field *field)
{
    gr_type type = gri_field_type(field);
    if (type == GR_TYPE_CHARS)
        return field->type >> GR_CHARS_SHIFT;
    bool sized = type == GR_TYPE_ENUM || type == GR_TYPE_TAG || type == GR_TYPE_EITHER || type == GR_TYPE_NEED;
    return sized ? field->size : gri_type_size(type);
}
