#include <locale.h>
#include <math.h>

#include "corpus.h"
#include "schema/json.h"

static struct gri_buf buf;
static struct gri_json_error error;

static void want_json(json_t *value, const char *want)
{
    struct gri_json_writer writer;
    gri_json_write_begin(&writer, value);
    ck_assert_int_eq(gri_json_write(&writer, &buf, SIZE_MAX), 0);
    want_text(&buf, want);
}

static size_t unhex(const char *hex, char *to)
{
    size_t n = 0;
    for (unsigned byte; sscanf(hex + 2 * n, "%2x", &byte) == 1;)
        to[n++] = (char)byte;
    return n;
}

static void read_and_write(const char *line, int number)
{
    char text[4096];
    json_t *one = corpus_json(line);
    const char *plain = json_string_value(json_object_get(one, "text"));
    size_t len = plain ? strlen(strcpy(text, plain)) : unhex(json_string_value(json_object_get(one, "hex")), text);
    const char *want = json_string_value(json_object_get(one, "json"));
    int rc;
    json_t *value = gri_json_parse(text, len, NULL, &error, &rc);
    if (want) {
        ck_assert_msg(value != NULL, "line %d: wanted %s, got %s", number, line, error.text);
        want_json(value, want);
    } else {
        ck_assert_msg(!value && rc == GR_EINVAL, "line %d: wanted %s", number, line);
        ck_assert_msg(strcmp(error.text, json_string_value(json_object_get(one, "error"))) == 0 &&
                          (json_int_t)error.character == json_integer_value(json_object_get(one, "at")),
                      "line %d: wanted %s, got %s at %zu", number, line, error.text, error.character);
    }
    json_decref(value);
    json_decref(one);
}

START_TEST(texts_are_taken_and_refused_as_python_does)
{
    gri_buf_init(&buf, NULL);
    corpus_each_line("json/cases.jsonl", read_and_write);
    gri_buf_finish(&buf);
}
END_TEST

static void want_refused(const char *text, size_t len, int rc_wanted, const char *message, size_t at)
{
    int rc;
    json_t *value = gri_json_parse(text, len, NULL, &error, &rc);
    ck_assert_ptr_null(value);
    ck_assert_int_eq(rc, rc_wanted);
    ck_assert_str_eq(error.text, message);
    ck_assert_uint_eq(error.at, at);
}

START_TEST(a_position_is_known_in_bytes_and_in_characters)
{
    want_refused("[\"\xc3\xa9\",]", 7, GR_EINVAL, "Expecting value", 6);
    ck_assert_uint_eq(error.character, 5);
}
END_TEST

START_TEST(a_key_given_twice_is_refused)
{
    want_refused("{\"a\":1,\"a\":2}", 13, GR_EINVAL, "Duplicate key", 10);
}
END_TEST

START_TEST(a_number_that_no_type_holds_is_refused)
{
    want_refused("[1,99999999999999999999]", 24, GR_EINVAL, "Number out of range", 3);
    want_refused("{\"a\": -1e400 }", 14, GR_EINVAL, "Number out of range", 6);
}
END_TEST

/* A number is taken where a double holds it. JSON's point is that of no locale but C. */
static void check_range(const char *text)
{
    int rc;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    json_t *value = gri_json_parse(text, strlen(text), NULL, &error, &rc);
    ck_assert_msg((value != NULL) == !isinf(strtod_l(text, NULL, plain)), "%s is taken: %d", text, value != NULL);
    json_decref(value);
    freelocale(plain);
}

START_TEST(numbers_are_taken_up_to_the_largest_double)
{
    static const char *const digits[] = {"0",
                                         "0.0",
                                         "0.17",
                                         "0.18",
                                         "1",
                                         "1.7",
                                         "1.8",
                                         "9",
                                         "17.9",
                                         "179",
                                         "180",
                                         "1.79769313486231570",
                                         "1.7976931348623157999",
                                         "1.7976931348623158",
                                         "1.7976931348623159",
                                         "17976931348623157",
                                         "17976931348623158",
                                         "17976931348623159",
                                         "17976931348623157.9"};
    static const char *const signs[] = {"", "-"}, *const exponents[] = {"e", "E+", "e0", "e-"};
    char text[100];
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++)
        for (int exponent = 280; exponent < 330; exponent++)
            for (size_t j = 0; j < 8; j++) {
                snprintf(text, sizeof text, "%s%s%s%d", signs[j % 2], digits[i], exponents[j / 2], exponent);
                check_range(text);
            }
}
END_TEST

