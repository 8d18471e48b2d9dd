/* Memory that runs out at every place in turn: no crash, no leak, no coroutine left; a 500, a 503 or a closed
 * connection. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

#include "scarce.h"
#include "serve.h"

/* --- what is served --- */

static int teardowns;

static void tears_down(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    __atomic_sub_fetch((int *)arg, 1, __ATOMIC_RELAXED);
}

static void tears_down_async(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    int rc = gr_yield(co);
    (void)rc, (void)req, (void)outcome;
    __atomic_sub_fetch((int *)arg, 1, __ATOMIC_RELAXED);
}

static int defer_both(gr_req *req)
{
    __atomic_add_fetch(&teardowns, 2, __ATOMIC_RELAXED);
    int rc = gr_defer(req, tears_down, &teardowns), rc2 = gr_defer(req, tears_down_async, &teardowns);
    return rc ? rc : rc2;
}

static int nap(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, 1);
}

static int sets_local(gr_co co, gr_req *req, void *arg)
{
    static const gr_local key = {"key"};
    (void)arg;
    int rc = gr_local_set(co, &key, req);
    return rc ? rc : gr_yield(co);
}

static int allocates(gr_req *req, void *arg)
{
    (void)arg;
    return gr_alloc(req, 5000) ? 0 : GR_ENOMEM;
}

static int comes_and_goes(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return 0;
}

static gr_reply everything(gr_co co, gr_req *req)
{
    int rc = defer_both(req);
    if (rc)
        return gr_failed(req, rc);
    json_t *value = NULL;
    rc = gr_body_json(req, &value);
    if (rc)
        return gr_failed(req, rc);
    rc = gr_gather(co, {nap, NULL}, {nap, NULL});
    rc = rc ? rc : gr_after(req, sets_local, NULL);
    rc = rc ? rc : gr_after(req, allocates, NULL);
    if (rc)
        return gr_failed(req, rc);
    const char *q = gr_query(req, "a b"), *text = gr_printf(req, "%s%5000d", q ? q : "-", 7);
    if (!text || !gr_alloc(req, 5000))
        return gr_failed(req, GR_ENOMEM);
    gr_reply reply = gr_json(req, json_pack("{s:s,s:O}", "text", text, "body", value));
    return gr_with_header(gr_with_header(reply, "X-One", "1"), "X-Two", "2");
}
GR_POST("/everything/{x}", everything);

static gr_reply blocks(gr_req *req)
{
    int rc = defer_both(req);
    if (rc)
        return gr_failed(req, rc);
    char *text = gr_alloc(req, 40001);
    if (!text)
        return gr_failed(req, GR_ENOMEM);
    memset(text, 'x', 40000);
    return gr_html(req, text);
}
GR_GET("/blocks", blocks);

static json_t *many(void)
{
    json_t *list = json_array();
    for (int i = 0; list && i < 12000; i++)
        if (json_array_append_new(list, json_integer(1000000 + i)))
            break;
    return list;
}

static gr_reply large(gr_co co, gr_req *req)
{
    (void)co;
    return gr_json(req, many());
}
GR_GET("/large", large);

static long second_fails_at;

/* The first is dropped, as a middleware would; memory runs out in the second. */
static gr_reply two_large(gr_co co, gr_req *req)
{
    (void)co;
    json_t *value = many();
    gr_reply reply = gr_json(req, many());
    __atomic_store_n(&left, second_fails_at, __ATOMIC_RELAXED);
    reply = gr_json(req, value);
    plenty();
    return reply;
}
GR_GET("/two-large", two_large);

