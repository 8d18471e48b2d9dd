/* How often a request goes to the pool for what blocks, and what middleware sees of dependencies. */
#include <griddle.h>
#include <semaphore.h>

#include "need.h"
#include "rig.h"

GIVES(async);
BLOCKS(blocking);
BLOCKS(blocking_too);
BLOCKS_WITH(blocking_early, .before_body = true);

struct query {
    int64_t n;
};
static GR_INPUT(query, GR_QUERY(n, GR_DEFAULT(1)));
static int query(GR_UNUSED gr_req *req, const struct query *in, int64_t *value)
{
    *value = in->n;
    return note("query");
}
GR_DEPENDENCY(query, int64_t);

struct two {
    int one, two;
    int64_t n;
};
static GR_INPUT(two, GR_NEEDS(one, blocking), GR_NEEDS(n, query), GR_NEEDS(two, blocking_too));
HANDLES_BLOCKING(two)
GR_GET("/two", two);
GR_ROUTE_AS(two_posted, "POST", "/two", two);

struct between {
    int one, async, two;
};
static GR_INPUT(between, GR_NEEDS(one, blocking), GR_NEEDS(async, async), GR_NEEDS(two, blocking_too));
HANDLES_BLOCKING(between)
GR_GET("/between", between);

struct awaits {
    int one, two, async;
};
static GR_INPUT(awaits, GR_NEEDS(one, blocking), GR_NEEDS(two, blocking_too), GR_NEEDS(async, async));
HANDLES(awaits)
GR_GET("/awaits", awaits);

struct only_async {
    int async;
};
static GR_INPUT(only_async, GR_NEEDS(async, async));
HANDLES(only_async)
GR_GET("/none", only_async);

struct early {
    int early, one;
};
static GR_INPUT(early, GR_NEEDS(one, blocking), GR_NEEDS(early, blocking_early));
HANDLES_BLOCKING(early)
GR_GET("/early", early);
GR_ROUTE_AS(early_posted, "POST", "/early", early);

static struct rig *begin(gr_app *app)
{
    trace[0] = '\0';
    return rig_begin(app, 4, 0);
}

static uint64_t jobs_of(struct rig *rig)
{
    struct gri_pool_stats stats;
    gri_pool_stats(rig->engine.running.pool, &stats);
    return stats.jobs;
}

/* A request makes so many trips, and the trace. */
static void check_trips(const gr_route *route, const char *raw, uint64_t trips, const char *wanted)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_add_n(app, &route, 1), 0);
    struct rig *rig = begin(app);
    struct gri_memory *client = rig_connect(rig);
    rig_say(rig, client, raw);
    rig_wait(rig);
    rig_expect(client, "200 OK");
    ck_assert_str_eq(trace, wanted);
    ck_assert_uint_eq(jobs_of(rig), trips);
    gri_memory_destroy(client);
    rig_end(rig);
}

#define POST(target) "POST " target " HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"

START_TEST(those_that_block_and_a_handler_that_does_make_one_trip)
{
    check_trips(&two_route, GET("/two"), 1, "blocking query blocking_too handler ");
}
END_TEST

START_TEST(with_a_body_too)
{
    check_trips(&two_posted_route, POST("/two"), 1, "blocking query blocking_too handler ");
}
END_TEST

START_TEST(one_that_awaits_between_them_makes_two_of_it)
{
    check_trips(&between_route, GET("/between"), 2, "blocking async blocking_too handler ");
}
END_TEST

START_TEST(those_before_what_awaits_make_one)
{
    check_trips(&awaits_route, GET("/awaits"), 1, "blocking blocking_too async handler ");
}
END_TEST

START_TEST(where_nothing_blocks_there_is_none)
{
    check_trips(&only_async_route, GET("/none"), 0, "async handler ");
}
END_TEST

struct text {
    const char *text;
};
static GR_INPUT(text, GR_JSON(text));
static int text(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct text *in, int *value)
{
    *value = 1;
    return note("text");
}
GR_DEPENDENCY(text, int);
struct texts {
    int one;
    const char *text;
};
static GR_INPUT(texts, GR_NEEDS(one, text), GR_JSON(text));
HANDLES(texts)
GR_POST("/texts", texts);

static void check_trips_of_text(size_t bytes, uint64_t trips)
{
    enum { MOST = 60000 };
    char *raw = malloc(MOST + 200);
    size_t head = (size_t)snprintf(raw, 200,
                                   "POST /texts HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                                   "Content-Length: %zu\r\n\r\n\"",
                                   bytes);
    memset(raw + head, 'x', bytes - 2);
    strcpy(raw + head + bytes - 2, "\"");
    check_trips(&texts_route, raw, trips, "text handler ");
    free(raw);
}

START_TEST(a_body_that_several_read_is_as_large_as_all_that_is_read_of_it)
{
    check_trips_of_text(30000, 0);
    check_trips_of_text(40000, 1);
}
END_TEST

START_TEST(one_before_the_body_makes_a_trip_of_its_own_where_there_is_a_body)
{
    check_trips(&early_posted_route, POST("/early"), 2, "blocking_early blocking handler ");
}
END_TEST

START_TEST(and_none_where_there_is_not)
{
    check_trips(&early_route, GET("/early"), 1, "blocking_early blocking handler ");
}
END_TEST

