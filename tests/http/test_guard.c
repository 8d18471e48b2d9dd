#include "http/guard.h"

#include "run.h"

static gr_limits limits;

static void set_up(void)
{
    gr_limits_init(&limits);
}

/* From memory of just that size. */
static enum gri_guard_result scan(struct gri_guard *guard, const char *data, size_t len)
{
    char *copy = malloc(len ? len : 1);
    memcpy(copy, data, len);
    enum gri_guard_result result = gri_guard_scan(guard, copy, len, &limits);
    free(copy);
    return result;
}

/* The same at once, a byte more each time, and in two steps cut at every place. */
static void expect_result(const char *data, size_t len, enum gri_guard_result wanted, struct gri_guard like)
{
    set_up();
    for (size_t split = 0; split <= len; split++) {
        struct gri_guard guard = {0};
        enum gri_guard_result got = GRI_GUARD_MORE;
        if (split == 0)
            for (size_t n = 1; n <= len && got == GRI_GUARD_MORE; n++)
                got = scan(&guard, data, n);
        else if ((got = scan(&guard, data, split)) == GRI_GUARD_MORE)
            got = scan(&guard, data, len);
        ck_assert_msg(got == wanted, "\"%s\" split at %zu: wanted %d, got %d", data, split, wanted, got);
        ck_assert_uint_eq(guard.status, like.status);
        if (wanted == GRI_GUARD_HEAD) {
            ck_assert_uint_eq(guard.skip, like.skip);
            ck_assert_uint_eq(guard.head_len, like.head_len);
            ck_assert_uint_eq(guard.n_lines, like.n_lines);
        }
    }
}

#define EXPECT_HEAD(data, skipped, lines, rest) \
    expect_result(data rest, sizeof(data rest) - 1, GRI_GUARD_HEAD, \
                  (struct gri_guard){.skip = (skipped), .head_len = sizeof(data) - 1 - (skipped), .n_lines = (lines)})
#define EXPECT_REFUSAL(data, code) \
    expect_result(data, sizeof(data) - 1, GRI_GUARD_REFUSED, (struct gri_guard){.status = (code)})
#define EXPECT_MORE(data) expect_result(data, sizeof(data) - 1, GRI_GUARD_MORE, (struct gri_guard){0})

