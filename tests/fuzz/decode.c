/* JSON into a struct with a member of every kind: a verdict in all cases, errors that are themselves JSON; and what is
 * read comes back the same after it was written. */
#include <griddle.h>
#include <string.h>

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
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    *d = (struct gri_decoding){.arena = arena, .errors = errors, .steps = &steps};
    root.size = root.stride = sizeof *thing;
    int rc = gri_decode(d, json, len, &root, thing, sizeof *thing);
    gri_steps_finish(&steps);
    return rc;
}

static void check_errors(const struct gri_errors *errors)
{
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    gri_errors_write(errors, &buf);
    FUZZ_ASSERT(buf.len <= GRI_ERRORS_BYTES);
    fuzz_check_detail(buf.data, buf.len, thing_is_secret);
    gri_buf_finish(&buf);
}

static void check_refused(struct gri_decoding *d, size_t size)
{
    struct gri_errors errors;
    FUZZ_ASSERT(d->json_error.text && d->json_error.at <= size && d->json_error.character <= d->json_error.at);
    gri_errors_init(&errors, d->arena);
    FUZZ_ASSERT(gri_errors_json_invalid(&errors, &d->json_error) == 0);
    check_errors(&errors);
}

static struct gri_buf encode(const struct thing *thing, const struct gri_encode_options *options)
{
    struct gri_culprit culprit;
    struct gri_buf buf;
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    gri_buf_init(&buf, NULL);
    int rc = gri_encode_struct(&buf, gri_schema_plan(schema, thing_model()), thing, options, &steps, &culprit);
    gri_steps_finish(&steps);
    if (rc)
        fprintf(stderr, "%s.%s: %s\n", culprit.model, culprit.field, culprit.why);
    FUZZ_ASSERT(rc == 0);
    return buf;
}

/* What was written with `options` is read as the same thing. */
static void check_again(const struct thing *thing, const struct gri_encode_options *options, struct gri_arena *arena)
{
    struct gri_buf first = encode(thing, NULL), sent = encode(thing, options);
    struct gri_errors errors;
    struct gri_decoding d;
    struct thing again;
    FUZZ_ASSERT(decode(sent.data, sent.len, &again, &d, &errors, arena) == 0);
    FUZZ_ASSERT(errors.count == 0);
    struct gri_buf second = encode(&again, NULL);
    FUZZ_ASSERT(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    gri_buf_finish(&first);
    gri_buf_finish(&sent);
    gri_buf_finish(&second);
    json_decref(d.values);
}

static void check_json(const struct thing *thing, const struct gri_encode_options *options)
{
    struct gri_buf buf = encode(thing, options);
    json_t *value = fuzz_json(buf.data, buf.len);
    FUZZ_ASSERT(json_is_object(value));
    json_decref(value);
    gri_buf_finish(&buf);
}

static void check_list(const struct thing *thing)
{
    struct gri_culprit culprit;
    struct gri_buf buf, one = encode(thing, NULL);
    struct thing things[] = {*thing, *thing};
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    gri_buf_init(&buf, NULL);
    FUZZ_ASSERT(gri_encode_structs(&buf, gri_schema_plan(schema, thing_model()), things, 2, NULL, &steps, &culprit) ==
                0);
    gri_steps_finish(&steps);
    FUZZ_ASSERT(buf.len == 2 * one.len + 3 && memcmp(buf.data + 1, one.data, one.len) == 0);
    gri_buf_finish(&one);
    gri_buf_finish(&buf);
}

static void check_thing(const struct thing *thing, struct gri_arena *arena)
{
    check_again(thing, NULL, arena);
    check_again(thing, &(struct gri_encode_options){.defaults = true}, arena);
    check_again(thing, &(struct gri_encode_options){.unset = true}, arena);
    check_json(thing, &(struct gri_encode_options){
                          .none = true, .by_name = true, .select = &(struct gri_selection){.skip = {5}}});
    check_list(thing);
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
        check_thing(&thing, &arena);
    else
        check_refused(&d, size);
    json_decref(d.values);
    gri_arena_finish(&arena);
    free(copy);
    return 0;
}
