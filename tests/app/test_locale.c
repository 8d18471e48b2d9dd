/* What is read and written is the same in every locale: in German, which has a comma for the point, and in Turkish,
 * where I and i are two letters. */
#include <pthread.h>

#include "app_test.h"
#include "base/log.h"
#include "rig.h"

static const char german[] = "de_DE.UTF-8", turkish[] = "tr_TR.UTF-8";

static void check_headers(gr_test *test, const char *method, const char *target, const char *const *headers,
                          const char *body, int status, const char *answer_body)
{
    gr_answer *answer = gr_test_request(test, method, target, headers, body, body ? strlen(body) : 0);
    check_answer(answer, status, answer_body);
    gr_answer_free(answer);
}

static void check_post(gr_test *test, const char *target, const char *body, int status, const char *answer_body)
{
    check_headers(test, "POST", target, (const char *[]){"CONTENT-TYPE", "APPLICATION/JSON", NULL}, body, status,
                  answer_body);
}

/* --- numbers --- */

struct numbers {
    double price;
    float rate;
    const double *most;
    gr_datetime at;
    gr_date day;
    gr_duration length;
};
static GR_MODEL(numbers, GR_FIELD(price, GR_GT(0.5)), GR_FIELD(rate, GR_DEFAULT(0.25)), GR_FIELD(most, GR_OPTIONAL),
                GR_FIELD(at), GR_FIELD(day), GR_FIELD(length));
struct measure {
    struct numbers numbers;
};
static GR_INPUT(measure, GR_BODY(numbers, numbers));

static gr_reply measure(gr_co co, gr_req *req, const struct measure *in)
{
    (void)co;
    return numbers_reply(req, &in->numbers);
}
GR_POST("/numbers", measure);

START_TEST(numbers_of_a_model_have_a_point)
{
    ck_assert(set_locale(german));
    MAKE_APP(app, &measure_route);
    gr_test *test = serve(app);
    check_post(test, "/numbers",
               "{\"price\":1.6e1,\"most\":0.1234567890123456,\"at\":1.6e9,\"day\":8.64E4,\"length\":1.5e0}", 200,
               "{\"price\":16.0,\"rate\":0.25,\"most\":0.1234567890123456,\"at\":\"2020-09-13T12:26:40Z\","
               "\"day\":\"1970-01-02\",\"length\":\"PT1.5S\"}");
    check_post(test, "/numbers", "{\"price\":\"0.25\",\"at\":1600000000.5,\"day\":0,\"length\":\"PT0.25S\"}", 422,
               "{\"detail\":[{\"type\":\"greater_than\",\"loc\":[\"body\",\"price\"],\"msg\":\"Input should be greater "
               "than 0.5\",\"input\":\"0.25\",\"ctx\":{\"gt\":0.5}}]}");
    end(test, app);
}
END_TEST

struct asked {
    double d;
    float x_rate;
};
static GR_INPUT(asked, GR_QUERY(d), GR_HEADER(x_rate, GR_DEFAULT(1.5)));
static GR_MODEL(asked, GR_FIELD(d), GR_FIELD(x_rate));

static gr_reply asked(gr_co co, gr_req *req, const struct asked *in)
{
    (void)co;
    return asked_reply(req, in);
}
GR_GET("/asked", asked);

START_TEST(numbers_in_a_query_and_in_header_fields_have_a_point)
{
    ck_assert(set_locale(german));
    MAKE_APP(app, &asked_route);
    gr_test *test = serve(app);
    check_get(test, "/asked?d=2.5e0", 200, "{\"d\":2.5,\"x_rate\":1.5}");
    check_headers(test, "GET", "/asked?d=1e-7", (const char *[]){"X-Rate", "0.125", NULL}, NULL, 200,
                  "{\"d\":1e-07,\"x_rate\":0.125}");
    check_get(test, "/asked?d=2,5", 422, NULL);
    end(test, app);
}
END_TEST

static gr_reply echo(gr_co co, gr_req *req)
{
    (void)co;
    json_t *value;
    int rc = gr_body_json(req, &value);
    return rc ? gr_failed(req, rc) : gr_json(req, json_incref(value));
}
GR_POST("/echo", echo);

START_TEST(numbers_of_json_values_have_a_point)
{
    ck_assert(set_locale(german));
    MAKE_APP(app, &echo_route);
    gr_test *test = serve(app);
    static const char body[] = "[1.5,1e-07,0.30000000000000004,1e+22,-2.2250738585072014e-308,12345678901234567]";
    check_post(test, "/echo", body, 200, body);
    gr_answer *answer = gr_test_post_json(test, "/echo", "[1.5]");
    ck_assert_double_eq(json_real_value(json_array_get(gr_answer_json(answer), 0)), 1.5);
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

static gr_reply printed(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, gr_printf(req, "%.2f %g", 0.5, 1e-10));
}
GR_GET("/printed", printed);

