/* JSON into structs, and back. */
#ifndef TESTS_DECODING_H
#define TESTS_DECODING_H

#include "corpus.h"
#include "schema/decode.h"
#include "schema/encode.h"

static struct gri_arena arena;
static struct gri_errors errors;
static struct gri_schema *schema;
static json_t *values;
static struct gri_json_error json_error;

GR_UNUSED static void setup(void)
{
    gri_arena_init(&arena, NULL, 0);
    gri_errors_init(&errors, &arena);
    schema = gri_schema_create();
    values = NULL;
}

GR_UNUSED static void teardown(void)
{
    json_decref(values);
    gri_schema_destroy(schema);
    gri_arena_finish(&arena);
}

GR_UNUSED static int decode_bytes(const gr_model *model, const char *json, size_t len, void *to)
{
    static const gr_field none = {.name = ""};
    struct gri_steps steps;
    struct gri_decoding d = {.arena = &arena, .errors = &errors, .steps = &steps};
    struct gri_member root = {.field = &none, .type = GR_TYPE_OBJECT, .plan = gri_schema_plan(schema, model)};
    memset(to, 0, model->struct_size);
    root.size = root.stride = model->struct_size;
    gri_steps_init(&steps, 0, NULL);
    int rc = gri_decode(&d, json, len, &root, to, model->struct_size);
    gri_steps_finish(&steps);
    json_decref(values);
    values = d.values;
    json_error = d.json_error;
    return rc;
}

GR_UNUSED static int decode(const gr_model *model, const char *json, void *to)
{
    return decode_bytes(model, json, strlen(json), to);
}

/* That the text is read, and written again as `want`. */
GR_UNUSED static void want_again(const gr_model *model, const char *json, const char *want)
{
    struct gri_buf buf;
    struct gri_culprit culprit = {0};
    _Alignas(16) char value[1024];
    ck_assert_uint_le(model->struct_size, sizeof value);
    setup();
    gri_buf_init(&buf, NULL);
    int rc = decode(model, json, value);
    if (rc == 0 && errors.count)
        gri_errors_write(&errors, &buf);
    ck_assert_msg(rc == 0 && errors.count == 0, "of %s wanted %s, got %d %s %.*s", json, want, rc, json_error.text,
                  (int)buf.len, buf.data);
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    rc = gri_encode_struct(&buf, gri_schema_plan(schema, model), value, NULL, &steps, &culprit);
    gri_steps_finish(&steps);
    ck_assert_msg(rc == 0, "of %s got %s.%s: %s", json, culprit.model, culprit.field, culprit.why);
    want_text(&buf, want);
    gri_buf_finish(&buf);
    teardown();
}

/* That the text is refused with these errors, as the inside of "detail". */
GR_UNUSED static void want_errors(const gr_model *model, const char *json, const char *want)
{
    struct gri_buf buf;
    _Alignas(16) char value[1024], whole[4096];
    setup();
    gri_buf_init(&buf, NULL);
    ck_assert_int_eq(decode(model, json, value), 0);
    gri_errors_write(&errors, &buf);
    snprintf(whole, sizeof whole, "{\"detail\":[%s]}", want);
    want_text(&buf, whole);
    gri_buf_finish(&buf);
    teardown();
}

#endif
