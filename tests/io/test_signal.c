/* gr_signals: what comes is given once, in order, to one of those who wait. */
#include <griddle/signal.h>
#include <griddle/task.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "run.h"

static gr_signals *open_signals(gr_co co, const int *signums, size_t n)
{
    gr_signals *signals;
    ck_assert_int_eq(gr_signals_open_n(co, &signals, signums, n), 0);
    ck_assert_ptr_nonnull(signals);
    return signals;
}

#define OPEN(co, ...) open_signals(co, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

static int next_signal(gr_co co, gr_signals *signals)
{
    int signum = 0, rc = gr_signals_wait(gr_within(co, 60000), signals, &signum);
    ck_assert_int_eq(rc, 0);
    return signum;
}

/* So that what was raised has arrived. */
static void let_it_arrive(gr_co co)
{
    ck_assert_int_eq(gr_sleep(co, 5), 0);
}

static void assert_nothing_pends(gr_co co, gr_signals *signals)
{
    int signum = -1;
    ck_assert_int_eq(gr_signals_wait(gr_within(co, 5), signals, &signum), GR_ETIMEDOUT);
    ck_assert_int_eq(signum, -1);
}

static int take_what_came(gr_co co, void *arg)
{
    gr_signals *signals = OPEN(co, SIGUSR1, SIGUSR2, SIGHUP);
    (void)arg;
    raise(SIGUSR2);
    let_it_arrive(co);
    for (int i = 0; i < 3; i++)
        raise(SIGUSR1);
    raise(SIGUSR2);
    let_it_arrive(co);
    ck_assert_int_eq(next_signal(co, signals), SIGUSR2);
    ck_assert_int_eq(next_signal(co, signals), SIGUSR1);
    assert_nothing_pends(co, signals);
    raise(SIGHUP);
    ck_assert_int_eq(next_signal(co, signals), SIGHUP);
    gr_signals_close(signals);
    return 0;
}

START_TEST(what_comes_between_two_waits_is_kept_once_a_number_and_in_order)
{
    ck_assert_int_eq(gr_run(take_what_came, NULL), 0);
}
END_TEST

/* --- several who wait --- */

struct waiting {
    gr_signals *signals;
    int rc, signum;
    int64_t within_ms; /* 0: no deadline */
    gr_task *task;
};

static int wait_for_one(gr_co co, void *arg)
{
    struct waiting *self = arg;
    self->rc = gr_signals_wait(self->within_ms ? gr_within(co, self->within_ms) : co, self->signals, &self->signum);
    return 0;
}

/* All in line, in the order of the array. */
static void line_up(gr_co co, gr_signals *signals, struct waiting *waiting, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        waiting[i].signals = signals;
        ck_assert_int_eq(gr_spawn(co, &waiting[i].task, wait_for_one, &waiting[i]), 0);
    }
    ck_assert_int_eq(gr_yield(co), 0);
}

static void join_all(gr_co co, struct waiting *waiting, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(gr_join(co, waiting[i].task), 0);
}

static int give_to_the_first(gr_co co, void *arg)
{
    gr_signals *signals = OPEN(co, SIGUSR1, SIGUSR2);
    struct waiting waiting[] = {{.within_ms = 1}, {0}, {0}, {0}};
    (void)arg;
    line_up(co, signals, waiting, 4);
    let_it_arrive(co);
    gr_cancel(waiting[1].task);
    raise(SIGUSR1);
    let_it_arrive(co);
    raise(SIGUSR2);
    join_all(co, waiting, 4);
    ck_assert_int_eq(waiting[0].rc, GR_ETIMEDOUT);
    ck_assert_int_eq(waiting[1].rc, GR_ECANCELED);
    ck_assert_int_eq(waiting[2].rc, 0);
    ck_assert_int_eq(waiting[2].signum, SIGUSR1);
    ck_assert_int_eq(waiting[3].rc, 0);
    ck_assert_int_eq(waiting[3].signum, SIGUSR2);
    gr_signals_close(signals);
    return 0;
}

START_TEST(each_goes_to_the_one_that_waits_longest_and_is_still_there)
{
    ck_assert_int_eq(gr_run(give_to_the_first, NULL), 0);
}
END_TEST

