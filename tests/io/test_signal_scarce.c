/* gr_signals_open() without memory. */
#include <griddle/signal.h>
#include <griddle/task.h>
#include <signal.h>

#include "app/scarce.h"
#include "run.h"

static int open_without_memory(gr_co co, void *arg)
{
    gr_signals *signals = arg;
    struct sigaction action;
    scarce();
    int rc = gr_signals_open(co, &signals, SIGUSR1);
    plenty();
    ck_assert_int_eq(rc, GR_ENOMEM);
    ck_assert_ptr_null(signals);
    ck_assert_int_eq(sigaction(SIGUSR1, NULL, &action), 0);
    ck_assert(action.sa_handler == SIG_DFL);
    ck_assert_int_eq(gr_signals_open(co, &signals, SIGUSR1), 0);
    gr_signals_close(signals);
    return 0;
}

START_TEST(without_memory_nothing_is_taken)
{
    int some;
    ck_assert_int_eq(gr_run(open_without_memory, &some), 0);
}
END_TEST

int main(void)
{
    const test_list tests = {without_memory_nothing_is_taken, NULL};
    return run_tests("signal scarce", tests, 30);
}
