#include "schema/errors.h"

void gri_errors_init(struct gri_errors *errors, struct gri_arena *arena)
{
    *errors = (struct gri_errors){.arena = arena};
}

void gri_errors_init_silent(struct gri_errors *errors)
{
    *errors = (struct gri_errors){.count = GRI_ERRORS_KEPT};
}

struct gri_error *gri_errors_add(struct gri_errors *errors, const struct gri_error *error)
{
    if (gri_errors_full(errors)) {
        errors->count++;
        errors->spare = *error;
        return &errors->spare;
    }
    if (!errors->kept) {
        errors->kept = gri_arena_alloc(errors->arena, GRI_ERRORS_KEPT * sizeof *errors->kept);
        if (!errors->kept)
            return NULL;
    }
    struct gri_error *copy = gri_arena_alloc(errors->arena, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *error;
    errors->kept[errors->count++] = copy;
    return copy;
}

void gri_errors_rank(struct gri_errors *errors, size_t first, unsigned rank)
{
    for (size_t i = first; i < gri_errors_kept(errors); i++)
        errors->kept[i]->rank = rank;
}

/* Insertion: stable, and there are at most a hundred. */
void gri_errors_sort(struct gri_errors *errors, size_t first)
{
    struct gri_error **kept = errors->kept;
    for (size_t i = first + 1; i < gri_errors_kept(errors); i++) {
        struct gri_error *error = kept[i];
        size_t to = i;
        for (; to > first && kept[to - 1]->rank > error->rank; to--)
            kept[to] = kept[to - 1];
        kept[to] = error;
    }
}

int gri_errors_json_invalid(struct gri_errors *errors, const struct gri_json_error *error)
{
    struct gri_step_to *loc = gri_arena_alloc(errors->arena, 2 * sizeof *loc);
    if (!loc)
        return GR_ENOMEM;
    loc[0] = (struct gri_step_to){"body", 4, 0};
    loc[1] = (struct gri_step_to){NULL, 0, error->character};
    struct gri_error own = {.kind = GRI_JSON_INVALID, .loc = loc, .n_loc = 2, .form = GRI_INPUT_EMPTY};
    own.limit = (gr_constant){.kind = GR_CONSTANT_STRING, .s = error->text};
    return gri_errors_add(errors, &own) ? 0 : GR_ENOMEM;
}

void gri_error_hide(struct gri_error *error)
{
    error->form = GRI_INPUT_TEXT;
    error->input = GRI_HIDDEN;
    error->input_len = sizeof GRI_HIDDEN - 1;
    if (error->kind == GRI_UUID_PARSING) /* names a character of the text and where it stood */
        error->limit.s = "its text is not shown";
}
