/* Targets: the absolute form, percent-decoding, dot segments, and what is none. */
#include "talk.h"

static void expect_target(const char *target, int wanted, const char *body)
{
    char raw[600];
    int n = snprintf(raw, sizeof raw, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", target);
    struct talk *talk = talk_begin();
    say_n(talk, raw, (size_t)n);
    gr_answer *answer = hear(talk);
    ck_assert_msg(gr_answer_status(answer) == wanted, "%s: wanted %d, got %d", target, wanted,
                  gr_answer_status(answer));
    if (body)
        ck_assert_str_eq(gr_answer_body(answer, NULL), body);
    gr_answer_free(answer);
    talk_end(talk);
}

START_TEST(an_escape_is_decoded_once)
{
    expect_target("/path/a%20b", 200, "/path/a b");
    expect_target("/path/%41%4a%4A", 200, "/path/AJJ");
    expect_target("/path/%252e%252e", 200, "/path/%2e%2e");
    expect_target("/path/100%25", 200, "/path/100%");
    expect_target("/%70lain", 200, "ok");
}
END_TEST

START_TEST(a_plus_in_a_path_is_a_plus)
{
    expect_target("/path/a+b", 200, "/path/a+b");
}
END_TEST

START_TEST(an_encoded_slash_separates)
{
    expect_target("/path/a%2Fb", 200, "/path/a/b");
    expect_target("/path%2fx", 200, "/path/x");
}
END_TEST

START_TEST(a_broken_escape_is_refused)
{
    static const char *const targets[] = {"/path/%zz",  "/path/%",   "/path/%4",  "/path/%4g", "/path/%g4",
                                          "/path/%%41", "/path/%-1", "/path/%+1", "/path/% 1"};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        expect_target(targets[i], 400, NULL);
}
END_TEST

START_TEST(an_encoded_nul_is_refused)
{
    expect_target("/path/a%00b", 400, NULL);
    expect_target("/plain%00", 400, NULL);
}
END_TEST

START_TEST(a_path_that_is_not_utf_8_is_refused)
{
    expect_target("/path/%c0%af", 400, NULL);
    expect_target("/path/%ff", 400, NULL);
    expect_target("/path/%ed%a0%80", 400, NULL);
    expect_target("/path/%c3", 400, NULL);
    expect_target("/path/%c3%a4", 200, "/path/\xc3\xa4");
    expect_target("/path/%f0%9f%8d%94", 200, "/path/\xf0\x9f\x8d\x94");
}
END_TEST

START_TEST(a_raw_byte_above_ascii_is_refused)
{
    expect_target("/path/\xc3\xa4", 400, NULL);
    expect_target("/path/\xff", 400, NULL);
}
END_TEST

START_TEST(a_dot_segment_is_refused_however_it_is_written)
{
    static const char *const targets[] = {"/path/..",     "/path/../plain", "/../plain",     "/path/.",
                                          "/./plain",     "/path/%2e%2e/",  "/path/%2E%2e",  "/path/.%2e/x",
                                          "/path/..%2fx", "/path%2f..",     "/path/a/%2e/b", "/.."};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        expect_target(targets[i], 400, NULL);
}
END_TEST

START_TEST(dots_that_make_no_segment_pass)
{
    expect_target("/path/a..b/...", 200, "/path/a..b/...");
    expect_target("/path/.hidden", 200, "/path/.hidden");
}
END_TEST

START_TEST(a_backslash_is_refused)
{
    expect_target("/path/a\\b", 400, NULL);
    expect_target("/path/..%5cx", 400, NULL);
    expect_target("/path/%5c", 400, NULL);
}
END_TEST

START_TEST(a_fragment_is_refused)
{
    expect_target("/plain#x", 400, NULL);
    expect_target("/plain?a#x", 400, NULL);
}
END_TEST

START_TEST(an_absolute_target_is_its_path)
{
    expect_target("http://a/path/x", 200, "/path/x");
    expect_target("HTTP://a:80/path/x?y", 200, "/path/x");
    expect_target("https://a/plain", 200, "ok");
    expect_target("http://a", 404, NULL);
    expect_target("http://a?x", 404, NULL);
}
END_TEST

START_TEST(an_absolute_target_of_another_kind_is_refused)
{
    expect_target("ftp://a/plain", 400, NULL);
    expect_target("http:///plain", 400, NULL);
    expect_target("http://u@a/plain", 400, NULL);
    expect_target("http:/plain", 400, NULL);
    expect_target("://a/plain", 400, NULL);
}
END_TEST

START_TEST(a_target_is_told_as_it_came)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /target/a%20b%2Fc;d?e=%20&f? HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_body(talk, "/target/a%20b%2Fc;d?e=%20&f? of a, /target/a b/c;d");
    say(talk, "GET /target/? HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_body(talk, "/target/? of a, /target/");
    talk_end(talk);
}
END_TEST

START_TEST(the_authority_of_an_absolute_target_overrides_host)
{
    struct talk *talk = talk_begin();
    say(talk, "GET http://right:81/target/x HTTP/1.1\r\nHost: wrong\r\n\r\n");
    expect_body(talk, "/target/x of right:81, /target/x");
    say(talk, "GET https://right/target/%20?q=%20 HTTP/1.1\r\nHost: wrong\r\n\r\n");
    expect_body(talk, "/target/%20?q=%20 of right, /target/ ");
    say(talk, "GET http://right/target/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    expect_body(talk, "/target/ of nobody, /target/");
    talk_end(talk);
}
END_TEST

START_TEST(an_absolute_target_still_needs_a_host)
{
    EXPECT_REFUSED("GET http://a/plain HTTP/1.1\r\n\r\n", 400);
}
END_TEST

START_TEST(slashes_are_kept_as_they_are)
{
    expect_target("/path//a///", 200, "/path//a///");
    expect_target("//plain", 404, NULL);
}
END_TEST

START_TEST(a_query_may_hold_what_it_likes)
{
    expect_target("/plain?", 200, "ok");
    expect_target("/plain?%zz&&=&a=%", 200, "ok");
    expect_target("/plain?a=/../?b", 200, "ok");
}
END_TEST

START_TEST(a_bad_target_keeps_the_connection)
{
    EXPECT_ANSWERED("GET /path/%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}
END_TEST

int main(void)
{
    test_list tests = {
        an_escape_is_decoded_once,
        a_plus_in_a_path_is_a_plus,
        an_encoded_slash_separates,
        a_broken_escape_is_refused,
        an_encoded_nul_is_refused,
        a_path_that_is_not_utf_8_is_refused,
        a_raw_byte_above_ascii_is_refused,
        a_dot_segment_is_refused_however_it_is_written,
        dots_that_make_no_segment_pass,
        a_backslash_is_refused,
        a_fragment_is_refused,
        an_absolute_target_is_its_path,
        an_absolute_target_of_another_kind_is_refused,
        a_target_is_told_as_it_came,
        the_authority_of_an_absolute_target_overrides_host,
        an_absolute_target_still_needs_a_host,
        slashes_are_kept_as_they_are,
        a_query_may_hold_what_it_likes,
        a_bad_target_keeps_the_connection,
        NULL,
    };
    return run_tests("targets", tests, 20);
}
