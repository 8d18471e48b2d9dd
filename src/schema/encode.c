#include "schema/encode.h"
#include "base/cold.h"

#include "schema/constant.h"
#include "schema/distinct.h"
#include "schema/encode_scalar.h"
#include "schema/scalar.h"
#include "schema/text.h"

enum { ENCODE_MAX_DEPTH = 64 };

/* An object that was begun: `left` more like it follow behind it in a list or a map. */
struct encode_frame {
    const struct gri_plan *plan; /* of the arm, where it is a union */
    const struct gri_plan *item_plan;
    const char *object, *item;
    const struct gri_selection *select, *item_select; /* of both; NULL: nothing is left out */
    size_t left, stride;
    const struct gri_member *map; /* of which it is a value, behind its key; or NULL */
    unsigned next;                /* member */
    char end;                     /* ']' of a list, '}' of a map, 0 of neither */
    bool first;
    bool bare; /* the item has no braces of its own */
};

struct encoder {
    struct gri_buf *buf;
    struct gri_culprit *culprit;
    const struct gri_encode_options *options;
    const struct gri_selection *select; /* of the value that is begun */
    struct gri_steps *steps;
    struct encode_frame *end; /* of the frames in use */
    struct encode_frame frames[ENCODE_MAX_DEPTH];
};

static GRI_COLD int encode_refuse(struct encoder *e, const struct gri_plan *plan, const struct gri_member *m, int rc,
                                  const char *why)
{
    *e->culprit = (struct gri_culprit){plan->model->name, m ? m->field->name : "", why};
    return rc;
}

static const char *load_pointer(const char *at)
{
    const char *to;
    memcpy(&to, at, sizeof to);
    return to;
}

static struct gri_sequence load_sequence(const char *at)
{
    struct gri_sequence list;
    memcpy(&list, at, sizeof list);
    return list;
}

static bool put_key(struct gri_buf *buf, const char *key)
{
    if (!key || !gri_text_quote(buf, key, strlen(key)))
        return false;
    gri_buf_putc(buf, ':');
    return true;
}

/* A key that is no text, as one: most kinds of values are written as that. */
static const char *put_value_as_key(struct encoder *e, const struct gri_member *key, const char *at)
{
    size_t begin = e->buf->len;
    gri_buf_putc(e->buf, '"');
    const char *why = gri_encode_scalar(e->buf, key, at, e->steps);
    if (why || e->buf->failed)
        return why;
    if (e->buf->data[begin + 1] == '"')
        memmove(e->buf->data + begin, e->buf->data + begin + 1, --e->buf->len - begin);
    else
        gri_buf_putc(e->buf, '"');
    gri_buf_putc(e->buf, ':');
    return NULL;
}

/* The key of the entry at `at`. */
static const char *put_entry_key(struct encoder *e, const struct gri_member *m, const char *at)
{
    if (m->key_member)
        return put_value_as_key(e, m->key_member, at);
    return put_key(e->buf, load_pointer(at)) ? NULL : "a key that is NULL, or not UTF-8";
}

/* The arm, or case, of a union that its tag names; NULL: none. */
static const struct gri_member *arm_of(const struct gri_plan *plan, const gr_field *tag, const char *item)
{
    struct gri_member number = {.type = GR_TYPE_ENUM, .size = tag->size};
    uint64_t value = (uint64_t)gri_scalar_load(&number, item + tag->offset).i;
    unsigned above = 64 - 8 * (unsigned)tag->size; /* what a larger number would have, and the sign of a smaller one */
    for (unsigned i = 0; i < plan->n_members; i++)
        if (((uint64_t)plan->members[i].field->tag_value ^ value) << above == 0)
            return &plan->members[i];
    return NULL;
}

/* The tag, and the arm behind it. */
static int begin_arm(struct encoder *e, struct encode_frame *f)
{
    const struct gri_plan *plan = f->item_plan;
    const struct gri_member *arm = arm_of(plan, plan->tag, f->item);
    if (!arm)
        return encode_refuse(e, plan, NULL, GR_EINVAL, "the tag names no arm of the union");
    gri_buf_put(e->buf, plan->tag_key.at, plan->tag_key.len);
    gri_text_quote(e->buf, arm->name.at, arm->name.len);
    f->plan = arm->plan;
    f->select = gri_selection_inside(f->item_select, gri_member_index(plan, arm));
    f->object = f->item + arm->offset;
    f->first = false;
    return 0;
}

