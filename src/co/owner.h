/* What one thread has at a time: a request, or an object of an event loop. Its use on another thread would go wrong
 * silently, and seldom, so it aborts, in all builds. */
#ifndef GRI_CO_OWNER_H
#define GRI_CO_OWNER_H

#include "base/cold.h"
#include "co/sched.h"

extern _Thread_local char gri_thread_mark __attribute__((tls_model("initial-exec")));

/* Which thread this is: to be compared, while it lives. Never NULL. */
static inline const void *gri_this_thread(void)
{
    return &gri_thread_mark;
}

/* Around the life of a scheduler, on its thread. */
void gri_owner_loop_begins(void);
void gri_owner_loop_ends(void);

/* Aborts: `function`, "gr_event_set()" say, was called on a thread that does not have the loop of what it was given. */
GRI_COLD void gri_wrong_loop(const char *function);

/* Where `thread` is not this one: aborts, unless it is NULL, and this thread has a loop, or nobody has: before the
 * first loop a program may prepare what it will use. Returns whether this thread has, or had, a loop. */
GRI_COLD bool gri_check_unowned(const void *thread, const char *function);

/* `function` uses something of that loop. */
static inline void gri_check_loop(const struct gri_sched *sched, const char *function)
{
    if (sched->thread != gri_this_thread())
        gri_wrong_loop(function);
}

/* `function` looks at an object of the loop, that is its thread, that it was first used on: `thread`; NULL: of none. */
static inline void gri_check_owner(const void *thread, const char *function)
{
    if (thread != gri_this_thread())
        (void)gri_check_unowned(thread, function);
}

/* The same, which counts as a use. */
static inline void gri_claim(const void **thread, const char *function)
{
    if (*thread != gri_this_thread() && gri_check_unowned(*thread, function))
        *thread = gri_this_thread();
}

#endif
