#include "base/list.h"

#include <stdlib.h>

#include "base/arena.h"

void *gri_list_add(struct gri_list *list, size_t size)
{
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 8;
        void *items = realloc(list->items, gri_size_mul(cap, size));
        if (!items)
            return NULL;
        list->items = items;
        list->cap = cap;
    }
    return (char *)list->items + list->n++ * size;
}

void gri_list_finish(struct gri_list *list)
{
    free(list->items);
    *list = (struct gri_list){0};
}
