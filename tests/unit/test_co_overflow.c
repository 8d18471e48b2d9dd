#include "unit/co_world.h"

#include <signal.h>
#include <sys/resource.h>

#include "co/overflow.h"

static int recurse(int depth)
{
    volatile char frame[512];
    frame[0] = (char)depth;
    if (depth > 0)
        frame[1] = (char)recurse(depth - 1);
    return frame[0] + frame[1];
}

static int overflow(gr_co co, void *arg)
{
    (void)co, (void)arg;
    return recurse(1000000);
}

static void no_core(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

static void run_overflow(void *arg)
{
    (void)arg;
    no_core();
    ck_assert_int_eq(gri_overflow_install(), 0);
    struct world *world = world_begin(REAL_TIME);
    start_in(world, "read_item", overflow, NULL);
}

START_TEST(an_overflow_names_the_coroutine_and_dies_of_the_signal)
{
    struct death death = run_apart(run_overflow, NULL);
    char wanted[128];
    snprintf(wanted, sizeof wanted, "griddle: coroutine \"read_item\" overflowed its stack of %d bytes\n",
             GRI_SANITIZED ? 262144 : 65536);
    ck_assert_msg(strstr(death.stderr_, wanted) != NULL, "wanted %s, got %s", wanted, death.stderr_);
    ck_assert(WIFSIGNALED(death.status));
    ck_assert(WTERMSIG(death.status) == SIGSEGV || WTERMSIG(death.status) == SIGBUS);
}
END_TEST

static volatile int *volatile nowhere = (volatile int *)64; /* UBSan would see through NULL */

static int fault(gr_co co, void *arg)
{
    (void)co, (void)arg;
    *nowhere = 1;
    return 0;
}

static void run_fault(void *arg)
{
    (void)arg;
    no_core();
    ck_assert_int_eq(gri_overflow_install(), 0);
    struct world *world = world_begin(REAL_TIME);
    start_in(world, "read_item", fault, NULL);
}

START_TEST(any_other_fault_is_left_as_it_was)
{
    struct death death = run_apart(run_fault, NULL);
    ck_assert_ptr_null(strstr(death.stderr_, "overflowed"));
    if (GRI_SANITIZED)
        ck_assert_ptr_nonnull(strstr(death.stderr_, "SEGV"));
    else
        ck_assert(WIFSIGNALED(death.status) && WTERMSIG(death.status) == SIGSEGV);
}
END_TEST

static void answer(int number)
{
    (void)number;
    ssize_t ignored = write(STDERR_FILENO, "mine", 4);
    (void)ignored;
    _exit(33);
}

static void run_fault_with_a_handler(void *arg)
{
    struct sigaction action = {.sa_handler = answer};
    sigaction(SIGSEGV, &action, NULL);
    ck_assert_int_eq(gri_overflow_install(), 0);
    run_fault(arg);
}

START_TEST(a_handler_that_was_there_gets_the_other_faults)
{
    struct death death = run_apart(run_fault_with_a_handler, NULL);
    ck_assert_ptr_nonnull(strstr(death.stderr_, "mine"));
    ck_assert(WIFEXITED(death.status) && WEXITSTATUS(death.status) == 33);
}
END_TEST

static void be_sent_a_signal(void *arg)
{
    (void)arg;
    no_core();
    signal(SIGSEGV, SIG_DFL);
    ck_assert_int_eq(gri_overflow_install(), 0);
    kill(getpid(), SIGSEGV);
}

START_TEST(a_signal_that_was_sent_still_kills)
{
    struct death death = run_apart(be_sent_a_signal, NULL);
    ck_assert(WIFSIGNALED(death.status) && WTERMSIG(death.status) == SIGSEGV);
    ck_assert_str_eq(death.stderr_, "");
}
END_TEST

int main(void)
{
    const test_list tests = {an_overflow_names_the_coroutine_and_dies_of_the_signal, any_other_fault_is_left_as_it_was,
                             a_handler_that_was_there_gets_the_other_faults, a_signal_that_was_sent_still_kills, NULL};
    return run_tests("overflow", tests, 20);
}
