#include "co/owner.h"

#include "co/misuse.h"

_Thread_local char gri_thread_mark;

static unsigned loops; /* atomic: that live in the process */
static _Thread_local bool had_loop;

void gri_owner_loop_begins(void)
{
    had_loop = true;
    __atomic_add_fetch(&loops, 1, __ATOMIC_RELAXED);
}

void gri_owner_loop_ends(void)
{
    __atomic_sub_fetch(&loops, 1, __ATOMIC_RELAXED);
}

void gri_wrong_loop(const char *function)
{
    gri_misuse("%s was used on a thread that does not have the loop of what it was given: from other threads send "
               "through a gr_channel (griddle/channel.h), or call through gr_call_on_loop() (griddle/thread.h)",
               function);
}

bool gri_check_unowned(const void *thread, const char *function)
{
    bool is_foreign = !had_loop && __atomic_load_n(&loops, __ATOMIC_RELAXED) > 0;
    if (thread || is_foreign)
        gri_wrong_loop(function);
    return had_loop;
}