static gr_reply failing(gr_co co, gr_req *req)
{
    (void)co;
    return gr_failed(req, gr_fail(req, 400, "at most %.1f", 2.5));
}
GR_GET("/failing", failing);

static gr_reply wrong(gr_co co, gr_req *req)
{
    (void)co;
    return gr_error(req, 418, "%f", 0.5);
}
GR_GET("/wrong", wrong);

START_TEST(texts_that_a_handler_formats_have_a_point)
{
    ck_assert(set_locale(german));
    MAKE_APP(app, &printed_route, &failing_route, &wrong_route);
    gr_test *test = serve(app);
    check_get(test, "/printed", 200, "0.50 1e-10");
    check_get(test, "/failing", 400, "{\"detail\":\"at most 2.5\"}");
    check_get(test, "/wrong", 418, "{\"detail\":\"0.500000\"}");
    end(test, app);
    ck_assert_str_eq(localeconv()->decimal_point, ",");
}
END_TEST

START_TEST(a_log_line_has_a_point)
{
    ck_assert(set_locale(german));
    begin_capture();
    struct gri_log log = {GRI_LOG_INFO, 2};
    gri_log(&log, GRI_LOG_INFO, "%.1f", 1.5);
    char *text = end_capture();
    ck_assert_str_eq(text, "INFO:     1.5\n");
    free(text);
}
END_TEST

/* Runs gr_main() and returns what it wrote to standard output or error (to be freed). */
static char *main_writes(gr_app *app, int fd, int argc, char **argv, int status)
{
    int real = dup(1);
    begin_capture();
    fflush(stdout);
    if (fd == 1)
        ck_assert_int_eq(dup2(captured_fd, 1), 1);
    ck_assert_int_eq(gr_main(app, argc, argv), status);
    fflush(stdout);
    dup2(real, 1);
    close(real);
    return end_capture();
}

START_TEST(the_document_has_a_point)
{
    ck_assert(set_locale(german));
    MAKE_APP(app, &measure_route);
    char *text = main_writes(app, 1, 2, (char *[]){"x", "--openapi", NULL}, 0);
    HAS(text, "\"exclusiveMinimum\": 0.5");
    HAS(text, "\"default\": 0.25");
    free(text);
}
END_TEST

/* --- letters --- */

struct letters {
    const bool *b;
    const double *d;
    const char *mail, *site, *only;
    const gr_uuid *id;
    const gr_duration *length;
    const gr_time *time;
    const gr_datetime *at;
};
#define LETTERS(KIND) \
    KIND(b, GR_OPTIONAL), KIND(d, GR_OPTIONAL), KIND(mail, GR_OPTIONAL, .format = GR_FORMAT_EMAIL), \
        KIND(site, GR_OPTIONAL, .format = GR_FORMAT_HTTP_URL), KIND(only, GR_OPTIONAL, .pattern = "^(?i)gridi+$"), \
        KIND(id, GR_OPTIONAL), KIND(length, GR_OPTIONAL), KIND(time, GR_OPTIONAL), KIND(at, GR_OPTIONAL)
static GR_INPUT(letters, LETTERS(GR_QUERY));
static GR_MODEL(letters, LETTERS(GR_FIELD));

static gr_reply letters(gr_co co, gr_req *req, const struct letters *in)
{
    (void)co;
    return letters_reply(req, in);
}
GR_GET("/letters", letters);

