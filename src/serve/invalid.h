/* The answer to what is invalid: FastAPI's, or what the application's own function is told. */
#ifndef GRI_SERVE_INVALID_H
#define GRI_SERVE_INVALID_H

#include "schema/errors.h"
#include "serve/req.h"

/* What it is made of. */
struct gri_invalid {
    struct gri_str body; /* FastAPI's */
    char *at;            /* or n mistakes, each as large as the application knows it */
    size_t stride, n;
    json_t *values; /* an array of theirs; owned; NULL: none */
};

/* Makes it, in the memory of `errors`. Uses no request: any thread. 0, or GR_ENOMEM; to be dropped in any case. */
GRI_COLD int gri_invalid_make(struct gri_invalid *made, const gr_app *app, const struct gri_errors *errors);
GRI_COLD void gri_invalid_drop(struct gri_invalid *made);

/* Records the 422 that is made of it, and drops it. The status. */
GRI_COLD int gri_invalid_record(gr_req *req, struct gri_invalid *made);

/* All of it at once: the status, or GR_ENOMEM. */
GRI_COLD int gri_fail_invalid(gr_req *req, const struct gri_errors *errors);

#endif
