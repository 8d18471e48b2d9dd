#include <string.h>

#include "schema/openapi_value.h"

/* --- where it stands: inline, or as a component --- */

static bool may_be_inline(const gr_model *model)
{
    return gri_model_is_bare(model) || gri_model_has(model, GR_TYPE_TAG);
}

static bool is_named(const gr_model *model)
{
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        const gr_field *f = gri_field_whole(model, at, &own);
        if (gri_field_type(f) == GR_TYPE_SELF)
            return f->title || f->doc || f->examples || f->deprecated;
    }
    return false;
}

/* The models whose schemas are written inside each other. */
struct doc_way {
    const struct doc_way *before;
    const gr_model *model;
};

/* Whether a schema would be written inside itself. Arms that a tag names have components of their own. */
static bool leads_back(const struct doc_way *way, const gr_model *to)
{
    if (!gri_model_is_bare(way->model))
        return false;
    for (const gr_field *f = way->model->fields; f->name; f = gri_field_next(way->model, f)) {
        const gr_model *inner = f->model ? f->model() : NULL;
        const struct doc_way next = {way, inner}, *seen = way;
        if (!inner || !gri_model_is_bare(inner) || is_named(inner))
            continue;
        while (seen && seen->model != inner)
            seen = seen->before;
        if (inner == to || (!seen && leads_back(&next, to)))
            return true;
    }
    return false;
}

bool gri_doc_is_inline(const gr_model *model)
{
    return may_be_inline(model) && !is_named(model) && !leads_back(&(struct doc_way){NULL, model}, model);
}

/* --- with a tag --- */

static json_t *tagged_schema(struct gri_doc *doc, const gr_model *model, unsigned view)
{
    json_t *schema = gri_doc_object(doc), *of = gri_doc_array(doc);
    json_t *discriminator = gri_doc_object(doc), *mapping = gri_doc_object(doc);
    const char *name = NULL;
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        const gr_field *f = gri_doc_whole(doc, model, at);
        if (gri_field_type(f) == GR_TYPE_TAG)
            name = gri_field_wire_name(f);
        if (gri_field_type(f) != GR_TYPE_ARM)
            continue;
        json_t *arm = gri_doc_arm(doc, model, f, view);
        gri_doc_set(doc, mapping, gri_field_wire_name(f), json_incref(json_object_get(arm, "$ref")));
        gri_doc_add(doc, of, arm);
    }
    gri_doc_set(doc, schema, "oneOf", of);
    gri_doc_set_text(doc, discriminator, "propertyName", name);
    gri_doc_set(doc, discriminator, "mapping", mapping);
    gri_doc_set(doc, schema, "discriminator", discriminator);
    return schema;
}

/* --- without --- */

static bool has_schema(const json_t *of, const json_t *schema)
{
    for (size_t i = 0; i < json_array_size(of); i++)
        if (json_equal(json_array_get(of, i), schema))
            return true;
    return false;
}

/* A case that is itself anything of several is these. */
static void add_case(struct gri_doc *doc, json_t *of, json_t *schema, bool referring)
{
    json_t *inner = json_object_size(schema) == 1 ? json_object_get(schema, "anyOf") : NULL;
    for (size_t i = 0; i < json_array_size(inner); i++)
        gri_doc_add(doc, of, json_incref(json_array_get(inner, i)));
    if (!inner && (referring || !has_schema(of, schema))) /* references are empty until all are named */
        gri_doc_add(doc, of, json_incref(schema));
    json_decref(schema);
}

static json_t *either_schema(struct gri_doc *doc, const gr_model *model, unsigned view)
{
    json_t *of = gri_doc_array(doc);
    bool one = false; /* exactly one of them, where a function says which */
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        const gr_field *f = gri_doc_whole(doc, model, at);
        one = one || f->discriminate;
        if (!gri_field_on_wire(f))
            continue;
        add_case(doc, of, gri_doc_field(doc, f, f->name, GRI_TITLES_OF_CASES, view), f->model || f->values);
    }
    if (json_array_size(of) != 1) {
        json_t *schema = gri_doc_object(doc);
        gri_doc_set(doc, schema, one ? "oneOf" : "anyOf", of);
        return schema;
    }
    json_t *only = json_incref(json_array_get(of, 0));
    json_decref(of);
    return only;
}

static json_t *root_schema(struct gri_doc *doc, const gr_model *model, unsigned view)
{
    const gr_field *f = model->fields;
    while (!gri_field_on_wire(f))
        f = gri_field_next(model, f);
    return gri_doc_field(doc, gri_doc_whole(doc, model, f), f->name, GRI_TITLES_OF_CASES, view);
}

json_t *gri_doc_union(struct gri_doc *doc, const gr_model *model, unsigned view)
{
    if (gri_model_has(model, GR_TYPE_ROOT))
        return root_schema(doc, model, view);
    if (gri_model_has(model, GR_TYPE_EITHER))
        return either_schema(doc, model, view);
    return gri_model_has(model, GR_TYPE_TAG) ? tagged_schema(doc, model, view) : NULL;
}
