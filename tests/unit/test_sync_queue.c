/* gr_queue: values in order, with back-pressure; none is lost and none is doubled. */
#include "unit/sync_stage.h"

static int produce(gr_co co, void *arg)
{
    struct actor *self = arg;
    int rc = come(co, self);
    for (int i = 0; i < self->value && rc == 0; i++) {
        int item = (self->name - 'a') * 100 + i;
        rc = gr_queue_put(scope_of(co, self), &self->stage->queue, &item);
        if (rc == 0)
            note(self->stage, self->name);
    }
    self->rc = rc;
    leave(co, self);
    return 0;
}

static int consume(gr_co co, void *arg)
{
    struct actor *self = arg;
    int item, rc = come(co, self);
    while (rc == 0 && (rc = gr_queue_get(scope_of(co, self), &self->stage->queue, &item)) == 0) {
        self->value += item;
        note(self->stage, (char)('0' + item % 10));
        rc = self->stays_ms ? gr_sleep(co, self->stays_ms) : 0;
    }
    self->rc = rc;
    leave(co, self);
    return 0;
}

static int close_queue(gr_co co, void *arg)
{
    struct actor *self = arg;
    int rc = come(co, self);
    gr_queue_close(&self->stage->queue);
    return rc;
}

static int queue_actor(gr_co co, void *arg)
{
    struct actor *self = arg;
    if (self->name == 'z')
        return close_queue(co, arg);
    return self->name >= 'm' ? consume(co, arg) : produce(co, arg);
}

START_TEST(a_full_queue_holds_the_producer_back_and_a_closed_one_is_drained)
{
    struct stage stage = {0};
    stage.queue = (gr_queue)GR_QUEUE(stage.room);
    struct actor actors[] = {{&stage, .name = 'a', .value = 6},
                             {&stage, .name = 'm', .starts_ms = 10, .stays_ms = 10},
                             {&stage, .name = 'z', .starts_ms = 35}};
    PERFORM(queue_actor, actors);
    ck_assert_str_eq(stage.trace, "aaa0a1a2a345");
    ck_assert_int_eq(actors[0].ended_ms, 30);
    ck_assert_int_eq(actors[1].value, 15);
    ck_assert_int_eq(actors[1].rc, GR_EPIPE);
    ck_assert_int_eq(actors[1].ended_ms, 70);
}
END_TEST

