#include "schema/decoder.h"

#include "schema/constant.h"

static struct gri_trial *top_trial(const struct gri_decoder *d)
{
    return &d->trials->at[d->trials->n - 1];
}

static void pop_trial(struct gri_decoder *d)
{
    struct gri_trials *trials = d->trials;
    trials->guessing -= top_trial(d)->phase != GRI_READING;
    trials->n--;
    d->floor = trials->n ? top_trial(d)->depth : 0;
    if (!trials->n)
        trials->n_known = 0;
}

/* --- silence: what is read leaves nothing, and errors are only counted --- */

static void begin_silence(struct gri_decoder *d, struct gri_trial *t)
{
    struct gri_trials *trials = d->trials;
    t->was_silent = d->silent;
    t->around = d->fit;
    if (!d->silent) {
        trials->arena = d->d->arena;
        trials->errors = d->d->errors;
        gri_arena_init(&trials->scratch, trials->own, sizeof trials->own);
        gri_errors_init_silent(&trials->silent);
        d->d->arena = &trials->scratch;
        d->d->errors = &trials->silent;
        d->silent = true;
    }
    t->errors = d->d->errors->count;
    t->json = json_array_size(d->d->values);
}

static void break_silence(struct gri_decoder *d)
{
    gri_arena_finish(&d->trials->scratch);
    d->d->arena = d->trials->arena;
    d->d->errors = d->trials->errors;
    d->silent = false;
}

static void end_silence(struct gri_decoder *d, const struct gri_trial *t)
{
    d->fit = t->around;
    if (!t->was_silent)
        break_silence(d);
}

static void forget_values(struct gri_decoder *d, const struct gri_trial *t)
{
    for (size_t n = json_array_size(d->d->values); n > t->json; n--)
        json_array_remove(d->d->values, n - 1);
    if (t->was_silent)
        return;
    gri_arena_finish(&d->trials->scratch);
    gri_arena_init(&d->trials->scratch, d->trials->own, sizeof d->trials->own);
}

/* --- when it is too much --- */

/* The request is refused for the outermost union as a whole. */
static int refuse_trials(struct gri_decoder *d, enum gri_error_kind kind)
{
    const struct gri_trial *outermost = &d->trials->at[0];
    struct gri_error error = {.kind = kind};
    if (d->silent)
        break_silence(d);
    d->depth = outermost->depth;
    d->trials->n = d->trials->guessing = 0;
    return gri_decoder_add_error(d, &error, d->depth, NULL) ? GRI_DECODE_ENDED : GR_ENOMEM;
}

int gri_decode_guess(struct gri_decoder *d, size_t bytes)
{
    enum { BYTES_A_STEP = 32 };
    size_t steps = 1 + bytes / BYTES_A_STEP;
    if (!d->trials || !d->trials->guessing)
        return 0;
    if (steps > d->guesses)
        return refuse_trials(d, GRI_UNION_STEPS);
    d->guesses -= steps;
    return 0;
}

/* --- reading the value, once more --- */

static void take_in_surroundings(const struct gri_decoder *d, struct gri_trial *t)
{
    if (!d->depth)
        return;
    const struct gri_decode_frame *f = &d->frames[d->depth - 1];
    t->member_around = f->now;
    t->error_around = f->now_error;
    t->count_around = f->count;
    t->key_around = f->key;
}

static void put_back_surroundings(struct gri_decoder *d, const struct gri_trial *t)
{
    if (!d->depth)
        return;
    struct gri_decode_frame *f = gri_decoder_top(d);
    f->now = t->member_around;
    f->now_error = t->error_around;
    f->count = t->count_around;
    f->key = t->key_around;
}

static void go_back(struct gri_decoder *d, const struct gri_trial *t)
{
    d->lexer = t->start;
    d->stack.len = t->stack;
    memset(d->stack.at + t->base, 0, t->member->plan->size);
    gri_seeker_rewind(&d->seeker, (size_t)(t->start.token.at - t->start.data));
    put_back_surroundings(d, t);
}

