/* Who may use a request while a thread works for it: what the server itself does on a thread leaves the request to the
 * loop; a blocking function has it from the moment when it is asked for. */
#include <griddle/sync.h>

#include "rig.h"
#include "unit/co_world.h"

enum { LARGE = 100000 };

static uv_sem_t entered, gate;
static pthread_t loop_thread;
static gr_event ask;
static json_t *childs_value, *handlers_value;
static int child_rc, child_ran;

static bool on_loop(void)
{
    return pthread_equal(pthread_self(), loop_thread);
}

static void stand_at_gate(void)
{
    if (on_loop())
        return;
    uv_sem_post(&entered);
    uv_sem_wait(&gate);
}

/* --- operations --- */

struct long_note {
    const char *text;
    gr_strings tags;
    json_t *more;
};

static const char *wait_while_it_is_read(const void *value)
{
    (void)value;
    stand_at_gate();
    return NULL;
}

static GR_MODEL(long_note, GR_FIELD(text, .max_len = LARGE), GR_LIST(tags, GR_OPTIONAL), GR_FIELD(more, GR_OPTIONAL),
                GR_SELF(.validate = wait_while_it_is_read));

struct keep_note {
    int64_t id;
    struct long_note *body;
};
static GR_INPUT(keep_note, GR_PATH(id), GR_BODY(body, long_note));

static gr_reply keep_note(gr_co co, gr_req *req, const struct keep_note *in)
{
    (void)co;
    const struct long_note *note = in->body;
    return gr_text(req, gr_printf(req, "%d %zu %s %s", (int)in->id, strlen(note->text),
                                  note->tags.len ? note->tags.at[note->tags.len - 1] : "untagged",
                                  note->more ? json_string_value(note->more) : "no more"));
}
GR_POST("/notes/{id}", keep_note);
GR_ROUTE_AS(keep_hurried, "POST", "/hurried/{id}", keep_note, .deadline_ms = 100);

static gr_reply takes_json(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_body_json(req, &handlers_value);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", json_array_size(handlers_value)));
}
GR_POST("/json", takes_json);

static gr_reply blocks(gr_req *req)
{
    stand_at_gate();
    return gr_text(req, "blocked");
}
GR_GET("/blocks", blocks);

/* --- a middleware whose child uses the request beside the rest of the chain --- */

static int use_request(gr_co co, void *arg)
{
    gr_req *req = arg;
    int rc = gr_event_wait(co, &ask);
    if (rc)
        return rc;
    child_ran++;
    for (int i = 0; i < 200; i++) {
        const char *text = gr_printf(req, "%s %s %d", gr_method(req), gr_header(req, "Host"), i);
        ck_assert_int_eq(strncmp(text, "POST a ", 7), 0);
        ck_assert_ptr_nonnull(gr_alloc(req, 100));
    }
    child_rc = gr_body_json(req, &childs_value);
    return 0;
}

static gr_reply with_child(gr_co co, gr_req *req, gr_next *next)
{
    gr_task *child;
    int rc = gr_spawn(co, &child, use_request, req);
    if (rc)
        return gr_failed(req, rc);
    gr_reply reply = gr_call_next(co, req, next);
    gr_cancel(child);
    rc = gr_join(co, child);
    return rc && rc != GR_ECANCELED ? gr_failed(req, rc) : reply;
}

struct refusal {
    const char *detail;
};
static GR_MODEL(refusal, GR_FIELD(detail));

static struct rig *begin_with(gr_invalid_fn *invalid)
{
    gr_app *app = gr_app_create("Owner", "1");
    ck_assert_int_eq(gr_use(app, with_child), 0);
    ck_assert_int_eq(gr_app_add(app, &keep_note_route, &keep_hurried_route, &takes_json_route, &blocks_route), 0);
    if (invalid)
        ck_assert_int_eq(gr_app_set_invalid(app, invalid, refusal_model), 0);
    uv_sem_init(&entered, 0);
    uv_sem_init(&gate, 0);
    loop_thread = pthread_self();
    ask = (gr_event){0};
    child_ran = 0;
    child_rc = -1;
    return rig_begin(app, 1, 8);
}

