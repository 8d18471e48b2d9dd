/* Memory that holds secrets, and is wiped before it is freed. */
#ifndef GRI_SECURITY_WIPE_H
#define GRI_SECURITY_WIPE_H

#include <jansson.h>
#include <stddef.h>

/* Wipes the texts in a value of at most 64 levels, and gives up the reference: nobody else may have one. NULL is
 * allowed. */
void gri_wipe_json(json_t *value);

/* Wipes `len` bytes and frees them. NULL is allowed. */
void gri_wipe_free(void *memory, size_t len);

#endif
