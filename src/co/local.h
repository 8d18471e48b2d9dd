/* Values of a task, shared with the tasks that it starts: a list that only ever grows at its head, so that a child can
 * hold the list as it was when it was started. */
#ifndef GRI_CO_LOCAL_H
#define GRI_CO_LOCAL_H

struct gri_local;

/* One more holder of the list (NULL is an empty one), and one less. */
struct gri_local *gri_locals_share(struct gri_local *list);
void gri_locals_drop(struct gri_local *list);

#endif