static int take_case(struct gri_decoder *d, const struct gri_trial *t, int i)
{
    const struct gri_plan *plan = t->member->plan;
    const struct gri_member *m = &plan->members[i];
    go_back(d, t);
    int rc = gri_decode_guess(d, d->lexer.token.len + plan->size);
    if (rc)
        return rc;
    if (plan->either)
        gri_decode_store_tag(d, plan->either, m, t->base);
    if (m->may_be_null && d->lexer.token.kind == GRI_JSON_NULL) {
        gri_decoder_end_value(d);
        return 0;
    }
    return gri_decode_value(d, m, t->base + m->offset, false);
}

static int read_case(struct gri_decoder *d, struct gri_trial *t, int i)
{
    d->trials->guessing -= t->phase != GRI_READING;
    t->phase = GRI_READING;
    t->now = i;
    t->errors = d->d->errors->count;
    return take_case(d, t, i);
}

/* To the end of the value, which is known. */
static void jump_behind(struct gri_decoder *d, const struct gri_trial *t)
{
    d->lexer.at = t->verdict.end;
    d->lexer.values = t->verdict.values;
    d->lexer.place = GRI_JSON_BEHIND;
    d->lexer.depth--;
}

bool gri_decode_bare_passes(struct gri_decoder *d)
{
    const struct gri_trial *t = top_trial(d);
    bool known = t->verdict.end && d->lexer.token.at == t->start.token.at && gri_decoder_at_container(d);
    if (known) {
        jump_behind(d, t);
        gri_decoder_end_value(d);
    }
    return known;
}

static void pass(struct gri_decoder *d, const struct gri_trial *t)
{
    go_back(d, t);
    if (gri_decoder_at_container(d))
        jump_behind(d, t);
    if (t->base != t->slot)
        d->stack.len = t->base;
    gri_decoder_end_value(d);
    pop_trial(d);
}

static int tell_next(struct gri_decoder *d, struct gri_trial *t)
{
    if (++t->now < (int)t->member->plan->n_members)
        return take_case(d, t, t->now);
    pop_trial(d);
    return 0;
}

/* What the verdict asks for. Where nobody will see the value it is passed. */
static int follow_verdict(struct gri_decoder *d, struct gri_trial *t)
{
    const struct gri_verdict *v = &t->verdict;
    t->now = -1;
    if (v->best >= 0 && (!d->silent || gri_decoder_is_looked_at(d))) {
        return read_case(d, t, v->best);
    }
    if (v->best < 0 && !gri_errors_full(d->d->errors)) {
        t->phase = GRI_TELLING;
        t->told = true;
        return tell_next(d, t);
    }
    if (v->best >= 0)
        gri_fit_add(&d->fit, &v->fit);
    else
        d->d->errors->count += v->failures;
    pass(d, t);
    return 0;
}

/* --- trying --- */

/* Unions inside unions multiply them: how many there are is told up to here. */
enum { MOST_FAILURES = 1 << 20 };

static int conclude(struct gri_decoder *d, struct gri_trial *t)
{
    end_silence(d, t);
    d->lexer = t->start;
    int rc = d->trials->n > 1 && gri_decoder_at_container(d)
                 ? gri_trials_remember(d->trials, t->start.token.at, t->member->plan, &t->verdict)
                 : 0;
    if (rc == GR_EMSGSIZE)
        return refuse_trials(d, GRI_UNION_TRIALS);
    return rc ? rc : follow_verdict(d, t);
}

static void judge(struct gri_decoder *d, struct gri_trial *t)
{
    struct gri_verdict *v = &t->verdict;
    size_t failures = d->d->errors->count - t->errors;
    d->d->errors->count = t->errors;
    v->end = d->lexer.at;
    v->values = d->lexer.values;
    v->failures += failures < MOST_FAILURES - v->failures ? failures : MOST_FAILURES - v->failures;
    if (!failures && (v->best < 0 || gri_fit_is_better(&d->fit, &v->fit))) {
        v->best = t->now;
        v->fit = d->fit;
    }
    forget_values(d, t);
}

