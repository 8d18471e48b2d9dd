#include <griddle/model.h>
#include <math.h>

#include "corpus.h"
#include "schema/encode.h"

struct seller {
    const char *name, *email;
};
static GR_MODEL(seller, GR_FIELD(name), GR_FIELD(email, GR_OPTIONAL));

typedef GR_LIST_OF(struct seller) seller_list;
struct item {
    int64_t id;
    const char *name;
    double price;
    struct seller *seller;
    struct seller maker;
    gr_strings tags;
    seller_list sellers;
};
static GR_MODEL(item, GR_FIELD(id), GR_FIELD(name), GR_FIELD(price), GR_OBJECT(seller, seller, GR_OPTIONAL),
                GR_OBJECT(maker, seller), GR_LIST(tags), GR_OBJECTS(sellers, seller));

struct widths {
    bool b;
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    long l;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    float f;
};
static GR_MODEL(widths, GR_FIELD(b), GR_FIELD(i8), GR_FIELD(i16), GR_FIELD(i32), GR_FIELD(i64), GR_FIELD(l),
                GR_FIELD(u8), GR_FIELD(u16), GR_FIELD(u32), GR_FIELD(u64), GR_FIELD(f));

struct maybe {
    int *count;
    const double *price;
    bool *flag;
    const char *text;
};
static GR_MODEL(maybe, GR_FIELD(count, GR_OPTIONAL), GR_FIELD(price, GR_OPTIONAL), GR_FIELD(flag, GR_OPTIONAL),
                GR_FIELD(text, GR_OPTIONAL, .alias = "a \"text\""));

struct node {
    int n;
    struct node *next;
};
static GR_MODEL(node, GR_FIELD(n), GR_OBJECT(next, node, GR_OPTIONAL));

struct numbers {
    gr_ints ints;
    gr_doubles doubles;
    GR_LIST_OF(bool) bools;
};
static GR_MODEL(numbers, GR_LIST(ints), GR_LIST(doubles), GR_LIST(bools));

struct text {
    const char *text;
};
static GR_MODEL(text, GR_FIELD(text));

static struct gri_buf buf;
static struct gri_culprit culprit;

/* `n` of them as an array, or one by itself. */
static int encode(const gr_model *model, const void *values, size_t n, bool array)
{
    struct gri_schema *schema = gri_schema_create();
    const struct gri_plan *plan = gri_schema_plan(schema, model);
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    int rc = array ? gri_encode_structs(&buf, plan, values, n, NULL, &steps, &culprit)
                   : gri_encode_struct(&buf, plan, values, NULL, &steps, &culprit);
    gri_steps_finish(&steps);
    gri_schema_destroy(schema);
    return rc;
}

static void want(const gr_model *model, const void *value, const char *json)
{
    gri_buf_init(&buf, NULL);
    ck_assert_int_eq(encode(model, value, 1, false), 0);
    want_text(&buf, json);
    gri_buf_finish(&buf);
}

static void want_refused(const gr_model *model, const void *value, int rc, const char *field, const char *why)
{
    gri_buf_init(&buf, NULL);
    gri_buf_puts(&buf, "before");
    ck_assert_int_eq(encode(model, value, 1, false), rc);
    ck_assert_str_eq(culprit.field, field);
    ck_assert_str_eq(culprit.why, why);
    want_text(&buf, "before");
    gri_buf_finish(&buf);
}

START_TEST(an_object_has_its_members_in_the_order_of_the_table)
{
    struct seller bob = {"Bob", NULL}, both[] = {{"A", "a@x"}, {"B", NULL}};
    const char *tags[] = {"a", "b"};
    struct item item = {42, "Plumbus", 5.5, &bob, {"M", "m"}, {tags, 2}, {both, 2}};
    want(item_model(), &item,
         "{\"id\":42,\"name\":\"Plumbus\",\"price\":5.5,\"seller\":{\"name\":\"Bob\",\"email\":null},"
         "\"maker\":{\"name\":\"M\",\"email\":\"m\"},\"tags\":[\"a\",\"b\"],"
         "\"sellers\":[{\"name\":\"A\",\"email\":\"a@x\"},{\"name\":\"B\",\"email\":null}]}");
}
END_TEST

START_TEST(absent_members_are_null_and_empty_lists_empty)
{
    struct item item = {.name = "x", .maker.name = "m"};
    want(item_model(), &item,
         "{\"id\":0,\"name\":\"x\",\"price\":0.0,\"seller\":null,\"maker\":{\"name\":\"m\",\"email\":null},"
         "\"tags\":[],\"sellers\":[]}");
}
END_TEST

START_TEST(integers_of_every_width_keep_their_least_value)
{
    struct widths least = {false, INT8_MIN, INT16_MIN, INT32_MIN, INT64_MIN, -1, 0, 0, 0, 0, -0.1f};
    want(widths_model(), &least,
         "{\"b\":false,\"i8\":-128,\"i16\":-32768,\"i32\":-2147483648,\"i64\":-9223372036854775808,\"l\":-1,"
         "\"u8\":0,\"u16\":0,\"u32\":0,\"u64\":0,\"f\":-0.1}");
}
END_TEST

START_TEST(integers_of_every_width_keep_their_greatest_value)
{
    struct widths most = {true,      INT8_MAX,   INT16_MAX,  INT32_MAX,  INT64_MAX,  1,
                          UINT8_MAX, UINT16_MAX, UINT32_MAX, UINT64_MAX, 16777216.0f};
    want(widths_model(), &most,
         "{\"b\":true,\"i8\":127,\"i16\":32767,\"i32\":2147483647,\"i64\":9223372036854775807,\"l\":1,"
         "\"u8\":255,\"u16\":65535,\"u32\":4294967295,\"u64\":18446744073709551615,\"f\":16777216.0}");
}
END_TEST

