#include <griddle/testing.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/print.h"
#include "co/debug.h"
#include "http/memory.h"
#include "server/answer.h"
#include "server/engine.h"
#include "server/test_client.h"

enum {
    STOP_MS = 60000, /* that gr_test_destroy() lets pass for what still runs */
    ROUND_COST = 100 /* in timers: a thousand turns of each coroutine that yields */
};

/* Sums of times and durations stay in range. */
static const int64_t LAST_MS = INT64_MAX / 2;

struct gr_test {
    uv_loop_t loop;
    struct gri_engine engine;
    gr_test_patience patience;
    uv_timer_t impatience; /* keeps nothing alive */
    int64_t start_by_ms;   /* when start hooks must have ended; 0: none was awaited yet */
    size_t start_timers;   /* that may fire until then */
    struct gri_test_client client;
    bool closed;
};

struct gr_test_conn {
    gr_test *test;
    struct gri_memory *memory;
    size_t taken; /* of what was received, by answers */
};

/* --- patience --- */

static const gr_test_patience default_patience = {sizeof default_patience, 24 * 3600 * 1000, 1000000, 60000};

int gr_test_set_patience(gr_test *test, const gr_test_patience *patience)
{
    const gr_test_patience *defaults = &default_patience;
    gr_test_patience own = {.size = sizeof own};
    if (patience && !gr_sized_take(&own, sizeof own, patience, offsetof(gr_test_patience, timers)))
        return GR_EINVAL;
    test->patience = own;
    if (own.virtual_ms <= 0)
        test->patience.virtual_ms = defaults->virtual_ms;
    if (own.timers == 0)
        test->patience.timers = defaults->timers;
    if (own.real_ms == 0)
        test->patience.real_ms = defaults->real_ms;
    return 0;
}

static void tell_tasks(const gr_test *test)
{
    fflush(stderr);
    gri_tasks_print(&test->engine.sched, STDERR_FILENO);
}

/* Nothing that the test can do would help. */
static _Noreturn void give_up(const gr_test *test, const char *why)
{
    gri_fprintf(stderr, "griddle: %s\n", why);
    tell_tasks(test);
    abort();
}

static void on_impatience(uv_timer_t *timer)
{
    give_up(timer->data, "a blocking function, a file or a child has not come back in gr_test_patience.real_ms");
}

/* --- running --- */

/* Something that takes real time. */
static void testing_turn(gr_test *test)
{
    uv_update_time(&test->loop);
    if (test->patience.real_ms > 0)
        uv_timer_start(&test->impatience, on_impatience, (uint64_t)test->patience.real_ms, 0);
    uv_run(&test->loop, UV_RUN_ONCE);
    uv_timer_stop(&test->impatience);
}

/* Until nothing can happen at the present time. Blocking functions take real time, so they are waited for. */
static void testing_settle(gr_test *test)
{
    gri_sched_advance(&test->engine.sched, 0);
    while (!test->closed && gri_engine_in_flight(&test->engine)) {
        testing_turn(test);
        if (!test->closed)
            gri_sched_advance(&test->engine.sched, 0);
    }
}

/* How far time may jump, and how often: where a task repeats itself for ever there always is a next timer. */
struct journey {
    int64_t latest_ms;
    size_t left;
};

static struct journey begin_journey(const gr_test *test, int64_t ms)
{
    int64_t now_ms = gr_test_now_ms(test), most_ms = LAST_MS - now_ms;
    ms = ms < 0 ? 0 : ms > most_ms ? most_ms : ms;
    return (struct journey){now_ms + ms, test->patience.timers};
}

/* One jump to the next timer, if there is one by then. */
static bool jump(gr_test *test, struct journey *journey)
{
    int64_t next_ms = gri_sched_next_ms(&test->engine.sched), now_ms = gr_test_now_ms(test);
    if (next_ms > journey->latest_ms || journey->left == 0)
        return false;
    journey->left--;
    gri_sched_advance(&test->engine.sched, next_ms > now_ms ? next_ms - now_ms : 0);
    testing_settle(test);
    return true;
}

/* Or a round of those that yielded more often than a jump takes. */
static bool go_on(gr_test *test, struct journey *journey)
{
    if (jump(test, journey))
        return true;
    if (!test->engine.sched.idling || journey->left == 0)
        return false;
    journey->left -= journey->left < ROUND_COST ? journey->left : ROUND_COST;
    testing_settle(test);
    return true;
}

