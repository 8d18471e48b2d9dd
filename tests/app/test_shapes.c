#include <pthread.h>

#include "app_test.h"

static pthread_t loop_thread;

static const char *where(void)
{
    return pthread_equal(loop_thread, pthread_self()) ? "loop" : "pool";
}

static gr_reply bare_async(gr_co co, gr_req *req)
{
    int rc = gr_yield(co);
    return rc ? gr_failed(req, rc) : gr_text(req, where());
}
GR_GET("/async", bare_async);

static gr_reply bare_blocking(gr_req *req)
{
    return gr_text(req, where());
}
GR_GET("/blocking", bare_blocking);

struct find {
    int64_t id;
    const char *q;
    bool brief;
    double ratio;
    unsigned char level;
    const int *page;
};
static GR_INPUT(find, GR_PATH(id, GR_GE(1)), GR_QUERY(q, GR_OPTIONAL, .max_len = 5),
                GR_QUERY(brief, GR_DEFAULT(false)), GR_QUERY(ratio, GR_DEFAULT(0.5)),
                GR_QUERY(level, .alias = "lvl"), GR_QUERY(page, GR_OPTIONAL));

static gr_reply say(gr_req *req, const struct find *in)
{
    return gr_text(req, gr_printf(req, "%s %lld %s %d %.2f %u %d", where(), (long long)in->id, in->q ? in->q : "-",
                                  in->brief, in->ratio, in->level, in->page ? *in->page : -1));
}

static gr_reply find(gr_co co, gr_req *req, const struct find *in)
{
    (void)co;
    return say(req, in);
}
GR_GET("/find/{id}", find);

struct look {
    int64_t id;
    const char *name;
};
static GR_INPUT(look, GR_PATH(id), GR_QUERY(name, .min_len = 2));

static gr_reply look(gr_req *req, const struct look *in)
{
    return gr_text(req, gr_printf(req, "%s %lld %s", where(), (long long)in->id, in->name));
}
GR_POST("/look/{id:int}", look);
GR_ROUTE_AS(look_again, "PROPFIND", "/again/{id}", look);

static gr_test *serve_all(gr_app **app)
{
    *app = gr_app_create("tests", "1");
    ck_assert_int_eq(
        gr_app_add(*app, &bare_async_route, &bare_blocking_route, &find_route, &look_route, &look_again_route), 0);
    loop_thread = pthread_self();
    return serve(*app);
}

START_TEST(an_async_handler_runs_on_the_loop)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/async", 200, "loop");
    end(test, app);
}
END_TEST

START_TEST(a_blocking_handler_runs_on_the_pool)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/blocking", 200, "pool");
    end(test, app);
}
END_TEST

START_TEST(an_async_handler_gets_its_input)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/find/7?lvl=3", 200, "loop 7 - 0 0.50 3 -1");
    check_get(test, "/find/%201_000?q=a+b&brief=YES&ratio=1e1&lvl=255&page=-4", 200, "loop 1000 a b 1 10.00 255 -4");
    check_get(test, "/find/7?lvl=1&lvl=2", 200, "loop 7 - 0 0.50 2 -1");
    end(test, app);
}
END_TEST

START_TEST(a_blocking_handler_gets_its_input)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_request(test, "POST", "/look/7?name=%C3%A9%C3%A9", 200, "pool 7 \xc3\xa9\xc3\xa9");
    end(test, app);
}
END_TEST

START_TEST(a_handler_serves_a_second_route_with_a_method_of_its_own)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_request(test, "PROPFIND", "/again/3?name=ab", 200, "pool 3 ab");
    check_request(test, "PROPFIND", "/again/x?name=ab", 422, NULL);
    end(test, app);
}
END_TEST

static gr_reply by_hand(gr_co co, gr_req *req, const void *in)
{
    (void)co;
    ck_assert_ptr_null(in);
    return gr_text(req, gr_operation(req));
}

