#include "schema/decode.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "schema/constant.h"
#include "schema/key_stack.h"
#include "schema/seek.h"
#include "schema/unescape.h"
#include "schema/value_stack.h"

enum decode_place { IN_OBJECT, IN_LIST, IN_MAP, IN_NOTHING };

/* A container that was opened. Places are offsets on the value stack, which moves as it grows. */
struct decode_frame {
    enum decode_place place;
    const struct gri_member *member; /* whose value it is */
    const struct gri_plan *plan;     /* of an object; of the arm, where it is a union */
    const struct gri_member *arm;
    size_t slot;              /* the member that takes a pointer or a list */
    size_t area;              /* where the value itself is built */
    size_t base;              /* of an object: its struct, in the area */
    const char *text;         /* its first byte */
    size_t first_error, keys; /* how many there were before it */
    uint64_t given[GRI_MAX_MEMBERS / 64], null;
    const struct gri_member *now; /* of an object: the member that is being read */
    size_t now_error;
    struct gri_str key;     /* of a map, or of a member that the object does not have */
    size_t count;           /* items, or members that it does not have */
    struct gri_error *late; /* repeats the container, so it waits for its end */
    size_t json;            /* the json_t member that it becomes */
    bool is_json;
};

struct decoder {
    struct gri_decoding *d;
    struct gri_json_lexer lexer;
    struct gri_value_stack stack;
    struct gri_key_stack keys;
    struct gri_seeker seeker;
    bool hides;  /* there are secrets in it: no error repeats a whole object or list, or what stands for one */
    bool secret; /* all of it is one */
    unsigned depth;
    struct decode_frame frames[GRI_JSON_DEPTH];
};

static struct decode_frame *top(struct decoder *d)
{
    return &d->frames[d->depth - 1];
}

/* --- errors --- */

static unsigned put_frame(const struct decode_frame *f, struct gri_step_to *to)
{
    unsigned n = 0;
    if (f->arm)
        to[n++] = (struct gri_step_to){f->arm->name.at, f->arm->name.len, 0};
    if (f->place == IN_LIST)
        to[n++] = (struct gri_step_to){NULL, 0, f->count};
    else if (f->now)
        to[n++] = (struct gri_step_to){f->now->name.at, f->now->name.len, 0};
    else if (f->key.at)
        to[n++] = (struct gri_step_to){f->key.at, f->key.len, 0};
    return n;
}

/* The place of what the first `depth` containers lead to, and then of `member`, if any. */
static struct gri_step_to *decode_locate(const struct decoder *d, unsigned depth, const struct gri_member *member,
                                         unsigned *n)
{
    struct gri_step_to *loc = gri_arena_alloc(d->d->arena, (2 * depth + 2) * sizeof *loc);
    if (!loc)
        return NULL;
    loc[0] = (struct gri_step_to){"body", 4, 0};
    *n = 1;
    for (unsigned i = 0; i < depth; i++)
        *n += put_frame(&d->frames[i], loc + *n);
    if (member)
        loc[(*n)++] = (struct gri_step_to){member->name.at, member->name.len, 0};
    return loc;
}

static bool is_secret(const struct decoder *d, const struct gri_member *member)
{
    bool secret = d->secret || (member && member->field->secret);
    for (unsigned i = 0; i < d->depth; i++)
        secret = secret || (d->frames[i].now && d->frames[i].now->field->secret);
    return secret;
}

static struct gri_error *decode_add_error(struct decoder *d, struct gri_error *error, unsigned depth,
                                          const struct gri_member *member)
{
    if (gri_errors_full(d->d->errors))
        return gri_errors_add(d->d->errors, error);
    error->loc = decode_locate(d, depth, member, &error->n_loc);
    if (!error->loc)
        return NULL;
    if (d->hides && error->form == GRI_INPUT_JSON && (*error->input == '{' || *error->input == '[')) {
        error->form = GRI_INPUT_NULL;
    } else if ((is_secret(d, member) && error->kind != GRI_MISSING) ||
               (d->hides && error->kind == GRI_MODEL_ATTRIBUTES_TYPE)) {
        gri_error_hide(error);
    }
    return gri_errors_add(d->d->errors, error);
}

