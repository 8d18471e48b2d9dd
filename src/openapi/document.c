#include "openapi/openapi.h"

/* --- the application --- */

/* Puts an object that has something in it. */
static void set_filled(struct gri_spec *spec, json_t *object, const char *key, json_t *value)
{
    if (json_object_size(value))
        gri_doc_set(&spec->doc, object, key, value);
    else
        json_decref(value);
}

static json_t *contact(struct gri_spec *spec, const gr_contact *who)
{
    json_t *value = gri_doc_object(&spec->doc);
    gri_doc_set_text(&spec->doc, value, "name", who->name);
    gri_doc_set_text(&spec->doc, value, "url", who->url);
    gri_doc_set_text(&spec->doc, value, "email", who->email);
    return value;
}

static json_t *license(struct gri_spec *spec, const gr_license *which)
{
    json_t *value = gri_doc_object(&spec->doc);
    gri_doc_set_text(&spec->doc, value, "name", which->name);
    gri_doc_set_text(&spec->doc, value, "identifier", which->identifier);
    gri_doc_set_text(&spec->doc, value, "url", which->url);
    return value;
}

static json_t *info(struct gri_spec *spec)
{
    const gr_app_info *said = &spec->app->info;
    json_t *value = gri_doc_object(&spec->doc);
    gri_doc_set_text(&spec->doc, value, "title", spec->app->title);
    gri_doc_set_text(&spec->doc, value, "summary", said->summary);
    gri_doc_set_text(&spec->doc, value, "description", said->description);
    gri_doc_set_text(&spec->doc, value, "termsOfService", said->terms_of_service);
    set_filled(spec, value, "contact", contact(spec, &said->contact));
    set_filled(spec, value, "license", license(spec, &said->license));
    gri_doc_set_text(&spec->doc, value, "version", spec->app->version);
    return value;
}

static void add_server(struct gri_spec *spec, json_t *servers, const char *url, const char *description)
{
    json_t *server = gri_doc_object(&spec->doc);
    gri_doc_set_text(&spec->doc, server, "url", url);
    gri_doc_set_text(&spec->doc, server, "description", description);
    gri_doc_add(&spec->doc, servers, server);
}

static bool has_server(const gr_server_info *servers, const char *url)
{
    for (; servers && servers->url; servers++)
        if (strcmp(servers->url, url) == 0)
            return true;
    return false;
}

static void set_servers(struct gri_spec *spec, json_t *document)
{
    const gr_app_info *said = &spec->app->info;
    const char *root = *spec->root_path ? spec->root_path : said->root_path;
    if (!root && !said->servers)
        return;
    json_t *servers = gri_doc_array(&spec->doc);
    if (root && !has_server(said->servers, root))
        add_server(spec, servers, root, NULL);
    for (const gr_server_info *s = said->servers; s && s->url; s++)
        add_server(spec, servers, s->url, s->description);
    gri_doc_set(&spec->doc, document, "servers", servers);
}

static void set_tags(struct gri_spec *spec, json_t *document)
{
    if (!spec->app->info.tags)
        return;
    json_t *tags = gri_doc_array(&spec->doc);
    for (const gr_tag_info *t = spec->app->info.tags; t->name; t++) {
        json_t *tag = gri_doc_object(&spec->doc);
        gri_doc_set_text(&spec->doc, tag, "name", t->name);
        gri_doc_set_text(&spec->doc, tag, "description", t->description);
        gri_spec_link(spec, tag, "externalDocs", &t->external_docs);
        gri_doc_add(&spec->doc, tags, tag);
    }
    gri_doc_set(&spec->doc, document, "tags", tags);
}

/* --- its operations --- */

static bool is_name_char(char c, bool first)
{
    return c == '_' || gri_is_alpha(c) || (!first && gri_is_digit(c));
}

/* The length of ":int" in "{id:int}", at the colon; 0: it is not such a one. */
static size_t converter_len(const char *at)
{
    size_t n = 1;
    while (is_name_char(at[n], n == 1))
        n++;
    return n > 1 && at[n] == '}' ? n : 0;
}

