/* Dependencies and the body: who takes it, when it is read, and what is known before. */
#include <griddle/stream.h>

#include "need.h"

struct item {
    const char *name;
};
static GR_MODEL(item, GR_FIELD(name));

struct takes_item {
    struct item item;
};
static GR_INPUT(takes_item, GR_BODY(item, item));
static int takes_item(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct takes_item *in, const char **value)
{
    *value = in->item.name;
    return note("takes_item");
}
GR_DEPENDENCY(takes_item, const char *);

struct only_it {
    const char *name;
};
static GR_INPUT(only_it, GR_NEEDS(name, takes_item));
static gr_reply only_it(GR_UNUSED gr_co co, gr_req *req, const struct only_it *in)
{
    note("handler");
    return gr_text(req, in->name);
}
GR_POST("/only", only_it);

struct the_same {
    const char *name;
    struct item item;
};
static GR_INPUT(the_same, GR_NEEDS(name, takes_item), GR_BODY(item, item));
static gr_reply the_same(GR_UNUSED gr_co co, gr_req *req, const struct the_same *in)
{
    return gr_text(req, gr_printf(req, "%s %s", in->name, in->item.name));
}
GR_POST("/same", the_same);

struct one_more {
    const char *name;
    int64_t count;
};
static GR_INPUT(one_more, GR_NEEDS(name, takes_item), GR_FIELD(count));
static gr_reply one_more(gr_req *req, const struct one_more *in)
{
    return gr_text(req, gr_printf(req, "%s %d", in->name, (int)in->count));
}
GR_POST("/more", one_more);

static gr_app *app;
static gr_test *test;

static void begin(void)
{
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &only_it_route, &the_same_route, &one_more_route), 0);
    test = serve(app);
    trace[0] = '\0';
}

static void post(const char *target, const char *json, int status, const char *body)
{
    gr_answer *answer = gr_test_post_json(test, target, json);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

START_TEST(a_body_that_a_dependency_alone_takes_is_the_whole)
{
    begin();
    post("/only", "{\"name\":\"x\"}", 200, "x");
    post("/only", "{}", 422,
         "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"name\"],\"msg\":\"Field required\",\"input\":{}}]}");
    end(test, app);
}
END_TEST

START_TEST(the_same_one_that_two_take_is_one)
{
    begin();
    post("/same", "{\"name\":\"x\"}", 200, "x x");
    end(test, app);
}
END_TEST

START_TEST(several_are_members_of_one_by_their_names)
{
    begin();
    post("/more", "{\"item\":{\"name\":\"x\"},\"count\":3}", 200, "x 3");
    post("/more", "{\"name\":\"x\"}", 422,
         "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"item\"],\"msg\":\"Field required\",\"input\":null},"
         "{\"type\":\"missing\",\"loc\":[\"body\",\"count\"],\"msg\":\"Field required\",\"input\":null}]}");
    end(test, app);
}
END_TEST

/* --- no JSON --- */

GIVES(counts);

struct counted {
    int n;
    struct item item;
};
static GR_INPUT(counted, GR_NEEDS(n, counts), GR_BODY(item, item));
HANDLES(counted)
GR_POST("/counted", counted);

static int refuses(GR_UNUSED gr_co co, gr_req *req)
{
    note("refuses");
    return gr_fail(req, 401, "no");
}
GR_GUARD(refuses);
static int refuses_early(GR_UNUSED gr_co co, gr_req *req)
{
    note("refuses_early");
    return gr_fail(req, 401, "no");
}
GR_GUARD(refuses_early, .before_body = true);
static int checks_early(GR_UNUSED gr_req *req)
{
    return note("checks_early");
}
GR_GUARD(checks_early, .before_body = true);

GR_ROUTE_AS(counted_late, "POST", "/late", counted, .needs = GR_DEPENDENCIES(&refuses_dependency));
GR_ROUTE_AS(counted_early, "POST", "/early", counted, .needs = GR_DEPENDENCIES(&refuses_early_dependency));
GR_ROUTE_AS(counted_checked, "POST", "/checked", counted, .needs = GR_DEPENDENCIES(&checks_early_dependency));

static void begin_counted(void)
{
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &counted_route, &counted_late_route, &counted_early_route, &counted_checked_route),
                     0);
    test = serve(app);
    trace[0] = '\0';
}

START_TEST(what_is_no_json_is_answered_alone_before_any_runs)
{
    const char *wanted = "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",1],\"msg\":\"JSON decode error\","
                         "\"input\":{},\"ctx\":{\"error\":\"Expecting property name enclosed in double quotes\"}}]}";
    begin_counted();
    post("/counted", "{x", 422, wanted);
    post("/late", "{x", 422, wanted);
    ck_assert_str_eq(trace, "");
    end(test, app);
}
END_TEST

