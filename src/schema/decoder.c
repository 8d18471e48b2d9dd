#include "schema/decoder.h"

#include "base/utf8.h"
#include "schema/unescape.h"

static unsigned put_frame(const struct gri_decode_frame *f, struct gri_step_to *to)
{
    unsigned n = 0;
    if (f->arm)
        to[n++] = (struct gri_step_to){f->arm->name.at, f->arm->name.len, 0};
    if (f->place == GRI_IN_LIST || f->place == GRI_IN_TUPLE)
        to[n++] = (struct gri_step_to){NULL, 0, f->count};
    else if (f->now)
        to[n++] = (struct gri_step_to){f->now->name.at, f->now->name.len, 0};
    else if (f->key.at)
        to[n++] = (struct gri_step_to){f->key.at, f->key.len, 0};
    return n;
}

/* Which case of a union is told about, where that is what the first `depth` containers lead to. */
static unsigned put_cases_told(const struct gri_decoder *d, unsigned depth, size_t *next, struct gri_step_to *to)
{
    unsigned n = 0;
    for (; d->trials && *next < d->trials->n && d->trials->at[*next].depth == depth; ++*next) {
        const struct gri_trial *t = &d->trials->at[*next];
        if (!t->told)
            continue;
        const struct gri_str *label = &t->member->plan->members[t->now].name;
        to[n++] = (struct gri_step_to){label->at, label->len, 0};
    }
    return n;
}

/* The place of what the first `depth` containers lead to, and then of `member`, if any. */
static struct gri_step_to *decode_locate(const struct gri_decoder *d, unsigned depth, const struct gri_member *member,
                                         unsigned *n)
{
    size_t trial = 0, n_trials = d->trials ? d->trials->n : 0;
    struct gri_step_to *loc = gri_arena_alloc(d->d->arena, (2 * depth + 2 + n_trials) * sizeof *loc);
    if (!loc)
        return NULL;
    loc[0] = (struct gri_step_to){"body", 4, 0};
    *n = !d->d->bare;
    *n += put_cases_told(d, 0, &trial, loc + *n);
    for (unsigned i = 0; i < depth; i++) {
        *n += put_frame(&d->frames[i], loc + *n);
        *n += put_cases_told(d, i + 1, &trial, loc + *n);
    }
    if (member)
        loc[(*n)++] = (struct gri_step_to){member->name.at, member->name.len, 0};
    return loc;
}

static bool says_secret(const struct gri_member *member)
{
    return member && member->field->secret;
}

/* Itself, its arm, and what is being read in it: a member, or, under a key that no member has, the rest. */
static bool is_frame_secret(const struct gri_decode_frame *f)
{
    bool rest = f->place == GRI_IN_OBJECT && !f->now && f->key.at;
    return says_secret(f->member) || says_secret(f->arm) || says_secret(f->now) || (rest && says_secret(f->plan->rest));
}

/* Which case it would have been nobody knows: one that is secret makes all of them so. */
static bool is_trial_secret(const struct gri_trial *t)
{
    const struct gri_plan *plan = t->member->plan;
    bool secret = says_secret(t->member);
    for (unsigned i = 0; i < plan->n_members && !secret; i++)
        secret = says_secret(&plan->members[i]);
    return secret;
}

bool gri_decoder_is_secret(const struct gri_decoder *d, const struct gri_member *member)
{
    bool secret = d->secret || says_secret(member);
    for (unsigned i = 0; i < d->depth && !secret; i++)
        secret = is_frame_secret(&d->frames[i]);
    for (size_t i = 0; d->trials && i < d->trials->n && !secret; i++)
        secret = is_trial_secret(&d->trials->at[i]);
    return secret;
}

/* One of the member's own, or of what it is. */
static bool is_checked(const struct gri_member *m)
{
    return m && (gri_field_is_checked(m->field) || (m->plan && gri_field_is_checked(m->plan->self)));
}

bool gri_decoder_is_looked_at(const struct gri_decoder *d)
{
    bool looked_at = false;
    for (unsigned i = 0; i < d->depth && !looked_at; i++) {
        const struct gri_decode_frame *f = &d->frames[i];
        looked_at = is_checked(f->member) || is_checked(f->arm);
    }
    for (size_t i = 0; d->trials && i < d->trials->n && !looked_at; i++)
        looked_at = is_checked(d->trials->at[i].member);
    return looked_at;
}

