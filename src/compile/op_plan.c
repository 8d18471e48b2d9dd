/* What an operation's tables mean, worked out at start. */
#include "compile/needs.h"
#include "compile/program.h"

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

static int plan_input(struct gri_op *op, const struct gri_program *program, struct gri_arena *arena)
{
    const gr_model *input = op->intake.input;
    if (gri_op_needs_any(op))
        return gri_needs_plan(op, program, arena);
    return gri_intake_plan(&op->intake, input, gri_inputs_embed(&input, input != NULL), op->param_names,
                           program->schema, arena);
}

int gri_op_plan(struct gri_op *op, const struct gri_program *program, struct gri_arena *arena)
{
    int rc = plan_input(op, program, arena);
    return rc == 0 && op->route->options.response ? plan_response(op, program->schema, arena) : rc;
}
