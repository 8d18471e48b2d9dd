#include <stdlib.h>
#include <string.h>

#include "schema/kind.h"
#include "schema/openapi_value.h"

/* A schema with a name. References to it share one string, which is written when all names are known. */
struct gri_component {
    struct gri_component *next;
    const void *table;      /* the gr_model or gr_enum; NULL: it was made by hand */
    const gr_field *arm;    /* where the model is one of a union's: with the union's tag as its first member */
    const gr_model *tagged; /* that union */
    unsigned view;
    bool is_enum;
    const char *name; /* that it should have, and then that it has */
    json_t *ref, *schema;
};

void gri_doc_init(struct gri_doc *doc)
{
    *doc = (struct gri_doc){0};
    gri_arena_init(&doc->arena, NULL, 0);
}

void gri_doc_finish(struct gri_doc *doc)
{
    for (struct gri_component *c = doc->components; c; c = c->next) {
        json_decref(c->ref);
        json_decref(c->schema);
    }
    gri_arena_finish(&doc->arena);
}

/* --- components --- */

static struct gri_component *component(struct gri_doc *doc, const struct gri_component *wanted)
{
    struct gri_component **at = &doc->components;
    for (; *at; at = &(*at)->next)
        if ((*at)->table == wanted->table && (*at)->arm == wanted->arm && (*at)->view == wanted->view &&
            (wanted->table || !wanted->name || strcmp((*at)->name, wanted->name) == 0))
            return *at;
    struct gri_component *c = gri_arena_alloc(&doc->arena, sizeof *c);
    if (!c) {
        doc->rc = doc->rc ? doc->rc : GR_ENOMEM;
        return NULL;
    }
    *c = *wanted;
    c->ref = gri_doc_text(doc, "");
    *at = c;
    return c;
}

static json_t *refer(struct gri_doc *doc, const struct gri_component *c)
{
    json_t *reference = gri_doc_object(doc);
    gri_doc_set(doc, reference, "$ref", c ? json_incref(c->ref) : NULL);
    return reference;
}

json_t *gri_doc_named(struct gri_doc *doc, const char *name, json_t *schema)
{
    struct gri_component *c = name ? component(doc, &(struct gri_component){.name = name}) : NULL;
    if (c && !c->schema)
        c->schema = schema;
    else
        json_decref(schema);
    return refer(doc, c);
}

json_t *gri_doc_enum(struct gri_doc *doc, const gr_enum *values)
{
    return refer(doc, component(doc, &(struct gri_component){.table = values, .is_enum = true}));
}

/* --- tables --- */

const gr_field *gri_doc_whole(struct gri_doc *doc, const gr_model *model, const gr_field *field)
{
    static const gr_field none = {.name = ""};
    gr_field *own = model->field_size < sizeof *own ? gri_arena_alloc(&doc->arena, sizeof *own) : NULL;
    if (own || model->field_size >= sizeof *own)
        return gri_field_whole(model, field, own);
    doc->rc = doc->rc ? doc->rc : GR_ENOMEM;
    return &none;
}

static const gr_field *entry(struct gri_doc *doc, const gr_model *model, gr_type type)
{
    const gr_field *f = model->fields;
    while (f->name && gri_field_type(f) != type)
        f = gri_field_next(model, f);
    return f->name ? gri_doc_whole(doc, model, f) : NULL;
}

/* --- whether a view shows anything else than the model --- */

struct seen {
    struct seen *next;
    const gr_model *model;
};

static bool see(struct gri_doc *doc, struct seen **at, const gr_model *model)
{
    for (; *at; at = &(*at)->next)
        if ((*at)->model == model)
            return true;
    *at = gri_arena_alloc(&doc->arena, sizeof **at);
    if (*at)
        **at = (struct seen){NULL, model};
    return *at;
}

static unsigned shown_by(const gr_model *model, const gr_field *f)
{
    bool arm = gri_field_type(f) == GR_TYPE_ARM || gri_model_is_bare(model);
    bool renamed = f->alias && strcmp(f->alias, f->name) != 0 && !arm;
    bool otherwise = gri_kind_of(f)->options & GRI_IS_SENT_OTHERWISE;
    return (renamed ? GRI_VIEW_BY_NAME : 0u) | (f->nullable ? GRI_VIEW_WITHOUT_NULLS : 0u) |
           (otherwise ? GRI_VIEW_OUTPUT : 0u);
}

/* Whether a model is sent with members that it need not be received with. */
static bool sends_more(struct gri_doc *doc, const gr_model *model)
{
    const gr_field *self = entry(doc, model, GR_TYPE_SELF);
    if (!self || !self->defaults_required)
        return false;
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at))
        if (gri_field_on_wire(at) && !gri_field_is_required(gri_doc_whole(doc, model, at), 0))
            return true;
    return false;
}

