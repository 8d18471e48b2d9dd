/* Names and values of one place of a request: its query, header fields, cookies, form. */
#ifndef GRI_SERVE_PAIRS_H
#define GRI_SERVE_PAIRS_H

#include "serve/req.h"

struct gri_pair {
    struct gri_str name, value; /* decoded */
    const char *raw;            /* of a query or a form: the value as it came, up to an '&' or the end */
    struct gri_pair *next;      /* of its name, once those were taken */
    bool extra, secret;         /* there is no member of its name; or one that is secret: once that was asked */
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

/* All of them, in the order in which they came; what they need is of `arena`. 0; GR_ENOMEM; of a form 413: it has more
 * than GRI_MAX_FORM_FIELDS fields, 415: it is multipart/form-data, which is not read. */
enum { GRI_MAX_FORM_FIELDS = 1000 };
int gri_pairs_read(const gr_req *req, struct gri_arena *arena, gr_source source, struct gri_pairs *pairs);

/* Those of the member's name. A header field's hyphens are underscores in the name of a member, though not in an alias,
 * which is the name on the wire. */
void gri_pairs_take(const struct gri_pairs *pairs, const struct gri_member *member, struct gri_named *named);

/* The one that counts where a name has several, as in FastAPI: of header fields the first, else the last. */
static inline const struct gri_pair *gri_pairs_choose(const struct gri_pairs *pairs, const struct gri_named *named)
{
    return pairs->nocase ? named->first : named->last;
}

/* Whether a pair is the first of its name; and all that have its name from there on. */
GRI_COLD bool gri_pairs_leads(const struct gri_pairs *pairs, const struct gri_pair *pair);
GRI_COLD void gri_pairs_alike(const struct gri_pairs *pairs, const struct gri_pair *pair, struct gri_named *named);

/* The items of a list that stands in each text, delimited, one behind the other: of `named` before, and after. 0, or
 * GR_ENOMEM. */
int gri_pairs_cut(const gr_req *req, struct gri_arena *arena, gr_source source, gr_style style,
                  struct gri_named *named);

/* The members of an object that stands in a query as NAME[member]: `inner` has them by their own names. 0, or
 * GR_ENOMEM. */
int gri_pairs_deep(struct gri_arena *arena, const struct gri_pairs *pairs, struct gri_str name,
                   struct gri_pairs *inner);

/* --- what the above are made of --- */

void gri_named_add(struct gri_named *named, struct gri_pair *pair);

/* Escapes of a query become what they stand for. 0, or GR_ENOMEM. */
int gri_pairs_decode(struct gri_arena *arena, struct gri_str *text);

/* Sorts them by their names, unless they are few, which are looked through faster. 0, or GR_ENOMEM. */
int gri_pairs_order(struct gri_arena *arena, struct gri_pairs *pairs);

#endif
