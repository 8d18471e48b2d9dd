/* Decimal numbers by themselves, as what a program calculates with, and as members. */
#include <math.h>

#include "corpus.h"
#include "schema/check.h"
#include "schema/decimal.h"
#include "schema/decode.h"
#include "schema/encode.h"
#include "schema/openapi_value.h"

static gr_decimal decimal(const char *text)
{
    gr_decimal d = {"untouched"};
    ck_assert_msg(gr_decimal_read(&d, text) == 0, "%s is refused", text);
    return d;
}

static void want_read(const char *text, const char *want)
{
    ck_assert_str_eq(decimal(text).text, want);
}

static void want_unread(const char *text, int rc)
{
    gr_decimal d = {"untouched"};
    ck_assert_msg(gr_decimal_read(&d, text) == rc, "wanted %d of %s", rc, text);
    ck_assert_str_eq(d.text, "untouched");
}

START_TEST(a_text_is_kept_as_it_was_but_for_its_form)
{
    want_read("12.50", "12.50");
    want_read(" +007.1 ", "7.1");
    want_read("-0", "-0");
    want_read("0.00", "0.00");
    want_read("0e2", "0E+2");
    want_read(".5", "0.5");
    want_read("5.", "5");
    want_read("1_000.5", "1000.5");
    want_read("1e3", "1E+3");
    want_read("123e5", "1.23E+7");
    want_read("0.000001", "0.000001");
    want_read("0.0000001", "1E-7");
    want_read("-12345e-10", "-0.0000012345");
    want_read("1234e-12", "1.234E-9");
    want_read("infinity", "Infinity");
    want_read("-INF", "-Infinity");
    want_read("nan", "NaN");
}
END_TEST

START_TEST(what_is_no_number_is_refused_and_changes_nothing)
{
    static const char *const texts[] = {"",    " ",    ".",    "-",   "+-1", "1 2",   "1.2.3", "e5",      "1e",
                                        "1e+", "1e5x", "0x10", "--1", "1,5", "infin", "nanx",  "\xd9\xa1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        want_unread(texts[i], GR_EINVAL);
}
END_TEST

START_TEST(sixty_digits_and_a_thousand_places_are_the_most)
{
    char text[128] = "";
    memset(text, '9', GR_DECIMAL_DIGITS);
    want_read(text, text);
    text[GR_DECIMAL_DIGITS] = '9';
    want_unread(text, GR_EMSGSIZE);
    text[GR_DECIMAL_DIGITS] = '0'; /* says nothing that the exponent cannot say */
    ck_assert_ptr_nonnull(strstr(decimal(text).text, "E+60"));
    text[GR_DECIMAL_DIGITS + 1] = '9';
    want_unread(text, GR_EMSGSIZE);
    want_read("1e999", "1E+999");
    want_read("0.01e1001", "1E+999");
    want_unread("1e1000", GR_EMSGSIZE);
    want_unread("10e999", GR_EMSGSIZE);
    want_read("1e-999", "1E-999");
    want_unread("1e-1000", GR_EMSGSIZE);
    want_unread("1.5e-999", GR_EMSGSIZE);
    want_unread("1e99999999999999999999", GR_EMSGSIZE);
    want_unread("1e-99999999999999999999", GR_EMSGSIZE);
    want_read("0e99999999999999999999", "0E+999");
}
END_TEST

/* That the longest fits its struct, and comes back. */
START_TEST(the_longest_text_fits)
{
    char digits[GR_DECIMAL_DIGITS + 1] = "", text[128];
    memset(digits, '8', GR_DECIMAL_DIGITS);
    snprintf(text, sizeof text, "-%se-65", digits);
    want_read(decimal(text).text, decimal(text).text);
    ck_assert_uint_eq(strlen(decimal(text).text), 1 + 2 + 5 + GR_DECIMAL_DIGITS);
    snprintf(text, sizeof text, "-%se-999", digits);
    want_read(decimal(text).text, decimal(text).text);
}
END_TEST

START_TEST(cents_go_in_and_come_out_whole_or_not_at_all)
{
    int64_t n = 77;
    gr_decimal zero = {""};
    ck_assert_str_eq(gr_decimal_of(1250, 2).text, "12.50");
    ck_assert_str_eq(gr_decimal_of(-5, 3).text, "-0.005");
    ck_assert_str_eq(gr_decimal_of(INT64_MIN, 0).text, "-9223372036854775808");
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"12.5"}, 2, &n), 0);
    ck_assert_int_eq(n, 1250);
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"-12.5000"}, 2, &n), 0);
    ck_assert_int_eq(n, -1250);
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"1E+3"}, 2, &n), 0);
    ck_assert_int_eq(n, 100000);
    ck_assert_int_eq(gr_decimal_scaled(&zero, 2, &n), 0);
    ck_assert_int_eq(n, 0);
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"-9223372036854775808"}, 0, &n), 0);
    ck_assert_int_eq(n, INT64_MIN);
    n = 77;
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"12.505"}, 2, &n), GR_EINVAL);
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"0.001"}, 2, &n), GR_EINVAL);
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"NaN"}, 2, &n), GR_EINVAL);
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"twelve"}, 2, &n), GR_EINVAL);
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"9223372036854775808"}, 0, &n), GR_EMSGSIZE);
    ck_assert_int_eq(gr_decimal_scaled(&(gr_decimal){"1E+900"}, 18, &n), GR_EMSGSIZE);
    ck_assert_int_eq(gr_decimal_scaled(&zero, 19, &n), GR_EINVAL);
    ck_assert_int_eq(n, 77);
}
END_TEST