/* --- middleware --- */

static gr_reply outer(gr_co co, gr_req *req, gr_next *next)
{
    note("outer(");
    gr_reply reply = gr_call_next(co, req, next);
    note(")outer");
    return reply;
}

static gr_reply inner(gr_req *req, gr_next *next)
{
    note("inner(");
    gr_reply reply = gr_call_next_blocking(req, next);
    note(")inner");
    return reply;
}

START_TEST(async_middleware_wraps_them_and_blocking_middleware_the_handler_only_in_the_same_trip)
{
    MAKE_APP(app, &two_route);
    ck_assert_int_eq(gr_use(app, outer), 0);
    ck_assert_int_eq(gr_use(app, inner), 0);
    ck_assert_int_eq(gr_app_set_openapi_url(app, NULL), 0);
    struct rig *rig = begin(app);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/two");
    rig_wait(rig);
    ck_assert_str_eq(trace, "outer( blocking query blocking_too inner( handler )inner )outer ");
    ck_assert_uint_eq(jobs_of(rig), 1);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

/* --- what cannot run --- */

START_TEST(where_an_input_is_wrong_the_others_run_and_the_handler_does_not)
{
    run_once(&two_route, "/two?n=x", 422, NULL);
    ck_assert_str_eq(trace, "blocking blocking_too ");
}
END_TEST

struct needs_query {
    int64_t n;
};
static GR_INPUT(needs_query, GR_NEEDS(n, query));
HANDLES_BLOCKING(needs_query)
GR_GET("/query", needs_query);

START_TEST(where_none_can_run_there_is_no_trip)
{
    MAKE_APP(app, &needs_query_route);
    struct rig *rig = begin(app);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/query?n=x");
    rig_wait(rig);
    rig_expect(client, "422 Unprocessable");
    ck_assert_uint_eq(jobs_of(rig), 0);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

static int refuses(gr_req *req)
{
    note("refuses");
    return gr_fail(req, 403, "no");
}
GR_GUARD(refuses);

static gr_reply refused(GR_UNUSED gr_req *req)
{
    note("handler");
    return gr_text(req, "");
}
GR_GET("/refused", refused, .needs = GR_DEPENDENCIES(&blocking_dependency, &refuses_dependency, &query_dependency));

START_TEST(one_that_refuses_on_the_thread_of_the_handler_ends_it)
{
    run_once(&refused_route, "/refused", 403, "{\"detail\":\"no\"}");
    ck_assert_str_eq(trace, "blocking refuses ");
}
END_TEST

/* --- a full pool --- */

static sem_t entered, gate;

static int waits(GR_UNUSED gr_req *req)
{
    sem_post(&entered);
    sem_wait(&gate);
    return 0;
}
GR_GUARD(waits);

static gr_reply behind(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_text(req, "through");
}
GR_GET("/waits", behind, .needs = GR_DEPENDENCIES(&waits_dependency));

START_TEST(a_full_pool_answers_503)
{
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    MAKE_APP(app, &behind_route);
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *clients[3];
    for (int i = 0; i < 3; i++) {
        clients[i] = rig_connect(rig);
        rig_get(rig, clients[i], "/waits");
        if (i == 0)
            sem_wait(&entered);
    }
    rig_expect(clients[2], "503 Service Unavailable");
    sem_post(&gate);
    sem_post(&gate);
    rig_wait(rig);
    for (int i = 0; i < 3; i++) {
        rig_expect(clients[i], i < 2 ? "through" : "retry-after: 1");
        gri_memory_destroy(clients[i]);
    }
    rig_end(rig);
}
END_TEST

START_TEST(one_that_left_in_the_queue_runs_none)
{
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    MAKE_APP(app, &behind_route, &two_route);
    struct rig *rig = rig_begin(app, 1, 0);
    trace[0] = '\0';
    struct gri_memory *first = rig_connect(rig), *second = rig_connect(rig);
    rig_get(rig, first, "/waits");
    sem_wait(&entered);
    rig_get(rig, second, "/two");
    rig_reset(rig, second);
    sem_post(&gate);
    rig_wait(rig);
    ck_assert_str_eq(trace, "");
    gri_memory_destroy(first);
    gri_memory_destroy(second);
    rig_end(rig);
}
END_TEST

int main(void)
{
    return run_tests(
        "app dependencies trips",
        (test_list){those_that_block_and_a_handler_that_does_make_one_trip, with_a_body_too,
                    one_that_awaits_between_them_makes_two_of_it, those_before_what_awaits_make_one,
                    where_nothing_blocks_there_is_none, a_body_that_several_read_is_as_large_as_all_that_is_read_of_it,
                    one_before_the_body_makes_a_trip_of_its_own_where_there_is_a_body, and_none_where_there_is_not,
                    async_middleware_wraps_them_and_blocking_middleware_the_handler_only_in_the_same_trip,
                    where_an_input_is_wrong_the_others_run_and_the_handler_does_not,
                    where_none_can_run_there_is_no_trip, one_that_refuses_on_the_thread_of_the_handler_ends_it,
                    a_full_pool_answers_503, one_that_left_in_the_queue_runs_none, NULL},
        20);
}
