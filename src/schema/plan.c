#include "schema/plan.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "schema/default_list.h"
#include "schema/kind.h"
#include "schema/label.h"
#include "schema/text.h"

struct gri_schema {
    struct gri_arena arena;
    struct gri_plan *_Atomic first;
    pthread_mutex_t lock; /* of those who add */
};

struct gri_schema *gri_schema_create(void)
{
    struct gri_schema *schema = calloc(1, sizeof *schema);
    if (!schema)
        return NULL;
    gri_arena_init(&schema->arena, NULL, 0);
    pthread_mutex_init(&schema->lock, NULL);
    return schema;
}

static void free_patterns(struct gri_plan *first, const struct gri_plan *end)
{
    for (struct gri_plan *plan = first; plan != end; plan = plan->next) {
        for (unsigned i = 0; i < plan->n_members; i++)
            gri_regex_destroy(plan->members[i].pattern);
        gri_regex_destroy(plan->rest ? plan->rest->pattern : NULL);
    }
}

void gri_schema_destroy(struct gri_schema *schema)
{
    if (!schema)
        return;
    free_patterns(schema->first, NULL);
    pthread_mutex_destroy(&schema->lock);
    gri_arena_finish(&schema->arena);
    free(schema);
}

/* 'a', 'b' or 'c'; for the tags of a union 'a', 'b', 'c'. */
static void put_alternative(struct gri_buf *buf, const char *name, int64_t number, bool first, const char *before)
{
    if (!first)
        gri_buf_puts(buf, before);
    if (name)
        gri_buf_putc(buf, '\'');
    if (name)
        gri_buf_puts(buf, name);
    else
        gri_buf_put_i64(buf, number);
    if (name)
        gri_buf_putc(buf, '\'');
}

static void plan_put_enum(struct gri_buf *buf, const gr_enum *values)
{
    for (size_t i = 0; i < values->n_values; i++)
        put_alternative(buf, values->values[i].name, values->values[i].value, i == 0,
                        i + 1 == values->n_values ? " or " : ", ");
}

static size_t count_literals(const gr_field *field)
{
    size_t n = 0;
    while (n < sizeof field->literal / sizeof *field->literal && field->literal[n])
        n++;
    return n;
}

static const char *plan_take_text(struct gri_buf *buf)
{
    gri_buf_putc(buf, '\0');
    return buf->failed ? NULL : buf->data;
}

static bool describe_alternatives(struct gri_schema *schema, struct gri_member *m)
{
    struct gri_buf buf;
    size_t n = count_literals(m->field);
    if (m->type != GR_TYPE_ENUM && !n)
        return true;
    gri_buf_init(&buf, &schema->arena);
    if (m->type == GR_TYPE_ENUM)
        plan_put_enum(&buf, m->field->values);
    for (size_t i = 0; i < n; i++)
        put_alternative(&buf, m->field->literal[i], 0, i == 0, i + 1 == n ? " or " : ", ");
    m->expected = plan_take_text(&buf);
    return m->expected;
}

static bool is_constrained(const gr_field *f)
{
    return f->ge.kind || f->gt.kind || f->le.kind || f->lt.kind || f->multiple_of.kind || f->min_len || f->max_len ||
           f->pattern || f->literal[0] || f->format || f->validate || f->max_digits || f->decimal_places;
}

/* Header fields are named with hyphens, and without case: in lower case here. */
static char *plan_header_name(struct gri_arena *arena, const gr_field *field)
{
    char *name = gri_arena_strndup(arena, gri_field_wire_name(field), strlen(gri_field_wire_name(field)));
    for (char *c = name; name && *c; c++)
        *c = *c == '_' && !field->alias ? '-' : gri_lower(*c);
    return name;
}

static bool name_member(struct gri_schema *schema, struct gri_member *m, bool in_tuple)
{
    struct gri_buf key;
    const char *name = gri_field_wire_name(m->field);
    if (m->field->source == GR_IN_HEADER && (!m->plan || m->plan->is_tuple || m->plan->bare))
        name = plan_header_name(&schema->arena, m->field);
    if (!name)
        return false;
    m->name = gri_str_from(name);
    gri_buf_init(&key, &schema->arena);
    gri_buf_putc(&key, ',');
    if (in_tuple) {
        m->key = (struct gri_str){key.data, key.len};
        return !key.failed;
    }
    gri_text_quote(&key, name, strlen(name));
    gri_buf_putc(&key, ':');
    m->key = (struct gri_str){key.data, key.len};
    return !key.failed;
}