/* The object at f->item: its key in a map, its brace, its tag. */
static GRI_HOT int begin_item(struct encoder *e, struct encode_frame *f)
{
    const char *why = f->map ? put_entry_key(e, f->map, f->item - f->map->value_offset) : NULL;
    if (why)
        return encode_refuse(e, f->item_plan, NULL, GR_EINVAL, why);
    f->plan = f->item_plan;
    f->object = f->item;
    f->select = f->item_select;
    f->next = 0;
    f->bare = f->plan->bare;
    if (f->bare)
        return 0;
    gri_buf_putc(e->buf, f->item_plan->opener);
    f->first = true;
    return f->plan->tag ? begin_arm(e, f) : 0;
}

/* A frame is filled where it lies: a copy of it would wait for what was just written. */
static int push(struct encoder *e, const struct gri_plan *plan, const char *item)
{
    struct encode_frame *f = e->end++;
    f->item_plan = plan;
    f->item_select = e->select;
    f->item = item;
    f->left = 0;
    f->map = NULL;
    f->end = 0;
    return begin_item(e, f);
}

static int push_items(struct encoder *e, const struct gri_plan *plan, const struct gri_member *m,
                      const struct gri_sequence *list)
{
    bool map = m->shape & GR_MAPPING;
    struct encode_frame *f = e->end++;
    f->item_plan = plan;
    f->item_select = e->select;
    f->map = map ? m : NULL;
    f->item = list->at + (map ? m->value_offset : 0);
    f->left = list->len - 1;
    f->stride = m->stride;
    f->end = m->field && (m->field->type & GR_OTHERS) ? 0 : map ? '}' : ']';
    return begin_item(e, f);
}

static const char *put_scalars(struct encoder *e, const struct gri_member *m, const char *at, size_t n)
{
    const char *why = NULL;
    bool map = m->shape & GR_MAPPING;
    gri_buf_putc(e->buf, map ? '{' : '[');
    for (size_t i = 0; i < n && !why; i++, at += m->stride) {
        if (i)
            gri_buf_putc(e->buf, ',');
        if (map && (why = put_entry_key(e, m, at)))
            return why;
        why = gri_encode_scalar(e->buf, m, map ? at + m->value_offset : at, e->steps);
    }
    gri_buf_putc(e->buf, map ? '}' : ']');
    return why;
}

static const char *encode_wrong_count(const struct gri_member *m, size_t n)
{
    if (n < m->field->min_items)
        return "fewer items than min_items";
    return m->field->max_items && n > m->field->max_items ? "more items than max_items" : NULL;
}

static int put_null(struct encoder *e)
{
    gri_buf_put(e->buf, "null", 4);
    return 0;
}

static int put_list(struct encoder *e, const struct gri_plan *plan, const struct gri_member *m, const char *at)
{
    struct gri_sequence list = m->shape & GR_FIXED ? (struct gri_sequence){at, m->count} : load_sequence(at);
    if (!list.at && m->may_be_null)
        return put_null(e);
    const char *why = list.len && !list.at ? "a list with a length but no values" : encode_wrong_count(m, list.len);
    if (!why && !m->plan)
        why = put_scalars(e, m, list.at, list.len);
    if (why)
        return encode_refuse(e, plan, m, GR_EINVAL, why);
    if (!m->plan)
        return 0;
    bool map = m->shape & GR_MAPPING;
    gri_buf_putc(e->buf, map ? '{' : '[');
    if (!list.len) {
        gri_buf_putc(e->buf, map ? '}' : ']');
        return 0;
    }
    return push_items(e, m->plan, m, &list);
}

static GRI_HOT int put_value(struct encoder *e, const struct gri_plan *plan, const struct gri_member *m,
                             const char *at);

