#include "http/status.h"
#include "openapi/openapi.h"

static const char default_type[] = "application/json";

/* --- pieces of schemas --- */

static json_t *array_schema(struct gri_spec *spec, json_t *items)
{
    json_t *schema = gri_doc_object(&spec->doc);
    gri_doc_set(&spec->doc, schema, "items", items);
    gri_doc_set_text(&spec->doc, schema, "type", "array");
    return schema;
}

static json_t *typed(struct gri_spec *spec, const char *type)
{
    json_t *schema = gri_doc_object(&spec->doc);
    gri_doc_set_text(&spec->doc, schema, "type", type);
    return schema;
}

/* --- the operation's own --- */

/* Whether the member itself is named, or, with `inside`, a member in it. */
static bool is_spec_response_listed(const char *const *names, const char *name, bool inside)
{
    size_t len = strlen(name);
    for (; *names; names++)
        if (strncmp(*names, name, len) == 0 && ((*names)[len] == '\0' || (inside && (*names)[len] == '.')))
            return true;
    return false;
}

static bool is_spec_response_left_out(const gr_route_options *o, const gr_field *f)
{
    return (o->response_include && !is_spec_response_listed(o->response_include, f->name, true)) ||
           (o->response_exclude && is_spec_response_listed(o->response_exclude, f->name, false));
}

static bool leaves_out(const gr_route_options *o, const gr_model *model)
{
    if (gri_model_is_bare(model) || gri_model_has(model, GR_TYPE_TAG))
        return false;
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        if (gri_field_on_wire(f) && gri_field_type(f) != GR_TYPE_ARM && is_spec_response_left_out(o, f))
            return true;
    return false;
}

/* What is left of a model is a schema of its own: Response_read_item_items__item_id__get. */
static json_t *what_is_left(struct gri_spec *spec, const struct gri_documented *request, const gr_model *model,
                            unsigned view)
{
    const gr_route_options *o = &request->route->options;
    const char *name = request->id ? gri_doc_printf(&spec->doc, "Response_%s", request->id) : NULL;
    struct gri_doc_members members;
    gri_doc_members_begin(&spec->doc, &members, view);
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        if (gri_field_on_wire(f) && !is_spec_response_left_out(o, f))
            gri_doc_members_add(&spec->doc, &members, gri_doc_whole(&spec->doc, model, f));
    json_t *schema = gri_doc_members_end(&spec->doc, &members);
    gri_doc_set(&spec->doc, schema, "title", gri_doc_text(&spec->doc, name));
    return gri_doc_named(&spec->doc, name, schema);
}

/* What has no name of its own has a title: that of the operation, and of the status where it is another reply. */
static json_t *titled_response(struct gri_spec *spec, json_t *schema, const char *status, const char *id)
{
    const char *name = id ? gri_doc_printf(&spec->doc, "Response_%s%s%s", status, *status ? "_" : "", id) : NULL;
    if (name && !json_object_get(schema, "$ref"))
        gri_doc_set_text(&spec->doc, schema, "title", gri_doc_title(&spec->doc, name));
    return schema;
}

static json_t *own_schema(struct gri_spec *spec, const struct gri_documented *request)
{
    const gr_route_options *o = &request->route->options;
    if (!o->response)
        return o->response_type ? typed(spec, "string") : gri_doc_object(&spec->doc);
    unsigned view = GRI_VIEW_OUTPUT | (o->response_by_name ? GRI_VIEW_BY_NAME : 0u) |
                    (o->response_exclude_none ? GRI_VIEW_WITHOUT_NULLS : 0u);
    json_t *schema = leaves_out(o, o->response()) ? what_is_left(spec, request, o->response(), view)
                                                  : gri_doc_model(&spec->doc, o->response(), view);
    return titled_response(spec, o->response_list ? array_schema(spec, schema) : schema, "", request->id);
}

static json_t *content(struct gri_spec *spec, const char *type, json_t *schema)
{
    json_t *value = gri_doc_object(&spec->doc), *media = gri_doc_object(&spec->doc);
    if (schema)
        gri_doc_set(&spec->doc, media, "schema", schema);
    gri_doc_set(&spec->doc, value, type, media);
    return value;
}

static const char *spec_response_type_of(const gr_route_options *o)
{
    return o->response_type ? o->response_type : default_type;
}

static json_t *spec_response_described(struct gri_spec *spec, const char *description)
{
    json_t *response = gri_doc_object(&spec->doc);
    gri_doc_set_text(&spec->doc, response, "description", description);
    return response;
}