/* On a pool thread that finds no memory for two teardowns that have to wait. */
static gr_reply defers_two(gr_req *req)
{
    scarce();
    while (gr_alloc(req, 16))
        continue;
    __atomic_add_fetch(&teardowns, 2, __ATOMIC_RELAXED);
    int rc = gr_defer(req, tears_down_async, &teardowns), rc2 = gr_defer(req, tears_down_async, &teardowns);
    plenty();
    bool ran_at_once = __atomic_load_n(&teardowns, __ATOMIC_RELAXED) == 0;
    return rc && rc2 && ran_at_once ? gr_failed(req, rc) : gr_text(req, "?");
}
GR_GET("/defers-two", defers_two);

static int writes_on(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    return gr_write(co, writer, "streamed", 8);
}

static gr_reply streams_second(gr_req *req)
{
    return gr_stream(req, NULL, writes_on, req);
}

static gr_reply empties_second(gr_req *req)
{
    return gr_empty(req, 204);
}

static gr_reply texts_second(gr_req *req)
{
    return gr_with_status(gr_content(req, NULL, "", 0), 201);
}

static gr_reply borrows_second(gr_req *req)
{
    return gr_with_status(gr_content_static(req, NULL, "static", 6), 201);
}

static gr_reply (*const makes_second[])(gr_req *req) = {streams_second, empties_second, texts_second, borrows_second};

/* A second reply, for which there is no memory. */
static gr_reply two_replies(gr_co co, gr_req *req)
{
    (void)co;
    gr_reply reply = gr_text(req, "first");
    scarce();
    while (gr_alloc(req, 16))
        continue;
    reply = makes_second[gr_query_string(req)[0] - '0'](req);
    plenty();
    return reply;
}
GR_GET("/two-replies", two_replies);

struct input {
    int64_t n;
    const char *q;
};
static GR_INPUT(input, GR_PATH(n), GR_QUERY(q, .max_len = 3));
static gr_reply input(gr_co co, gr_req *req, const struct input *in)
{
    (void)co;
    return gr_text(req, in->q);
}
GR_GET("/input/{n}", input);

struct tree {
    const char *name;
    json_t *any;
    gr_ints ids;
    GR_LIST_OF(struct tree) children;
};
static GR_MODEL(tree, GR_FIELD(name, .pattern = "^[a-z]+$", GR_DEFAULT("x")), GR_FIELD(any, GR_OPTIONAL),
                GR_LIST(ids, GR_DEFAULT_EMPTY), GR_OBJECTS(children, tree, GR_DEFAULT_EMPTY));
struct plant {
    struct tree *tree;
    gr_strings tag;
    const char *session;
};
static GR_INPUT(plant, GR_BODY(tree, tree), GR_LIST(tag, GR_FROM_QUERY, GR_DEFAULT_EMPTY), GR_COOKIE(session, GR_OPTIONAL));
static gr_reply plant(gr_co co, gr_req *req, const struct plant *in)
{
    (void)co;
    return tree_reply(req, in->tree);
}
GR_POST("/plant", plant, .response = tree_model);

struct spot {
    int64_t floor;
    const char *name;
};
static GR_MODEL(spot, GR_SELF(.tuple = true), GR_FIELD(floor), GR_FIELD(name));
struct shapes {
    gr_ints set, listed;
    GR_MAP_FROM(int64_t, struct spot) spots;
    struct spot *spot;
    json_t *others;
};
static GR_MODEL(shapes, GR_LIST(set, .dedupe = true), GR_LIST(listed, GR_DEFAULT_LIST(1, 2)),
                GR_MAP_OBJECTS(spots, spot), GR_OBJECT(spot, spot, GR_OPTIONAL), GR_REST(others));
struct shaped {
    gr_strings tag;
    struct spot at;
    struct shapes shapes;
};
static GR_INPUT(shaped, GR_LIST(tag, GR_FROM_QUERY, .dedupe = true, .max_items = 3), GR_OBJECT(at, spot, GR_FROM_QUERY),
                GR_BODY(shapes, shapes));
static gr_reply shaped(gr_co co, gr_req *req, const struct shaped *in)
{
    (void)co;
    return shapes_reply(req, &in->shapes);
}
GR_POST("/shaped", shaped, .response = shapes_model);