START_TEST(an_optional_number_is_what_its_pointer_points_to)
{
    int count = 3;
    double price = 1e16;
    bool flag = true;
    struct maybe all = {&count, &price, &flag, "x"}, none = {NULL, NULL, NULL, NULL};
    want(maybe_model(), &all, "{\"count\":3,\"price\":1e+16,\"flag\":true,\"a \\\"text\\\"\":\"x\"}");
    want(maybe_model(), &none, "{\"count\":null,\"price\":null,\"flag\":null,\"a \\\"text\\\"\":null}");
}
END_TEST

START_TEST(lists_of_scalars_are_arrays)
{
    int64_t ints[] = {1, -2};
    double doubles[] = {0.5, 100};
    bool bools[] = {true};
    struct numbers numbers = {{ints, 2}, {doubles, 2}, {bools, 1}};
    want(numbers_model(), &numbers, "{\"ints\":[1,-2],\"doubles\":[0.5,100.0],\"bools\":[true]}");
}
END_TEST

START_TEST(a_list_of_objects_is_an_array_of_them)
{
    struct seller both[] = {{"A", NULL}, {"B", NULL}};
    gri_buf_init(&buf, NULL);
    ck_assert_int_eq(encode(seller_model(), both, 2, true), 0);
    want_text(&buf, "[{\"name\":\"A\",\"email\":null},{\"name\":\"B\",\"email\":null}]");
    ck_assert_int_eq(encode(seller_model(), NULL, 0, true), 0);
    want_text(&buf, "[]");
    gri_buf_finish(&buf);
}
END_TEST

START_TEST(text_is_escaped_where_json_demands_it_only)
{
    struct text text = {"a\"b\\c/\b\f\n\r\t\x01\x1f\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 and a long clean run \n"};
    want(text_model(), &text,
         "{\"text\":\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 and a long "
         "clean run \\n\"}");
}
END_TEST

START_TEST(every_place_of_a_quote_in_a_word_is_seen)
{
    for (size_t at = 0; at < 24; at++) {
        char clean[25] = "abcdefghijklmnopqrstuvwx", json[64];
        clean[at] = '"';
        snprintf(json, sizeof json, "{\"text\":\"%.*s\\\"%s\"}", (int)at, clean, clean + at + 1);
        want(text_model(), &(struct text){clean}, json);
    }
}
END_TEST

START_TEST(text_that_is_not_utf8_is_refused)
{
    static const char *const bad[] = {"\x80",
                                      "a\xff",
                                      "\xc0\xaf",
                                      "\xe0\x80\x80",
                                      "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xc3",
                                      "\xe2\x82",
                                      "\xf8\x88\x80\x80\x80",
                                      "long enough for a word \xe9t\xe9"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        want_refused(text_model(), &(struct text){bad[i]}, GR_EINVAL, "text", "not UTF-8");
}
END_TEST

START_TEST(null_where_it_is_not_optional_is_refused)
{
    want_refused(text_model(), &(struct text){NULL}, GR_EINVAL, "text", "NULL, but not optional");
    const char *tags[] = {"a", NULL};
    struct item item = {.name = "x", .maker.name = "m", .tags = {tags, 2}};
    want_refused(item_model(), &item, GR_EINVAL, "tags", "NULL, but not optional");
}
END_TEST

START_TEST(numbers_that_json_does_not_have_are_refused)
{
    struct item item = {.name = "x", .price = (double)NAN, .maker.name = "m"};
    want_refused(item_model(), &item, GR_EINVAL, "price", "NaN or infinity");
    item.price = -(double)INFINITY;
    want_refused(item_model(), &item, GR_EINVAL, "price", "NaN or infinity");
}
END_TEST

START_TEST(a_mistake_inside_names_the_inner_model)
{
    struct seller bad = {NULL, NULL};
    struct item item = {.name = "x", .maker.name = "m", .sellers = {&bad, 1}};
    want_refused(item_model(), &item, GR_EINVAL, "name", "NULL, but not optional");
    ck_assert_str_eq(culprit.model, "seller");
}
END_TEST

START_TEST(a_chain_may_be_64_long_and_no_longer)
{
    struct node nodes[65];
    for (int i = 0; i < 65; i++)
        nodes[i] = (struct node){i, i < 64 ? &nodes[i + 1] : NULL};
    want_refused(node_model(), &nodes[0], GR_EMSGSIZE, "next", "nested more than 64 levels deep");
    gri_buf_init(&buf, NULL);
    ck_assert_int_eq(encode(node_model(), &nodes[1], 1, false), 0);
    gri_buf_finish(&buf);
}
END_TEST

START_TEST(a_ring_of_structs_ends_with_an_error)
{
    struct node node = {1, &node};
    want_refused(node_model(), &node, GR_EMSGSIZE, "next", "nested more than 64 levels deep");
}
END_TEST

int main(void)
{
    return run_tests(
        "encode",
        (test_list){an_object_has_its_members_in_the_order_of_the_table, absent_members_are_null_and_empty_lists_empty,
                    integers_of_every_width_keep_their_least_value, integers_of_every_width_keep_their_greatest_value,
                    an_optional_number_is_what_its_pointer_points_to, lists_of_scalars_are_arrays,
                    a_list_of_objects_is_an_array_of_them, text_is_escaped_where_json_demands_it_only,
                    every_place_of_a_quote_in_a_word_is_seen, text_that_is_not_utf8_is_refused,
                    null_where_it_is_not_optional_is_refused, numbers_that_json_does_not_have_are_refused,
                    a_mistake_inside_names_the_inner_model, a_chain_may_be_64_long_and_no_longer,
                    a_ring_of_structs_ends_with_an_error, NULL},
        20);
}