/* --- values that are not looked at --- */

static struct decode_frame *push_frame(struct decoder *d, enum decode_place place, const struct gri_member *member)
{
    struct decode_frame *f = &d->frames[d->depth++];
    *f = (struct decode_frame){.place = place,
                               .member = member,
                               .text = d->lexer.token.at,
                               .first_error = d->d->errors->count,
                               .keys = d->keys.n};
    return f;
}

static bool is_container(const struct decoder *d)
{
    return d->lexer.token.kind == GRI_JSON_OBJECT || d->lexer.token.kind == GRI_JSON_ARRAY;
}

/* A value has ended, and all it is made of. */
static void end_value(struct decoder *d)
{
    struct decode_frame *f = d->depth ? top(d) : NULL;
    if (!f)
        return;
    if (f->now)
        gri_errors_rank(d->d->errors, f->now_error, gri_member_index(f->plan, f->now));
    if (f->place == IN_LIST || f->place == IN_MAP)
        f->count++;
    f->now = NULL;
    f->key = (struct gri_str){NULL, 0};
}

static void skip_value(struct decoder *d, struct gri_error *late)
{
    if (is_container(d))
        push_frame(d, IN_NOTHING, NULL)->late = late;
    else
        end_value(d);
}

/* Refuses the present value, all of it. */
static int decode_refuse(struct decoder *d, struct gri_error *error)
{
    error->form = GRI_INPUT_JSON;
    error->input = d->lexer.token.at;
    error->input_len = d->lexer.token.len;
    struct gri_error *kept = decode_add_error(d, error, d->depth, NULL);
    if (!kept)
        return GR_ENOMEM;
    skip_value(d, kept->form == GRI_INPUT_JSON ? kept : NULL);
    return 0;
}

static int decode_refuse_as(struct decoder *d, enum gri_error_kind kind)
{
    return decode_refuse(d, &(struct gri_error){.kind = kind});
}

/* --- texts --- */

/* What a string or key says: itself, or, where it has escapes, a copy without them. */
static bool decode_take_text(struct decoder *d, const struct gri_json_token *token, struct gri_str *text)
{
    *text = (struct gri_str){token->at + 1, token->len - 2};
    return !token->special || gri_unescape(d->d->arena, text);
}

/* --- scalars --- */

static int take_json(struct decoder *d, const char *text, size_t len, size_t to)
{
    struct gri_json_limits limits = {.values = d->lexer.max_values};
    int rc;
    json_t *value = gri_json_parse(text, len, &limits, &d->d->json_error, &rc);
    if (!d->d->values)
        d->d->values = json_array();
    if (rc == GR_EINVAL) { /* a number out of range: all else was seen before */
        size_t at = (size_t)(text - d->lexer.data);
        d->d->json_error = (struct gri_json_error){d->d->json_error.text, at, gri_utf8_chars(d->lexer.data, at)};
        return rc;
    }
    memcpy(d->stack.at + to, &value, sizeof value);
    return json_array_append_new(d->d->values, value) ? GR_ENOMEM : 0;
}

static int take_scalar(struct decoder *d, const struct gri_member *m, size_t to, bool item)
{
    const struct gri_json_token *token = &d->lexer.token;
    struct gri_value value = {token->kind, token->special, false, token->at, token->len};
    struct gri_error error;
    if (token->kind == GRI_JSON_STRING) {
        struct gri_str text;
        if (!decode_take_text(d, token, &text))
            return GR_ENOMEM;
        value.at = text.at;
        value.len = text.len;
        value.owned = token->special;
    }
    char *at = d->stack.at + to;
    int rc = item ? gri_scalar_read(m, &value, at, d->d->arena, d->d->steps, &error)
                  : gri_scalar_read_member(m, &value, at, d->d->arena, d->d->steps, &error);
    if (rc > 0)
        return decode_refuse(d, &error);
    end_value(d);
    return rc;
}

/* --- containers --- */