START_TEST(a_route_filled_by_hand_is_served)
{
    static const gr_route async_route = {
        .size = sizeof async_route, .method = "GET", .path = "/hand", .name = "hand", .call = by_hand};
    static const gr_route blocking_route = {.size = sizeof blocking_route,
                                            .method = "LOCK",
                                            .path = "/hand",
                                            .name = "hold",
                                            .kind = GR_BLOCKING,
                                            .call = by_hand};
    MAKE_APP(app, &async_route, &blocking_route);
    gr_test *test = serve(app);
    check_get(test, "/hand", 200, "hand");
    check_request(test, "LOCK", "/hand", 200, "hold");
    end(test, app);
}
END_TEST

START_TEST(a_value_that_does_not_parse_is_422)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/find/x?lvl=1", 422,
              "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"path\",\"id\"],\"msg\":\"Input should be a valid "
              "integer, unable to parse string as an integer\",\"input\":\"x\"}]}");
    end(test, app);
}
END_TEST

START_TEST(a_missing_value_is_422_by_its_alias)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/find/1", 422,
              "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"query\",\"lvl\"],\"msg\":\"Field "
              "required\",\"input\":null}]}");
    end(test, app);
}
END_TEST

START_TEST(a_value_out_of_its_bounds_is_422)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/find/0?lvl=1", 422,
              "{\"detail\":[{\"type\":\"greater_than_equal\",\"loc\":[\"path\",\"id\"],\"msg\":\"Input should be "
              "greater than or equal to 1\",\"input\":\"0\",\"ctx\":{\"ge\":1}}]}");
    check_get(test, "/find/1?lvl=1&q=toolong", 422,
              "{\"detail\":[{\"type\":\"string_too_long\",\"loc\":[\"query\",\"q\"],\"msg\":\"String should have at "
              "most 5 characters\",\"input\":\"toolong\",\"ctx\":{\"max_length\":5}}]}");
    end(test, app);
}
END_TEST

START_TEST(a_value_that_its_member_cannot_hold_is_422)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_get(test, "/find/1?lvl=256", 422, NULL);
    check_get(test, "/find/1?lvl=-1", 422, NULL);
    check_get(test, "/find/9223372036854775808?lvl=1", 422, NULL);
    check_get(test, "/find/1?lvl=1&page=2147483648", 422, NULL);
    end(test, app);
}
END_TEST

START_TEST(all_mistakes_are_reported_together_those_of_the_path_first)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    gr_answer *answer = gr_test_get(test, "/find/x?q=toolong&brief=maybe&ratio=z&lvl=999&page=p");
    check_answer(answer, 422, NULL);
    json_t *detail = json_object_get(gr_answer_json(answer), "detail");
    ck_assert_uint_eq(json_array_size(detail), 6);
    static const char *const names[] = {"id", "q", "brief", "ratio", "lvl", "page"};
    for (size_t i = 0; i < 6; i++) {
        const char *name = json_string_value(json_array_get(json_object_get(json_array_get(detail, i), "loc"), 1));
        ck_assert_str_eq(name, names[i]);
    }
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_blocking_handler_does_not_run_on_wrong_input)
{
    gr_app *app;
    gr_test *test = serve_all(&app);
    check_request(test, "POST", "/look/1?name=a", 422,
                  "{\"detail\":[{\"type\":\"string_too_short\",\"loc\":[\"query\",\"name\"],\"msg\":\"String should "
                  "have at least 2 characters\",\"input\":\"a\",\"ctx\":{\"min_length\":2}}]}");
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("app shapes",
                     (test_list){an_async_handler_runs_on_the_loop, a_blocking_handler_runs_on_the_pool,
                                 an_async_handler_gets_its_input, a_blocking_handler_gets_its_input,
                                 a_handler_serves_a_second_route_with_a_method_of_its_own,
                                 a_route_filled_by_hand_is_served, a_value_that_does_not_parse_is_422,
                                 a_missing_value_is_422_by_its_alias, a_value_out_of_its_bounds_is_422,
                                 a_value_that_its_member_cannot_hold_is_422,
                                 all_mistakes_are_reported_together_those_of_the_path_first,
                                 a_blocking_handler_does_not_run_on_wrong_input, NULL},
                     10);
}
