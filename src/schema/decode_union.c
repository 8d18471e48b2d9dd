#include "schema/decoder.h"

#include "schema/constant.h"

/* The arm that the object's tag names, found by looking ahead. NULL: none; *tag is what it says, if anything. */
static int seek_arm(struct gri_decoder *d, const struct gri_plan *plan, struct gri_str *tag,
                    const struct gri_member **arm)
{
    struct gri_json_error ignored;
    struct gri_json_lexer ahead = d->lexer;
    ahead.error = &ignored;
    int rc = gri_seek_key(&d->seeker, &ahead, gri_str_from(gri_field_wire_name(plan->tag)), d->d->arena);
    int spent = gri_decode_guess(d, ahead.at - d->lexer.at);
    if (rc <= 0 || spent)
        return rc < 0 ? rc : spent;
    *tag = (struct gri_str){ahead.token.at, ahead.token.len};
    if (ahead.token.kind != GRI_JSON_STRING)
        return 0;
    if (!gri_decoder_text(d, &ahead.token, tag))
        return GR_ENOMEM;
    *arm = gri_plan_member(plan, *tag, 0);
    return 0;
}

/* `key` is how the message names what was asked. */
static int refuse_tag_by(struct gri_decoder *d, const char *key, struct gri_str tag, const char *expected)
{
    const char *text = tag.at ? gri_arena_strndup(d->d->arena, tag.at, tag.len) : "";
    if (!text)
        return GR_ENOMEM;
    return gri_decoder_refuse(d, &(struct gri_error){.kind = tag.at ? GRI_UNION_TAG_INVALID : GRI_UNION_TAG_NOT_FOUND,
                                                     .limit = {.kind = GR_CONSTANT_STRING, .s = key},
                                                     .text = text,
                                                     .more = expected});
}

static int refuse_tag(struct gri_decoder *d, const struct gri_member *m, struct gri_str tag)
{
    const struct gri_plan *plan = m->plan;
    if (gri_errors_full(d->d->errors))
        return gri_decoder_refuse_as(d, GRI_UNION_TAG_INVALID);
    if (tag.at && (plan->tag->secret || gri_decoder_is_secret(d, m)))
        tag = GRI_STR(GRI_HIDDEN);
    struct gri_buf key;
    gri_buf_init(&key, d->d->arena);
    gri_buf_printf(&key, "'%s'", gri_field_wire_name(plan->tag));
    gri_buf_putc(&key, '\0');
    return key.failed ? GR_ENOMEM : refuse_tag_by(d, key.data, tag, plan->expected);
}

int gri_decode_find_arm(struct gri_decoder *d, const struct gri_member *m, const struct gri_member **arm)
{
    struct gri_str tag = {NULL, 0};
    *arm = NULL;
    int rc = seek_arm(d, m->plan, &tag, arm);
    return rc || *arm ? rc : refuse_tag(d, m, tag);
}

/* --- by a function --- */

/* Each of such unions inside each other reads its own value whole, which counts as values that json_t are made of, too.
 */
static void spend_bytes(struct gri_decoder *d, const struct gri_json_lexer *behind)
{
    enum { BYTES_A_VALUE = 32 };
    size_t n = (behind->at - d->lexer.at) / BYTES_A_VALUE;
    d->built -= n < d->built ? n : d->built;
}

/* What is no JSON behind here is found where it is read. */
static int ask(struct gri_decoder *d, const struct gri_plan *plan, struct gri_str *tag, const struct gri_member **arm)
{
    struct gri_json_lexer behind;
    int rc;
    json_t *value = gri_decode_build(d, &behind, &rc);
    if (!value)
        return rc == GR_ENOMEM || rc == GR_EMSGSIZE ? rc : 0;
    spend_bytes(d, &behind);
    const char *name = plan->either->discriminate(value);
    if (name) {
        *tag = gri_str_from(gri_arena_strndup(d->d->arena, name, strlen(name)));
        *arm = tag->at ? gri_plan_member(plan, *tag, 0) : NULL;
    }
    json_decref(value);
    return name && !tag->at ? GR_ENOMEM : 0;
}

int gri_decode_find_case(struct gri_decoder *d, const struct gri_plan *plan, const struct gri_member **arm)
{
    struct gri_str tag = {NULL, 0};
    *arm = NULL;
    int rc = ask(d, plan, &tag, arm);
    if (rc || *arm)
        return rc;
    if (tag.at && d->hides)
        tag = GRI_STR(GRI_HIDDEN);
    return refuse_tag_by(d, plan->either->alias ? plan->either->alias : "a function", tag, plan->expected);
}

void gri_decode_store_tag(struct gri_decoder *d, const gr_field *tag, const struct gri_member *arm, size_t area)
{
    static const gr_type by_size[] = {
        [1] = GR_TYPE_INT8, [2] = GR_TYPE_INT16, [4] = GR_TYPE_INT32, [8] = GR_TYPE_INT64};
    gr_constant value = gri_constant_int(arm->field->tag_value);
    gri_constant_store(&value, by_size[tag->size], d->stack.at + area + tag->offset);
}
