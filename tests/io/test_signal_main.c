/* gr_signals in a program of gr_main(), which handles signals of its own. */
#include <griddle.h>

#include "unit/co_world.h"

static int serve(gr_app *app)
{
    char *argv[] = {(char[]){"program"}, (char[]){"--port"}, (char[]){"0"}, NULL};
    return gr_main(app, 3, argv);
}

static void serve_with_task(void *task)
{
    gr_app *app = gr_app_create("Signals", "1.0");
    if (gr_app_add_task(app, "watcher", *(gr_task_fn **)task, NULL) != 0)
        _exit(99);
    _exit(serve(app));
}

static struct death run_with_task(gr_task_fn *task)
{
    return run_apart(serve_with_task, &task);
}

static void assert_exits_with_0(struct death death)
{
    ck_assert_msg(WIFEXITED(death.status) && WEXITSTATUS(death.status) == 0, "wanted exit status 0, got %x: %s",
                  (unsigned)death.status, death.stderr_);
}

static void assert_says(struct death death, const char *text)
{
    ck_assert_msg(strstr(death.stderr_, text) != NULL, "wanted \"%s\" in: %s", text, death.stderr_);
}

static void say_name(gr_co co, gr_signals *signals)
{
    int signum, rc = gr_signals_wait(co, signals, &signum);
    const char *name = rc < 0 ? gr_strerror(rc) : signum == SIGHUP ? "hangup" : signum == SIGUSR1 ? "user 1" : "?";
    dprintf(STDERR_FILENO, "the task got %s\n", name);
}

static int take_and_stop(gr_co co, void *arg)
{
    gr_signals *signals;
    int rc = gr_signals_open(co, &signals, SIGHUP, SIGUSR1, SIGINT);
    (void)arg;
    if (rc < 0)
        return rc;
    raise(SIGHUP);
    say_name(co, signals);
    raise(SIGUSR1);
    say_name(co, signals);
    rc = gr_sleep(co, 10);
    raise(SIGINT);
    int ignored = gr_sleep(co, 60000);
    (void)ignored;
    gr_signals_close(signals);
    return rc;
}

START_TEST(both_get_the_signal_and_the_program_stops_as_ever)
{
    struct death death = run_with_task(take_and_stop);
    assert_exits_with_0(death);
    assert_says(death, "the task got hangup");
    assert_says(death, "the task got user 1");
    assert_says(death, "WAITS FOR");
}
END_TEST

static int close_and_stop(gr_co co, void *arg)
{
    gr_signals *signals;
    int rc = gr_signals_open(co, &signals, SIGTERM);
    (void)arg;
    if (rc < 0)
        return rc;
    gr_signals_close(signals);
    raise(SIGTERM);
    return gr_sleep(co, 60000);
}

START_TEST(the_program_s_own_handling_comes_back_with_the_close)
{
    assert_exits_with_0(run_with_task(close_and_stop));
}
END_TEST

static int raise_early(gr_app *app, void *state)
{
    (void)app, (void)state;
    return raise(SIGTERM);
}

static void serve_with_early_signal(void *arg)
{
    gr_app *app = gr_app_create("Signals", "1.0");
    (void)arg;
    if (gr_app_on(app, raise_early, NULL) != 0)
        _exit(99);
    _exit(serve(app));
}

START_TEST(a_signal_that_comes_while_the_program_starts_stops_it_then)
{
    assert_exits_with_0(run_apart(serve_with_early_signal, NULL));
}
END_TEST

int main(void)
{
    const test_list tests = {both_get_the_signal_and_the_program_stops_as_ever,
                             the_program_s_own_handling_comes_back_with_the_close,
                             a_signal_that_comes_while_the_program_starts_stops_it_then, NULL};
    return run_tests("signal main", tests, 30);
}
