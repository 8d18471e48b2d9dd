/* What can be declared of dependencies, and never be right. */
#include "compile/made.h"
#include "compile/needs.h"

#include <string.h>

#include "base/print.h"
#include "schema/check.h"

void gri_check_needs_finish(struct gri_check_needs *check)
{
    gri_list_finish(&check->seen);
    gri_list_finish(&check->reached);
}

/* --- what a table takes --- */

bool gri_input_takes(const gr_model *input, struct gri_str param)
{
    for (const gr_field *at = input->fields; at->name; at = gri_field_next(input, at)) {
        gr_field own;
        const gr_field *field = gri_field_whole(input, at, &own);
        if (field->source == GR_IN_PATH && gri_str_is(param, gri_str_from(gri_field_wire_name(field))))
            return true;
    }
    return false;
}

bool gri_check_needs_take(const struct gri_check_needs *check, struct gri_str param)
{
    const gr_dependency *const *reached = check->reached.items;
    for (size_t i = 0; i < check->reached.n; i++) {
        const gr_model *input = gri_dependency_input(reached[i]);
        if (input && gri_input_takes(input, param))
            return true;
    }
    return false;
}

static bool takes_body(const gr_model *input)
{
    for (const gr_field *at = input ? input->fields : NULL; at && at->name; at = gri_field_next(input, at)) {
        gr_field own;
        if (gri_field_is_body(gri_field_whole(input, at, &own)))
            return true;
    }
    return false;
}

static bool takes_form(const gr_model *input)
{
    for (const gr_field *at = input ? input->fields : NULL; at && at->name; at = gri_field_next(input, at)) {
        if (gri_field_on_wire(at) && at->source == GR_IN_FORM)
            return true;
    }
    return false;
}

/* --- one that is needed by a table --- */

static void check_argument(const struct gri_check_needs *check, const char *operation, const gr_field *field,
                           const gr_dependency *by, const gr_dependency *runs)
{
    const gr_model *input = gri_dependency_input(runs);
    bool asks = input && gri_model_has(input, GR_TYPE_ARGUMENT), stands_in = field && field->dependency != runs;
    const char *who = by ? gri_dependency_name(by) : operation;
    if (asks && (!field || !field->with))
        check->report(check->arg, "%s: %s needs \"%s\", which takes a GR_ARGUMENT, without one: .with = &...",
                      operation, who, gri_dependency_name(runs));
    if (!asks && !stands_in && field && field->with)
        check->report(check->arg, "%s: %s gives \"%s\" an argument by .with, but it has no GR_ARGUMENT", operation, who,
                      gri_dependency_name(runs));
}

static void check_need(const struct gri_check_needs *check, const char *operation, const gr_app *app,
                       const gr_field *field, const gr_dependency *by)
{
    gr_dependency runs;
    const gr_dependency *stand_in = gri_app_stand_in(app, field->dependency);
    if (gri_dependency_take(&runs, field->dependency) && runs.value_size != field->size)
        check->report(check->arg, "%s: %s.%s is of %zu bytes, and what \"%s\" gives of %zu", operation,
                      by ? gri_dependency_name(by) : operation, field->name, field->size,
                      gri_dependency_name(field->dependency), runs.value_size);
    check_argument(check, operation, field, by, stand_in);
    gri_check_made_need(check, operation, app, field, by);
}

static void check_needs_table(const struct gri_check_needs *check, const char *operation, const gr_app *app,
                              const gr_model *input, const gr_dependency *by)
{
    for (const gr_field *at = input ? input->fields : NULL; at && at->name; at = gri_field_next(input, at)) {
        gr_field own;
        const gr_field *field = gri_field_whole(input, at, &own);
        if (field->dependency)
            check_need(check, operation, app, field, by);
        else if (!by && gri_type_is_fed(gri_field_type(field)))
            check->report(check->arg, "%s: %s is told by who needs it, and nobody needs an operation", operation,
                          field->name);
    }
}