START_TEST(a_number_of_a_million_digits_is_refused_in_time)
{
    size_t n = 1000000;
    char *digits = malloc(n);
    memset(digits, '9', n);
    want_refused(digits, n, GR_EINVAL, "Number out of range", 0);
    free(digits);
}
END_TEST

START_TEST(bytes_that_are_not_utf8_are_an_error_of_their_own)
{
    want_refused("[\"a\xff\"]", 6, -EILSEQ, "Invalid UTF-8", 3);
}
END_TEST

START_TEST(a_byte_order_mark_is_skipped)
{
    int rc;
    json_t *value = gri_json_parse("\xef\xbb\xbf{}", 5, NULL, &error, &rc);
    ck_assert_int_eq(rc, 0);
    ck_assert(json_is_object(value));
    json_decref(value);
}
END_TEST

/* `open` n times, then `close` n times. */
static int nested(size_t n, const char *open, const char *close)
{
    gri_buf_init(&buf, NULL);
    for (size_t i = 0; i < n; i++)
        gri_buf_puts(&buf, open);
    for (size_t i = 0; i < n; i++)
        gri_buf_puts(&buf, close);
    int rc;
    json_t *value = gri_json_parse(buf.data, buf.len, NULL, &error, &rc);
    json_decref(value);
    gri_buf_finish(&buf);
    return rc;
}

START_TEST(sixty_four_levels_are_read_and_no_more)
{
    ck_assert_int_eq(nested(64, "[", "]"), 0);
    ck_assert_int_eq(nested(65, "[", "]"), GR_EMSGSIZE);
    ck_assert_int_eq(nested(63, "{\"a\":", "}"), GR_EINVAL); /* no value inside */
    ck_assert_int_eq(nested(65, "{\"a\":", "}"), GR_EMSGSIZE);
    ck_assert_str_eq(error.text, "Nested too deep");
}
END_TEST

START_TEST(a_depth_bomb_costs_nothing)
{
    ck_assert_int_eq(nested(4u << 20, "[", "]"), GR_EMSGSIZE);
    ck_assert_uint_eq(error.at, 64);
}
END_TEST

START_TEST(eight_megabytes_of_empty_objects_are_refused_in_time)
{
    gri_buf_init(&buf, NULL);
    gri_buf_putc(&buf, '[');
    while (buf.len < 8u << 20)
        gri_buf_puts(&buf, "{},");
    gri_buf_puts(&buf, "{}]");
    want_refused(buf.data, buf.len, GR_EMSGSIZE, "Too many values: send less at once", 3 * (GRI_JSON_VALUES - 1) + 1);
    gri_buf_finish(&buf);
}
END_TEST

START_TEST(eight_megabytes_of_any_kind_are_scanned_in_time)
{
    static const char *const kinds[] = {"{},", "[],", "1,", "\"\\n\",", "{\"a\":1},", " \t", "\"\xc3\xa9\","};
    struct gri_json_limits limits = {.values = SIZE_MAX};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        gri_buf_init(&buf, NULL);
        gri_buf_putc(&buf, '[');
        while (buf.len < 8u << 20)
            gri_buf_puts(&buf, kinds[i]);
        gri_buf_puts(&buf, "0]");
        ck_assert_int_eq(gri_json_scan(buf.data, buf.len, &limits, &error), 0);
        gri_buf_finish(&buf);
    }
}
END_TEST

START_TEST(limits_can_be_narrowed)
{
    struct gri_json_limits limits = {.depth = 2, .values = 3};
    ck_assert_int_eq(gri_json_scan("[[1]]", 5, &limits, &error), 0);
    ck_assert_int_eq(gri_json_scan("[[[]]]", 6, &limits, &error), GR_EMSGSIZE);
    ck_assert_int_eq(gri_json_scan("[1,2,3]", 7, &limits, &error), GR_EMSGSIZE);
}
END_TEST

/* --- writing --- */