struct fork;
GR_DECLARE_MODEL(fork);
struct handle {
    struct fork *prongs;
    const char *name;
};
static GR_MODEL(handle, GR_OBJECT(prongs, fork, GR_OPTIONAL), GR_FIELD(name));
struct knife {
    json_t *edge;
    struct fork *prongs;
};
static GR_MODEL(knife, GR_FIELD(edge), GR_OBJECT(prongs, fork, GR_OPTIONAL));
struct fork {
    int which;
    union {
        int64_t n;
        const char *text;
        struct handle handle;
        struct knife knife;
        GR_LIST_OF(struct fork) list;
    };
};
GR_DEFINE_MODEL(fork, GR_EITHER(which), GR_CASE(n, 1), GR_CASE(text, 2), GR_CASE_OBJECT(handle, handle, 3),
                GR_CASE_OBJECT(knife, knife, 4), GR_CASE_OBJECTS(list, fork, 5));
struct number {
    int which;
    union {
        int64_t n;
        const char *text;
    };
};
static GR_MODEL(number, GR_EITHER(which), GR_CASE(n, 1), GR_CASE(text, 2, .max_len = 2));
struct forked {
    struct number *q;
    struct fork fork;
};
static GR_INPUT(forked, GR_OBJECT(q, number, GR_FROM_QUERY, GR_OPTIONAL), GR_BODY(fork, fork));
static gr_reply forked(gr_co co, gr_req *req, const struct forked *in)
{
    (void)co;
    return fork_reply(req, &in->fork);
}
GR_POST("/forked", forked, .response = fork_model, .response_exclude = GR_NAMES("prongs.name"));

struct where {
    const char *name;
    int64_t n;
    gr_strings tags;
};
static GR_MODEL(where, GR_FIELD(name), GR_FIELD(n, GR_DEFAULT(1)), GR_LIST(tags, GR_OPTIONAL),
                GR_SELF(.extra = GR_EXTRA_FORBIDDEN));
struct styled {
    gr_strings path;
    gr_ints ids, x_ids;
    struct where where;
    json_t *any;
};
static GR_INPUT(styled, GR_LIST(path, GR_FROM_PATH, .style = GR_STYLE_SIMPLE),
                GR_LIST(ids, GR_FROM_QUERY, .style = GR_STYLE_FORM, .max_items = 3),
                GR_LIST(x_ids, GR_FROM_HEADER, GR_OPTIONAL, .style = GR_STYLE_SIMPLE),
                GR_OBJECT(where, where, GR_FROM_QUERY, .style = GR_STYLE_DEEP_OBJECT), GR_QUERY(any, GR_OPTIONAL));
static gr_reply styled(gr_co co, gr_req *req, const struct styled *in)
{
    (void)co;
    return in->any ? gr_json(req, json_incref(in->any)) : gr_text(req, in->where.name);
}
GR_GET("/styled/{path}", styled);

static gr_reply repeat_mistakes(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    json_t *all = json_array();
    for (size_t i = 0; all && i < n; i++)
        if (json_array_append(all, mistakes[i].loc_json) || json_array_append(all, mistakes[i].input_json))
            break;
    return gr_with_status(gr_json(req, all), 400);
}

static bool answers_itself; /* what is invalid */

static int writes(gr_co co, gr_writer *writer, void *arg)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, arg, &data, &len)) == 0 && len)
        if ((rc = gr_write(co, writer, data, len)) != 0)
            return rc;
    return rc;
}

static gr_reply mirror(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", writes, req);
}
GR_POST("/mirror", mirror, .stream_body = true);

