/* Structs to JSON, straight from memory to bytes by the plan of their model. */
#ifndef GRI_SCHEMA_ENCODE_H
#define GRI_SCHEMA_ENCODE_H

#include "schema/selection.h"

/* Where a value could not be sent, for a log line: "MODEL.FIELD: WHY". Static strings, or the model's own. */
struct gri_culprit {
    const char *model, *field, *why;
};

/* What is left out. */
struct gri_encode_options {
    const struct gri_selection *select; /* members by their names, of the outermost structs and inside; or NULL */
    bool unset;                         /* members that were not given, of structs that can tell (gr_set) */
    bool defaults;                      /* members that have their default, or that are optional and absent */
    bool none;                          /* members that are null */
    bool by_name;                       /* not left out: names are the members' own, not their aliases */
};

/* Appends one object, or an array of n: compact, members in the order of the table, text as json.dumps of Python with
 * ensure_ascii=False. Iterative: a chain of models is followed 64 levels deep. `options` may be NULL.
 *
 * GR_EINVAL: a value that the model does not allow: NULL that is not optional, NaN or infinity, text that is not UTF-8,
 * a value out of its bounds. GR_EMSGSIZE: deeper than 64. Both name *culprit, and leave the buffer as long as it was.
 * GR_ENOMEM: as `failed` of the buffer says. Any thread. Patterns take their steps from *steps, but for those of one
 * pass over each text. */
int gri_encode_struct(struct gri_buf *buf, const struct gri_plan *plan, const void *value,
                      const struct gri_encode_options *options, struct gri_steps *steps, struct gri_culprit *culprit);
int gri_encode_structs(struct gri_buf *buf, const struct gri_plan *plan, const void *values, size_t n,
                       const struct gri_encode_options *options, struct gri_steps *steps, struct gri_culprit *culprit);

#endif
