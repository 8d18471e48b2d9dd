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
    if (rc <= 0)
        return rc;
    *tag = (struct gri_str){ahead.token.at, ahead.token.len};
    if (ahead.token.kind != GRI_JSON_STRING)
        return 0;
    if (!gri_decoder_text(d, &ahead.token, tag))
        return GR_ENOMEM;
    *arm = gri_plan_member(plan, *tag, 0);
    return 0;
}

static int refuse_tag(struct gri_decoder *d, const struct gri_member *m, struct gri_str tag)
{
    const struct gri_plan *plan = m->plan;
    if (tag.at && (plan->tag->secret || gri_decoder_is_secret(d, m)))
        tag = GRI_STR(GRI_HIDDEN);
    struct gri_buf key;
    gri_buf_init(&key, d->d->arena);
    gri_buf_printf(&key, "'%s'", gri_field_wire_name(plan->tag));
    gri_buf_putc(&key, '\0');
    const char *text = tag.at ? gri_arena_strndup(d->d->arena, tag.at, tag.len) : "";
    if (key.failed || !text)
        return GR_ENOMEM;
    return gri_decoder_refuse(d, &(struct gri_error){.kind = tag.at ? GRI_UNION_TAG_INVALID : GRI_UNION_TAG_NOT_FOUND,
                                                     .limit = {.kind = GR_CONSTANT_STRING, .s = key.data},
                                                     .text = text,
                                                     .more = plan->expected});
}

int gri_decode_find_arm(struct gri_decoder *d, const struct gri_member *m, const struct gri_member **arm)
{
    struct gri_str tag = {NULL, 0};
    *arm = NULL;
    int rc = seek_arm(d, m->plan, &tag, arm);
    return rc < 0 || *arm ? rc : refuse_tag(d, m, tag);
}

void gri_decode_store_tag(struct gri_decoder *d, const gr_field *tag, const struct gri_member *arm, size_t area)
{
    static const gr_type by_size[] = {
        [1] = GR_TYPE_INT8, [2] = GR_TYPE_INT16, [4] = GR_TYPE_INT32, [8] = GR_TYPE_INT64};
    gr_constant value = gri_constant_int(arm->field->tag_value);
    gri_constant_store(&value, by_size[tag->size], d->stack.at + area + tag->offset);
}
