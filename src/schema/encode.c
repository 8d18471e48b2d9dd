#include "schema/encode.h"

#include "schema/field.h"
#include "schema/number.h"
#include "schema/text.h"

enum { MAX_DEPTH = 64 };

/* An object that was begun: `left` more like it follow behind it in an array. */
struct frame {
    const gr_model *model;
    const gr_field *field; /* the next one */
    const char *object;
    size_t left;
    bool in_array, first;
};

struct encoder {
    struct gri_buf *buf;
    struct gri_culprit *culprit;
    unsigned depth;
    struct frame frames[MAX_DEPTH];
};

static int refuse(struct encoder *e, const gr_model *model, const gr_field *field, int rc, const char *why)
{
    *e->culprit = (struct gri_culprit){model->name, field ? field->name : "", why};
    return rc;
}

static void begin_object(struct encoder *e, const gr_model *model, const char *object, size_t left, bool in_array)
{
    e->frames[e->depth++] = (struct frame){model, model->fields, object, left, in_array, true};
    gri_buf_putc(e->buf, '{');
}

static int64_t load_int(gr_type type, const char *at)
{
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    switch (type) {
    case GR_TYPE_INT8:
        return memcpy(&i8, at, sizeof i8), i8;
    case GR_TYPE_INT16:
        return memcpy(&i16, at, sizeof i16), i16;
    case GR_TYPE_INT32:
        return memcpy(&i32, at, sizeof i32), i32;
    default:
        return memcpy(&i64, at, sizeof i64), i64;
    }
}

static uint64_t load_uint(gr_type type, const char *at)
{
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    switch (type) {
    case GR_TYPE_UINT8:
        return memcpy(&u8, at, sizeof u8), u8;
    case GR_TYPE_UINT16:
        return memcpy(&u16, at, sizeof u16), u16;
    case GR_TYPE_UINT32:
        return memcpy(&u32, at, sizeof u32), u32;
    default:
        return memcpy(&u64, at, sizeof u64), u64;
    }
}

static const char *load_pointer(const char *at)
{
    const char *to;
    memcpy(&to, at, sizeof to);
    return to;
}

static const char *put_float(struct gri_buf *buf, gr_type type, const char *at)
{
    static const char *const why = "NaN or infinity";
    if (type == GR_TYPE_DOUBLE) {
        double value;
        memcpy(&value, at, sizeof value);
        return gri_double_write(buf, value) ? NULL : why;
    }
    float value;
    memcpy(&value, at, sizeof value);
    return gri_float_write(buf, value) ? NULL : why;
}

static const char *put_string(struct gri_buf *buf, const char *at, bool optional)
{
    const char *text = load_pointer(at);
    if (!text && !optional)
        return "NULL, but not optional";
    if (!text)
        gri_buf_put(buf, "null", 4);
    return !text || gri_text_quote(buf, text, strlen(text)) ? NULL : "not UTF-8";
}

/* NULL, or why not. */
static const char *put_scalar(struct gri_buf *buf, gr_type type, const char *at, bool optional)
{
    if (type == GR_TYPE_STRING)
        return put_string(buf, at, optional);
    if (type == GR_TYPE_BOOL)
        gri_buf_puts(buf, *at ? "true" : "false");
    else if (gri_type_is_unsigned(type))
        gri_buf_put_u64(buf, load_uint(type, at));
    else if (gri_type_is_int(type))
        gri_buf_put_i64(buf, load_int(type, at));
    else
        return put_float(buf, type, at);
    return NULL;
}

static const char *put_scalars(struct gri_buf *buf, gr_type type, const struct gri_sequence *list)
{
    const char *why = NULL;
    gri_buf_putc(buf, '[');
    for (size_t i = 0; i < list->len && !why; i++) {
        if (i)
            gri_buf_putc(buf, ',');
        why = put_scalar(buf, type, list->at + i * gri_type_size(type), false);
    }
    gri_buf_putc(buf, ']');
    return why;
}

