/* Where another thread of the process is, without a signal to it: that would end a sleep early. */
#ifndef GRI_SERVER_BLOCKED_H
#define GRI_SERVER_BLOCKED_H

#include "base/peek.h"

struct gri_blocked {
    bool waits; /* in a system call, or we cannot tell */
    long call;  /* its number; below 0: not known */
    uintptr_t sp, pc;
};

/* By /proc: `tid` is the thread's gettid(). */
void gri_blocked_look(int tid, struct gri_blocked *blocked);

/* "clock_nanosleep", "number 300", "(not known)". Returns text, or a static string. */
enum { GRI_CALL_TEXT = 32 };
const char *gri_blocked_call(const struct gri_blocked *blocked, char text[GRI_CALL_TEXT]);

/* The return addresses that the stack of a thread that waits shows up to `top`, the innermost first, `most` at most;
 * among them perhaps some that a local array has kept from calls that have ended. How many; 0 where the processor's
 * calls are not known to us. */
int gri_blocked_frames(const struct gri_blocked *blocked, const struct gri_peek *peek, uintptr_t top, void **frames,
                       int most);

#endif
