#include "schema/decoder.h"

#include "schema/absent.h"
#include "schema/distinct.h"

int gri_decode_begin_list(struct gri_decoder *d, const struct gri_member *m, size_t to)
{
    struct gri_decode_frame *f = gri_decoder_push(d, m->shape & GR_MAPPING ? GRI_IN_MAP : GRI_IN_LIST, m);
    f->slot = to;
    f->now_error = f->first_error;
    f->area = m->shape & GR_FIXED ? to : gri_value_stack_align(&d->stack);
    return d->stack.failed ? GR_ENOMEM : 0;
}

/* Of a set and a map only those count that are there at its end. */
static bool is_counted_late(const struct gri_decode_frame *f)
{
    return f->place == GRI_IN_MAP || f->member->field->dedupe;
}

/* --- keys --- */

int gri_decode_store_key(struct gri_decoder *d, const struct gri_str *text, size_t at)
{
    const char *key = gri_arena_strndup(d->d->arena, text->at, text->len);
    if (!key)
        return GR_ENOMEM;
    memcpy(d->stack.at + at, &key, sizeof key);
    return 0;
}

/* A key that is no text. What is wrong with it does not keep its value from being looked at. */
static int read_key(struct gri_decoder *d, const struct gri_decode_frame *f, size_t at)
{
    const struct gri_member *key = f->member->key_member;
    struct gri_value value = {GRI_JSON_STRING, false, false, f->key.at, f->key.len, gri_errors_full(d->d->errors)};
    struct gri_error error;
    int rc = gri_scalar_read(key, &value, d->stack.at + at, d->d->arena, d->d->steps, &error);
    if (rc <= 0)
        return rc;
    error.form = GRI_INPUT_TEXT;
    error.input = f->key.at;
    error.input_len = f->key.len;
    return gri_decoder_add_error(d, &error, d->depth, key) ? 0 : GR_ENOMEM;
}

static int take_key(struct gri_decoder *d, const struct gri_decode_frame *f, size_t at)
{
    return f->member->key_member ? read_key(d, f, at) : gri_decode_store_key(d, &f->key, at);
}

/* --- items --- */

/* An item of a set that was refused is none of it. */
static void forget_refused(const struct gri_decoder *d, struct gri_decode_frame *f)
{
    if (f->member->field->dedupe && d->d->errors->count != f->now_error)
        f->kept--;
    f->now_error = d->d->errors->count;
}

/* What the item before left behind itself, where it was refused, is none of this one. */
static bool push_item(struct gri_decoder *d, size_t at, size_t stride)
{
    d->stack.len = at;
    return gri_value_stack_push(&d->stack, stride);
}

int gri_decode_item(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to)
{
    const struct gri_member *m = f->member;
    if (f->count >= gri_member_most(m) && !is_counted_late(f)) {
        gri_decoder_skip(d, NULL);
        return 0;
    }
    forget_refused(d, f);
    size_t at = f->area + f->kept++ * m->stride;
    if (!(m->shape & GR_FIXED) && !push_item(d, at, m->stride))
        return GR_ENOMEM;
    if (f->place == GRI_IN_MAP && take_key(d, f, at))
        return GR_ENOMEM;
    if (f->place == GRI_IN_MAP)
        gri_decode_count_key(d, m);
    *to = (struct gri_decode_target){m, f->place == GRI_IN_MAP ? at + m->value_offset : at, true};
    return 0;
}

/* --- the end --- */

static int refuse_count(struct gri_decoder *d, const struct gri_decode_frame *f, size_t n, bool too_long)
{
    struct gri_error error = gri_member_count_error(f->member, n, too_long);
    if (too_long) /* then nothing else is said of it */
        d->d->errors->count = f->first_error;
    return gri_decoder_refuse_whole(d, f, d->depth - 1, &error);
}

static bool is_list_refused(const struct gri_decoder *d, const struct gri_decode_frame *f)
{
    return d->d->errors->count != f->first_error;
}

/* A list has as many items as came, however many of them were looked at. A map in which something is wrong is not
 * counted. */
static int check_count(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    size_t n = is_counted_late(f) ? f->kept : f->count;
    if (n > gri_member_most(f->member) && !(f->place == GRI_IN_MAP && is_list_refused(d, f)))
        return refuse_count(d, f, n, true);
    return n < gri_member_least(f->member) && !is_list_refused(d, f) ? refuse_count(d, f, n, false) : 0;
}

static int check_unique(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    if (!f->member->field->unique || is_list_refused(d, f))
        return 0;
    int rc = gri_items_repeat(f->member, d->stack.at + f->area, f->kept);
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = GRI_ITEMS_REPEAT}};
    return rc > 0 ? gri_decoder_refuse_whole(d, f, d->depth - 1, &error) : rc;
}

/* Leaves one of what is equal, in a set, and of the keys of a map that are not compared as texts. */
static int make_distinct(struct gri_decoder *d, struct gri_decode_frame *f)
{
    const struct gri_member *m = f->member;
    forget_refused(d, f);
    if (m->key_member && !is_list_refused(d, f))
        return gri_entries_dedupe(m, d->stack.at + f->area, &f->kept);
    return m->field->dedupe ? gri_items_dedupe(m, d->stack.at + f->area, &f->kept) : 0;
}

/* Out of the stack, to memory of their own. */
static int store_items(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    struct gri_sequence list = gri_sequence_empty();
    size_t bytes = f->kept * f->member->stride;
    if (f->kept) {
        char *at = gri_arena_alloc(d->d->arena, bytes);
        if (!at)
            return GR_ENOMEM;
        list = (struct gri_sequence){memcpy(at, d->stack.at + f->area, bytes), f->kept};
    }
    memcpy(d->stack.at + f->slot, &list, sizeof list);
    d->stack.len = f->area;
    return 0;
}

int gri_decode_end_list(struct gri_decoder *d, struct gri_decode_frame *f)
{
    int rc = make_distinct(d, f);
    rc = rc ? rc : check_count(d, f);
    rc = rc ? rc : check_unique(d, f);
    return rc || (f->member->shape & GR_FIXED) ? rc : store_items(d, f);
}
