#include "schema/trials.h"

#include <stdlib.h>

struct gri_trials *gri_trials_create(void)
{
    return calloc(1, sizeof(struct gri_trials));
}

void gri_trials_destroy(struct gri_trials *trials)
{
    if (!trials)
        return;
    free(trials->at);
    free(trials->known);
    free(trials);
}

struct gri_trial *gri_trials_push(struct gri_trials *trials)
{
    if (trials->n == trials->cap) {
        size_t cap = trials->cap ? trials->cap * 2 : 4;
        struct gri_trial *at = realloc(trials->at, gri_size_mul(cap, sizeof *at));
        if (!at)
            return NULL;
        trials->at = at;
        trials->cap = cap;
    }
    struct gri_trial *t = &trials->at[trials->n++];
    memset(t, 0, sizeof *t);
    return t;
}

/* One value may be asked about as several unions. */
static bool is_known_before(const struct gri_known *k, const char *at, const struct gri_plan *plan)
{
    return k->at != at ? k->at < at : (uintptr_t)k->plan < (uintptr_t)plan;
}

static size_t trials_place(const struct gri_trials *trials, const char *at, const struct gri_plan *plan)
{
    size_t low = 0, high = trials->n_known;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (is_known_before(&trials->known[middle], at, plan))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool trials_grow(struct gri_trials *trials)
{
    size_t cap = trials->cap_known ? trials->cap_known * 2 : 16;
    struct gri_known *known = realloc(trials->known, gri_size_mul(cap, sizeof *known));
    if (!known)
        return false;
    trials->known = known;
    trials->cap_known = cap;
    return true;
}

int gri_trials_remember(struct gri_trials *trials, const char *at, const struct gri_plan *plan,
                        const struct gri_verdict *verdict)
{
    if (trials->n_known == GRI_TRIALS_KEPT)
        return GR_EMSGSIZE;
    if (trials->n_known == trials->cap_known && !trials_grow(trials))
        return GR_ENOMEM;
    size_t to = trials_place(trials, at, plan);
    memmove(&trials->known[to + 1], &trials->known[to], (trials->n_known - to) * sizeof *trials->known);
    trials->known[to] = (struct gri_known){at, plan, *verdict};
    trials->n_known++;
    return 0;
}

const struct gri_verdict *gri_trials_recall(const struct gri_trials *trials, const char *at,
                                            const struct gri_plan *plan)
{
    size_t i = trials_place(trials, at, plan);
    bool found = i < trials->n_known && trials->known[i].at == at && trials->known[i].plan == plan;
    return found ? &trials->known[i].verdict : NULL;
}
