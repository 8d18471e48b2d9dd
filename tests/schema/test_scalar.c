#include <griddle/input.h>

#include "corpus.h"
#include "schema/scalar.h"

static struct gri_arena arena;
static struct gri_errors errors;

static void setup(void)
{
    gri_arena_init(&arena, NULL, 0);
    gri_errors_init(&errors, &arena);
}

static void teardown(void)
{
    gri_arena_finish(&arena);
}

static void want_errors(const char *json)
{
    struct gri_buf buf;
    gri_buf_init(&buf, &arena);
    gri_errors_write(&errors, &buf);
    want_text(&buf, json);
}

/* The plan of a struct of this one member; *schema owns it. */
static const struct gri_member *member_of(const gr_field *field, struct gri_schema **schema)
{
    gr_field fields[] = {*field, {.name = NULL}};
    gr_model model = {sizeof model, sizeof *fields, 64, "one", fields};
    *schema = gri_schema_create();
    struct gri_plan *plan = gri_schema_plan(*schema, &model);
    gr_field *copy = gri_arena_alloc(&arena, sizeof *copy);
    *copy = *field;
    plan->members[0].field = copy;
    return &plan->members[0];
}

static int add_error(const gr_field *field, struct gri_error *error, const char *text, size_t len)
{
    struct gri_step_to *loc = gri_arena_alloc(&arena, 2 * sizeof *loc);
    const char *name = gri_field_wire_name(field);
    loc[0] = (struct gri_step_to){"query", 5, 0};
    loc[1] = (struct gri_step_to){name, strlen(name), 0};
    error->loc = loc;
    error->n_loc = 2;
    error->form = text ? GRI_INPUT_TEXT : GRI_INPUT_NULL;
    error->input = text;
    error->input_len = len;
    return gri_errors_add(&errors, error) ? 0 : GR_ENOMEM;
}

static int read_text(const gr_field *field, const char *text, size_t len, void *in)
{
    struct gri_schema *schema;
    struct gri_error error = {.kind = GRI_MISSING};
    const struct gri_value value = {GRI_JSON_STRING, false, false, text, len, false};
    const struct gri_member *m = member_of(field, &schema);
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    int rc = gri_scalar_read_member(m, &value, (char *)in + field->offset, &arena, &steps, &error);
    gri_steps_finish(&steps);
    gri_schema_destroy(schema);
    return rc > 0 ? add_error(field, &error, text, len) : rc;
}

static int read_absent(const gr_field *field, void *in)
{
    struct gri_schema *schema;
    struct gri_error error = {.kind = GRI_MISSING};
    const struct gri_member *m = member_of(field, &schema);
    bool has_default = m->has_default;
    int rc = has_default ? gri_scalar_default(m, (char *)in + field->offset, &arena) : 0;
    gri_schema_destroy(schema);
    return has_default || field->optional ? rc : add_error(field, &error, NULL, 0);
}

static void parse(const gr_field *field, const char *text, void *in)
{
    ck_assert_int_eq(read_text(field, text, strlen(text), in), 0);
}

/* --- what a live FastAPI answered --- */

union value {
    int64_t i, *i_at;
    double d;
    bool b;
    const char *s;
};

static gr_constant bound(json_t *declared, const char *name)
{
    json_t *value = json_object_get(declared, name);
    if (json_is_integer(value))
        return (gr_constant){.kind = GR_CONSTANT_INT, .i = json_integer_value(value)};
    if (json_is_real(value))
        return (gr_constant){.kind = GR_CONSTANT_DOUBLE, .d = json_real_value(value)};
    return (gr_constant){.kind = GR_CONSTANT_NONE};
}

static gr_field field_of(json_t *declared)
{
    const char *type = json_string_value(json_object_get(declared, "type"));
    gr_field field = {.name = "v", .source = GR_IN_QUERY};
    field.optional = json_is_true(json_object_get(declared, "optional"));
    field.type = strcmp(type, "int") == 0     ? GR_TYPE_INT64
                 : strcmp(type, "float") == 0 ? GR_TYPE_DOUBLE
                 : strcmp(type, "bool") == 0  ? GR_TYPE_BOOL
                                              : GR_TYPE_STRING;
    if (field.optional && field.type != GR_TYPE_STRING)
        field.type |= GR_POINTER;
    field.ge = bound(declared, "ge");
    field.gt = bound(declared, "gt");
    field.le = bound(declared, "le");
    field.lt = bound(declared, "lt");
    field.min_len = (size_t)json_integer_value(json_object_get(declared, "min_len"));
    field.max_len = (size_t)json_integer_value(json_object_get(declared, "max_len"));
    return field;
}

