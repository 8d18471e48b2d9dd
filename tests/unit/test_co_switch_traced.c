/* A backtrace taken at each instruction of a context switch, as a signal may take one: single-stepped. */
#include <execinfo.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "co/switch.h"
#include "run.h"

enum { STACK_BYTES = 256 * 1024, DEPTH = 32, TRAP_FLAG = 0x100 };

static char stack[STACK_BYTES] __attribute__((aligned(64)));
static void *main_sp, *other_sp;
static int n_traced, n_outside, n_broken;

/* Where the switch is called: a backtrace out of it must find one of these next. */
__attribute__((noinline)) static void switch_to_other(void)
{
    gri_switch(&main_sp, other_sp);
    __asm__ volatile("");
}

__attribute__((noinline)) static void switch_to_main(void)
{
    gri_switch(&other_sp, main_sp);
    __asm__ volatile("");
}

static bool is_in(const void *pc, void (*fn)(void), size_t bytes)
{
    return (uintptr_t)pc - (uintptr_t)fn < bytes;
}

static bool is_switch(const void *pc)
{
    return (uintptr_t)pc - (uintptr_t)gri_switch < 64;
}

static bool is_caller(const void *pc)
{
    return is_in(pc, switch_to_other, 64) || is_in(pc, switch_to_main, 64);
}

/* Frames: this handler, the kernel's, the interrupted one, its caller. */
static void on_step(int number)
{
    void *frames[DEPTH];
    (void)number;
    int n = backtrace(frames, DEPTH);
    if (n < 3 || !is_switch(frames[2])) {
        n_outside++;
        return;
    }
    n_traced++;
    n_broken += n < 4 || !is_caller(frames[3]);
}

/* Below the red zone. */
#define SET_FLAGS(change) \
    __asm__ volatile("lea -128(%%rsp), %%rsp; pushfq; " change ", (%%rsp); popfq; lea 128(%%rsp), %%rsp" \
                     : \
                     : "i"(TRAP_FLAG), "i"(~TRAP_FLAG) \
                     : "cc", "memory")

static void *other(void *arg)
{
    for (;;)
        switch_to_main();
    return arg;
}

static void catch_steps(void)
{
    static char alternate[256 * 1024];
    void *frame;
    struct sigaction action = {.sa_handler = on_step, .sa_flags = SA_ONSTACK};
    ck_assert_int_eq(sigaltstack(&(stack_t){.ss_sp = alternate, .ss_size = sizeof alternate}, NULL), 0);
    ck_assert_int_eq(sigaction(SIGTRAP, &action, NULL), 0);
    backtrace(&frame, 1);
}

START_TEST(a_backtrace_at_any_instruction_of_a_switch_finds_who_switches)
{
    catch_steps();
    other_sp = gri_switch_prepare(stack, stack + STACK_BYTES - 64, other, NULL);
    switch_to_other();
    SET_FLAGS("orq %0");
    switch_to_other();
    SET_FLAGS("andq %1");
    ck_assert_int_gt(n_traced, 20);
    ck_assert_int_gt(n_outside, 0);
    ck_assert_int_eq(n_broken, 0);
}
END_TEST

int main(void)
{
    const test_list tests = {a_backtrace_at_any_instruction_of_a_switch_finds_who_switches, NULL};
    return run_tests("switch traced", tests, 20);
}
