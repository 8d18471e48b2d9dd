/* Names and values of one place of a request: its query, header fields, cookies, form. */
#ifndef GRI_SERVE_PAIRS_H
#define GRI_SERVE_PAIRS_H

#include "serve/req.h"

struct gri_pair {
    struct gri_str name, value; /* decoded */
};

struct gri_pairs {
    const struct gri_pair *at;
    size_t n;
    bool nocase; /* names compare without case */
};

/* All of them, in the order in which they came. 0; GR_ENOMEM; 413: a form of more than GRI_MAX_FORM_FIELDS fields. */
enum { GRI_MAX_FORM_FIELDS = 1000 };
int gri_pairs_read(gr_req *req, gr_source source, struct gri_pairs *pairs);

/* The next value of that name from the *at-th pair on, which moves behind it; or NULL. */
const struct gri_str *gri_pairs_next(const struct gri_pairs *pairs, struct gri_str name, size_t *at);

/* The last one, or NULL. */
const struct gri_str *gri_pairs_last(const struct gri_pairs *pairs, struct gri_str name);

#endif
