/* An input on its way: what it comes from, and what was wrong. All that is written meanwhile is its own, so that a
 * thread can make it while the loop has the request. */
#ifndef GRI_SERVE_BINDING_H
#define GRI_SERVE_BINDING_H

#include "schema/errors.h"
#include "schema/scalar.h"
#include "serve/invalid.h"
#include "serve/pairs.h"

struct binding {
    const gr_req *req;
    const struct gri_intake *intake; /* that is being filled */
    struct gri_arena *arena;         /* of the input: the request's, or joined to that at the end */
    char *in;
    gr_source source;
    struct gri_pairs pairs;         /* of the source */
    const struct gri_member *model; /* of a struct that comes from it whole; or NULL */
    const struct gri_str *of_case;  /* of a union, in the loc of an error; or NULL */
    const struct gri_str *within;   /* the name under which its members stand there; or NULL */
    bool secret;                    /* what is read is part of a struct or tuple that is a secret */
    struct gri_error whole;         /* what such a struct got, as errors repeat it; made for the first */
    bool has_whole;
    struct gri_errors errors;
    struct gri_steps steps;
    json_t *values; /* an array of what its json_t members are */
    int json_rc;    /* of the body, as gri_decode()'s */
    struct gri_json_error json_error;
    struct gri_invalid invalid; /* where there were errors */
};

/* Begins, in `arena`; fills the input at `in`, which was zeroed; makes the answer to what was wrong in those that were
 * filled. 0, a status, or GR_ENOMEM, GR_ECANCELED; what is wrong is among the errors, or, of a text that is no JSON,
 * json_rc. All but the first use nothing that the loop has. */
void gri_binding_begin(struct binding *b, const gr_req *req, struct gri_arena *arena);
int gri_binding_fill(struct binding *b, const struct gri_intake *intake, char *in);
int gri_binding_close(struct binding *b, int rc);

/* With the request: what is to be passed up where `rc`, of the above, or what was wrong is no 0. */
int gri_binding_refuse(gr_req *req, struct binding *b, int rc);

/* Records an error at a parameter, or an item of it; NULL: at the place as a whole. 0, or GR_ENOMEM. */
GRI_COLD int gri_bind_error(struct binding *b, struct gri_error *error, const struct gri_str *name,
                            const size_t *index);

/* The same of a parameter that is not there. */
GRI_COLD int gri_bind_missing(struct binding *b, const struct gri_member *m);

/* The same of a list, or of an item that it does not have, all of which is repeated. */
GRI_COLD int gri_bind_list_error(struct binding *b, const struct gri_member *m, const struct gri_named *items,
                                 struct gri_error *error, const size_t *index);

/* The same of what a struct from one place does not have, and of what its own check says. */
GRI_COLD int gri_bind_extra(struct binding *b);
GRI_COLD int gri_bind_value_error(struct binding *b, const char *text);

/* A text into a member that is a union of scalars, or a root; an item has an index and is never a pointer. */
int gri_bind_bare(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to,
                  const struct gri_str *name, const size_t *index);

/* What of the request an error at that member repeats: a text, unless it is secret. */
GRI_COLD void gri_bind_repeat(const struct binding *b, struct gri_error *error, const struct gri_member *m,
                              const struct gri_str *text);

/* Whether a parameter counts as absent: in FastAPI a text of a form that is empty, and a list that is an empty cookie.
 */
static inline bool gri_bind_is_blank(const struct binding *b, const struct gri_member *m, const struct gri_pair *pair)
{
    return pair->value.len == 0 && b->source == ((m->shape & GR_SEQUENCE) || m->plan ? GR_IN_COOKIE : GR_IN_FORM);
}

static inline struct gri_value gri_bind_value(const struct gri_str *text)
{
    return (struct gri_value){GRI_JSON_STRING, false, false, text->at, text->len, false};
}

/* --- bind_list.c --- */

/* A text where any JSON is taken; a list; a tuple. `index`: of an item, or NULL. 0, or as gri_bind(). */
int gri_bind_untyped(struct binding *b, const struct gri_member *m, const struct gri_str *text, char *to,
                     const size_t *index);
int gri_bind_list(struct binding *b, const struct gri_member *m, const struct gri_named *items, char *to);
int gri_bind_tuple(struct binding *b, const struct gri_member *m, const struct gri_named *items, char *to);

#endif
