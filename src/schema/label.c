#include "schema/label.h"

#include "base/ascii.h"
#include "schema/kind.h"

/* The unions that are being written: one inside itself is "...". */
struct label_around {
    const struct label_around *next;
    const gr_model *model;
};

static const char *plain_label(const struct gri_kind *kind)
{
    return kind->label ? kind->label : "value";
}

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

static void label_put_parts(struct gri_buf *buf, const char *begin, const char *between, const gr_model *model,
                            const struct label_around *around)
{
    bool first = true;
    gri_buf_puts(buf, begin);
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        if (!gri_field_on_wire(at))
            continue;
        if (!first)
            gri_buf_puts(buf, between);
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
    if (gri_model_is_tuple(model))
        label_put_parts(buf, "tuple[", ", ", model, &here);
    else if (!gri_model_is_bare(model))
        gri_label_write_type(buf, model->name);
    else if (around)
        gri_buf_puts(buf, "...");
    else if (gri_model_has(model, GR_TYPE_EITHER))
        label_put_parts(buf, "union[", ",", model, &here);
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

static const char *label_of_kind(const gr_field *f)
{
    const struct gri_kind *kind = gri_kind_of(f);
    bool constrained = f->ge.kind || f->gt.kind || f->le.kind || f->lt.kind || f->multiple_of.kind || f->min_len ||
                       f->max_len || f->pattern;
    return constrained && kind->constrained_label ? kind->constrained_label : plain_label(kind);
}

static void label_put_value(struct gri_buf *buf, const gr_field *f, const struct label_around *around)
{
    if (f->model)
        label_put_model(buf, f->model(), around);
    else if (f->values)
        label_put_enum(buf, f->values);
    else if (f->literal[0])
        label_put_literals(buf, f);
    else
        gri_buf_puts(buf, label_of_kind(f));
}

static void label_put_one(struct gri_buf *buf, const gr_field *f, const struct label_around *around)
{
    bool map = f->type & GR_MAPPING, list = f->type & (GR_SEQUENCE | GR_FIXED);
    if (map)
        gri_buf_printf(buf, "dict[%s,", f->key_type ? plain_label(gri_type_kind((gr_type)f->key_type)) : "str");
    else if (list)
        gri_buf_puts(buf, f->dedupe ? "set[" : "list[");
    label_put_value(buf, f, around);
    gri_buf_puts(buf, map || list ? "]" : "");
}

void gri_label_write(struct gri_buf *buf, const gr_field *field)
{
    label_put_one(buf, field, NULL);
}