/* --- one by itself --- */

static void check_overlap(const struct gri_check_needs *check, const char *operation, const gr_dependency *whole)
{
    if (whole->options.concurrent && whole->kind == GR_BLOCKING)
        check->report(
            check->arg,
            "%s: dependency \"%s\" blocks, so it cannot be .concurrent: its thread has the request for itself",
            operation, whole->name);
}

static bool has_function(const gr_dependency *whole)
{
    return whole->owner == GR_OF_APP ? whole->make != NULL : whole->owner == GR_OF_REQUEST && whole->call;
}

static bool check_needs_shape(const struct gri_check_needs *check, const char *operation,
                              const gr_dependency *dependency)
{
    gr_dependency whole;
    if (!gri_dependency_take(&whole, dependency) || !whole.name || !has_function(&whole)) {
        check->report(check->arg,
                      "%s: a gr_dependency needs a name, a function and its size, which is none of a later version "
                      "than the library",
                      operation);
        return false;
    }
    bool has_table = whole.input && *whole.input;
    if (whole.takes_input && !has_table)
        check->report(check->arg, "%s: dependency \"%s\" takes a struct %s, but no GR_INPUT(%s, ...) stands before it",
                      operation, whole.name, whole.name, whole.name);
    if (!whole.takes_input && has_table)
        check->report(check->arg, "%s: there is a GR_INPUT(%s, ...), but dependency \"%s\" takes no const struct %s *",
                      operation, whole.name, whole.name, whole.name);
    if (whole.owner == GR_OF_APP)
        gri_check_made(check, operation, &whole);
    else
        check_overlap(check, operation, &whole);
    return true;
}

static void check_before_body(struct gri_check_needs *check, const char *operation, const gr_app *app,
                              const gr_dependency *dependency)
{
    struct gri_list list = {0};
    const gr_dependency *const needs[] = {dependency, NULL};
    check->failed |= gri_reach(&list, app, NULL, needs) != 0;
    for (size_t i = 0; i < list.n; i++) {
        const gr_dependency *reached = ((const gr_dependency *const *)list.items)[i];
        const gr_model *input = gri_dependency_input(reached);
        if (takes_body(input) || takes_form(input))
            check->report(check->arg, "%s: dependency \"%s\" is .before_body, but \"%s\" takes the body", operation,
                          gri_dependency_name(dependency), gri_dependency_name(reached));
    }
    gri_list_finish(&list);
}

static bool note_seen(struct gri_check_needs *check, const gr_dependency *dependency)
{
    const gr_dependency **items = check->seen.items;
    for (size_t i = 0; i < check->seen.n; i++)
        if (items[i] == dependency)
            return false;
    const gr_dependency **place = gri_list_add(&check->seen, sizeof *place);
    check->failed |= !place;
    if (place)
        *place = dependency;
    return place;
}

static void check_need_alone(struct gri_check_needs *check, const char *operation, const gr_app *app,
                             const gr_dependency *dependency)
{
    if (!note_seen(check, dependency) || !check_needs_shape(check, operation, dependency))
        return;
    gr_dependency whole;
    gri_dependency_take(&whole, dependency);
    if (whole.input && *whole.input)
        gri_check_model(check->tables, (*whole.input)(), true);
    if (whole.options.before_body)
        check_before_body(check, operation, app, dependency);
    check_needs_table(check, operation, app, gri_dependency_input(dependency), dependency);
}

/* --- circles --- */

/* Those on the way to one: the last is `by`. */
struct trail {
    const struct trail *by;
    const gr_dependency *dependency;
};

static void report_circle(const struct gri_check_needs *check, const char *operation, const struct trail *last,
                          const gr_dependency *first)
{
    char text[600], name[600];
    const char *then = gri_dependency_name(first);
    gri_snprintf(text, sizeof text, "%s", then);
    for (const struct trail *at = last;; at = at->by) {
        gri_snprintf(name, sizeof name, "%s -> %s", gri_dependency_name(at->dependency), text);
        memcpy(text, name, sizeof text);
        if (at->dependency == first)
            break;
    }
    check->report(check->arg, "%s: dependencies that need each other: %s", operation, text);
}

