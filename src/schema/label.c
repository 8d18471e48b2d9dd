#include "schema/label.h"

#include "base/ascii.h"

/* The unions that are being written: one inside itself is "...". */
struct label_around {
    const struct label_around *next;
    const gr_model *model;
};

static void label_put_one(struct gri_buf *buf, const gr_field *f, const struct label_around *around);

void gri_label_write_type(struct gri_buf *buf, const char *tag)
{
    bool begins = true;
    for (; *tag; tag++) {
        if (*tag != '_')
            gri_buf_putc(buf, begins ? gri_upper(*tag) : *tag);
        begins = *tag == '_';
    }
}

static void label_put_cases(struct gri_buf *buf, const gr_model *model, const struct label_around *around)
{
    bool first = true;
    gri_buf_puts(buf, "union[");
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        if (!gri_field_on_wire(at))
            continue;
        if (!first)
            gri_buf_putc(buf, ',');
        first = false;
        label_put_one(buf, gri_field_whole(model, at, &own), around);
    }
    gri_buf_putc(buf, ']');
}

static void label_put_root(struct gri_buf *buf, const gr_model *model, const struct label_around *around)
{
    gr_field own;
    const gr_field *f = model->fields;
    while (!gri_field_on_wire(f))
        f = gri_field_next(model, f);
    f = gri_field_whole(model, f, &own);
    bool may_be_null = f->optional || f->nullable;
    gri_buf_puts(buf, may_be_null ? "nullable[" : "");
    label_put_one(buf, f, around);
    gri_buf_puts(buf, may_be_null ? "]" : "");
}

static void label_put_model(struct gri_buf *buf, const gr_model *model, const struct label_around *around)
{
    const struct label_around here = {around, model};
    while (around && around->model != model)
        around = around->next;
    if (!gri_model_is_bare(model))
        gri_label_write_type(buf, model->name);
    else if (around)
        gri_buf_puts(buf, "...");
    else if (gri_model_has(model, GR_TYPE_EITHER))
        label_put_cases(buf, model, &here);
    else
        label_put_root(buf, model, &here);
}

static void label_put_literals(struct gri_buf *buf, const gr_field *f)
{
    gri_buf_puts(buf, "literal[");
    for (size_t i = 0; i < sizeof f->literal / sizeof *f->literal && f->literal[i]; i++)
        gri_buf_printf(buf, "%s'%s'", i ? "," : "", f->literal[i]);
    gri_buf_putc(buf, ']');
}

static void label_put_enum(struct gri_buf *buf, const gr_enum *values)
{
    size_t named = 0;
    for (size_t i = 0; i < values->n_values; i++)
        named += values->values[i].name != NULL;
    gri_buf_puts(buf, named == values->n_values ? "str-enum[" : named ? "enum[" : "int-enum[");
    gri_label_write_type(buf, values->name);
    gri_buf_putc(buf, ']');
}

static void label_put_text(struct gri_buf *buf, const gr_field *f)
{
    if (f->literal[0])
        label_put_literals(buf, f);
    else if (f->format == GR_FORMAT_URL || f->format == GR_FORMAT_HTTP_URL)
        gri_buf_puts(buf, "url");
    else
        gri_buf_puts(buf, f->min_len || f->max_len || f->pattern ? "constrained-str" : "str");
}

static const char *name_of_form(gr_type type)
{
    static const char *const names[] = {
        [GR_TYPE_BOOL] = "bool", [GR_TYPE_JSON] = "any",          [GR_TYPE_DATE] = "date",
        [GR_TYPE_TIME] = "time", [GR_TYPE_DATETIME] = "datetime", [GR_TYPE_DURATION] = "timedelta",
        [GR_TYPE_UUID] = "uuid"};
    const char *name = type < sizeof names / sizeof *names ? names[type] : NULL;
    return name ? name : "value";
}

static void label_put_value(struct gri_buf *buf, const gr_field *f, const struct label_around *around)
{
    gr_type type = gri_field_type(f);
    bool bounded = f->ge.kind || f->gt.kind || f->le.kind || f->lt.kind || f->multiple_of.kind;
    if (f->model)
        label_put_model(buf, f->model(), around);
    else if (type == GR_TYPE_ENUM)
        label_put_enum(buf, f->values);
    else if (type == GR_TYPE_STRING || type == GR_TYPE_CHARS)
        label_put_text(buf, f);
    else if (type == GR_TYPE_BYTES)
        gri_buf_puts(buf, f->min_len || f->max_len ? "constrained-bytes" : "bytes");
    else if (gri_type_is_int(type))
        gri_buf_puts(buf, bounded ? "constrained-int" : "int");
    else if (gri_type_is_float(type))
        gri_buf_puts(buf, bounded ? "constrained-float" : "float");
    else
        gri_buf_puts(buf, name_of_form(type));
}

static void label_put_one(struct gri_buf *buf, const gr_field *f, const struct label_around *around)
{
    bool map = f->type & GR_MAPPING, list = f->type & (GR_SEQUENCE | GR_FIXED);
    gri_buf_puts(buf, map ? "dict[str," : list ? "list[" : "");
    label_put_value(buf, f, around);
    gri_buf_puts(buf, map || list ? "]" : "");
}

void gri_label_write(struct gri_buf *buf, const gr_field *field)
{
    label_put_one(buf, field, NULL);
}
