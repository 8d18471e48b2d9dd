/* What a request's functions leave behind, and what they find: handlers, middleware, writers, background tasks,
 * teardowns. */
#include <fcntl.h>
#include <griddle/thread.h>
#include <semaphore.h>
#include <sys/stat.h>

#include "rig.h"
#include "unit/co_world.h"

static char trace[400];

static void note(const char *what)
{
    strncat(trace, what, sizeof trace - strlen(trace) - 1);
    strncat(trace, " ", sizeof trace - strlen(trace) - 1);
}

/* --- children --- */

static int go_on(gr_co co, void *arg)
{
    int rc = gr_sleep(co, INT64_MAX);
    note(arg);
    return rc;
}

static int leave_a_child(gr_co co, const char *name)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, go_on, (void *)(uintptr_t)name);
    return rc ? rc : gr_yield(co);
}

static int write_with_a_child(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    int rc = leave_a_child(co, "writer's");
    return rc ? rc : gr_write(co, writer, "written", 7);
}

static int run_afterwards(gr_co co, gr_req *req, void *arg)
{
    (void)req;
    note(arg);
    return leave_a_child(co, "afterwards'");
}

static void tear_down(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    note(arg);
    ck_assert_int_eq(leave_a_child(co, "teardown's"), 0);
}

static gr_reply leaves_children(gr_co co, gr_req *req)
{
    int rc = gr_defer(req, tear_down, "down2");
    rc = rc ? rc : gr_defer(req, tear_down, "down1");
    rc = rc ? rc : gr_after(req, run_afterwards, "after1");
    rc = rc ? rc : gr_after(req, run_afterwards, "after2");
    rc = rc ? rc : leave_a_child(co, "handler's");
    note("handler");
    return rc ? gr_failed(req, rc) : gr_stream(req, "text/plain", write_with_a_child, NULL);
}
GR_GET("/leaves-children", leaves_children);

static gr_reply leave_two(gr_co co, gr_req *req, gr_next *next)
{
    int rc = leave_a_child(co, "middleware's");
    gr_reply reply = rc ? gr_failed(req, rc) : gr_call_next(co, req, next);
    note("middleware");
    return reply;
}

