/* What is borrowed until a request has ended, and lies in a frame that is gone by then: it aborts, and says so. */
#include <griddle/thread.h>

#include "rig.h"
#include "unit/co_world.h"

/* What is given away, and by which function: as the path says. */
static const char *what;
static bool in_arena;

static int after(gr_co co, gr_req *req, void *arg)
{
    (void)co, (void)req;
    return ++*(char *)arg ? 0 : 1;
}

static int after_blocking(gr_req *req, void *arg)
{
    (void)req;
    return ++*(char *)arg ? 0 : 1;
}

static void teardown(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)co, (void)req, (void)outcome;
    ++*(char *)arg;
}

static void teardown_blocking(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    ++*(char *)arg;
}

static int write_all(gr_co co, gr_writer *writer, void *arg)
{
    return gr_write(co, writer, arg, 1);
}

static int write_all_blocking(gr_writer *writer, void *arg)
{
    return gr_write_blocking(writer, arg, 1);
}

/* By its first letters. */
static gr_reply give(gr_req *req, void *arg)
{
    int rc = 0;
    if (!strcmp(what, "arg of gr_after"))
        rc = gr_after(req, after, arg);
    else if (!strcmp(what, "arg of gr_after, blocking"))
        rc = gr_after(req, after_blocking, arg);
    else if (!strcmp(what, "name of gr_after"))
        rc = gr_after_async(req, arg, after, gr_alloc(req, 1));
    else if (!strcmp(what, "arg of gr_defer"))
        rc = gr_defer(req, teardown, arg);
    else if (!strcmp(what, "arg of gr_defer, blocking"))
        rc = gr_defer(req, teardown_blocking, arg);
    else if (!strcmp(what, "id of gr_set_request_id"))
        gr_set_request_id(req, arg);
    else if (!strcmp(what, "arg of gr_stream"))
        return gr_stream(req, "text/plain", write_all, arg);
    else if (!strcmp(what, "arg of gr_stream, blocking"))
        return gr_stream(req, "text/plain", write_all_blocking, arg);
    else if (!strcmp(what, "data of gr_content_static"))
        return gr_content_static(req, "text/plain", arg, 1);
    return rc ? gr_failed(req, rc) : gr_text(req, "given");
}

static const char *const whats[] = {"arg of gr_after",  "arg of gr_after, blocking",  "name of gr_after",
                                    "arg of gr_defer",  "arg of gr_defer, blocking",  "id of gr_set_request_id",
                                    "arg of gr_stream", "arg of gr_stream, blocking", "data of gr_content_static"};
enum { WHATS = sizeof whats / sizeof whats[0] };

/* The one that lies in this frame, or what lives as long as the request: beside its coroutine, and on the heap. */
static void *choose(gr_req *req, char *local)
{
    static char *last;
    local[0] = 'x';
    local[1] = '\0';
    last = in_arena ? gr_alloc(req, 2) : local;
    if (in_arena)
        memcpy(last, "x", 2);
    return last;
}

/* --- who gives --- */

static gr_reply plain(gr_co co, gr_req *req)
{
    char local[2];
    (void)co;
    return give(req, choose(req, local));
}
GR_GET("/plain", plain);

static gr_reply blocking(gr_req *req)
{
    char local[2];
    return give(req, choose(req, local));
}
GR_GET("/blocking", blocking);

/* Deep in the handler, with large frames between. */
static gr_reply go_deep(gr_req *req, void *arg, int depth)
{
    volatile char room[1000];
    room[depth] = 1;
    gr_reply reply = depth ? go_deep(req, arg, depth - 1) : give(req, arg);
    room[0] = room[depth];
    return reply;
}

static gr_reply deep(gr_co co, gr_req *req)
{
    char local[2];
    (void)co;
    return go_deep(req, choose(req, local), 8);
}
GR_GET("/deep", deep);

static gr_reply deep_blocking(gr_req *req)
{
    char local[2];
    return go_deep(req, choose(req, local), 8);
}
GR_GET("/deep-blocking", deep_blocking);

struct child {
    gr_req *req;
    void *arg;
    gr_reply reply;
};

