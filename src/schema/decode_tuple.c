#include "schema/decoder.h"

#include "schema/constant.h"

int gri_decode_position(struct gri_decoder *d, struct gri_decode_frame *f, struct gri_decode_target *to)
{
    const struct gri_member *m = f->count < f->plan->n_members ? &f->plan->members[f->count] : NULL;
    if (!m) {
        gri_decoder_skip(d, NULL);
        return 0;
    }
    f->now = m;
    f->now_error = d->d->errors->count;
    if (d->lexer.token.kind == GRI_JSON_NULL && m->may_be_null && m->type != GR_TYPE_JSON) {
        gri_decoder_end_value(d);
        return 0;
    }
    *to = (struct gri_decode_target){m, f->base + m->offset, false};
    return 0;
}

/* Then nothing else is said of it. */
static int refuse_positions(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    struct gri_error error = {.kind = GRI_TUPLE_TOO_LONG, .actual = f->count};
    error.limit = gri_constant_uint(f->plan->n_members);
    d->d->errors->count = f->first_error;
    return gri_decoder_refuse_whole(d, f, d->depth - 1, &error);
}

static int miss_positions(struct gri_decoder *d, struct gri_decode_frame *f)
{
    int rc = 0;
    for (; f->count < f->plan->n_members && rc == 0; f->count++) {
        struct gri_error error = {.kind = GRI_MISSING, .rank = (unsigned)f->count};
        rc = gri_decoder_refuse_whole(d, f, d->depth, &error);
    }
    return rc;
}

int gri_decode_end_tuple(struct gri_decoder *d, struct gri_decode_frame *f)
{
    f->now = NULL;
    int rc = f->count > f->plan->n_members ? refuse_positions(d, f) : miss_positions(d, f);
    return rc ? rc : gri_decode_end_struct(d, f, d->depth - 1);
}