static struct gri_plan *plan_make_plan(struct gri_schema *schema, const gr_model *model);

/* What reads and writes a map's keys, which errors call "[key]". */
static bool make_key(struct gri_schema *schema, struct gri_member *m)
{
    gr_field *field;
    struct gri_member *key;
    if (!(m->shape & GR_MAPPING) || !m->field->key_type)
        return true;
    field = gri_arena_alloc(&schema->arena, sizeof *field);
    key = gri_arena_alloc(&schema->arena, sizeof *key);
    if (!field || !key)
        return false;
    *field = (gr_field){.name = "[key]", .type = m->field->key_type};
    *key = (struct gri_member){.field = field, .type = gri_field_type(field), .kind = gri_kind_of(field)};
    key->name = gri_str_from(field->name);
    key->size = gri_value_size(field);
    m->key_member = key;
    return true;
}

/* Of a json_t * that takes the rest: entries as those of a map of them. */
static void make_entries(struct gri_member *m)
{
    struct entry {
        const char *key;
        json_t *value;
    };
    m->stride = sizeof(struct entry);
    m->value_offset = offsetof(struct entry, value);
}

static bool make_member(struct gri_schema *schema, struct gri_member *m, const gr_field *field, bool in_tuple)
{
    char why[1];
    size_t where;
    *m = (struct gri_member){.field = field, .type = gri_field_type(field), .offset = field->offset};
    m->kind = gri_kind_of(field);
    m->shape = field->type & (GR_POINTER | GR_SEQUENCE | GR_MAPPING | GR_FIXED);
    m->may_be_null = field->optional || field->nullable;
    m->has_default = gri_field_has_default(field);
    m->omit_null = field->omit_null;
    m->checked = is_constrained(field);
    if (field->model && !(m->plan = plan_make_plan(schema, field->model())))
        return false;
    m->single = !(m->shape & GR_SEQUENCE) && m->type != GR_TYPE_JSON && !m->plan;
    m->size = m->plan ? m->plan->size : gri_value_size(field);
    m->stride = m->shape & GR_MAPPING ? field->stride : m->size;
    m->value_offset = field->value_offset;
    if ((field->type & GR_OTHERS) && !(m->shape & GR_MAPPING))
        make_entries(m);
    m->count = field->count;
    m->pattern = field->pattern ? gri_regex_create(field->pattern, why, sizeof why, &where) : NULL;
    if (m->type == GR_TYPE_ENUM && !gri_choices_init(&m->choices, field->values, &schema->arena))
        return false;
    return name_member(schema, m, in_tuple) && describe_alternatives(schema, m) && (m->pattern || !field->pattern) &&
           make_key(schema, m) && (!field->default_list || gri_default_list_make(m, &schema->arena) == 0);
}

static void note_entry(struct gri_plan *plan, const gr_field *field)
{
    switch (gri_field_type(field)) {
    case GR_TYPE_SELF:
        plan->self = field;
        plan->forbids_extra = field->extra == GR_EXTRA_FORBIDDEN;
        plan->is_tuple = field->tuple;
        plan->opener = field->tuple ? '[' : '{';
        plan->closer = field->tuple ? ']' : '}';
        break;
    case GR_TYPE_SET:
        plan->set = field;
        break;
    case GR_TYPE_TAG:
        plan->tag = field;
        break;
    case GR_TYPE_EITHER:
        plan->either = field;
        plan->bare = true;
        break;
    case GR_TYPE_ROOT:
        plan->bare = true;
        break;
    default:
        plan->n_members += gri_field_on_wire(field);
    }
}

static bool make_rest(struct gri_schema *schema, struct gri_plan *plan, const gr_field *field)
{
    struct gri_member *rest = gri_arena_alloc(&schema->arena, sizeof *rest);
    plan->rest = rest;
    return rest && make_member(schema, rest, field, false);
}

