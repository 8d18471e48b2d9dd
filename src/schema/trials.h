/* Unions without a discriminator on their way through the decoder: each of their cases is tried, and that which fits
 * best is read. */
#ifndef GRI_SCHEMA_TRIALS_H
#define GRI_SCHEMA_TRIALS_H

#include "schema/errors.h"
#include "schema/fit.h"
#include "schema/json_lexer.h"

enum gri_trial_phase {
    GRI_TRYING,  /* one case after the other, into memory that is thrown away */
    GRI_READING, /* the one that fits */
    GRI_TELLING  /* none fits: what is wrong with each */
};

/* What came of trying. */
struct gri_verdict {
    int best;           /* the case that fits; -1: none */
    struct gri_fit fit; /* and how well */
    size_t failures;    /* how many errors all cases have */
    size_t end, values; /* of the lexer behind the value */
};

struct gri_trial {
    enum gri_trial_phase phase;
    int now; /* the case that is being read; -1: none yet */
    const struct gri_member *member;
    struct gri_json_lexer start;
    struct gri_verdict verdict;
    struct gri_fit around; /* how well what it is part of fits so far */
    bool was_silent;
    bool told;            /* errors have the case in their loc */
    unsigned depth;       /* of the containers around it */
    size_t slot, base;    /* of its member, and of the union itself: another where the member is a pointer */
    size_t stack, errors; /* how long they were, */
    size_t json;          /* and how many json_t there were */

    /* The container around it, as it was. */
    const struct gri_member *member_around;
    size_t error_around, count_around;
    struct gri_str key_around;
};

/* How many unions inside unions are remembered. */
enum { GRI_TRIALS_KEPT = 1000 };

struct gri_known {
    const char *at;
    const struct gri_plan *plan;
    struct gri_verdict verdict;
};

struct gri_trials {
    struct gri_trial *at; /* the open ones, innermost last */
    size_t n, cap;
    size_t guessing;         /* how many of them do not just read */
    struct gri_known *known; /* those inside an open one, in the order of the text */
    size_t n_known, cap_known;

    /* While one tries, the decoder has these, and these have the decoder's. */
    struct gri_arena scratch, *arena;
    struct gri_errors silent, *errors;
    _Alignas(16) char own[1024];
};

/* NULL: out of memory. destroy takes NULL. */
struct gri_trials *gri_trials_create(void);
void gri_trials_destroy(struct gri_trials *trials);

/* One more open trial, all zero. NULL: out of memory. Moves the others. */
struct gri_trial *gri_trials_push(struct gri_trials *trials);

/* Remembers the verdict on a value. 0; GR_EMSGSIZE: there are too many; GR_ENOMEM. */
int gri_trials_remember(struct gri_trials *trials, const char *at, const struct gri_plan *plan,
                        const struct gri_verdict *verdict);

/* NULL: there is none. */
const struct gri_verdict *gri_trials_recall(const struct gri_trials *trials, const char *at,
                                            const struct gri_plan *plan);

#endif