START_TEST(a_queue_serves_those_who_wait_in_order_and_loses_nothing_of_a_cancelled_one)
{
    struct stage stage = {0};
    stage.queue = (gr_queue)GR_QUEUE(stage.room);
    struct actor actors[] = {{&stage, .name = 'm', .within_ms = 3},
                             {&stage, .name = 'n', .stays_ms = 100},
                             {&stage, .name = 'o', .stays_ms = 100},
                             {&stage, .name = 'p', .stays_ms = 100},
                             {&stage, .name = 'b', .starts_ms = 10, .value = 1},
                             {&stage, .name = 'c', .starts_ms = 11, .value = 1},
                             {&stage, .name = 'z', .starts_ms = 50}};
    PERFORM_AND_CANCEL(queue_actor, actors, 'o', 5);
    ck_assert_int_eq(actors[0].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(actors[2].rc, GR_ECANCELED);
    ck_assert_int_eq(actors[1].value, 100);
    ck_assert_int_eq(actors[3].value, 200);
}
END_TEST

START_TEST(putting_into_a_full_queue_ends_with_deadline_cancellation_and_close)
{
    struct stage stage = {0};
    stage.queue = (gr_queue)GR_QUEUE(stage.room);
    struct actor actors[] = {{&stage, .name = 'a', .value = 4, .within_ms = 3},
                             {&stage, .name = 'b', .value = 1},
                             {&stage, .name = 'c', .value = 1},
                             {&stage, .name = 'z', .starts_ms = 20},
                             {&stage, .name = 'd', .starts_ms = 30, .value = 1},
                             {&stage, .name = 'm', .starts_ms = 40}};
    PERFORM_AND_CANCEL(queue_actor, actors, 'b', 10);
    ck_assert_int_eq(actors[0].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(actors[1].rc, GR_ECANCELED);
    ck_assert_int_eq(actors[2].rc, GR_EPIPE);
    ck_assert_int_eq(actors[2].ended_ms, 20);
    ck_assert_int_eq(actors[4].rc, GR_EPIPE);
    ck_assert_int_eq(actors[5].value, 0 + 1 + 2);
    ck_assert_int_eq(actors[5].rc, GR_EPIPE);
}
END_TEST

START_TEST(a_queue_can_be_tried)
{
    int room[2], item = 1;
    gr_queue queue = GR_QUEUE(room);
    ck_assert_int_eq(gr_queue_try_get(&queue, &item), GR_EBUSY);
    ck_assert_int_eq(gr_queue_try_put(&queue, &(int){7}), 0);
    ck_assert_int_eq(gr_queue_try_put(&queue, &(int){8}), 0);
    ck_assert_int_eq(gr_queue_try_put(&queue, &(int){9}), GR_EBUSY);
    ck_assert_uint_eq(gr_queue_count(&queue), 2);
    ck_assert_int_eq(gr_queue_try_get(&queue, &item), 0);
    ck_assert_int_eq(item, 7);
    gr_queue_close(&queue);
    ck_assert_int_eq(gr_queue_try_put(&queue, &item), GR_EPIPE);
    ck_assert_int_eq(gr_queue_try_get(&queue, &item), 0);
    ck_assert_int_eq(item, 8);
    ck_assert_int_eq(gr_queue_try_get(&queue, &item), GR_EPIPE);
}
END_TEST

struct pipe_ {
    gr_queue queue;
    int room[16];
    long sum, n;
    int left;
};

static int put_some(gr_co co, void *arg)
{
    struct pipe_ *self = arg;
    int rc = 0;
    for (int i = 1; i <= 10 && rc == 0; i++)
        rc = gr_queue_put(co, &self->queue, &i);
    if (--self->left == 0)
        gr_queue_close(&self->queue);
    return rc;
}

static int get_all(gr_co co, void *arg)
{
    struct pipe_ *self = arg;
    int item, rc;
    while ((rc = gr_queue_get(co, &self->queue, &item)) == 0) {
        self->sum += item;
        self->n++;
    }
    return rc == GR_EPIPE ? 0 : rc;
}

static int pump(gr_co co, void *arg)
{
    static gr_job jobs[MANY];
    struct pipe_ *self = arg;
    self->left = MANY / 2;
    for (int i = 0; i < MANY; i++)
        jobs[i] = (gr_job){i % 2 ? put_some : get_all, arg};
    return gr_gather_n(co, jobs, MANY);
}

START_TEST(a_thousand_put_and_get_and_no_value_is_lost)
{
    struct pipe_ self = {0};
    self.queue = (gr_queue)GR_QUEUE(self.room);
    ck_assert_int_eq(run_alone(REAL_TIME, pump, &self), 0);
    ck_assert_int_eq(self.n, MANY / 2 * 10);
    ck_assert_int_eq(self.sum, MANY / 2 * 55);
}
END_TEST

static int get_one(gr_co co, void *arg)
{
    struct actor *self = arg;
    self->rc = gr_queue_get(scope_of(co, self), &self->stage->queue, &self->value);
    return 0;
}

static int put_one(gr_co co, void *arg)
{
    struct actor *self = arg;
    self->rc = gr_queue_put(scope_of(co, self), &self->stage->queue, &(int){self->name});
    return 0;
}

static int try_put(gr_co co, struct stage *stage)
{
    (void)co;
    return gr_queue_try_put(&stage->queue, &(int){42});
}

static int fill(gr_co co, struct stage *stage)
{
    return try_put(co, stage) + try_put(co, stage) + try_put(co, stage);
}

static int try_get(gr_co co, struct stage *stage)
{
    int item = 0, rc = gr_queue_try_get(&stage->queue, &item);
    (void)co;
    ck_assert_int_eq(item, 42);
    return rc;
}

static void close_it(gr_co co, struct stage *stage)
{
    (void)co;
    gr_queue_close(&stage->queue);
    gr_queue_close(&stage->queue);
}

static int last_of(gr_queue *queue)
{
    int item = 0;
    while (gr_queue_try_get(queue, &item) == 0)
        ;
    return item;
}

START_TEST(a_value_that_was_handed_over_counts_even_if_a_cancellation_comes_before_its_receiver_runs)
{
    struct stage stage = {0};
    stage.queue = (gr_queue)GR_QUEUE(stage.room);
    struct same_turn turn = {.fn = get_one, .serve = try_put, .finish = close_it};
    serve_in_the_same_turn(&turn, CANCELLED_AFTER, &stage);
    ck_assert_int_eq(turn.a.rc, 0);
    ck_assert_int_eq(turn.a.value, 42);
    ck_assert_int_eq(turn.b.rc, GR_EPIPE);
}
END_TEST

START_TEST(a_value_goes_to_the_next_one_where_the_first_has_been_cancelled_or_is_late)
{
    for (enum end_of_a end = CANCELLED_BEFORE; end <= LATE_BEFORE; end++) {
        struct stage stage = {0};
        stage.queue = (gr_queue)GR_QUEUE(stage.room);
        struct same_turn turn = {.fn = get_one, .serve = try_put};
        serve_in_the_same_turn(&turn, end, &stage);
        ck_assert_int_eq(turn.a.rc, end_result(end));
        ck_assert_int_eq(turn.a.value, 0);
        ck_assert_int_eq(turn.b.rc, 0);
        ck_assert_int_eq(turn.b.value, 42);
    }
}
END_TEST

START_TEST(a_value_that_was_taken_from_a_waiting_one_was_put_even_if_a_cancellation_comes_before_it_runs)
{
    struct stage stage = {0};
    stage.queue = (gr_queue)GR_QUEUE(stage.room);
    struct same_turn turn = {.fn = put_one, .prepare = fill, .serve = try_get, .finish = close_it};
    serve_in_the_same_turn(&turn, CANCELLED_AFTER, &stage);
    ck_assert_int_eq(turn.a.rc, 0);
    ck_assert_int_eq(turn.b.rc, GR_EPIPE);
    ck_assert_uint_eq(gr_queue_count(&stage.queue), 3);
    ck_assert_int_eq(last_of(&stage.queue), 'a');
}
END_TEST

START_TEST(a_value_is_not_taken_from_one_that_has_been_cancelled_or_is_late)
{
    for (enum end_of_a end = CANCELLED_BEFORE; end <= LATE_BEFORE; end++) {
        struct stage stage = {0};
        stage.queue = (gr_queue)GR_QUEUE(stage.room);
        struct same_turn turn = {.fn = put_one, .prepare = fill, .serve = try_get};
        serve_in_the_same_turn(&turn, end, &stage);
        ck_assert_int_eq(turn.a.rc, end_result(end));
        ck_assert_int_eq(turn.b.rc, 0);
        ck_assert_uint_eq(gr_queue_count(&stage.queue), 3);
        ck_assert_int_eq(last_of(&stage.queue), 'b');
    }
}
END_TEST

struct order {
    int id;
    char what[20];
};
GR_QUEUE_OF(orders, struct order);

static int pass_orders(gr_co co, void *arg)
{
    struct order room[1], order = {0};
    struct orders orders = {GR_QUEUE(room)};
    int rc = orders_put(co, &orders, &(struct order){7, "burger"});
    rc = rc ? rc : orders_put(gr_within(co, 5), &orders, &(struct order){8, "pizza"});
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    rc = orders_get(co, &orders, &order);
    ck_assert_str_eq(order.what, "burger");
    *(int *)arg = order.id;
    return rc;
}

START_TEST(a_queue_of_a_type_passes_whole_values)
{
    int id = 0;
    ck_assert_int_eq(run_alone(VIRTUAL_TIME, pass_orders, &id), 0);
    ck_assert_int_eq(id, 7);
}
END_TEST

int main(void)
{
    const test_list tests = {
        a_full_queue_holds_the_producer_back_and_a_closed_one_is_drained,
        a_queue_serves_those_who_wait_in_order_and_loses_nothing_of_a_cancelled_one,
        putting_into_a_full_queue_ends_with_deadline_cancellation_and_close,
        a_queue_can_be_tried,
        a_thousand_put_and_get_and_no_value_is_lost,
        a_value_that_was_handed_over_counts_even_if_a_cancellation_comes_before_its_receiver_runs,
        a_value_goes_to_the_next_one_where_the_first_has_been_cancelled_or_is_late,
        a_value_that_was_taken_from_a_waiting_one_was_put_even_if_a_cancellation_comes_before_it_runs,
        a_value_is_not_taken_from_one_that_has_been_cancelled_or_is_late,
        a_queue_of_a_type_passes_whole_values,
        NULL};
    return run_tests("sync queue", tests, 30);
}
