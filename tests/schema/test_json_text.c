/* JSON by the public functions, as programs use them for texts that are no bodies. */
#include "corpus.h"

static json_t *value;

static int read_text(const char *text)
{
    json_decref(value);
    int rc = gr_json_read(text, strlen(text), &value);
    ck_assert((rc == 0) == (value != NULL));
    return rc;
}

static void want_written(const char *json, unsigned indent, const char *want)
{
    char *text;
    size_t len;
    ck_assert_int_eq(read_text(json), 0);
    ck_assert_int_eq(gr_json_write(value, indent, &text, &len), 0);
    ck_assert_str_eq(text, want);
    ck_assert_uint_eq(len, strlen(want));
    free(text);
}

static int write_value(json_t *made)
{
    char *text = (char[]){"x"};
    int rc = gr_json_write(made, 0, &text, NULL);
    ck_assert((rc == 0) == (text != NULL));
    free(text);
    json_decref(made);
    return rc;
}

START_TEST(every_kind_is_read_and_written)
{
    static const char text[] = "{\"a\":[true,false,null,-1,0.1,1e+22],\"\xc3\xa9\":{},\"\":\"\\n\\\"\"}";
    want_written(text, 0, text);
    want_written("\"text\"", 0, "\"text\"");
    want_written(" 12.50 ", 0, "12.5");
    want_written("9223372036854775807", 0, "9223372036854775807");
}
END_TEST

START_TEST(with_an_indent_each_value_has_a_line)
{
    want_written("{\"a\":[1,[],{}],\"b\":{\"c\":\"d\"}}", 2,
                 "{\n  \"a\": [\n    1,\n    [],\n    {}\n  ],\n  \"b\": {\n    \"c\": \"d\"\n  }\n}");
    want_written("[]", 4, "[]");
    want_written("[[[1]]]", 20,
                 "[\n                    [\n                                        [\n"
                 "                                                            1\n"
                 "                                        ]\n                    ]\n]");
}
END_TEST

START_TEST(a_string_may_hold_a_nul_and_a_key_may_not)
{
    ck_assert_int_eq(read_text("\"a\\u0000b\""), 0);
    ck_assert_uint_eq(json_string_length(value), 3);
    want_written("[\"a\\u0000b\"]", 0, "[\"a\\u0000b\"]");
    ck_assert_int_eq(read_text("{\"a\\u0000b\":1}"), GR_EINVAL);
    ck_assert_int_eq(read_text("[\"a\\u000\"]"), GR_EINVAL);
}
END_TEST

START_TEST(of_a_key_that_is_given_twice_the_last_counts)
{
    want_written("{\"a\":[1],\"b\":2,\"\\u0061\":{\"c\":3}}", 0, "{\"a\":{\"c\":3},\"b\":2}");
}
END_TEST

static int read_strictly(const char *text)
{
    json_t *strict;
    int rc = gr_json_read_strict(text, strlen(text), &strict);
    ck_assert((rc == 0) == (strict != NULL));
    json_decref(strict);
    return rc;
}

START_TEST(read_strictly_no_key_is_given_twice_and_no_string_holds_a_nul)
{
    ck_assert_int_eq(read_strictly("{\"a\":[1,\"x\"],\"b\":{\"a\":2}}"), 0);
    ck_assert_int_eq(read_strictly("{\"a\":1,\"\\u0061\":1}"), GR_EINVAL);
    ck_assert_int_eq(read_strictly("{\"b\":[{\"a\":1,\"a\":1}]}"), GR_EINVAL);
    ck_assert_int_eq(read_strictly("[\"a\\u0000b\"]"), GR_EINVAL);
    ck_assert_int_eq(read_strictly("[\"\xff\"]"), -EILSEQ);
}
END_TEST

START_TEST(what_is_no_json_is_refused)
{
    ck_assert_int_eq(read_text(""), GR_EINVAL);
    ck_assert_int_eq(read_text("{\"a\":1,}"), GR_EINVAL);
    ck_assert_int_eq(read_text("[1,5]x"), GR_EINVAL);
    ck_assert_int_eq(read_text("[9223372036854775808]"), GR_EINVAL);
    ck_assert_int_eq(read_text("[-1e400]"), GR_EINVAL);
    ck_assert_int_eq(read_text("[\"\xff\"]"), -EILSEQ);
}
END_TEST

static char *nested(int levels)
{
    static char text[2 * 100 + 1];
    memset(text, '[', (size_t)levels);
    memset(text + levels, ']', (size_t)levels);
    text[2 * levels] = '\0';
    return text;
}

