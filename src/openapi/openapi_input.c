#include "openapi/openapi.h"

#include <string.h>

/* A struct whose members come from one place, each by itself. */
static bool is_struct(const gr_field *f)
{
    return gri_field_type(f) == GR_TYPE_OBJECT && !gri_field_is_tuple(f) &&
           !(f->type & (GR_POINTER | GR_SEQUENCE | GR_MAPPING | GR_FIXED)) && !gri_model_is_bare(f->model());
}

/* --- parameters --- */

static const char *spec_input_header_name(struct gri_spec *spec, const gr_field *f)
{
    if (f->alias)
        return f->alias;
    char *name = gri_arena_strndup(&spec->doc.arena, f->name, strlen(f->name));
    for (char *c = name; c && *c; c++)
        *c = *c == '_' ? '-' : *c;
    if (!name && !spec->doc.rc)
        spec->doc.rc = GR_ENOMEM;
    return name;
}

static bool is_parameter(const json_t *parameter, const char *name, const char *in)
{
    return strcmp(json_string_value(json_object_get(parameter, "name")), name) == 0 &&
           strcmp(json_string_value(json_object_get(parameter, "in")), in) == 0;
}

/* A parameter is listed once, whoever asks for it; who needs it has the last word. */
static void add_parameter(struct gri_spec *spec, json_t *parameters, json_t *parameter)
{
    const char *name = json_string_value(json_object_get(parameter, "name"));
    const char *in = json_string_value(json_object_get(parameter, "in"));
    size_t i = 0;
    if (spec->doc.rc) {
        json_decref(parameter);
        return;
    }
    while (i < json_array_size(parameters) && !is_parameter(json_array_get(parameters, i), name, in))
        i++;
    if (i == json_array_size(parameters))
        gri_doc_add(&spec->doc, parameters, parameter);
    else if (json_is_true(json_object_get(parameter, "required")))
        json_array_set_new(parameters, i, parameter); /* in its place: takes no memory */
    else
        json_decref(parameter);
}

static bool is_one_required(struct gri_doc *doc, const gr_model *model)
{
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        if (gri_field_on_wire(f) && gri_field_is_required(gri_doc_whole(doc, model, f), 0))
            return true;
    return false;
}

static void set_style(struct gri_doc *doc, json_t *parameter, gr_style style)
{
    static const char *const names[] = {[GR_STYLE_FORM] = "form",
                                        [GR_STYLE_SPACE_DELIMITED] = "spaceDelimited",
                                        [GR_STYLE_PIPE_DELIMITED] = "pipeDelimited",
                                        [GR_STYLE_SIMPLE] = "simple",
                                        [GR_STYLE_DEEP_OBJECT] = "deepObject"};
    if (style == GR_STYLE_EXPLODED) /* the default */
        return;
    gri_doc_set_text(doc, parameter, "style", names[style]);
    gri_doc_set(doc, parameter, "explode", json_boolean(style == GR_STYLE_DEEP_OBJECT));
}

/* `titled`: the name that its title is made of. */
static json_t *parameter(struct gri_spec *spec, const gr_field *f, const char *in, const char *name, const char *titled)
{
    json_t *value = gri_doc_object(&spec->doc);
    bool required = is_struct(f) ? is_one_required(&spec->doc, f->model()) : gri_field_is_required(f, 0);
    gri_doc_set(&spec->doc, value, "name", gri_doc_text(&spec->doc, name));
    gri_doc_set_text(&spec->doc, value, "in", in);
    gri_doc_set(&spec->doc, value, "required", json_boolean(required));
    if (titled)
        gri_doc_set(&spec->doc, value, "schema", gri_doc_field(&spec->doc, f, titled, GRI_TITLES_OF_PARAMETERS, 0));
    gri_doc_set_text(&spec->doc, value, "description", f->doc);
    if (f->deprecated)
        gri_doc_set(&spec->doc, value, "deprecated", json_true());
    set_style(&spec->doc, value, f->style);
    return value;
}