static bool describe_tags(struct gri_schema *schema, struct gri_plan *plan)
{
    struct gri_buf buf, key;
    gri_buf_init(&buf, &schema->arena);
    gri_buf_init(&key, &schema->arena);
    for (unsigned i = 0; i < plan->n_members; i++)
        put_alternative(&buf, plan->members[i].name.at, 0, i == 0, ", ");
    const char *name = gri_field_wire_name(plan->tag ? plan->tag : plan->either);
    gri_text_quote(&key, name, strlen(name));
    gri_buf_putc(&key, ':');
    plan->tag_key = (struct gri_str){key.data, key.len};
    plan->expected = plan_take_text(&buf);
    return plan->expected && !key.failed;
}

/* A case has no name on the wire: what it is called, a loc says. */
static bool name_cases(struct gri_schema *schema, struct gri_plan *plan)
{
    for (unsigned i = 0; i < plan->n_members; i++) {
        struct gri_member *m = &plan->members[i];
        struct gri_buf buf;
        m->key = (struct gri_str){NULL, 0};
        if (m->field->alias || plan->either->discriminate)
            continue;
        gri_buf_init(&buf, &schema->arena);
        gri_label_write(&buf, m->field);
        if (buf.failed)
            return false;
        m->name = (struct gri_str){buf.data, buf.len};
    }
    return true;
}

/* Whether an entry is a member of the plan: for that of the bodies of an input, one that comes from the body. */
static bool is_plan_taken(const struct gri_plan *plan, const gr_field *field)
{
    return gri_field_on_wire(field) && (!plan->embedded || field->source == GR_IN_JSON || field->source == GR_IN_BODY);
}

/* Lengths first: they tell most names apart. */
static int compare_members(struct gri_str a, struct gri_str b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.at, b.at, a.len) : 0;
}

static int members_by_name(const void *a, const void *b)
{
    const struct gri_member *const *p = a, *const *q = b;
    int order = compare_members((*p)->name, (*q)->name);
    return order ? order : *p < *q ? -1 : *p > *q;
}

static bool index_members(struct gri_schema *schema, struct gri_plan *plan)
{
    plan->by_name = gri_arena_alloc(&schema->arena, (plan->n_members + 1) * sizeof *plan->by_name);
    for (unsigned i = 0; plan->by_name && i < plan->n_members; i++) {
        const struct gri_member *m = plan->by_name[i] = &plan->members[i];
        plan->required[i / 64] |= (uint64_t)(!m->has_default && !m->field->optional) << (i % 64);
    }
    if (plan->by_name)
        qsort(plan->by_name, plan->n_members, sizeof *plan->by_name, members_by_name);
    return plan->by_name;
}

/* The table's fields at their whole length, and the end of them. */
static bool plan_fields(struct gri_schema *schema, const gr_model *model, const gr_field **fields)
{
    size_t n = 1, i = 0;
    *fields = model->fields;
    if (model->field_size == sizeof **fields)
        return true;
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        n++;
    gr_field *whole = gri_arena_alloc(&schema->arena, n * sizeof *whole);
    *fields = whole;
    for (const gr_field *f = model->fields; whole && i < n; f = gri_field_next(model, f))
        gri_field_copy(model, f, &whole[i++]);
    return whole;
}

static bool plan_fill(struct gri_schema *schema, struct gri_plan *plan)
{
    unsigned n = 0;
    const gr_model *model = plan->model;
    const gr_field *fields;
    if (!plan_fields(schema, model, &fields))
        return false;
    for (const gr_field *f = fields; f->name; f++)
        note_entry(plan, f);
    plan->members = gri_arena_alloc(&schema->arena, (plan->n_members + 1) * sizeof *plan->members);
    if (!plan->members)
        plan->n_members = 0;
    if (!plan->members)
        return false;
    memset(plan->members, 0, (plan->n_members + 1) * sizeof *plan->members);
    for (const gr_field *f = fields; f->name; f++) {
        if (is_plan_taken(plan, f) && !make_member(schema, &plan->members[n++], f, plan->is_tuple))
            return false;
        if ((f->type & GR_OTHERS) && !make_rest(schema, plan, f))
            return false;
    }
    plan->n_members = n;
    if (plan->either && !name_cases(schema, plan))
        return false;
    if (!index_members(schema, plan))
        return false;
    return !(plan->tag || (plan->either && plan->either->discriminate)) || describe_tags(schema, plan);
}