static json_t *spec_response_own(struct gri_spec *spec, const struct gri_documented *request, int status)
{
    const gr_route_options *o = &request->route->options;
    json_t *response =
        spec_response_described(spec, o->response_description ? o->response_description : "Successful Response");
    if (gri_status_has_body(status) && status != 205 && *spec_response_type_of(o))
        gri_doc_set(&spec->doc, response, "content",
                    content(spec, spec_response_type_of(o), own_schema(spec, request)));
    return response;
}

/* --- those beside it --- */

static const char *spec_response_key_of(struct gri_spec *spec, int status)
{
    if (status == GR_OTHER_STATUS)
        return "default";
    return gri_doc_printf(&spec->doc, status < 10 ? "%dXX" : "%d", status);
}

static const char *phrase_of(int status)
{
    static const char *const ranges[] = {NULL, "Information", "Success", "Redirection", "Client Error", "Server Error"};
    if (status == GR_OTHER_STATUS)
        return "Default Response";
    return status < 6 ? ranges[status] : gri_status_phrase(status);
}

static void set_content(struct gri_spec *spec, json_t *response, const gr_response_info *r, const char *key,
                        const char *id)
{
    const char *type = r->type ? r->type : default_type;
    json_t *schema = r->model ? gri_doc_model(&spec->doc, r->model(), GRI_VIEW_OUTPUT) : NULL;
    if (schema && r->list)
        schema = array_schema(spec, schema);
    if (schema)
        titled_response(spec, schema, key, id);
    json_t *added = content(spec, type, schema), *old = json_object_get(response, "content");
    if (!old)
        gri_doc_set(&spec->doc, response, "content", added);
    else if (json_object_update(old, added) && !spec->doc.rc)
        spec->doc.rc = GR_ENOMEM;
    if (old)
        json_decref(added);
}

/* --- what is said of a mistake --- */

/* Ends with the title, as all schemas do, and becomes the property of that name. */
static void set_property(struct gri_spec *spec, json_t *properties, const char *name, json_t *schema, const char *title)
{
    gri_doc_set_text(&spec->doc, schema, "title", title);
    gri_doc_set(&spec->doc, properties, name, schema);
}

static json_t *spec_response_object_schema(struct gri_spec *spec, json_t *properties)
{
    json_t *schema = gri_doc_object(&spec->doc);
    gri_doc_set(&spec->doc, schema, "properties", properties);
    gri_doc_set_text(&spec->doc, schema, "type", "object");
    return schema;
}

/* A step to where the mistake is: a name, or an index. */
static json_t *step_schema(struct gri_spec *spec)
{
    json_t *schema = gri_doc_object(&spec->doc), *any = gri_doc_array(&spec->doc);
    gri_doc_add(&spec->doc, any, typed(spec, "string"));
    gri_doc_add(&spec->doc, any, typed(spec, "integer"));
    gri_doc_set(&spec->doc, schema, "anyOf", any);
    return schema;
}

static json_t *validation_error(struct gri_spec *spec)
{
    static const char *const always[] = {"loc", "msg", "type"};
    json_t *properties = gri_doc_object(&spec->doc), *required = gri_doc_array(&spec->doc);
    set_property(spec, properties, "loc", array_schema(spec, step_schema(spec)), "Location");
    set_property(spec, properties, "msg", typed(spec, "string"), "Message");
    set_property(spec, properties, "type", typed(spec, "string"), "Error Type");
    set_property(spec, properties, "input", gri_doc_object(&spec->doc), "Input");
    set_property(spec, properties, "ctx", typed(spec, "object"), "Context");
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        gri_doc_add(&spec->doc, required, gri_doc_text(&spec->doc, always[i]));
    json_t *schema = spec_response_object_schema(spec, properties);
    gri_doc_set(&spec->doc, schema, "required", required);
    gri_doc_set_text(&spec->doc, schema, "title", "ValidationError");
    return gri_doc_named(&spec->doc, "ValidationError", schema);
}

/* --- problem details (RFC 9457) --- */

static const char problem_type[] = "application/problem+json";

static json_t *reference_schema(struct gri_spec *spec)
{
    json_t *schema = typed(spec, "string");
    gri_doc_set_text(&spec->doc, schema, "format", "uri-reference");
    return schema;
}