/* The case that is there of the union at `at`, or the only member. It is nothing bare that contains this: that is
 * refused at start. */
static GRI_COLD int put_bare(struct encoder *e, const struct gri_plan *plan, const char *at)
{
    const struct gri_member *m = plan->either ? arm_of(plan, plan->either, at) : plan->members;
    if (m)
        e->select = gri_selection_inside(e->select, gri_member_index(plan, m));
    return m ? put_value(e, plan, m, at + m->offset)
             : encode_refuse(e, plan, NULL, GR_EINVAL, "its number names no case of the union");
}

/* What is bare may be a scalar: it is asked again of what it is. */
static bool is_nested(const struct gri_member *m)
{
    return !m->plan->bare || (m->shape & (GR_SEQUENCE | GR_MAPPING | GR_FIXED));
}

static GRI_HOT int put_value(struct encoder *e, const struct gri_plan *plan, const struct gri_member *m, const char *at)
{
    if (m->shape & GR_POINTER)
        at = load_pointer(at);
    if (!at && !m->may_be_null)
        return encode_refuse(e, plan, m, GR_EINVAL, "NULL, but not optional");
    if (!at)
        return put_null(e);
    if (m->plan && e->end == e->frames + ENCODE_MAX_DEPTH && is_nested(m))
        return encode_refuse(e, plan, m, GR_EMSGSIZE, "nested more than 64 levels deep");
    if (m->shape & (GR_SEQUENCE | GR_MAPPING | GR_FIXED))
        return put_list(e, plan, m, at);
    if (m->plan)
        return m->plan->bare ? put_bare(e, m->plan, at) : push(e, m->plan, at);
    const char *why = gri_encode_scalar(e->buf, m, at, e->steps);
    return why ? encode_refuse(e, plan, m, GR_EINVAL, why) : 0;
}

/* --- what is left out --- */

static bool is_null(const struct gri_member *m, const char *at)
{
    bool pointer = (m->shape & GR_POINTER) || m->type == GR_TYPE_STRING || m->type == GR_TYPE_JSON;
    if (m->shape & (GR_SEQUENCE | GR_MAPPING))
        return m->may_be_null && !load_sequence(at).at;
    return pointer && !(m->shape & GR_FIXED) && !load_pointer(at);
}

static bool is_default_list(const struct gri_member *m, const char *at)
{
    struct gri_sequence list = m->shape & GR_FIXED ? (struct gri_sequence){at, m->count} : load_sequence(at);
    bool same = list.len == m->defaults.len && !is_null(m, at);
    for (size_t i = 0; i < list.len && same; i++)
        same = gri_value_compare(m, list.at + i * m->size, m->defaults.at + i * m->size) == 0;
    return same;
}

static bool is_default(const struct gri_member *m, const char *at)
{
    if (!m->has_default)
        return m->field->optional && is_null(m, at);
    if (m->field->default_empty)
        return load_sequence(at).len == 0 && !is_null(m, at);
    if (m->field->default_list)
        return is_default_list(m, at);
    if (m->shape & GR_POINTER)
        at = load_pointer(at);
    return at && gri_scalar_is_default(m, at);
}

/* A struct that was not read, and in which nothing was marked, has no members that are unset. */
static bool is_unset(const struct encode_frame *f, unsigned i)
{
    gr_set set;
    if (!f->plan->set || i >= 64)
        return false;
    memcpy(&set, f->object + f->plan->set->offset, sizeof set);
    return set.model && !(set.given >> i & 1);
}

static bool is_left_out_by(const struct encoder *e, const struct encode_frame *f, const struct gri_member *m,
                           unsigned i)
{
    const struct gri_encode_options *o = e->options;
    const char *at = f->object + m->offset;
    return (f->select && (f->select->skip[i / 64] >> (i % 64) & 1)) || (o->none && is_null(m, at)) ||
           (o->defaults && is_default(m, at)) || (o->unset && is_unset(f, i));
}

static bool is_encode_left_out(const struct encoder *e, const struct encode_frame *f, const struct gri_member *m,
                               unsigned i)
{
    if (m->omit_null && is_null(m, f->object + m->offset))
        return true;
    return e->options && !f->plan->is_tuple && is_left_out_by(e, f, m, i);
}

