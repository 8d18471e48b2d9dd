#include "co/scope.h"

#include "co/local.h"
#include "co/task.h"

gr_group gri_scope_of(gr_task *owner, enum gri_when_ended when_ended)
{
    return (gr_group){.owner = owner, .holds = owner->holds, .when_ended = (int)when_ended};
}

void gri_scope_add(gr_group *scope, gr_task *child)
{
    child->scope = scope;
    child->next_sibling = NULL;
    child->prev_sibling = scope->last;
    if (scope->last)
        scope->last->next_sibling = child;
    else
        scope->first = child;
    scope->last = child;
    if (!child->ended_already)
        scope->running++;
}

void gri_scope_remove(gr_task *child)
{
    gr_group *scope = child->scope;
    if (child->prev_sibling)
        child->prev_sibling->next_sibling = child->next_sibling;
    else
        scope->first = child->next_sibling;
    if (child->next_sibling)
        child->next_sibling->prev_sibling = child->prev_sibling;
    else
        scope->last = child->prev_sibling;
    if (scope->last_ended == child)
        scope->last_ended = child->prev_sibling;
    child->scope = NULL;
    if (!child->ended_already)
        scope->running--;
}

static void cancel_all(gr_group *scope, const char *reason)
{
    gr_task *next;
    for (gr_task *child = scope->first; child; child = next) {
        next = child->next_sibling;
        gr_cancel_because(child, reason);
        if (child->ended_already) {
            gri_scope_remove(child);
            gri_task_free(child);
        }
    }
}

/* In the order of their ends, before those that run. */
static void move_to_front(gr_group *scope, gr_task *child)
{
    gri_scope_remove(child);
    gr_task *before = scope->last_ended, *after = before ? before->next_sibling : scope->first;
    child->scope = scope;
    child->prev_sibling = before;
    child->next_sibling = after;
    *(before ? &before->next_sibling : &scope->first) = child;
    *(after ? &after->prev_sibling : &scope->last) = child;
    scope->last_ended = child;
}

/* Who is in another await is told when it comes back to this one. */
static void wake_owner(const gr_group *scope)
{
    if (scope->waits)
        gri_wake(scope->owner, 0);
}

static void scope_report(gr_group *scope, gr_task *child)
{
    move_to_front(scope, child);
    wake_owner(scope);
}

/* With its siblings' first failure what they do is not wanted any more. */
static void note_result(gr_group *scope, const gr_task *child)
{
    bool fails_first = child->result != 0 && scope->result == 0;
    if (!fails_first)
        return;
    scope->result = child->result;
    if (scope->when_ended == GRI_FREE_AND_FAIL)
        cancel_all(scope, "another task of its scope failed");
    wake_owner(scope);
}

void gri_scope_child_ended(gr_task *child)
{
    gr_group *scope = child->scope;
    scope->running--;
    if (scope->when_ended == GRI_KEEP)
        return;
    if (scope->when_ended == GRI_REPORT) {
        scope_report(scope, child);
        return;
    }
    gri_scope_remove(child);
    note_result(scope, child);
    gri_task_free(child);
    if (scope->running == 0)
        wake_owner(scope);
}

gr_task *gri_scope_start(gr_co co, gr_group *scope, const char *name, gr_task_fn *fn, void *arg)
{
    gr_task *child = gri_task_create_like(co.task, name ? name : co.task->name);
    if (!child)
        return NULL;
    child->parent = scope->owner;
    child->deadline_ms = co.deadline_ms;
    child->pool = co.task->pool;
    child->holds = scope->holds;
    if (co.task->daemon)
        gri_task_make_daemon(child);
    child->locals = gri_locals_share(co.task->locals);
    gri_scope_add(scope, child);
    gri_task_start(child, fn, arg);
    return child;
}

int gri_scope_suspend(gr_co co, gr_group *scope, const char *what)
{
    scope->waits = true;
    int rc = gri_suspend(co, INT64_MAX, what);
    scope->waits = false;
    return rc;
}

void gri_scope_close(gr_co co, gr_group *scope, const char *what)
{
    scope->when_ended = GRI_FREE;
    cancel_all(scope, scope->result ? "another task of its scope failed" : "its scope ended");
    scope->waits = true;
    while (scope->running > 0)
        gri_suspend_shielded(co, what);
    scope->waits = false;
}

int gri_scope_wait(gr_co co, gr_group *scope, const char *what)
{
    int rc = 0;
    while (scope->running > 0 && scope->result == 0 && rc == 0)
        rc = gri_scope_suspend(co, scope, what);
    gri_scope_close(co, scope, what);
    return rc < 0 ? rc : scope->result;
}
