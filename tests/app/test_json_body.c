/* gr_body_json(): what is taken, and FastAPI's answers to what is not. */
#include "serve.h"

static gr_reply takes(gr_co co, gr_req *req)
{
    (void)co;
    json_t *value, *again;
    int rc = gr_body_json(req, &value);
    if (rc)
        return gr_failed(req, rc);
    rc = gr_body_json(req, &again);
    ck_assert_int_eq(rc, 0);
    ck_assert_ptr_eq(value, again);
    return gr_json(req, json_incref(value));
}
GR_POST("/async", takes);

static gr_reply takes_blocking(gr_req *req)
{
    json_t *value;
    int rc = gr_body_json(req, &value);
    return rc ? gr_failed(req, rc) : gr_json(req, json_incref(value));
}
GR_POST("/blocking", takes_blocking);

static void expect_json(const char *body, size_t len, int status, const char *wanted)
{
    static const char *const headers[] = {"Content-Type", "application/json", NULL};
    if (!test)
        SERVE(&takes_route, &takes_blocking_route);
    for (int i = 0; i < 2; i++) {
        gr_answer *answer = gr_test_request(test, "POST", i ? "/blocking" : "/async", headers, body, len);
        ck_assert_msg(answer != NULL, "%.60s: no answer", body);
        ck_assert_msg(gr_answer_status(answer) == status, "%.60s: wanted %d, got %d %s", body, status,
                      gr_answer_status(answer), gr_answer_body(answer, NULL));
        if (wanted)
            ck_assert_str_eq(gr_answer_body(answer, NULL), wanted);
        gr_answer_free(answer);
    }
}

static void expect_taken(const char *body, const char *wanted)
{
    expect_json(body, strlen(body), 200, wanted);
}

static void expect_invalid(const char *body, int position, const char *error)
{
    char wanted[500];
    snprintf(wanted, sizeof wanted,
             "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",%d],\"msg\":\"JSON decode error\",\"input\":{},"
             "\"ctx\":{\"error\":\"%s\"}}]}",
             position, error);
    expect_json(body, strlen(body), 422, wanted);
}

START_TEST(any_value_is_taken)
{
    expect_taken("{\"a\":[1,2.5,true,null,\"\\u00e4\"]}", "{\"a\":[1,2.5,true,null,\"\xc3\xa4\"]}");
    expect_taken(" 5 ", "5");
    expect_taken("null", "null");
    expect_taken("\"\"", "\"\"");
    expect_taken("[]", "[]");
    end();
}
END_TEST

START_TEST(what_is_broken_is_json_invalid_with_its_position)
{
    expect_invalid("{\"name\":\"x\",}", 12, "Expecting property name enclosed in double quotes");
    end();
}
END_TEST

START_TEST(a_missing_value_is_expected)
{
    expect_invalid("[1,", 3, "Expecting value");
    expect_invalid("nul", 0, "Expecting value");
    expect_invalid("{\"a\":}", 5, "Expecting value");
    expect_invalid("{\"a\" 1}", 5, "Expecting ':' delimiter");
    expect_invalid("[1 2]", 3, "Expecting ',' delimiter");
    expect_invalid("1 2", 2, "Extra data");
    end();
}
END_TEST

static void expect_refused(const char *body, size_t len)
{
    expect_json(body, len, 422, NULL);
}

#define EXPECT_REFUSED(body) expect_refused((body), sizeof(body) - 1)

START_TEST(what_rfc_8259_does_not_allow_is_refused)
{
    EXPECT_REFUSED("NaN");
    EXPECT_REFUSED("Infinity");
    EXPECT_REFUSED("1e400");
    EXPECT_REFUSED("01");
    EXPECT_REFUSED("+1");
    EXPECT_REFUSED("'a'");
    EXPECT_REFUSED("{\"a\":1,\"a\":2}");
    EXPECT_REFUSED("\"\\ud800\"");
    EXPECT_REFUSED("123\0");
    EXPECT_REFUSED("{}\0");
    EXPECT_REFUSED("\"a\nb\"");
    end();
}
END_TEST

START_TEST(no_body_is_missing)
{
    SERVE(&takes_route);
    gr_answer *answer = ask("POST", "/async", NULL, NULL);
    ck_assert_int_eq(gr_answer_status(answer), 422);
    ck_assert_str_eq(gr_answer_body(answer, NULL),
                     "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field "
                     "required\",\"input\":null}]}");
    gr_answer_free(answer);
    end();
}
END_TEST

static void nest(int depth, int status)
{
    char *body = malloc((size_t)depth * 2 + 1);
    memset(body, '[', (size_t)depth);
    memset(body + depth, ']', (size_t)depth);
    body[depth * 2] = '\0';
    expect_json(body, (size_t)depth * 2, status, NULL);
    free(body);
}

START_TEST(sixty_four_levels_are_taken_and_no_more)
{
    nest(64, 200);
    nest(65, 422);
    nest(30000, 422);
    nest(300000, 422);
    end();
}
END_TEST

START_TEST(a_body_over_64_kib_is_taken)
{
    size_t len = 200000;
    char *body = malloc(len + 1);
    memset(body, ' ', len);
    memcpy(body, "[1", 2);
    body[len - 1] = ']';
    body[len] = '\0';
    expect_json(body, len, 200, "[1]");
    body[len - 1] = '}';
    expect_json(body, len, 422, NULL);
    free(body);
    end();
}
END_TEST

static gr_reply never_asks(gr_co co, gr_req *req)
{
    (void)co;
    size_t len;
    gr_body(req, &len);
    return gr_text(req, gr_printf(req, "%zu", len));
}
GR_POST("/never", never_asks);

START_TEST(a_large_body_that_is_no_json_is_no_matter_to_who_does_not_ask)
{
    SERVE(&never_asks_route);
    char *body = malloc(100001);
    memset(body, '{', 100000);
    body[100000] = '\0';
    gr_answer *answer = gr_test_post_json(test, "/never", body);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "100000");
    gr_answer_free(answer);
    free(body);
    end();
}
END_TEST

START_TEST(a_large_body_of_values_is_bounded)
{
    size_t len = 900000;
    char *body = malloc(len + 1);
    for (size_t i = 1; i < len - 3; i += 3)
        memcpy(body + i, "{},", 3);
    body[0] = '[';
    memcpy(body + len - 3, "1] ", 4);
    int status = 0;
    SERVE(&takes_route, &takes_blocking_route);
    gr_answer *answer = gr_test_post_json(test, "/async", body);
    ck_assert_ptr_nonnull(answer);
    status = gr_answer_status(answer);
    ck_assert_msg(status == 200 || status == 422 || status == 413, "got %d", status);
    gr_answer_free(answer);
    free(body);
    end();
}
END_TEST

int main(void)
{
    test_list tests = {
        any_value_is_taken,
        what_is_broken_is_json_invalid_with_its_position,
        a_missing_value_is_expected,
        what_rfc_8259_does_not_allow_is_refused,
        no_body_is_missing,
        sixty_four_levels_are_taken_and_no_more,
        a_body_over_64_kib_is_taken,
        a_large_body_that_is_no_json_is_no_matter_to_who_does_not_ask,
        a_large_body_of_values_is_bounded,
        NULL,
    };
    return run_tests("json bodies", tests, 30);
}
