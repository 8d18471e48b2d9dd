#include "schema/decoder.h"

#include "base/utf8.h"

static int take_list(struct gri_decoder *d, const struct gri_member *m, size_t to)
{
    bool map = m->shape & GR_MAPPING;
    if (d->lexer.token.kind == (map ? GRI_JSON_OBJECT : GRI_JSON_ARRAY))
        return gri_decode_begin_list(d, m, to);
    return gri_decoder_refuse_as(d, gri_member_type_error(m));
}

static int take_struct(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item)
{
    if (d->lexer.token.kind == (m->plan->is_tuple ? GRI_JSON_ARRAY : GRI_JSON_OBJECT))
        return gri_decode_begin_object(d, m, to, item);
    return gri_decoder_refuse_as(d, m->plan->is_tuple ? GRI_TUPLE_TYPE : GRI_MODEL_ATTRIBUTES_TYPE);
}

int gri_decode_value(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item)
{
    if (!item && (m->shape & (GR_SEQUENCE | GR_MAPPING | GR_FIXED)))
        return take_list(d, m, to);
    if (m->type == GR_TYPE_JSON)
        return gri_decode_json_member(d, m, to);
    if (m->plan && m->plan->bare)
        return gri_decode_bare(d, m, to, item);
    if (m->plan)
        return take_struct(d, m, to, item);
    if (!gri_decoder_at_container(d))
        return gri_decode_scalar(d, m, to, item);
    struct gri_error error = {.kind = gri_scalar_type_error(m)};
    if (m->expected)
        error.limit = (gr_constant){.kind = GR_CONSTANT_STRING, .s = m->expected};
    return gri_decoder_refuse(d, &error);
}

/* --- the whole --- */

static int end_nothing(struct gri_decoder *d, struct gri_decode_frame *f)
{
    size_t len = gri_decoder_span(d, f);
    if (f->late)
        f->late->input_len = len;
    return f->json_rc ? gri_decode_no_json(d, f) : 0;
}

static int end_container(struct gri_decoder *d)
{
    struct gri_decode_frame *f = gri_decoder_top(d);
    const char *twice = gri_key_stack_pop(&d->keys, f->keys);
    if (d->keys.failed)
        return GR_ENOMEM;
    if (twice)
        return gri_decoder_duplicate(d, twice);
    int rc = f->place == GRI_IN_OBJECT    ? gri_decode_end_object(d, f)
             : f->place == GRI_IN_NOTHING ? end_nothing(d, f)
             : f->place == GRI_IN_TUPLE   ? gri_decode_end_tuple(d, f)
                                          : gri_decode_end_list(d, f);
    d->depth--;
    gri_decoder_end_value(d);
    return rc;
}

static int take_inner_value(struct gri_decoder *d)
{
    struct gri_decode_frame *f = gri_decoder_top(d);
    struct gri_decode_target target = {NULL, 0, false};
    int rc = 0;
    if (f->place == GRI_IN_OBJECT)
        rc = gri_decode_member(d, f, &target);
    else if (f->place == GRI_IN_TUPLE)
        rc = gri_decode_position(d, f, &target);
    else if (f->place != GRI_IN_NOTHING)
        rc = gri_decode_item(d, f, &target);
    else
        gri_decoder_skip(d, NULL);
    return rc || !target.member ? rc : gri_decode_value(d, target.member, target.to, target.item);
}

static int take_token(struct gri_decoder *d)
{
    if (d->lexer.token.kind == GRI_JSON_KEY)
        return gri_decode_key(d);
    if (d->lexer.token.kind == GRI_JSON_CLOSE)
        return end_container(d);
    return take_inner_value(d);
}

/* A null that a program gives to be read is a value; for a body it says that there is none, as for FastAPI. */
static bool may_say_null(const struct gri_decoder *d, const struct gri_member *root)
{
    return d->d->bare && root->plan && root->plan->bare;
}

