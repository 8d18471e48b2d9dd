/* The system limits how many mappings a process may have (vm.max_map_count): where each stack takes two, before Linux
 * 6.13, coroutines would use them up, and no thread could start. So stacks have all but a reserve. The limit is the
 * process's, and so is the count: several loops may have stacks. Any thread. */
#ifndef GRI_CO_MAPS_H
#define GRI_CO_MAPS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether stacks may take `n` mappings more; they are counted then. */
bool gri_maps_take(size_t n);
void gri_maps_give_back(size_t n);

/* Instead of what the system says; 0: that again. For tests. */
void gri_maps_set_limit(size_t limit);

/* Whether the system counts what could be written to, used or not (vm.overcommit_memory is 2). */
bool gri_maps_are_committed(void);

#endif