static int begin_list(struct decoder *d, const struct gri_member *m, size_t to)
{
    struct decode_frame *f = push_frame(d, m->shape & GR_MAPPING ? IN_MAP : IN_LIST, m);
    f->slot = to;
    f->area = m->shape & GR_FIXED ? to : gri_value_stack_align(&d->stack);
    return d->stack.failed ? GR_ENOMEM : 0;
}

/* The arm that the object's tag names, found by looking ahead. NULL: none; *tag is what it says, if anything. */
static int find_arm(struct decoder *d, const struct gri_plan *plan, struct gri_str *tag, const struct gri_member **arm)
{
    struct gri_json_error ignored;
    struct gri_json_lexer ahead = d->lexer;
    ahead.error = &ignored;
    int rc = gri_seek_key(&d->seeker, &ahead, gri_str_from(gri_field_wire_name(plan->tag)), d->d->arena);
    if (rc <= 0)
        return rc;
    *tag = (struct gri_str){ahead.token.at, ahead.token.len};
    if (ahead.token.kind != GRI_JSON_STRING)
        return 0;
    if (!decode_take_text(d, &ahead.token, tag))
        return GR_ENOMEM;
    *arm = gri_plan_member(plan, *tag, 0);
    return 0;
}

static int refuse_tag(struct decoder *d, const struct gri_member *m, struct gri_str tag)
{
    const struct gri_plan *plan = m->plan;
    if (tag.at && (plan->tag->secret || is_secret(d, m)))
        tag = GRI_STR(GRI_HIDDEN);
    struct gri_buf key;
    gri_buf_init(&key, d->d->arena);
    gri_buf_printf(&key, "'%s'", gri_field_wire_name(plan->tag));
    gri_buf_putc(&key, '\0');
    const char *text = tag.at ? gri_arena_strndup(d->d->arena, tag.at, tag.len) : "";
    if (key.failed || !text)
        return GR_ENOMEM;
    return decode_refuse(d, &(struct gri_error){.kind = tag.at ? GRI_UNION_TAG_INVALID : GRI_UNION_TAG_NOT_FOUND,
                                                .limit = {.kind = GR_CONSTANT_STRING, .s = key.data},
                                                .text = text,
                                                .more = plan->expected});
}

static void store_tag(struct decoder *d, const struct gri_plan *plan, const struct gri_member *arm, size_t area)
{
    static const gr_type by_size[] = {
        [1] = GR_TYPE_INT8, [2] = GR_TYPE_INT16, [4] = GR_TYPE_INT32, [8] = GR_TYPE_INT64};
    gr_constant value = gri_constant_int(arm->field->tag_value);
    gri_constant_store(&value, by_size[plan->tag->size], d->stack.at + area + plan->tag->offset);
}

static int begin_object(struct decoder *d, const struct gri_member *m, size_t to, bool item)
{
    const struct gri_plan *plan = m->plan;
    const struct gri_member *arm = NULL;
    struct gri_str tag = {NULL, 0};
    int rc = plan->tag ? find_arm(d, plan, &tag, &arm) : 0;
    if (rc < 0 || (plan->tag && !arm))
        return rc < 0 ? rc : refuse_tag(d, m, tag);
    struct decode_frame *f = push_frame(d, IN_OBJECT, m);
    f->slot = f->area = to;
    if ((m->shape & GR_POINTER) && !item) {
        f->area = gri_value_stack_align(&d->stack);
        gri_value_stack_push(&d->stack, plan->size);
    }
    if (d->stack.failed)
        return GR_ENOMEM;
    f->base = f->area;
    f->plan = plan;
    f->arm = arm;
    if (arm) {
        store_tag(d, plan, arm, f->area);
        f->base += arm->offset;
        f->plan = arm->plan;
    }
    return 0;
}

static int take_json_member(struct decoder *d, const struct gri_member *m, size_t to)
{
    if (!is_container(d)) {
        int rc = take_json(d, d->lexer.token.at, d->lexer.token.len, to);
        end_value(d);
        return rc;
    }
    struct decode_frame *f = push_frame(d, IN_NOTHING, m);
    f->is_json = true;
    f->json = to;
    return 0;
}