/* Of the view only what makes a difference, in the model or one of those inside it. */
static unsigned needed_view(struct gri_doc *doc, const gr_model *model, unsigned view)
{
    struct seen *first = NULL;
    unsigned needed = 0;
    view &= doc->shared ? ~(unsigned)GRI_VIEW_OUTPUT : ~0u;
    bool room = !view || see(doc, &first, model);
    for (struct seen *s = first; room && s; s = s->next) {
        needed |= sends_more(doc, s->model) ? GRI_VIEW_OUTPUT : 0u;
        for (const gr_field *at = s->model->fields; room && at->name; at = gri_field_next(s->model, at)) {
            gr_field own;
            const gr_field *f = gri_field_whole(s->model, at, &own);
            if (gri_field_on_wire(f))
                needed |= shown_by(s->model, f);
            room = !f->model || see(doc, &first, f->model());
        }
    }
    if (!room && !doc->rc)
        doc->rc = GR_ENOMEM;
    return view & needed;
}

json_t *gri_doc_model(struct gri_doc *doc, const gr_model *model, unsigned view)
{
    if (gri_model_is_tuple(model))
        return gri_doc_tuple(doc, model, view);
    view = needed_view(doc, model, view);
    if (gri_doc_is_inline(model))
        return gri_doc_union(doc, model, view);
    return refer(doc, component(doc, &(struct gri_component){.table = model, .view = view}));
}

/* --- their schemas --- */

static const char *title_of(struct gri_doc *doc, const gr_model *model)
{
    const gr_field *self = entry(doc, model, GR_TYPE_SELF);
    return self && self->title ? self->title : gri_doc_type_name(doc, model->name);
}

static void spec_model_describe(struct gri_doc *doc, json_t *schema, const gr_model *model)
{
    const gr_field *self = entry(doc, model, GR_TYPE_SELF);
    gri_doc_set(doc, schema, "title", gri_doc_text(doc, title_of(doc, model)));
    if (!self)
        return;
    gri_doc_set_text(doc, schema, "description", self->doc);
    if (self->deprecated)
        gri_doc_set(doc, schema, "deprecated", json_true());
    gri_doc_set_json(doc, schema, "examples", self->examples);
}

static json_t *enum_schema(struct gri_doc *doc, const gr_enum *values)
{
    json_t *schema = gri_doc_object(doc), *list = gri_doc_array(doc);
    size_t named = 0;
    for (size_t i = 0; i < values->n_values; i++) {
        named += values->values[i].name != NULL;
        gri_doc_add(doc, list, gri_doc_enum_value(doc, &values->values[i]));
    }
    if (named == 0 || named == values->n_values)
        gri_doc_set_text(doc, schema, "type", named ? "string" : "integer");
    gri_doc_set(doc, schema, "enum", list);
    gri_doc_set(doc, schema, "title", gri_doc_text(doc, gri_doc_type_name(doc, values->name)));
    return schema;
}

json_t *gri_doc_arm(struct gri_doc *doc, const gr_model *tagged, const gr_field *arm, unsigned view)
{
    struct gri_component wanted = {.table = arm->model(), .arm = arm, .tagged = tagged, .view = view};
    return refer(doc, component(doc, &wanted));
}

static const char *add_tag(struct gri_doc *doc, struct gri_doc_members *members, const struct gri_component *c)
{
    gr_field tag = *entry(doc, c->tagged, GR_TYPE_TAG);
    tag.type = GR_TYPE_STRING;
    tag.literal[0] = gri_field_wire_name(c->arm);
    tag.literal[1] = NULL;
    members->view = 0; /* its name on the wire is always the same */
    gri_doc_members_add(doc, members, &tag);
    members->view = c->view;
    return gri_field_wire_name(&tag);
}

/* What it has beside its members. */
static void set_others(struct gri_doc *doc, json_t *schema, const gr_model *model, unsigned view)
{
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at))
        if (at->type & GR_OTHERS)
            gri_doc_set(doc, schema, "additionalProperties",
                        gri_doc_any_names(doc, gri_doc_whole(doc, model, at), view));
}

static json_t *spec_model_object_schema(struct gri_doc *doc, const struct gri_component *c)
{
    const gr_model *model = c->table;
    const gr_field *self = entry(doc, model, GR_TYPE_SELF);
    struct gri_doc_members members;
    gri_doc_members_begin(doc, &members, c->view);
    members.all_required = self && self->defaults_required && (c->view & GRI_VIEW_OUTPUT);
    const char *tag = c->arm ? add_tag(doc, &members, c) : NULL;
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        const gr_field *f = gri_doc_whole(doc, model, at);
        if (gri_field_on_wire(f) && !(tag && strcmp(tag, gri_field_wire_name(f)) == 0))
            gri_doc_members_add(doc, &members, f);
    }
    json_t *schema = gri_doc_members_end(doc, &members);
    set_others(doc, schema, model, c->view);
    if (self && self->extra == GR_EXTRA_FORBIDDEN)
        gri_doc_set(doc, schema, "additionalProperties", json_false());
    return schema;
}

