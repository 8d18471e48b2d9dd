/* The head guard by itself: where a head ends, whatever pieces it comes in, and what is refused. */
#include "http/guard.h"

#include "run.h"

static gr_limits limits;

/* Scans as if `step` more bytes came each time. Returns the result; *guard is its state then. */
static enum gri_guard_result scan_in_steps(struct gri_guard *guard, const char *data, size_t len, size_t step)
{
    *guard = (struct gri_guard){0};
    enum gri_guard_result result = GRI_GUARD_MORE;
    for (size_t have = step < len ? step : len;; have = have + step < len ? have + step : len) {
        /* the exact size, so that AddressSanitizer sees every byte read too far */
        char *copy = malloc(have ? have : 1);
        memcpy(copy, data, have);
        result = gri_guard_scan(guard, copy, have, &limits);
        free(copy);
        if (result != GRI_GUARD_MORE || have == len)
            return result;
    }
}

static void finds(const char *data, size_t skip, unsigned lines)
{
    struct gri_guard guard;
    gr_limits_init(&limits);
    size_t len = strlen(data);
    for (size_t step = 1; step <= len; step++) {
        ck_assert_int_eq(scan_in_steps(&guard, data, len, step), GRI_GUARD_HEAD);
        ck_assert_uint_eq(guard.skip, skip);
        ck_assert_uint_eq(guard.head_len, len - skip);
        ck_assert_uint_eq(guard.n_lines, lines);
    }
}

static void refuses_n(int status, const char *data, size_t len)
{
    struct gri_guard guard;
    for (size_t step = 1; step <= len; step += step < 80 ? 1 : len - step ? len - step : 1) {
        enum gri_guard_result result = scan_in_steps(&guard, data, len, step);
        ck_assert_msg(result == GRI_GUARD_REFUSED && guard.status == status, "in steps of %zu: %d, %d, not %d: %s",
                      step, result, guard.status, status, data);
    }
}

static void refuses(int status, const char *data)
{
    gr_limits_init(&limits);
    refuses_n(status, data, strlen(data));
}

static void needs_more(const char *data)
{
    struct gri_guard guard;
    gr_limits_init(&limits);
    for (size_t step = 1; step <= strlen(data); step++)
        ck_assert_int_eq(scan_in_steps(&guard, data, strlen(data), step), GRI_GUARD_MORE);
}

START_TEST(a_head_is_found_at_every_split)
{
    finds("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0, 2);
    finds("GET / HTTP/1.0\r\n\r\n", 0, 1);
    finds("GET /?q HTTP/1.1\r\nHost: a\r\nX-Long: 0123456789abcdef\r\nY:\tz\t\r\n\r\n", 0, 4);
}
END_TEST

START_TEST(what_follows_a_head_is_not_looked_at)
{
    struct gri_guard guard;
    static const char data[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n\n\r\0\x7f garbage";
    gr_limits_init(&limits);
    ck_assert_int_eq(scan_in_steps(&guard, data, sizeof data - 1, sizeof data), GRI_GUARD_HEAD);
    ck_assert_uint_eq(guard.head_len, 27);
}
END_TEST

START_TEST(two_empty_lines_before_a_request_are_skipped)
{
    finds("\r\nGET / HTTP/1.0\r\n\r\n", 2, 1);
    finds("\r\n\r\nGET / HTTP/1.0\r\n\r\n", 4, 1);
}
END_TEST

START_TEST(a_third_empty_line_is_refused)
{
    refuses(400, "\r\n\r\n\r\n");
    refuses(400, "\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n");
}
END_TEST

START_TEST(part_of_a_head_needs_more)
{
    needs_more("G");
    needs_more("\r");
    needs_more("\r\n\r\n");
    needs_more("GET / HTTP/1.1\r\nHost: a\r\n\r");
    needs_more("GET / HTTP/1.1\r\nHost: a\r\n");
}
END_TEST

START_TEST(a_bare_line_feed_is_refused_wherever_it_stands)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (size_t i = 0; i < sizeof head - 2; i++) {
        char bad[sizeof head];
        memcpy(bad, head, sizeof head);
        if (head[i] == '\n')
            continue;
        bad[i] = '\n'; /* the CR before an LF too: two LFs */
        refuses(400, bad);
    }
}
END_TEST

START_TEST(a_bare_carriage_return_is_refused_wherever_it_stands)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    for (size_t i = 0; i < sizeof head - 2; i++) {
        char bad[sizeof head];
        memcpy(bad, head, sizeof head);
        if (head[i] == '\r')
            continue;
        bad[i] = '\r';
        refuses(400, bad);
    }
}
END_TEST

