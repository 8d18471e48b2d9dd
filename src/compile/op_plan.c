/* What an operation's tables mean, worked out at start. */
#include "compile/program.h"

static bool is_op_plan_body(const gr_field *field)
{
    return gri_field_on_wire(field) && (field->source == GR_IN_JSON || field->source == GR_IN_BODY);
}

/* One body is the body itself; several, or one that says so, are members of it. */
static bool is_embedded(const struct gri_plan *input, const struct gri_member **only)
{
    unsigned n = 0;
    bool embed = false;
    for (unsigned i = 0; i < input->n_members; i++) {
        if (!is_op_plan_body(input->members[i].field))
            continue;
        *only = &input->members[i];
        embed = embed || input->members[i].field->embed;
        n++;
    }
    return n > 1 || embed;
}

static int plan_body(struct gri_op *op, struct gri_schema *schema)
{
    static const gr_field none = {.name = ""};
    const struct gri_member *only = NULL;
    bool embedded = is_embedded(op->input_plan, &only);
    op->has_body = only;
    if (only)
        op->body = *only;
    if (!embedded)
        return 0;
    op->body = (struct gri_member){.field = &none, .type = GR_TYPE_OBJECT, .size = op->input->struct_size};
    op->body.plan = gri_schema_body_plan(schema, op->input);
    return op->body.plan ? 0 : GR_ENOMEM;
}

static unsigned char param_of(const struct gri_op *op, const struct gri_member *m)
{
    unsigned char i = 0;
    while (!gri_str_is(op->param_names[i], m->name)) /* checked: it is there */
        i++;
    return i;
}

/* FastAPI reports what the path got wrong before what the query did, and so on. */
static int order_input(struct gri_op *op, struct gri_arena *arena)
{
    static const gr_source order[] = {GR_IN_PATH, GR_IN_QUERY, GR_IN_HEADER, GR_IN_COOKIE, GR_IN_FORM};
    const struct gri_plan *plan = op->input_plan;
    op->bound = gri_arena_alloc(arena, (plan->n_members + 1) * sizeof *op->bound);
    op->bound_params = gri_arena_alloc(arena, plan->n_members + 1);
    if (!op->bound || !op->bound_params)
        return GR_ENOMEM;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        for (unsigned j = 0; j < plan->n_members; j++)
            if (plan->members[j].field->source == order[i])
                op->bound[op->n_bound++] = &plan->members[j];
    for (unsigned i = 0; i < op->n_bound && op->bound[i]->field->source == GR_IN_PATH; i++)
        op->bound_params[i] = param_of(op, op->bound[i]);
    return 0;
}

static int plan_input(struct gri_op *op, struct gri_schema *schema, struct gri_arena *arena)
{
    op->input_plan = gri_schema_plan(schema, op->input);
    if (!op->input_plan)
        return GR_ENOMEM;
    int rc = order_input(op, arena);
    return rc ? rc : plan_body(op, schema);
}

static int plan_response(struct gri_op *op, struct gri_schema *schema, struct gri_arena *arena)
{
    const gr_route_options *o = &op->route->options;
    op->response = gri_schema_plan(schema, o->response());
    if (!op->response)
        return GR_ENOMEM;
    op->response_options = (struct gri_encode_options){.unset = o->response_exclude_unset,
                                                       .defaults = o->response_exclude_defaults,
                                                       .none = o->response_exclude_none,
                                                       .by_name = o->response_by_name};
    op->leaves_out = o->response_exclude_unset || o->response_exclude_defaults || o->response_exclude_none ||
                     o->response_by_name || o->response_include || o->response_exclude;
    if (!o->response_include && !o->response_exclude)
        return 0;
    op->response_options.select = gri_selection_make(arena, op->response, o->response_include, o->response_exclude);
    return op->response_options.select ? 0 : GR_ENOMEM;
}

int gri_op_plan(struct gri_op *op, struct gri_schema *schema, struct gri_arena *arena)
{
    int rc = op->input ? plan_input(op, schema, arena) : 0;
    return rc == 0 && op->route->options.response ? plan_response(op, schema, arena) : rc;
}