static int take_list(struct decoder *d, const struct gri_member *m, size_t to)
{
    bool map = m->shape & GR_MAPPING;
    if (d->lexer.token.kind == (map ? GRI_JSON_OBJECT : GRI_JSON_ARRAY))
        return begin_list(d, m, to);
    return decode_refuse_as(d, map ? GRI_DICT_TYPE : GRI_LIST_TYPE);
}

/* The present value into the member, or item, at `to`. */
static int take_value(struct decoder *d, const struct gri_member *m, size_t to, bool item)
{
    if (!item && (m->shape & (GR_SEQUENCE | GR_MAPPING | GR_FIXED)))
        return take_list(d, m, to);
    if (m->type == GR_TYPE_JSON)
        return take_json_member(d, m, to);
    if (m->plan)
        return d->lexer.token.kind == GRI_JSON_OBJECT ? begin_object(d, m, to, item)
                                                      : decode_refuse_as(d, GRI_MODEL_ATTRIBUTES_TYPE);
    if (!is_container(d))
        return take_scalar(d, m, to, item);
    struct gri_error error = {.kind = gri_scalar_type_error(m)};
    if (m->expected)
        error.limit = (gr_constant){.kind = GR_CONSTANT_STRING, .s = m->expected};
    return decode_refuse(d, &error);
}

/* --- objects --- */

static int duplicate(struct decoder *d, const char *where)
{
    size_t at = (size_t)(where - d->lexer.data);
    d->d->json_error = (struct gri_json_error){"Duplicate key", at, gri_utf8_chars(d->lexer.data, at)};
    return GR_EINVAL;
}

static bool is_given(const struct decode_frame *f, unsigned i)
{
    return f->given[i / 64] >> (i % 64) & 1;
}

static void mark_given(struct decode_frame *f, unsigned i)
{
    f->given[i / 64] |= UINT64_C(1) << (i % 64);
}

static int note_key(struct decoder *d, struct gri_str key)
{
    top(d)->key = key;
    return gri_key_stack_push(&d->keys, key, d->lexer.token.at) ? 0 : GR_ENOMEM;
}

static unsigned next_hint(const struct decode_frame *f)
{
    return (unsigned)f->count;
}

static int take_key(struct decoder *d)
{
    struct decode_frame *f = top(d);
    struct gri_str key;
    if (!decode_take_text(d, &d->lexer.token, &key))
        return GR_ENOMEM;
    const struct gri_member *m = f->place == IN_OBJECT ? gri_plan_member(f->plan, key, next_hint(f)) : NULL;
    if (!m)
        return note_key(d, key);
    unsigned i = gri_member_index(f->plan, m);
    if (is_given(f, i))
        return duplicate(d, d->lexer.token.at);
    mark_given(f, i);
    f->count = i + 1;
    f->now = m;
    f->now_error = d->d->errors->count;
    return 0;
}

static bool is_tag(const struct decode_frame *f)
{
    return f->arm && gri_str_is(f->key, gri_str_from(gri_field_wire_name(f->member->plan->tag)));
}

/* A value whose key the object does not know. */
static int take_extra(struct decoder *d, struct decode_frame *f)
{
    if (!f->plan->forbids_extra || is_tag(f)) {
        skip_value(d, NULL);
        return 0;
    }
    size_t first = d->d->errors->count;
    int rc = decode_refuse_as(d, GRI_EXTRA_FORBIDDEN);
    gri_errors_rank(d->d->errors, first, f->plan->n_members);
    return rc;
}

static int take_null(struct decoder *d, struct decode_frame *f)
{
    unsigned i = gri_member_index(f->plan, f->now);
    if (f->plan->embedded && !f->now->may_be_null)
        f->given[i / 64] &= ~(UINT64_C(1) << (i % 64));
    else if (i < 64)
        f->null |= UINT64_C(1) << i;
    end_value(d);
    return 0;
}

static int take_member(struct decoder *d, struct decode_frame *f)
{
    const struct gri_member *m = f->now;
    if (!m)
        return take_extra(d, f);
    bool null = d->lexer.token.kind == GRI_JSON_NULL && m->type != GR_TYPE_JSON; /* which has a value for it */
    if (null && (m->may_be_null || (f->plan->embedded && !m->has_default)))
        return take_null(d, f);
    return take_value(d, m, f->base + m->offset, false);
}