static int try_next(struct gri_decoder *d, struct gri_trial *t)
{
    if (t->now >= 0)
        judge(d, t);
    bool perfect = t->verdict.best >= 0 && gri_fit_is_perfect(&t->verdict.fit);
    if (perfect || ++t->now == (int)t->member->plan->n_members)
        return conclude(d, t);
    d->fit = gri_fit_best;
    return take_case(d, t, t->now);
}

/* The value has ended, and where it stands is told once more. */
static int refuse_read(struct gri_decoder *d, struct gri_trial *t, const char *text)
{
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = text}};
    const struct gri_json_token *token = &t->start.token;
    bool container = token->kind == GRI_JSON_OBJECT || token->kind == GRI_JSON_ARRAY;
    error.form = GRI_INPUT_JSON;
    error.input = token->at;
    error.input_len = container ? (size_t)(d->lexer.data + d->lexer.at - token->at) : token->len;
    t->told = false;
    put_back_surroundings(d, t);
    if (!gri_decoder_add_error(d, &error, d->depth, NULL))
        return GR_ENOMEM;
    gri_decoder_end_value(d);
    return 0;
}

static int check_read(struct gri_decoder *d, struct gri_trial *t, const gr_field *field)
{
    bool asked = gri_field_is_checked(field) && d->d->errors->count == t->errors;
    const char *text = asked ? field->validate(d->stack.at + t->base) : NULL;
    return text ? refuse_read(d, t, text) : 0;
}

static int end_reading(struct gri_decoder *d, struct gri_trial *t)
{
    int rc = check_read(d, t, t->member->plan->self);
    rc = rc ? rc : check_read(d, t, t->member->field);
    if (rc)
        return rc;
    if (t->base != t->slot) {
        size_t size = t->member->plan->size;
        void *at = gri_arena_alloc(d->d->arena, size);
        if (!at)
            return GR_ENOMEM;
        memcpy(at, d->stack.at + t->base, size);
        memcpy(d->stack.at + t->slot, &at, sizeof at);
        d->stack.len = t->base;
    }
    pop_trial(d);
    return 0;
}

/* --- where a function says which case it is --- */

static int discriminate(struct gri_decoder *d, struct gri_trial *t)
{
    const struct gri_member *arm = NULL, *m = t->member;
    int rc = gri_decode_find_case(d, m->plan, &arm);
    if (rc || !arm) { /* and refused */
        pop_trial(d);
        return rc;
    }
    t->told = true;
    return read_case(d, t, (int)gri_member_index(m->plan, arm));
}

int gri_decode_bare(struct gri_decoder *d, const struct gri_member *m, size_t to, bool item)
{
    if (!d->trials && !(d->trials = gri_trials_create()))
        return GR_ENOMEM;
    struct gri_trial *t = gri_trials_push(d->trials);
    if (!t)
        return GR_ENOMEM;
    d->trials->guessing++;
    t->member = m;
    t->slot = t->base = to;
    t->start = d->lexer;
    t->depth = d->floor = d->depth;
    t->now = t->verdict.best = -1;
    if ((m->shape & GR_POINTER) && !item) {
        t->base = gri_value_stack_align(&d->stack);
        gri_value_stack_push(&d->stack, m->plan->size);
    }
    t->stack = d->stack.len;
    take_in_surroundings(d, t);
    if (d->stack.failed)
        return GR_ENOMEM;
    if (!m->plan->either)
        return read_case(d, t, 0);
    if (m->plan->either->discriminate)
        return discriminate(d, t);
    const struct gri_verdict *known =
        gri_decoder_at_container(d) ? gri_trials_recall(d->trials, t->start.token.at, m->plan) : NULL;
    if (known) {
        t->verdict = *known;
        return follow_verdict(d, t);
    }
    begin_silence(d, t);
    return 0;
}

int gri_decode_bare_goes_on(struct gri_decoder *d)
{
    struct gri_trial *t = top_trial(d);
    if (t->phase == GRI_READING)
        return end_reading(d, t);
    return t->phase == GRI_TELLING ? tell_next(d, t) : try_next(d, t);
}

void gri_decode_bare_finish(struct gri_decoder *d)
{
    if (d->silent)
        break_silence(d);
    gri_trials_destroy(d->trials);
}
