#include "co/frames.h"

#include "co/pool.h"

/* With AddressSanitizer's detect_stack_use_after_return a local variable is elsewhere, but knows its frame. */
static uintptr_t frame_place(void *fake_stack, const void *p)
{
#if GRI_ASAN
    void *begin, *end;
    void *frame = fake_stack ? __asan_addr_is_in_fake_stack(fake_stack, (void *)(uintptr_t)p, &begin, &end) : NULL;
    return (uintptr_t)(frame ? frame : p);
#else
    (void)fake_stack;
    return (uintptr_t)p;
#endif
}

static void *fake_stack_here(void)
{
#if GRI_ASAN
    return __asan_get_current_fake_stack();
#else
    return NULL;
#endif
}

static bool lies_between(uintptr_t at, const void *low, const void *high)
{
    return at >= (uintptr_t)low && at < (uintptr_t)high;
}

static bool lies_on(const char *base, const struct gri_stacks *stacks, uintptr_t at)
{
    return lies_between(at, base, base + stacks->size);
}

/* The stacks of a task, from the one that it runs on, or is suspended on, to the one that `frame` is on; NULL: all. */
static bool lies_below(const gr_task *task, const void *frame, const void *p)
{
    const struct gri_left_stack *left = task->left;
    void *fake_stack = task == gri_running() ? fake_stack_here() : task->san.fake;
    const char *base = task->base;
    const struct gri_stacks *stacks = task->stacks;
    while (left && !lies_on(base, stacks, (uintptr_t)frame)) {
        if (lies_on(base, stacks, frame_place(fake_stack, p)))
            return true;
        base = left->base;
        stacks = left->stacks;
        fake_stack = left->san.fake;
        left = left->outer;
    }
    return lies_between(frame_place(fake_stack, p), base, frame ? frame : base + stacks->size);
}

/* Children end before their parent does: all of their stacks. */
static bool lies_in_children(const gr_task *task, const void *p)
{
    const gr_task *child = gri_running();
    for (; child && child != task; child = child->scope ? child->scope->owner : NULL)
        if (lies_below(child, NULL, p))
            return true;
    return false;
}

/* In a job on this thread. */
static bool lies_in_job(const void *p)
{
    uintptr_t top = (uintptr_t)gri_job_frame(), here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t at = frame_place(fake_stack_here(), p);
    return top && !gri_running() && at >= here && at < top;
}

bool gri_goes_with_frames(const gr_task *task, const void *frame, const void *p)
{
    return lies_below(task, frame, p) || lies_in_children(task, p) || lies_in_job(p);
}