START_TEST(words_and_forms_are_read_by_the_rules_of_ascii)
{
    static const struct {
        const char *query;
        int status;
        const char *part;
    } cases[] = {
        {"b=TRUE", 200, "\"b\":true"},
        {"b=YES", 200, "\"b\":true"},
        {"b=ON", 200, "\"b\":true"},
        {"b=FALSE", 200, "\"b\":false"},
        {"b=OFF", 200, "\"b\":false"},
        {"b=I", 422, "bool_parsing"},
        {"d=INF", 422, "finite_number"},
        {"d=-INFINITY", 422, "finite_number"},
        {"d=iNfInItY", 422, "finite_number"},
        {"d=NaN", 422, "finite_number"},
        {"d=1E2", 200, "\"d\":100.0"},
        {"mail=a@x.INVALID", 422, "special-use"},
        {"mail=a@SITE.IO", 200, "\"mail\":\"a@site.io\""},
        {"site=HTTP://IBIS.IO/I/%252E%252e/x", 200, "\"site\":\"http://ibis.io/x\""},
        {"site=http://%2549.io", 200, "\"site\":\"http://i.io/\""},
        {"only=GRIDI", 200, "\"only\":\"GRIDI\""},
        {"only=GRID%C4%B1", 422, "string_pattern_mismatch"},
        {"id=ABCDEFAB-CDEF-4ABC-8DEF-ABCDEFABCDEF", 200, "\"id\":\"abcdefab-cdef-4abc-8def-abcdefabcdef\""},
        {"length=1%20DAY,%2010:20:30", 200, "\"length\":\"P1DT10H20M30S\""},
        {"length=P1DT2H", 200, "\"length\":\"P1DT2H\""},
        {"time=10:20:30z", 200, "\"time\":\"10:20:30Z\""},
        {"at=2020-01-31t10:20:30Z", 200, "\"at\":\"2020-01-31T10:20:30Z\""},
    };
    ck_assert(set_locale(turkish));
    MAKE_APP(app, &letters_route);
    gr_test *test = serve(app);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char target[200];
        snprintf(target, sizeof target, "/letters?%s", cases[i].query);
        gr_answer *answer = gr_test_get(test, target);
        ck_assert_msg(gr_answer_status(answer) == cases[i].status &&
                          strstr(gr_answer_body(answer, NULL), cases[i].part),
                      "%s: wanted %d with %s, got %s", cases[i].query, cases[i].status, cases[i].part,
                      gr_answer_body(answer, NULL));
        gr_answer_free(answer);
    }
    end(test, app);
}
END_TEST

struct fields {
    const char *x_id, *user_agent;
};
static GR_INPUT(fields, GR_HEADER(x_id), GR_HEADER(user_agent));
static GR_MODEL(fields, GR_FIELD(x_id), GR_FIELD(user_agent));

static gr_reply fields(gr_co co, gr_req *req, const struct fields *in)
{
    (void)co;
    ck_assert_str_eq(gr_header(req, "x-id"), gr_header(req, "X-ID"));
    ck_assert(gr_accepts_encoding(req, "gzip"));
    ck_assert(!gr_accepts_encoding(req, "DEFLATE"));
    return gr_with_header(fields_reply(req, in), "X-INDEX", "1");
}
GR_POST("/items", fields);

static const char fields_text[] = "{\"x_id\":\"I\",\"user_agent\":\"i\"}";

START_TEST(names_and_values_of_header_fields_are_compared_by_the_rules_of_ascii)
{
    ck_assert(set_locale(turkish));
    MAKE_APP(app, &fields_route, &echo_route);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_request(
        test, "POST", "HTTP://H/items",
        (const char *[]){"X-ID", "I", "USER-AGENT", "i", "ACCEPT-ENCODING", "X-GZIP, DEFLATE;Q=0", NULL}, NULL, 0);
    check_answer(answer, 200, fields_text);
    ck_assert_str_eq(gr_answer_header(answer, "x-index"), "1");
    gr_answer_free(answer);
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn,
         "POST /echo HTTP/1.1\r\nhost: h\r\ncontent-type: APPLICATION/PROBLEM+JSON; CHARSET=UTF-8\r\n"
         "TRANSFER-ENCODING: CHUNKED\r\nCONNECTION: CLOSE\r\n\r\nA\r\n{ \"I\":\"\\u0\r\na\r\n049\\u004a\"\r\n1\r\n}"
         "\r\n0\r\n\r\n");
    answer = gr_test_next_answer(conn, false);
    check_answer(answer, 200, "{\"I\":\"IJ\"}");
    gr_answer_free(answer);
    ck_assert(gr_test_closed(conn));
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(a_level_is_read_in_any_case)
{
    static const char *const names[] = {"debug", "INFO", "Warning", "ERROR", "CRITICAL", "oFF"};
    enum gri_log_level level;
    ck_assert(set_locale(turkish));
    for (int i = 0; i < 6; i++) {
        ck_assert_int_eq(gri_log_level_parse(names[i], &level), 0);
        ck_assert_int_eq(level, i);
    }
    ck_assert_int_eq(gri_log_level_parse("\xc4\xb0NFO", &level), GR_EINVAL);
    MAKE_APP(app, &echo_route);
    free(main_writes(app, 1, 4, (char *[]){"x", "--log-level", "CRITICAL", "--openapi", NULL}, 0));
}
END_TEST

/* --- what the system says --- */

START_TEST(what_failed_is_said_in_english)
{
    ck_assert(set_locale(german));
    ck_assert_str_eq(gr_strerror(-ECONNREFUSED), "Connection refused");
}
END_TEST