static int close_on_those_who_wait(gr_co co, void *arg)
{
    gr_signals *signals = OPEN(co, SIGUSR1);
    struct waiting waiting[2] = {{0}, {0}};
    (void)arg;
    line_up(co, signals, waiting, 2);
    gr_signals_close(signals);
    join_all(co, waiting, 2);
    ck_assert_int_eq(waiting[0].rc, GR_EPIPE);
    ck_assert_int_eq(waiting[1].rc, GR_EPIPE);
    gr_signals_close(NULL);
    return 0;
}

START_TEST(a_close_ends_every_wait)
{
    ck_assert_int_eq(gr_run(close_on_those_who_wait, NULL), 0);
}
END_TEST

static int close_with_one_on_its_way(gr_co co, void *arg)
{
    for (int i = 0; i < 100; i++) {
        gr_signals *signals = OPEN(co, SIGUSR1, SIGUSR2);
        raise(SIGUSR1);
        if (i % 2)
            let_it_arrive(co);
        gr_signals_close(signals);
    }
    (void)arg;
    return 0;
}

START_TEST(it_is_closed_while_a_signal_is_on_its_way)
{
    ck_assert_int_eq(gr_run(close_with_one_on_its_way, NULL), 0);
}
END_TEST

/* --- several that are open --- */

static int open_twice(gr_co co, void *arg)
{
    gr_signals *a = OPEN(co, SIGUSR1), *b = OPEN(co, SIGUSR1, SIGUSR2);
    (void)arg;
    raise(SIGUSR1);
    ck_assert_int_eq(next_signal(co, a), SIGUSR1);
    ck_assert_int_eq(next_signal(co, b), SIGUSR1);
    gr_signals_close(b);
    raise(SIGUSR1);
    ck_assert_int_eq(next_signal(co, a), SIGUSR1);
    gr_signals_close(a);
    return 0;
}

START_TEST(all_that_are_open_for_a_number_get_it)
{
    ck_assert_int_eq(gr_run(open_twice, NULL), 0);
}
END_TEST

enum { LOOPS = 4 };

struct crowd {
    pthread_barrier_t ready, got;
};

static int wait_with_others(gr_co co, void *arg)
{
    struct crowd *crowd = arg;
    gr_signals *signals = OPEN(co, SIGUSR1);
    pthread_barrier_wait(&crowd->ready);
    ck_assert_int_eq(next_signal(co, signals), SIGUSR1);
    pthread_barrier_wait(&crowd->got);
    gr_signals_close(signals);
    return 0;
}

static void *run_loop(void *crowd)
{
    return (void *)(intptr_t)gr_run(wait_with_others, crowd);
}

START_TEST(it_reaches_every_loop_of_the_process)
{
    struct crowd crowd;
    pthread_t threads[LOOPS];
    pthread_barrier_init(&crowd.ready, NULL, LOOPS + 1);
    pthread_barrier_init(&crowd.got, NULL, LOOPS);
    for (int i = 0; i < LOOPS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run_loop, &crowd), 0);
    pthread_barrier_wait(&crowd.ready);
    ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
    for (int i = 0; i < LOOPS; i++) {
        void *rc;
        pthread_join(threads[i], &rc);
        ck_assert_ptr_null(rc);
    }
    pthread_barrier_destroy(&crowd.ready);
    pthread_barrier_destroy(&crowd.got);
}
END_TEST

/* --- what was there before --- */

static volatile sig_atomic_t n_plain, n_informed;

static void on_plain(int signum)
{
    n_plain += signum == SIGUSR1;
}

static void on_informed(int signum, siginfo_t *info, void *context)
{
    n_informed += signum == SIGUSR2 && info && info->si_signo == SIGUSR2 && context;
}

static int take_from_handlers(gr_co co, void *arg)
{
    gr_signals *signals = OPEN(co, SIGUSR1, SIGUSR2), *again = OPEN(co, SIGUSR1);
    (void)arg;
    gr_signals_close(again);
    raise(SIGUSR1);
    ck_assert_int_eq(next_signal(co, signals), SIGUSR1);
    raise(SIGUSR2);
    ck_assert_int_eq(next_signal(co, signals), SIGUSR2);
    gr_signals_close(signals);
    return 0;
}