START_TEST(a_head_ends_at_its_empty_line)
{
    EXPECT_HEAD("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, 2, "");
}
END_TEST

START_TEST(what_follows_a_head_is_not_looked_at)
{
    EXPECT_HEAD("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, 2, "\n\n\0\rX");
}
END_TEST

START_TEST(a_head_may_have_no_fields)
{
    EXPECT_HEAD("GET / HTTP/1.0\r\n\r\n", 0, 1, "");
}
END_TEST

START_TEST(up_to_two_leading_line_ends_are_skipped)
{
    EXPECT_HEAD("\r\nGET / HTTP/1.1\r\n\r\n", 2, 1, "");
    EXPECT_HEAD("\r\n\r\nGET / HTTP/1.1\r\n\r\n", 4, 1, "");
}
END_TEST

START_TEST(a_third_leading_line_end_is_refused)
{
    EXPECT_REFUSAL("\r\n\r\n\r\n", 400);
}
END_TEST

START_TEST(every_cut_head_wants_more)
{
    EXPECT_MORE("\r\nGET / HTTP/1.1\r\nHost: a\r\nX: \tb c\r\n\r");
}
END_TEST

START_TEST(a_bare_cr_or_lf_is_refused)
{
    EXPECT_REFUSAL("GET / HTTP/1.1\nHost: a\n\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1\r\nHost: a\n\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1\r\nHost: a\r\n\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400);
    EXPECT_REFUSAL("\nGET / HTTP/1.1\r\n\r\n", 400);
    EXPECT_REFUSAL("\rGET / HTTP/1.1\r\n\r\n", 400);
}
END_TEST

START_TEST(a_line_that_starts_with_space_tab_or_colon_is_refused)
{
    EXPECT_REFUSAL("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1\r\n: a\r\n\r\n", 400);
    EXPECT_REFUSAL(" GET / HTTP/1.1\r\n\r\n", 400);
}
END_TEST

START_TEST(every_control_byte_at_every_place_is_refused)
{
    set_up();
    static const char head[] = "GET /abc HTTP/1.1\r\nHost: abcdefghijklmnop\r\nX: y\r\n\r\n";
    for (size_t at = 0; at < sizeof head - 1; at++)
        for (int c = 0; c < 256; c++) {
            bool control = (c < ' ' && c != '\t') || c == 0x7f;
            if (!control || head[at] == c || head[at] == '\r' || head[at] == '\n')
                continue;
            struct gri_guard guard = {0};
            char copy[sizeof head];
            memcpy(copy, head, sizeof head);
            copy[at] = (char)c;
            ck_assert_msg(scan(&guard, copy, sizeof head - 1) == GRI_GUARD_REFUSED, "byte %d at %zu passed", c, at);
        }
}
END_TEST

START_TEST(a_tab_may_stand_in_a_field_and_nowhere_else)
{
    EXPECT_HEAD("GET / HTTP/1.1\r\nX:\ta\tb\t\r\n\r\n", 0, 2, "");
    EXPECT_REFUSAL("GET\t/ HTTP/1.1\r\n\r\n", 400);
    EXPECT_REFUSAL("GET /\tHTTP/1.1\r\n\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1\t\r\n\r\n", 400);
}
END_TEST

START_TEST(bytes_above_ascii_pass)
{
    EXPECT_HEAD("GET / HTTP/1.1\r\nX: \x80\xff\xc3\xa4 abcdefgh\xff\xff\xff\xff\xff\xff\xff\xff\r\n\r\n", 0, 2, "");
}
END_TEST

START_TEST(a_request_line_has_three_parts_and_single_spaces)
{
    EXPECT_REFUSAL("GET\r\n", 400);
    EXPECT_REFUSAL("GET /\r\n", 400);
    EXPECT_REFUSAL("GET  / HTTP/1.1\r\n", 400);
    EXPECT_REFUSAL("GET /  HTTP/1.1\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.1 \r\n", 400);
    EXPECT_REFUSAL("GET / x HTTP/1.1\r\n", 400);
    EXPECT_REFUSAL("/ HTTP/1.1\r\n", 400);
}
END_TEST

START_TEST(a_version_is_http_1_0_or_1_1)
{
    EXPECT_REFUSAL("GET / HTTP/2.0\r\n", 505);
    EXPECT_REFUSAL("GET / HTTP/9.9\r\n", 505);
    EXPECT_REFUSAL("GET / HTTP/1.2\r\n", 505);
    EXPECT_REFUSAL("GET / HTTP/0.9\r\n", 400);
    EXPECT_REFUSAL("GET / RTSP/1.0\r\n", 400);
    EXPECT_REFUSAL("GET / http/1.1\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.10\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1,1\r\n", 400);
    EXPECT_REFUSAL("GET / HTTP/1.\r\n", 400);
}
END_TEST

START_TEST(the_preface_of_http_2_is_refused)
{
    EXPECT_REFUSAL("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
}
END_TEST

/* A request line whose target has n bytes, and a field of that many. */
static char *make_head(size_t target, size_t field, size_t *len)
{
    char *head = malloc(target + field + 100);
    size_t n = (size_t)sprintf(head, "GET /");
    memset(head + n, 'a', target - 1);
    n += target - 1;
    n += (size_t)sprintf(head + n, " HTTP/1.1\r\nX: ");
    memset(head + n, 'b', field);
    n += field;
    n += (size_t)sprintf(head + n, "\r\n\r\n");
    *len = n;
    return head;
}

static void expect_sized(size_t target, size_t field, enum gri_guard_result wanted, int code)
{
    size_t len;
    char *head = make_head(target, field, &len);
    for (int step = 0; step < 2; step++) {
        struct gri_guard guard = {0};
        enum gri_guard_result got = GRI_GUARD_MORE;
        for (size_t n = step ? len : 1; n <= len && got == GRI_GUARD_MORE; n++)
            got = gri_guard_scan(&guard, head, n, &limits);
        ck_assert_int_eq(got, wanted);
        ck_assert_int_eq(guard.status, code);
    }
    free(head);
}

START_TEST(a_target_up_to_its_limit_passes_and_one_byte_more_is_414)
{
    set_up();
    expect_sized(8192, 1, GRI_GUARD_HEAD, 0);
    expect_sized(8193, 1, GRI_GUARD_REFUSED, 414);
    expect_sized(100000, 1, GRI_GUARD_REFUSED, 414);
}
END_TEST

START_TEST(a_head_up_to_its_limit_passes_and_one_byte_more_is_431)
{
    set_up();
    size_t len;
    free(make_head(10, 1, &len));
    expect_sized(10, 16384 - len + 1, GRI_GUARD_HEAD, 0);
    expect_sized(10, 16384 - len + 2, GRI_GUARD_REFUSED, 431);
    expect_sized(10, 1000000, GRI_GUARD_REFUSED, 431);
}
END_TEST

START_TEST(a_target_that_does_not_end_is_refused_before_it_does)
{
    set_up();
    char *endless = malloc(20000);
    memset(endless, 'a', 20000);
    memcpy(endless, "GET /", 5);
    struct gri_guard guard = {0};
    size_t n = 1;
    while (n < 20000 && gri_guard_scan(&guard, endless, n, &limits) == GRI_GUARD_MORE)
        n++;
    ck_assert_int_eq(guard.status, 414);
    ck_assert_uint_le(n, 8192 + 20);
    free(endless);
}
END_TEST

START_TEST(a_method_that_does_not_end_is_refused_before_it_does)
{
    set_up();
    char *endless = malloc(20000);
    memset(endless, 'A', 20000);
    struct gri_guard guard = {0};
    ck_assert_int_eq(gri_guard_scan(&guard, endless, 20000, &limits), GRI_GUARD_REFUSED);
    ck_assert_int_eq(guard.status, 400);
    free(endless);
}
END_TEST

static void expect_fields(unsigned n, enum gri_guard_result wanted, int code)
{
    set_up();
    char head[4000];
    size_t len = (size_t)sprintf(head, "GET / HTTP/1.1\r\n");
    for (unsigned i = 0; i < n; i++)
        len += (size_t)sprintf(head + len, "X: y\r\n");
    len += (size_t)sprintf(head + len, "\r\n");
    struct gri_guard guard = {0};
    ck_assert_int_eq(scan(&guard, head, len), wanted);
    ck_assert_int_eq(guard.status, code);
}

START_TEST(a_hundred_fields_pass_and_one_more_is_431)
{
    expect_fields(100, GRI_GUARD_HEAD, 0);
    expect_fields(101, GRI_GUARD_REFUSED, 431);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_head_ends_at_its_empty_line,
        what_follows_a_head_is_not_looked_at,
        a_head_may_have_no_fields,
        up_to_two_leading_line_ends_are_skipped,
        a_third_leading_line_end_is_refused,
        every_cut_head_wants_more,
        a_bare_cr_or_lf_is_refused,
        a_line_that_starts_with_space_tab_or_colon_is_refused,
        every_control_byte_at_every_place_is_refused,
        a_tab_may_stand_in_a_field_and_nowhere_else,
        bytes_above_ascii_pass,
        a_request_line_has_three_parts_and_single_spaces,
        a_version_is_http_1_0_or_1_1,
        the_preface_of_http_2_is_refused,
        a_target_up_to_its_limit_passes_and_one_byte_more_is_414,
        a_head_up_to_its_limit_passes_and_one_byte_more_is_431,
        a_target_that_does_not_end_is_refused_before_it_does,
        a_method_that_does_not_end_is_refused_before_it_does,
        a_hundred_fields_pass_and_one_more_is_431,
        NULL,
    };
    return run_tests("head guard", tests, 20);
}
