/* An input, compiled: of an operation, or of a dependency. */
#ifndef GRI_COMPILE_INTAKE_H
#define GRI_COMPILE_INTAKE_H

#include "schema/scalar.h"

struct gri_intake {
    const gr_model *input;           /* or NULL: there is none */
    struct gri_plan *plan;           /* of it */
    const struct gri_member **bound; /* its members but those of a JSON body, source by source */
    unsigned char *bound_params;     /* which of the path's parameters each of the first of them, those of it, is */
    unsigned n_bound;
    bool is_read;           /* there is something to read for it from a request */
    bool has_body;          /* one of them is the body */
    struct gri_member body; /* what the body is read into */
};

/* Plans `input`; `embeds`: its bodies are members of an object, whose others somebody else may take. `params`: the
 * names of the path's parameters, among which those of the input are. The lists go into `arena`. 0, or GR_ENOMEM. */
int gri_intake_plan(struct gri_intake *intake, const gr_model *input, bool embeds, const struct gri_str *params,
                    struct gri_schema *schema, struct gri_arena *arena);

/* Whether these inputs, of one request, take more than one body by different names, or one that says so: then each is a
 * member of an object. */
bool gri_inputs_embed(const gr_model *const *inputs, size_t n);

/* Whether a whole field is a JSON body, or a part of one. */
static inline bool gri_field_is_body(const gr_field *field)
{
    return gri_field_on_wire(field) && (field->source == GR_IN_JSON || field->source == GR_IN_BODY);
}

#endif