static struct gri_plan *plan_find(struct gri_schema *schema, const gr_model *model)
{
    struct gri_plan *plan = schema->first;
    while (plan && (plan->model != model || plan->embedded))
        plan = plan->next;
    return plan;
}

struct gri_plan *gri_schema_find(struct gri_schema *schema, const gr_model *model)
{
    struct gri_plan *plan = plan_find(schema, model);
    return plan && plan->ready ? plan : NULL;
}

/* A plan is on the list before it is filled, so that a recursive model finds itself; `size` is what such a one needs of
 * it. */
static struct gri_plan *begin_plan(struct gri_schema *schema, const gr_model *model, bool embedded)
{
    struct gri_plan *plan = gri_arena_alloc(&schema->arena, sizeof *plan);
    if (!plan)
        return NULL;
    *plan = (struct gri_plan){.model = model, .size = model->struct_size, .embedded = embedded, .next = schema->first};
    plan->opener = '{';
    plan->closer = '}';
    schema->first = plan;
    return plan;
}

static struct gri_plan *plan_make_plan(struct gri_schema *schema, const gr_model *model)
{
    struct gri_plan *plan = plan_find(schema, model);
    if (plan)
        return plan;
    plan = begin_plan(schema, model, false);
    return plan && plan_fill(schema, plan) ? plan : NULL;
}

static bool is_member_secret(const struct gri_member *m)
{
    return m->field->secret || (m->plan && m->plan->has_secret);
}

static bool finds_secret(const struct gri_plan *plan)
{
    if ((plan->tag && plan->tag->secret) || (plan->rest && is_member_secret(plan->rest)))
        return true;
    for (unsigned i = 0; i < plan->n_members; i++)
        if (is_member_secret(&plan->members[i]))
            return true;
    return false;
}

/* Models may contain each other in circles, so what one learns the others may have to learn. */
static void mark_secrets(struct gri_plan *first, const struct gri_plan *end)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (struct gri_plan *p = first; p != end; p = p->next)
            if (!p->has_secret && finds_secret(p))
                changed = p->has_secret = true;
    }
}

/* Shows what was made to all threads; what could not be made to its end is forgotten. */
static struct gri_plan *publish(struct gri_schema *schema, struct gri_plan *plan, struct gri_plan *before)
{
    if (!plan) {
        free_patterns(schema->first, before);
        schema->first = before;
    }
    mark_secrets(schema->first, before);
    for (struct gri_plan *p = schema->first; p != before; p = p->next)
        p->ready = true;
    return plan;
}

struct gri_plan *gri_schema_plan(struct gri_schema *schema, const gr_model *model)
{
    pthread_mutex_lock(&schema->lock);
    struct gri_plan *before = schema->first, *plan = publish(schema, plan_make_plan(schema, model), before);
    pthread_mutex_unlock(&schema->lock);
    return plan;
}

struct gri_plan *gri_schema_body_plan(struct gri_schema *schema, const gr_model *input)
{
    pthread_mutex_lock(&schema->lock);
    struct gri_plan *before = schema->first, *plan = begin_plan(schema, input, true);
    plan = publish(schema, plan && plan_fill(schema, plan) ? plan : NULL, before);
    pthread_mutex_unlock(&schema->lock);
    return plan;
}

static const struct gri_member *find_member(const struct gri_plan *plan, struct gri_str name)
{
    unsigned low = 0, high = plan->n_members;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (compare_members(plan->by_name[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->n_members && gri_str_is(plan->by_name[low]->name, name) ? plan->by_name[low] : NULL;
}

const struct gri_member *gri_plan_member(const struct gri_plan *plan, struct gri_str name, unsigned hint)
{
    if (hint < plan->n_members && gri_str_is(plan->members[hint].name, name))
        return &plan->members[hint];
    return find_member(plan, name);
}