START_TEST(doubles_go_in_as_their_shortest_text_and_come_out_nearest)
{
    gr_decimal d = {"untouched"};
    ck_assert_int_eq(gr_decimal_from_double(&d, NAN), GR_EINVAL);
    ck_assert_int_eq(gr_decimal_from_double(&d, -INFINITY), GR_EINVAL);
    ck_assert_str_eq(d.text, "untouched");
    ck_assert_int_eq(gr_decimal_from_double(&d, 0.1), 0);
    ck_assert_str_eq(d.text, "0.1");
    ck_assert_int_eq(gr_decimal_from_double(&d, -3), 0);
    ck_assert_str_eq(d.text, "-3");
    ck_assert_int_eq(gr_decimal_from_double(&d, 1e22), 0);
    ck_assert_str_eq(d.text, "1E+22");
    ck_assert_int_eq(gr_decimal_from_double(&d, 5e-324), 0);
    ck_assert(gr_decimal_to_double(&d) == 5e-324);
    ck_assert(gr_decimal_to_double(&(gr_decimal){"0.1"}) == 0.1);
    ck_assert(gr_decimal_to_double(&(gr_decimal){""}) == 0);
    ck_assert(gr_decimal_to_double(&(gr_decimal){"-1E+999"}) == -INFINITY);
    ck_assert(isnan(gr_decimal_to_double(&(gr_decimal){"NaN"})));
    ck_assert(isnan(gr_decimal_to_double(&(gr_decimal){"12 apples"})));
}
END_TEST

START_TEST(decimals_are_compared_exactly)
{
    static const char *const ascending[] = {"-Infinity",
                                            "-1E+999",
                                            "-2",
                                            "-1.5",
                                            "-1E-999",
                                            "0",
                                            "1E-999",
                                            "0.1",
                                            "0.10000000000000000000000000001",
                                            "9",
                                            "10",
                                            "10.5",
                                            "9007199254740993",
                                            "9007199254740993.1",
                                            "1E+999",
                                            "Infinity",
                                            "NaN"};
    for (size_t i = 0; i < sizeof ascending / sizeof *ascending; i++)
        for (size_t j = 0; j < sizeof ascending / sizeof *ascending; j++) {
            gr_decimal a = decimal(ascending[i]), b = decimal(ascending[j]);
            int order = gr_decimal_compare(&a, &b);
            ck_assert_msg((order > 0) - (order < 0) == (i > j) - (i < j), "%s against %s", a.text, b.text);
        }
    ck_assert_int_eq(gr_decimal_compare(&(gr_decimal){"1.0"}, &(gr_decimal){"1.00"}), 0);
    ck_assert_int_eq(gr_decimal_compare(&(gr_decimal){"-0"}, &(gr_decimal){""}), 0);
    ck_assert_int_eq(gr_decimal_compare(&(gr_decimal){"100"}, &(gr_decimal){"1E+2"}), 0);
    ck_assert_int_gt(gr_decimal_compare(&(gr_decimal){"no number"}, &(gr_decimal){"Infinity"}), 0);
}
END_TEST