static void make(struct gri_doc *doc, struct gri_component *c)
{
    if (c->is_enum) {
        const gr_enum *values = c->table;
        c->schema = enum_schema(doc, values);
        c->name = gri_doc_type_name(doc, values->name);
        return;
    }
    const gr_model *model = c->table;
    c->schema = gri_doc_union(doc, model, c->view);
    c->schema = c->schema ? c->schema : spec_model_object_schema(doc, c);
    spec_model_describe(doc, c->schema, model);
    c->name = title_of(doc, model);
}

/* --- their names --- */

/* A key of components is of letters, digits, '.', '-' and '_' (OpenAPI 3.1, Components Object). */
static const char *as_key(struct gri_doc *doc, const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    char *key = name ? gri_arena_strndup(&doc->arena, name, strlen(name)) : NULL;
    for (char *c = key; c && *c; c++)
        if (!strchr(allowed, *c))
            *c = '_';
    if (!key && !doc->rc)
        doc->rc = GR_ENOMEM;
    return key;
}

/* Those with a fixed name come first, then models and enums as they are, then what is a variant of one. */
static unsigned precedence(const struct gri_component *c)
{
    return !c->table ? 0 : !c->arm && !c->view ? 1 : 2;
}

/* Whether the same model is also sent as something else than it is received as. */
static bool is_split(const struct gri_doc *doc, const struct gri_component *c)
{
    bool received = false, sent = false;
    for (const struct gri_component *o = doc->components; o; o = o->next) {
        bool same = o->table == c->table && o->arm == c->arm;
        received = received || (same && !o->view);
        sent = sent || (same && (o->view & GRI_VIEW_OUTPUT));
    }
    return received && sent && (!c->view || (c->view & GRI_VIEW_OUTPUT));
}

/* What tells a variant from the model itself, where that has the name already. */
static const char *variant_name(struct gri_doc *doc, const struct gri_component *c, const char *name)
{
    if (c->arm)
        return as_key(doc, gri_doc_printf(doc, "%s%s", title_of(doc, c->tagged), name));
    return c->view && !is_split(doc, c) ? gri_doc_printf(doc, "%s-Output", name) : name;
}

static const char *own_name(struct gri_doc *doc, const struct gri_component *c)
{
    const char *name = as_key(doc, c->name);
    if (!name || !c->table || !is_split(doc, c))
        return name;
    return gri_doc_printf(doc, "%s%s", name, c->view ? "-Output" : "-Input");
}

static void name_component(struct gri_doc *doc, struct gri_component *c, json_t *by_name)
{
    const char *wanted = own_name(doc, c), *name = wanted;
    if (wanted && json_object_get(by_name, wanted))
        wanted = name = variant_name(doc, c, wanted);
    for (unsigned i = 2; name && json_object_get(by_name, name); i++)
        name = gri_doc_printf(doc, "%s%u", wanted, i);
    c->name = name;
    if (!name)
        return;
    gri_doc_set(doc, by_name, name, json_incref(c->schema));
    const char *ref = gri_doc_printf(doc, "#/components/schemas/%s", name);
    if ((!ref || json_string_set_nocheck(c->ref, ref)) && !doc->rc)
        doc->rc = GR_ENOMEM;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *sorted(struct gri_doc *doc, json_t *by_name)
{
    size_t n = json_object_size(by_name), i = 0;
    const char **names = gri_arena_alloc(&doc->arena, gri_size_mul(n + 1, sizeof *names));
    json_t *result = gri_doc_object(doc);
    if (!names) {
        doc->rc = doc->rc ? doc->rc : GR_ENOMEM;
        return result;
    }
    for (void *at = json_object_iter(by_name); at; at = json_object_iter_next(by_name, at))
        names[i++] = json_object_iter_key(at);
    qsort(names, n, sizeof *names, compare_names);
    for (i = 0; i < n; i++)
        gri_doc_set(doc, result, names[i], json_incref(json_object_get(by_name, names[i])));
    return result;
}

json_t *gri_doc_components(struct gri_doc *doc)
{
    for (struct gri_component *c = doc->components; c; c = c->next)
        if (c->table)
            make(doc, c);
    json_t *by_name = gri_doc_object(doc);
    for (unsigned rank = 0; rank < 3; rank++)
        for (struct gri_component *c = doc->components; c; c = c->next)
            if (precedence(c) == rank)
                name_component(doc, c, by_name);
    json_t *result = sorted(doc, by_name);
    json_decref(by_name);
    return result;
}