/* A member that did not come. */
static int decode_take_absent(struct decoder *d, struct decode_frame *f, const struct gri_member *m)
{
    if (m->has_default)
        return gri_scalar_default(m, d->stack.at + f->base + m->offset, d->d->arena);
    if (m->field->optional)
        return 0;
    struct gri_error error = {.kind = GRI_MISSING, .rank = gri_member_index(f->plan, m)};
    if (!f->plan->embedded) {
        error.form = GRI_INPUT_JSON;
        error.input = f->text;
        error.input_len = (size_t)(d->lexer.data + d->lexer.at - f->text);
    }
    return decode_add_error(d, &error, d->depth, m) ? 0 : GR_ENOMEM;
}

/* Those of which only the number counts. */
static size_t count_missing(const struct decode_frame *f)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof f->given / sizeof *f->given; i++)
        n += (size_t)__builtin_popcountll(f->plan->required[i] & ~f->given[i]);
    return n;
}

static int take_all_absent(struct decoder *d, struct decode_frame *f)
{
    int rc = 0;
    if (gri_errors_full(d->d->errors)) {
        d->d->errors->count += count_missing(f);
        return 0;
    }
    for (unsigned i = 0; i < f->plan->n_members && rc == 0; i++)
        if (!is_given(f, i))
            rc = decode_take_absent(d, f, &f->plan->members[i]);
    return rc;
}

static int decode_validate(struct decoder *d, const struct decode_frame *f, const struct gri_plan *plan, size_t at)
{
    const char *text = NULL;
    if (plan->self && plan->self->validate && d->d->errors->count == f->first_error)
        text = plan->self->validate(d->stack.at + at);
    if (!text)
        return 0;
    struct gri_error error = {.kind = GRI_VALUE_ERROR,
                              .limit = {.kind = GR_CONSTANT_STRING, .s = text},
                              .form = GRI_INPUT_JSON,
                              .input = f->text,
                              .input_len = (size_t)(d->lexer.data + d->lexer.at - f->text)};
    return decode_add_error(d, &error, d->depth, NULL) ? 0 : GR_ENOMEM;
}

static void decode_store_set(struct decoder *d, const struct decode_frame *f)
{
    gr_set set = {f->plan->model, f->given[0], f->null};
    if (f->plan->set)
        memcpy(d->stack.at + f->base + f->plan->set->offset, &set, sizeof set);
}

/* What was built on the stack behind a pointer, to memory of its own. */
static int move_out(struct decoder *d, const struct decode_frame *f, size_t size)
{
    void *at = gri_arena_alloc(d->d->arena, size ? size : 1);
    if (!at)
        return GR_ENOMEM;
    memcpy(at, d->stack.at + f->area, size);
    memcpy(d->stack.at + f->slot, &at, sizeof at);
    d->stack.len = f->area;
    return 0;
}

static int decode_end_object(struct decoder *d, struct decode_frame *f)
{
    f->now = NULL;
    int rc = take_all_absent(d, f);
    decode_store_set(d, f);
    gri_errors_sort(d->d->errors, f->first_error);
    if (rc == 0)
        rc = decode_validate(d, f, f->plan, f->base);
    if (rc == 0 && f->arm)
        rc = decode_validate(d, f, f->member->plan, f->area);
    return rc == 0 && f->area != f->slot ? move_out(d, f, f->member->plan->size) : rc;
}

/* --- lists and maps --- */

static size_t most_items(const struct gri_member *m)
{
    return m->shape & GR_FIXED ? m->count : m->field->max_items ? m->field->max_items : SIZE_MAX;
}

static size_t least_items(const struct gri_member *m)
{
    return m->shape & GR_FIXED ? m->count : m->field->min_items;
}

static int store_key(struct decoder *d, const struct decode_frame *f, size_t at)
{
    const char *key = gri_arena_strndup(d->d->arena, f->key.at, f->key.len);
    if (!key)
        return GR_ENOMEM;
    memcpy(d->stack.at + at, &key, sizeof key);
    return 0;
}

