#include <string.h>

#include "schema/openapi_value.h"

static const unsigned containers = GR_SEQUENCE | GR_MAPPING | GR_FIXED;

bool gri_field_is_required(const gr_field *f, unsigned view)
{
    return !f->optional && !gri_field_has_default(f) && !(f->nullable && (view & GRI_VIEW_WITHOUT_NULLS));
}

/* --- lists and maps --- */

static void set_count(struct gri_doc *doc, json_t *schema, const gr_field *f)
{
    bool map = f->type & GR_MAPPING, fixed = f->type & GR_FIXED;
    size_t least = fixed ? f->count : f->min_items, most = fixed ? f->count : f->max_items;
    if (most)
        gri_doc_set(doc, schema, map ? "maxProperties" : "maxItems", gri_doc_size(doc, most));
    if (least)
        gri_doc_set(doc, schema, map ? "minProperties" : "minItems", gri_doc_size(doc, least));
    if (f->unique)
        gri_doc_set(doc, schema, "uniqueItems", json_true());
}

static json_t *spec_field_whole(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    bool map = f->type & GR_MAPPING;
    json_t *value = gri_doc_value(doc, f, view);
    if (!(f->type & containers))
        return value;
    json_t *schema = gri_doc_object(doc);
    if (map && json_object_size(value) == 0) { /* anything, as pydantic says it here */
        json_decref(value);
        value = json_true();
    }
    gri_doc_set(doc, schema, map ? "additionalProperties" : "items", value);
    gri_doc_set_text(doc, schema, "type", map ? "object" : "array");
    set_count(doc, schema, f);
    return schema;
}

/* Null as one more of several. */
static json_t *or_null(struct gri_doc *doc, json_t *schema)
{
    json_t *any = schema, *of = json_object_get(schema, "anyOf"), *null = gri_doc_object(doc);
    gri_doc_set_text(doc, null, "type", "null");
    if (!of) {
        any = gri_doc_object(doc);
        of = gri_doc_array(doc);
        gri_doc_add(doc, of, schema);
        gri_doc_add(doc, of, null);
        gri_doc_set(doc, any, "anyOf", of);
    } else {
        gri_doc_add(doc, of, null);
    }
    return any;
}

/* --- what it says of itself --- */

/* pydantic gives none to what has a component of its own, be it optional or not. */
static bool has_title(const gr_field *f, const json_t *schema, enum gri_doc_titles titles)
{
    gr_type type = gri_field_type(f);
    if (titles == GRI_TITLES_OF_PARAMETERS)
        return !json_object_get(schema, "$ref");
    return (f->type & containers) || (type != GR_TYPE_OBJECT && type != GR_TYPE_ENUM);
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
    else if (f->default_value.kind != GR_CONSTANT_NONE)
        gri_doc_set(doc, schema, "default", gri_doc_default(doc, f));
}

json_t *gri_doc_field(struct gri_doc *doc, const gr_field *f, const char *name, enum gri_doc_titles titles,
                      unsigned view)
{
    json_t *schema = spec_field_whole(doc, f, view);
    if (f->optional || f->nullable)
        schema = or_null(doc, schema);
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
    *members = (struct gri_doc_members){gri_doc_object(doc), gri_doc_object(doc), gri_doc_array(doc), view};
}

void gri_doc_members_add(struct gri_doc *doc, struct gri_doc_members *members, const gr_field *f)
{
    const char *name = members->view & GRI_VIEW_BY_NAME ? f->name : gri_field_wire_name(f);
    if (f->hidden)
        return;
    gri_doc_set(doc, members->properties, name, gri_doc_field(doc, f, name, GRI_TITLES_OF_MEMBERS, members->view));
    if (gri_field_is_required(f, members->view))
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
