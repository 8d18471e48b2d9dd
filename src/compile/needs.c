#include "compile/needs.h"

#include <string.h>

bool gri_op_needs_any(const struct gri_op *op)
{
    const gr_dependency *const *needs = op->route->options.needs;
    while (needs && *needs && gri_is_of_app(*needs))
        needs++;
    return (needs && *needs) || (op->intake.input && gri_model_has(op->intake.input, GR_TYPE_NEED));
}

/* --- what is documented --- */

static bool is_noted(const struct gri_list *seen, const gr_dependency *dependency)
{
    for (size_t i = 0; i < seen->n; i++)
        if (((const gr_dependency *const *)seen->items)[i] == dependency)
            return true;
    return false;
}

static int note_noted(struct gri_list *seen, const gr_dependency *dependency)
{
    const gr_dependency **place = gri_list_add(seen, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = dependency;
    return 0;
}

static int note_input(struct gri_list *seen, struct gri_list *inputs, const gr_model *input);

/* As get_flat_dependant() of FastAPI: itself, then what it needs. */
static int note_declared(struct gri_list *seen, struct gri_list *inputs, const gr_dependency *dependency)
{
    if (!dependency || is_noted(seen, dependency))
        return 0;
    const gr_model *input = gri_dependency_input(dependency);
    const gr_model **place = input ? gri_list_add(inputs, sizeof *place) : NULL;
    if ((input && !place) || note_noted(seen, dependency))
        return GR_ENOMEM;
    if (input)
        *place = input;
    return note_input(seen, inputs, input);
}

static int note_input(struct gri_list *seen, struct gri_list *inputs, const gr_model *input)
{
    int rc = 0;
    for (const gr_field *at = input ? input->fields : NULL; at && at->name && rc == 0; at = gri_field_next(input, at)) {
        gr_field own;
        rc = note_declared(seen, inputs, gri_field_whole(input, at, &own)->dependency);
    }
    return rc;
}

/* An array in the arena, of what is in a list. */
static void *keep(struct gri_arena *arena, const struct gri_list *list, size_t size)
{
    void *copy = gri_arena_alloc(arena, list->n * size + 1);
    return copy && list->n ? memcpy(copy, list->items, list->n * size) : copy;
}

static int plan_documented(struct gri_needs *needs, const struct gri_op *op, struct gri_arena *arena)
{
    struct gri_list seen = {0}, inputs = {0};
    const gr_dependency *const *need = op->route->options.needs;
    int rc = 0;
    for (; need && *need && rc == 0; need++)
        rc = note_declared(&seen, &inputs, *need);
    if (rc == 0)
        rc = note_input(&seen, &inputs, op->intake.input);
    needs->inputs = rc ? NULL : keep(arena, &inputs, sizeof *needs->inputs);
    needs->n_inputs = inputs.n;
    gri_list_finish(&seen);
    gri_list_finish(&inputs);
    return needs->inputs ? 0 : GR_ENOMEM;
}

/* --- inputs --- */

static const gr_model *input_of(const struct gri_need *need)
{
    return need->runs.input && *need->runs.input ? (*need->runs.input)() : NULL;
}

static bool embeds(const struct gri_needs *needs, const gr_model *own)
{
    const gr_model *inputs[GRI_MAX_NEEDS + 1];
    size_t n = 0;
    for (unsigned i = 0; i < needs->n; i++)
        if (input_of(&needs->at[i]))
            inputs[n++] = input_of(&needs->at[i]);
    if (own)
        inputs[n++] = own;
    return gri_inputs_embed(inputs, n);
}

static int plan_inputs(struct gri_needs *needs, struct gri_op *op, struct gri_schema *schema, struct gri_arena *arena)
{
    bool embed = embeds(needs, op->intake.input);
    int rc = gri_intake_plan(&op->intake, op->intake.input, embed, op->param_names, schema, arena);
    needs->n_bodies = op->intake.has_body;
    needs->are_read = op->intake.is_read;
    for (unsigned i = 0; i < needs->n && rc == 0; i++) {
        struct gri_intake *intake = &needs->at[i].intake;
        rc = gri_intake_plan(intake, input_of(&needs->at[i]), embed, op->param_names, schema, arena);
        needs->n_bodies += intake->has_body;
        needs->are_read = needs->are_read || intake->is_read;
        needs->are_read_before = needs->are_read_before || (intake->is_read && i < needs->n_before_body);
    }
    return rc;
}

/* --- places --- */

static size_t take_place(size_t *size, size_t bytes)
{
    size_t at = *size;
    *size += (bytes + GRI_ARENA_ALIGN - 1) & ~(size_t)(GRI_ARENA_ALIGN - 1);
    return at;
}

static size_t input_size(const struct gri_intake *intake)
{
    return intake->input ? intake->input->struct_size : 0;
}

static void place_feeds(const struct gri_needs *needs, struct gri_feeds *feeds, size_t input_at,
                        const struct gri_need *owner)
{
    for (unsigned i = 0; i < feeds->n; i++) {
        struct gri_feed *feed = &feeds->at[i];
        bool argument = feed->type == GR_TYPE_ARGUMENT;
        feed->to += input_at;
        if (feed->type == GR_TYPE_NEED)
            feed->from = needs->at[feed->step].value_at;
        if (feed->type == GR_TYPE_NEED || feed->given)
            continue;
        feed->given = argument ? (const void *)&owner->argument : (const void *)&owner->scopes;
        feed->size = argument ? sizeof owner->argument : sizeof owner->scopes;
    }
}

static void place_all(struct gri_needs *needs, const struct gri_op *op)
{
    size_t size = 0;
    for (unsigned i = 0; i < needs->n; i++) {
        needs->at[i].input_at = take_place(&size, input_size(&needs->at[i].intake));
        needs->at[i].value_at = take_place(&size, needs->at[i].runs.value_size);
    }
    needs->input_at = take_place(&size, input_size(&op->intake));
    needs->barred_at = take_place(&size, (needs->n + 1) * sizeof(bool));
    needs->block_size = size;
    for (unsigned i = 0; i < needs->n; i++)
        place_feeds(needs, &needs->at[i].feeds, needs->at[i].input_at, &needs->at[i]);
    place_feeds(needs, &needs->feeds, needs->input_at, NULL);
}

int gri_needs_plan(struct gri_op *op, const struct gri_program *program, struct gri_arena *arena)
{
    struct gri_needs *needs = gri_arena_alloc(arena, sizeof *needs);
    if (!needs)
        return GR_ENOMEM;
    *needs = (struct gri_needs){0};
    int rc = gri_needs_arrange(needs, op, program, arena);
    rc = rc ? rc : plan_documented(needs, op, arena);
    rc = rc ? rc : plan_inputs(needs, op, program->schema, arena);
    if (rc == 0)
        place_all(needs, op);
    op->needs = needs;
    return rc;
}