static bool same(const gr_field *field, const union value *got, json_t *want)
{
    if (json_is_null(want))
        return !got->s;
    switch (field->type & GR_TYPE_MASK) {
    case GR_TYPE_INT64:
        return (field->type & GR_POINTER ? *got->i_at : got->i) == json_integer_value(want);
    case GR_TYPE_DOUBLE:
        return memcmp(&got->d, &(double){json_real_value(want)}, sizeof(double)) == 0;
    case GR_TYPE_BOOL:
        return got->b == json_is_true(want);
    default:
        return strcmp(got->s, json_string_value(want)) == 0;
    }
}

static void want_detail(json_t *detail)
{
    struct gri_buf want;
    struct gri_json_writer writer;
    json_t *whole = json_pack("{s:O}", "detail", detail);
    gri_buf_init(&want, &arena);
    gri_json_write_begin(&writer, whole);
    ck_assert_int_eq(gri_json_write(&writer, &want, SIZE_MAX), 0);
    gri_buf_putc(&want, '\0');
    want_errors(want.data);
    json_decref(whole);
}

static void replay(const char *line, int number)
{
    json_t *declared = corpus_json(line), *text = json_object_get(declared, "text");
    gr_field field = field_of(declared);
    union value got = {.i = 0};
    setup();
    if (text)
        ck_assert_int_eq(read_text(&field, json_string_value(text), json_string_length(text), &got), 0);
    else
        ck_assert_int_eq(read_absent(&field, &got), 0);
    json_t *detail = json_object_get(declared, "detail");
    if (detail)
        want_detail(detail);
    else
        ck_assert_msg(errors.count == 0 && same(&field, &got, json_object_get(declared, "value")), "line %d: wanted %s",
                      number, line);
    teardown();
    json_decref(declared);
}

START_TEST(parameters_are_read_as_fastapi_reads_them)
{
    corpus_each_line("scalars.jsonl", replay);
}
END_TEST

/* --- what C adds to it --- */

struct narrow {
    int8_t i8;
    uint8_t u8;
    uint32_t u32;
    int64_t i64;
    uint64_t u64;
    float f;
};
static GR_INPUT(narrow, GR_QUERY(i8), GR_QUERY(u8), GR_QUERY(u32, GR_LE(10)), GR_QUERY(i64), GR_QUERY(u64),
                GR_QUERY(f));

static const gr_field *narrow_field(int i)
{
    ck_assert(gr_input_of_narrow == narrow_input);
    return &narrow_input()->fields[i];
}

static void want_size_error(int field, const char *text)
{
    char json[512];
    struct narrow in = {.i8 = 1, .u8 = 1, .i64 = 1, .u64 = 1};
    setup();
    parse(narrow_field(field), text, &in);
    snprintf(json, sizeof json,
             "{\"detail\":[{\"type\":\"int_parsing_size\",\"loc\":[\"query\",\"%s\"],\"msg\":\"Unable to parse input "
             "string as an integer, exceeded maximum size\",\"input\":\"%s\"}]}",
             narrow_field(field)->name, text);
    want_errors(json);
    ck_assert_int_eq(in.i8, 1);
    ck_assert_uint_eq(in.u8, 1);
    teardown();
}

START_TEST(an_integer_its_member_cannot_hold_is_refused_and_never_cut)
{
    want_size_error(0, "128");
    want_size_error(0, "-129");
    want_size_error(1, "256");
    want_size_error(3, "9223372036854775808");
    want_size_error(3, "-9223372036854775809");
    want_size_error(4, "18446744073709551616");
    want_size_error(3, "-340282366920938463463374607431768211456");
}
END_TEST

START_TEST(the_ends_of_each_width_are_held)
{
    struct narrow in;
    setup();
    parse(narrow_field(0), "-128", &in);
    parse(narrow_field(1), "255", &in);
    parse(narrow_field(3), "-9223372036854775808", &in);
    parse(narrow_field(4), "18446744073709551615", &in);
    ck_assert_uint_eq(errors.count, 0);
    ck_assert_int_eq(in.i8, INT8_MIN);
    ck_assert_uint_eq(in.u8, UINT8_MAX);
    ck_assert_int_eq(in.i64, INT64_MIN);
    ck_assert_uint_eq(in.u64, UINT64_MAX);
    teardown();
}
END_TEST

