#include "compile/intake.h"

#include <string.h>

/* A body by another name than `first`, or one that says that it is a member. */
static bool is_one_more(const gr_field *field, const char **first)
{
    if (!gri_field_is_body(field))
        return false;
    if (!*first)
        *first = field->name;
    return field->embed || strcmp(field->name, *first) != 0;
}

bool gri_inputs_embed(const gr_model *const *inputs, size_t n)
{
    const char *first = NULL;
    for (size_t i = 0; i < n; i++)
        for (const gr_field *at = inputs[i]->fields; at->name; at = gri_field_next(inputs[i], at)) {
            gr_field own;
            if (is_one_more(gri_field_whole(inputs[i], at, &own), &first))
                return true;
        }
    return false;
}

/* The last of the bodies, or NULL. */
static const struct gri_member *last_body(const struct gri_plan *input)
{
    const struct gri_member *last = NULL;
    for (unsigned i = 0; i < input->n_members; i++)
        if (gri_field_is_body(input->members[i].field))
            last = &input->members[i];
    return last;
}

/* One body is the body itself; several, or one that says so, are members of it. */
static int plan_body(struct gri_intake *intake, bool embeds, struct gri_schema *schema)
{
    static const gr_field none = {.name = ""};
    const struct gri_member *last = last_body(intake->plan);
    intake->has_body = last;
    if (last)
        intake->body = *last;
    if (!last || !embeds)
        return 0;
    intake->body = (struct gri_member){.field = &none, .type = GR_TYPE_OBJECT, .size = intake->input->struct_size};
    intake->body.plan = gri_schema_body_plan(schema, intake->input);
    return intake->body.plan ? 0 : GR_ENOMEM;
}

static unsigned char param_of(const struct gri_str *params, const struct gri_member *m)
{
    unsigned char i = 0;
    while (!gri_str_is(params[i], m->name)) /* checked: it is there */
        i++;
    return i;
}

/* FastAPI reports what the path got wrong before what the query did, and so on. */
static int order_input(struct gri_intake *intake, const struct gri_str *params, struct gri_arena *arena)
{
    static const gr_source order[] = {GR_IN_PATH, GR_IN_QUERY, GR_IN_HEADER, GR_IN_COOKIE, GR_IN_FORM};
    const struct gri_plan *plan = intake->plan;
    intake->bound = gri_arena_alloc(arena, (plan->n_members + 1) * sizeof *intake->bound);
    intake->bound_params = gri_arena_alloc(arena, plan->n_members + 1);
    if (!intake->bound || !intake->bound_params)
        return GR_ENOMEM;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        for (unsigned j = 0; j < plan->n_members; j++)
            if (plan->members[j].field->source == order[i])
                intake->bound[intake->n_bound++] = &plan->members[j];
    for (unsigned i = 0; i < intake->n_bound && intake->bound[i]->field->source == GR_IN_PATH; i++)
        intake->bound_params[i] = param_of(params, intake->bound[i]);
    return 0;
}

int gri_intake_plan(struct gri_intake *intake, const gr_model *input, bool embeds, const struct gri_str *params,
                    struct gri_schema *schema, struct gri_arena *arena)
{
    *intake = (struct gri_intake){.input = input};
    if (!input)
        return 0;
    intake->plan = gri_schema_plan(schema, input);
    if (!intake->plan)
        return GR_ENOMEM;
    int rc = order_input(intake, params, arena);
    rc = rc ? rc : plan_body(intake, embeds, schema);
    intake->is_read = intake->n_bound || intake->has_body;
    return rc;
}
