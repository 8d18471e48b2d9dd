#include "schema/selection.h"

/* --- paths --- */

/* The first step of a path, and what is behind it; NULL: nothing. */
static struct gri_str first_step(const char *path, const char **rest)
{
    while (strncmp(path, "*.", 2) == 0)
        path += 2;
    size_t len = strcspn(path, ".");
    *rest = path[len] ? path + len + 1 : NULL;
    if (*rest && strcmp(*rest, "*") == 0)
        *rest = NULL;
    return (struct gri_str){path, len};
}

/* --- checking them --- */

struct selection_way {
    const struct selection_way *before;
    const gr_model *model;
};

static bool finds_path(const struct selection_way *way, const char *path);

static bool finds_in(const struct selection_way *way, const gr_model *inside, const char *path)
{
    const struct selection_way next = {way, inside}, *seen = way;
    while (seen && seen->model != inside)
        seen = seen->before;
    return inside && !seen && finds_path(&next, path);
}

/* What is bare, and a union with a tag, has the members of its cases and arms. */
static bool finds_path(const struct selection_way *way, const char *path)
{
    const gr_model *model = way->model;
    bool through = gri_model_is_bare(model) || gri_model_has(model, GR_TYPE_TAG);
    const char *rest;
    struct gri_str step = first_step(path, &rest);
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f)) {
        const gr_model *inside = f->model ? f->model() : NULL;
        if (through && finds_in(way, inside, path))
            return true;
        if (!through && gri_str_is(step, gri_str_from(f->name)))
            return !rest || (inside && finds_path(&(struct selection_way){NULL, inside}, rest));
    }
    return false;
}

bool gri_selection_finds(const gr_model *model, const char *path)
{
    return finds_path(&(struct selection_way){NULL, model}, path);
}

/* --- making it --- */

/* What is asked of one struct. */
struct wanted {
    const char *const *include, *const *exclude;
};

/* The selections of unions that are being made: one that contains itself leads back to its own. */
struct selection_made {
    const struct selection_made *before;
    const struct gri_plan *plan;
    const struct gri_selection *selection;
};

static const struct gri_selection *make_selection(struct gri_arena *arena, const struct gri_plan *plan,
                                                  struct wanted wanted, const struct selection_made *around);

static size_t count_paths(const char *const *paths)
{
    size_t n = 0;
    while (paths && paths[n])
        n++;
    return n;
}

/* Of those that begin with the member what is behind it; *itself: one ends there. NULL: out of memory. */
static const char **paths_inside(struct gri_arena *arena, const char *const *paths, const struct gri_member *m,
                                 bool *itself)
{
    size_t n = 0, most = count_paths(paths);
    const char **inside = gri_arena_alloc(arena, (most + 1) * sizeof *inside);
    *itself = false;
    for (size_t i = 0; inside && i < most; i++) {
        const char *rest;
        struct gri_str step = first_step(paths[i], &rest);
        if (!gri_str_is(step, gri_str_from(m->field->name)))
            continue;
        *itself = *itself || !rest;
        if (rest)
            inside[n++] = rest;
    }
    if (inside)
        inside[n] = NULL;
    return inside;
}

static bool select_rest(struct gri_arena *arena, struct gri_selection *s, const struct gri_member *rest,
                        struct wanted wanted)
{
    bool included, excluded;
    const char **in = paths_inside(arena, wanted.include, rest, &included);
    const char **out = paths_inside(arena, wanted.exclude, rest, &excluded);
    s->skip_rest = excluded || (wanted.include && !included);
    return in && out;
}

static bool select_member(struct gri_arena *arena, struct gri_selection *s, size_t i, const struct gri_member *m,
                          struct wanted wanted)
{
    bool included, excluded;
    const char **in = paths_inside(arena, wanted.include, m, &included);
    const char **out = paths_inside(arena, wanted.exclude, m, &excluded);
    if (!in || !out)
        return false;
    bool skip = excluded || (wanted.include && !included && !*in);
    s->skip[i / 64] |= (uint64_t)skip << (i % 64);
    struct wanted inside = {*in && !included ? in : NULL, *out ? out : NULL};
    if (skip || !m->plan || (!inside.include && !inside.exclude))
        return true;
    s->inside[i] = make_selection(arena, m->plan, inside, NULL);
    return s->inside[i];
}

static bool select_case(struct gri_arena *arena, struct gri_selection *s, size_t i, const struct gri_member *m,
                        struct wanted wanted, const struct selection_made *made)
{
    if (!m->plan)
        return true;
    s->inside[i] = make_selection(arena, m->plan, wanted, made);
    return s->inside[i];
}

static const struct gri_selection *make_selection(struct gri_arena *arena, const struct gri_plan *plan,
                                                  struct wanted wanted, const struct selection_made *around)
{
    for (const struct selection_made *made = around; made; made = made->before)
        if (made->plan == plan)
            return made->selection;
    struct gri_selection *s = gri_arena_alloc(arena, sizeof *s);
    const struct gri_selection **inside = gri_arena_alloc(arena, (plan->n_members + 1) * sizeof *inside);
    if (!s || !inside)
        return NULL;
    *s = (struct gri_selection){.inside = inside};
    const struct selection_made made = {around, plan, s};
    bool through = plan->bare || plan->tag, ok = !plan->rest || select_rest(arena, s, plan->rest, wanted);
    for (unsigned i = 0; i < plan->n_members && ok; i++) {
        inside[i] = NULL;
        ok = through ? select_case(arena, s, i, &plan->members[i], wanted, &made)
                     : select_member(arena, s, i, &plan->members[i], wanted);
    }
    return ok ? s : NULL;
}

const struct gri_selection *gri_selection_make(struct gri_arena *arena, const struct gri_plan *plan,
                                               const char *const *include, const char *const *exclude)
{
    return make_selection(arena, plan, (struct wanted){include, exclude}, NULL);
}
