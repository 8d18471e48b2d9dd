#include <stdarg.h>
#include <string.h>

#include "base/print.h"
#include "co/stack_sizes.h"
#include "compile/needs.h"
#include "http/codec.h"
#include "schema/check.h"
#include "schema/json.h"
#include "schema/selection.h"

/* Counts and logs what is wrong with the declarations. */
struct checker {
    const struct gri_log *log;
    const char *at; /* where the application is mounted, or NULL */
    int found;
    bool unusable;         /* a route lacks what the further checks need */
    const char *operation; /* whose tables are being checked */
    struct gri_checker tables;
    struct gri_check_needs needs;
};

GR_PRINTF(2, 3) static void check_report(void *arg, const char *fmt, ...)
{
    struct checker *checker = arg;
    char text[1800];
    va_list args;
    va_start(args, fmt);
    gri_vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    gri_log(checker->log, GRI_LOG_ERROR, "%s%s%s%s", checker->at ? "the application at \"" : "",
            checker->at ? checker->at : "", checker->at ? "\": " : "", text);
    checker->found++;
}

static void report_table(void *arg, const char *text)
{
    struct checker *checker = arg;
    check_report(checker, "%s: %s", checker->operation, text);
}

/* Of two hosts that are written otherwise nobody can say that the one matches all of the other's. */
static bool is_at_hosts_of(const struct gri_op *op, const struct gri_op *by)
{
    return !by->host || (op->host && gri_segment_same(op->host, by->host));
}

static bool is_shadowed(const struct gri_op *op, const struct gri_op *by)
{
    if (!is_at_hosts_of(op, by))
        return false;
    if ((strcmp(op->route->method, by->route->method) != 0 && !by->any_method) || op->pattern.n != by->pattern.n)
        return false;
    for (size_t i = 0; i < op->pattern.n; i++)
        if (!gri_segment_same(&op->pattern.segments[i], &by->pattern.segments[i]))
            return false;
    return true;
}

/* The same operation of a router again, where it is already. */
static bool is_doubled(const struct gri_op *op, const struct gri_op *by)
{
    const struct gri_taken_route *route = gri_route_taken(op->route);
    return route->scope && route->declared == gri_route_taken(by->route)->declared && is_shadowed(op, by);
}

static void check_duplicates(struct checker *checker, const struct gri_router *router, const struct gri_op *op)
{
    for (size_t i = 0; i < op->index; i++) {
        const struct gri_op *before = &router->ops[i];
        if (op->param_names && before->param_names && is_doubled(op, before))
            check_report(checker, "%s: a doubled router: it leads to \"%s %s\" twice, the second time in vain",
                         op->name, op->route->method, op->route->path);
        else if (op->param_names && before->param_names && is_shadowed(op, before))
            check_report(
                checker, "%s: \"%s %s\" can never be reached: \"%s %s\" of %s comes first and matches the same",
                op->name, op->route->method, op->route->path, before->route->method, before->route->path, before->name);
        else if (strcmp(op->name, before->name) == 0)
            check_report(checker, "%s: two operations have this name: give one another by GR_ROUTE_AS", op->name);
    }
}

static bool has_param(const struct gri_op *op, const char *name)
{
    for (unsigned i = 0; i < op->n_params; i++)
        if (gri_str_is(op->param_names[i], gri_str_from(name)))
            return true;
    return false;
}

static void check_body(struct checker *checker, const struct gri_op *op)
{
    for (const gr_field *field = op->intake.input->fields; field->name; field = gri_field_next(op->intake.input, field))
        if (op->route->options.stream_body && gri_field_on_wire(field) &&
            (field->source == GR_IN_BODY || field->source == GR_IN_JSON || field->source == GR_IN_FORM))
            check_report(checker, "%s: .stream_body leaves the body to the handler, so %s cannot come from it",
                         op->name, field->name);
}

static void check_path_fields(struct checker *checker, const struct gri_op *op)
{
    for (const gr_field *at = op->intake.input->fields; at->name; at = gri_field_next(op->intake.input, at)) {
        gr_field own;
        const char *name = gri_field_wire_name(gri_field_whole(op->intake.input, at, &own));
        if (at->source == GR_IN_PATH && !has_param(op, name))
            check_report(checker, "%s: GR_PATH(%s) has no \"{%s}\" in \"%s\"", op->name, at->name, name,
                         op->route->path);
    }
}

