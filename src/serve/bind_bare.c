/* A text that may be one of several things: a union of scalars, or a model whose root is one. */
#include "schema/constant.h"
#include "schema/fit.h"
#include "serve/binding.h"

/* Whether the text is that case, read into memory that is thrown away. 0; 1: it is not; GR_ENOMEM, GR_ECANCELED. */
static int try_case(struct binding *b, const struct gri_plan *plan, const struct gri_member *m,
                    const struct gri_value *value)
{
    _Alignas(16) char own[512];
    struct gri_arena scratch;
    struct gri_error ignored;
    gri_arena_init(&scratch, own, sizeof own);
    char *to = gri_arena_alloc(&scratch, plan->size);
    int rc = to ? gri_scalar_read_member(m, value, to + m->offset, &scratch, &b->steps, &ignored) : GR_ENOMEM;
    gri_arena_finish(&scratch);
    return rc;
}

static int choose_case(struct binding *b, const struct gri_plan *plan, const struct gri_value *value,
                       const struct gri_member **best)
{
    struct gri_fit best_fit = {GRI_LAX, false, 0};
    int rc = 0;
    *best = NULL;
    for (unsigned i = 0; i < plan->n_members && rc >= 0 && !(*best && gri_fit_is_perfect(&best_fit)); i++) {
        struct gri_fit fit = gri_fit_best;
        rc = try_case(b, plan, &plan->members[i], value);
        if (rc)
            continue;
        gri_fit_add_scalar(&fit, &plan->members[i], value);
        if (*best && !gri_fit_is_better(&fit, &best_fit))
            continue;
        *best = &plan->members[i];
        best_fit = fit;
    }
    return rc < 0 ? rc : 0;
}

/* What is wrong with each. */
static int tell_cases(struct binding *b, const struct gri_member *m, const struct gri_value *value,
                      const struct gri_str *name, const size_t *index)
{
    struct gri_str text = {value->at, value->len};
    char *unused = gri_arena_alloc(b->arena, m->plan->size);
    int rc = unused ? 0 : GR_ENOMEM;
    for (unsigned i = 0; i < m->plan->n_members && rc >= 0; i++) {
        const struct gri_member *one = &m->plan->members[i];
        struct gri_error error;
        rc = gri_scalar_read_member(one, value, unused + one->offset, b->arena, &b->steps, &error);
        if (rc <= 0)
            continue;
        gri_bind_repeat(b, &error, m, &text);
        b->of_case = m->plan->either ? &one->name : NULL;
        rc = gri_bind_error(b, &error, name, index);
        b->of_case = NULL;
    }
    return rc < 0 ? rc : 0;
}

static int check_bare(struct binding *b, const struct gri_member *m, const gr_field *field, const struct gri_str *text,
                      const char *at, const struct gri_str *name, const size_t *index)
{
    const char *why = field && field->validate ? field->validate(at) : NULL;
    struct gri_error error = {.kind = GRI_VALUE_ERROR, .limit = {.kind = GR_CONSTANT_STRING, .s = why}};
    if (!why)
        return 0;
    gri_bind_repeat(b, &error, m, text);
    return gri_bind_error(b, &error, name, index);
}

int gri_bind_bare(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to,
                  const struct gri_str *name, const size_t *index)
{
    struct gri_value value = {GRI_JSON_STRING, false, false, text->at, text->len, false};
    const struct gri_plan *plan = m->plan;
    const struct gri_member *best;
    struct gri_error ignored;
    int rc = choose_case(b, plan, &value, &best);
    if (rc || !best)
        return rc ? rc : tell_cases(b, m, &value, name, index);
    if (m->shape & GR_POINTER) {
        char *at = gri_arena_alloc(b->arena, plan->size);
        if (!at)
            return GR_ENOMEM;
        memcpy(to, &at, sizeof at);
        to = at;
    }
    memset(to, 0, plan->size);
    if (plan->either)
        gri_store_whole((uint64_t)best->field->tag_value, plan->either->size, to + plan->either->offset);
    rc = gri_scalar_read_member(best, &value, to + best->offset, b->arena, &b->steps, &ignored);
    if (rc)
        return rc > 0 ? tell_cases(b, m, &value, name, index) : rc;
    size_t before = b->errors.count;
    rc = check_bare(b, m, plan->self, text, to, name, index);
    return rc || b->errors.count != before ? rc : check_bare(b, m, m->field, text, to, name, index);
}
