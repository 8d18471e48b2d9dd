#include "openapi/openapi.h"

const char *gri_spec_method(const gr_route *route)
{
    static const char *const methods[][2] = {{"GET", "get"},       {"PUT", "put"},         {"POST", "post"},
                                             {"DELETE", "delete"}, {"OPTIONS", "options"}, {"HEAD", "head"},
                                             {"PATCH", "patch"},   {"TRACE", "trace"}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(route->method, methods[i][0]) == 0)
            return methods[i][1];
    return NULL;
}

/* --- what it is called --- */

static bool is_spec_operation_word(char c)
{
    return c == '_' || gri_is_alnum(c) || (unsigned char)c >= 0x80;
}

/* read_item at /items/{item_id}: read_item_items__item_id__get. */
static const char *operation_id(struct gri_spec *spec, const gr_route *route, const char *path)
{
    if (route->options.operation_id || !path)
        return route->options.operation_id;
    const char *text = gri_doc_printf(&spec->doc, "%s%s", route->name, path);
    char *id = text ? (char *)(uintptr_t)text : NULL; /* the arena's, and so ours to change */
    for (char *c = id; c && *c; c++)
        if (!is_spec_operation_word(*c))
            *c = '_';
    return id ? gri_doc_printf(&spec->doc, "%s_%s", id, gri_spec_method(route)) : NULL;
}

/* Tools make a function of each id. */
static void note_id(struct gri_spec *spec, const struct gri_documented *request)
{
    const char *other = request->id ? json_string_value(json_object_get(spec->ids, request->id)) : NULL;
    if (other)
        gri_log(spec->log, GRI_LOG_WARNING, "openapi: %s and %s have the same operation id \"%s\": set .operation_id",
                other, request->route->name, request->id);
    else
        gri_doc_set(&spec->doc, spec->ids, request->id, gri_doc_text(&spec->doc, request->route->name));
}

static json_t *spec_operation_names(struct gri_spec *spec, const char *const *list)
{
    json_t *value = gri_doc_array(&spec->doc);
    for (; *list; list++)
        gri_doc_add(&spec->doc, value, gri_doc_text(&spec->doc, *list));
    return value;
}

static void spec_operation_describe(struct gri_spec *spec, json_t *operation, const struct gri_documented *request)
{
    const gr_route_options *o = &request->route->options;
    const char *summary = o->summary ? o->summary : gri_doc_title(&spec->doc, request->route->name);
    if (o->tags && o->tags[0])
        gri_doc_set(&spec->doc, operation, "tags", spec_operation_names(spec, o->tags));
    gri_doc_set(&spec->doc, operation, "summary", gri_doc_text(&spec->doc, summary));
    gri_doc_set_text(&spec->doc, operation, "description", o->description);
    gri_spec_link(spec, operation, "externalDocs", &o->external_docs);
    gri_doc_set(&spec->doc, operation, "operationId", gri_doc_text(&spec->doc, request->id));
    if (o->deprecated)
        gri_doc_set(&spec->doc, operation, "deprecated", json_true());
}

/* --- what else belongs to it --- */

static void spec_operation_set_callbacks(struct gri_spec *spec, json_t *operation, const gr_route *const *routes)
{
    json_t *callbacks = gri_doc_object(&spec->doc);
    for (; *routes; routes++) {
        json_t *callback = gri_doc_object(&spec->doc);
        gri_spec_add(spec, callback, (*routes)->path, *routes, NULL);
        gri_doc_set(&spec->doc, callbacks, (*routes)->name, callback);
    }
    gri_doc_set(&spec->doc, operation, "callbacks", callbacks);
}

/* Objects are merged, arrays joined; of all else the new one counts. */
static void merge(struct gri_spec *spec, json_t *into, json_t *from)
{
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value)
    {
        json_t *old = json_object_get(into, key);
        if (json_is_object(old) && json_is_object(value))
            merge(spec, old, value);
        else if (!json_is_array(old) || !json_is_array(value))
            gri_doc_set(&spec->doc, into, key, json_incref(value));
        else if (json_array_extend(old, value) && !spec->doc.rc)
            spec->doc.rc = GR_ENOMEM;
    }
}

static json_t *operation(struct gri_spec *spec, const struct gri_documented *request)
{
    const gr_route_options *o = &request->route->options;
    json_t *value = gri_doc_object(&spec->doc);
    note_id(spec, request);
    spec_operation_describe(spec, value, request);
    gri_spec_parameters(spec, value, request);
    gri_spec_body(spec, value, request);
    gri_spec_responses(spec, value, request);
    if (o->callbacks && o->callbacks[0])
        spec_operation_set_callbacks(spec, value, o->callbacks);
    json_t *extra = o->openapi_extra ? gri_doc_json(&spec->doc, o->openapi_extra) : NULL;
    merge(spec, value, extra);
    json_decref(extra);
    return value;
}

void gri_spec_add(struct gri_spec *spec, json_t *paths, const char *path, const gr_route *declared,
                  const struct gri_op *op)
{
    gr_route whole;
    const gr_route *route = &whole;
    gri_route_take(&whole, declared); /* checked: it has the size of one */
    struct gri_documented request = {.route = route, .id = operation_id(spec, route, path)};
    const char *method = gri_spec_method(route);
    if (!method)
        return;
    request.input = route->input && *route->input ? (*route->input)() : NULL;
    request.pattern = op ? &op->pattern : NULL;
    request.needs = op ? op->needs : NULL;
    if (path && !json_object_get(paths, path))
        gri_doc_set(&spec->doc, paths, path, gri_doc_object(&spec->doc));
    json_t *item = path ? json_object_get(paths, path) : NULL;
    gri_doc_set(&spec->doc, item, method, operation(spec, &request));
}