static int give_in_child(gr_co co, void *arg)
{
    char local[2];
    struct child *child = arg;
    (void)co;
    child->reply = give(child->req, child->arg ? child->arg : choose(child->req, local));
    return 0;
}

static int gather_in_child(gr_co co, void *arg)
{
    return gr_gather(co, {give_in_child, arg});
}

/* In a child of a child, of its own frame; and what lies in the handler's. */
static gr_reply by_a_child(gr_co co, gr_req *req)
{
    struct child child = {.req = req};
    int rc = gr_gather(co, {gather_in_child, &child});
    return rc ? gr_failed(req, rc) : child.reply;
}
GR_GET("/by-a-child", by_a_child);

static gr_reply handlers_by_a_child(gr_co co, gr_req *req)
{
    char local[2];
    struct child child = {.req = req, .arg = choose(req, local)};
    int rc = gr_gather(co, {gather_in_child, &child});
    return rc ? gr_failed(req, rc) : child.reply;
}
GR_GET("/handlers-by-a-child", handlers_by_a_child);

/* On stacks of other sizes: the whole request, and a part of its handler. */
GR_ROUTE_AS(stacked, "GET", "/stacked", plain, .stack_bytes = 1 << 20);
GR_ROUTE_AS(stacked_child, "GET", "/stacked-child", by_a_child, .stack_bytes = 1 << 20);

static int give_on_stack(gr_co co, void *arg)
{
    return gr_on_stack(co, 1 << 21, give_in_child, arg);
}

static gr_reply on_stack(gr_co co, gr_req *req)
{
    struct child child = {.req = req};
    int rc = gr_on_stack(co, 1 << 20, give_on_stack, &child);
    return rc ? gr_failed(req, rc) : child.reply;
}
GR_GET("/on-stack", on_stack);

static gr_reply handlers_on_stack(gr_co co, gr_req *req)
{
    char local[2];
    struct child child = {.req = req, .arg = choose(req, local)};
    int rc = gr_on_stack(co, 1 << 20, give_on_stack, &child);
    return rc ? gr_failed(req, rc) : child.reply;
}
GR_GET("/handlers-on-stack", handlers_on_stack);

static int gather_on_stack(gr_co co, void *arg)
{
    return gr_on_stack(co, 1 << 20, gather_in_child, arg);
}

static gr_reply by_a_child_on_stack(gr_co co, gr_req *req)
{
    char local[2];
    struct child child = {.req = req, .arg = choose(req, local)};
    int rc = gr_on_stack(co, 1 << 21, gather_on_stack, &child);
    return rc ? gr_failed(req, rc) : child.reply;
}
GR_GET("/by-a-child-on-stack", by_a_child_on_stack);

static void *middlewares;

static gr_reply lend_local(gr_co co, gr_req *req, gr_next *next)
{
    char local[2];
    if (strncmp(gr_path(req), "/middlewares", 12) == 0)
        middlewares = choose(req, local);
    return gr_call_next(co, req, next);
}

static gr_reply middlewares_plain(gr_co co, gr_req *req)
{
    (void)co;
    return give(req, middlewares);
}
GR_GET("/middlewares", middlewares_plain);

static gr_reply middlewares_blocking(gr_req *req)
{
    return give(req, middlewares);
}
GR_GET("/middlewares-blocking", middlewares_blocking);

static const char *const paths[] = {"/plain",
                                    "/blocking",
                                    "/deep",
                                    "/deep-blocking",
                                    "/by-a-child",
                                    "/handlers-by-a-child",
                                    "/middlewares",
                                    "/middlewares-blocking",
                                    "/stacked",
                                    "/stacked-child",
                                    "/on-stack",
                                    "/handlers-on-stack",
                                    "/by-a-child-on-stack"};
enum { PATHS = sizeof paths / sizeof paths[0] };

/* --- the tests --- */

static void ask(const char *path, const char *wanted)
{
    gr_app *app = gr_app_create("Test", "1");
    ck_assert_int_eq(gr_use(app, lend_local), 0);
    ck_assert_int_eq(gr_app_add(app, &plain_route, &blocking_route, &deep_route, &deep_blocking_route,
                                &by_a_child_route, &handlers_by_a_child_route, &middlewares_plain_route,
                                &middlewares_blocking_route, &stacked_route, &stacked_child_route, &on_stack_route,
                                &handlers_on_stack_route, &by_a_child_on_stack_route),
                     0);
    struct rig *rig = rig_begin(app, 1, 8);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, path);
    rig_wait(rig);
    rig_expect(client, wanted);
    gri_memory_destroy(client);
    rig_end(rig);
}