/* --- what no member of the table is --- */

static bool is_own_name(const struct gri_plan *plan, const char *key)
{
    for (unsigned i = 0; i < plan->n_members; i++)
        if (strcmp(plan->members[i].field->name, key) == 0)
            return true;
    return false;
}

/* Whether a member is sent under that name, or the tag of the union whose arm this is. */
static bool is_taken(const struct encoder *e, const struct encode_frame *f, const char *key)
{
    const gr_field *tag = f->item_plan->tag;
    if (tag && strcmp(gri_field_wire_name(tag), key) == 0)
        return true;
    return e->options && e->options->by_name ? is_own_name(f->plan, key)
                                             : gri_plan_member(f->plan, gri_str_from(key), 0) != NULL;
}

/* A comma before the next, and its name, which no member has. */
static const char *begin_other(struct encoder *e, struct encode_frame *f, const char *key)
{
    if (key && is_taken(e, f, key))
        return "a name that another member has";
    if (!f->first)
        gri_buf_putc(e->buf, ',');
    f->first = false;
    return put_key(e->buf, key) ? NULL : "a key that is NULL, or not UTF-8";
}

static bool is_other_left_out(const struct encoder *e, const json_t *value)
{
    return e->options && e->options->none && json_is_null(value);
}

static const char *put_other_values(struct encoder *e, struct encode_frame *f, json_t *object)
{
    const char *why = object && !json_is_object(object) ? "the rest is no object" : NULL;
    for (void *at = why ? NULL : json_object_iter(object); at && !why; at = json_object_iter_next(object, at)) {
        json_t *value = json_object_iter_value(at);
        if (is_other_left_out(e, value))
            continue;
        why = begin_other(e, f, json_object_iter_key(at));
        why = why ? why : gri_encode_scalar(e->buf, f->plan->rest, (const char *)&value, e->steps);
    }
    return why;
}

static const char *put_other_scalars(struct encoder *e, struct encode_frame *f, const struct gri_sequence *list)
{
    const struct gri_member *m = f->plan->rest;
    const char *why = NULL;
    for (size_t i = 0; i < list->len && !why; i++) {
        const char *at = list->at + i * m->stride;
        why = begin_other(e, f, load_pointer(at));
        why = why ? why : gri_encode_scalar(e->buf, m, at + m->value_offset, e->steps);
    }
    return why;
}

/* Structs are pushed as those of a map are; their names are looked at first. */
static int put_other_structs(struct encoder *e, struct encode_frame *f, const struct gri_sequence *list)
{
    const struct gri_member *m = f->plan->rest;
    for (size_t i = 0; i < list->len; i++) {
        const char *key = load_pointer(list->at + i * m->stride);
        if (key && is_taken(e, f, key))
            return encode_refuse(e, f->plan, m, GR_EINVAL, "a name that another member has");
    }
    if (list->len && !f->first)
        gri_buf_putc(e->buf, ',');
    f->first = false;
    return list->len ? push_items(e, m->plan, m, list) : 0;
}

static int put_rest(struct encoder *e, struct encode_frame *f)
{
    const struct gri_member *m = f->plan->rest;
    const char *at = f->object + m->offset, *why;
    e->select = NULL;
    if (f->select && f->select->skip_rest)
        return 0;
    if (!(m->shape & GR_MAPPING)) {
        json_t *object;
        memcpy(&object, at, sizeof object);
        why = put_other_values(e, f, object);
        return why ? encode_refuse(e, f->plan, m, GR_EINVAL, why) : 0;
    }
    struct gri_sequence list = load_sequence(at);
    why = list.len && !list.at ? "a map with a length but no values" : encode_wrong_count(m, list.len);
    if (!why && m->plan && e->end == e->frames + ENCODE_MAX_DEPTH)
        return encode_refuse(e, f->plan, m, GR_EMSGSIZE, "nested more than 64 levels deep");
    if (!why && m->plan)
        return put_other_structs(e, f, &list);
    why = why ? why : put_other_scalars(e, f, &list);
    return why ? encode_refuse(e, f->plan, m, GR_EINVAL, why) : 0;
}

