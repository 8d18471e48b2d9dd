#include "co/switch.h"

#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

struct start {
    ucontext_t context;
    void *(*entry)(void *arg);
    void *arg;
};

/* makecontext() hands over ints only, so the pointer travels in two halves. */
static void ucontext_start(unsigned high, unsigned low)
{
    struct start *self = (struct start *)(((uintptr_t)high << 16 << 16) | (uintptr_t)low);
    setcontext(self->entry(self->arg));
    abort();
}

void *gri_switch_prepare(char *base, char *top, void *(*entry)(void *arg), void *arg)
{
    uintptr_t at = ((uintptr_t)top - sizeof(struct start)) & ~(uintptr_t)63;
    struct start *self = (struct start *)at;
    getcontext(&self->context);
    self->entry = entry;
    self->arg = arg;
    self->context.uc_link = NULL;
    self->context.uc_stack.ss_sp = base;
    self->context.uc_stack.ss_size = at - (uintptr_t)base;
    makecontext(&self->context, (void (*)(void))ucontext_start, 2, (unsigned)(at >> 16 >> 16), (unsigned)at);
    return &self->context;
}

void gri_switch(void **from, void *to)
{
    ucontext_t here;
    // cppcheck-suppress autoVariables ; the frame stays where it is until something switches back to it
    *from = &here;
    swapcontext(&here, to);
}
