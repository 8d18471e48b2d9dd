#include "schema/absent.h"
#include "schema/decoder.h"

int gri_decode_begin_object(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item)
{
    const struct gri_plan *plan = m->plan;
    const struct gri_member *arm = NULL;
    int rc = plan->tag ? gri_decode_find_arm(d, m, &arm) : 0;
    if (rc || (plan->tag && !arm))
        return rc;
    struct gri_decode_frame *f = gri_decoder_push(d, plan->is_tuple ? GRI_IN_TUPLE : GRI_IN_OBJECT, m);
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
        gri_decode_store_tag(d, plan->tag, arm, f->area);
        f->base += arm->offset;
        f->plan = arm->plan;
    }
    return 0;
}

static bool is_given(const struct gri_decode_frame *f, unsigned i)
{
    return f->given[i / 64] >> (i % 64) & 1;
}

static void mark_given(struct gri_decode_frame *f, unsigned i)
{
    f->given[i / 64] |= UINT64_C(1) << (i % 64);
}

static int note_key(struct gri_decoder *d, struct gri_str key)
{
    struct gri_decode_frame *f = gri_decoder_top(d);
    f->key = key;
    f->now_error = d->d->errors->count;
    return gri_key_stack_push(&d->keys, key, d->lexer.token.at) ? 0 : GR_ENOMEM;
}

static unsigned next_hint(const struct gri_decode_frame *f)
{
    return (unsigned)f->count;
}

int gri_decode_key(struct gri_decoder *d)
{
    struct gri_decode_frame *f = gri_decoder_top(d);
    struct gri_str key;
    if (!gri_decoder_text(d, &d->lexer.token, &key))
        return GR_ENOMEM;
    const struct gri_member *m = f->place == GRI_IN_OBJECT ? gri_plan_member(f->plan, key, next_hint(f)) : NULL;
    if (!m)
        return note_key(d, key);
    unsigned i = gri_member_index(f->plan, m);
    if (is_given(f, i))
        return gri_decoder_duplicate(d, d->lexer.token.at);
    mark_given(f, i);
    f->count = i + 1;
    f->now = m;
    f->now_error = d->d->errors->count;
    return 0;
}

static bool is_tag(const struct gri_decode_frame *f)
{
    return f->arm && gri_str_is(f->key, gri_str_from(gri_field_wire_name(f->member->plan->tag)));
}

/* A value whose key the object does not know. */
static int take_extra(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to)
{
    if (f->plan->rest && !is_tag(f))
        return gri_decode_rest(d, f, to);
    if (f->plan->forbids_extra && !is_tag(f))
        return gri_decoder_refuse_as(d, GRI_EXTRA_FORBIDDEN);
    gri_decoder_skip(d, NULL);
    return 0;
}

static int take_null(struct gri_decoder *d, struct gri_decode_frame *f)
{
    unsigned i = gri_member_index(f->plan, f->now);
    if (f->plan->embedded && !f->now->may_be_null)
        f->given[i / 64] &= ~(UINT64_C(1) << (i % 64));
    else if (i < 64)
        f->null |= UINT64_C(1) << i;
    gri_decoder_end_value(d);
    return 0;
}

int gri_decode_member(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to)
{
    const struct gri_member *m = f->now;
    if (!m)
        return take_extra(d, f, to);
    bool null = d->lexer.token.kind == GRI_JSON_NULL && m->type != GR_TYPE_JSON; /* which has a value for it */
    if (null && (m->may_be_null || (f->plan->embedded && !m->has_default)))
        return take_null(d, f);
    *to = (struct gri_decode_target){m, f->base + m->offset, false};
    return 0;
}

/* A member that did not come. */
static int decode_take_absent(struct gri_decoder *d, struct gri_decode_frame *f, const struct gri_member *m)
{
    if (m->has_default)
        return gri_member_default(m, d->stack.at + f->base + m->offset, d->d->arena);
    if (m->field->optional)
        return 0;
    struct gri_error error = {.kind = GRI_MISSING, .rank = gri_member_index(f->plan, m)};
    if (!f->plan->embedded) {
        error.form = GRI_INPUT_JSON;
        error.input = f->text;
        error.input_len = gri_decoder_span(d, f);
    }
    return gri_decoder_add_error(d, &error, d->depth, m) ? 0 : GR_ENOMEM;
}

