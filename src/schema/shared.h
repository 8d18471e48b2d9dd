/* The plans of models that no application needs to know: one for the whole process, made when first asked for. */
#ifndef GRI_SCHEMA_SHARED_H
#define GRI_SCHEMA_SHARED_H

#include "schema/plan.h"

/* The plan of the model. NULL: memory is out, or the table is wrong, which a line on standard error says. Any thread.
 */
const struct gri_plan *gri_shared_plan(const gr_model *model);

#endif
