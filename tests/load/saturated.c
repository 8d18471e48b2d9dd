/* A server whose pool is to be saturated: blocking handlers that take their time, that wait until they are let go, and
 * that go round in a circle from pool to loop to pool; and async ones, which must not notice. */
#include <griddle.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* What blocking handlers share, and the coroutines beside the requests. */
struct kitchen {
    pthread_mutex_t lock; /* of the numbers and the gate */
    pthread_cond_t opened;
    bool open;
    int ran, at_once, most_at_once;
    gr_portal *portal;
    gr_queue errands;     /* for a coroutine that needs a thread for each */
    gr_semaphore answers; /* its, one for each errand */
};

/* --- the pool's --- */

static void enter(struct kitchen *kitchen)
{
    pthread_mutex_lock(&kitchen->lock);
    kitchen->ran++;
    kitchen->at_once++;
    if (kitchen->most_at_once < kitchen->at_once)
        kitchen->most_at_once = kitchen->at_once;
    pthread_mutex_unlock(&kitchen->lock);
}

static void leave(struct kitchen *kitchen)
{
    pthread_mutex_lock(&kitchen->lock);
    kitchen->at_once--;
    pthread_mutex_unlock(&kitchen->lock);
}

struct block {
    int64_t ms;
};
static GR_INPUT(block, GR_QUERY(ms, GR_GE(0), GR_LE(10000)));

static gr_reply block(gr_req *req, const struct block *in)
{
    struct timespec left = {.tv_sec = in->ms / 1000, .tv_nsec = in->ms % 1000 * 1000000};
    enter(gr_state(req));
    while (nanosleep(&left, &left) < 0)
        ;
    leave(gr_state(req));
    return gr_text(req, "done");
}
GR_GET("/block", block);

static int wait_at_gate(void *arg)
{
    struct kitchen *kitchen = arg;
    enter(kitchen);
    pthread_mutex_lock(&kitchen->lock);
    while (!kitchen->open)
        pthread_cond_wait(&kitchen->opened, &kitchen->lock);
    pthread_mutex_unlock(&kitchen->lock);
    leave(kitchen);
    return 0;
}

static gr_reply held(gr_req *req)
{
    wait_at_gate(gr_state(req));
    return gr_text(req, "let go");
}
GR_GET("/held", held);
GR_ROUTE_AS(held_late, "GET", "/held-late", held, .deadline_ms = 300);

/* --- the loop's --- */

struct open_gate {
    int64_t after_ms;
};
static GR_INPUT(open_gate, GR_QUERY(after_ms, GR_DEFAULT(0), GR_GE(0), GR_LE(10000)));

static gr_reply open_gate(gr_co co, gr_req *req, const struct open_gate *in)
{
    struct kitchen *kitchen = gr_state(req);
    int rc = gr_sleep(co, in->after_ms);
    if (rc)
        return gr_failed(req, rc);
    pthread_mutex_lock(&kitchen->lock);
    kitchen->open = true;
    pthread_cond_broadcast(&kitchen->opened);
    pthread_mutex_unlock(&kitchen->lock);
    return gr_text(req, "open");
}
GR_POST("/open", open_gate);

static gr_reply counts(gr_co co, gr_req *req)
{
    struct kitchen *kitchen = gr_state(req);
    (void)co;
    pthread_mutex_lock(&kitchen->lock);
    int ran = kitchen->ran, most_at_once = kitchen->most_at_once;
    pthread_mutex_unlock(&kitchen->lock);
    return gr_json(req, json_pack("{s:i, s:i}", "ran", ran, "most_at_once", most_at_once));
}
GR_GET("/counts", counts);

static gr_reply quick(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "quick");
}
GR_GET("/quick", quick);

static gr_reply naps(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 5);
    return rc ? gr_failed(req, rc) : gr_text(req, "rested");
}
GR_GET("/naps", naps);

static gr_reply length(gr_co co, gr_req *req)
{
    json_t *body;
    int rc = gr_body_json(req, &body);
    (void)co;
    return rc ? gr_failed(req, rc) : gr_json(req, json_pack("{s:I}", "length", (json_int_t)json_array_size(body)));
}
GR_POST("/length", length);

static gr_reply offload(gr_co co, gr_req *req)
{
    int rc = gr_offload(co, wait_at_gate, gr_state(req));
    return rc ? gr_failed(req, rc) : gr_text(req, "let go");
}
GR_GET("/offload", offload);

/* --- circles: a thread waits for a coroutine that wants a thread --- */

static int one(void *arg)
{
    (void)arg;
    return 1;
}

static int offload_one(gr_co co, void *arg)
{
    return gr_offload(co, one, arg);
}

static int offload_in_children(gr_co co, void *arg)
{
    return gr_gather(co, {offload_one, arg}, {offload_one, arg});
}

