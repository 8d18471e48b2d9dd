/* Names and values of one place of a request: its query, header fields, cookies, form. */
#ifndef GRI_SERVE_PAIRS_H
#define GRI_SERVE_PAIRS_H

#include "serve/req.h"

struct gri_pair {
    struct gri_str name, value; /* decoded */
    bool counts;                /* of those of its name: of header fields the first, else the last, as in FastAPI */
    bool taken;                 /* there is a member of its name */
};

struct gri_pairs {
    struct gri_pair *at;      /* in the order in which they came */
    struct gri_pair **sorted; /* by their names, so that none is looked for among all */
    size_t n;
    bool nocase; /* names compare without case */
};

/* All of them, in the order in which they came. 0; GR_ENOMEM; 413: a form of more than GRI_MAX_FORM_FIELDS fields. */
enum { GRI_MAX_FORM_FIELDS = 1000 };
int gri_pairs_read(gr_req *req, gr_source source, struct gri_pairs *pairs);

/* Those of the member's name, *n of them in their order, which are taken then. A header field's hyphens are underscores
 * in the name of a member, though not in an alias, which is the name on the wire. */
struct gri_pair *const *gri_pairs_take(const struct gri_pairs *pairs, const struct gri_member *member, size_t *n);

#endif
