#include "co/scope.h"

#include "co/task.h"

void gri_scope_add(struct gri_scope *scope, gr_task *child)
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
    struct gri_scope *scope = child->scope;
    if (child->prev_sibling)
        child->prev_sibling->next_sibling = child->next_sibling;
    else
        scope->first = child->next_sibling;
    if (child->next_sibling)
        child->next_sibling->prev_sibling = child->prev_sibling;
    else
        scope->last = child->prev_sibling;
    child->scope = NULL;
    if (!child->ended_already)
        scope->running--;
}

void gri_scope_child_ended(gr_task *child)
{
    struct gri_scope *scope = child->scope;
    scope->running--;
    if (scope->keeps)
        return;
    bool is_first_failure = child->result != 0 && scope->result == 0;
    if (is_first_failure)
        scope->result = child->result;
    gri_scope_remove(child);
    gri_task_free(child);
    if (is_first_failure || scope->running == 0)
        gri_wake(scope->owner, 0);
}

static void cancel_all(struct gri_scope *scope)
{
    gr_task *next;
    for (gr_task *child = scope->first; child; child = next) {
        next = child->next_sibling;
        gr_cancel(child);
        if (child->ended_already) {
            gri_scope_remove(child);
            gri_task_free(child);
        }
    }
}

void gri_scope_close(gr_co co, struct gri_scope *scope, const char *what)
{
    scope->keeps = false;
    cancel_all(scope);
    while (scope->running > 0)
        gri_suspend_shielded(co, what);
}

int gri_scope_wait(gr_co co, struct gri_scope *scope, const char *what)
{
    int rc = 0;
    while (scope->running > 0 && scope->result == 0 && rc == 0)
        rc = gri_suspend(co, INT64_MAX, what);
    gri_scope_close(co, scope, what);
    return rc < 0 ? rc : scope->result;
}