START_TEST(sixty_four_levels_are_read_and_written)
{
    ck_assert_int_eq(read_text(nested(64)), 0);
    want_written(nested(64), 0, nested(64));
    ck_assert_int_eq(read_text(nested(65)), GR_EMSGSIZE);
    json_t *deep = json_array();
    for (int i = 1; i < 65; i++)
        deep = json_pack("[o]", deep);
    ck_assert_int_eq(write_value(deep), GR_EMSGSIZE);
}
END_TEST

START_TEST(what_cannot_be_written_is_refused)
{
    ck_assert_int_eq(write_value(NULL), GR_EINVAL);
    ck_assert_int_eq(write_value(json_string_nocheck("\xff")), GR_EINVAL);
}
END_TEST

/* More than a request's body may hold: the text is the program's own. */
START_TEST(any_number_of_values_is_read)
{
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    for (int i = 0; i < 200000; i++)
        gri_buf_puts(&buf, i ? ",{\"k\":1.5}" : "[{\"k\":1.5}");
    gri_buf_putc(&buf, ']');
    json_decref(value);
    ck_assert_int_eq(gr_json_read(buf.data, buf.len, &value), 0);
    ck_assert_uint_eq(json_array_size(value), 200000);
    gri_buf_finish(&buf);
}
END_TEST

/* --- freeing --- */

static long living;

static void *count_new(size_t size)
{
    living++;
    return malloc(size);
}

static void count_gone(void *p)
{
    living -= p != NULL;
    free(p);
}

/* Arrays and objects inside each other, each with some more beside it. */
static json_t *make_deep(json_t *inner, int levels)
{
    for (int i = 0; i < levels; i++)
        inner = i % 2 ? json_pack("{s:o, s:[i, {}], s:s}", "inner", inner, "more", i, "text", "t")
                      : json_pack("[i, [[]], o, n]", i, inner);
    return inner;
}

static void begin_to_count(void)
{
    json_decref(value);
    value = NULL;
    living = 0;
    json_set_alloc_funcs(count_new, count_gone);
}

START_TEST(a_value_of_any_depth_is_freed)
{
    begin_to_count();
    json_t *deep = make_deep(json_string("innermost"), 300000);
    ck_assert_int_gt(living, 300000);
    gr_json_free(deep);
    ck_assert_int_eq(living, 0);
}
END_TEST

START_TEST(what_is_no_container_or_nothing_is_freed_too)
{
    begin_to_count();
    gr_json_free(NULL);
    gr_json_free(json_null());
    gr_json_free(json_string("text"));
    gr_json_free(json_array());
    gr_json_free(json_object());
    ck_assert_int_eq(living, 0);
}
END_TEST

START_TEST(what_a_value_holds_twice_is_freed_once)
{
    begin_to_count();
    json_t *shared = make_deep(json_true(), 100000);
    gr_json_free(json_pack("[O, {s:O, s:[o]}]", shared, "a", shared, "b", shared));
    ck_assert_int_eq(living, 0);
}
END_TEST

START_TEST(what_others_hold_stays_as_it_is)
{
    begin_to_count();
    json_t *held = json_pack("{s:[i, [i]]}", "list", 1, 2);
    gr_json_free(json_pack("[[O], {s:O}]", held, "again", held));
    value = held;
    char *text = json_dumps(held, JSON_COMPACT);
    ck_assert_str_eq(text, "{\"list\":[1,[2]]}");
    count_gone(text);
    gr_json_free(json_incref(held));
    ck_assert_uint_eq(held->refcount, 1);
    gr_json_free(held);
    ck_assert_int_eq(living, 0);
}
END_TEST

int main(void)
{
    return run_tests("json_text",
                     (test_list){every_kind_is_read_and_written, with_an_indent_each_value_has_a_line,
                                 a_string_may_hold_a_nul_and_a_key_may_not,
                                 read_strictly_no_key_is_given_twice_and_no_string_holds_a_nul,
                                 of_a_key_that_is_given_twice_the_last_counts, what_is_no_json_is_refused,
                                 sixty_four_levels_are_read_and_written, what_cannot_be_written_is_refused,
                                 any_number_of_values_is_read, a_value_of_any_depth_is_freed,
                                 what_is_no_container_or_nothing_is_freed_too, what_a_value_holds_twice_is_freed_once,
                                 what_others_hold_stays_as_it_is, NULL},
                     30);
}