static struct rig *begin(void)
{
    return begin_with(NULL);
}

static void finish(struct rig *rig, struct gri_memory *client)
{
    gri_memory_destroy(client);
    rig_end(rig);
    uv_sem_destroy(&entered);
    uv_sem_destroy(&gate);
}

/* A body of LARGE bytes: `front`, spaces, `back`. */
static void post_large(struct rig *rig, struct gri_memory *client, const char *path, const char *front,
                       const char *back)
{
    char *raw = malloc(LARGE + 300);
    int n = snprintf(raw, 300,
                     "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                     path, LARGE);
    memset(raw + n, ' ', LARGE);
    memcpy(raw + n, front, strlen(front));
    memcpy(raw + n + LARGE - strlen(back), back, strlen(back));
    raw[n + LARGE] = '\0';
    rig_say(rig, client, raw);
    free(raw);
}

/* While a thread is in the middle of it. */
static void let_the_child_ask(struct rig *rig)
{
    uv_sem_wait(&entered);
    gr_event_set(&ask);
    rig_settle(rig);
    ck_assert_int_eq(child_ran, 1);
}

static void open_gate(struct rig *rig)
{
    uv_sem_post(&gate);
    rig_wait(rig);
}

/* --- what the server does on a thread --- */

START_TEST(a_large_body_that_is_bound_on_a_thread_leaves_the_request_to_the_loop)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    post_large(rig, client, "/notes/7", "{\"text\":\"", "\",\"tags\":[\"a\",\"last\"],\"more\":\"and more\"}");
    let_the_child_ask(rig);
    rig_expect_nothing(client);
    ck_assert_int_eq(child_rc, 0);
    ck_assert_str_eq(json_string_value(json_object_get(childs_value, "more")), "and more");
    open_gate(rig);
    rig_expect(client, "HTTP/1.1 200 OK");
    rig_expect(client, " last and more");
    finish(rig, client);
}
END_TEST

START_TEST(what_a_large_body_got_wrong_is_told_though_the_request_was_used_meanwhile)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    post_large(rig, client, "/notes/seven", "{\"text\":\"t\"", "}");
    let_the_child_ask(rig);
    open_gate(rig);
    rig_expect(client, "HTTP/1.1 422 ");
    rig_expect(client, "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"path\",\"id\"],");
    finish(rig, client);
}
END_TEST

START_TEST(a_large_body_whose_client_leaves_while_it_is_bound_leaves_nothing)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    post_large(rig, client, "/notes/7", "{\"text\":\"", "\",\"more\":[1,2,3]}");
    let_the_child_ask(rig);
    rig_reset(rig, client);
    open_gate(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    finish(rig, client);
}
END_TEST

START_TEST(a_deadline_that_passes_while_a_large_body_is_bound_is_504_and_leaves_nothing)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    post_large(rig, client, "/hurried/seven", "{\"text\":\"", "\",\"more\":[1,2,3]}");
    let_the_child_ask(rig);
    gri_sched_advance(&rig->engine.sched, 100);
    rig_expect(client, "HTTP/1.1 504 ");
    open_gate(rig);
    ck_assert_uint_eq(rig->engine.sched.n_tasks, 0);
    finish(rig, client);
}
END_TEST

static int refused_on_loop;

static gr_reply refuse(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    refused_on_loop = on_loop();
    return gr_error(req, 400, "%zu: %s", n, mistakes[0].loc);
}

START_TEST(the_application_answers_a_large_body_that_is_wrong_on_the_loop)
{
    struct rig *rig = begin_with(refuse);
    struct gri_memory *client = rig_connect(rig);
    refused_on_loop = -1;
    post_large(rig, client, "/notes/seven", "{\"text\":\"t\"", "}");
    let_the_child_ask(rig);
    open_gate(rig);
    rig_expect(client, "{\"detail\":\"1: [\\\"path\\\",\\\"id\\\"]\"}");
    ck_assert_int_eq(refused_on_loop, 1);
    finish(rig, client);
}
END_TEST

/* --- a value that a thread makes of a body --- */

static bool holds_threads;

static void *allocate(size_t size)
{
    if (holds_threads && !on_loop()) {
        holds_threads = false;
        stand_at_gate();
    }
    return malloc(size);
}