struct gri_error *gri_decoder_add_error(struct gri_decoder *d, struct gri_error *error, unsigned depth,
                                        const struct gri_member *member)
{
    if (gri_errors_full(d->d->errors))
        return gri_errors_add(d->d->errors, error);
    error->loc = decode_locate(d, depth, member, &error->n_loc);
    if (!error->loc)
        return NULL;
    if (d->hides && error->form == GRI_INPUT_JSON && (*error->input == '{' || *error->input == '[')) {
        error->form = GRI_INPUT_NULL;
    } else if ((gri_decoder_is_secret(d, member) && error->kind != GRI_MISSING) ||
               (d->hides && error->kind == GRI_MODEL_ATTRIBUTES_TYPE)) {
        gri_error_hide(error);
    }
    return gri_errors_add(d->d->errors, error);
}

struct gri_decode_frame *gri_decoder_push(struct gri_decoder *d, enum gri_decode_place place,
                                          const struct gri_member *member)
{
    struct gri_decode_frame *f = &d->frames[d->depth++];
    *f = (struct gri_decode_frame){.place = place,
                                   .member = member,
                                   .text = d->lexer.token.at,
                                   .first_error = d->d->errors->count,
                                   .keys = d->keys.n};
    return f;
}

void gri_decoder_end_value(struct gri_decoder *d)
{
    struct gri_decode_frame *f = d->depth ? gri_decoder_top(d) : NULL;
    if (!f)
        return;
    if (f->now)
        gri_errors_rank(d->d->errors, f->now_error, gri_member_index(f->plan, f->now));
    else if (f->place == GRI_IN_OBJECT && d->d->errors->count != f->now_error)
        gri_errors_rank(d->d->errors, f->now_error, f->plan->n_members);
    if (f->place >= GRI_IN_LIST && f->place <= GRI_IN_TUPLE)
        f->count++;
    f->now = NULL;
    f->key = (struct gri_str){NULL, 0};
}

void gri_decoder_skip(struct gri_decoder *d, struct gri_error *late)
{
    if (gri_decoder_at_container(d))
        gri_decoder_push(d, GRI_IN_NOTHING, NULL)->late = late;
    else
        gri_decoder_end_value(d);
}

/* Only how many there were is told. */
static int refuse_untold(struct gri_decoder *d)
{
    d->d->errors->count++;
    if (!d->silent || !gri_decode_bare_passes(d))
        gri_decoder_skip(d, NULL);
    return 0;
}

int gri_decoder_refuse(struct gri_decoder *d, struct gri_error *error)
{
    if (gri_errors_full(d->d->errors))
        return refuse_untold(d);
    error->form = GRI_INPUT_JSON;
    error->input = d->lexer.token.at;
    error->input_len = d->lexer.token.len;
    struct gri_error *kept = gri_decoder_add_error(d, error, d->depth, NULL);
    if (!kept)
        return GR_ENOMEM;
    gri_decoder_skip(d, kept->form == GRI_INPUT_JSON ? kept : NULL);
    return 0;
}

int gri_decoder_refuse_as(struct gri_decoder *d, enum gri_error_kind kind)
{
    return gri_decoder_refuse(d, &(struct gri_error){.kind = kind});
}

bool gri_decoder_text(struct gri_decoder *d, const struct gri_json_token *token, struct gri_str *text)
{
    *text = (struct gri_str){token->at + 1, token->len - 2};
    return !token->special || gri_unescape(d->d->arena, text);
}

static void say_json_error(struct gri_decoder *d, const char *text, const char *where)
{
    size_t at = (size_t)(where - d->lexer.data);
    d->d->json_error = (struct gri_json_error){text, at, gri_utf8_chars(d->lexer.data, at)};
}

int gri_decoder_duplicate(struct gri_decoder *d, const char *where)
{
    say_json_error(d, "Duplicate key", where);
    return GR_EINVAL;
}

int gri_decoder_too_many(struct gri_decoder *d)
{
    say_json_error(d, "Too many values: send less at once", d->lexer.token.at);
    return GR_EMSGSIZE;
}

int gri_decoder_refuse_whole(struct gri_decoder *d, const struct gri_decode_frame *f, unsigned depth,
                             struct gri_error *error)
{
    if (gri_errors_full(d->d->errors)) {
        d->d->errors->count++;
        return 0;
    }
    error->form = GRI_INPUT_JSON;
    error->input = f->text;
    error->input_len = gri_decoder_span(d, f);
    return gri_decoder_add_error(d, error, depth, NULL) ? 0 : GR_ENOMEM;
}