static void find_circles(struct gri_check_needs *check, const char *operation, const gr_app *app,
                         const struct trail *trail, struct gri_list *done);

static void follow_need(struct gri_check_needs *check, const char *operation, const gr_app *app, const struct trail *by,
                        const gr_dependency *dependency, struct gri_list *done)
{
    struct trail trail = {by, gri_app_stand_in(app, dependency)};
    for (const struct trail *at = by; at; at = at->by)
        if (at->dependency == trail.dependency) {
            report_circle(check, operation, by, trail.dependency);
            return;
        }
    for (size_t i = 0; i < done->n; i++)
        if (((const gr_dependency *const *)done->items)[i] == trail.dependency)
            return;
    find_circles(check, operation, app, &trail, done);
}

static void find_circles(struct gri_check_needs *check, const char *operation, const gr_app *app,
                         const struct trail *trail, struct gri_list *done)
{
    const gr_model *input = gri_dependency_input(trail->dependency);
    for (const gr_field *at = input ? input->fields : NULL; at && at->name; at = gri_field_next(input, at)) {
        gr_field own;
        const gr_field *field = gri_field_whole(input, at, &own);
        if (field->dependency)
            follow_need(check, operation, app, trail, field->dependency, done);
    }
    const gr_dependency **place = gri_list_add(done, sizeof *place);
    check->failed |= !place;
    if (place)
        *place = trail->dependency;
}

/* A circle has one member that is met first: from each that is reached, those that were not yet. */
static void check_circles(struct gri_check_needs *check, const char *operation, const gr_app *app)
{
    struct gri_list done = {0};
    for (size_t i = 0; i < check->reached.n && !check->failed; i++)
        follow_need(check, operation, app, NULL, ((const gr_dependency *const *)check->reached.items)[i], &done);
    gri_list_finish(&done);
}

/* --- with their operation --- */

static bool has_parameter(const struct gri_op *op, const char *name)
{
    for (unsigned i = 0; i < op->n_params; i++)
        if (gri_str_is(op->param_names[i], gri_str_from(name)))
            return true;
    return false;
}

static void check_path(const struct gri_check_needs *check, const struct gri_op *op, const gr_dependency *dependency)
{
    const gr_model *input = gri_dependency_input(dependency);
    for (const gr_field *at = input ? input->fields : NULL; at && at->name; at = gri_field_next(input, at)) {
        gr_field own;
        const char *name = gri_field_wire_name(gri_field_whole(input, at, &own));
        if (at->source == GR_IN_PATH && op->param_names && !has_parameter(op, name))
            check->report(check->arg, "%s: GR_PATH(%s) of dependency \"%s\" has no \"{%s}\" in \"%s\"", op->name,
                          at->name, gri_dependency_name(dependency), name, op->route->path);
    }
}

/* A request has one body, which is of one kind. */
static void check_bodies(const struct gri_check_needs *check, const struct gri_op *op)
{
    const gr_dependency *const *reached = check->reached.items;
    bool body = takes_body(op->intake.input), form = takes_form(op->intake.input), own = body || form;
    const char *taker = NULL;
    for (size_t i = 0; i < check->reached.n; i++) {
        const gr_model *input = gri_dependency_input(reached[i]);
        bool more_body = takes_body(input), more_form = takes_form(input);
        if ((more_body && form && !body) || (more_form && body && !form)) {
            check->report(check->arg, "%s: dependency \"%s\" takes %s, and %s %s: a request has one", op->name,
                          gri_dependency_name(reached[i]), more_form ? "a form" : "a JSON body",
                          taker ? taker
                          : own ? op->name
                                : "another",
                          form ? "a form" : "a JSON body");
            return;
        }
        if ((more_body || more_form) && op->route->options.stream_body)
            check->report(check->arg,
                          "%s: .stream_body leaves the body to the handler, so dependency \"%s\" cannot take it",
                          op->name, gri_dependency_name(reached[i]));
        if (more_body || more_form)
            taker = taker ? taker : gri_dependency_name(reached[i]);
        body = body || more_body;
        form = form || more_form;
    }
}

