#include "co/local.h"

#include <stdlib.h>

#include "co/task.h"

struct gri_local {
    struct gri_local *next;
    const gr_local *key;
    void *value;
    size_t holders; /* tasks that begin their list with it, and values before it */
};

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

/* In what nobody else holds a value can be replaced. */
static bool local_replace(struct gri_local *list, const gr_local *key, void *value)
{
    for (; list && list->holders == 1; list = list->next)
        if (list->key == key) {
            list->value = value;
            return true;
        }
    return false;
}

/* What stands behind a newer value of the same key, and is reached by no other way, nobody can ask for any more. */
static void drop_hidden(struct gri_local *list, const gr_local *key)
{
    struct gri_local **at = &list->next;
    bool hidden = list->key == key;
    while (*at) {
        struct gri_local *local = *at;
        bool is_shared = local->holders > 1, is_same = local->key == key;
        if (hidden && is_same && !is_shared) {
            *at = local->next;
            free(local);
            continue;
        }
        hidden = is_same || (hidden && !is_shared);
        at = &local->next;
    }
}

int gr_local_set(gr_co co, const gr_local *key, void *value)
{
    gri_check_co(co);
    gr_task *task = co.task;
    if (local_replace(task->locals, key, value))
        return 0;
    struct gri_local *local = malloc(sizeof *local);
    if (!local)
        return GR_ENOMEM;
    *local = (struct gri_local){.next = task->locals, .key = key, .value = value, .holders = 1};
    task->locals = local;
    drop_hidden(local, key);
    return 0;
}

void *gr_local_get(gr_co co, const gr_local *key)
{
    gri_check_co(co);
    for (const struct gri_local *local = co.task->locals; local; local = local->next)
        if (local->key == key)
            return local->value;
    return NULL;
}
