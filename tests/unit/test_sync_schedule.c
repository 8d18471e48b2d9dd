/* Random operations of many coroutines on all primitives at once, beside a sequential model that says what each of them
 * must return: whom a lock, a permit or a value goes to, in which order, and that nobody is left behind.
 *
 *     SCHEDULE_SEED=n     begins with that seed (a failure tells it) instead of one of the clock
 *     SCHEDULE_ROUNDS=n   that many rounds, each with the next seed
 *     SCHEDULE_SECONDS=n  as many rounds as begin in that time */
#include "unit/sync_model.h"

/* --- mutex --- */

static int lock(gr_co co, struct actor *actor, struct mutex_pair *pair)
{
    if (is_too_late(co, actor))
        return end_too_late(actor, gr_mutex_lock(co, &pair->real));
    if (!pair->owner) {
        struct call call = begin_call(co, actor);
        pair->owner = actor;
        return end_at_once(co, call, gr_mutex_lock(co, &pair->real), 0);
    }
    enter(co, actor, &pair->line);
    return leave(actor, &pair->line, gr_mutex_lock(co, &pair->real));
}

static int try_lock(gr_co co, struct actor *actor, struct mutex_pair *pair)
{
    int wanted = pair->owner ? GR_EBUSY : 0, rc = gr_mutex_try_lock(co, &pair->real);
    EXPECT(actor->play, rc == wanted, "wanted %d, got %d", wanted, rc);
    if (rc == 0)
        pair->owner = actor;
    return rc;
}

static void unlock(gr_co co, struct actor *actor, struct mutex_pair *pair)
{
    struct play *play = actor->play;
    EXPECT(play, pair->owner == actor, "two hold a mutex");
    pair->owner = grant_first(play, &pair->line, true);
    gr_mutex_unlock(co, &pair->real);
    EXPECT(play, pair->real.owner == (pair->owner ? pair->owner->task : NULL), "the mutex went to the wrong one");
}

static int use_mutex(gr_co co, struct actor *actor)
{
    struct play *play = actor->play;
    struct mutex_pair *pair = &play->mutexes[below(play, PAIRS)];
    int rc = below(play, 5) ? lock(some_scope(co, play), actor, pair) : try_lock(co, actor, pair);
    if (rc < 0)
        return rc;
    rc = pause_a_while(co, play);
    unlock(co, actor, pair);
    return rc;
}

/* --- semaphore --- */

static int acquire(gr_co co, struct actor *actor, struct semaphore_pair *pair)
{
    if (is_too_late(co, actor))
        return end_too_late(actor, gr_semaphore_acquire(co, &pair->real));
    if (pair->free > 0) {
        struct call call = begin_call(co, actor);
        pair->free--;
        return end_at_once(co, call, gr_semaphore_acquire(co, &pair->real), 0);
    }
    enter(co, actor, &pair->line);
    return leave(actor, &pair->line, gr_semaphore_acquire(co, &pair->real));
}

static int try_acquire(struct actor *actor, struct semaphore_pair *pair)
{
    int wanted = pair->free ? 0 : GR_EBUSY, rc = gr_semaphore_try_acquire(&pair->real);
    EXPECT(actor->play, rc == wanted, "wanted %d, got %d", wanted, rc);
    pair->free -= rc == 0;
    return rc;
}

static int use_semaphore(gr_co co, struct actor *actor)
{
    struct play *play = actor->play;
    struct semaphore_pair *pair = &play->semaphores[below(play, PAIRS)];
    int rc = below(play, 5) ? acquire(some_scope(co, play), actor, pair) : try_acquire(actor, pair);
    if (rc < 0)
        return rc;
    rc = pause_a_while(co, play);
    if (!grant_first(play, &pair->line, true))
        pair->free++;
    gr_semaphore_release(&pair->real);
    EXPECT(play, pair->real.free == pair->free, "%zu permits are free, not %zu", pair->real.free, pair->free);
    return rc;
}

/* --- event --- */

static int wait_for_event(gr_co co, struct actor *actor, struct event_pair *pair)
{
    if (is_too_late(co, actor))
        return end_too_late(actor, gr_event_wait(co, &pair->real));
    if (pair->is_set) {
        struct call call = begin_call(co, actor);
        return end_at_once(co, call, gr_event_wait(co, &pair->real), 0);
    }
    enter(co, actor, &pair->line);
    return leave(actor, &pair->line, gr_event_wait(co, &pair->real));
}

