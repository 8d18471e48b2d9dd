/* Targets and queries: decoding never grows, never escapes its memory, and leaves no path that climbs. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "http/url.h"

static void check_target(const struct gri_target *target, struct gri_str raw)
{
    FUZZ_ASSERT(target->path.len <= raw.len + 1);
    FUZZ_ASSERT(target->path.at[target->path.len] == '\0');
    FUZZ_ASSERT(strlen(target->path.at) == target->path.len);
    FUZZ_ASSERT(!memmem(target->path.at, target->path.len, "/../", 4));
    FUZZ_ASSERT(!memchr(target->path.at, '\\', target->path.len));
}

static void check_query(struct gri_str query, struct gri_arena *arena)
{
    struct gri_str rest = query;
    struct gri_query_pair pair;
    size_t n = 0;
    while (gri_query_next(&rest, &pair)) {
        struct gri_str name = pair.name, value = pair.value;
        FUZZ_ASSERT(name.at >= query.at && name.at + name.len <= query.at + query.len);
        FUZZ_ASSERT(value.len == 0 || value.at + value.len <= query.at + query.len);
        if (n++ < 8)
            FUZZ_ASSERT(gri_query_find(query, name, arena).at != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    struct gri_str raw = {(const char *)input, size};
    struct gri_target target;
    struct gri_arena arena;
    gri_arena_init(&arena, NULL, 0);
    if (size && memchr(input, 0, size) == NULL && gri_target_parse(&target, raw, &arena) == 0) {
        check_target(&target, raw);
        check_query(target.query, &arena);
    }
    char *decoded = gri_arena_alloc(&arena, size + 1);
    ptrdiff_t len = gri_percent_decode(decoded, raw, size % 2);
    FUZZ_ASSERT(len >= -1 && len <= (ptrdiff_t)size);
    gri_arena_finish(&arena);
    return 0;
}
