/* Where a body ends, and what is refused since two parsers could disagree on it: request smuggling. */
#include "talk.h"

START_TEST(a_cr_that_hides_a_field_is_refused)
{
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nX-Abc:\rxTransfer-Encoding: chunked\r\n\r\n1\r\nA\r\n0\r\n\r\n",
                   400);
}
END_TEST

START_TEST(a_length_behind_a_space_is_refused)
{
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\n Content-Length: 1\r\n\r\nA", 400);
}
END_TEST

START_TEST(a_folded_encoding_is_refused)
{
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400);
}
END_TEST

START_TEST(a_head_that_ends_without_its_lf_is_refused)
{
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\n\rXGET /plain HTTP/1.1\r\nHost: b\r\n\r\n", 400);
}
END_TEST

START_TEST(a_bare_lf_is_refused)
{
    EXPECT_REFUSED("GET /plain HTTP/1.1\nHost: a\n\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\n\n", 400);
}
END_TEST

START_TEST(a_folded_field_is_refused)
{
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400);
}
END_TEST

START_TEST(a_space_before_the_colon_is_refused)
{
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost : a\r\n\r\n", 400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\nA", 400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400);
}
END_TEST

START_TEST(a_name_that_is_no_token_is_refused)
{
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nX\xc3\xa4: b\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\n\"X\": b\r\n\r\n", 400);
}
END_TEST

START_TEST(a_control_byte_in_a_value_is_refused)
{
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nX: b\x01\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nX: b\x7f\r\n\r\n", 400);
    EXPECT_REFUSED("GET /plain HTTP/1.1\r\nHost: a\r\nX: b\x0b\r\n\r\n", 400);
}
END_TEST

START_TEST(an_encoding_beside_a_length_is_refused)
{
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                   400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                   400);
}
END_TEST

START_TEST(two_lengths_are_refused_even_where_equal)
{
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nA", 400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\nAB", 400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n", 400);
}
END_TEST

START_TEST(a_length_that_is_no_number_is_refused)
{
    static const char *const lengths[] = {"+1",
                                          "-1",
                                          "0x1",
                                          "1,1",
                                          "1_0",
                                          "",
                                          "18446744073709551616",
                                          "1 1",
                                          "1.0",
                                          "one",
                                          "99999999999999999999999999",
                                          "1;",
                                          "\"1\"",
                                          ",1"};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char raw[200];
        int n = snprintf(raw, sizeof raw, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %s\r\n\r\nA", lengths[i]);
        expect_refused(raw, (size_t)n, 400);
    }
}
END_TEST

START_TEST(a_length_over_the_limit_is_413_before_the_body_is_read)
{
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n", 413);
}
END_TEST

START_TEST(a_length_over_the_limit_of_the_operation_is_413)
{
    EXPECT_ANSWERED("POST /echo/little HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789", 200);
    struct talk *talk = talk_begin();
    say(talk, "POST /echo/little HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
    expect_status(talk, 413);
    talk_end(talk);
}
END_TEST

START_TEST(an_encoding_other_than_chunked_is_501)
{
    static const char *const encodings[] = {"gzip",     "gzip, chunked", "chunked, chunked", "identity", "chunked;q=1",
                                            "xchunked", "chunke"};
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        char raw[200];
        int n = snprintf(raw, sizeof raw, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: %s\r\n\r\n0\r\n\r\n",
                         encodings[i]);
        struct talk *talk = talk_begin();
        say_n(talk, raw, (size_t)n);
        gr_answer *answer = hear(talk);
        int code = gr_answer_status(answer);
        ck_assert_msg(code == 501 || code == 400, "%s: got %d", encodings[i], code);
        gr_answer_free(answer);
        expect_nothing(talk);
        expect_closed(talk);
        ck_assert_int_eq(talk->ended, 0);
        talk_end(talk);
    }
}
END_TEST

START_TEST(two_encodings_are_refused)
{
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "0\r\n\r\n",
                   400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n"
                   "0\r\n\r\n",
                   400);
}
END_TEST