static bool is_multiple(const char *value, const char *step)
{
    struct gri_decimal v, s;
    ck_assert_int_eq(gri_decimal_read(value, strlen(value), &v), GRI_DECIMAL_RIGHT);
    ck_assert_int_eq(gri_decimal_read(step, strlen(step), &s), GRI_DECIMAL_RIGHT);
    ck_assert(gri_decimal_is_step(&s));
    return gri_decimal_is_multiple(&v, &s);
}

START_TEST(multiples_are_exact_whatever_the_size)
{
    ck_assert(is_multiple("0.3", "0.1"));
    ck_assert(!is_multiple("0.35", "0.1"));
    ck_assert(is_multiple("-12.25", "0.25"));
    ck_assert(is_multiple("0", "7"));
    ck_assert(is_multiple("0.00", "7"));
    ck_assert(is_multiple("100", "1E+2"));
    ck_assert(!is_multiple("150", "1E+2"));
    ck_assert(is_multiple("1E+999", "1E-999"));
    ck_assert(!is_multiple("1E+999", "7"));
    ck_assert(is_multiple("7E+999", "7"));
    ck_assert(is_multiple("1E+999", "562949953421312")); /* 2^49 */
    ck_assert(!is_multiple("1E+40", "562949953421312"));
    ck_assert(is_multiple("999999999999999998000000000000000001", "999999999999999999"));
    ck_assert(!is_multiple("999999999999999998000000000000000002", "999999999999999999"));
}
END_TEST

/* --- as members --- */

struct prices {
    gr_decimal price;
    gr_decimal *discount;
    gr_decimal rate, share;
    GR_LIST_OF(gr_decimal) all;
};
static GR_MODEL(prices, GR_FIELD(price, GR_GE("0.01"), GR_LE(9007199254740993), .max_digits = 18, .decimal_places = 2),
                GR_FIELD(discount, GR_OPTIONAL, GR_LT(1)), GR_FIELD(rate, GR_DEFAULT("1.50")),
                GR_FIELD(share, GR_DEFAULT(0.1), .allow_inf_nan = true), GR_LIST(all, GR_MULTIPLE_OF(0.05)));

static struct gri_arena memory;
static struct gri_errors errors;

/* What is sent of `instead` after *value was read; or why not. Members at their default are left out where `brief`. */
static const char *read_and_send(const gr_model *model, const char *json, void *value, const void *instead, bool brief)
{
    static const gr_field none = {.name = ""};
    const struct gri_encode_options options = {.defaults = brief};
    struct gri_schema *schema = gri_schema_create();
    struct gri_steps steps;
    struct gri_culprit culprit;
    struct gri_buf buf;
    struct gri_decoding d = {.arena = &memory, .errors = &errors, .steps = &steps};
    struct gri_member root = {.field = &none, .type = GR_TYPE_OBJECT, .plan = gri_schema_plan(schema, model)};
    root.size = root.stride = model->struct_size;
    gri_buf_init(&buf, &memory);
    gri_errors_init(&errors, &memory);
    gri_steps_init(&steps, 0, NULL);
    ck_assert_int_eq(gri_decode(&d, json, strlen(json), &root, value, model->struct_size), 0);
    if (errors.count)
        gri_errors_write(&errors, &buf);
    else if (gri_encode_struct(&buf, root.plan, instead, &options, &steps, &culprit) < 0)
        gri_buf_printf(&buf, "%s: %s", culprit.field, culprit.why);
    gri_buf_putc(&buf, '\0');
    gri_steps_finish(&steps);
    gri_schema_destroy(schema);
    return buf.data;
}

static const char *round_trip(const char *json, const struct prices *instead)
{
    struct prices prices = {.price = {""}};
    return read_and_send(prices_model(), json, &prices, instead ? instead : &prices, false);
}

static void want_sent(const char *json, const char *want)
{
    gri_arena_init(&memory, NULL, 0);
    ck_assert_str_eq(round_trip(json, NULL), want);
    gri_arena_finish(&memory);
}

static void want_error(const char *json, const char *part)
{
    gri_arena_init(&memory, NULL, 0);
    const char *got = round_trip(json, NULL);
    ck_assert_msg(strstr(got, part) != NULL, "wanted %s in %s", part, got);
    gri_arena_finish(&memory);
}