static void set_event(struct event_pair *pair)
{
    pair->is_set = true;
    grant_all(&pair->line, 0);
    gr_event_set(&pair->real);
}

static int use_event(gr_co co, struct actor *actor)
{
    struct play *play = actor->play;
    struct event_pair *pair = &play->events[below(play, PAIRS)];
    int what = below(play, 6);
    if (what > 1)
        return wait_for_event(some_scope(co, play), actor, pair);
    if (what == 1)
        set_event(pair);
    if (play->over)
        return 0;
    pair->is_set = false;
    gr_event_clear(&pair->real);
    return 0;
}

/* --- barrier --- */

static void break_barrier(struct barrier_pair *pair)
{
    pair->broken = true;
    grant_all(&pair->line, GR_EPIPE);
}

static int meet_at_once(gr_co co, struct actor *actor, struct barrier_pair *pair, int wanted)
{
    struct call call = begin_call(co, actor);
    return end_at_once(co, call, gr_barrier_wait(co, &pair->real), wanted);
}

static int meet(gr_co co, struct actor *actor, struct barrier_pair *pair)
{
    if (is_too_late(co, actor))
        return end_too_late(actor, gr_barrier_wait(co, &pair->real));
    if (pair->broken)
        return meet_at_once(co, actor, pair, GR_EPIPE);
    if (pair->line.n + 1 == PARTIES) {
        grant_all(&pair->line, 0);
        return meet_at_once(co, actor, pair, 0);
    }
    enter(co, actor, &pair->line);
    int rc = leave(actor, &pair->line, gr_barrier_wait(co, &pair->real));
    if (!actor->granted)
        break_barrier(pair);
    EXPECT(actor->play, pair->real.broken == pair->broken, "the barrier is%s broken", pair->broken ? " not" : "");
    return rc;
}

static int use_barrier(gr_co co, struct actor *actor)
{
    struct play *play = actor->play;
    struct barrier_pair *pair = &play->barriers[below(play, PAIRS)];
    int what = below(play, 12);
    if (what > 1)
        return meet(some_scope(co, play), actor, pair);
    break_barrier(pair);
    if (what == 0 || play->over) {
        gr_barrier_break(&pair->real);
        return 0;
    }
    pair->broken = false;
    gr_barrier_reset(&pair->real);
    return 0;
}

/* --- condition --- */

static void step_in(struct actor *actor, struct monitor_pair *pair)
{
    EXPECT(actor->play, !pair->inside, "two are in a monitor");
    pair->inside = actor;
}

static int wait_to_be_notified(gr_co co, struct actor *actor, struct monitor_pair *pair)
{
    if (is_too_late(co, actor))
        return end_too_late(actor, gr_condition_wait(co, &pair->real, &pair->mutex));
    enter(co, actor, &pair->line);
    pair->inside = NULL;
    int rc = gr_condition_wait(co, &pair->real, &pair->mutex);
    step_in(actor, pair);
    if (actor->was_late && rc == actor->ended)
        actor->granted = false; /* it was out of the line already, and waited for the mutex */
    return leave(actor, &pair->line, rc);
}

static void notify(struct play *play, struct monitor_pair *pair)
{
    int n = below(play, 4);
    if (n == 3 || play->over) {
        grant_all(&pair->line, 0);
        gr_condition_notify_all(&pair->real);
        return;
    }
    for (int i = 0; i < n; i++)
        grant_first(play, &pair->line, true);
    gr_condition_notify(&pair->real, (size_t)n);
}

static int use_condition(gr_co co, struct actor *actor)
{
    struct play *play = actor->play;
    struct monitor_pair *pair = &play->monitors[below(play, PAIRS)];
    int rc = gr_mutex_lock(co, &pair->mutex);
    if (rc < 0) {
        EXPECT(play, rc == GR_ECANCELED && actor->cancelled, "locking a monitor gave %d", rc);
        return rc;
    }
    step_in(actor, pair);
    if (below(play, 2) || play->over)
        notify(play, pair);
    else
        rc = wait_to_be_notified(some_scope(co, play), actor, pair);
    if (rc == 0)
        rc = pause_a_while(co, play);
    EXPECT(play, pair->inside == actor && pair->mutex.owner == actor->task, "one that holds the mutex is not inside");
    pair->inside = NULL;
    gr_mutex_unlock(co, &pair->mutex);
    return rc;
}