static json_t *problem_schema(struct gri_spec *spec)
{
    static const char *const always[] = {"type", "title", "status", "detail"};
    json_t *properties = gri_doc_object(&spec->doc), *required = gri_doc_array(&spec->doc);
    set_property(spec, properties, "type", reference_schema(spec), "Type");
    set_property(spec, properties, "title", typed(spec, "string"), "Title");
    set_property(spec, properties, "status", typed(spec, "integer"), "Status");
    set_property(spec, properties, "detail", typed(spec, "string"), "Detail");
    set_property(spec, properties, "instance", reference_schema(spec), "Instance");
    set_property(spec, properties, "errors", array_schema(spec, validation_error(spec)), "Errors");
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        gri_doc_add(&spec->doc, required, gri_doc_text(&spec->doc, always[i]));
    json_t *schema = spec_response_object_schema(spec, properties);
    gri_doc_set(&spec->doc, schema, "required", required);
    gri_doc_set_text(&spec->doc, schema, "title", "ProblemDetails");
    return gri_doc_named(&spec->doc, "ProblemDetails", schema);
}

static bool is_problem(const struct gri_spec *spec, const gr_response_info *r)
{
    bool is_error = r->status == 4 || r->status == 5 || r->status >= 400;
    return spec->app->problem_details && is_error && !r->model && !r->type;
}

/* One of a status that is there already adds to it: another content type, or another description. */
static void add_response(struct gri_spec *spec, json_t *responses, const gr_response_info *r, const char *id)
{
    const char *key = spec_response_key_of(spec, r->status);
    if (key && !json_object_get(responses, key))
        gri_doc_set(&spec->doc, responses, key, spec_response_described(spec, phrase_of(r->status)));
    json_t *response = key ? json_object_get(responses, key) : NULL;
    gri_doc_set_text(&spec->doc, response, "description", r->description);
    if (r->model || r->type)
        set_content(spec, response, r, key, id);
    if (is_problem(spec, r) && !json_object_get(response, "content"))
        gri_doc_set(&spec->doc, response, "content", content(spec, problem_type, problem_schema(spec)));
}

/* --- the one for a request that is not valid --- */

static json_t *http_validation_error(struct gri_spec *spec)
{
    json_t *properties = gri_doc_object(&spec->doc);
    set_property(spec, properties, "detail", array_schema(spec, validation_error(spec)), "Detail");
    json_t *schema = spec_response_object_schema(spec, properties);
    gri_doc_set_text(&spec->doc, schema, "title", "HTTPValidationError");
    return gri_doc_named(&spec->doc, "HTTPValidationError", schema);
}

static json_t *invalid_content(struct gri_spec *spec)
{
    gr_model_fn *model = spec->app->invalid_model;
    if (model)
        return content(spec, default_type, gri_doc_model(&spec->doc, model(), GRI_VIEW_OUTPUT));
    return spec->app->problem_details ? content(spec, problem_type, problem_schema(spec))
                                      : content(spec, default_type, http_validation_error(spec));
}

static bool has_input(const gr_model *input)
{
    for (const gr_field *f = input ? input->fields : NULL; f && f->name; f = gri_field_next(input, f))
        if (gri_field_on_wire(f))
            return true;
    return false;
}

static void add_invalid(struct gri_spec *spec, json_t *responses)
{
    if (json_object_get(responses, "422") || json_object_get(responses, "4XX") || json_object_get(responses, "default"))
        return;
    json_t *response = spec_response_described(spec, "Validation Error");
    gri_doc_set(&spec->doc, response, "content", invalid_content(spec));
    gri_doc_set(&spec->doc, responses, "422", response);
}

void gri_spec_responses(struct gri_spec *spec, json_t *operation, const struct gri_documented *request)
{
    const gr_route_options *o = &request->route->options;
    int status = o->status ? o->status : 200;
    json_t *responses = gri_doc_object(&spec->doc);
    gri_doc_set(&spec->doc, responses, spec_response_key_of(spec, status), spec_response_own(spec, request, status));
    gr_response_info r;
    for (size_t i = 0; r = gri_response_at(o->responses, i), r.status; i++)
        add_response(spec, responses, &r, request->id);
    bool invalid = false;
    const gr_model *input;
    for (size_t i = 0; !invalid && (input = gri_spec_input(request, i)) != NULL; i++)
        invalid = has_input(input);
    if (invalid)
        add_invalid(spec, responses);
    gri_doc_set(&spec->doc, operation, "responses", responses);
}