START_TEST(but_for_those_before_the_body)
{
    begin_counted();
    post("/early", "{x", 401, "{\"detail\":\"no\"}");
    ck_assert_str_eq(trace, "refuses_early ");
    end(test, app);
}
END_TEST

START_TEST(a_wrong_body_is_told_behind_what_refuses)
{
    begin_counted();
    post("/late", "{}", 401, "{\"detail\":\"no\"}");
    end(test, app);
}
END_TEST

/* --- before the body --- */

#define HEAD(target) \
    "POST " target " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n" \
    "Content-Length: 12\r\n\r\n"

START_TEST(who_is_refused_before_the_body_has_sent_none)
{
    begin_counted();
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, HEAD("/early"));
    HAS(gr_test_received(conn, NULL), "HTTP/1.1 401");
    LACKS(gr_test_received(conn, NULL), "100 Continue");
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(who_is_let_in_is_asked_for_it)
{
    begin_counted();
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, HEAD("/checked"));
    gr_test_advance(test, 0);
    ck_assert_str_eq(trace, "checks_early ");
    HAS(gr_test_received(conn, NULL), "100 Continue");
    SEND(conn, "{\"name\":\"x\"}");
    HAS(gr_test_received(conn, NULL), "200 OK");
    ck_assert_str_eq(trace, "checks_early counts handler ");
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

struct keyed {
    const char *key;
};
static GR_INPUT(keyed, GR_HEADER(key, .alias = "x-key"));
static int keyed(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct keyed *in, const char **value)
{
    *value = in->key;
    return note("keyed");
}
GR_DEPENDENCY(keyed, const char *);
struct user {
    const char *key;
    int n;
};
static GR_INPUT(user, GR_NEEDS(key, keyed), GR_NEEDS(n, counts));
static int user(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct user *in, const char **value)
{
    *value = in->key;
    return note("user");
}
GR_DEPENDENCY(user, const char *, .before_body = true);
GIVES(other);
struct secured {
    int other, n;
    const char *user;
    int64_t limit;
    struct item item;
};
static GR_INPUT(secured, GR_NEEDS(other, other), GR_NEEDS(user, user), GR_NEEDS(n, counts), GR_QUERY(limit, GR_DEFAULT(1)),
                GR_BODY(item, item));
HANDLES(secured)
GR_POST("/secured", secured);
GR_ROUTE_AS(secured_get, "GET", "/secured", secured);

static void begin_secured(void)
{
    app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add(app, &secured_route, &secured_get_route), 0);
    test = serve(app);
    trace[0] = '\0';
}

START_TEST(with_what_they_need_they_come_first_in_their_order)
{
    begin_secured();
    gr_answer *answer = gr_test_request(test, "POST", "/secured",
                                        (const char *const[]){"X-Key", "k", "Content-Type", "application/json", NULL},
                                        "{\"name\":\"x\"}", 12);
    check_answer(answer, 200, "done");
    gr_answer_free(answer);
    ck_assert_str_eq(trace, "keyed counts user other handler ");
    end(test, app);
}
END_TEST

#define MISSING_KEY "{\"type\":\"missing\",\"loc\":[\"header\",\"x-key\"],\"msg\":\"Field required\",\"input\":null}"

START_TEST(what_their_input_got_wrong_is_answered_without_the_body)
{
    begin_secured();
    gr_test_conn *conn = gr_test_connect(test);
    SEND(conn, HEAD("/secured?limit=x"));
    HAS(gr_test_received(conn, NULL), "HTTP/1.1 422");
    LACKS(gr_test_received(conn, NULL), "100 Continue");
    HAS(gr_test_received(conn, NULL), "{\"detail\":[" MISSING_KEY "]}");
    gr_test_conn_destroy(conn);
    end(test, app);
}
END_TEST

START_TEST(and_where_there_is_no_body_together_with_all_else)
{
    begin_secured();
    check_get(test, "/secured?limit=x", 422,
              "{\"detail\":[" MISSING_KEY ",{\"type\":\"int_parsing\",\"loc\":[\"query\",\"limit\"],\"msg\":\"Input "
              "should be a valid integer, unable to parse string as an integer\",\"input\":\"x\"},{\"type\":"
              "\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}]}");
    end(test, app);
}
END_TEST

/* --- a large one, and one that is read by the handler --- */

static void check_large(const char *target, const char *begins, const char *ends, int status, const char *wanted)
{
    enum { SIZE = 200000 };
    char *json = malloc(SIZE + 200);
    size_t len = (size_t)snprintf(json, 100, "%s", begins);
    memset(json + len, 'x', SIZE);
    snprintf(json + len + SIZE, 100, "%s", ends);
    gr_answer *answer = gr_test_post_json(test, target, json);
    check_answer(answer, status, wanted);
    gr_answer_free(answer);
    free(json);
}

