#include <string.h>

#include "schema/openapi_value.h"

static const unsigned containers = GR_SEQUENCE | GR_MAPPING | GR_FIXED;

bool gri_field_is_required(const gr_field *f, unsigned view)
{
    return !f->optional && !gri_field_has_default(f) && !(f->nullable && (view & GRI_VIEW_WITHOUT_NULLS));
}

/* --- lists and maps --- */

/* What a map's keys are, as far as pydantic says it. */
static void set_keys(struct gri_doc *doc, json_t *schema, const gr_field *f)
{
    gr_field key = {.name = "", .type = f->key_type};
    json_t *value = f->key_type ? gri_doc_value(doc, &key, 0) : NULL;
    json_t *format = json_incref(json_object_get(value, "format"));
    json_decref(value);
    if (!format)
        return;
    json_t *names = gri_doc_object(doc);
    gri_doc_set(doc, names, "format", format);
    gri_doc_set(doc, schema, "propertyNames", names);
}

static void set_count(struct gri_doc *doc, json_t *schema, const gr_field *f)
{
    bool map = f->type & GR_MAPPING, fixed = f->type & GR_FIXED;
    size_t least = fixed ? f->count : f->min_items, most = fixed ? f->count : f->max_items;
    if (most)
        gri_doc_set(doc, schema, map ? "maxProperties" : "maxItems", gri_doc_size(doc, most));
    if (least)
        gri_doc_set(doc, schema, map ? "minProperties" : "minItems", gri_doc_size(doc, least));
    if (f->unique || f->dedupe)
        gri_doc_set(doc, schema, "uniqueItems", json_true());
}

json_t *gri_doc_any_names(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    json_t *value = gri_doc_value(doc, f, view);
    if (json_object_size(value))
        return value;
    json_decref(value);
    return doc->rc ? NULL : json_true(); /* anything, as pydantic says it here */
}

static json_t *spec_field_whole(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    bool map = f->type & GR_MAPPING;
    if (!(f->type & containers))
        return gri_doc_value(doc, f, view);
    json_t *schema = gri_doc_object(doc), *value = map ? gri_doc_any_names(doc, f, view) : gri_doc_value(doc, f, view);
    gri_doc_set(doc, schema, map ? "additionalProperties" : "items", value);
    set_keys(doc, schema, f);
    gri_doc_set_text(doc, schema, "type", map ? "object" : "array");
    set_count(doc, schema, f);
    return schema;
}

/* Null is one more of what may be anything of several. */
static json_t *or_null(struct gri_doc *doc, json_t *schema)
{
    json_t *null = gri_doc_object(doc),
           *several = json_object_size(schema) == 1 ? json_object_get(schema, "anyOf") : NULL;
    gri_doc_set_text(doc, null, "type", "null");
    if (several) {
        gri_doc_add(doc, several, null);
        return schema;
    }
    json_t *any = gri_doc_object(doc), *of = gri_doc_array(doc);
    gri_doc_add(doc, of, schema);
    gri_doc_add(doc, of, null);
    gri_doc_set(doc, any, "anyOf", of);
    return any;
}

static json_t *nullable_whole(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    json_t *schema = spec_field_whole(doc, f, view);
    return f->optional || f->nullable ? or_null(doc, schema) : schema;
}

json_t *gri_doc_tuple(struct gri_doc *doc, const gr_model *model, unsigned view)
{
    json_t *schema = gri_doc_object(doc), *positions = gri_doc_array(doc);
    size_t n = 0;
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        if (!gri_field_on_wire(at))
            continue;
        gri_doc_add(doc, positions, nullable_whole(doc, gri_doc_whole(doc, model, at), view));
        n++;
    }
    gri_doc_set(doc, schema, "prefixItems", positions);
    gri_doc_set_text(doc, schema, "type", "array");
    gri_doc_set(doc, schema, "maxItems", gri_doc_size(doc, n));
    gri_doc_set(doc, schema, "minItems", gri_doc_size(doc, n));
    return schema;
}

/* --- what it says of itself --- */

/* pydantic gives none to what has a component of its own, be it optional or not. */
static bool has_title(const gr_field *f, const json_t *schema, enum gri_doc_titles titles)
{
    gr_type type = gri_field_type(f);
    if (titles == GRI_TITLES_OF_CASES)
        return false;
    if (titles == GRI_TITLES_OF_PARAMETERS)
        return !json_object_get(schema, "$ref");
    bool inline_model = type == GR_TYPE_OBJECT && gri_doc_is_inline(f->model());
    return (f->type & containers) || gri_field_is_tuple(f) || inline_model ||
           (type != GR_TYPE_OBJECT && type != GR_TYPE_ENUM);
}

static const char *without_spaces_around(struct gri_doc *doc, const char *title)
{
    if (!title)
        return NULL;
    title += strspn(title, " ");
    size_t len = strlen(title);
    while (len && title[len - 1] == ' ')
        len--;
    return gri_doc_printf(doc, "%.*s", (int)len, title);
}

static void set_title(struct gri_doc *doc, json_t *schema, const gr_field *f, const char *name,
                      enum gri_doc_titles titles)
{
    const char *title = f->title;
    if (!title && has_title(f, schema, titles)) {
        title = gri_doc_title(doc, name);
        if (titles == GRI_TITLES_OF_MEMBERS)
            title = without_spaces_around(doc, title);
    }
    gri_doc_set_text(doc, schema, "title", title);
}

static void set_default(struct gri_doc *doc, json_t *schema, const gr_field *f)
{
    if (f->default_empty)
        gri_doc_set(doc, schema, "default", f->type & GR_MAPPING ? gri_doc_object(doc) : gri_doc_array(doc));
    else if (f->default_list)
        gri_doc_set_json(doc, schema, "default", f->default_list);
    else if (f->default_value.kind != GR_CONSTANT_NONE)
        gri_doc_set(doc, schema, "default", gri_doc_default(doc, f));
}

json_t *gri_doc_field(struct gri_doc *doc, const gr_field *f, const char *name, enum gri_doc_titles titles,
                      unsigned view)
{
    json_t *schema = nullable_whole(doc, f, view);
    set_title(doc, schema, f, name, titles);
    gri_doc_set_text(doc, schema, "description", f->doc);
    set_default(doc, schema, f);
    if (f->deprecated)
        gri_doc_set(doc, schema, "deprecated", json_true());
    gri_doc_set_json(doc, schema, "examples", f->examples);
    return schema;
}

/* --- the members of an object --- */

void gri_doc_members_begin(struct gri_doc *doc, struct gri_doc_members *members, unsigned view)
{
    *members = (struct gri_doc_members){gri_doc_object(doc), gri_doc_object(doc), gri_doc_array(doc), view, false};
}

void gri_doc_members_add(struct gri_doc *doc, struct gri_doc_members *members, const gr_field *f)
{
    const char *name = members->view & GRI_VIEW_BY_NAME ? f->name : gri_field_wire_name(f);
    if (f->hidden)
        return;
    gri_doc_set(doc, members->properties, name, gri_doc_field(doc, f, name, GRI_TITLES_OF_MEMBERS, members->view));
    if (members->all_required || gri_field_is_required(f, members->view))
        gri_doc_add(doc, members->required, gri_doc_text(doc, name));
}

json_t *gri_doc_members_end(struct gri_doc *doc, struct gri_doc_members *members)
{
    gri_doc_set(doc, members->schema, "properties", members->properties);
    gri_doc_set_text(doc, members->schema, "type", "object");
    if (json_array_size(members->required))
        gri_doc_set(doc, members->schema, "required", members->required);
    else
        json_decref(members->required);
    return members->schema;
}