static gr_app *make_app(void)
{
    gr_app *made = gr_app_create("Memory", "1");
    int rc = gr_app_add(made, &everything_route, &blocks_route, &large_route, &two_large_route, &defers_two_route,
                        &input_route, &mirror_route, &plant_route, &styled_route, &two_replies_route, &shaped_route,
                        &forked_route);
    if (answers_itself)
        rc |= gr_app_set_invalid(made, repeat_mistakes, where_model);
    rc |= gr_use(made, gr_request_id_middleware);
    rc |= gr_app_add_task(made, "comes and goes", comes_and_goes, NULL);
    if (rc) {
        gr_app_destroy(made);
        return NULL;
    }
    return made;
}

/* --- the torture --- */

/* An answer is whole, or says that it is none. */
static void check_answer(gr_test_conn *conn)
{
    gr_answer *answer = gr_test_next_answer(conn, false);
    if (!answer)
        return;
    size_t len;
    const char *body = gr_answer_body(answer, &len);
    if (gr_answer_status(answer) == 500)
        ck_assert_msg(!strcmp(body, "Internal Server Error"), "a 500 says %.80s", body);
    if (gr_answer_status(answer) == 200 && body[0] == '[')
        ck_assert_msg(gr_answer_json(answer) != NULL, "a 200 is cut: %.80s", body + len - (len < 80 ? len : 80));
    gr_answer_free(answer);
}

/* Whether an allocation failed. */
static bool converse(const char *raw, size_t n, size_t window)
{
    gr_test_conn *conn = gr_test_connect(test);
    if (!conn) {
        plenty();
        return true;
    }
    gr_test_set_window(conn, window);
    gr_test_send(conn, raw, n / 2);
    gr_test_send(conn, raw + n / 2, n - n / 2);
    gr_test_advance(test, 50);
    gr_test_set_window(conn, SIZE_MAX);
    bool failed = has_failed();
    plenty();
    check_answer(conn);
    gr_test_conn_destroy(conn);
    return failed;
}

/* The same conversation with the first, the second, ... allocation failing, until none does. */
static void torture(const char *raw, size_t n, bool only_one, size_t window)
{
    json_set_alloc_funcs(__wrap_malloc, free);
    app = make_app();
    ck_assert_ptr_nonnull(app);
    go();
    listen_to_log();
    dup2(open("/dev/null", O_WRONLY), 2);
    long at = 0;
    once = only_one;
    for (bool failed = true; failed && at < 5000; at++) {
        __atomic_store_n(&left, at, __ATOMIC_RELAXED);
        failed = converse(raw, n, window);
        gr_test_advance(test, 100000);
        ck_assert_msg(gr_test_coroutines(test) == 0, "allocation %ld: a coroutine is left", at);
        ck_assert_msg(teardowns == 0, "allocation %ld: %d teardowns did not run", at, teardowns);
    }
    logged();
    ck_assert_msg(at < 5000, "it never ended");
    ck_assert_int_gt((int)at, 3);
    end();
}

#define TORTURE(raw) \
    do { \
        torture(raw, sizeof(raw) - 1, _i & 1, _i & 2 ? 100 : SIZE_MAX); \
    } while (0)

