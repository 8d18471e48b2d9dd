/* Middleware as it was declared: that of the application, inside those that it is mounted in, and of its routers. */
#include "compile/scope.h"

struct middleware_check {
    gri_report_fn *report;
    void *arg;
};

static void check_one_middleware(const struct middleware_check *check, const gr_middleware *step)
{
    int n = !!step->async + !!step->blocking + !!step->async_with + !!step->blocking_with;
    bool takes = step->async_with || step->blocking_with;
    const char *name = gri_middleware_name(step);
    if (n != 1)
        check->report(check->arg, "middleware \"%s\": it is one function, and not %d", name, n);
    else if (takes && !step->options.with)
        check->report(check->arg, "middleware \"%s\" takes an argument, and .with gives it none", name);
    else if (!takes && step->options.with)
        check->report(check->arg, "middleware \"%s\" takes no argument, and .with gives it one", name);
}

/* A middleware inside `blocking`, the innermost blocking one around it; what that is for those inside this one. */
static const gr_middleware *check_inside(const struct middleware_check *check, const gr_middleware *blocking,
                                         const gr_middleware *step)
{
    check_one_middleware(check, step);
    if (gri_middleware_is_blocking(step))
        return step;
    if (blocking)
        check->report(check->arg,
                      "middleware \"%s\": an async middleware is added after a blocking one, \"%s\": add it before",
                      gri_middleware_name(step), gri_middleware_name(blocking));
    return blocking;
}

static void check_application(const struct middleware_check *check, const gr_app *app)
{
    const gr_middleware *steps = app->steps.items;
    const gr_middleware *blocking = app->outer ? gri_app_blocking_middleware(app->outer) : NULL;
    for (size_t i = 0; i < app->steps.n; i++)
        blocking = check_inside(check, blocking, &steps[i]);
}

/* The innermost blocking one around a router's operations. */
static const gr_middleware *blocking_of(const gr_app *app, const struct gri_scope *scope)
{
    const gr_middleware *blocking = gri_app_blocking_middleware(app);
    for (const gr_middleware *const *step = scope ? scope->middleware : NULL; step && *step; step++)
        blocking = gri_middleware_is_blocking(*step) ? *step : blocking;
    return blocking;
}

/* The router's own: those of the routers around it were checked with them. */
static void check_router(const struct middleware_check *check, const gr_app *app, const struct gri_scope *scope)
{
    const gr_middleware *blocking = blocking_of(app, scope->outer);
    for (const gr_middleware *const *step = scope->own_middleware; step && *step; step++)
        blocking = check_inside(check, blocking, *step);
}

void gri_check_middleware(const struct gri_program *program, gri_report_fn *report, void *arg)
{
    const struct middleware_check check = {report, arg};
    const struct gri_router *router = &program->router;
    check_application(&check, program->app);
    for (size_t i = 0; i < program->scopes.n; i++)
        check_router(&check, program->app, ((const struct gri_scope *const *)program->scopes.items)[i]);
    for (size_t i = 0; i < router->n_ops; i++) {
        const struct gri_op *op = &router->ops[i];
        const gr_middleware *blocking = blocking_of(program->app, gri_route_taken(op->route)->scope);
        if (blocking && op->route->kind == GR_ASYNC && !op->mount)
            report(arg, "%s: an async operation cannot run inside a blocking middleware, \"%s\": make that async",
                   op->name, gri_middleware_name(blocking));
    }
}