START_TEST(members_are_exact_from_texts_and_numbers)
{
    want_sent("{\"price\":\"12.50\",\"all\":[]}",
              "{\"price\":\"12.50\",\"discount\":null,\"rate\":\"1.50\",\"share\":\"0.1\",\"all\":[]}");
    want_sent("{\"price\":9007199254740993,\"discount\":0.10,\"rate\":0.1000000000000000055511151231257827,"
              "\"share\":\"-inf\",\"all\":[0.15,\"0.1\",5]}",
              "{\"price\":\"9007199254740993\",\"discount\":\"0.10\",\"rate\":\"0.1000000000000000055511151231257827\","
              "\"share\":\"-Infinity\",\"all\":[\"0.15\",\"0.1\",\"5\"]}");
}
END_TEST

START_TEST(bounds_are_exact_and_said_as_they_were_declared)
{
    want_error("{\"price\":9007199254740993.01,\"all\":[]}", "less than or equal to 9007199254740993\"");
    want_error("{\"price\":0.009,\"all\":[]}", "\"decimal_max_places\"");
    want_error("{\"price\":0,\"all\":[]}", "\"msg\":\"Input should be greater than or equal to 0.01\",\"input\":0,"
                                           "\"ctx\":{\"ge\":0.01}");
    want_error("{\"price\":\"1\",\"discount\":1.0,\"all\":[]}", "\"less_than\"");
    want_error("{\"price\":\"1\",\"all\":[0.12]}", "\"ctx\":{\"multiple_of\":0.05}");
    want_error("{\"price\":\"1\",\"all\":[true]}", "\"decimal_type\"");
    want_error("{\"price\":\"1\",\"all\":[[]]}", "\"decimal_type\"");
    want_error("{\"price\":\"nan\",\"all\":[]}", "\"finite_number\"");
    want_error("{\"price\":\"1\",\"rate\":\"1e1000\",\"all\":[]}", "no more than 60 digits in total");
    want_error("{\"price\":\"1\",\"rate\":\"1e-1000\",\"all\":[]}", "no more than 999 decimal places");
}
END_TEST

static void want_made(struct prices made, const char *want)
{
    gri_arena_init(&memory, NULL, 0);
    ck_assert_str_eq(round_trip("{\"price\":1,\"all\":[]}", &made), want);
    gri_arena_finish(&memory);
}

START_TEST(what_a_program_makes_is_checked_before_it_is_sent)
{
    struct prices unended = {.price = {"1"}};
    memset(unended.rate.text, '1', sizeof unended.rate.text);
    want_made((struct prices){.price = {" 1.50 "}},
              "{\"price\":\"1.50\",\"discount\":null,\"rate\":\"0\",\"share\":\"0\",\"all\":[]}");
    want_made((struct prices){.price = {"one"}}, "price: no decimal number");
    want_made((struct prices){.price = {"1.001"}}, "price: decimal_max_places");
    want_made((struct prices){.price = {""}}, "price: greater_than_equal");
    want_made((struct prices){.price = {"1"}, .rate = {"NaN"}}, "rate: NaN or infinity");
    want_made(unended, "rate: no decimal number");
}
END_TEST

struct tariff {
    gr_decimal base, limit;
    GR_LIST_OF(gr_decimal) steps;
    struct {
        struct {
            gr_decimal key;
            int64_t value;
        } * at;
        size_t len;
    } by_price;
};
static GR_MODEL(tariff, GR_FIELD(base, GR_DEFAULT("1.50")), GR_FIELD(limit, GR_DEFAULT(0.1)),
                GR_LIST(steps, .unique = true), GR_MAP(by_price));

static void want_tariff(const char *json, const char *want)
{
    struct tariff tariff = {.base = {""}};
    gri_arena_init(&memory, NULL, 0);
    ck_assert_str_eq(read_and_send(tariff_model(), json, &tariff, &tariff, true), want);
    gri_arena_finish(&memory);
}

START_TEST(equal_decimals_are_one_however_they_are_written)
{
    want_tariff("{\"base\":1.5,\"limit\":\"0.10\",\"steps\":[1,2],\"by_price\":{\"1.0\":1,\"2\":2,\"1.00\":3}}",
                "{\"steps\":[\"1\",\"2\"],\"by_price\":{\"1.0\":3,\"2\":2}}");
    want_tariff("{\"base\":1.51,\"limit\":0,\"steps\":[],\"by_price\":{}}",
                "{\"base\":\"1.51\",\"limit\":\"0\",\"steps\":[],\"by_price\":{}}");
    want_tariff("{\"steps\":[1,\"1.0\"],\"by_price\":{}}",
                "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\",\"steps\"],\"msg\":\"Value error, items "
                "should be unique\",\"input\":[1,\"1.0\"],\"ctx\":{\"error\":{}}}]}");
}
END_TEST