START_TEST(a_handler_that_was_there_is_called_too_and_stays_when_it_is_closed)
{
    struct sigaction informed = {.sa_sigaction = on_informed, .sa_flags = SA_SIGINFO};
    signal(SIGUSR1, on_plain);
    sigaction(SIGUSR2, &informed, NULL);
    for (int i = 1; i <= 6; i += 2) {
        ck_assert_int_eq(gr_run(take_from_handlers, NULL), 0);
        ck_assert_int_eq(n_plain, i);
        raise(SIGUSR1);
        ck_assert_int_eq(n_plain, i + 1);
        raise(SIGUSR2);
        ck_assert_int_eq(n_informed, i + 1);
    }
}
END_TEST

static void (*action_of(int signum))(int)
{
    struct sigaction action;
    ck_assert_int_eq(sigaction(signum, NULL, &action), 0);
    return action.sa_handler;
}

static int take_and_give_back(gr_co co, void *arg)
{
    gr_signals *signals = OPEN(co, SIGUSR1, SIGUSR2);
    (void)arg;
    raise(SIGUSR1);
    ck_assert_int_eq(next_signal(co, signals), SIGUSR1);
    raise(SIGUSR2);
    ck_assert_int_eq(next_signal(co, signals), SIGUSR2);
    gr_signals_close(signals);
    ck_assert(action_of(SIGUSR1) == SIG_IGN);
    ck_assert(action_of(SIGUSR2) == SIG_DFL);
    return 0;
}

START_TEST(one_that_was_ignored_is_so_again_and_the_default_comes_back)
{
    signal(SIGUSR1, SIG_IGN);
    ck_assert_int_eq(gr_run(take_and_give_back, NULL), 0);
}
END_TEST

/* --- misuse --- */

static int open_what_cannot_be(gr_co co, void *arg)
{
    static const int wrong[] = {0, -1, 65, 1000, SIGKILL, SIGSTOP, SIGILL, SIGFPE, SIGSEGV, SIGBUS};
    gr_signals *signals = arg;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_int_eq(gr_signals_open(co, &signals, SIGUSR1, wrong[i], SIGUSR2), GR_EINVAL);
        ck_assert_ptr_null(signals);
    }
    ck_assert_int_eq(gr_signals_open(co, &signals, SIGUSR1, SIGUSR2, SIGUSR1), GR_EINVAL);
    ck_assert_int_eq(gr_signals_open_n(co, &signals, wrong, 0), GR_EINVAL);
    ck_assert(action_of(SIGUSR1) == SIG_DFL);
    return 0;
}

START_TEST(numbers_that_cannot_be_taken_are_refused_and_none_is_kept)
{
    int some;
    ck_assert_int_eq(gr_run(open_what_cannot_be, &some), 0);
}
END_TEST

static int wait_when_it_is_over(gr_co co, void *arg)
{
    gr_signals *signals = OPEN(co, SIGUSR1);
    int signum = 0;
    (void)arg;
    raise(SIGUSR1);
    let_it_arrive(co);
    ck_assert_int_eq(gr_signals_wait(gr_within(co, 0), signals, &signum), GR_ETIMEDOUT);
    ck_assert_int_eq(signum, 0);
    ck_assert_int_eq(next_signal(co, signals), SIGUSR1);
    gr_signals_close(signals);
    return 0;
}

START_TEST(one_that_comes_late_leaves_the_signal_to_the_next)
{
    ck_assert_int_eq(gr_run(wait_when_it_is_over, NULL), 0);
}
END_TEST

int main(void)
{
    const test_list tests = {what_comes_between_two_waits_is_kept_once_a_number_and_in_order,
                             each_goes_to_the_one_that_waits_longest_and_is_still_there,
                             a_close_ends_every_wait,
                             it_is_closed_while_a_signal_is_on_its_way,
                             all_that_are_open_for_a_number_get_it,
                             it_reaches_every_loop_of_the_process,
                             a_handler_that_was_there_is_called_too_and_stays_when_it_is_closed,
                             one_that_was_ignored_is_so_again_and_the_default_comes_back,
                             numbers_that_cannot_be_taken_are_refused_and_none_is_kept,
                             one_that_comes_late_leaves_the_signal_to_the_next,
                             NULL};
    return run_tests("signal", tests, 30);
}
