/* Middleware with an argument, and what is next: whose it is, and how often. */
#include "app_test.h"

struct stamp {
    const char *name, *value;
};

static gr_reply stamp(gr_co co, gr_req *req, gr_next *next, const void *with)
{
    const struct stamp *stamp = with;
    return gr_with_header(gr_call_next(co, req, next), stamp->name, stamp->value);
}

static gr_reply blocking_stamp(gr_req *req, gr_next *next, const void *with)
{
    const struct stamp *stamp = with;
    return gr_with_header(gr_call_next_blocking(req, next), stamp->name, stamp->value);
}

static gr_reply through(gr_co co, gr_req *req, gr_next *next)
{
    return gr_call_next(co, req, next);
}

static gr_reply through_blocking(gr_req *req, gr_next *next)
{
    return gr_call_next_blocking(req, next);
}

static gr_reply hello(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "hello");
}
GR_GET("/async", hello);

static gr_reply slow(gr_req *req)
{
    return gr_text(req, "slow");
}
GR_GET("/blocking", slow);

static const struct stamp one = {"X-One", "1"}, two = {"X-Two", "2"};

/* --- the argument --- */

START_TEST(each_middleware_gets_what_it_was_added_with)
{
    MAKE_APP(app, &hello_route, &slow_route);
    ck_assert_int_eq(gr_use(app, stamp, .with = &one), 0);
    ck_assert_int_eq(gr_use(app, stamp, .with = &two, .name = "the second stamp"), 0);
    gr_test *test = serve(app);
    const char *const targets[] = {"/async", "/blocking", "/nowhere"};
    for (int i = 0; i < 3; i++) {
        gr_answer *answer = gr_test_get(test, targets[i]);
        ck_assert_pstr_eq(gr_answer_header(answer, "X-One"), "1");
        ck_assert_pstr_eq(gr_answer_header(answer, "X-Two"), "2");
        gr_answer_free(answer);
    }
    end(test, app);
}
END_TEST

START_TEST(a_blocking_middleware_gets_its_argument_on_the_pool)
{
    MAKE_APP(app, &slow_route);
    ck_assert_int_eq(gr_use(app, stamp, .with = &one), 0);
    ck_assert_int_eq(gr_use(app, through_blocking), 0);
    ck_assert_int_eq(gr_use(app, blocking_stamp, .with = &two), 0);
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/blocking");
    check_answer(answer, 200, "slow");
    ck_assert_pstr_eq(gr_answer_header(answer, "X-One"), "1");
    ck_assert_pstr_eq(gr_answer_header(answer, "X-Two"), "2");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

/* As a router holds them: static, and of both kinds. */
static const gr_middleware *const stamps[] = {
    GR_MIDDLEWARE(stamp, .with = &one),
    GR_MIDDLEWARE(through, .name = "between"),
    GR_MIDDLEWARE(blocking_stamp, .with = &two),
    GR_MIDDLEWARE(through_blocking),
};

START_TEST(a_list_of_middleware_can_be_static)
{
    MAKE_APP(app, &slow_route);
    for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++)
        ck_assert_int_eq(gr_use_middleware(app, stamps[i]), 0);
    ck_assert_str_eq(stamps[0]->name, "stamp");
    ck_assert_str_eq(stamps[1]->options.name, "between");
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/blocking");
    ck_assert_pstr_eq(gr_answer_header(answer, "X-One"), "1");
    ck_assert_pstr_eq(gr_answer_header(answer, "X-Two"), "2");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_list_of_middleware_ends_in_null)
{
    const gr_middleware *const *list = GR_MIDDLEWARES(GR_MIDDLEWARE(through), GR_MIDDLEWARE(stamp, .with = &one));
    ck_assert_str_eq(list[0]->name, "through");
    ck_assert(list[0]->async == through && !list[0]->blocking && !list[0]->async_with && !list[0]->blocking_with);
    ck_assert(list[1]->async_with == stamp && list[1]->options.with == &one);
    ck_assert_ptr_null(list[2]);
}
END_TEST

/* --- mistakes at start --- */

static void check_refused(const gr_middleware *middleware, const char *sentence)
{
    MAKE_APP(app, &slow_route);
    ck_assert_int_eq(gr_use_middleware(app, middleware), 0);
    char *text = refusal(app);
    HAS(text, sentence);
    free(text);
    gr_app_destroy(app);
}

START_TEST(a_hand_filled_middleware_that_cannot_be_called_is_refused_at_start)
{
    gr_middleware made = {.size = sizeof made, .name = "made"};
    check_refused(&made, "middleware \"made\": it is one function, and not 0");
    made.async = through;
    made.blocking = through_blocking;
    check_refused(&made, "middleware \"made\": it is one function, and not 2");
    made.blocking = NULL;
    made.options.with = &one;
    check_refused(&made, "middleware \"made\" takes no argument, and .with gives it one");
    made = (gr_middleware){.size = sizeof made, .async_with = stamp};
    check_refused(&made, "middleware \"(without a name)\" takes an argument, and .with gives it none");
}
END_TEST

