#include "schema/decoder.h"

#include "base/utf8.h"

/* A copy of a lexer that takes no more values than there may be made json_t of, the present one among them. */
static struct gri_json_lexer bounded_lexer(const struct gri_decoder *d)
{
    struct gri_json_lexer ahead = d->lexer;
    size_t before = ahead.values - 1;
    if (d->built < ahead.max_values - before)
        ahead.max_values = before + d->built;
    return ahead;
}

json_t *gri_decode_build(struct gri_decoder *d, struct gri_json_lexer *ahead, int *rc)
{
    *ahead = bounded_lexer(d);
    json_t *value = d->built ? gri_json_build(ahead, rc) : NULL;
    if (!d->built)
        *rc = gri_decoder_too_many(d);
    size_t built = ahead->values - (d->lexer.values - 1);
    d->built -= built < d->built ? built : d->built;
    ahead->max_values = d->lexer.max_values;
    return value;
}

void gri_decode_count_key(struct gri_decoder *d, const struct gri_member *m)
{
    d->built -= m->type == GR_TYPE_JSON && d->built;
}

static int keep_json(struct gri_decoder *d, json_t *value, size_t to)
{
    if (!d->d->values)
        d->d->values = json_array();
    memcpy(d->stack.at + to, &value, sizeof value);
    return json_array_append_new(d->d->values, value) ? GR_ENOMEM : 0;
}

int gri_decode_scalar(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item)
{
    const struct gri_json_token *token = &d->lexer.token;
    struct gri_value value = {token->kind, token->special, false, token->at, token->len, gri_errors_full(d->d->errors)};
    struct gri_error error;
    if (token->kind == GRI_JSON_STRING) {
        struct gri_str text;
        if (!gri_decoder_text(d, token, &text))
            return GR_ENOMEM;
        value.at = text.at;
        value.len = text.len;
        value.owned = token->special;
    }
    char *at = d->stack.at + to;
    int rc = item ? gri_scalar_read(m, &value, at, d->d->arena, d->d->steps, &error)
                  : gri_scalar_read_member(m, &value, at, d->d->arena, d->d->steps, &error);
    if (rc > 0)
        return gri_decoder_refuse(d, &error);
    if (d->silent)
        gri_fit_add_scalar(&d->fit, m, &value);
    gri_decoder_end_value(d);
    return rc;
}

/* What a check of one's own has against it; NULL: nothing. */
static const char *json_fault(const struct gri_decoder *d, const struct gri_member *m, size_t to)
{
    return m->field->validate ? m->field->validate(d->stack.at + to) : NULL;
}

/* The present value was built, and ends where the lexer is. */
static int end_json(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING}};
    error.limit.s = json_fault(d, f->member, f->json);
    int rc = error.limit.s ? gri_decoder_refuse_whole(d, f, d->depth, &error) : 0;
    d->depth--;
    gri_decoder_end_value(d);
    return rc;
}

/* What cannot be built is passed token by token, which tells what is wrong first. */
static int take_json_container(struct gri_decoder *d, const struct gri_member *m, size_t to)
{
    struct gri_decode_frame *f = gri_decoder_push(d, GRI_IN_NOTHING, m);
    struct gri_json_lexer behind;
    json_t *value = gri_decode_build(d, &behind, &f->json_rc);
    f->json = to;
    if (!value)
        return f->json_rc == GR_ENOMEM || !d->built ? f->json_rc : 0;
    d->lexer = behind;
    int rc = keep_json(d, value, to);
    return rc ? rc : end_json(d, f);
}

int gri_decode_no_json(struct gri_decoder *d, const struct gri_decode_frame *f)
{
    size_t at = (size_t)(f->text - d->lexer.data);
    if (f->json_rc == GR_EINVAL) /* a number out of range: all else was seen before */
        d->d->json_error = (struct gri_json_error){d->d->json_error.text, at, gri_utf8_chars(d->lexer.data, at)};
    return f->json_rc;
}

static int take_json_scalar(struct gri_decoder *d, const struct gri_member *m, size_t to)
{
    int rc;
    struct gri_json_lexer behind;
    json_t *value = gri_decode_build(d, &behind, &rc);
    if (!value)
        return rc;
    rc = keep_json(d, value, to);
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING}};
    error.limit.s = rc ? NULL : json_fault(d, m, to);
    if (error.limit.s)
        return gri_decoder_refuse(d, &error);
    gri_decoder_end_value(d);
    return rc;
}

int gri_decode_json_member(struct gri_decoder *d, const struct gri_member *m, size_t to)
{
    if (d->silent)
        gri_fit_add_scalar(&d->fit, m, NULL);
    return gri_decoder_at_container(d) ? take_json_container(d, m, to) : take_json_scalar(d, m, to);
}