START_TEST(a_negative_number_for_an_unsigned_member_is_below_its_least)
{
    struct narrow in;
    setup();
    parse(narrow_field(1), "-1", &in);
    want_errors("{\"detail\":[{\"type\":\"greater_than_equal\",\"loc\":[\"query\",\"u8\"],\"msg\":\"Input should be "
                "greater than or equal to 0\",\"input\":\"-1\",\"ctx\":{\"ge\":0}}]}");
    teardown();
}
END_TEST

START_TEST(a_bound_is_what_a_huge_number_breaks)
{
    struct narrow in;
    setup();
    parse(narrow_field(2), "99999999999999999999999", &in);
    want_errors("{\"detail\":[{\"type\":\"less_than_equal\",\"loc\":[\"query\",\"u32\"],\"msg\":\"Input should be less "
                "than or equal to 10\",\"input\":\"99999999999999999999999\",\"ctx\":{\"le\":10}}]}");
    teardown();
}
END_TEST

START_TEST(a_number_too_large_for_a_float_is_not_finite)
{
    struct narrow in;
    setup();
    parse(narrow_field(5), "1e39", &in);
    want_errors("{\"detail\":[{\"type\":\"finite_number\",\"loc\":[\"query\",\"f\"],\"msg\":\"Input should be a finite "
                "number\",\"input\":\"1e39\"}]}");
    teardown();
}
END_TEST

START_TEST(texts_that_are_no_integers_are_refused)
{
    static const char *const bad[] = {"",    " ",   "_1",  "1_",  "1__0", "1.5", "1.0_0",
                                      "42.", "0x1", "+-1", "1 0", ".0",   "-",   "--1"};
    struct narrow in;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        setup();
        parse(narrow_field(3), bad[i], &in);
        ck_assert_msg(errors.count == 1, "wanted \"%s\" refused", bad[i]);
        teardown();
    }
}
END_TEST

START_TEST(integers_may_have_white_space_signs_and_underscores)
{
    static const char *const good[] = {"42", " 42\t", "+42", "4_2", "042", "0_42", "42.000", "+4_2.0"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct narrow in = {0};
        setup();
        parse(narrow_field(3), good[i], &in);
        ck_assert_msg(errors.count == 0 && in.i64 == 42, "wanted 42 of \"%s\", got %d", good[i], (int)in.i64);
        teardown();
    }
}
END_TEST

/* --- absence --- */

struct page {
    int limit;
    double scale;
    bool brief;
    const char *order;
    unsigned *skip;
    const char *q;
    uint64_t most;
};
static GR_INPUT(page, GR_QUERY(limit, GR_DEFAULT(50)), GR_QUERY(scale, GR_DEFAULT(1)),
                GR_QUERY(brief, GR_DEFAULT(true)), GR_QUERY(order, GR_DEFAULT("asc")), GR_QUERY(skip, GR_OPTIONAL),
                GR_QUERY(q, GR_OPTIONAL), GR_QUERY(most, GR_DEFAULT(UINT64_MAX)));

START_TEST(absent_parameters_take_their_defaults)
{
    struct page page = {0};
    setup();
    for (const gr_field *f = page_input()->fields; f->name; f++)
        ck_assert_int_eq(read_absent(f, &page), 0);
    ck_assert(gr_input_of_page == page_input);
    ck_assert_uint_eq(errors.count, 0);
    ck_assert_int_eq(page.limit, 50);
    ck_assert_double_eq(page.scale, 1.0);
    ck_assert(page.brief);
    ck_assert_str_eq(page.order, "asc");
    ck_assert_ptr_null(page.skip);
    ck_assert_ptr_null(page.q);
    ck_assert_uint_eq(page.most, UINT64_MAX);
    teardown();
}
END_TEST

enum size { SMALL = 3, LARGE = 70000 };
static GR_VALUES(size, {SMALL, "small"}, {LARGE, "large"});

struct wanted {
    enum size *size;
    int16_t *n;
    bool *brief;
};
static GR_INPUT(wanted, GR_ENUM(size, size, .source = GR_IN_QUERY, GR_DEFAULT(LARGE)), GR_QUERY(n, GR_DEFAULT(-2)),
                GR_QUERY(brief, GR_DEFAULT(true)));

START_TEST(what_is_pointed_to_takes_its_default)
{
    struct wanted wanted = {0};
    setup();
    for (const gr_field *f = wanted_input()->fields; f->name; f++)
        ck_assert_int_eq(read_absent(f, &wanted), 0);
    ck_assert_ptr_nonnull(wanted.size);
    ck_assert_int_eq(*wanted.size, LARGE);
    ck_assert_int_eq(*wanted.n, -2);
    ck_assert(*wanted.brief);
    ck_assert(gr_input_of_wanted == wanted_input);
    teardown();
}
END_TEST

