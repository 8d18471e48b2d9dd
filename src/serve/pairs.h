/* Names and values of one place of a request: its query, header fields, cookies, form. */
#ifndef GRI_SERVE_PAIRS_H
#define GRI_SERVE_PAIRS_H

#include "serve/req.h"

struct gri_pair {
    struct gri_str name, value; /* decoded */
    struct gri_pair *next;      /* of its name, once those were taken */
    bool taken;                 /* there is a member of its name */
};

struct gri_pairs {
    struct gri_pair *at;      /* in the order in which they came */
    struct gri_pair **sorted; /* by their names, where they are too many to be looked through; or NULL */
    size_t n;
    bool nocase; /* names compare without case */
};

/* Those of one name, in their order. */
struct gri_named {
    struct gri_pair *first, *last;
    size_t n;
};

/* All of them, in the order in which they came. 0; GR_ENOMEM; 413: a form of more than GRI_MAX_FORM_FIELDS fields. */
enum { GRI_MAX_FORM_FIELDS = 1000 };
int gri_pairs_read(gr_req *req, gr_source source, struct gri_pairs *pairs);

/* Those of the member's name, which are taken then. A header field's hyphens are underscores in the name of a member,
 * though not in an alias, which is the name on the wire. */
void gri_pairs_take(const struct gri_pairs *pairs, const struct gri_member *member, struct gri_named *named);

/* The one that counts where a name has several, as in FastAPI: of header fields the first, else the last. */
static inline const struct gri_pair *gri_pairs_choose(const struct gri_pairs *pairs, const struct gri_named *named)
{
    return pairs->nocase ? named->first : named->last;
}

/* Whether it is that one. */
GRI_COLD bool gri_pairs_counts(const struct gri_pairs *pairs, const struct gri_pair *pair);

#endif