START_TEST(every_control_byte_is_refused_at_every_place)
{
    static const char head[] = "GET /abcdefgh HTTP/1.1\r\nHost: a\r\nX: 0123456789abcdef\r\n\r\n";
    gr_limits_init(&limits);
    for (unsigned c = 0; c < 128; c++) {
        if ((c >= 0x20 && c != 0x7f) || c == '\t' || c == '\r' || c == '\n')
            continue;
        for (size_t i = 0; i < sizeof head - 1; i++) {
            struct gri_guard guard;
            char bad[sizeof head];
            memcpy(bad, head, sizeof head);
            bad[i] = (char)c;
            ck_assert_int_eq(scan_in_steps(&guard, bad, sizeof head - 1, sizeof head), GRI_GUARD_REFUSED);
            ck_assert_uint_eq(guard.status, 400);
        }
    }
}
END_TEST

START_TEST(bytes_above_ascii_pass_in_a_value)
{
    finds("GET / HTTP/1.0\r\nX: caf\xc3\xa9 \xff\x80\x9f\xa0\r\n\r\n", 0, 2);
}
END_TEST

START_TEST(a_line_that_starts_with_white_space_or_a_colon_is_refused)
{
    refuses(400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n");
    refuses(400, "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n");
    refuses(400, "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n");
    refuses(400, "GET / HTTP/1.1\r\nHost: a\r\n: no name\r\n\r\n");
    refuses(400, "GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n");
}
END_TEST

START_TEST(a_request_line_has_two_single_spaces)
{
    refuses(400, "GET  / HTTP/1.1\r\n\r\n");
    refuses(400, "GET /  HTTP/1.1\r\n\r\n");
    refuses(400, "GET / HTTP/1.1 \r\n\r\n");
    refuses(400, " GET / HTTP/1.1\r\n\r\n");
    refuses(400, "GET\t/ HTTP/1.1\r\n\r\n");
    refuses(400, "GET /\tHTTP/1.1\r\n\r\n");
    refuses(400, "GET / x HTTP/1.1\r\n\r\n");
    refuses(400, "GET HTTP/1.1\r\n\r\n");
    refuses(400, "GET\r\n\r\n");
    refuses(400, "GET /\r\n\r\n");
}
END_TEST

START_TEST(only_http_1_0_and_1_1_are_spoken)
{
    refuses(505, "GET / HTTP/2.0\r\n\r\n");
    refuses(505, "GET / HTTP/9.9\r\n\r\n");
    refuses(505, "GET / HTTP/1.2\r\n\r\n");
    refuses(400, "GET / HTTP/0.9\r\n\r\n");
    refuses(400, "GET / HTTP/1\r\n\r\n");
    refuses(400, "GET / HTTP/1.10\r\n\r\n");
    refuses(400, "GET / HTTP/1,1\r\n\r\n");
    refuses(400, "GET / http/1.1\r\n\r\n");
    refuses(400, "GET / RTSP/1.0\r\n\r\n");
    refuses(400, "GET / HTTP/x.1\r\n\r\n");
}
END_TEST

/* A request for a target of n bytes, in static memory. */
static const char *long_target(size_t n)
{
    static char text[70000];
    int at = sprintf(text, "GET /");
    memset(text + at, 'x', n - 1);
    strcpy(text + at + n - 1, " HTTP/1.0\r\n\r\n");
    return text;
}

START_TEST(a_target_of_exactly_the_limit_passes_and_a_byte_more_does_not)
{
    struct gri_guard guard;
    gr_limits_init(&limits);
    const char *text = long_target(limits.uri_bytes);
    ck_assert_int_eq(scan_in_steps(&guard, text, strlen(text), 1 << 20), GRI_GUARD_HEAD);
    ck_assert_int_eq(scan_in_steps(&guard, text, strlen(text), 1), GRI_GUARD_HEAD);
    text = long_target(limits.uri_bytes + 1);
    refuses_n(414, text, strlen(text));
}
END_TEST

START_TEST(a_target_without_an_end_is_refused_before_it_is_complete)
{
    gr_limits_init(&limits);
    const char *text = long_target(60000);
    refuses_n(414, text, limits.uri_bytes + 100);
}
END_TEST

START_TEST(a_method_without_an_end_is_refused_before_it_is_complete)
{
    static char text[9000];
    memset(text, 'A', sizeof text - 1);
    gr_limits_init(&limits);
    refuses_n(400, text, sizeof text - 1);
}
END_TEST

/* A head of exactly n bytes, with one long field. */
static const char *long_head(size_t n)
{
    static char text[70000];
    int at = sprintf(text, "GET / HTTP/1.0\r\nX: ");
    memset(text + at, 'y', n - (size_t)at - 4);
    strcpy(text + n - 4, "\r\n\r\n");
    return text;
}

START_TEST(a_head_of_exactly_the_limit_passes_and_a_byte_more_does_not)
{
    struct gri_guard guard;
    gr_limits_init(&limits);
    const char *text = long_head(limits.head_bytes);
    ck_assert_int_eq(scan_in_steps(&guard, text, strlen(text), 1 << 20), GRI_GUARD_HEAD);
    ck_assert_int_eq(scan_in_steps(&guard, text, strlen(text), 1), GRI_GUARD_HEAD);
    text = long_head(limits.head_bytes + 1);
    refuses_n(431, text, strlen(text));
}
END_TEST

START_TEST(a_head_without_an_end_is_refused_before_it_is_complete)
{
    gr_limits_init(&limits);
    refuses_n(431, long_head(60000), limits.head_bytes + 1);
}
END_TEST

START_TEST(a_hundred_fields_pass_and_one_more_does_not)
{
    static char text[4000];
    for (unsigned n = 100; n <= 101; n++) {
        struct gri_guard guard;
        gr_limits_init(&limits);
        int at = sprintf(text, "GET / HTTP/1.0\r\n");
        for (unsigned i = 0; i < n; i++)
            at += sprintf(text + at, "f%u: v\r\n", i);
        strcpy(text + at, "\r\n");
        if (n == 101) {
            refuses_n(431, text, strlen(text));
        } else {
            ck_assert_int_eq(scan_in_steps(&guard, text, strlen(text), 1), GRI_GUARD_HEAD);
            ck_assert_uint_eq(guard.n_lines, n + 1);
        }
    }
}
END_TEST

int main(void)
{
    const test_list tests = {a_head_is_found_at_every_split,
                             what_follows_a_head_is_not_looked_at,
                             two_empty_lines_before_a_request_are_skipped,
                             a_third_empty_line_is_refused,
                             part_of_a_head_needs_more,
                             a_bare_line_feed_is_refused_wherever_it_stands,
                             a_bare_carriage_return_is_refused_wherever_it_stands,
                             every_control_byte_is_refused_at_every_place,
                             bytes_above_ascii_pass_in_a_value,
                             a_line_that_starts_with_white_space_or_a_colon_is_refused,
                             a_request_line_has_two_single_spaces,
                             only_http_1_0_and_1_1_are_spoken,
                             a_target_of_exactly_the_limit_passes_and_a_byte_more_does_not,
                             a_target_without_an_end_is_refused_before_it_is_complete,
                             a_method_without_an_end_is_refused_before_it_is_complete,
                             a_head_of_exactly_the_limit_passes_and_a_byte_more_does_not,
                             a_head_without_an_end_is_refused_before_it_is_complete,
                             a_hundred_fields_pass_and_one_more_does_not,
                             NULL};
    return run_tests("http guard", tests, 20);
}
