/* JSON into structs, straight from its bytes: one pass, no tree between, no recursion. */
#ifndef GRI_SCHEMA_DECODE_H
#define GRI_SCHEMA_DECODE_H

#include "schema/scalar.h"

struct gri_decoding {
    struct gri_arena *arena;              /* of texts, lists, and what pointers point to */
    struct gri_errors *errors;            /* what the values got wrong */
    struct gri_steps *steps;              /* what patterns may take */
    const struct gri_json_limits *limits; /* NULL: the defaults */
    bool bare;                            /* places of errors begin in the text, not with "body" */
    struct gri_json_error json_error;     /* why the text is no JSON */
    json_t *values; /* an array that holds the json_t members, new; or NULL. The caller frees it, whatever the result */
};

/* Reads one JSON text into the member `root` of the struct at `to`, of `size` bytes. Errors are recorded in the order
 * of the members, under "body", and repeat parts of the text, which has to live until they are written; the struct is
 * then as it was, or not, and not to be used. Where errors->count did not grow it is complete, with defaults. 0;
 * GR_EINVAL, -EILSEQ, GR_EMSGSIZE: no JSON that is taken, as gri_json_parse(); errors do not count then; GR_ENOMEM;
 * GR_ECANCELED: *steps say that nobody waits for it any more. */
int gri_decode(struct gri_decoding *d, const char *json, size_t len, const struct gri_member *root, void *to,
               size_t size);

#endif