static void add_field(struct gri_spec *spec, json_t *parameters, const gr_field *f, gr_source source, bool of_struct)
{
    static const char *const in[] = {
        [GR_IN_PATH] = "path", [GR_IN_QUERY] = "query", [GR_IN_HEADER] = "header", [GR_IN_COOKIE] = "cookie"};
    const char *name = source == GR_IN_HEADER ? spec_input_header_name(spec, f) : gri_field_wire_name(f);
    if (!f->hidden)
        add_parameter(spec, parameters,
                      parameter(spec, f, in[source], name, of_struct ? gri_field_wire_name(f) : name));
}

static void add_struct(struct gri_spec *spec, json_t *parameters, const gr_model *model, gr_source source)
{
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        if (gri_field_on_wire(f))
            add_field(spec, parameters, gri_doc_whole(&spec->doc, model, f), source, true);
}

static void add_source(struct gri_spec *spec, json_t *parameters, const gr_model *input, gr_source source)
{
    for (const gr_field *at = input->fields; at->name; at = gri_field_next(input, at)) {
        const gr_field *f = gri_doc_whole(&spec->doc, input, at);
        if (!gri_field_on_wire(f) || f->source != source)
            continue;
        if (is_struct(f) && f->style != GR_STYLE_DEEP_OBJECT)
            add_struct(spec, parameters, f->model(), source);
        else
            add_field(spec, parameters, f, source, false);
    }
}

/* What an operation does not take from its path is there all the same. */
static void add_piece(struct gri_spec *spec, json_t *parameters, const struct gri_piece *piece)
{
    static const gr_type types[] = {[GRI_CONV_STR] = GR_TYPE_STRING,
                                    [GRI_CONV_INT] = GR_TYPE_INT64,
                                    [GRI_CONV_FLOAT] = GR_TYPE_DOUBLE,
                                    [GRI_CONV_UUID] = GR_TYPE_UUID,
                                    [GRI_CONV_PATH] = GR_TYPE_STRING};
    const char *name = gri_doc_printf(&spec->doc, "%.*s", (int)piece->name.len, piece->name.at);
    gr_field f = {.name = name, .type = types[piece->converter], .source = GR_IN_PATH};
    if (name)
        add_field(spec, parameters, &f, GR_IN_PATH, false);
}

static void add_pattern(struct gri_spec *spec, json_t *parameters, const struct gri_pattern *pattern)
{
    for (size_t i = 0; i < pattern->n; i++)
        for (size_t j = 0; j < pattern->segments[i].n; j++)
            if (pattern->segments[i].pieces[j].name.len)
                add_piece(spec, parameters, &pattern->segments[i].pieces[j]);
}

static void add_parameters(struct gri_spec *spec, json_t *parameters, const struct gri_documented *request)
{
    static const gr_source sources[] = {GR_IN_PATH, GR_IN_QUERY, GR_IN_HEADER, GR_IN_COOKIE};
    const gr_model *input;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        for (size_t j = 0; (input = gri_spec_input(request, j)) != NULL; j++)
            add_source(spec, parameters, input, sources[i]);
}

static bool is_in_path(const struct gri_pattern *pattern, const char *name)
{
    for (size_t i = 0; i < pattern->n; i++)
        for (size_t j = 0; j < pattern->segments[i].n; j++)
            if (gri_str_is(pattern->segments[i].pieces[j].name, gri_str_from(name)))
                return true;
    return false;
}

/* A parameter of the host is one that OpenAPI has no place for. */
static void drop_host_parameters(json_t *parameters, const struct gri_pattern *pattern)
{
    for (size_t i = json_array_size(parameters); i > 0; i--) {
        const json_t *parameter = json_array_get(parameters, i - 1);
        const char *in = json_string_value(json_object_get(parameter, "in"));
        const char *name = json_string_value(json_object_get(parameter, "name"));
        if (in && name && strcmp(in, "path") == 0 && !is_in_path(pattern, name))
            json_array_remove(parameters, i - 1);
    }
}

void gri_spec_parameters(struct gri_spec *spec, json_t *operation, const struct gri_documented *request)
{
    json_t *parameters = gri_doc_array(&spec->doc);
    if (!request->input && request->pattern)
        add_pattern(spec, parameters, request->pattern);
    add_parameters(spec, parameters, request);
    if (request->pattern)
        drop_host_parameters(parameters, request->pattern);
    if (json_array_size(parameters))
        gri_doc_set(&spec->doc, operation, "parameters", parameters);
    else
        json_decref(parameters);
}