static int put_list(struct encoder *e, const gr_model *model, const gr_field *field, const char *at)
{
    struct gri_sequence list;
    memcpy(&list, at, sizeof list);
    if (list.len && !list.at)
        return refuse(e, model, field, GR_EINVAL, "a list with a length but no values");
    if (gri_field_type(field) != GR_TYPE_OBJECT) {
        const char *why = put_scalars(e->buf, gri_field_type(field), &list);
        return why ? refuse(e, model, field, GR_EINVAL, why) : 0;
    }
    gri_buf_putc(e->buf, '[');
    if (list.len)
        begin_object(e, field->model(), list.at, list.len - 1, true);
    else
        gri_buf_putc(e->buf, ']');
    return 0;
}

static int put_value(struct encoder *e, const gr_model *model, const gr_field *field, const char *at)
{
    if (field->type & GR_POINTER)
        at = load_pointer(at);
    if (!at && !field->optional)
        return refuse(e, model, field, GR_EINVAL, "NULL, but not optional");
    if (!at) {
        gri_buf_put(e->buf, "null", 4);
        return 0;
    }
    if (e->depth == MAX_DEPTH && gri_field_type(field) == GR_TYPE_OBJECT)
        return refuse(e, model, field, GR_EMSGSIZE, "nested more than 64 levels deep");
    if (field->type & GR_SEQUENCE)
        return put_list(e, model, field, at);
    if (gri_field_type(field) == GR_TYPE_OBJECT) {
        begin_object(e, field->model(), at, 0, false);
        return 0;
    }
    const char *why = put_scalar(e->buf, gri_field_type(field), at, field->optional);
    return why ? refuse(e, model, field, GR_EINVAL, why) : 0;
}

static void end_object(struct encoder *e, struct frame *f)
{
    gri_buf_putc(e->buf, '}');
    if (f->left) {
        e->depth--;
        gri_buf_putc(e->buf, ',');
        begin_object(e, f->model, f->object + f->model->struct_size, f->left - 1, true);
        return;
    }
    if (f->in_array)
        gri_buf_putc(e->buf, ']');
    e->depth--;
}

static int put_field(struct encoder *e, struct frame *f)
{
    const gr_field *field = f->field;
    const char *name = gri_field_wire_name(field);
    if (!f->first)
        gri_buf_putc(e->buf, ',');
    f->first = false;
    f->field = gri_field_next(f->model, field);
    if (!gri_text_quote(e->buf, name, strlen(name)))
        return refuse(e, f->model, field, GR_EINVAL, "its name is not UTF-8");
    gri_buf_putc(e->buf, ':');
    return put_value(e, f->model, field, f->object + field->offset);
}

static int run(struct encoder *e)
{
    int rc = 0;
    while (rc == 0 && e->depth) {
        struct frame *f = &e->frames[e->depth - 1];
        if (f->field->name)
            rc = put_field(e, f);
        else
            end_object(e, f);
    }
    return rc == 0 && e->buf->failed ? GR_ENOMEM : rc;
}

static int encode(struct gri_buf *buf, const gr_model *model, const void *values, size_t n, bool array,
                  struct gri_culprit *culprit)
{
    struct encoder e; /* 3 KiB, of which only what is used is touched */
    size_t len = buf->len;
    e.buf = buf;
    e.culprit = culprit;
    e.depth = 0;
    if (!values && n)
        return refuse(&e, model, NULL, GR_EINVAL, "NULL");
    if (array)
        gri_buf_putc(buf, '[');
    if (n)
        begin_object(&e, model, values, n - 1, array);
    else
        gri_buf_putc(buf, ']');
    int rc = run(&e);
    if (rc < 0)
        buf->len = len;
    return rc;
}

int gri_encode_model(struct gri_buf *buf, const gr_model *model, const void *value, struct gri_culprit *culprit)
{
    return encode(buf, model, value, 1, false, culprit);
}

int gri_encode_models(struct gri_buf *buf, const gr_model *model, const void *values, size_t n,
                      struct gri_culprit *culprit)
{
    return encode(buf, model, values, n, true, culprit);
}