static void ask_apart(void *arg)
{
    ask(arg, "200");
}

static void expect_refusal(const char *path)
{
    char sentence[200];
    int n = (int)strcspn(what, ",");
    snprintf(sentence, sizeof sentence, "the %.*s() lies on the handler's stack, which is gone by then: use gr_alloc()",
             n, what);
    assert_aborts_saying(run_apart(ask_apart, (void *)(uintptr_t)path), sentence);
}

START_TEST(what_lies_in_a_frame_and_is_borrowed_until_the_request_has_ended_aborts)
{
    for (int i = 0; i < WHATS; i++) {
        what = whats[i];
        expect_refusal("/plain");
        expect_refusal("/blocking");
    }
}
END_TEST

START_TEST(whoever_gives_it_and_whosever_frame_it_is)
{
    what = "arg of gr_defer";
    for (int i = 0; i < PATHS; i++)
        expect_refusal(paths[i]);
}
END_TEST

START_TEST(what_lives_as_long_as_the_request_is_right)
{
    in_arena = true;
    for (int i = 0; i < PATHS; i++)
        for (int j = 0; j < WHATS; j++) {
            what = whats[j];
            ask(paths[i], "200");
        }
}
END_TEST

static gr_reply gives_large(gr_co co, gr_req *req)
{
    (void)co;
    return give(req, gr_alloc(req, 100000));
}
GR_GET("/large", gives_large);

static gr_reply gives_state(gr_co co, gr_req *req)
{
    (void)co;
    return give(req, gr_state(req));
}
GR_GET("/state", gives_state);

static gr_reply gives_state_blocking(gr_req *req)
{
    return give(req, gr_state(req));
}
GR_GET("/state-blocking", gives_state_blocking);

static gr_reply gives_null(gr_co co, gr_req *req)
{
    (void)co;
    return gr_content_static(req, "text/plain", NULL, 0);
}
GR_GET("/null", gives_null);

/* The frame of a task of the application's own, which requests may use: it outlives them. */
static int lend_to_requests(gr_co co, void *arg)
{
    char local[2] = "y";
    *(void **)arg = local;
    return gr_sleep(co, INT64_MAX);
}

static void *daemons;

static gr_reply gives_daemons(gr_co co, gr_req *req)
{
    (void)co;
    return give(req, daemons);
}
GR_GET("/daemons", gives_daemons);

/* The state lies in the frame of main(), as it does in many a program. */
START_TEST(memory_of_others_that_outlives_the_request_is_right)
{
    char state[2] = "s";
    static const char *const others[] = {"/large", "/state", "/state-blocking", "/daemons", "/null"};
    what = "arg of gr_defer";
    gr_app *app = gr_app_create("Test", "1");
    ck_assert_int_eq(gr_app_set_state(app, state), 0);
    ck_assert_int_eq(gr_app_add_task(app, "lender", lend_to_requests, &daemons), 0);
    ck_assert_int_eq(gr_app_add(app, &gives_large_route, &gives_state_route, &gives_state_blocking_route,
                                &gives_daemons_route, &gives_null_route),
                     0);
    struct rig *rig = rig_begin(app, 1, 8);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct gri_memory *client = rig_connect(rig);
        rig_get(rig, client, others[i]);
        rig_wait(rig);
        rig_expect(client, "200 OK");
        gri_memory_destroy(client);
    }
    ck_assert_int_eq(state[0], 's' + 2);
    rig_end(rig);
}
END_TEST

int main(void)
{
    const test_list tests = {what_lies_in_a_frame_and_is_borrowed_until_the_request_has_ended_aborts,
                             whoever_gives_it_and_whosever_frame_it_is, what_lives_as_long_as_the_request_is_right,
                             memory_of_others_that_outlives_the_request_is_right, NULL};
    return run_tests("borrowed", tests, 60);
}