START_TEST(only_a_name_gives_no_argument)
{
    check_refused(GR_MIDDLEWARE(stamp, .name = "limit"), "middleware \"limit\" takes an argument, and .with gives");
}
END_TEST

START_TEST(a_middleware_of_another_size_is_refused)
{
    MAKE_APP(app, &slow_route);
    gr_middleware made = *GR_MIDDLEWARE(through);
    made.size = 0;
    ck_assert_int_eq(gr_use_middleware(app, &made), GR_EINVAL);
    ck_assert_int_eq(gr_use_middleware(app, NULL), GR_EINVAL);
    char *text = refusal(app);
    HAS(text, "the application could not be built: gr_use_middleware() takes a middleware, of size");
    free(text);
    gr_app_destroy(app);
    ck_assert_int_eq(gr_use_middleware(NULL, GR_MIDDLEWARE(through)), GR_ENOMEM);
}
END_TEST

/* --- what is next --- */

static gr_next *kept;
static gr_req *kept_req;

static gr_reply keep(gr_co co, gr_req *req, gr_next *next)
{
    kept = next;
    kept_req = req;
    return gr_call_next(co, req, next);
}

static gr_reply outer(gr_co co, gr_req *req, gr_next *next)
{
    gr_reply reply = gr_call_next(co, req, next);
    return gr_reply_status(reply) == 200 ? gr_call_next(co, req, kept) : reply;
}

static void check_logged(gr_app *app, const char *target, const char *sentence)
{
    gr_test *test = serve(app);
    begin_capture();
    gr_answer *answer = gr_test_get(test, target);
    char *text = end_capture();
    check_answer(answer, 500, "Internal Server Error");
    HAS(text, sentence);
    free(text);
    gr_answer_free(answer);
    end(test, app);
}

START_TEST(what_is_next_of_a_middleware_that_has_returned_is_refused)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, outer), 0);
    ck_assert_int_eq(gr_use(app, keep), 0);
    check_logged(app, "/async",
                 "operation \"hello\": gr_call_next() was given what is next of another request, or of a "
                 "middleware that has returned");
}
END_TEST

static gr_reply inner(gr_co co, gr_req *req, gr_next *next)
{
    (void)next;
    return gr_call_next(co, req, kept); /* of the middleware around it */
}

START_TEST(what_is_next_of_the_middleware_around_is_refused)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, keep), 0);
    ck_assert_int_eq(gr_use(app, inner), 0);
    check_logged(app, "/async", "operation \"hello\": middleware \"keep\" called what is next twice");
}
END_TEST

/* The first request waits, with what is its own; the second one takes the first one's. */
static gr_reply exchange(gr_co co, gr_req *req, gr_next *next)
{
    if (!kept) {
        kept = next;
        kept_req = req;
        int rc = gr_sleep(co, 1000);
        return rc ? gr_failed(req, rc) : gr_call_next(co, req, next);
    }
    return gr_call_next(co, req, kept);
}

/* Two requests: the first one is to be answered as ever, the second one by 500. */
static void check_second_request(gr_app *app, const char *log, const char *other_log)
{
    gr_test *test = serve(app);
    gr_test_conn *first = gr_test_connect(test), *second = gr_test_connect(test);
    SEND(first, GET("/async"));
    begin_capture();
    SEND(second, GET("/async"));
    gr_test_advance(test, 1000);
    char *text = end_capture();
    HAS(gr_test_received(first, NULL), "200 OK");
    HAS(gr_test_received(second, NULL), "500 Internal Server Error");
    HAS(text, log);
    HAS(text, other_log);
    free(text);
    gr_test_conn_destroy(first);
    gr_test_conn_destroy(second);
    end(test, app);
}

START_TEST(what_is_next_of_another_request_is_refused)
{
    MAKE_APP(app, &hello_route);
    kept = NULL;
    ck_assert_int_eq(gr_use(app, exchange), 0);
    check_second_request(app, "gr_call_next() was given what is next of another request", "");
}
END_TEST

static gr_reply take_other_request(gr_co co, gr_req *req, gr_next *next)
{
    return kept_req == req ? gr_call_next(co, req, next) : gr_call_next(co, kept_req, next);
}

/* The first request is alive, and stays as it was; the second one cannot pass as it. */
static gr_reply wait_first(gr_co co, gr_req *req, gr_next *next)
{
    if (kept_req)
        return gr_call_next(co, req, next);
    kept_req = req;
    int rc = gr_sleep(co, 1000);
    return rc ? gr_failed(req, rc) : gr_call_next(co, req, next);
}