static const char *why_it_ended(const gr_test *test, const struct journey *journey)
{
    if (journey->left == 0)
        return "gr_test_patience.timers have fired meanwhile";
    if (gri_sched_next_ms(&test->engine.sched) == INT64_MAX)
        return "nothing is left that could happen";
    return "gr_test_patience.virtual_ms have passed";
}

void gr_test_advance(gr_test *test, int64_t ms)
{
    testing_settle(test);
    struct journey journey = begin_journey(test, ms);
    while (jump(test, &journey))
        continue;
    if (journey.left == 0 && gri_sched_next_ms(&test->engine.sched) <= journey.latest_ms)
        give_up(test, "gr_test_advance(): gr_test_patience.timers have fired before the time was over");
    gri_sched_advance(&test->engine.sched, journey.latest_ms - gr_test_now_ms(test));
    testing_settle(test);
}

int64_t gr_test_now_ms(const gr_test *test)
{
    return gri_now_ms(&test->engine.sched);
}

size_t gr_test_coroutines(const gr_test *test)
{
    return test->engine.sched.n_tasks;
}

/* --- beginning and end --- */

static void on_testing_closed(struct gri_engine *engine)
{
    ((gr_test *)engine->owner)->closed = true;
}

static void close_test(gr_test *test)
{
    while (!test->closed)
        testing_turn(test);
    uv_close((uv_handle_t *)&test->impatience, NULL);
    uv_run(&test->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&test->loop) != 0)
        give_up(test, "gr_test_destroy(): a handle of the loop is open: close what was opened on gr_loop()");
    gri_test_client_finish(&test->client);
    free(test);
}

/* Start hooks have their time as an answer has. */
static bool turn_to_start(struct gri_engine *engine)
{
    gr_test *test = engine->owner;
    testing_settle(test);
    if (!engine->hook)
        return true;
    if (!test->start_by_ms) {
        struct journey whole = begin_journey(test, test->patience.virtual_ms);
        test->start_by_ms = whole.latest_ms;
        test->start_timers = whole.left;
    }
    struct journey journey = {test->start_by_ms, test->start_timers};
    bool on = go_on(test, &journey);
    test->start_timers = journey.left;
    return on;
}

/* Of one that was told to stop. */
static void end_test(gr_test *test)
{
    struct journey journey;
    if (!test->closed) {
        testing_settle(test);
        journey = begin_journey(test, STOP_MS);
        while (!test->engine.closing && go_on(test, &journey))
            continue;
        if (!test->engine.closing) {
            gri_engine_cancel(&test->engine);
            testing_settle(test);
        }
        if (!test->engine.closing)
            give_up(test, "gr_test_destroy(): a coroutine does not come to its end, though it was cancelled");
    }
    close_test(test);
}

gr_test *gr_test_create(gr_app *app)
{
    struct gri_engine_options options = {
        .log = {.level = GRI_LOG_WARNING, .fd = 2}, .is_virtual = true, .turn = turn_to_start};
    gr_test *test = calloc(1, sizeof *test);
    bool open = false;
    if (!test || !gri_test_client_init(&test->client) || uv_loop_init(&test->loop) != 0) {
        if (test)
            gri_test_client_finish(&test->client);
        free(test);
        return NULL;
    }
    test->patience = default_patience;
    uv_timer_init(&test->loop, &test->impatience);
    uv_unref((uv_handle_t *)&test->impatience);
    test->impatience.data = test;
    options.owner = test;
    int rc = gri_engine_init(&test->engine, &test->loop, app, &options, &open);
    test->engine.closed = on_testing_closed;
    if (rc == 0)
        return test;
    test->closed = !open;
    if (open)
        gri_engine_close(&test->engine);
    end_test(test);
    return NULL;
}

void gr_test_destroy(gr_test *test)
{
    if (!test)
        return;
    testing_settle(test);
    gri_engine_stop(&test->engine);
    end_test(test);
}

/* --- connections --- */

gr_test_conn *gr_test_connect(gr_test *test)
{
    gr_test_conn *conn = calloc(1, sizeof *conn);
    if (!conn)
        return NULL;
    conn->test = test;
    conn->memory = gri_memory_connect(&test->engine.http);
    if (!conn->memory) {
        free(conn);
        return NULL;
    }
    return conn;
}

void gr_test_conn_destroy(gr_test_conn *conn)
{
    if (!conn)
        return;
    gri_memory_destroy(conn->memory);
    testing_settle(conn->test);
    free(conn);
}

