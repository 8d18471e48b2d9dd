/* JSON into a struct with a member of every kind: a verdict in all cases, errors that are themselves JSON; and what is
 * read comes back the same after it was written. */
#include <griddle.h>
#include <string.h>

#include "fuzz/thing.h"
#include "schema/decode.h"
#include "schema/encode.h"

static struct gri_schema *schema;

/* What a text is read as: a thing, or, where it is no object, a union of what else there is. */
union any {
    struct thing thing;
    struct whole whole;
};

static const gr_model *model_of(const uint8_t *text, size_t size)
{
    size_t i = 0;
    while (i < size && (memchr(" \t\r\n", text[i], 4) || (i < 3 && text[i] == (uint8_t) "\xef\xbb\xbf"[i])))
        i++;
    return i < size && text[i] == '{' ? thing_model() : whole_model();
}

static int decode(const gr_model *model, const char *json, size_t len, union any *any, struct gri_decoding *d,
                  struct gri_errors *errors, struct gri_arena *arena)
{
    static const gr_field none = {.name = ""};
    struct gri_member root = {.field = &none, .type = GR_TYPE_OBJECT, .plan = gri_schema_plan(schema, model)};
    memset(any, 0, sizeof *any);
    gri_errors_init(errors, arena);
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    *d = (struct gri_decoding){.arena = arena, .errors = errors, .steps = &steps};
    root.size = root.stride = model->struct_size;
    int rc = gri_decode(d, json, len, &root, any, model->struct_size);
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

/* By the members' own names the rest may have one of them, which is not sent twice. */
static bool may_be_refused(const struct gri_encode_options *options, const struct gri_culprit *culprit)
{
    return options && options->by_name && culprit->why && strcmp(culprit->why, "a name that another member has") == 0;
}

static struct gri_buf encode(const gr_model *model, const void *value, const struct gri_encode_options *options)
{
    struct gri_culprit culprit = {"", "", NULL};
    struct gri_buf buf;
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    gri_buf_init(&buf, NULL);
    int rc = gri_encode_struct(&buf, gri_schema_plan(schema, model), value, options, &steps, &culprit);
    gri_steps_finish(&steps);
    if (rc && may_be_refused(options, &culprit)) {
        gri_buf_puts(&buf, "{}");
        return buf;
    }
    if (rc)
        fprintf(stderr, "%s.%s: %s\n", culprit.model, culprit.field, culprit.why);
    FUZZ_ASSERT(rc == 0);
    return buf;
}

/* What was written with `options` is read as the same thing. */
static void check_again(const gr_model *model, const void *value, const struct gri_encode_options *options,
                        struct gri_arena *arena)
{
    struct gri_buf first = encode(model, value, NULL), sent = encode(model, value, options);
    struct gri_errors errors;
    struct gri_decoding d;
    union any again;
    FUZZ_ASSERT(decode(model, sent.data, sent.len, &again, &d, &errors, arena) == 0);
    FUZZ_ASSERT(errors.count == 0);
    struct gri_buf second = encode(model, &again, NULL);
    FUZZ_ASSERT(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
    gri_buf_finish(&first);
    gri_buf_finish(&sent);
    gri_buf_finish(&second);
    json_decref(d.values);
}

static void check_jansson(const gr_model *model, const void *value, const struct gri_encode_options *options)
{
    struct gri_buf buf = encode(model, value, options);
    json_t *json = fuzz_json(buf.data, buf.len);
    FUZZ_ASSERT(json_is_object(json) || model != thing_model());
    json_decref(json);
    gri_buf_finish(&buf);
}

static void check_list(const gr_model *model, const void *value)
{
    struct gri_culprit culprit;
    struct gri_buf buf, one = encode(model, value, NULL);
    size_t size = model->struct_size;
    _Alignas(max_align_t) char two[2 * sizeof(union any)];
    struct gri_steps steps;
    memcpy(two, value, size);
    memcpy(two + size, value, size);
    gri_steps_init(&steps, 0, NULL);
    gri_buf_init(&buf, NULL);
    FUZZ_ASSERT(gri_encode_structs(&buf, gri_schema_plan(schema, model), two, 2, NULL, &steps, &culprit) == 0);
    gri_steps_finish(&steps);
    FUZZ_ASSERT(buf.len == 2 * one.len + 3 && memcmp(buf.data + 1, one.data, one.len) == 0);
    gri_buf_finish(&one);
    gri_buf_finish(&buf);
}

/* Two of them in an array, by way of jansson. */
static void check_values(gr_arena *arena, const gr_model *model, json_t *json)
{
    void *values;
    size_t n;
    json_t *two = json_pack("[O, O]", json, json), *second;
    FUZZ_ASSERT(gr_models_read(arena, model, two, &values, &n) == 0 && n == 2);
    second = gr_models_json(model, values, n, NULL);
    FUZZ_ASSERT(second && json_equal(two, second));
    json_decref(second);
    json_decref(two);
}

/* As a value of jansson's, which has no number above INT64_MAX, and back. */
static void check_value(const gr_model *model, const void *value)
{
    union any again;
    gr_arena *arena = gr_arena_create();
    gr_misfit misfit = {"", "", NULL};
    json_t *json = gr_model_json(model, value, &misfit), *second = NULL;
    FUZZ_ASSERT(json || strstr(misfit.why, "out of range"));
    if (json && !fuzz_lost) {
        FUZZ_ASSERT(gr_model_read(arena, model, json, &again) == 0);
        second = gr_model_json(model, &again, NULL);
        FUZZ_ASSERT(second && json_equal(json, second));
        check_values(arena, model, json);
    }
    json_decref(second);
    json_decref(json);
    gr_arena_destroy(arena);
}

static void check_right(const gr_model *model, const void *value, struct gri_arena *arena)
{
    if (!fuzz_lost) {
        check_again(model, value, NULL, arena);
        check_again(model, value, &(struct gri_encode_options){.defaults = true}, arena);
        check_again(model, value, &(struct gri_encode_options){.unset = true}, arena);
    }
    check_jansson(
        model, value,
        &(struct gri_encode_options){.none = true, .by_name = true, .select = &(struct gri_selection){.skip = {5}}});
    check_list(model, value);
    check_value(model, value);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    struct gri_errors errors;
    struct gri_decoding d;
    struct gri_arena arena;
    union any any;
    const gr_model *model = model_of(input, size);
    if (!schema)
        schema = gri_schema_create();
    fuzz_lost = false;
    gri_arena_init(&arena, NULL, 0);
    char *copy = malloc(size ? size : 1);
    memcpy(copy, input, size);
    int rc = decode(model, copy, size, &any, &d, &errors, &arena);
    if (rc == 0 && errors.count)
        check_errors(&errors);
    else if (rc == 0)
        check_right(model, &any, &arena);
    else
        check_refused(&d, size);
    json_decref(d.values);
    gri_arena_finish(&arena);
    free(copy);
    return 0;
}