START_TEST(a_large_one_is_read_on_a_thread)
{
    begin();
    check_large("/only", "{\"name\":\"", "\"}", 200, NULL);
    check_large("/more", "{\"count\":4,\"item\":{\"name\":\"", "\"}}", 200, NULL);
    check_large("/more", "{\"count\":\"y\",\"item\":{\"name\":\"", "\"}}", 422,
                "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"body\",\"count\"],\"msg\":\"Input should be a valid "
                "integer, unable to parse string as an integer\",\"input\":\"y\"}]}");
    check_large("/only", "{\"name\":\"", "", 422, NULL);
    end(test, app);
}
END_TEST

struct streams {
    int n;
};
static GR_INPUT(streams, GR_NEEDS(n, counts));
static gr_reply streams(gr_co co, gr_req *req, GR_UNUSED const struct streams *in)
{
    const char *piece;
    size_t len = 0, all = 0;
    int rc;
    while ((rc = gr_read(co, req, &piece, &len)) == 0 && len)
        all += len;
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", all));
}
GR_POST("/", streams, .stream_body = true, .needs = GR_DEPENDENCIES(&checks_early_dependency));

START_TEST(where_the_handler_reads_it_all_run_before_it_comes)
{
    MAKE_APP(made, &streams_route);
    gr_test *t = serve(made);
    gr_test_conn *conn = gr_test_connect(t);
    trace[0] = '\0';
    SEND(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
    gr_test_advance(t, 0);
    ck_assert_str_eq(trace, "checks_early counts ");
    SEND(conn, "hello");
    HAS(gr_test_received(conn, NULL), "\r\n\r\n5");
    gr_test_conn_destroy(conn);
    end(t, made);
}
END_TEST

/* --- slow ones --- */

static int held, most_held, given;

static void give_back(GR_UNUSED gr_req *req, GR_UNUSED void *arg, GR_UNUSED gr_outcome outcome)
{
    held--;
    given++;
}
static int hold(GR_UNUSED gr_co co, gr_req *req, int *value)
{
    *value = ++held;
    most_held = held > most_held ? held : most_held;
    if (held > 2)
        return gr_defer(req, give_back, NULL) ? GR_ENOMEM : gr_fail(req, 503, "all are taken");
    return gr_defer(req, give_back, NULL);
}
GR_DEPENDENCY(hold, int);
struct held_upload {
    int held;
    struct item item;
};
static GR_INPUT(held_upload, GR_NEEDS(held, hold), GR_BODY(item, item));
HANDLES(held_upload)
GR_POST("/upload", held_upload);

START_TEST(who_sends_slowly_holds_nothing_that_others_wait_for)
{
    enum { CLIENTS = 10 };
    MAKE_APP(made, &held_upload_route);
    gr_test *t = serve(made);
    gr_test_conn *slow[CLIENTS];
    held = most_held = given = 0;
    for (int i = 0; i < CLIENTS; i++) {
        slow[i] = gr_test_connect(t);
        SEND(slow[i],
             "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{");
    }
    for (int second = 0; second < 5; second++) {
        gr_answer *answer = gr_test_post_json(t, "/upload", "{\"name\":\"x\"}");
        check_answer(answer, 200, "done");
        gr_answer_free(answer);
        gr_test_advance(t, 1000);
        ck_assert_int_eq(held, 0);
    }
    for (int i = 0; i < CLIENTS; i++) {
        SEND(slow[i], "\"name\":\"x\"}");
        gr_test_advance(t, 10);
        HAS(gr_test_received(slow[i], NULL), "200 OK");
        gr_test_conn_destroy(slow[i]);
    }
    ck_assert_int_eq(most_held, 1);
    ck_assert_int_eq(given, CLIENTS + 5);
    end(t, made);
}
END_TEST

int main(void)
{
    return run_tests("app dependencies body",
                     (test_list){a_body_that_a_dependency_alone_takes_is_the_whole, the_same_one_that_two_take_is_one,
                                 several_are_members_of_one_by_their_names,
                                 what_is_no_json_is_answered_alone_before_any_runs, but_for_those_before_the_body,
                                 a_wrong_body_is_told_behind_what_refuses, who_is_refused_before_the_body_has_sent_none,
                                 who_is_let_in_is_asked_for_it, with_what_they_need_they_come_first_in_their_order,
                                 what_their_input_got_wrong_is_answered_without_the_body,
                                 and_where_there_is_no_body_together_with_all_else, a_large_one_is_read_on_a_thread,
                                 where_the_handler_reads_it_all_run_before_it_comes,
                                 who_sends_slowly_holds_nothing_that_others_wait_for, NULL},
                     20);
}