static int take_item(struct decoder *d, struct decode_frame *f)
{
    const struct gri_member *m = f->member;
    size_t at = f->area + f->count * m->stride;
    if (f->count >= most_items(m)) {
        skip_value(d, NULL);
        return 0;
    }
    if (!(m->shape & GR_FIXED) && !gri_value_stack_push(&d->stack, m->stride))
        return GR_ENOMEM;
    if (f->place == IN_MAP && store_key(d, f, at))
        return GR_ENOMEM;
    return take_value(d, m, f->place == IN_MAP ? at + m->value_offset : at, true);
}

static int refuse_count(struct decoder *d, const struct decode_frame *f, bool too_long)
{
    bool map = f->place == IN_MAP;
    struct gri_error error = {.form = GRI_INPUT_JSON,
                              .input = f->text,
                              .input_len = (size_t)(d->lexer.data + d->lexer.at - f->text),
                              .actual = f->count};
    if (too_long) /* then nothing else is said of it */
        d->d->errors->count = f->first_error;
    error.kind = too_long ? (map ? GRI_DICT_TOO_LONG : GRI_LIST_TOO_LONG)
                 : map    ? GRI_DICT_TOO_SHORT
                          : GRI_LIST_TOO_SHORT;
    error.limit = gri_constant_uint(too_long ? most_items(f->member) : least_items(f->member));
    return decode_add_error(d, &error, d->depth - 1, NULL) ? 0 : GR_ENOMEM;
}

static int compare_items(const void *a, const void *b, void *arg)
{
    const struct gri_member *m = arg;
    if (m->type != GR_TYPE_STRING)
        return memcmp(a, b, m->size);
    const char *s, *t;
    memcpy(&s, a, sizeof s);
    memcpy(&t, b, sizeof t);
    return strcmp(s, t);
}

static int check_unique(struct decoder *d, const struct decode_frame *f)
{
    const struct gri_member *m = f->member;
    size_t bytes = f->count * m->stride;
    bool same = false;
    if (!m->field->unique || m->plan || d->d->errors->count != f->first_error || f->count < 2)
        return 0;
    char *sorted = malloc(bytes);
    if (!sorted)
        return GR_ENOMEM;
    memcpy(sorted, d->stack.at + f->area, bytes);
    qsort_r(sorted, f->count, m->stride, compare_items, (void *)(uintptr_t)m);
    for (size_t i = 1; i < f->count; i++)
        same = same || compare_items(sorted + (i - 1) * m->stride, sorted + i * m->stride, (void *)(uintptr_t)m) == 0;
    free(sorted);
    if (!same)
        return 0;
    struct gri_error error = {.kind = GRI_VALUE_ERROR,
                              .limit = {.kind = GR_CONSTANT_STRING, .s = "items should be unique"},
                              .form = GRI_INPUT_JSON,
                              .input = f->text,
                              .input_len = (size_t)(d->lexer.data + d->lexer.at - f->text)};
    return decode_add_error(d, &error, d->depth - 1, NULL) ? 0 : GR_ENOMEM;
}

static int end_list(struct decoder *d, struct decode_frame *f)
{
    struct gri_sequence list = {NULL, f->count};
    size_t bytes = f->count * f->member->stride;
    int rc = 0;
    bool too_long = f->count > most_items(f->member);
    if (too_long || (f->count < least_items(f->member) && d->d->errors->count == f->first_error))
        rc = refuse_count(d, f, too_long);
    if (rc == 0 && !too_long)
        rc = check_unique(d, f);
    if (rc || (f->member->shape & GR_FIXED))
        return rc;
    if (f->count && !too_long) {
        char *at = gri_arena_alloc(d->d->arena, bytes);
        if (!at)
            return GR_ENOMEM;
        list.at = memcpy(at, d->stack.at + f->area, bytes);
        memcpy(d->stack.at + f->slot, &list, sizeof list);
    }
    d->stack.len = f->area;
    return 0;
}

/* --- the whole --- */

static int end_nothing(struct decoder *d, struct decode_frame *f)
{
    size_t len = (size_t)(d->lexer.data + d->lexer.at - f->text);
    if (f->late)
        f->late->input_len = len;
    return f->is_json ? take_json(d, f->text, len, f->json) : 0;
}