/* --- queue and channel --- */

static int real_put(gr_co co, struct queue_pair *pair, int value)
{
    if (!pair->channel)
        return gr_queue_put(co, &pair->queue, &value);
    return gr_channel_send(co, pair->channel, &value);
}

static int real_get(gr_co co, struct queue_pair *pair, int *value)
{
    if (!pair->channel)
        return gr_queue_get(co, &pair->queue, value);
    return gr_channel_receive(co, pair->channel, value);
}

/* GR_EBUSY: it has to wait. A channel cannot know whose wait has ended until they have run. */
static int model_put(struct play *play, struct queue_pair *pair, int value)
{
    if (pair->closed)
        return GR_EPIPE;
    struct actor *getter = grant_first(play, &pair->getters, !pair->channel);
    if (getter)
        getter->value = value;
    else if (pair->n == CAPACITY)
        return GR_EBUSY;
    else
        pair->items[pair->n++] = value;
    return 0;
}

static int model_get(struct play *play, struct queue_pair *pair, int *value)
{
    if (pair->n == 0)
        return pair->closed ? GR_EPIPE : GR_EBUSY;
    *value = pair->items[0];
    memmove(pair->items, pair->items + 1, (size_t)--pair->n * sizeof pair->items[0]);
    const struct actor *putter = grant_first(play, &pair->putters, !pair->channel);
    if (putter)
        pair->items[pair->n++] = putter->value;
    return 0;
}

static int put(gr_co co, struct actor *actor, struct queue_pair *pair)
{
    int value = ++actor->play->next_value;
    if (is_too_late(co, actor))
        return end_too_late(actor, real_put(co, pair, value));
    int wanted = model_put(actor->play, pair, value);
    if (wanted != GR_EBUSY) {
        struct call call = begin_call(co, actor);
        return end_at_once(co, call, real_put(co, pair, value), wanted);
    }
    actor->value = value;
    enter(co, actor, &pair->putters);
    return leave(actor, &pair->putters, real_put(co, pair, value));
}

static int get(gr_co co, struct actor *actor, struct queue_pair *pair)
{
    int value = 0, wanted_value = 0, rc;
    if (is_too_late(co, actor))
        return end_too_late(actor, real_get(co, pair, &value));
    int wanted = model_get(actor->play, pair, &wanted_value);
    if (wanted != GR_EBUSY) {
        struct call call = begin_call(co, actor);
        rc = end_at_once(co, call, real_get(co, pair, &value), wanted);
    } else {
        enter(co, actor, &pair->getters);
        rc = leave(actor, &pair->getters, real_get(co, pair, &value));
        wanted_value = actor->value;
    }
    EXPECT(actor->play, rc < 0 || value == wanted_value, "wanted the value %d, got %d", wanted_value, value);
    return rc;
}

static void try_it(struct actor *actor, struct queue_pair *pair)
{
    struct play *play = actor->play;
    int value = 0, wanted_value = 0, wanted, rc;
    if (below(play, 2)) {
        wanted_value = value = ++play->next_value;
        wanted = model_put(play, pair, value);
        rc = pair->channel ? gr_channel_try_send(pair->channel, &value) : gr_queue_try_put(&pair->queue, &value);
    } else {
        wanted = model_get(play, pair, &wanted_value);
        rc = pair->channel ? gr_channel_try_receive(pair->channel, &value) : gr_queue_try_get(&pair->queue, &value);
    }
    EXPECT(play, rc == wanted && value == wanted_value, "wanted %d and %d, got %d and %d", wanted, wanted_value, rc,
           value);
}

static void close_queue(struct queue_pair *pair)
{
    pair->closed = true;
    grant_all(&pair->getters, GR_EPIPE);
    grant_all(&pair->putters, GR_EPIPE);
    if (pair->channel)
        gr_channel_close(pair->channel);
    else
        gr_queue_close(&pair->queue);
}

