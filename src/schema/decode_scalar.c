#include "schema/decoder.h"

#include "base/utf8.h"

int gri_decode_json(struct gri_decoder *d, const char *text, size_t len, size_t to)
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

int gri_decode_scalar(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item)
{
    const struct gri_json_token *token = &d->lexer.token;
    struct gri_value value = {token->kind, token->special, false, token->at, token->len};
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

int gri_decode_end_json(struct gri_decoder *d, const struct gri_decode_frame *f, size_t len)
{
    int rc = gri_decode_json(d, f->text, len, f->json);
    const char *text = rc == 0 ? json_fault(d, f->member, f->json) : NULL;
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = text}};
    return text ? gri_decoder_refuse_whole(d, f, d->depth, &error) : rc;
}

int gri_decode_json_member(struct gri_decoder *d, const struct gri_member *m, size_t to)
{
    if (d->silent)
        gri_fit_add_scalar(&d->fit, m, NULL);
    if (!gri_decoder_at_container(d)) {
        int rc = gri_decode_json(d, d->lexer.token.at, d->lexer.token.len, to);
        const char *text = rc == 0 ? json_fault(d, m, to) : NULL;
        struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = text}};
        if (text)
            return gri_decoder_refuse(d, &error);
        gri_decoder_end_value(d);
        return rc;
    }
    struct gri_decode_frame *f = gri_decoder_push(d, GRI_IN_NOTHING, m);
    f->is_json = true;
    f->json = to;
    return 0;
}
