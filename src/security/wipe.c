#include "security/wipe.h"

#include <griddle/json.h>
#include <sodium.h>
#include <stdlib.h>

/* What gr_json_read() made is at most 64 levels deep. */
static void wipe_texts(json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_string(value))
        sodium_memzero((void *)(uintptr_t)json_string_value(value), json_string_length(value));
    json_object_foreach(value, key, member) wipe_texts(member);
    json_array_foreach(value, i, member) wipe_texts(member);
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
