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

static volatile size_t start_of_frame; /* a constant would let a compiler leave out the rest */

/* Not only in the guard's last page. */
static int one_large_frame(gr_co co, void *arg)
{
    (void)co;
    volatile char frame[GRI_SANITIZED ? 900000 : 700000];
    frame[start_of_frame] = arg != NULL;
    return frame[start_of_frame];
}

#if defined(__x86_64__)
/* As code does that was compiled without probes: here into the guard of the next stack but one. */
static int jump_over_the_guard(gr_co co, void *arg)
{
    size_t stack = co.task->stacks->size, distance = stack + (1 << 20) + stack + (1 << 19);
    (void)arg;
    __asm__ volatile("mov %%rsp, %%rbx; sub %0, %%rsp; movb $1, (%%rsp); mov %%rbx, %%rsp"
                     :
                     : "r"(distance)
                     : "rbx", "memory", "cc");
    return 0;
}
#endif

static int overflow_elsewhere(gr_co co, void *arg)
{
    return gr_on_stack(co, 1 << 20, overflow, arg);
}

static void no_core(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

static int wait_long(gr_co co, void *arg)
{
    (void)arg;
    return gr_sleep(co, 1000000);
}

static void run_overflow(void *arg)
{
    no_core();
    ck_assert_int_eq(gri_overflow_install(), 0);
    struct world *world = world_begin(REAL_TIME);
    start_in(world, "below", wait_long, NULL);
    start_in(world, "read_item", *(gr_task_fn **)arg, NULL);
}

static void check_overflow(gr_task_fn *fn, unsigned bytes)
{
    struct death death = run_apart(run_overflow, &fn);
    char wanted[128];
    snprintf(wanted, sizeof wanted, "griddle: coroutine \"read_item\" overflowed its stack of %u bytes\n",
             GRI_SANITIZED ? bytes * 4 : bytes);
    ck_assert_msg(strstr(death.stderr_, wanted) != NULL, "wanted %s, got %s", wanted, death.stderr_);
    ck_assert(WIFSIGNALED(death.status));
    ck_assert(WTERMSIG(death.status) == SIGSEGV || WTERMSIG(death.status) == SIGBUS);
}

START_TEST(an_overflow_names_the_coroutine_and_dies_of_the_signal)
{
    check_overflow(overflow, 65536);
}
END_TEST

START_TEST(so_does_a_single_frame_that_is_larger_than_the_stack)
{
    check_overflow(one_large_frame, 65536);
}
END_TEST

#if defined(__x86_64__)
START_TEST(so_does_one_that_jumps_over_the_guard_where_it_faults_at_all)
{
    check_overflow(jump_over_the_guard, 65536);
}
END_TEST
#endif

START_TEST(so_does_an_overflow_of_a_stack_that_was_asked_for)
{
    check_overflow(overflow_elsewhere, 1 << 20);
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
    const test_list tests = {
        an_overflow_names_the_coroutine_and_dies_of_the_signal,
        so_does_a_single_frame_that_is_larger_than_the_stack,
#if defined(__x86_64__)
        so_does_one_that_jumps_over_the_guard_where_it_faults_at_all,
#endif
        so_does_an_overflow_of_a_stack_that_was_asked_for,
        any_other_fault_is_left_as_it_was,
        a_handler_that_was_there_gets_the_other_faults,
        a_signal_that_was_sent_still_kills,
        NULL
    };
    return run_tests("overflow", tests, 20);
}