static void open_queue(gr_co co, struct queue_pair *pair, bool is_channel)
{
    *pair = (struct queue_pair){.queue = {.items = NULL}};
    pair->queue = (gr_queue)GR_QUEUE(pair->room);
    if (is_channel && gr_channel_create(co, &pair->channel, CAPACITY, sizeof(int)) < 0)
        ck_abort_msg("could not create a channel");
}

/* A new one in its place; those that come back from the old one's close have done with it. */
static void replace_queue(gr_co co, struct queue_pair *pair)
{
    bool is_channel = pair->channel;
    gr_channel_destroy(co, pair->channel);
    open_queue(co, pair, is_channel);
}

static int use_queue(gr_co co, struct actor *actor)
{
    struct play *play = actor->play;
    struct queue_pair *pair = &play->queues[below(play, 2 * PAIRS)];
    int what = below(play, 40);
    if (pair->closed && !play->over && what < 10 && pair->getters.n + pair->putters.n == 0)
        replace_queue(co, pair);
    else if (what == 39)
        close_queue(pair);
    else if (what > 30)
        try_it(actor, pair);
    else
        return (what % 2 ? put : get)(some_scope(co, play), actor, pair);
    return 0;
}

/* --- the play --- */

/* Serving and cancelling fall into one turn where an actor does both, or does neither wait nor pause between. */
static void cancel_somebody(struct play *play)
{
    struct actor *victim = &play->actors[below(play, ACTORS)];
    if (!victim->is_done && !victim->cancelled)
        cancel(victim);
}

static int do_something(gr_co co, struct actor *actor)
{
    static const struct {
        const char *what;
        int (*use)(gr_co, struct actor *);
    } uses[] = {{"mutex", use_mutex},     {"semaphore", use_semaphore}, {"event", use_event},
                {"barrier", use_barrier}, {"condition", use_condition}, {"queue", use_queue},
                {"queue", use_queue}};
    struct play *play = actor->play;
    int i = below(play, sizeof uses / sizeof *uses);
    actor->what = uses[i].what;
    int rc = uses[i].use(co, actor);
    if (below(play, 15) == 0)
        cancel_somebody(play);
    return rc;
}

/* A cancelled one tries a few times more. */
static int act(gr_co co, void *arg)
{
    struct actor *actor = arg;
    struct play *play = actor->play;
    int refused = 0;
    for (int i = 0; i < STEPS && refused < 3 && !play->over; i++) {
        refused += do_something(co, actor) == GR_ECANCELED;
        int rc = below(play, 3) ? 0 : pause_a_while(co, play);
        EXPECT(play, rc == 0 || actor->cancelled, "a pause ended with %d", rc);
    }
    actor->is_done = true;
    return 0;
}

static void start_actor(gr_co co, struct play *play, struct actor *actor)
{
    *actor = (struct actor){.play = play, .ended = GR_EINVAL};
    int rc = gr_spawn_named(co, &actor->task, "actor", act, actor);
    EXPECT(play, rc == 0, "could not start an actor: %d", rc);
}

static void join_actor(gr_co co, struct play *play, const struct actor *actor)
{
    int rc = gr_join(co, actor->task);
    EXPECT(play, rc == 0, "an actor ended with %d", rc);
}

static void open_all(gr_co co, struct play *play)
{
    for (int i = 0; i < PAIRS; i++) {
        play->semaphores[i] = (struct semaphore_pair){.real = GR_SEMAPHORE(PERMITS), .free = PERMITS};
        play->barriers[i].real = (gr_barrier)GR_BARRIER(PARTIES);
        open_queue(co, &play->queues[i], false);
        open_queue(co, &play->queues[PAIRS + i], true);
    }
}

/* What only the actors could do that are about to end. Locks and permits they give back by themselves. */
static void release_all(struct play *play)
{
    for (int i = 0; i < PAIRS; i++) {
        set_event(&play->events[i]);
        break_barrier(&play->barriers[i]);
        gr_barrier_break(&play->barriers[i].real);
        grant_all(&play->monitors[i].line, 0);
        gr_condition_notify_all(&play->monitors[i].real);
    }
    for (int i = 0; i < 2 * PAIRS; i++)
        close_queue(&play->queues[i]);
}

static void check_left(struct play *play, bool is_left, const char *where)
{
    EXPECT(play, !is_left, "somebody is left in a %s", where);
}

