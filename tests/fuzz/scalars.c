/* One text for a parameter of any type: read, or refused with a reason; what is read can be written. */
#include <griddle.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/thing.h"
#include "schema/encode_scalar.h"
#include "schema/scalar.h"

static struct gri_schema *schema;

static bool is_scalar(const struct gri_member *m)
{
    return !m->plan && m->type != GR_TYPE_JSON && !(m->shape & ~(unsigned)GR_POINTER);
}

static void read_one(const struct gri_member *m, const struct gri_value *value, struct gri_arena *arena)
{
    _Alignas(16) char to[64] = {0};
    struct gri_error why = {.kind = GRI_JSON_INVALID};
    struct gri_buf buf;
    int rc = gri_scalar_read(m, value, to, arena, &why);
    FUZZ_ASSERT(rc == 0 || rc == 1);
    gri_buf_init(&buf, NULL);
    if (rc) {
        FUZZ_ASSERT(why.kind != GRI_JSON_INVALID);
        gri_error_write_message(&why, &buf);
        FUZZ_ASSERT(buf.len > 0);
    } else {
        FUZZ_ASSERT(gri_encode_scalar(&buf, m, to) == NULL || m->type == GR_TYPE_BYTES);
    }
    gri_buf_finish(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    struct gri_arena arena;
    if (!schema)
        schema = gri_schema_create();
    const struct gri_plan *plan = gri_schema_plan(schema, thing_model());
    if (size == 0)
        return 0;
    const struct gri_member *m = &plan->members[input[0] % plan->n_members];
    char *copy = malloc(size);
    memcpy(copy, input + 1, size - 1);
    gri_arena_init(&arena, NULL, 0);
    if (is_scalar(m))
        read_one(m, &(struct gri_value){GRI_JSON_STRING, false, false, copy, size - 1}, &arena);
    gri_arena_finish(&arena);
    free(copy);
    return 0;
}
