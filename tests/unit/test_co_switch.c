/* The context switch alone, without libuv and Check, so that it can be cross-compiled and run under an emulator. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co/switch.h"

/* Fills every callee-saved register with what follows from `seed`, switches, and returns how many were changed. */
unsigned long switch_with_full_registers(void **from, void *to, unsigned long seed);

#if defined(__x86_64__)
__asm__(".text\n"
        ".globl switch_with_full_registers\n"
        "switch_with_full_registers:\n"
        "  push %rbp; push %rbx; push %r12; push %r13; push %r14; push %r15; push %rdx\n"
        "  lea 1(%rdx), %rbp; lea 2(%rdx), %rbx; lea 3(%rdx), %r12\n"
        "  lea 4(%rdx), %r13; lea 5(%rdx), %r14; lea 6(%rdx), %r15\n"
        "  call gri_switch\n"
        "  pop %rdx; xor %eax, %eax; xor %ecx, %ecx\n"
        "  sub %rdx, %rbp; cmp $1, %rbp; setne %cl; add %rcx, %rax\n"
        "  sub %rdx, %rbx; cmp $2, %rbx; setne %cl; add %rcx, %rax\n"
        "  sub %rdx, %r12; cmp $3, %r12; setne %cl; add %rcx, %rax\n"
        "  sub %rdx, %r13; cmp $4, %r13; setne %cl; add %rcx, %rax\n"
        "  sub %rdx, %r14; cmp $5, %r14; setne %cl; add %rcx, %rax\n"
        "  sub %rdx, %r15; cmp $6, %r15; setne %cl; add %rcx, %rax\n"
        "  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbx; pop %rbp\n"
        "  ret\n");
#elif defined(__aarch64__)
#define FILL(n)  "  add x9, x2, #" #n "; mov x" #n ", x9\n"
#define FILLD(n) "  add x9, x2, #" #n "; fmov d" #n ", x9\n"
#define SAME(n)  "  sub x9, x" #n ", x2; cmp x9, #" #n "; cinc x0, x0, ne\n"
#define SAMED(n) "  fmov x9, d" #n "; sub x9, x9, x2; cmp x9, #" #n "; cinc x0, x0, ne\n"
#define ALL(X)   X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28)
#define ALLD(X)  X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
__asm__(
    ".text\n"
    ".globl switch_with_full_registers\n"
    "switch_with_full_registers:\n"
    "  stp x29, x30, [sp, #-176]!; mov x29, sp; str x2, [sp, #160]\n"
    "  stp x19, x20, [sp, #16]; stp x21, x22, [sp, #32]; stp x23, x24, [sp, #48]\n"
    "  stp x25, x26, [sp, #64]; stp x27, x28, [sp, #80]\n"
    "  stp d8, d9, [sp, #96]; stp d10, d11, [sp, #112]; stp d12, d13, [sp, #128]; stp d14, d15, [sp, #144]\n" ALL(FILL)
        ALLD(FILLD) "  bl gri_switch\n"
                    "  ldr x2, [sp, #160]; mov x0, #0\n" ALL(SAME)
                        ALLD(SAMED) "  mov x9, sp; sub x9, x29, x9; cmp x9, #0; cinc x0, x0, ne\n"
                                    "  ldp x19, x20, [sp, #16]; ldp x21, x22, [sp, #32]; ldp x23, x24, [sp, #48]\n"
                                    "  ldp x25, x26, [sp, #64]; ldp x27, x28, [sp, #80]\n"
                                    "  ldp d8, d9, [sp, #96]; ldp d10, d11, [sp, #112]; ldp d12, d13, [sp, #128]; ldp "
                                    "d14, d15, [sp, #144]\n"
                                    "  ldp x29, x30, [sp], #176\n"
                                    "  ret\n");
#else
unsigned long switch_with_full_registers(void **from, void *to, unsigned long seed)
{
    double d = (double)seed;
    unsigned long before = seed * 3;
    gri_switch(from, to);
    return (d != (double)seed) + (before != seed * 3);
}
#endif

enum { STACK_BYTES = 64 * 1024, ROUNDS = 1000 };

struct side {
    void *context;
    struct side *other;
    unsigned long seed, changed, rounds;
    uintptr_t frame;
    char text[64];
    void *arg_seen;
};

static int checks, failures;

static void expect(int holds, const char *what)
{
    checks++;
    if (!holds)
        failures++;
    printf("%s %s\n", holds ? "ok    " : "FAILED", what);
}

static void *bounce(void *arg)
{
    struct side *self = arg;
    self->arg_seen = arg;
    self->frame = (uintptr_t)__builtin_frame_address(0);
    snprintf(self->text, sizeof self->text, "%.2f", (double)self->seed / 8);
    while (self->rounds < ROUNDS) {
        self->rounds++;
        self->changed += switch_with_full_registers(&self->context, self->other->context, self->seed);
    }
    return self->other->context;
}

/* Ends where the other side goes on. */
static void *end(void *arg)
{
    struct side *self = arg;
    self->rounds++;
    self->changed += switch_with_full_registers(&self->context, self->other->context, self->seed);
    return self->other->context;
}

static void check_end(char *base, struct side *home, struct side *far)
{
    *far = (struct side){.seed = 77, .other = home};
    far->context = gri_switch_prepare(base, base + STACK_BYTES, end, far);
    home->changed = switch_with_full_registers(&home->context, far->context, home->seed);
    home->changed += switch_with_full_registers(&home->context, far->context, home->seed);
    expect(far->rounds == 1 && far->changed == 0, "an entry that waits once goes on where it was");
    expect(home->changed == 0, "an entry that returns leaves the callee-saved registers as they were");
}

static char *stack_of(struct side *side)
{
    char *base = aligned_alloc(64, STACK_BYTES);
    if (base)
        side->context = gri_switch_prepare(base, base + STACK_BYTES, bounce, side);
    return base;
}

int main(void)
{
    struct side home = {.seed = 1000}, far = {.seed = 0x123456789abcUL, .other = &home};
    home.other = &far;
    char *base = stack_of(&far);
    if (!base)
        return EXIT_FAILURE;
    for (int i = 0; i < ROUNDS; i++)
        home.changed += switch_with_full_registers(&home.context, far.context, home.seed);
    expect(far.arg_seen == &far, "entry gets its argument");
    expect(far.rounds == ROUNDS, "each switch goes to the other side");
    expect(home.changed == 0, "callee-saved registers survive on the first stack");
    expect(far.changed == 0, "callee-saved registers survive on the made stack");
    expect(far.frame >= (uintptr_t)base && far.frame < (uintptr_t)base + STACK_BYTES, "entry runs on the made stack");
    expect(far.frame % 16 == 0, "the made stack is aligned to 16 bytes");
    expect(strcmp(far.text, "2501999792983.50") == 0, "floating point in varargs works there");
    check_end(base, &home, &far);
    free(base);
    printf("%d passed, %d failed\n", checks - failures, failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