void gr_test_send(gr_test_conn *conn, const void *data, size_t n)
{
    gri_memory_send(conn->memory, data, n);
    testing_settle(conn->test);
}

void gr_test_send_fin(gr_test_conn *conn)
{
    gri_memory_send_fin(conn->memory);
    testing_settle(conn->test);
}

void gr_test_reset(gr_test_conn *conn)
{
    gri_memory_reset(conn->memory);
    testing_settle(conn->test);
}

void gr_test_set_window(gr_test_conn *conn, size_t bytes)
{
    gri_memory_set_window(conn->memory, bytes);
    testing_settle(conn->test);
}

const char *gr_test_received(gr_test_conn *conn, size_t *len)
{
    struct gri_buf *received = &conn->memory->received;
    if (len)
        *len = received->len - conn->taken;
    if (!gri_buf_reserve(received, 1))
        return "";
    received->data[received->len] = '\0';
    return received->data + conn->taken;
}

const char *gr_test_take(gr_test_conn *conn, size_t *len)
{
    const char *received = gr_test_received(conn, len);
    conn->memory->received.len = conn->taken = 0;
    return received;
}

bool gr_test_closed(const gr_test_conn *conn)
{
    return conn->memory->fin || conn->memory->closed;
}

/* --- answers --- */

/* What is left of the others is moved once more than half was taken. */
static void forget_taken(gr_test_conn *conn)
{
    struct gri_buf *received = &conn->memory->received;
    if (conn->taken < received->len - conn->taken)
        return;
    gri_buf_consume(received, conn->taken);
    conn->taken = 0;
}

static enum gri_answer_state read_answer(gr_test_conn *conn, gr_answer *answer)
{
    const struct gri_buf *received = &conn->memory->received;
    size_t len = received->len - conn->taken;
    bool at_end = gr_test_closed(conn), was_cut = conn->memory->was_reset;
    enum gri_answer_state state =
        gri_answer_read(answer, len ? received->data + conn->taken : "", len, at_end && !was_cut);
    if (state != GRI_ANSWER_COMPLETE)
        return was_cut ? GRI_ANSWER_FAILED : state;
    conn->taken += gri_answer_length(answer);
    forget_taken(conn);
    return state;
}

gr_answer *gr_test_next_answer(gr_test_conn *conn, bool to_head)
{
    gr_answer *answer = gri_answer_create(to_head);
    if (answer && read_answer(conn, answer) == GRI_ANSWER_COMPLETE)
        return answer;
    gr_answer_free(answer);
    return NULL;
}

/* --- whole requests: test_client.c --- */

static const char *await_one(gr_test_conn *conn, gr_answer *answer, struct journey *journey)
{
    enum gri_answer_state state;
    while ((state = read_answer(conn, answer)) == GRI_ANSWER_MORE)
        if (!go_on(conn->test, journey))
            return why_it_ended(conn->test, journey);
    return state == GRI_ANSWER_COMPLETE ? NULL : "";
}

/* The final one: a 1xx is none. *why it did not come is NULL where it did, "" where the connection ended. */
static gr_answer *await_answer(gr_test_conn *conn, bool to_head, const char **why)
{
    struct journey journey = begin_journey(conn->test, conn->test->patience.virtual_ms);
    for (;;) {
        gr_answer *answer = gri_answer_create(to_head);
        *why = answer ? await_one(conn, answer, &journey) : "";
        if (answer && !*why && gr_answer_status(answer) >= 200)
            return answer;
        gr_answer_free(answer);
        if (*why)
            return NULL;
    }
}

static void tell_missing_answer(const gr_test *test, const char *method, const char *target, const char *why)
{
    gri_fprintf(stderr, "griddle: %s %s was not answered: %s\n", method, target, why);
    tell_tasks(test);
}

gr_answer *gri_test_exchange(gr_test *test, const char *method, const char *target, const struct gri_buf *request)
{
    gr_test_conn *conn = gr_test_connect(test);
    const char *why = "";
    if (!conn)
        return NULL;
    gr_test_send(conn, request->data, request->len);
    gr_answer *answer = await_answer(conn, strcmp(method, "HEAD") == 0, &why);
    if (why && *why)
        tell_missing_answer(test, method, target, why);
    gr_test_send_fin(conn);
    gr_test_conn_destroy(conn);
    return answer;
}

struct gri_test_client *gri_test_client_of(gr_test *test)
{
    return &test->client;
}