START_TEST(an_option_that_is_none_is_refused_in_words_of_our_own)
{
    static const struct {
        const char *option, *text;
    } cases[] = {{"--cheese", "x: the option \"--cheese\" is none, or the beginning of several\n"},
                 {"--max", "x: the option \"--max\" is none, or the beginning of several\n"},
                 {"-v", "x: the option \"-v\" is none, or the beginning of several\n"},
                 {"--help=1", "x: the option \"--help=1\" takes no value\n"},
                 {"--port", "x: the option \"--port\" needs a value\n"},
                 {"--port=80 ", "x: --port: \"80 \" is not a port, 0 to 65535\n"},
                 {"--port=+80", "x: --port: \"+80\" is not a port, 0 to 65535\n"},
                 {"--port=65536", "x: --port: \"65536\" is not a port, 0 to 65535\n"},
                 {"--port=1234567890", "x: --port: \"1234567890\" is not a port, 0 to 65535\n"},
                 {"--port=99999999999", "x: --port: \"99999999999\" is not a port, 0 to 65535\n"},
                 {"--port=", "x: --port: \"\" is not a port, 0 to 65535\n"},
                 {"--handler-ms=-1", "x: --handler-ms: \"-1\" is not a number, 0 to 999999999\n"},
                 {"--pattern-steps=no", "x: --pattern-steps: \"no\" is not a number, 0 to 999999999\n"},
                 {"--head-ms=0", "x: --head-ms: \"0\" is not a number, 1 to 999999999\n"}};
    ck_assert(set_locale(german));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        MAKE_APP(app, &echo_route);
        char *option = (char *)(uintptr_t)cases[i].option;
        char *text = main_writes(app, 2, 2, (char *[]){"x", option, NULL}, 2);
        HAS(text, cases[i].text);
        free(text);
    }
}
END_TEST

/* --- a locale for each thread --- */

enum { ROUNDS = 300, NUMBERS = 500 };

static pthread_barrier_t both_are_here;
static locale_t german_locale, c_locale;

static gr_reply sum_in(gr_req *req, locale_t locale)
{
    locale_t before = uselocale(locale);
    json_t *value;
    pthread_barrier_wait(&both_are_here);
    int rc = gr_body_json(req, &value);
    double sum = 0;
    for (size_t i = 0; rc == 0 && i < json_array_size(value); i++)
        sum += json_real_value(json_array_get(value, i));
    gr_reply reply = rc ? gr_failed(req, rc) : gr_json(req, json_pack("[f, s]", sum, gr_printf(req, "%.1f", sum)));
    uselocale(before);
    return reply;
}

static gr_reply in_german(gr_req *req)
{
    return sum_in(req, german_locale);
}
GR_POST("/german", in_german);

static gr_reply in_c(gr_req *req)
{
    return sum_in(req, c_locale);
}
GR_POST("/c", in_c);

static void post_numbers(struct rig *rig, struct gri_memory *client, const char *path)
{
    char body[NUMBERS * 4 + 2], raw[sizeof body + 200];
    memset(body, 0, sizeof body);
    for (int i = 0; i < NUMBERS; i++)
        memcpy(body + 4 * i, i ? ",1.5" : "[1.5", 4);
    body[4 * NUMBERS] = ']';
    snprintf(raw, sizeof raw, "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n%s", path, strlen(body), body);
    rig_say(rig, client, raw);
}

START_TEST(two_threads_have_two_locales)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &in_german_route, &in_c_route), 0);
    struct rig *rig = rig_begin(app, 2, 2);
    struct gri_memory *one = rig_connect(rig), *other = rig_connect(rig);
    pthread_barrier_init(&both_are_here, NULL, 2);
    c_locale = duplocale(LC_GLOBAL_LOCALE);
    ck_assert(set_locale(german));
    german_locale = duplocale(LC_GLOBAL_LOCALE);
    for (int i = 0; i < ROUNDS; i++) {
        one->received.len = other->received.len = 0;
        post_numbers(rig, one, "/german");
        post_numbers(rig, other, "/c");
        rig_wait(rig);
        rig_expect(one, "[750.0,\"750.0\"]");
        rig_expect(other, "[750.0,\"750.0\"]");
    }
    gri_memory_destroy(one);
    gri_memory_destroy(other);
    rig_end(rig);
    pthread_barrier_destroy(&both_are_here);
    freelocale(german_locale);
    freelocale(c_locale);
}
END_TEST

int main(void)
{
    return run_tests(
        "locale",
        (test_list){numbers_of_a_model_have_a_point, numbers_in_a_query_and_in_header_fields_have_a_point,
                    numbers_of_json_values_have_a_point, texts_that_a_handler_formats_have_a_point,
                    a_log_line_has_a_point, the_document_has_a_point, words_and_forms_are_read_by_the_rules_of_ascii,
                    names_and_values_of_header_fields_are_compared_by_the_rules_of_ascii, a_level_is_read_in_any_case,
                    what_failed_is_said_in_english, an_option_that_is_none_is_refused_in_words_of_our_own,
                    two_threads_have_two_locales, NULL},
        60);
}
