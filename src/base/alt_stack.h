/* An alternate stack for this thread's signal handlers, which else run at the end of a small, full one. */
#ifndef GRI_BASE_ALT_STACK_H
#define GRI_BASE_ALT_STACK_H

/* Gives this thread one, where it has none. 0 and *map, to be given back; NULL where one was there already, which is
 * kept: a sanitizer frees what it finds at the end of its thread. Or a negative code. */
int gri_alt_stack_begin(void **map);

/* Takes it away again, on the same thread, unless another has taken its place. NULL is allowed. */
void gri_alt_stack_end(void *map);

#endif