static void check_stand_in(struct gri_check_needs *check, const char *operation, const gr_app *app,
                           const struct gri_override *o)
{
    gr_dependency of, by;
    if (!gri_dependency_take(&of, o->dependency) || !gri_dependency_take(&by, o->stand_in))
        return;
    if (of.value_size != by.value_size)
        check->report(check->arg, "%s: \"%s\" stands in for \"%s\", but gives %zu bytes instead of %zu", operation,
                      gri_dependency_name(o->stand_in), gri_dependency_name(o->dependency), by.value_size,
                      of.value_size);
    if (of.owner != by.owner)
        check->report(check->arg, "%s: \"%s\" stands in for \"%s\", but is made for %s and that for %s", operation,
                      gri_dependency_name(o->stand_in), gri_dependency_name(o->dependency),
                      by.owner ? "the application" : "each request", of.owner ? "the application" : "each request");
    if (of.options.before_body && !by.options.before_body)
        check_before_body(check, operation, app, o->dependency);
}

static bool is_reached(const struct gri_check_needs *check, const gr_dependency *dependency)
{
    for (size_t i = 0; i < check->reached.n; i++)
        if (((const gr_dependency *const *)check->reached.items)[i] == dependency)
            return true;
    return false;
}

static void check_stand_ins(struct gri_check_needs *check, const char *operation, const gr_app *app)
{
    const struct gri_override *overrides = app->overrides.items;
    for (size_t i = 0; i < app->overrides.n; i++)
        if (is_reached(check, overrides[i].stand_in))
            check_stand_in(check, operation, app, &overrides[i]);
}

static void check_lists(const struct gri_check_needs *check, const gr_app *app, const struct gri_op *op)
{
    const gr_dependency *const *need = op->route->options.needs;
    for (; need && *need; need++)
        check_argument(check, op->name, NULL, NULL, gri_app_stand_in(app, *need));
}

/* Those of the application's own list that no operation has brought here. */
void gri_check_needs_of_app(struct gri_check_needs *check, const gr_app *app)
{
    const gr_dependency *const *needs = app->needs.items;
    const char *who = "the application";
    for (size_t i = 0; i < app->needs.n; i++) {
        const gr_dependency *const one[] = {needs[i], NULL};
        size_t n_seen = check->seen.n;
        if (!gri_is_of_app(needs[i]))
            continue;
        check->reached.n = 0;
        check->failed |= gri_reach(&check->reached, app, NULL, one) != 0;
        for (size_t k = 0; k < check->reached.n; k++)
            check_need_alone(check, who, app, ((const gr_dependency *const *)check->reached.items)[k]);
        if (check->seen.n == n_seen)
            continue;
        check_argument(check, who, NULL, NULL, gri_app_stand_in(app, needs[i]));
        check_stand_ins(check, who, app);
        check_circles(check, who, app);
    }
}

void gri_check_needs(struct gri_check_needs *check, const gr_app *app, const struct gri_op *op)
{
    const char *operation = op->name;
    check->reached.n = 0;
    check->failed |= gri_reach(&check->reached, app, op->intake.input, op->route->options.needs) != 0;
    check_lists(check, app, op);
    check_needs_table(check, operation, app, op->intake.input, NULL);
    for (size_t i = 0; i < check->reached.n; i++) {
        const gr_dependency *dependency = ((const gr_dependency *const *)check->reached.items)[i];
        check_need_alone(check, operation, app, dependency);
        check_path(check, op, dependency);
    }
    check_stand_ins(check, operation, app);
    check_circles(check, operation, app);
    check_bodies(check, op);
}
