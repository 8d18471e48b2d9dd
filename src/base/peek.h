/* Memory of this process that may be gone, or another thread's: the system copies it, and says so instead of a fault.
 */
#ifndef GRI_BASE_PEEK_H
#define GRI_BASE_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gri_peek {
    int ends[2]; /* of a pipe */
};

/* False: no descriptor is left. */
bool gri_peek_open(struct gri_peek *peek);
void gri_peek_close(struct gri_peek *peek);

/* Copies `n` bytes, 4,096 at most, from `from`. How many could be. Any thread. */
size_t gri_peek_read(const struct gri_peek *peek, void *to, uintptr_t from, size_t n);

#endif