static int encode_end_object(struct encoder *e, struct encode_frame *f)
{
    if (f->plan->rest && f->next == f->plan->n_members) { /* then once more, for its brace */
        f->next++;
        return put_rest(e, f);
    }
    if (!f->bare)
        gri_buf_putc(e->buf, f->plan->closer);
    if (f->left) {
        gri_buf_putc(e->buf, ',');
        f->left--;
        f->item += f->stride;
        return begin_item(e, f);
    }
    if (f->end)
        gri_buf_putc(e->buf, f->end);
    e->end--;
    return 0;
}

static void put_member_key(struct encoder *e, const struct encode_frame *f, const struct gri_member *m)
{
    if (e->options && e->options->by_name && !f->plan->is_tuple) {
        if (!f->first)
            gri_buf_putc(e->buf, ',');
        put_key(e->buf, m->field->name);
    } else {
        gri_buf_put(e->buf, m->key.at + f->first, m->key.len - f->first);
    }
}

static GRI_COLD int put_bare_item(struct encoder *e, struct encode_frame *f)
{
    f->next = f->plan->n_members;
    e->select = f->item_select;
    return put_bare(e, f->plan, f->item);
}

static int put_member(struct encoder *e, struct encode_frame *f)
{
    unsigned i = f->next++;
    const struct gri_member *m = &f->plan->members[i];
    if (is_encode_left_out(e, f, m, i))
        return 0;
    put_member_key(e, f, m);
    if (e->options)
        e->select = gri_selection_inside(f->select, i);
    f->first = false;
    return put_value(e, f->plan, m, f->object + m->offset);
}

static int encode_run(struct encoder *e)
{
    int rc = 0;
    while (rc == 0 && e->end > e->frames) {
        struct encode_frame *f = e->end - 1;
        rc = f->next >= f->plan->n_members ? encode_end_object(e, f) : f->bare ? put_bare_item(e, f) : put_member(e, f);
    }
    return rc == 0 && e->buf->failed ? GR_ENOMEM : rc;
}

/* The encoder is 5 KiB, of which only what is used is touched. */
static void encode_init(struct encoder *e, struct gri_buf *buf, const struct gri_encode_options *options,
                        struct gri_steps *steps, struct gri_culprit *culprit)
{
    e->buf = buf;
    e->steps = steps;
    e->culprit = culprit;
    e->options = options;
    e->select = options ? options->select : NULL;
    e->end = e->frames;
}

static int encode(struct encoder *e, int rc, size_t len)
{
    if (rc == 0)
        rc = encode_run(e);
    if (rc < 0)
        e->buf->len = len;
    return rc;
}

int gri_encode_struct(struct gri_buf *buf, const struct gri_plan *plan, const void *value,
                      const struct gri_encode_options *options, struct gri_steps *steps, struct gri_culprit *culprit)
{
    struct encoder e;
    size_t len = buf->len;
    encode_init(&e, buf, options, steps, culprit);
    int rc = !value       ? encode_refuse(&e, plan, NULL, GR_EINVAL, "NULL")
             : plan->bare ? put_bare(&e, plan, value)
                          : push(&e, plan, value);
    return encode(&e, rc, len);
}

int gri_encode_structs(struct gri_buf *buf, const struct gri_plan *plan, const void *values, size_t n,
                       const struct gri_encode_options *options, struct gri_steps *steps, struct gri_culprit *culprit)
{
    const struct gri_member list = {.shape = GR_SEQUENCE, .stride = plan->size};
    struct encoder e;
    size_t len = buf->len;
    encode_init(&e, buf, options, steps, culprit);
    gri_buf_putc(buf, '[');
    if (n == 0) {
        gri_buf_putc(buf, ']');
        return buf->failed ? GR_ENOMEM : 0;
    }
    int rc = values ? push_items(&e, plan, &list, &(struct gri_sequence){values, n})
                    : encode_refuse(&e, plan, NULL, GR_EINVAL, "NULL");
    return encode(&e, rc, len);
}