static int end_container(struct decoder *d)
{
    struct decode_frame *f = top(d);
    const char *twice = gri_key_stack_pop(&d->keys, f->keys);
    if (d->keys.failed)
        return GR_ENOMEM;
    if (twice)
        return duplicate(d, twice);
    int rc = f->place == IN_OBJECT    ? decode_end_object(d, f)
             : f->place == IN_NOTHING ? end_nothing(d, f)
                                      : end_list(d, f);
    d->depth--;
    end_value(d);
    return rc;
}

static int take_inner_value(struct decoder *d)
{
    struct decode_frame *f = top(d);
    if (f->place == IN_OBJECT)
        return take_member(d, f);
    if (f->place != IN_NOTHING)
        return take_item(d, f);
    skip_value(d, NULL);
    return 0;
}

static int take_token(struct decoder *d)
{
    if (d->lexer.token.kind == GRI_JSON_KEY)
        return take_key(d);
    if (d->lexer.token.kind == GRI_JSON_CLOSE)
        return end_container(d);
    return take_inner_value(d);
}

/* A body that is not there, or is no object where several are expected in one: all of them are missing. */
static int take_nothing(struct decoder *d, const struct gri_member *root)
{
    struct decode_frame *f = push_frame(d, IN_OBJECT, root);
    f->plan = root->plan;
    int rc = decode_end_object(d, f);
    d->depth--;
    return rc;
}

static int take_root(struct decoder *d, const struct gri_member *root)
{
    bool null = d->lexer.token.kind == GRI_JSON_NULL;
    if (null && root->may_be_null)
        return 0;
    if (root->plan && root->plan->embedded && d->lexer.token.kind != GRI_JSON_OBJECT) {
        int rc = take_nothing(d, root);
        skip_value(d, NULL);
        return rc;
    }
    if (null && root->type != GR_TYPE_JSON) {
        struct gri_error error = {.kind = GRI_MISSING};
        return decode_add_error(d, &error, 0, NULL) ? 0 : GR_ENOMEM;
    }
    return take_value(d, root, root->offset, false);
}

static int decode_run(struct decoder *d, const struct gri_member *root)
{
    int rc = gri_json_next(&d->lexer);
    if (rc == 0)
        rc = take_root(d, root);
    while (rc == 0 && d->depth) {
        rc = gri_steps_are_cancelled(d->d->steps) ? GR_ECANCELED : gri_json_next(&d->lexer);
        if (rc == 0)
            rc = take_token(d);
    }
    return rc ? rc : gri_json_next(&d->lexer); /* nothing may follow */
}

/* Python, and therefore FastAPI, decodes the text before it looks for JSON in it. */
static int not_json(const struct decoder *d, int rc)
{
    return rc == GR_EINVAL && !gri_utf8_valid(d->lexer.data, d->lexer.len) ? -EILSEQ : rc;
}

int gri_decode(struct gri_decoding *decoding, const char *json, size_t len, const struct gri_member *root, void *to,
               size_t size)
{
    struct decoder d;                                       /* 15 KiB, of which only what is used is touched */
    if (len >= 3 && memcmp(json, "\xef\xbb\xbf", 3) == 0) { /* as Python does */
        json += 3;
        len -= 3;
    }
    d.d = decoding;
    d.depth = 0;
    d.secret = root->field->secret;
    d.hides = d.secret || (root->plan && root->plan->has_secret);
    gri_json_lexer_init(&d.lexer, json, len, decoding->limits, &decoding->json_error);
    gri_value_stack_init(&d.stack);
    gri_key_stack_init(&d.keys);
    gri_seeker_init(&d.seeker);
    int rc = GR_ENOMEM;
    if (gri_value_stack_push(&d.stack, size)) {
        memcpy(d.stack.at, to, size);
        rc = decode_run(&d, root);
        memcpy(to, d.stack.at, size);
    }
    gri_seeker_finish(&d.seeker);
    gri_key_stack_finish(&d.keys);
    gri_value_stack_finish(&d.stack);
    return rc == GR_EINVAL ? not_json(&d, rc) : rc;
}