START_TEST(another_request_in_the_place_of_ones_own_is_refused)
{
    MAKE_APP(app, &hello_route);
    kept_req = NULL;
    ck_assert_int_eq(gr_use(app, wait_first), 0);
    ck_assert_int_eq(gr_use(app, take_other_request), 0);
    check_second_request(app, "was given what is next of another request",
                         "middleware \"take_other_request\" returned a reply that belongs to another request");
}
END_TEST

static gr_reply as_if_blocking(gr_co co, gr_req *req, gr_next *next)
{
    (void)co;
    return gr_call_next_blocking(req, next);
}

START_TEST(an_async_middleware_cannot_go_on_as_a_blocking_one)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, as_if_blocking), 0);
    check_logged(app, "/async", "middleware \"as_if_blocking\" is async: it has to call gr_call_next()");
}
END_TEST

static gr_reply nothing(gr_req *req, gr_next *next)
{
    (void)req, (void)next;
    return (gr_reply){NULL};
}

START_TEST(a_middleware_that_returns_no_reply_is_named)
{
    MAKE_APP(app, &slow_route);
    ck_assert_int_eq(gr_use(app, nothing, .name = "the empty one"), 0);
    check_logged(app, "/blocking", "operation \"slow\": middleware \"the empty one\" returned no reply");
}
END_TEST

/* --- the request's identity --- */

static gr_reply name_it(gr_co co, gr_req *req, gr_next *next, const void *with)
{
    gr_set_request_id(req, with);
    return gr_with_header(gr_call_next(co, req, next), "X-Seen", gr_request_id(req));
}

static gr_reply rename_it(gr_req *req)
{
    gr_set_request_id(req, "of the operation");
    return gr_text(req, gr_request_id(req));
}
GR_GET("/renamed", rename_it);

START_TEST(the_identity_that_one_middleware_set_is_no_other_ones_to_change)
{
    MAKE_APP(app, &hello_route, &rename_it_route);
    ck_assert_int_eq(gr_use(app, name_it, .with = "first", .name = "one"), 0);
    ck_assert_int_eq(gr_use(app, name_it, .with = "second", .name = "other"), 0);
    gr_test *test = serve(app);
    begin_capture();
    gr_answer *answer = gr_test_get(test, "/async");
    char *text = end_capture();
    ck_assert_pstr_eq(gr_answer_header(answer, "X-Seen"), "first");
    HAS(text,
        "operation \"hello\": middleware \"other\" sets the request's id to \"second\", and middleware \"one\" had "
        "set \"first\", which stays");
    gr_answer_free(answer);
    free(text);
    begin_capture();
    check_get(test, "/renamed", 200, "of the operation");
    text = end_capture();
    LACKS(text, "of the operation");
    free(text);
    end(test, app);
}
END_TEST

static gr_reply name_twice(gr_co co, gr_req *req, gr_next *next)
{
    gr_set_request_id(req, "a");
    gr_reply reply = gr_call_next(co, req, next);
    gr_set_request_id(req, "b");
    return gr_with_header(reply, "X-Seen", gr_request_id(req));
}

START_TEST(a_middleware_may_change_the_identity_that_it_set_itself)
{
    MAKE_APP(app, &hello_route);
    ck_assert_int_eq(gr_use(app, name_twice), 0);
    gr_test *test = serve(app);
    begin_capture();
    gr_answer *answer = gr_test_get(test, "/async");
    char *text = end_capture();
    ck_assert_str_eq(text, "");
    ck_assert_pstr_eq(gr_answer_header(answer, "X-Seen"), "b");
    gr_answer_free(answer);
    free(text);
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests(
        "app middleware arguments",
        (test_list){each_middleware_gets_what_it_was_added_with, a_blocking_middleware_gets_its_argument_on_the_pool,
                    a_list_of_middleware_can_be_static, a_list_of_middleware_ends_in_null,
                    a_hand_filled_middleware_that_cannot_be_called_is_refused_at_start, only_a_name_gives_no_argument,
                    a_middleware_of_another_size_is_refused, what_is_next_of_a_middleware_that_has_returned_is_refused,
                    what_is_next_of_the_middleware_around_is_refused, what_is_next_of_another_request_is_refused,
                    another_request_in_the_place_of_ones_own_is_refused,
                    an_async_middleware_cannot_go_on_as_a_blocking_one, a_middleware_that_returns_no_reply_is_named,
                    the_identity_that_one_middleware_set_is_no_other_ones_to_change,
                    a_middleware_may_change_the_identity_that_it_set_itself, NULL},
        10);
}