/* "/items/{id:int}" as "/items/{id}". */
static const char *document_plain_path(struct gri_spec *spec, const char *path)
{
    char *plain = gri_arena_strndup(&spec->doc.arena, path, strlen(path)), *to = plain;
    bool inside = false;
    if (!plain && !spec->doc.rc)
        spec->doc.rc = GR_ENOMEM;
    for (const char *c = plain; c && *c; *to++ = *c++) {
        inside = *c == '{' || (inside && *c != '}');
        if (inside && *c == ':')
            c += converter_len(c);
    }
    if (to)
        *to = '\0';
    return plain;
}

static json_t *paths(struct gri_spec *spec, const struct gri_program *program)
{
    json_t *value = gri_doc_object(&spec->doc);
    for (size_t i = 0; i < program->router.n_ops; i++) {
        const struct gri_op *op = &program->router.ops[i];
        if (!op->route->options.hidden)
            gri_spec_add(spec, value, document_plain_path(spec, op->route->path), op->route, op);
    }
    return value;
}

static json_t *webhooks(struct gri_spec *spec)
{
    const gr_route *const *routes = spec->app->webhooks.items;
    json_t *value = gri_doc_object(&spec->doc);
    for (size_t i = 0; i < spec->app->webhooks.n; i++) {
        gr_route whole;
        if (gri_route_take(&whole, routes[i]) && !whole.options.hidden)
            gri_spec_add(spec, value, document_plain_path(spec, whole.path), &whole, NULL);
    }
    return value;
}

/* --- the whole --- */

static json_t *components(struct gri_spec *spec)
{
    json_t *value = gri_doc_object(&spec->doc);
    set_filled(spec, value, "schemas", gri_doc_components(&spec->doc));
    return value;
}

static json_t *document(struct gri_spec *spec, const struct gri_program *program)
{
    json_t *value = gri_doc_object(&spec->doc);
    gri_doc_set_text(&spec->doc, value, "openapi", "3.1.0");
    gri_doc_set(&spec->doc, value, "info", info(spec));
    set_servers(spec, value);
    gri_doc_set(&spec->doc, value, "paths", paths(spec, program));
    set_filled(spec, value, "webhooks", webhooks(spec));
    set_filled(spec, value, "components", components(spec));
    set_tags(spec, value);
    gri_spec_link(spec, value, "externalDocs", &spec->app->info.external_docs);
    return value;
}

static int document_report(const struct gri_spec *spec, int rc)
{
    if (rc == GR_EINVAL)
        gri_log(spec->log, GRI_LOG_ERROR, "openapi: a text of the documentation %s: \"%s\"", spec->doc.why,
                spec->doc.refused);
    return rc;
}

/* The application gets a copy to edit, in which nothing stands at two places. */
static int edit(const struct gri_spec *spec, json_t **value)
{
    if (!spec->app->on_openapi)
        return 0;
    json_t *copy = json_deep_copy(*value);
    json_decref(*value);
    *value = copy;
    int rc = copy ? spec->app->on_openapi(copy, spec->app->on_openapi_arg) : GR_ENOMEM;
    if (rc && copy)
        gri_log(spec->log, GRI_LOG_ERROR, "openapi: the function of gr_app_on_openapi() failed: %d (%s)", rc,
                gr_strerror(rc));
    return rc;
}

int gri_openapi_make(const struct gri_program *program, json_t **value)
{
    struct gri_spec spec = {.app = program->app, .log = program->log, .root_path = program->root_path};
    gri_doc_init(&spec.doc);
    spec.doc.shared = program->app->info.shared_schemas;
    spec.ids = gri_doc_object(&spec.doc);
    *value = document(&spec, program);
    int rc = spec.doc.rc ? document_report(&spec, spec.doc.rc) : edit(&spec, value);
    json_decref(spec.ids);
    gri_doc_finish(&spec.doc);
    if (rc) {
        json_decref(*value);
        *value = NULL;
    }
    return rc;
}
