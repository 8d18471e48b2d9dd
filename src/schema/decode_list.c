#include "schema/decoder.h"

#include <stdlib.h>

#include "schema/absent.h"
#include "schema/constant.h"

int gri_decode_begin_list(struct gri_decoder *d, const struct gri_member *m, size_t to)
{
    struct gri_decode_frame *f = gri_decoder_push(d, m->shape & GR_MAPPING ? GRI_IN_MAP : GRI_IN_LIST, m);
    f->slot = to;
    f->area = m->shape & GR_FIXED ? to : gri_value_stack_align(&d->stack);
    return d->stack.failed ? GR_ENOMEM : 0;
}

static size_t most_items(const struct gri_member *m)
{
    return m->shape & GR_FIXED ? m->count : m->field->max_items ? m->field->max_items : SIZE_MAX;
}

static size_t least_items(const struct gri_member *m)
{
    return m->shape & GR_FIXED ? m->count : m->field->min_items;
}

static int store_key(struct gri_decoder *d, const struct gri_decode_frame *f, size_t at)
{
    const char *key = gri_arena_strndup(d->d->arena, f->key.at, f->key.len);
    if (!key)
        return GR_ENOMEM;
    memcpy(d->stack.at + at, &key, sizeof key);
    return 0;
}

int gri_decode_item(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to)
{
    const struct gri_member *m = f->member;
    size_t at = f->area + f->count * m->stride;
    if (f->count >= most_items(m)) {
        gri_decoder_skip(d, NULL);
        return 0;
    }
    if (!(m->shape & GR_FIXED) && !gri_value_stack_push(&d->stack, m->stride))
        return GR_ENOMEM;
    if (f->place == GRI_IN_MAP && store_key(d, f, at))
        return GR_ENOMEM;
    *to = (struct gri_decode_target){m, f->place == GRI_IN_MAP ? at + m->value_offset : at, true};
    return 0;
}

static int refuse_count(struct gri_decoder *d, const struct gri_decode_frame *f, bool too_long)
{
    bool map = f->place == GRI_IN_MAP;
    struct gri_error error = {.actual = f->count};
    if (too_long) /* then nothing else is said of it */
        d->d->errors->count = f->first_error;
    error.kind = too_long ? (map ? GRI_DICT_TOO_LONG : GRI_LIST_TOO_LONG)
                 : map    ? GRI_DICT_TOO_SHORT
                          : GRI_LIST_TOO_SHORT;
    error.limit = gri_constant_uint(too_long ? most_items(f->member) : least_items(f->member));
    return gri_decoder_refuse_whole(d, f, d->depth - 1, &error);
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

static int check_unique(struct gri_decoder *d, const struct gri_decode_frame *f)
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
                              .limit = {.kind = GR_CONSTANT_STRING, .s = "items should be unique"}};
    return gri_decoder_refuse_whole(d, f, d->depth - 1, &error);
}

int gri_decode_end_list(struct gri_decoder *d, struct gri_decode_frame *f)
{
    struct gri_sequence list = gri_sequence_empty();
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
        list = (struct gri_sequence){memcpy(at, d->stack.at + f->area, bytes), f->count};
    }
    memcpy(d->stack.at + f->slot, &list, sizeof list);
    d->stack.len = f->area;
    return 0;
}
