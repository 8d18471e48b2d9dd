#include "co/local.h"

#include <stdlib.h>

#include "co/task.h"

struct gri_local *gri_locals_share(struct gri_local *list)
{
    if (list)
        list->holders++;
    return list;
}

void gri_locals_drop(struct gri_local *list)
{
    while (list && --list->holders == 0) {
        struct gri_local *next = list->next;
        free(list);
        list = next;
    }
}

static struct gri_local *new_local(const gr_local *key, void *value, struct gri_local *next)
{
    struct gri_local *local = malloc(sizeof *local);
    if (local)
        *local = (struct gri_local){.next = next, .key = key, .value = value, .holders = 1};
    return local;
}

static const struct gri_local *local_find(const struct gri_local *list, const gr_local *key)
{
    while (list && list->key != key)
        list = list->next;
    return list;
}

/* A copy of a list that others hold, with another value of `key`, which is in it: what stands behind that is shared. */
static struct gri_local *copy_with(const struct gri_local *list, const gr_local *key, void *value)
{
    struct gri_local *copy = NULL, **at = &copy;
    for (; list->key != key; list = list->next, at = &(*at)->next)
        if (!(*at = new_local(list->key, list->value, NULL)))
            goto fail;
    if (!(*at = new_local(key, value, list->next)))
        goto fail;
    (void)gri_locals_share(list->next);
    return copy;
fail:
    gri_locals_drop(copy);
    return NULL;
}

/* In what nobody else holds, a value can be replaced. */
int gr_local_set(gr_co co, const gr_local *key, void *value)
{
    gri_check_co(co);
    struct gri_local **at = &co.task->locals;
    while (*at && (*at)->holders == 1 && (*at)->key != key)
        at = &(*at)->next;
    struct gri_local *rest = *at, *list;
    if (rest && rest->holders == 1) {
        rest->value = value;
        return 0;
    }
    bool has_one = local_find(rest, key);
    list = has_one ? copy_with(rest, key, value) : new_local(key, value, rest);
    if (!list)
        return GR_ENOMEM;
    if (has_one)
        gri_locals_drop(rest);
    *at = list;
    return 0;
}

void *gr_local_get(gr_co co, const gr_local *key)
{
    gri_check_co(co);
    const struct gri_local *local = local_find(co.task->locals, key);
    return local ? local->value : NULL;
}
