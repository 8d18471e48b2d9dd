/* Values of a task, shared with the tasks that it starts: a list with one value of each key, of which everybody changes
 * only what nobody else holds. So it is as long as there are keys, however many tasks live. */
#ifndef GRI_CO_LOCAL_H
#define GRI_CO_LOCAL_H

#include <griddle/task.h>

struct gri_local {
    struct gri_local *next;
    const gr_local *key;
    void *value;
    size_t holders; /* tasks that begin their list with it, and values before it */
};

/* One more holder of the list (NULL is an empty one), and one less. */
struct gri_local *gri_locals_share(struct gri_local *list);
void gri_locals_drop(struct gri_local *list);

#endif
