/* Walking the tables of models. */
#ifndef GRI_SCHEMA_FIELD_H
#define GRI_SCHEMA_FIELD_H

#include <griddle/model.h>
#include <stddef.h>

/* What a GR_SEQUENCE or GR_MAPPING member is: null where `at` is NULL. */
struct gri_sequence {
    const char *at;
    size_t len;
};

/* The field after this one. */
static inline const gr_field *gri_field_next(const gr_model *model, const gr_field *field)
{
    return (const gr_field *)(const void *)((const char *)field + model->field_size);
}

/* A table may come from an object file that knows a shorter gr_field: then only what all have, up to `check_`, may be
 * read from it. What it is at its whole length is a copy in *own. */
enum { GRI_LEAST_FIELD = offsetof(gr_field, optional) };
const gr_field *gri_field_copy(const gr_model *model, const gr_field *field, gr_field *own);
static inline const gr_field *gri_field_whole(const gr_model *model, const gr_field *field, gr_field *own)
{
    return model->field_size >= sizeof *field ? field : gri_field_copy(model, field, own);
}

static inline const char *gri_field_wire_name(const gr_field *field)
{
    return field->alias ? field->alias : field->name;
}

static inline gr_type gri_field_type(const gr_field *field)
{
    return (gr_type)(field->type & GR_TYPE_MASK);
}

static inline bool gri_type_is_int(gr_type type)
{
    return type >= GR_TYPE_INT8 && type <= GR_TYPE_UINT64;
}

static inline bool gri_type_is_unsigned(gr_type type)
{
    return type >= GR_TYPE_UINT8 && type <= GR_TYPE_UINT64;
}

static inline bool gri_type_is_float(gr_type type)
{
    return type == GR_TYPE_FLOAT || type == GR_TYPE_DOUBLE;
}

/* Whether it says what an entry of a table is, and not what a value is. */
static inline bool gri_type_is_entry(gr_type type)
{
    return (type >= GR_TYPE_SELF && type <= GR_TYPE_EITHER) || type >= GR_TYPE_NEED;
}

/* Whether it is one that the request has no part in: what a dependency gives, or is told by who needs it. */
static inline bool gri_type_is_fed(gr_type type)
{
    return type >= GR_TYPE_NEED;
}

/* Of a whole field: what stands in for it where it is absent. */
static inline bool gri_field_has_default(const gr_field *field)
{
    return field->default_value.kind != GR_CONSTANT_NONE || field->default_empty || field->default_list;
}

/* Whether a table's entry is a member on the wire, by a name of its own. */
static inline bool gri_field_on_wire(const gr_field *field)
{
    gr_type type = gri_field_type(field);
    return (!gri_type_is_entry(type) || type == GR_TYPE_ARM) && !(field->type & GR_OTHERS);
}

/* The GR_SELF of a model, whole, maybe in *own; NULL: it has none. */
const gr_field *gri_model_self(const gr_model *model, gr_field *own);

/* Whether its struct is a JSON array. */
bool gri_model_is_tuple(const gr_model *model);
static inline bool gri_field_is_tuple(const gr_field *field)
{
    return field->model && gri_model_is_tuple(field->model());
}

/* Whether a table has an entry of this type. */
static inline bool gri_model_has(const gr_model *model, gr_type type)
{
    const gr_field *f = model->fields;
    while (f->name && gri_field_type(f) != type)
        f = gri_field_next(model, f);
    return f->name;
}

/* Whether what a table describes has no braces of its own: it is one of its cases, or its only member. */
static inline bool gri_model_is_bare(const gr_model *model)
{
    return gri_model_has(model, GR_TYPE_EITHER) || gri_model_has(model, GR_TYPE_ROOT);
}

/* Such a model of which each case, or the root, is a single text, number or bool: as a parameter can be. */
bool gri_model_is_scalar(const gr_model *model);

/* sizeof the C type of one value; 0 for GR_TYPE_OBJECT and GR_TYPE_ARM, whose model knows. */
size_t gri_value_size(const gr_field *field);
size_t gri_type_size(gr_type type);

#endif