static int offload_shielded(gr_co co, void *arg)
{
    return gr_shield(co, offload_one, arg);
}

/* What it got is the answer: to go on after a refusal is a handler's right. */
static gr_reply tell(gr_req *req, int rc)
{
    return gr_json(req, json_pack("{s:s}", "got", rc == 1 ? "1" : gr_strerror(rc)));
}

static gr_reply circle(gr_req *req)
{
    return tell(req, gr_call_on_loop(NULL, offload_one, NULL));
}
GR_GET("/circle", circle);

static gr_reply circle_of_children(gr_req *req)
{
    return tell(req, gr_call_on_loop(NULL, offload_in_children, NULL));
}
GR_GET("/circle-of-children", circle_of_children);

static gr_reply circle_in_a_shield(gr_req *req)
{
    return tell(req, gr_call_on_loop(NULL, offload_shielded, NULL));
}
GR_GET("/circle-in-a-shield", circle_in_a_shield);

static gr_reply circle_through_a_portal(gr_req *req)
{
    struct kitchen *kitchen = gr_state(req);
    return tell(req, gr_call_on_loop(kitchen->portal, offload_one, NULL));
}
GR_GET("/circle-through-a-portal", circle_through_a_portal);

static gr_reply circle_failed(gr_req *req)
{
    int rc = gr_call_on_loop(NULL, offload_one, NULL);
    return rc < 0 ? gr_failed(req, rc) : tell(req, rc);
}
GR_GET("/circle-failed", circle_failed);

/* No circle: a loop of its own has threads of its own. */
static gr_reply own_loop(gr_req *req)
{
    return tell(req, gr_run(offload_one, NULL));
}
GR_GET("/own-loop", own_loop);

/* Nor is this: it wants no thread. */
static int nap(gr_co co, void *arg)
{
    int rc = gr_sleep(co, 5);
    (void)arg;
    return rc ? rc : 1;
}

static gr_reply asks(gr_req *req)
{
    return tell(req, gr_call_on_loop(NULL, nap, NULL));
}
GR_GET("/asks", asks);

/* A circle that nobody can see before it has closed: what the thread waits for is another's answer. */
static int send_errand(gr_co co, void *arg)
{
    struct kitchen *kitchen = arg;
    int rc = gr_queue_put(co, &kitchen->errands, &(int){1});
    return rc ? rc : gr_semaphore_acquire(co, &kitchen->answers);
}

static gr_reply circle_unseen(gr_req *req)
{
    wait_at_gate(gr_state(req)); /* until no thread is left */
    int rc = gr_call_on_loop(NULL, send_errand, gr_state(req));
    return rc ? gr_failed(req, rc) : gr_text(req, "answered");
}
GR_GET("/circle-unseen", circle_unseen);
GR_ROUTE_AS(circle_unseen_late, "GET", "/circle-unseen-late", circle_unseen, .deadline_ms = 2000);

/* --- beside the requests --- */

static int run_errands(gr_co co, void *arg)
{
    struct kitchen *kitchen = arg;
    int errand, rc;
    while ((rc = gr_queue_get(co, &kitchen->errands, &errand)) == 0 && (rc = gr_offload(co, one, NULL)) == 1)
        gr_semaphore_release(&kitchen->answers);
    return rc;
}

static int keep_portal(gr_co co, void *arg)
{
    struct kitchen *kitchen = arg;
    gr_event never = {0};
    int rc = gr_portal_open(co, &kitchen->portal);
    if (rc)
        return rc;
    rc = gr_event_wait(co, &never);
    gr_portal_close(co, kitchen->portal);
    return rc;
}

int main(int argc, char **argv)
{
    int room[16];
    struct kitchen kitchen = {.lock = PTHREAD_MUTEX_INITIALIZER,
                              .opened = PTHREAD_COND_INITIALIZER,
                              .errands = GR_QUEUE(room),
                              .answers = GR_SEMAPHORE(0)};
    gr_app *app = gr_app_create("Saturated", "1");
    gr_app_set_state(app, &kitchen);
    gr_app_add(app, &block_route, &held_route, &held_late_route, &open_gate_route, &counts_route, &quick_route,
               &naps_route, &length_route, &offload_route, gr_debug_tasks_route());
    gr_app_add(app, &circle_route, &circle_of_children_route, &circle_in_a_shield_route, &circle_through_a_portal_route,
               &circle_failed_route, &own_loop_route, &asks_route, &circle_unseen_route, &circle_unseen_late_route);
    gr_app_add_task(app, "run_errands", run_errands, &kitchen);
    gr_app_add_task(app, "keep_portal", keep_portal, &kitchen);
    return gr_main(app, argc, argv);
}
