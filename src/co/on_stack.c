#include "co/call.h"
#include "co/switch.h"

/* In the frame of the caller, on the stack that it leaves. */
struct elsewhere {
    gr_co co;
    gr_task_fn *fn;
    void *arg;
    int result;
    void *sp; /* where the caller goes on */
    struct gri_left_stack left;
};

static void *on_stack_main(void *arg)
{
    struct elsewhere *self = arg;
    gri_san_arrive(&self->co.task->san, NULL);
    self->result = gri_call(self->co, self->fn, self->arg);
#if GRI_SANITIZED /* they want to see a stack left, not returned from */
    void *never;
    gri_san_leave(&self->co.task->san, &self->left.san, true);
    gri_switch(&never, self->sp);
#endif
    return self->sp;
}

/* The coroutine stays the same: only where its frames lie changes, and what tells of that. */
static void run_elsewhere(struct elsewhere *self, struct gri_stacks *stacks, char *base)
{
    gr_task *task = self->co.task;
    self->left = (struct gri_left_stack){task->left, task->base, task->stacks, task->san};
    task->left = &self->left;
    task->base = base;
    task->stacks = stacks;
    gri_san_create(&task->san, base, stacks->size);
    void *sp = gri_switch_prepare(base, base + stacks->size, on_stack_main, self);
    gri_san_leave(&self->left.san, &task->san, false);
    gri_switch(&self->sp, sp);
    gri_san_arrive(&self->left.san, NULL);
    gri_san_destroy(&task->san);
    task->san = self->left.san;
    task->base = self->left.base;
    task->stacks = self->left.stacks;
    task->left = self->left.outer;
}

static int on_stack(gr_co co, struct gri_stacks *stacks, gr_task_fn *fn, void *arg)
{
    char *base = gri_stacks_get(stacks);
    if (!base)
        return GR_ENOMEM;
    struct elsewhere self = {.co = co, .fn = fn, .arg = arg};
    run_elsewhere(&self, stacks, base);
    gri_sched_put_stack(co.task->sched, stacks, base);
    return self.result;
}

int gr_on_stack(gr_co co, size_t bytes, gr_task_fn *fn, void *arg)
{
    gri_check_co(co);
    struct gri_stacks *stacks = gri_stack_sizes_find(&co.task->sched->stacks, bytes);
    return stacks ? on_stack(co, stacks, fn, arg) : GR_EINVAL;
}

bool gri_task_has_stack(const gr_task *task, size_t bytes)
{
    return gri_stack_sizes_find(&task->sched->stacks, bytes) <= task->stacks;
}