/* --- declarations --- */

static char problems[4096];

static void add_problem(void *arg, const char *text)
{
    (void)arg;
    size_t len = strlen(problems);
    snprintf(problems + len, sizeof problems - len, "%s\n", text);
}

struct wrong {
    gr_decimal a, b, c, d, e, f, g;
    double h;
    int64_t i;
    const char *j;
};
static GR_MODEL(wrong, GR_FIELD(a, GR_GE("1.5"), GR_LE("1.49")), GR_FIELD(b, GR_GT("one")),
                GR_FIELD(c, GR_DEFAULT("0.001"), GR_GE(0.01)), GR_FIELD(d, GR_MULTIPLE_OF("1234567890123456789")),
                GR_FIELD(e, .max_digits = 2, .decimal_places = 3), GR_FIELD(f, .decimal_places = -2),
                GR_FIELD(g, GR_MULTIPLE_OF("-0.1")), GR_FIELD(h, .max_digits = 3), GR_FIELD(i, .allow_inf_nan = true),
                GR_FIELD(j, .decimal_places = GR_NO_PLACES));

START_TEST(wrong_declarations_are_named)
{
    struct gri_checker checker;
    *problems = '\0';
    gri_checker_init(&checker, add_problem, NULL);
    ck_assert_int_eq(gri_check_model(&checker, wrong_model(), false), GR_EINVAL);
    gri_checker_finish(&checker);
    ck_assert_str_eq(problems, "wrong.a: ge \"1.5\" is above le \"1.49\"\n"
                               "wrong.b: gt \"one\" is of another kind than the member\n"
                               "wrong.c: the default \"0.001\" breaks ge 0.01\n"
                               "wrong.d: multiple_of \"1234567890123456789\" has more than 18 digits\n"
                               "wrong.e: decimal_places 3 is above max_digits 2\n"
                               "wrong.f: decimal_places -2 is below 0\n"
                               "wrong.g: multiple_of \"-0.1\" is not above 0\n"
                               "wrong.h: max_digits and decimal_places are for gr_decimal\n"
                               "wrong.i: allow_inf_nan is for float, double and gr_decimal\n"
                               "wrong.j: max_digits and decimal_places are for gr_decimal\n");
}
END_TEST

static void want_described(unsigned member, unsigned view, const char *want)
{
    struct gri_doc doc;
    gri_doc_init(&doc);
    const gr_field *f = &prices_model()->fields[member];
    json_t *schema = gri_doc_field(&doc, f, f->name, GRI_TITLES_OF_MEMBERS, view);
    char *text = json_dumps(schema, JSON_COMPACT);
    ck_assert_str_eq(text, want);
    free(text);
    json_decref(schema);
    gri_doc_finish(&doc);
}

START_TEST(null_is_one_more_of_what_a_decimal_may_be)
{
    want_described(1, 0,
                   "{\"anyOf\":[{\"type\":\"number\",\"exclusiveMaximum\":1.0},{\"type\":\"string\",\"pattern\":"
                   "\"^(?!^[-+.]*$)[+-]?0*\\\\d*\\\\.?\\\\d*$\"},{\"type\":\"null\"}],\"title\":\"Discount\"}");
    want_described(2, GRI_VIEW_OUTPUT,
                   "{\"type\":\"string\",\"pattern\":\"^(?!^[-+.]*$)[+-]?0*\\\\d*\\\\.?\\\\d*$\","
                   "\"title\":\"Rate\",\"default\":\"1.50\"}");
}
END_TEST

int main(void)
{
    return run_tests(
        "decimal",
        (test_list){a_text_is_kept_as_it_was_but_for_its_form, what_is_no_number_is_refused_and_changes_nothing,
                    sixty_digits_and_a_thousand_places_are_the_most, the_longest_text_fits,
                    cents_go_in_and_come_out_whole_or_not_at_all,
                    doubles_go_in_as_their_shortest_text_and_come_out_nearest, decimals_are_compared_exactly,
                    multiples_are_exact_whatever_the_size, members_are_exact_from_texts_and_numbers,
                    bounds_are_exact_and_said_as_they_were_declared, what_a_program_makes_is_checked_before_it_is_sent,
                    equal_decimals_are_one_however_they_are_written, wrong_declarations_are_named,
                    null_is_one_more_of_what_a_decimal_may_be, NULL},
        20);
}