/* Those of which only the number counts. */
static size_t count_missing(const struct gri_decode_frame *f)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof f->given / sizeof *f->given; i++)
        n += (size_t)__builtin_popcountll(f->plan->required[i] & ~f->given[i]);
    return n;
}

/* Where no mistake is kept, and nobody looks at the struct, nothing need be found out. */
static bool pass_absent(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    size_t missing = count_missing(f);
    if (!missing && gri_decoder_is_looked_at(d))
        return false;
    d->d->errors->count += missing;
    return true;
}

static int take_all_absent(struct gri_decoder *d, struct gri_decode_frame *f)
{
    int rc = 0;
    if (gri_errors_full(d->d->errors) && pass_absent(d, f))
        return 0;
    for (unsigned i = 0; i < f->plan->n_members && rc == 0; i++)
        if (!is_given(f, i))
            rc = decode_take_absent(d, f, &f->plan->members[i]);
    return rc;
}

static bool may_be_checked(const struct gri_decode_frame *f)
{
    const gr_field *self = f->plan->self;
    return f->arm || (self && self->validate) || f->member->field->validate;
}

static GRI_COLD int decode_validate(struct gri_decoder *d, const struct gri_decode_frame *f, const gr_field *field,
                                    size_t at, unsigned depth)
{
    const char *text = NULL;
    if (field && field->validate && d->d->errors->count == f->first_error)
        text = field->validate(d->stack.at + at);
    if (!text)
        return 0;
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = text}};
    return gri_decoder_refuse_whole(d, f, depth, &error);
}

/* The struct, the arm that it is in, the union, and the member that has it. */
static GRI_COLD int validate_all(struct gri_decoder *d, const struct gri_decode_frame *f, unsigned depth)
{
    int rc = decode_validate(d, f, f->plan->self, f->base, depth);
    if (rc == 0 && f->arm)
        rc = decode_validate(d, f, f->arm->field, f->base, depth);
    if (rc == 0 && f->arm)
        rc = decode_validate(d, f, f->member->plan->self, f->area, depth);
    return rc ? rc : decode_validate(d, f, f->member->field, f->area, depth);
}

static void decode_store_set(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    gr_set set = {f->plan->model, f->given[0], f->null};
    if (f->plan->set)
        memcpy(d->stack.at + f->base + f->plan->set->offset, &set, sizeof set);
}

/* What was built on the stack behind a pointer, to memory of its own. */
static int move_out(struct gri_decoder *d, const struct gri_decode_frame *f, size_t size)
{
    void *at = gri_arena_alloc(d->d->arena, size ? size : 1);
    if (!at)
        return GR_ENOMEM;
    memcpy(at, d->stack.at + f->area, size);
    memcpy(d->stack.at + f->slot, &at, sizeof at);
    d->stack.len = f->area;
    return 0;
}

static size_t count_given(const struct gri_decode_frame *f)
{
    size_t n = f->arm != NULL; /* the tag */
    for (size_t i = 0; i < sizeof f->given / sizeof *f->given; i++)
        n += (size_t)__builtin_popcountll(f->given[i]);
    return n;
}

int gri_decode_end_struct(struct gri_decoder *d, struct gri_decode_frame *f, unsigned depth)
{
    gri_errors_sort(d->d->errors, f->first_error);
    int rc = may_be_checked(f) ? validate_all(d, f, depth) : 0;
    return rc == 0 && f->area != f->slot ? move_out(d, f, f->member->plan->size) : rc;
}

int gri_decode_end_object(struct gri_decoder *d, struct gri_decode_frame *f)
{
    f->now = NULL;
    int rc = take_all_absent(d, f);
    decode_store_set(d, f);
    if (d->silent)
        gri_fit_add_struct(&d->fit, count_given(f));
    if (rc == 0 && f->plan->rest)
        rc = gri_decode_end_rest(d, f);
    return rc ? rc : gri_decode_end_struct(d, f, d->depth);
}

int gri_decode_no_object(struct gri_decoder *d, const struct gri_member *root)
{
    struct gri_decode_frame *f = gri_decoder_push(d, GRI_IN_OBJECT, root);
    f->plan = root->plan;
    int rc = gri_decode_end_object(d, f);
    d->depth--;
    return rc;
}