START_TEST(an_encoding_in_http_1_0_is_refused)
{
    EXPECT_REFUSED("POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
}
END_TEST

static const char chunked[] = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

static void expect_chunks_refused(const char *chunks, size_t n, int wanted)
{
    char *raw = malloc(sizeof chunked + n);
    memcpy(raw, chunked, sizeof chunked - 1);
    memcpy(raw + sizeof chunked - 1, chunks, n);
    raw[sizeof chunked - 1 + n] = '\0';
    expect_refused(raw, sizeof chunked - 1 + n, wanted);
    free(raw);
}

#define EXPECT_CHUNKS_REFUSED(chunks, wanted) expect_chunks_refused((chunks), sizeof(chunks) - 1, (wanted))

START_TEST(a_chunk_size_that_is_no_number_is_refused)
{
    EXPECT_CHUNKS_REFUSED("\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("+5\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("-5\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0x5\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5_\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED(" 5\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5 \r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("g\r\nhello\r\n0\r\n\r\n", 400);
}
END_TEST

START_TEST(a_chunk_line_without_its_cr_is_refused)
{
    EXPECT_CHUNKS_REFUSED("5\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5\rhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5;a\nhello\r\n0\r\n\r\n", 400);
}
END_TEST

START_TEST(a_chunk_size_of_seventeen_digits_is_refused)
{
    EXPECT_CHUNKS_REFUSED("11111111111111111\r\n", 400);
    EXPECT_CHUNKS_REFUSED("10000000000000000\r\nA", 400);
}
END_TEST

START_TEST(a_chunk_size_over_the_limit_is_413)
{
    EXPECT_CHUNKS_REFUSED("ffffffffffffffff\r\n", 413);
    EXPECT_CHUNKS_REFUSED("100001\r\n", 413);
}
END_TEST

START_TEST(chunks_over_the_limit_together_are_413)
{
    struct talk *talk = talk_begin();
    say(talk,
        "POST /echo/little HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n");
    expect_nothing(talk);
    say(talk, "1\r\n");
    expect_status(talk, 413);
    expect_closed(talk);
    talk_end(talk);
}
END_TEST

START_TEST(chunk_data_not_followed_by_a_line_end_is_refused)
{
    EXPECT_CHUNKS_REFUSED("5\r\nhelloX\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5\r\nhello0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5\r\nhello\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5\r\nhello\r0\r\n\r\n", 400);
}
END_TEST

START_TEST(a_chunk_extension_is_ignored)
{
    struct talk *talk = talk_begin();
    say(talk, chunked);
    say(talk, "5;a=b\r\nhello\r\n0;c\r\n\r\n");
    expect_body(talk, "hello");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

/* With that behind the size, and behind the last size too, at every split. */
static void expect_extension(const char *extension)
{
    char raw[400];
    int n = snprintf(raw, sizeof raw, "%s5%s\r\nhello\r\n0%s\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n", chunked,
                     extension, extension);
    struct talk *talk = talk_begin();
    say_n(talk, raw, (size_t)n);
    gr_answer *answer = hear(talk);
    ck_assert_msg(gr_answer_status(answer) == 200 && !strcmp(gr_answer_body(answer, NULL), "hello"), "5%s: got %d",
                  extension, gr_answer_status(answer));
    gr_answer_free(answer);
    expect_body(talk, "ok");
    talk_end(talk);
    expect_same_at_every_split(raw, (size_t)n, "hello");
}

START_TEST(chunk_extensions_are_what_rfc_9112_says)
{
    static const char *const extensions[] = {"",
                                             ";a",
                                             ";a=b",
                                             ";a=b;c=d",
                                             ";a;b;c",
                                             ";a=\"b\"",
                                             ";a=\"\"",
                                             " ; a",
                                             "\t;\ta",
                                             " ;a = b",
                                             ";a=\t\"b\"",
                                             ";a=\"b\" ; c = d",
                                             ";a=\"\\\"b\\\"\"",
                                             ";a=\"\\\\\"",
                                             ";a= b ;c",
                                             ";a=\";\";b",
                                             ";a=\"b\tc d\"",
                                             ";a=\"\xe4\"",
                                             ";a=\"\\\xe4\"",
                                             ";1=2",
                                             ";a;b=c"};
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
        expect_extension(extensions[i]);
}
END_TEST

START_TEST(chunk_extensions_that_are_none_are_refused)
{
    static const char *const extensions[] = {";",           ";;a",           ";a;",       " ",          ";a ",
                                             ";a=",         ";a==b",         ";=b",       ";a b",       ";a=b c",
                                             ";a=\"b",      ";a=\"b\"c",     ";a=\"\\",   "g",          ";a=b\"c\"",
                                             ";a=(b)",      ";\"a\"=b",      ";a=\xe4",   ";\xe4",      ";a=\"\x7f\"",
                                             ";a=\"\x01\"", ";a=\"\\\x01\"", ";a,b",      " 5",         "\t",
                                             " ;",          "\v;a",          ";a=\"b\" ", ";a=\"b\\\"", "=a"};
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        char chunks[100];
        int n = snprintf(chunks, sizeof chunks, "5%s\r\nhello\r\n0\r\n\r\n", extensions[i]);
        expect_chunks_refused(chunks, (size_t)n, 400);
    }
}
END_TEST

START_TEST(a_line_end_is_none_inside_of_a_quoted_extension)
{
    EXPECT_CHUNKS_REFUSED("5;a=\"\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5;a=\"b\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5;a=\"b\r\"\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5;a=\"\\\r\n\"\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5;a\rb\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5;a\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("5;a=\"\0\"\r\nhello\r\n0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0;a=\"\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n\"\r\n\r\n", 400);
}
END_TEST

START_TEST(white_space_counts_as_an_extension)
{
    char *chunks = malloc(6001);
    memset(chunks, ' ', 6001);
    chunks[0] = '5';
    expect_chunks_refused(chunks, 6000, 400);
    free(chunks);
}
END_TEST

/* RFC 9110 section 5.5: what is around a value is no part of it. */
START_TEST(white_space_around_what_frames_a_body_is_no_part_of_it)
{
    static const char *const around[][2] = {{"", "\t"},         {"\t", ""},  {" ", " "},
                                            {"\t \t", "\t \t"}, {"", " \t"}, {"", "\t "}};
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        char raw[200];
        int n = snprintf(raw, sizeof raw, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length:%s1%s\r\n\r\nA",
                         around[i][0], around[i][1]);
        expect_answered(raw, (size_t)n, 200);
        n = snprintf(raw, sizeof raw,
                     "POST /echo HTTP/1.1\r\nHost:%sa%s\r\nTransfer-Encoding:%schunked%s\r\n\r\n1\r\nA\r\n0\r\n\r\n",
                     around[i][0], around[i][1], around[i][0], around[i][1]);
        expect_answered(raw, (size_t)n, 200);
    }
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length\t: 1\r\n\r\nA", 400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\t1\r\n\r\nA", 400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \t\r\n\r\nA", 400);
    EXPECT_REFUSED("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \t\r\n\r\n", 400);
}
END_TEST

START_TEST(chunk_extensions_over_4_kib_in_all_are_refused)
{
    char *chunks = malloc(10000);
    size_t n = 0;
    for (int i = 0; i < 5; i++) {
        n += (size_t)sprintf(chunks + n, "1;");
        memset(chunks + n, 'e', 1000);
        n += 1000;
        n += (size_t)sprintf(chunks + n, "\r\nA\r\n");
    }
    expect_chunks_refused(chunks, n, 400);
    free(chunks);
}
END_TEST

START_TEST(one_endless_chunk_extension_is_refused)
{
    char *chunks = malloc(60001);
    memset(chunks, 'e', 60001);
    memcpy(chunks, "1;", 2);
    expect_chunks_refused(chunks, 60000, 400);
    free(chunks);
}
END_TEST

START_TEST(an_extension_of_the_last_chunk_counts_too)
{
    char *chunks = malloc(6001);
    memset(chunks, 'e', 6001);
    memcpy(chunks, "0;", 2);
    memcpy(chunks + 5996, "\r\n\r\n", 5);
    expect_chunks_refused(chunks, 6000, 400);
    free(chunks);
}
END_TEST

START_TEST(an_endless_chunk_size_is_refused)
{
    char *chunks = malloc(60001);
    memset(chunks, '0', 60001);
    expect_chunks_refused(chunks, 60000, 400);
    free(chunks);
}
END_TEST

START_TEST(trailers_are_read_and_dropped)
{
    struct talk *talk = talk_begin();
    say(talk, chunked);
    say(talk, "5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n");
    expect_body(talk, "hello");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(trailers_over_8_kib_are_refused)
{
    char *chunks = malloc(20000);
    size_t n = (size_t)sprintf(chunks, "0\r\n");
    for (int i = 0; i < 10; i++) {
        n += (size_t)sprintf(chunks + n, "X: ");
        memset(chunks + n, 'x', 1000);
        n += 1000;
        n += (size_t)sprintf(chunks + n, "\r\n");
    }
    expect_chunks_refused(chunks, n, 400);
    free(chunks);
}
END_TEST

START_TEST(many_empty_trailers_are_refused)
{
    char *chunks = malloc(200000);
    size_t n = (size_t)sprintf(chunks, "0\r\n");
    for (int i = 0; i < 20000; i++)
        n += (size_t)sprintf(chunks + n, "X:\r\n");
    expect_chunks_refused(chunks, n, 400);
    free(chunks);
}
END_TEST

START_TEST(trailers_that_frame_or_route_are_refused)
{
    EXPECT_CHUNKS_REFUSED("0\r\nContent-Length: 5\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\ntransfer-encoding: chunked\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\nX: y\r\nHost: b\r\n\r\n", 400);
}
END_TEST

START_TEST(a_folded_trailer_is_refused)
{
    EXPECT_CHUNKS_REFUSED("0\r\nX: y\r\n z\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\n X: y\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\nX:\r\n\ty\r\n\r\n", 400);
}
END_TEST

START_TEST(a_trailer_with_a_bare_cr_or_lf_is_refused)
{
    EXPECT_CHUNKS_REFUSED("0\r\nX: y\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\nX: y\rZ: a\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\nX: y\r\n\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\n\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n", 400);
}
END_TEST

START_TEST(a_trailer_with_a_control_byte_or_a_bad_name_is_refused)
{
    EXPECT_CHUNKS_REFUSED("0\r\nX: \0\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\nX y: z\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\n: z\r\n\r\n", 400);
    EXPECT_CHUNKS_REFUSED("0\r\nX : z\r\n\r\n", 400);
}
END_TEST

START_TEST(a_request_inside_of_a_body_is_a_body)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 32\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_body(talk, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(a_request_inside_of_an_unread_body_is_not_answered)
{
    struct talk *talk = talk_begin();
    say(talk, "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 32\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_status(talk, 404);
    expect_nothing(talk);
    ck_assert_int_eq(talk->ended, 0);
    expect_alive(talk);
    talk_end(talk);
}
END_TEST

START_TEST(an_upgrade_that_is_not_taken_is_an_ordinary_request)
{
    struct talk *talk = talk_begin();
    say(talk, "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    expect_body(talk, "ok");
    say(talk, "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 5\r\n\r\nhello"
              "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_body(talk, "hello");
    expect_body(talk, "ok");
    say(talk, chunked);
    talk_end(talk);
}
END_TEST

START_TEST(an_upgrade_with_a_chunked_body_keeps_its_framing)
{
    struct talk *talk = talk_begin();
    say(talk,
        "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n0\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
    expect_body(talk, "hello");
    expect_body(talk, "ok");
    talk_end(talk);
}
END_TEST

int main(void)
{
    test_list tests = {
        a_cr_that_hides_a_field_is_refused,
        a_length_behind_a_space_is_refused,
        a_folded_encoding_is_refused,
        a_head_that_ends_without_its_lf_is_refused,
        a_bare_lf_is_refused,
        a_folded_field_is_refused,
        a_space_before_the_colon_is_refused,
        a_name_that_is_no_token_is_refused,
        a_control_byte_in_a_value_is_refused,
        an_encoding_beside_a_length_is_refused,
        two_lengths_are_refused_even_where_equal,
        a_length_that_is_no_number_is_refused,
        a_length_over_the_limit_is_413_before_the_body_is_read,
        a_length_over_the_limit_of_the_operation_is_413,
        an_encoding_other_than_chunked_is_501,
        two_encodings_are_refused,
        an_encoding_in_http_1_0_is_refused,
        a_chunk_size_that_is_no_number_is_refused,
        a_chunk_line_without_its_cr_is_refused,
        a_chunk_size_of_seventeen_digits_is_refused,
        a_chunk_size_over_the_limit_is_413,
        chunks_over_the_limit_together_are_413,
        chunk_data_not_followed_by_a_line_end_is_refused,
        a_chunk_extension_is_ignored,
        chunk_extensions_are_what_rfc_9112_says,
        chunk_extensions_that_are_none_are_refused,
        a_line_end_is_none_inside_of_a_quoted_extension,
        white_space_counts_as_an_extension,
        white_space_around_what_frames_a_body_is_no_part_of_it,
        chunk_extensions_over_4_kib_in_all_are_refused,
        one_endless_chunk_extension_is_refused,
        an_extension_of_the_last_chunk_counts_too,
        an_endless_chunk_size_is_refused,
        trailers_are_read_and_dropped,
        trailers_over_8_kib_are_refused,
        many_empty_trailers_are_refused,
        trailers_that_frame_or_route_are_refused,
        a_folded_trailer_is_refused,
        a_trailer_with_a_bare_cr_or_lf_is_refused,
        a_trailer_with_a_control_byte_or_a_bad_name_is_refused,
        a_request_inside_of_a_body_is_a_body,
        a_request_inside_of_an_unread_body_is_not_answered,
        an_upgrade_that_is_not_taken_is_an_ordinary_request,
        an_upgrade_with_a_chunked_body_keeps_its_framing,
        NULL,
    };
    return run_tests("framing", tests, 20);
}