static void check_end(gr_co co, struct play *play)
{
    for (int i = 0; i < PAIRS; i++) {
        check_left(play, play->mutexes[i].real.owner || play->mutexes[i].real.waiters.first, "mutex");
        check_left(play, play->semaphores[i].real.free != PERMITS || play->semaphores[i].real.waiters.first,
                   "semaphore");
        check_left(play, play->events[i].real.waiters.first, "event");
        check_left(play, play->barriers[i].real.waiters.first || play->barriers[i].real.here, "barrier");
        check_left(play, play->monitors[i].mutex.owner || play->monitors[i].real.waiters.first, "condition");
    }
    for (int i = 0; i < 2 * PAIRS; i++) {
        struct queue_pair *pair = &play->queues[i];
        check_left(play, pair->queue.getters.first || pair->queue.putters.first, "queue");
        check_left(play, pair->channel && (pair->channel->lines[0].first || pair->channel->lines[1].first), "channel");
        gr_channel_destroy(co, pair->channel);
    }
}

static int direct(gr_co co, void *arg)
{
    struct play *play = arg;
    int rc = 0;
    play->co = co;
    open_all(co, play);
    for (int i = 0; i < ACTORS; i++)
        start_actor(co, play, &play->actors[i]);
    while (gr_now_ms(co) < ROUND_MS && (rc = gr_sleep(co, 1 + below(play, 4))) == 0)
        for (int i = 0; i < ACTORS; i++)
            if (play->actors[i].is_done) {
                join_actor(co, play, &play->actors[i]);
                start_actor(co, play, &play->actors[i]);
            }
    play->over = true;
    release_all(play);
    for (int i = 0; i < ACTORS; i++)
        join_actor(co, play, &play->actors[i]);
    check_end(co, play);
    return rc;
}

/* An hour is longer than any of their sleeps: who has not ended by then was left behind. */
static void run_round(uint64_t seed, long *counts)
{
    static struct play play;
    play = (struct play){.seed = seed, .random = seed, .counts = counts};
    struct world *world = world_begin(VIRTUAL_TIME);
    struct main_task self = {.fn = direct, .arg = &play};
    start_in(world, "main", run_main_task, &self);
    run_world(world);
    for (const gr_task *task = world->sched.tasks; task; task = task->next_task)
        ck_assert_msg(task->waits_for == NULL || strcmp(task->name, "main") == 0,
                      "SCHEDULE_SEED=%llu: one is left behind in its wait for: %s", (unsigned long long)seed,
                      task->waits_for);
    ck_assert_int_eq(self.result, 0);
    world_end(world);
}

static long long setting(const char *name, long long otherwise)
{
    const char *text = getenv(name);
    return text ? strtoll(text, NULL, 10) : otherwise;
}

static bool goes_on(long rounds, uint64_t began_ns)
{
    long long seconds = setting("SCHEDULE_SECONDS", 0);
    if (seconds)
        return uv_hrtime() - began_ns < (uint64_t)seconds * 1000000000;
    return rounds < setting("SCHEDULE_ROUNDS", ROUNDS);
}

START_TEST(any_schedule_does_what_the_model_says)
{
    uint64_t seed = (uint64_t)setting("SCHEDULE_SEED", (long long)(uv_hrtime() / 1000)), began_ns = uv_hrtime();
    long counts[COUNTS] = {0}, rounds = 0;
    for (; goes_on(rounds, began_ns); rounds++)
        run_round(seed + (uint64_t)rounds, counts);
    printf(
        "%ld rounds from SCHEDULE_SEED=%llu: %ld waits served, %ld cancelled, %ld late; %ld passed over, %ld late on "
        "arrival, %ld cancelled after they were served\n",
        rounds, (unsigned long long)seed, counts[SERVED], counts[CANCELLED], counts[LATE], counts[PASSED_OVER],
        counts[LATE_ON_ARRIVAL], counts[SERVED_THEN_CANCELLED]);
    for (int i = 0; i < COUNTS && rounds >= ROUNDS; i++)
        ck_assert_msg(counts[i] >= rounds / 10, "what is counted as %d came %ld times only", i, counts[i]);
}
END_TEST

int main(void)
{
    const test_list tests = {any_schedule_does_what_the_model_says, NULL};
    return run_tests("sync schedule", tests, 60 + (double)setting("SCHEDULE_SECONDS", 0));
}
