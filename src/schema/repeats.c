#include "schema/repeats.h"

#include <stdlib.h>

static int compare_bytes(const void *a, const void *b)
{
    gr_bytes s, t;
    memcpy(&s, a, sizeof s);
    memcpy(&t, b, sizeof t);
    if (s.len != t.len)
        return s.len < t.len ? -1 : 1;
    return s.len ? memcmp(s.at, t.at, s.len) : 0;
}

static int compare_items(const void *a, const void *b, void *arg)
{
    const struct gri_member *m = arg;
    if (m->type == GR_TYPE_BYTES)
        return compare_bytes(a, b);
    if (m->type != GR_TYPE_STRING)
        return memcmp(a, b, m->size);
    const char *s, *t;
    memcpy(&s, a, sizeof s);
    memcpy(&t, b, sizeof t);
    return strcmp(s, t);
}

int gri_items_repeat(const struct gri_member *m, const char *items, size_t n)
{
    void *arg = (void *)(uintptr_t)m;
    bool same = false;
    char *sorted = n > 1 ? malloc(n * m->stride) : NULL;
    if (n > 1 && !sorted)
        return GR_ENOMEM;
    if (sorted)
        qsort_r(memcpy(sorted, items, n * m->stride), n, m->stride, compare_items, arg);
    for (size_t i = 1; i < n; i++)
        same = same || compare_items(sorted + (i - 1) * m->stride, sorted + i * m->stride, arg) == 0;
    free(sorted);
    return same;
}
