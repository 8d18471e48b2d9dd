/* JSON into a struct with a member of every kind: a verdict in all cases, errors that are themselves JSON; and what is
 * read comes back the same after it was written. */
#include <griddle.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/thing.h"
#include "schema/decode.h"
#include "schema/encode.h"

static struct gri_schema *schema;

static int decode(const char *json, size_t len, struct thing *thing, struct gri_decoding *d, struct gri_errors *errors,
                  struct gri_arena *arena)
{
    static const gr_field none = {.name = ""};
    struct gri_member root = {.field = &none, .type = GR_TYPE_OBJECT, .plan = gri_schema_plan(schema, thing_model())};
    memset(thing, 0, sizeof *thing);
    gri_errors_init(errors, arena);
    *d = (struct gri_decoding){.arena = arena, .errors = errors};
    root.size = root.stride = sizeof *thing;
    return gri_decode(d, json, len, &root, thing, sizeof *thing);
}

static void check_errors(const struct gri_errors *errors)
{
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    gri_errors_write(errors, &buf);
    json_t *whole = json_loadb(buf.data, buf.len, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);
    FUZZ_ASSERT(buf.len <= GRI_ERRORS_BYTES);
    FUZZ_ASSERT(json_array_size(json_object_get(whole, "detail")) > 0);
    json_decref(whole);
    gri_buf_finish(&buf);
}

static struct gri_buf encode(const struct thing *thing)
{
    struct gri_culprit culprit;
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    int rc = gri_encode_struct(&buf, gri_schema_plan(schema, thing_model()), thing, NULL, &culprit);
    /* a run of bytes may be any text, which may be longer in base64 or not UTF-8: nothing else may fail */
    FUZZ_ASSERT(rc == 0);
    return buf;
}

static void check_again(const struct thing *thing, struct gri_arena *arena)
{
    struct gri_buf first = encode(thing);
    struct gri_errors errors;
    struct gri_decoding d;
    struct thing again;
    FUZZ_ASSERT(decode(first.data, first.len, &again, &d, &errors, arena) == 0);
    FUZZ_ASSERT(errors.count == 0);
    struct gri_buf second = encode(&again);
    FUZZ_ASSERT(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    gri_buf_finish(&first);
    gri_buf_finish(&second);
    json_decref(d.values);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    struct gri_errors errors;
    struct gri_decoding d;
    struct gri_arena arena;
    struct thing thing;
    if (!schema)
        schema = gri_schema_create();
    gri_arena_init(&arena, NULL, 0);
    char *copy = malloc(size ? size : 1);
    memcpy(copy, input, size);
    int rc = decode(copy, size, &thing, &d, &errors, &arena);
    if (rc == 0 && errors.count)
        check_errors(&errors);
    else if (rc == 0)
        check_again(&thing, &arena);
    else
        FUZZ_ASSERT(d.json_error.text && d.json_error.at <= size);
    json_decref(d.values);
    gri_arena_finish(&arena);
    free(copy);
    return 0;
}
