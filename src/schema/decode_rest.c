/* What no member of an object takes: a chain of entries on the value stack, since other values are built between them.
 */
#include "schema/decoder.h"

#include "schema/absent.h"

/* Stands before an entry; at the place of the first of them the stack ended when it came. */
struct rest_link {
    size_t before; /* the entry before it; 0: none */
    size_t index;
};
enum { LINK = 16 };

int gri_decode_rest(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to)
{
    const struct gri_member *m = f->plan->rest;
    struct rest_link link = {f->kept, 0}, before = {0, 0};
    size_t at = gri_value_stack_align(&d->stack) + LINK;
    _Static_assert(sizeof link <= LINK, "a link fits before an entry");
    if (f->kept)
        memcpy(&before, d->stack.at + f->kept - LINK, sizeof before);
    link.index = f->kept ? before.index + 1 : 0;
    if (!gri_value_stack_push(&d->stack, LINK + m->stride) || gri_decode_store_key(d, &f->key, at))
        return GR_ENOMEM;
    memcpy(d->stack.at + at - LINK, &link, sizeof link);
    f->kept = at;
    gri_decode_count_key(d, m);
    *to = (struct gri_decode_target){m, at + m->value_offset, true};
    return 0;
}

/* The entries in the order in which they came, into `to`; and where the stack ended before them. */
static size_t take_entries(const struct gri_decoder *d, const struct gri_decode_frame *f, char *to)
{
    struct rest_link link = {f->kept, 0};
    size_t stride = f->plan->rest->stride, at = f->kept;
    while (link.before) {
        at = link.before;
        memcpy(&link, d->stack.at + at - LINK, sizeof link);
        memcpy(to + link.index * stride, d->stack.at + at, stride);
    }
    return at - LINK;
}

static size_t count_entries(const struct gri_decoder *d, const struct gri_decode_frame *f)
{
    struct rest_link last;
    memcpy(&last, d->stack.at + f->kept - LINK, sizeof last);
    return last.index + 1;
}

/* Where a value was refused there is none. */
static int rest_as_object(struct gri_decoder *d, const struct gri_sequence *list, size_t to)
{
    const struct gri_member *m = gri_decoder_top(d)->plan->rest;
    json_t *object = json_object();
    int rc = object ? 0 : GR_ENOMEM;
    for (size_t i = 0; i < list->len && rc == 0; i++) {
        const char *key;
        json_t *value;
        memcpy(&key, list->at + i * m->stride, sizeof key);
        memcpy(&value, list->at + i * m->stride + m->value_offset, sizeof value);
        if (value && json_object_set_nocheck(object, key, value))
            rc = GR_ENOMEM;
    }
    memcpy(d->stack.at + to, &object, sizeof object);
    return json_array_append_new(d->d->values, object) ? GR_ENOMEM : rc;
}

int gri_decode_end_rest(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    const struct gri_member *m = f->plan->rest;
    bool map = m->shape & GR_MAPPING;
    size_t to = f->base + m->offset;
    struct gri_sequence list = gri_sequence_empty();
    if (f->kept) {
        list.len = count_entries(d, f);
        char *at = gri_arena_alloc(d->d->arena, gri_size_mul(list.len, m->stride));
        if (!at)
            return GR_ENOMEM;
        list.at = at;
        d->stack.len = take_entries(d, f, at);
    }
    if (map)
        memcpy(d->stack.at + to, &list, sizeof list);
    return map || !list.len ? 0 : rest_as_object(d, &list, to);
}