static void check_input(struct checker *checker, const struct gri_op *op)
{
    const gr_route *route = op->route;
    if (route->takes_input && !op->intake.input)
        check_report(checker, "%s: the handler takes a struct %s, but no GR_INPUT(%s, ...) stands before its route",
                     route->name, route->name, route->name);
    if (!route->takes_input && op->intake.input)
        check_report(checker, "%s: there is a GR_INPUT(%s, ...), but the handler takes no const struct %s *",
                     route->name, route->name, route->name);
    if (!op->intake.input)
        return;
    gri_check_model(&checker->tables, op->intake.input, true);
    check_body(checker, op);
    if (!op->param_names) /* its path is wrong, and was reported */
        return;
    for (unsigned i = 0; i < op->n_params; i++)
        if (!gri_input_takes(op->intake.input, op->param_names[i]) &&
            !gri_check_needs_take(&checker->needs, op->param_names[i]))
            check_report(checker, "%s: \"{%.*s}\" in \"%s\" has no GR_PATH(%.*s)", route->name,
                         (int)op->param_names[i].len, op->param_names[i].at, route->path, (int)op->param_names[i].len,
                         op->param_names[i].at);
    check_path_fields(checker, op);
}

static void check_names(struct checker *checker, const gr_model *model, const char *const *names, const char *option)
{
    for (; names && *names; names++)
        if (!gri_selection_finds(model, *names))
            check_report(checker, "%s: %s names \"%s\", which struct %s does not have", checker->operation, option,
                         *names, model->name);
}

static void say_nothing(void *arg, const char *text)
{
    (void)arg;
    (void)text;
}

/* Whether a model, or one of those it is made of, can tell what was given. */
static bool tells_unset(const gr_model *model)
{
    struct gri_checker all;
    bool tells = false;
    gri_checker_init(&all, say_nothing, NULL);
    gri_check_model(&all, model, false);
    for (size_t i = 0; i < all.n_seen; i++)
        for (const gr_field *f = all.seen[i]->fields; f && f->name; f = gri_field_next(all.seen[i], f))
            tells = tells || gri_field_type(f) == GR_TYPE_SET;
    gri_checker_finish(&all);
    return tells;
}

static void check_response(struct checker *checker, const gr_route_options *o)
{
    bool shaped = o->response_include || o->response_exclude || o->response_exclude_unset ||
                  o->response_exclude_defaults || o->response_exclude_none || o->response_by_name || o->response_list;
    if (!o->response) {
        if (shaped)
            check_report(checker, "%s: .response_... is of a .response, and there is none", checker->operation);
        return;
    }
    const gr_model *model = o->response();
    if (gri_check_model(&checker->tables, model, false) == GR_ENOMEM || !model->fields)
        return;
    if (o->response_exclude_unset && !tells_unset(model))
        check_report(checker, "%s: .response_exclude_unset needs a GR_SET in struct %s, or in one inside it",
                     checker->operation, model->name);
    if (gri_model_is_tuple(model) && (o->response_include || o->response_exclude))
        check_report(checker, "%s: struct %s is a tuple, of which no position can be left out", checker->operation,
                     model->name);
    check_names(checker, model, o->response_include, ".response_include");
    check_names(checker, model, o->response_exclude, ".response_exclude");
}

/* --- what is only documented --- */

static bool is_json_object(const char *text)
{
    struct gri_json_error ignored;
    return gri_json_scan(text, strlen(text), NULL, &ignored) == 0 && text[strspn(text, " \t\n\r")] == '{';
}

static void check_outgoing(struct checker *checker, const gr_route *route);

static void check_reply_info(struct checker *checker, const gr_response_info *r)
{
    bool range = r->status >= 1 && r->status <= 5, one = r->status >= 100 && r->status <= 599;
    if (r->status != GR_OTHER_STATUS && !range && !one)
        check_report(checker, "%s: .responses: %d is no status of a reply", checker->operation, r->status);
    if (r->model)
        gri_check_model(&checker->tables, r->model(), false);
}

static void check_replies(struct checker *checker, const gr_response_list *list)
{
    if (!gri_responses_fit(list)) {
        check_report(checker, "%s: .responses: the stride is not set, or of a later version than the library",
                     checker->operation);
        return;
    }
    gr_response_info r;
    for (size_t i = 0; r = gri_response_at(list, i), r.status; i++)
        check_reply_info(checker, &r);
}

static void check_documented(struct checker *checker, const gr_route_options *o)
{
    const char *operation = checker->operation;
    check_replies(checker, o->responses);
    if (o->openapi_extra && !is_json_object(o->openapi_extra))
        check_report(checker, "%s: .openapi_extra is no JSON object", operation);
    for (const gr_route *const *callback = o->callbacks; callback && *callback; callback++)
        check_outgoing(checker, *callback);
    checker->operation = operation;
}

/* A webhook or a callback. */
static void check_outgoing(struct checker *checker, const gr_route *declared)
{
    gr_route whole;
    const gr_route *route = &whole;
    bool taken = gri_route_take(&whole, declared);
    const char *name = declared->name ? declared->name : "(a route without a name)";
    if (!taken || !route->name || !route->path) {
        check_report(checker, "%s: what is only documented needs a gr_route of the right size, with a name and a path",
                     name);
        return;
    }
    if (!route->method || !gri_method_is_known(gri_str_from(route->method)))
        check_report(checker, "%s: \"%s\" is no method", name, route->method ? route->method : "(null)");
    checker->operation = name;
    if (route->input && *route->input)
        gri_check_model(&checker->tables, (*route->input)(), true);
    check_response(checker, &route->options);
    check_documented(checker, &route->options);
}