static int take_root(struct gri_decoder *d, const struct gri_member *root)
{
    bool null = d->lexer.token.kind == GRI_JSON_NULL;
    if (null && root->may_be_null)
        return 0;
    if (root->plan && root->plan->embedded && d->lexer.token.kind != GRI_JSON_OBJECT) {
        int rc = gri_decode_no_object(d, root);
        gri_decoder_skip(d, NULL);
        return rc;
    }
    if (null && root->type != GR_TYPE_JSON && !may_say_null(d, root)) {
        struct gri_error error = {.kind = GRI_MISSING};
        return gri_decoder_add_error(d, &error, 0, NULL) ? 0 : GR_ENOMEM;
    }
    return gri_decode_value(d, root, root->offset, false);
}

/* A key is compared with others: as long as it would take to read so many bytes. */
enum { KEY_BYTES = 64 };

static int decode_run(struct gri_decoder *d, const struct gri_member *root)
{
    int rc = gri_json_next(&d->lexer);
    if (rc == 0)
        rc = take_root(d, root);
    for (;;) {
        while (rc == 0 && d->depth > d->floor) {
            rc = __atomic_load_n(d->cancelled, __ATOMIC_RELAXED) ? GR_ECANCELED : gri_json_next(&d->lexer);
            if (rc == 0 && d->trials)
                rc = gri_decode_guess(d, d->lexer.token.len + (d->lexer.token.kind == GRI_JSON_KEY ? KEY_BYTES : 0));
            if (rc == 0)
                rc = take_token(d);
        }
        if (rc || !d->trials || !d->trials->n)
            break;
        rc = gri_decode_bare_goes_on(d);
    }
    return rc ? rc : gri_json_next(&d->lexer); /* nothing may follow */
}

/* Python, and therefore FastAPI, decodes the text before it looks for JSON in it. */
static int not_json(const struct gri_decoder *d, int rc)
{
    return rc == GR_EINVAL && !gri_utf8_valid(d->lexer.data, d->lexer.len) ? -EILSEQ : rc;
}

int gri_decode(struct gri_decoding *decoding, const char *json, size_t len, const struct gri_member *root, void *to,
               size_t size)
{
    static const bool never = false;
    static const struct gri_json_limits any = {.values = 0};
    const struct gri_json_limits *limits = decoding->limits ? decoding->limits : &any;
    struct gri_decoder d;                                   /* 15 KiB, of which only what is used is touched */
    if (len >= 3 && memcmp(json, "\xef\xbb\xbf", 3) == 0) { /* as Python does */
        json += 3;
        len -= 3;
    }
    d.d = decoding;
    d.cancelled = decoding->steps->cancelled ? decoding->steps->cancelled : &never;
    d.depth = 0;
    d.floor = 0;
    d.silent = false;
    d.trials = NULL;
    d.built = limits->built ? limits->built : SIZE_MAX;
    d.guesses = limits->guesses ? limits->guesses : SIZE_MAX;
    d.secret = root->field->secret;
    d.hides = d.secret || (root->plan && root->plan->has_secret);
    gri_json_lexer_init(&d.lexer, json, len, limits, &decoding->json_error);
    gri_value_stack_init(&d.stack);
    gri_key_stack_init(&d.keys);
    gri_seeker_init(&d.seeker);
    int rc = GR_ENOMEM;
    if (gri_value_stack_push(&d.stack, size)) {
        memcpy(d.stack.at, to, size);
        rc = decode_run(&d, root);
        memcpy(to, d.stack.at, size);
    }
    if (d.trials)
        gri_decode_bare_finish(&d);
    gri_seeker_finish(&d.seeker);
    gri_key_stack_finish(&d.keys);
    gri_value_stack_finish(&d.stack);
    if (rc == GRI_DECODE_ENDED)
        return 0;
    return rc == GR_EINVAL ? not_json(&d, rc) : rc;
}
