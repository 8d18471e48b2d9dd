/* A growing list of pointers or small structs, of one element size. */
#ifndef GRI_BASE_LIST_H
#define GRI_BASE_LIST_H

#include <stddef.h>

struct gri_list {
    void *items;
    size_t n, cap;
};

/* Grows `list` by one element of `size` bytes: a place to fill, or NULL. */
void *gri_list_add(struct gri_list *list, size_t size);

/* Frees the elements: an empty list. */
void gri_list_finish(struct gri_list *list);

#endif