START_TEST(whoever_asks_for_a_large_body_while_a_thread_reads_it_has_it_too)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    json_set_alloc_funcs(allocate, free);
    holds_threads = true;
    post_large(rig, client, "/json", "[1,2,", "3]");
    let_the_child_ask(rig);
    ck_assert_int_eq(child_rc, 0);
    ck_assert_uint_eq(json_array_size(childs_value), 3);
    open_gate(rig);
    rig_expect(client, "\r\n\r\n3");
    ck_assert_ptr_eq(handlers_value, childs_value);
    finish(rig, client);
}
END_TEST

START_TEST(a_large_body_that_is_no_json_is_refused_to_both)
{
    struct rig *rig = begin();
    struct gri_memory *client = rig_connect(rig);
    json_set_alloc_funcs(allocate, free);
    holds_threads = true;
    post_large(rig, client, "/json", "[1,2,", "3");
    let_the_child_ask(rig);
    ck_assert_int_eq(child_rc, 422);
    open_gate(rig);
    rig_expect(client, "HTTP/1.1 422 ");
    rig_expect(client, "json_invalid");
    finish(rig, client);
}
END_TEST

/* --- a blocking function --- */

static void use_what_runs(void *arg)
{
    (void)arg;
    struct rig *rig = begin();
    rig_get(rig, rig_connect(rig), "/blocks");
    uv_sem_wait(&entered);
    gr_event_set(&ask);
    rig_settle(rig);
}

START_TEST(a_request_that_a_thread_has_is_not_the_loops)
{
    assert_aborts_saying(run_apart(use_what_runs, NULL), "the request of \"blocks\" was used on a thread that does not "
                                                         "have it");
}
END_TEST

/* Queued, alone: the child of the one that runs never asks. */
static int use_queued(gr_co co, void *arg)
{
    gr_req *req = arg;
    int rc = gr_yield(co);
    return rc ? rc : gr_alloc(req, 1) ? 0 : GR_ENOMEM;
}

static gr_reply with_queued_child(gr_co co, gr_req *req, gr_next *next)
{
    gr_task *child;
    bool is_second = gr_header(req, "X-Second");
    if (is_second && gr_spawn(co, &child, use_queued, req))
        return gr_failed(req, GR_ENOMEM);
    return gr_call_next(co, req, next);
}

static void use_what_is_queued(void *arg)
{
    (void)arg;
    gr_app *app = gr_app_create("Owner", "1");
    gr_use(app, with_queued_child);
    gr_app_add(app, &blocks_route);
    uv_sem_init(&entered, 0);
    uv_sem_init(&gate, 0);
    loop_thread = pthread_self();
    struct rig *rig = rig_begin(app, 1, 8);
    rig_get(rig, rig_connect(rig), "/blocks");
    uv_sem_wait(&entered);
    rig_say(rig, rig_connect(rig), "GET /blocks HTTP/1.1\r\nHost: a\r\nX-Second: 1\r\n\r\n");
    rig_settle(rig);
}

START_TEST(nor_is_one_that_waits_for_its_thread)
{
    assert_aborts_saying(run_apart(use_what_is_queued, NULL), "the request of \"blocks\" was used on a thread "
                                                              "that does not have it");
}
END_TEST

int main(void)
{
    const test_list tests = {a_large_body_that_is_bound_on_a_thread_leaves_the_request_to_the_loop,
                             what_a_large_body_got_wrong_is_told_though_the_request_was_used_meanwhile,
                             a_large_body_whose_client_leaves_while_it_is_bound_leaves_nothing,
                             a_deadline_that_passes_while_a_large_body_is_bound_is_504_and_leaves_nothing,
                             the_application_answers_a_large_body_that_is_wrong_on_the_loop,
                             whoever_asks_for_a_large_body_while_a_thread_reads_it_has_it_too,
                             a_large_body_that_is_no_json_is_refused_to_both,
                             a_request_that_a_thread_has_is_not_the_loops,
                             nor_is_one_that_waits_for_its_thread,
                             NULL};
    return run_tests("owner", tests, 20);
}