START_TEST(an_async_request_survives)
{
    TORTURE("POST /everything/a%20b?a+b=c%20d HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            "Content-Length: 24\r\n\r\n{\"a\":[1,2,{\"b\":\"c\"}],\"d\"");
}
END_TEST

START_TEST(a_request_with_valid_json_survives)
{
    TORTURE("POST /everything/a%20b?a+b=c%20d HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":[1\r\n2\r\n]}\r\n0\r\n\r\n");
}
END_TEST

START_TEST(a_blocking_request_survives)
{
    TORTURE("GET /blocks HTTP/1.1\r\nHost: a\r\n\r\nGET /blocks HTTP/1.1\r\nHost: a\r\n\r\n");
}
END_TEST

START_TEST(bound_input_and_its_errors_survive)
{
    TORTURE("GET /input/1?q=a%20b HTTP/1.1\r\nHost: a\r\n\r\nGET /input/x?q=abcdefg HTTP/1.1\r\nHost: a\r\n\r\n");
}
END_TEST

START_TEST(parameters_of_every_style_survive)
{
    TORTURE("GET /styled/a,b?ids=1,2,%33&where[name]=a%20b&any=x&where[tags]=1&where[tags]=2 HTTP/1.1\r\nHost: a\r\n"
            "X-Ids: 1, 2\r\n\r\nGET /styled/a?ids=1,2,3&where[n]=x&where[z]=1&where[z]=2 HTTP/1.1\r\nHost: a\r\n\r\n");
}
END_TEST

START_TEST(an_answer_of_ones_own_survives)
{
    answers_itself = true;
    TORTURE("GET /styled/a?ids=1,2,3,x&where[n]=x&where[z]=1&where[z]=2 HTTP/1.1\r\nHost: a\r\n\r\n");
    answers_itself = false;
}
END_TEST

#define PLANT(length) \
    "POST /plant?tag=a&tag=b HTTP/1.1\r\nHost: a\r\nCookie: session=s\r\nContent-Type: application/json\r\n" \
    "Content-Length: " length "\r\n\r\n"

START_TEST(a_decoded_body_survives)
{
    TORTURE(PLANT("79") "{\"name\":\"\\u0061b\",\"any\":[1,{}],\"ids\":[1,2,3],\"children\":[{\"children\":[{}]}]}   ");
}
END_TEST

START_TEST(the_errors_of_a_body_survive)
{
    TORTURE(PLANT("58") "{\"name\":\"A\",\"ids\":[\"x\",1],\"children\":[{\"name\":5},7],\"z\":0}");
}
END_TEST

#define SHAPED(query, length) \
    "POST /shaped?" query " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " length "\r\n\r" \
    "\n"

START_TEST(sets_tuples_maps_and_the_rest_survive)
{
    TORTURE(SHAPED(
        "tag=a&tag=b&tag=a&at=1&at=x",
        "81") "{\"set\":[1,1,2],\"a\":[1],\"spots\":{\"1\":[1,\"a\"],\"01\":[2,\"b\"]},\"spot\":[1,\"c\"],\"b\":{}} ");
}
END_TEST

START_TEST(the_errors_of_sets_tuples_and_maps_survive)
{
    TORTURE(SHAPED("tag=a&tag=b&tag=c&tag=d&at=x",
                   "60") "{\"set\":[1,\"x\"],\"spots\":{\"x\":[1],\"2\":[1,\"b\",3]},\"spot\":{}}   ");
}
END_TEST

#define FORKED(query, length) \
    "POST /forked?" query " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " length "\r\n\r" \
    "\n"

START_TEST(unions_survive)
{
    TORTURE(FORKED(
        "q=a", "76") "{\"name\":\"\\u0061\",\"prongs\":[1,\"b\",{\"edge\":[1],\"prongs\":{\"name\":\"x\"}}]}       ");
}
END_TEST

START_TEST(the_errors_of_unions_survive)
{
    TORTURE(FORKED("q=abc", "53") "{\"name\":1,\"prongs\":[{\"edge\":[1],\"prongs\":[{}]}]}     ");
}
END_TEST

START_TEST(what_is_not_found_survives)
{
    TORTURE("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\nPUT /blocks HTTP/1.1\r\nHost: a\r\n\r\nGET /blocks/?a HTTP/1.1\r\n"
            "Host: a\r\n\r\nnonsense\r\n\r\n");
}
END_TEST

/* One that the page loads, as it is, so that it is unpacked; in a library without the pages neither is found. */
static void put_file_url(char *url, size_t size)
{
    gr_app *made = make_app();
    gr_test *once_more = gr_test_create(made);
    gr_answer *page = gr_test_get(once_more, "/docs");
    const char *hit = strstr(gr_answer_body(page, NULL), "/static/");
    snprintf(url, size, "/docs%.*s", hit ? (int)strcspn(hit, "\"") : 9, hit ? hit : "/static/x");
    gr_answer_free(page);
    gr_test_destroy(once_more);
    gr_app_destroy(made);
}

START_TEST(the_documentations_pages_survive)
{
    char url[128], raw[512];
    put_file_url(url, sizeof url);
    snprintf(raw, sizeof raw,
             "GET /docs HTTP/1.1\r\nHost: a\r\n\r\nGET %s HTTP/1.1\r\nHost: a\r\n\r\n"
             "GET %s HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n",
             url, url);
    torture(raw, strlen(raw), _i & 1, _i & 2 ? 100 : SIZE_MAX);
}
END_TEST

START_TEST(a_mirror_survives)
{
    TORTURE("POST /mirror HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n0123456789");
}
END_TEST

START_TEST(a_large_reply_survives)
{
    static const char raw[] = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";
    json_set_alloc_funcs(__wrap_malloc, free);
    app = make_app();
    go();
    listen_to_log();
    dup2(open("/dev/null", O_WRONLY), 2);
    once = _i & 1;
    for (long at = 0; at < 12100; at += at < 30 || at > 12000 ? 1 : 997) {
        __atomic_store_n(&left, at, __ATOMIC_RELAXED);
        converse(raw, sizeof raw - 1, SIZE_MAX);
        ck_assert_uint_eq(gr_test_coroutines(test), 0);
    }
    logged();
    end();
}
END_TEST

static int status_of(const char *target)
{
    gr_answer *answer = gr_test_get(test, target);
    ck_assert_ptr_nonnull(answer);
    int status = gr_answer_status(answer);
    gr_answer_free(answer);
    return status;
}

START_TEST(a_second_large_reply_survives)
{
    app = make_app();
    go();
    listen_to_log();
    once = _i & 1;
    second_fails_at = 0;
    while (status_of("/two-large") == 500)
        second_fails_at++;
    logged();
    ck_assert_int_gt((int)second_fails_at, 3);
    end();
}
END_TEST

START_TEST(a_reply_that_there_is_no_memory_for_is_a_500_whatever_it_was_to_be)
{
    char target[] = "/two-replies?0";
    app = make_app();
    go();
    listen_to_log();
    for (size_t i = 0; i < sizeof makes_second / sizeof makes_second[0]; i++) {
        target[sizeof target - 2] = (char)('0' + i);
        gr_answer *answer = gr_test_get(test, target);
        ck_assert_ptr_nonnull(answer);
        ck_assert_int_eq(gr_answer_status(answer), 500);
        ck_assert_str_eq(gr_answer_body(answer, NULL), "Internal Server Error");
        gr_answer_free(answer);
    }
    logged();
    end();
}
END_TEST

START_TEST(teardowns_that_a_thread_cannot_record_run_at_once)
{
    app = make_app();
    go();
    listen_to_log();
    ck_assert_int_eq(status_of("/defers-two"), 500);
    ck_assert_int_eq(teardowns, 0);
    logged();
    end();
}
END_TEST

START_TEST(starting_and_stopping_survives)
{
    listen_to_log();
    dup2(open("/dev/null", O_WRONLY), 2);
    once = _i & 1;
    bool started = false;
    for (long at = 0; !started && at < 5000; at++) {
        __atomic_store_n(&left, at, __ATOMIC_RELAXED);
        app = make_app();
        test = gr_test_create(app);
        started = !has_failed();
        plenty();
        gr_test_destroy(test);
        gr_app_destroy(app);
    }
    logged();
    ck_assert(started);
}
END_TEST

/* --- a listener without memory --- */

static int dial(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static bool answers(uv_loop_t *loop, int fd)
{
    char answer[2000];
    static const char raw[] = "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n";
    ck_assert_int_eq((int)send(fd, raw, sizeof raw - 1, MSG_NOSIGNAL), (int)sizeof raw - 1);
    for (int i = 0; i < 2000; i++) {
        uv_run(loop, UV_RUN_NOWAIT);
        if (recv(fd, answer, sizeof answer, MSG_DONTWAIT) > 0)
            return true;
        usleep(1000);
    }
    return false;
}

START_TEST(a_listener_accepts_again_when_there_is_memory_again)
{
    uv_loop_t loop;
    uv_loop_init(&loop);
    app = make_app();
    gr_server *server;
    gr_server_options options = {.size = sizeof options, .log_level = "off"};
    ck_assert_int_eq(gr_server_start(&server, app, &options, &loop), 0);
    int first = dial(gr_server_port(server));
    scarce();
    for (int i = 0; i < 20; i++) {
        uv_run(&loop, UV_RUN_NOWAIT);
        usleep(1000);
    }
    plenty();
    int second = dial(gr_server_port(server));
    ck_assert_msg(answers(&loop, second), "the listener is dead");
    ck_assert_msg(answers(&loop, first), "the first client was forgotten");
    close(first);
    close(second);
    gr_server_stop(server);
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert(gr_server_stopped(server));
    gr_server_destroy(server);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    gr_app_destroy(app);
}
END_TEST

/* The text is read whole, written whole, or it is out of memory. */
static int read_and_write_scarcely(const char *json, long allocations)
{
    json_t *value;
    char *text = NULL;
    __atomic_store_n(&left, allocations, __ATOMIC_RELAXED);
    int read = gr_json_read(json, strlen(json), &value), rc = read ? read : gr_json_write(value, 0, &text, NULL);
    plenty();
    ck_assert((read == 0) == (value != NULL));
    ck_assert_int_eq(rc, text ? 0 : GR_ENOMEM);
    if (text)
        ck_assert_str_eq(text, json);
    json_decref(value);
    free(text);
    return rc;
}

START_TEST(a_text_of_json_survives)
{
    static const char json[] = "{\"a\":[1,2.5,true,null,{\"\xc3\xa9\":{}}],\"a \\\"text\\\" \\n with escapes\":\"and "
                               "\\\\ another\\t one\",\"x\":[[],[[0.1,\"0123456789\"]]],\"y\":-9223372036854775808}";
    json_set_alloc_funcs(__wrap_malloc, free);
    once = _i & 1;
    long n = 0;
    while (read_and_write_scarcely(json, n))
        n++;
    ck_assert_int_gt(n, 20);
}
END_TEST

/* Each four times: one allocation fails, or all from there on; the client takes the reply, or only its beginning. */
int main(void)
{
    test_list tests = {
        an_async_request_survives,
        a_request_with_valid_json_survives,
        a_blocking_request_survives,
        bound_input_and_its_errors_survive,
        parameters_of_every_style_survive,
        an_answer_of_ones_own_survives,
        a_decoded_body_survives,
        the_errors_of_a_body_survive,
        sets_tuples_maps_and_the_rest_survive,
        the_errors_of_sets_tuples_and_maps_survive,
        unions_survive,
        the_errors_of_unions_survive,
        what_is_not_found_survives,
        the_documentations_pages_survive,
        a_mirror_survives,
        a_large_reply_survives,
        a_second_large_reply_survives,
        a_reply_that_there_is_no_memory_for_is_a_500_whatever_it_was_to_be,
        teardowns_that_a_thread_cannot_record_run_at_once,
        starting_and_stopping_survives,
        a_listener_accepts_again_when_there_is_memory_again,
        a_text_of_json_survives,
        NULL,
    };
    Suite *suite = suite_create("memory");
    for (const TTest *const *at = tests; *at; at++) {
        TCase *tcase = tcase_create((*at)->name);
        tcase_set_timeout(tcase, 30 * tests_slowness());
        tcase_add_loop_test(tcase, *at, 0, 4);
        suite_add_tcase(suite, tcase);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner), run = srunner_ntests_run(runner);
    srunner_free(runner);
    printf("%d passed, %d failed\n", run - failed, failed);
    return failed == 0 && run > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
