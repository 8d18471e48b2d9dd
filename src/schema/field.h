/* Walking the tables of models. */
#ifndef GRI_SCHEMA_FIELD_H
#define GRI_SCHEMA_FIELD_H

#include <griddle/model.h>

/* What a GR_SEQUENCE member is. */
struct gri_sequence {
    const char *at;
    size_t len;
};

/* The field after this one. A table may come from an object file that knows a larger gr_field. */
static inline const gr_field *gri_field_next(const gr_model *model, const gr_field *field)
{
    return (const gr_field *)(const void *)((const char *)field + model->field_size);
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

/* sizeof the C type; 0 for GR_TYPE_OBJECT, whose model knows. */
static inline size_t gri_type_size(gr_type type)
{
    static const unsigned char size[] = {
        [GR_TYPE_BOOL] = sizeof(bool), [GR_TYPE_INT8] = 1,  [GR_TYPE_INT16] = 2,  [GR_TYPE_INT32] = 4,
        [GR_TYPE_INT64] = 8,           [GR_TYPE_UINT8] = 1, [GR_TYPE_UINT16] = 2, [GR_TYPE_UINT32] = 4,
        [GR_TYPE_UINT64] = 8,          [GR_TYPE_FLOAT] = 4, [GR_TYPE_DOUBLE] = 8, [GR_TYPE_STRING] = sizeof(char *),
        [GR_TYPE_OBJECT] = 0};
    return (size_t)type < sizeof size ? size[type] : 0;
}

#endif
