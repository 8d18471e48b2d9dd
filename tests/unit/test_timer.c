#include "co/timer.h"

#include "run.h"

enum { N = 2000 };

static struct gri_timer timers[N];

static struct gri_timer *take_first(struct gri_timers *heap)
{
    struct gri_timer *first = gri_timers_first(heap);
    gri_timers_remove(heap, first);
    return first;
}

START_TEST(an_empty_heap_has_no_first)
{
    struct gri_timers heap = {0};
    ck_assert_ptr_null(gri_timers_first(&heap));
}
END_TEST

START_TEST(timers_come_out_in_order_of_time)
{
    struct gri_timers heap = {0};
    for (int i = 0; i < N; i++)
        gri_timers_add(&heap, &timers[i], (i * 7919) % N);
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(take_first(&heap)->at_ms, i);
    ck_assert_ptr_null(gri_timers_first(&heap));
}
END_TEST

START_TEST(equal_times_come_out_first_come_first_served)
{
    struct gri_timers heap = {0};
    for (int i = 0; i < N; i++)
        gri_timers_add(&heap, &timers[i], i % 3);
    int64_t last_ms = -1;
    uint64_t last_seq = 0;
    for (int i = 0; i < N; i++) {
        struct gri_timer *first = take_first(&heap);
        ck_assert(first->at_ms > last_ms || first->seq > last_seq);
        last_ms = first->at_ms;
        last_seq = first->seq;
    }
}
END_TEST

START_TEST(a_removed_timer_does_not_come_out)
{
    struct gri_timers heap = {0};
    for (int i = 0; i < N; i++)
        gri_timers_add(&heap, &timers[i], (i * 31) % N);
    take_first(&heap);
    for (int i = 0; i < N; i++)
        if (i % 2 == 1)
            gri_timers_remove(&heap, &timers[i]);
    int64_t last_ms = 0;
    while (gri_timers_first(&heap)) {
        struct gri_timer *first = take_first(&heap);
        ck_assert_int_eq((first - timers) % 2, 0);
        ck_assert_int_ge(first->at_ms, last_ms);
        last_ms = first->at_ms;
    }
}
END_TEST

START_TEST(removing_a_timer_that_is_not_set_does_nothing)
{
    struct gri_timers heap = {0};
    struct gri_timer one = {0}, two = {0};
    gri_timers_add(&heap, &one, 1);
    gri_timers_remove(&heap, &two);
    ck_assert_ptr_eq(gri_timers_first(&heap), &one);
    gri_timers_remove(&heap, &one);
    gri_timers_remove(&heap, &one);
    ck_assert(!one.set);
    ck_assert_ptr_null(gri_timers_first(&heap));
}
END_TEST

/* A plain array is the model that the heap is compared with. */
static int least_of_model(const bool *in)
{
    int least = -1;
    for (int i = 0; i < 64; i++)
        if (in[i] && (least < 0 || timers[i].at_ms < timers[least].at_ms ||
                      (timers[i].at_ms == timers[least].at_ms && timers[i].seq < timers[least].seq)))
            least = i;
    return least;
}

START_TEST(any_mix_of_adding_and_removing_keeps_the_order)
{
    struct gri_timers heap = {0};
    bool in[64] = {false};
    srand(7);
    for (int step = 0; step < 100000; step++) {
        int i = rand() % 64;
        if (in[i])
            gri_timers_remove(&heap, &timers[i]);
        else
            gri_timers_add(&heap, &timers[i], rand() % 20);
        in[i] = !in[i];
        int least = least_of_model(in);
        ck_assert_ptr_eq(gri_timers_first(&heap), least < 0 ? NULL : &timers[least]);
    }
}
END_TEST

int main(void)
{
    const test_list tests = {an_empty_heap_has_no_first,
                             timers_come_out_in_order_of_time,
                             equal_times_come_out_first_come_first_served,
                             a_removed_timer_does_not_come_out,
                             removing_a_timer_that_is_not_set_does_nothing,
                             any_mix_of_adding_and_removing_keeps_the_order,
                             NULL};
    return run_tests("timer heap", tests, 20);
}