static json_t *sample(void)
{
    json_t *value = json_pack("{s:[i,f,b,n],s:{s:s},s:{},s:[],s:s}", "list", 1, 2.5, 1, "in", "k\n",
                              "\xc3\xa9 \"x\" \xe2\x82\xac", "none", "empty", "last", "");
    ck_assert_ptr_nonnull(value);
    return value;
}

static const char sample_text[] = "{\"list\":[1,2.5,true,null],\"in\":{\"k\\n\":\"\xc3\xa9 \\\"x\\\" \xe2\x82\xac\"},"
                                  "\"none\":{},\"empty\":[],\"last\":\"\"}";

START_TEST(members_keep_their_order)
{
    json_t *value = sample();
    gri_buf_init(&buf, NULL);
    want_json(value, sample_text);
    gri_buf_finish(&buf);
    json_decref(value);
}
END_TEST

START_TEST(writing_in_pieces_of_any_size_gives_the_same_text)
{
    json_t *value = sample();
    for (size_t piece = 1; piece < 120; piece++) {
        struct gri_json_writer writer;
        int rc;
        gri_buf_init(&buf, NULL);
        gri_json_write_begin(&writer, value);
        while ((rc = gri_json_write(&writer, &buf, piece)) > 0)
            ;
        ck_assert_int_eq(rc, 0);
        want_text(&buf, sample_text);
        gri_buf_finish(&buf);
    }
    json_decref(value);
}
END_TEST

START_TEST(a_piece_ends_soon_after_its_size_even_in_a_long_string)
{
    char *text = malloc(1 << 20);
    memset(text, 'x', 1 << 20);
    json_t *value = json_stringn(text, 1 << 20);
    struct gri_json_writer writer;
    gri_buf_init(&buf, NULL);
    gri_json_write_begin(&writer, value);
    ck_assert_int_eq(gri_json_write(&writer, &buf, 65536), 1);
    ck_assert_uint_le(buf.len, 65536 + 16);
    ck_assert_int_eq(gri_json_write(&writer, &buf, SIZE_MAX), 0);
    ck_assert_uint_eq(buf.len, (1 << 20) + 2);
    gri_buf_finish(&buf);
    json_decref(value);
    free(text);
}
END_TEST

static json_t *tower(int n)
{
    json_t *value = json_array();
    while (--n > 0)
        value = json_pack("[o]", value);
    return value;
}

static int write_tower(int n)
{
    struct gri_json_writer writer;
    json_t *value = tower(n);
    gri_buf_init(&buf, NULL);
    gri_json_write_begin(&writer, value);
    int rc = gri_json_write(&writer, &buf, SIZE_MAX);
    gri_buf_finish(&buf);
    json_decref(value);
    return rc;
}

START_TEST(sixty_four_levels_are_written_and_no_more)
{
    ck_assert_int_eq(write_tower(64), 0);
    ck_assert_int_eq(write_tower(65), GR_EMSGSIZE);
}
END_TEST

START_TEST(a_string_that_is_not_utf8_is_not_written)
{
    struct gri_json_writer writer;
    json_t *value = json_string_nocheck("\xff");
    gri_buf_init(&buf, NULL);
    gri_json_write_begin(&writer, value);
    ck_assert_int_eq(gri_json_write(&writer, &buf, SIZE_MAX), GR_EINVAL);
    gri_buf_finish(&buf);
    json_decref(value);
}
END_TEST

int main(void)
{
    return run_tests(
        "json",
        (test_list){texts_are_taken_and_refused_as_python_does, a_position_is_known_in_bytes_and_in_characters,
                    a_key_given_twice_is_refused, a_number_that_no_type_holds_is_refused,
                    numbers_are_taken_up_to_the_largest_double, a_number_of_a_million_digits_is_refused_in_time,
                    bytes_that_are_not_utf8_are_an_error_of_their_own, a_byte_order_mark_is_skipped,
                    sixty_four_levels_are_read_and_no_more, a_depth_bomb_costs_nothing,
                    eight_megabytes_of_empty_objects_are_refused_in_time,
                    eight_megabytes_of_any_kind_are_scanned_in_time, limits_can_be_narrowed, members_keep_their_order,
                    writing_in_pieces_of_any_size_gives_the_same_text,
                    a_piece_ends_soon_after_its_size_even_in_a_long_string, sixty_four_levels_are_written_and_no_more,
                    a_string_that_is_not_utf8_is_not_written, NULL},
        20);
}