static void check_stack_bytes(struct checker *checker, const gr_route_options *o)
{
    if (!gri_stack_bytes_fit(o->stack_bytes))
        check_report(checker, "%s: .stack_bytes = %zu is not from %d to %d bytes", checker->operation, o->stack_bytes,
                     GRI_STACK_LEAST, GRI_STACK_MOST);
}

static void check_route(struct checker *checker, const struct gri_taken_route *taken)
{
    const gr_route *route = taken->usable ? &taken->whole : taken->declared;
    const char *name = taken->name ? taken->name : "(a route without a name)";
    if (route->size != sizeof *route)
        check_report(checker,
                     "%s: gr_route.size is %zu: it is not set, or the program was compiled for a later version", name,
                     route->size);
    if (!route->name || !route->call)
        check_report(checker, "%s: a route needs a name and a function", name);
    bool has_method =
        route->method && (strcmp(route->method, "*") == 0 || gri_method_is_known(gri_str_from(route->method)));
    checker->unusable |= route->size != sizeof *route || !route->name || !route->method;
    if (!has_method)
        check_report(checker, "%s: \"%s\" is no method that can arrive", name,
                     route->method ? route->method : "(null)");
    int status = route->options.status;
    if (status && (status < 200 || status > 599))
        check_report(checker, "%s: .status = %d is no status of a reply", name, status);
    checker->operation = name;
    if (route->size != sizeof *route)
        return;
    check_stack_bytes(checker, &route->options);
    check_response(checker, &route->options);
    check_documented(checker, &route->options);
}

static void check_operations(struct checker *checker, const struct gri_program *program)
{
    const struct gri_router *router = &program->router;
    for (size_t i = 0; i < router->n_ops; i++) {
        checker->operation = router->ops[i].name;
        check_duplicates(checker, router, &router->ops[i]);
        gri_check_needs(&checker->needs, program->app, &router->ops[i]);
        check_input(checker, &router->ops[i]);
    }
    gri_check_needs_of_app(&checker->needs, program->app);
    gri_check_middleware(program, check_report, checker);
}

/* Of the application as a whole, and of each route by itself. */
static void check_declared(struct checker *checker, const struct gri_program *program)
{
    const gr_app *app = program->app;
    const struct gri_taken_route *const *routes = program->routes.items;
    const gr_route *const *webhooks = app->webhooks.items;
    checker->operation = "gr_app_set_invalid()";
    if (app->invalid_model)
        gri_check_model(&checker->tables, app->invalid_model(), false);
    if (app->failed)
        check_report(checker, "the application could not be built: %s",
                     app->failed_why ? app->failed_why : gr_strerror(app->failed));
    if (app->outer && app->options.n)
        check_report(checker, "gr_option(\"--%s\"): the command line is the outermost application's",
                     ((const struct gri_option *)app->options.items)->name);
    for (size_t i = 0; i < program->routes.n; i++)
        check_route(checker, routes[i]);
    for (size_t i = 0; i < app->webhooks.n; i++)
        check_outgoing(checker, webhooks[i]);
}

static int check_all(struct checker *checker, struct gri_program *program, struct gri_own_routes own)
{
    int rc = gri_gather(program, own, check_report, checker);
    if (rc)
        return rc;
    check_declared(checker, program);
    if (checker->unusable)
        return GR_EINVAL;
    rc = gri_router_init(&program->router, program->routes.items, program->routes.n, check_report, checker);
    if (rc != GR_ENOMEM)
        check_operations(checker, program);
    if (checker->needs.failed)
        return GR_ENOMEM;
    return rc == 0 && checker->found ? GR_EINVAL : rc;
}

/* The prefixes that lead to a mounted application; NULL: it is none, or there is no memory to say it. */
static const char *mounted_at(struct gri_program *program)
{
    const char *path = program->app->mounted_at;
    for (const gr_app *app = program->app->outer; path && app && app->outer; app = app->outer)
        path = gri_join_texts(&program->arena, app->mounted_at, "", path);
    return path;
}

int gri_check_program(struct gri_program *program, struct gri_own_routes own)
{
    struct checker checker = {.log = program->log, .at = mounted_at(program)};
    gri_checker_init(&checker.tables, report_table, &checker);
    checker.needs = (struct gri_check_needs){.report = check_report, .arg = &checker, .tables = &checker.tables};
    int rc = check_all(&checker, program, own);
    gri_check_needs_finish(&checker.needs);
    gri_checker_finish(&checker.tables);
    return rc;
}