/* --- bodies --- */

/* What the body is made of. */
struct spec_input_parts {
    const gr_field *only; /* the first of them */
    size_t n;             /* by their names */
    bool embed, form, required;
};

static void note_part(struct spec_input_parts *parts, const gr_field *f)
{
    bool form = gri_field_on_wire(f) && f->source == GR_IN_FORM;
    if (!form && !gri_field_is_body(f))
        return;
    parts->n += !parts->only || strcmp(parts->only->name, f->name) != 0;
    parts->only = parts->only ? parts->only : f;
    parts->form = parts->form || form;
    parts->embed = parts->embed || f->embed || (form && !is_struct(f));
    parts->required = parts->required || gri_field_is_required(f, 0);
}

static struct spec_input_parts parts_of(struct gri_spec *spec, const struct gri_documented *request)
{
    struct spec_input_parts parts = {.n = 0};
    const gr_model *input;
    for (size_t i = 0; (input = gri_spec_input(request, i)) != NULL; i++)
        for (const gr_field *at = input->fields; at->name; at = gri_field_next(input, at))
            note_part(&parts, gri_doc_whole(&spec->doc, input, at));
    return parts;
}

static void add_part(struct gri_spec *spec, struct gri_doc_members *members, const gr_field *f)
{
    if (f->source != GR_IN_FORM || !is_struct(f)) {
        gri_doc_members_add(&spec->doc, members, f);
        return;
    }
    const gr_model *model = f->model();
    for (f = model->fields; f->name; f = gri_field_next(model, f))
        if (gri_field_on_wire(f))
            gri_doc_members_add(&spec->doc, members, gri_doc_whole(&spec->doc, model, f));
}

/* Several parts are the members of an object that no model describes. */
static json_t *body_of_parts(struct gri_spec *spec, const struct gri_documented *request)
{
    const gr_model *input;
    const char *name = request->id ? gri_doc_printf(&spec->doc, "Body_%s", request->id) : NULL;
    struct gri_doc_members members;
    gri_doc_members_begin(&spec->doc, &members, 0);
    for (size_t i = 0; (input = gri_spec_input(request, i)) != NULL; i++)
        for (const gr_field *f = input->fields; f->name; f = gri_field_next(input, f))
            if (gri_field_is_body(f) || (gri_field_on_wire(f) && f->source == GR_IN_FORM))
                add_part(spec, &members, gri_doc_whole(&spec->doc, input, f));
    json_t *schema = gri_doc_members_end(&spec->doc, &members);
    gri_doc_set(&spec->doc, schema, "title", gri_doc_text(&spec->doc, name));
    return gri_doc_named(&spec->doc, name, schema);
}

static json_t *body_schema(struct gri_spec *spec, const struct gri_documented *request,
                           const struct spec_input_parts *parts)
{
    const gr_field *f = parts->only;
    if (parts->n > 1 || parts->embed)
        return body_of_parts(spec, request);
    return gri_doc_field(&spec->doc, f, gri_field_wire_name(f), GRI_TITLES_OF_PARAMETERS, 0);
}

static bool may_have_body(const gr_route *route)
{
    return strcmp(route->method, "OPTIONS") != 0 && strcmp(route->method, "TRACE") != 0;
}

void gri_spec_body(struct gri_spec *spec, json_t *operation, const struct gri_documented *request)
{
    struct spec_input_parts parts = parts_of(spec, request);
    if (!parts.n || !may_have_body(request->route))
        return;
    json_t *content = gri_doc_object(&spec->doc), *type = gri_doc_object(&spec->doc);
    json_t *body = gri_doc_object(&spec->doc);
    gri_doc_set(&spec->doc, type, "schema", body_schema(spec, request, &parts));
    gri_doc_set(&spec->doc, content, parts.form ? "application/x-www-form-urlencoded" : "application/json", type);
    gri_doc_set(&spec->doc, body, "content", content);
    if (parts.required)
        gri_doc_set(&spec->doc, body, "required", json_true());
    gri_doc_set(&spec->doc, operation, "requestBody", body);
}
