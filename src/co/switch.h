/* The context switch: a few lines of assembly for x86-64 and aarch64, ucontext elsewhere.
 *
 * Saves what the ABI calls callee-saved, and not the floating-point control words: a coroutine that changes the
 * rounding mode restores it before it awaits. Knows nothing of tasks, so that it can be tested alone. */
#ifndef GRI_CO_SWITCH_H
#define GRI_CO_SWITCH_H

/* A context on the stack that ends at `top` (16-byte aligned; `base` is its lowest address). The first switch to it
 * calls entry(arg); what that returns is gone on with, as by a gri_switch() that never comes back, but cheaper, since a
 * processor predicts where calls return to. What this function returns goes to gri_switch() as `to`. */
void *gri_switch_prepare(char *base, char *top, void *(*entry)(void *arg), void *arg);

/* Stores this context in *from and goes on with `to`. Returns when somebody switches to *from. */
void gri_switch(void **from, void *to);

#endif
