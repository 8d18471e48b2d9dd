#include "security/wipe.h"

#include <griddle/json.h>
#include <sodium.h>
#include <stdlib.h>

/* What gr_json_read() made is at most 64 levels deep. */
static void wipe_texts(json_t *value)
{
    if (json_is_string(value))
        sodium_memzero((void *)(uintptr_t)json_string_value(value), json_string_length(value));
    for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
        wipe_texts(json_object_iter_value(at));
    for (size_t i = 0; i < json_array_size(value); i++)
        wipe_texts(json_array_get(value, i));
}

void gri_wipe_json(json_t *value)
{
    wipe_texts(value);
    gr_json_free(value);
}

void gri_wipe_free(void *memory, size_t len)
{
    if (memory)
        sodium_memzero(memory, len);
    free(memory);
}
