#include "schema/distinct.h"

#include <stdlib.h>
#include <string.h>

#include "schema/kind.h"

/* What is sorted: the places of `n` values of *m, each of them `stride` bytes behind the one before. */
struct places {
    const struct gri_member *m;
    char *at;
    size_t stride, n;
    size_t value_offset; /* of entries: what equal keys have for themselves begins here; 0: they are items */
    size_t *order;
    bool *dropped;
};

int gri_value_compare(const struct gri_member *m, const void *a, const void *b)
{
    return m->kind->compare ? m->kind->compare(a, b) : memcmp(a, b, m->size);
}

/* Equal ones in the order in which they came. */
static int compare_places(const void *a, const void *b, void *arg)
{
    const struct places *p = arg;
    const size_t *i = a, *j = b;
    int order = gri_value_compare(p->m, p->at + *i * p->stride, p->at + *j * p->stride);
    return order ? order : (*i > *j) - (*i < *j);
}

static bool places_begin(struct places *p)
{
    if (p->n > SIZE_MAX / (sizeof *p->order + sizeof *p->dropped))
        return false;
    p->order = malloc(p->n * (sizeof *p->order + sizeof *p->dropped));
    if (!p->order)
        return false;
    p->dropped = memset(p->order + p->n, 0, p->n * sizeof *p->dropped);
    for (size_t i = 0; i < p->n; i++)
        p->order[i] = i;
    qsort_r(p->order, p->n, sizeof *p->order, compare_places, p);
    return true;
}

int gri_items_repeat(const struct gri_member *list, const char *at, size_t n)
{
    struct places p = {.m = list, .at = (char *)(uintptr_t)at, .stride = list->stride, .n = n};
    bool same = false;
    if (n < 2)
        return 0;
    if (!places_begin(&p))
        return GR_ENOMEM;
    for (size_t i = 1; i < n && !same; i++)
        same = gri_value_compare(list, at + p.order[i - 1] * p.stride, at + p.order[i] * p.stride) == 0;
    free(p.order);
    return same;
}

/* Of each run of equal ones all but the first, which gets the value of the last where it is an entry. */
static void drop_equal(struct places *p)
{
    size_t first = 0;
    for (size_t i = 1; i < p->n; i++) {
        char *one = p->at + p->order[first] * p->stride, *other = p->at + p->order[i] * p->stride;
        if (gri_value_compare(p->m, one, other)) {
            first = i;
            continue;
        }
        if (p->value_offset)
            memcpy(one + p->value_offset, other + p->value_offset, p->stride - p->value_offset);
        p->dropped[p->order[i]] = true;
    }
}

static size_t close_gaps(const struct places *p)
{
    size_t kept = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (!p->dropped[i] && kept != i)
            memcpy(p->at + kept * p->stride, p->at + i * p->stride, p->stride);
        kept += !p->dropped[i];
    }
    return kept;
}

static int dedupe(struct places *p, size_t *n)
{
    if (p->n < 2)
        return 0;
    if (!places_begin(p))
        return GR_ENOMEM;
    drop_equal(p);
    *n = close_gaps(p);
    free(p->order);
    return 0;
}

int gri_items_dedupe(const struct gri_member *list, char *at, size_t *n)
{
    return dedupe(&(struct places){.m = list, .at = at, .stride = list->stride, .n = *n}, n);
}

int gri_entries_dedupe(const struct gri_member *map, char *at, size_t *n)
{
    struct places p = {.m = map->key_member, .at = at, .stride = map->stride, .n = *n};
    p.value_offset = map->value_offset;
    return dedupe(&p, n);
}
