/* Structs to JSON, straight from memory to bytes by the table of their model. */
#ifndef GRI_SCHEMA_ENCODE_H
#define GRI_SCHEMA_ENCODE_H

#include <griddle/model.h>

#include "base/buf.h"

/* Where a value could not be sent, for a log line: "MODEL.FIELD: WHY". Static strings, or the model's own. */
struct gri_culprit {
    const char *model, *field, *why;
};

/* Appends one object, or an array of n: compact, members in the order of the table, text as json.dumps of Python with
 * ensure_ascii=False. Iterative: a chain of models is followed 64 levels deep.
 *
 * GR_EINVAL: a value that the model does not allow: NULL that is not optional, NaN or infinity, text that is not UTF-8.
 * GR_EMSGSIZE: deeper than 64. Both name *culprit, and leave the buffer as long as it was. GR_ENOMEM: as `failed` of
 * the buffer says. Any thread. */
int gri_encode_model(struct gri_buf *buf, const gr_model *model, const void *value, struct gri_culprit *culprit);
int gri_encode_models(struct gri_buf *buf, const gr_model *model, const void *values, size_t n,
                      struct gri_culprit *culprit);

#endif