START_TEST(a_given_optional_number_is_pointed_to)
{
    struct page page = {0};
    setup();
    parse(&page_input()->fields[4], "7", &page);
    ck_assert_ptr_nonnull(page.skip);
    ck_assert_uint_eq(*page.skip, 7);
    teardown();
}
END_TEST

/* --- strings, and the list of errors --- */

static const gr_field any_text = {.name = "s", .type = GR_TYPE_STRING, .source = GR_IN_QUERY, .alias = "the-s"};

START_TEST(text_that_no_c_string_can_be_is_refused)
{
    const char *s = NULL;
    setup();
    ck_assert_int_eq(read_text(&any_text, "a\0b", 3, &s), 0);
    ck_assert_int_eq(read_text(&any_text, "a\xff", 2, &s), 0);
    ck_assert_ptr_null(s);
    want_errors("{\"detail\":[{\"type\":\"string_unicode\",\"loc\":[\"query\",\"the-s\"],\"msg\":\"Input should be a "
                "valid string, unable to parse raw data as a unicode string\",\"input\":\"a\\u0000b\"},"
                "{\"type\":\"string_unicode\",\"loc\":[\"query\",\"the-s\"],\"msg\":\"Input should be a valid string, "
                "unable to parse raw data as a unicode string\",\"input\":\"a\xef\xbf\xbd\"}]}");
    teardown();
}
END_TEST

START_TEST(a_string_is_a_copy_that_ends_where_it_was_said_to_end)
{
    const char *s = NULL;
    setup();
    ck_assert_int_eq(read_text(&any_text, "abc&rest", 3, &s), 0);
    ck_assert_str_eq(s, "abc");
    teardown();
}
END_TEST

static int add_missing(const char *source, const char *name)
{
    struct gri_step_to *loc = gri_arena_alloc(&arena, 2 * sizeof *loc);
    loc[0] = (struct gri_step_to){source, strlen(source), 0};
    loc[1] = (struct gri_step_to){name, name ? strlen(name) : 0, 0};
    struct gri_error error = {.kind = GRI_MISSING, .loc = loc, .n_loc = name ? 2 : 1};
    return gri_errors_add(&errors, &error) ? 0 : GR_ENOMEM;
}

START_TEST(a_hundred_errors_are_kept_and_all_are_counted)
{
    setup();
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(add_missing("query", "x"), 0);
    struct gri_buf buf;
    gri_buf_init(&buf, &arena);
    gri_errors_write(&errors, &buf);
    json_t *whole = json_loadb(buf.data, buf.len, 0, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(whole, "detail")), 101); /* and how many more */
    ck_assert_uint_eq(errors.count, 1000);
    json_decref(whole);
    teardown();
}
END_TEST

START_TEST(a_body_that_is_no_json_is_said_with_its_place)
{
    struct gri_json_error error;
    setup();
    ck_assert_int_eq(gri_json_scan("[1,]", 4, NULL, &error), GR_EINVAL);
    ck_assert_int_eq(gri_errors_json_invalid(&errors, &error), 0);
    ck_assert_int_eq(add_missing("body", NULL), 0);
    want_errors("{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",3],\"msg\":\"JSON decode error\",\"input\":"
                "{},\"ctx\":{\"error\":\"Expecting value\"}},{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field "
                "required\",\"input\":null}]}");
    teardown();
}
END_TEST

int main(void)
{
    return run_tests(
        "scalar",
        (test_list){parameters_are_read_as_fastapi_reads_them,
                    an_integer_its_member_cannot_hold_is_refused_and_never_cut, the_ends_of_each_width_are_held,
                    a_negative_number_for_an_unsigned_member_is_below_its_least, a_bound_is_what_a_huge_number_breaks,
                    a_number_too_large_for_a_float_is_not_finite, texts_that_are_no_integers_are_refused,
                    integers_may_have_white_space_signs_and_underscores, absent_parameters_take_their_defaults,
                    what_is_pointed_to_takes_its_default, a_given_optional_number_is_pointed_to,
                    text_that_no_c_string_can_be_is_refused, a_string_is_a_copy_that_ends_where_it_was_said_to_end,
                    a_hundred_errors_are_kept_and_all_are_counted, a_body_that_is_no_json_is_said_with_its_place, NULL},
        20);
}
