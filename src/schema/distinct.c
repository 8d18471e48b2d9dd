#include "schema/distinct.h"

#include <stdlib.h>
#include <string.h>

#include "schema/kind.h"

/* What is sorted: the places of `n` values of *m, each of them `stride` bytes behind the one before. Of equal ones only
 * the first stays, so ever so many of a few are sorted as fast as a few. */
struct places {
    const struct gri_member *m;
    char *at;
    size_t stride, n;
    size_t value_offset;  /* of entries: what equal keys have for themselves begins here; 0: they are items */
    size_t *order, *room; /* in order; and where as many are merged */
    uint64_t *hash;       /* of each; NULL: the values are compared as they are */
    char *loaded;         /* what is compared where hashes are the same */
    size_t *group;        /* where those begin whose hashes begin alike; there are at most n */
    bool *dropped;
};

int gri_value_compare(const struct gri_member *m, const void *a, const void *b)
{
    return m->kind->compare ? m->kind->compare(a, b) : memcmp(a, b, m->size);
}

static char *distinct_at(const struct places *p, size_t i)
{
    return p->at + i * p->stride;
}

/* Of two equal ones, the second of which came later: the first stays, with the value of the second where it is an
 * entry.
 */
static void drop_second(struct places *p, size_t first, size_t second)
{
    if (p->value_offset)
        memcpy(distinct_at(p, first) + p->value_offset, distinct_at(p, second) + p->value_offset,
               p->stride - p->value_offset);
    p->dropped[second] = true;
}

static int compare_places(const struct places *p, size_t i, size_t j)
{
    if (!p->hash)
        return gri_value_compare(p->m, distinct_at(p, i), distinct_at(p, j));
    if (p->hash[i] != p->hash[j])
        return p->hash[i] < p->hash[j] ? -1 : 1;
    size_t size = p->m->kind->loaded_size;
    return p->m->kind->compare_loaded(p->loaded + i * size, p->loaded + j * size);
}

/* Two runs, in order and without equal ones, into one at `to`: how long it is. All of the first came before the second.
 */
static size_t merge_runs(struct places *p, const size_t *a, size_t n_a, const size_t *b, size_t n_b, size_t *to)
{
    const size_t *end_a = a + n_a, *end_b = b + n_b;
    size_t n = 0;
    while (a < end_a && b < end_b) {
        int order = compare_places(p, *a, *b);
        if (order == 0)
            drop_second(p, *a, *b++);
        else
            to[n++] = order < 0 ? *a++ : *b++;
    }
    memcpy(to + n, a, (size_t)(end_a - a) * sizeof *to);
    n += (size_t)(end_a - a);
    memcpy(to + n, b, (size_t)(end_b - b) * sizeof *to);
    return n + (size_t)(end_b - b);
}

static size_t sort_two_places(struct places *p, size_t *order)
{
    size_t first = order[0], second = order[1];
    int which = compare_places(p, first, second);
    if (which == 0) {
        drop_second(p, first, second);
        return 1;
    }
    order[0] = which < 0 ? first : second;
    order[1] = which < 0 ? second : first;
    return 2;
}

/* What of the n places is left, in order. */
static size_t sort_places(struct places *p, size_t *order, size_t n)
{
    if (n < 2)
        return n;
    if (n == 2)
        return sort_two_places(p, order);
    size_t half = n / 2, first = sort_places(p, order, half), second = sort_places(p, order + half, n - half);
    size_t left = merge_runs(p, order, first, order + half, second, p->room);
    memcpy(order, p->room, left * sizeof *order);
    return left;
}

/* Puts those beside each other whose hashes begin alike, in the order in which they came: how many groups there are.
 * group[i] is then where the one behind group i begins. */
static size_t group_places(struct places *p)
{
    unsigned shift = (unsigned)__builtin_clzll(p->n) + 1;
    size_t groups = (size_t)1 << (64 - shift), begin = 0;
    memset(p->group, 0, groups * sizeof *p->group);
    for (size_t i = 0; i < p->n; i++)
        p->group[p->hash[i] >> shift]++;
    for (size_t i = 0; i < groups; i++) {
        size_t n = p->group[i];
        p->group[i] = begin;
        begin += n;
    }
    for (size_t i = 0; i < p->n; i++)
        p->order[p->group[p->hash[i] >> shift]++] = i;
    return groups;
}

/* What of all places is left: groups are short, and sorting each is faster than sorting all. */
static size_t sort_groups(struct places *p)
{
    size_t groups = group_places(p), begin = 0, left = 0;
    for (size_t i = 0; i < groups; i++) {
        left += sort_places(p, p->order + begin, p->group[i] - begin);
        begin = p->group[i];
    }
    return left;
}

static void load_places(struct places *p)
{
    for (size_t i = 0; i < p->n; i++)
        p->hash[i] = p->m->kind->load(distinct_at(p, i), p->loaded + i * p->m->kind->loaded_size);
}

static bool places_begin(struct places *p)
{
    const size_t loaded = p->m->kind->loaded_size;
    const size_t each = 3 * sizeof *p->order + sizeof *p->hash + loaded + sizeof *p->dropped;
    if (p->n > SIZE_MAX / each)
        return false;
    p->order = malloc(p->n * each);
    if (!p->order)
        return false;
    p->room = p->order + p->n;
    p->group = p->room + p->n;
    uint64_t *hash = (uint64_t *)(void *)(p->group + p->n);
    p->loaded = (char *)(hash + p->n);
    p->dropped = memset(p->loaded + p->n * loaded, 0, p->n * sizeof *p->dropped);
    p->hash = loaded ? hash : NULL;
    return true;
}

static size_t sort_all_places(struct places *p)
{
    for (size_t i = 0; i < p->n; i++)
        p->order[i] = i;
    return sort_places(p, p->order, p->n);
}

/* Marks the equal ones. How many are left; 0: out of memory. */
static size_t find_distinct(struct places *p)
{
    if (!places_begin(p))
        return 0;
    if (!p->hash)
        return sort_all_places(p);
    load_places(p);
    return sort_groups(p);
}

int gri_items_repeat(const struct gri_member *list, const char *at, size_t n)
{
    struct places p = {.m = list, .at = (char *)(uintptr_t)at, .stride = list->stride, .n = n};
    if (n < 2)
        return 0;
    size_t left = find_distinct(&p);
    free(p.order);
    return left ? left < n : GR_ENOMEM;
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
    if (!find_distinct(p))
        return GR_ENOMEM;
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