START_TEST(each_function_of_a_request_ends_with_what_it_spawned_before_the_next_begins)
{
    gr_app *app = gr_app_create("Test", "1");
    ck_assert_int_eq(gr_use(app, leave_two), 0);
    ck_assert_int_eq(gr_app_add(app, &leaves_children_route), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *client = rig_connect(rig);
    rig_get(rig, client, "/leaves-children");
    rig_wait(rig);
    rig_expect(client, "written");
    ck_assert_str_eq(trace, "handler handler's middleware middleware's writer's after1 afterwards' after2 afterwards' "
                            "down1 teardown's down2 teardown's ");
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

static gr_reply leaves_a_group(gr_co co, gr_req *req)
{
    gr_group *group = gr_alloc(req, sizeof *group);
    gr_group_open(co, group);
    return gr_text(req, "left open");
}
GR_GET("/leaves-a-group", leaves_a_group);

static void ask_for_a_group(void *arg)
{
    gr_app *app = gr_app_create("Test", "1");
    ck_assert_int_eq(gr_app_add(app, &leaves_a_group_route), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    rig_get(rig, rig_connect(rig), arg);
}

START_TEST(a_handler_that_leaves_a_group_open_aborts_by_its_name)
{
    static char path[] = "/leaves-a-group";
    assert_aborts_saying(run_apart(ask_for_a_group, path),
                         "griddle: a function of \"leaves_a_group\" ended with an open group");
}
END_TEST

/* --- the shield --- */

static int last_rc;

static gr_reply naps(gr_co co, gr_req *req)
{
    json_t *body;
    int rc = gr_body_json(req, &body);
    ck_assert_int_eq(rc, 0);
    last_rc = gr_sleep(co, 10);
    note("awake");
    return gr_text(req, "awake");
}
GR_POST("/naps", naps);

struct long_text {
    const char *text;
};
static GR_MODEL(long_text, GR_FIELD(text));

struct naps_typed {
    struct long_text *body;
};
static GR_INPUT(naps_typed, GR_BODY(body, long_text));

static gr_reply naps_typed(gr_co co, gr_req *req, const struct naps_typed *in)
{
    ck_assert_uint_gt(strlen(in->body->text), 65536);
    last_rc = gr_sleep(co, 10);
    note("awake");
    return gr_text(req, "awake");
}
GR_POST("/naps-typed", naps_typed);

struct shielded {
    gr_req *req;
    gr_next *next;
    gr_reply reply;
};

static int call_next_shielded(gr_co co, void *arg)
{
    struct shielded *self = arg;
    self->reply = gr_call_next(co, self->req, self->next);
    return gr_sleep(co, 10);
}

static gr_reply shield_all(gr_co co, gr_req *req, gr_next *next)
{
    struct shielded self = {.req = req, .next = next};
    int rc = gr_shield(co, call_next_shielded, &self);
    note(rc ? "cancelled" : "shielded");
    rc = gr_sleep(co, 10);
    note(rc == GR_ECANCELED ? "cancelled" : "not cancelled");
    return self.reply;
}

static void send_70000(struct rig *rig, struct gri_memory *client, const char *path)
{
    enum { N = 70000 };
    static char raw[N + 200];
    int head = snprintf(raw, sizeof raw,
                        "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                        path, N);
    memset(raw + head, 'x', N);
    memcpy(raw + head, "{\"text\":\"", 9);
    memcpy(raw + head + N - 2, "\"}", 2);
    gri_memory_send(client, raw, (size_t)head + N);
    rig_wait(rig);
}

static void stay_shielded(const char *path)
{
    gr_app *app = gr_app_create("Test", "1");
    trace[0] = '\0';
    last_rc = 1;
    ck_assert_int_eq(gr_use(app, shield_all), 0);
    ck_assert_int_eq(gr_app_add(app, &naps_route, &naps_typed_route), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *client = rig_connect(rig);
    send_70000(rig, client, path);
    ck_assert_int_eq(last_rc, 1);
    rig_reset(rig, client);
    gri_sched_advance(&rig->engine.sched, 100);
    ck_assert_int_eq(last_rc, 0);
    ck_assert_str_eq(trace, "awake shielded cancelled ");
    gri_memory_destroy(client);
    rig_end(rig);
}

START_TEST(a_trip_to_the_pool_leaves_the_shield_of_a_middleware_as_it_was)
{
    stay_shielded("/naps");
    stay_shielded("/naps-typed");
}
END_TEST

/* --- what teardowns wait for --- */

enum { THREADS = 4, PERMITS = 2, CLIENTS = 8 };

static sem_t permits;
static gr_semaphore limiter = GR_SEMAPHORE(1);
static _Atomic int question_rc, portal_rc;
static gr_portal *portal;

static int give_back(void *arg)
{
    (void)arg;
    return sem_post(&permits);
}

static void give_back_on_a_thread(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    ck_assert_int_eq(gr_offload(co, give_back, arg), 0);
}

static int offload_in_a_child(gr_co co, void *arg)
{
    return gr_offload_limited(co, &limiter, give_back, arg);
}

static void give_back_in_a_child(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    ck_assert_int_eq(gr_gather(co, {offload_in_a_child, arg}), 0);
}

static gr_reply takes_a_permit(gr_req *req)
{
    int rc = gr_defer(req, give_back_on_a_thread, NULL);
    ck_assert_int_eq(sem_wait(&permits), 0);
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_GET("/takes", takes_a_permit);

static gr_reply takes_for_a_child(gr_req *req)
{
    int rc = gr_defer(req, give_back_in_a_child, NULL);
    ck_assert_int_eq(sem_wait(&permits), 0);
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_GET("/takes-for-a-child", takes_for_a_child);

static int offload_nothing(gr_co co, void *arg)
{
    return gr_offload(co, give_back, arg);
}

/* A thread of those waits for no other one. */
static void ask_for_a_thread(gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    question_rc = gr_call_on_loop(NULL, offload_nothing, arg);
    portal_rc = gr_call_on_loop(portal, offload_nothing, arg);
    sem_post(&permits);
}

static gr_reply takes_and_asks(gr_req *req)
{
    int rc = gr_defer(req, ask_for_a_thread, NULL);
    ck_assert_int_eq(sem_wait(&permits), 0);
    return rc ? gr_failed(req, rc) : gr_text(req, "taken");
}
GR_GET("/takes-and-asks", takes_and_asks);

static int keep_portal(gr_co co, void *arg)
{
    int rc = gr_portal_open(co, &portal);
    ck_assert_int_eq(rc, 0);
    rc = gr_sleep(co, INT64_MAX);
    gr_portal_close(co, portal);
    (void)arg;
    return rc;
}

static void take_all_permits(const char *path)
{
    gr_app *app = gr_app_create("Test", "1");
    sem_init(&permits, 0, PERMITS);
    ck_assert_int_eq(gr_app_add(app, &takes_a_permit_route, &takes_for_a_child_route, &takes_and_asks_route), 0);
    ck_assert_int_eq(gr_app_add_task(app, "portal", keep_portal, NULL), 0);
    struct rig *rig = rig_begin(app, THREADS, CLIENTS);
    struct gri_memory *clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = rig_connect(rig);
        rig_get(rig, clients[i], path);
    }
    rig_wait(rig);
    int left;
    sem_getvalue(&permits, &left);
    ck_assert_int_eq(left, PERMITS);
    for (int i = 0; i < CLIENTS; i++) {
        rig_expect(clients[i], "200 OK");
        gri_memory_destroy(clients[i]);
    }
    rig_end(rig);
}

START_TEST(what_a_teardown_offloads_does_not_wait_behind_those_that_wait_for_it)
{
    take_all_permits("/takes");
    take_all_permits("/takes-for-a-child");
}
END_TEST

START_TEST(what_a_blocking_teardown_calls_may_not_wait_for_another_thread)
{
    take_all_permits("/takes-and-asks");
    ck_assert_int_eq(question_rc, GR_EDEADLK);
    ck_assert_int_eq(portal_rc, GR_EDEADLK);
}
END_TEST

/* --- files --- */

enum { STUCK = 3 }; /* one fewer than libuv's threads */

static char fifos[STUCK][64];
static int opened, torn_down, waits_in_line;

/* Until somebody writes there. */
static int open_fifo(gr_co co, void *arg)
{
    int fd, rc = gr_file_open(co, &fd, arg, O_RDONLY, 0);
    ck_assert_int_eq(rc, 0);
    opened++;
    return gr_file_close(co, fd);
}

static int look_at_files(gr_co co, void *arg)
{
    struct stat status;
    (void)arg;
    return gr_file_stat(co, "/", &status);
}

static int look_in_line(gr_co co, void *arg)
{
    waits_in_line++;
    int rc = look_at_files(co, arg);
    waits_in_line--;
    return rc;
}

static void use_files(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)req, (void)outcome;
    int rc = gr_gather(co, {look_at_files, arg}, {look_at_files, arg}, {look_at_files, arg});
    ck_assert_int_eq(rc, 0);
    ck_assert_int_eq(opened, 0);
    torn_down++;
}

static gr_reply opens_fifos(gr_co co, gr_req *req)
{
    int rc = gr_gather(co, {open_fifo, fifos[0]}, {open_fifo, fifos[1]}, {open_fifo, fifos[2]}, {look_in_line, NULL});
    return rc ? gr_failed(req, rc) : gr_text(req, "opened");
}
GR_GET("/opens-fifos", opens_fifos);

static gr_reply tears_down_files(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, use_files, NULL);
    return rc ? gr_failed(req, rc) : gr_text(req, "torn down");
}
GR_GET("/tears-down", tears_down_files);

static void release_fifos(struct rig *rig)
{
    for (int i = 0; i < STUCK; i++) {
        int fd;
        while ((fd = open(fifos[i], O_WRONLY | O_NONBLOCK)) < 0) /* until its thread is in open() */
            uv_run(&rig->loop, UV_RUN_NOWAIT);
        close(fd);
        unlink(fifos[i]);
    }
}

START_TEST(a_teardowns_files_do_not_wait_behind_those_of_others)
{
    gr_app *app = gr_app_create("Test", "1");
    for (int i = 0; i < STUCK; i++) {
        snprintf(fifos[i], sizeof fifos[i], "/tmp/griddle-fifo-%d-%d", (int)getpid(), i);
        ck_assert_int_eq(mkfifo(fifos[i], 0600), 0);
    }
    ck_assert_int_eq(gr_app_add(app, &opens_fifos_route, &tears_down_files_route), 0);
    struct rig *rig = rig_begin(app, 1, 1);
    struct gri_memory *stuck = rig_connect(rig), *client = rig_connect(rig);
    rig_get(rig, stuck, "/opens-fifos");
    rig_get(rig, client, "/tears-down");
    while (!torn_down) {
        uv_run(&rig->loop, UV_RUN_ONCE);
        rig_settle(rig);
    }
    ck_assert_int_eq(waits_in_line, 1);
    release_fifos(rig);
    rig_wait(rig);
    rig_expect(stuck, "opened");
    rig_expect(client, "torn down");
    gri_memory_destroy(stuck);
    gri_memory_destroy(client);
    rig_end(rig);
}
END_TEST

int main(void)
{
    const test_list tests = {each_function_of_a_request_ends_with_what_it_spawned_before_the_next_begins,
                             a_handler_that_leaves_a_group_open_aborts_by_its_name,
                             a_trip_to_the_pool_leaves_the_shield_of_a_middleware_as_it_was,
                             what_a_teardown_offloads_does_not_wait_behind_those_that_wait_for_it,
                             what_a_blocking_teardown_calls_may_not_wait_for_another_thread,
                             a_teardowns_files_do_not_wait_behind_those_of_others,
                             NULL};
    return run_tests("calls", tests, 30);
}
