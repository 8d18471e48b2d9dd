#include "compile/made.h"

#include <string.h>

struct making_list {
    const gr_app *app;
    struct gri_made *made;
    struct gri_made_one **end;
    int rc;
};

const struct gri_made_one *gri_made_find(const struct gri_made *made, const gr_dependency *dependency,
                                         const void *argument)
{
    const struct gri_made_one *one = made->first;
    while (one && (one->declared != dependency || one->argument != argument))
        one = one->next;
    return one;
}

/* --- the list --- */

static void *made_alloc(struct making_list *list, size_t size)
{
    void *p = gri_arena_alloc(list->made->arena, size ? size : 1);
    if (!p)
        list->rc = GR_ENOMEM;
    return p ? memset(p, 0, size) : NULL;
}

static void list_input(struct making_list *list, const gr_model *input);

static void list_one(struct making_list *list, const gr_dependency *dependency, const void *argument)
{
    if (list->rc || !gri_is_of_app(dependency) || gri_made_find(list->made, dependency, argument))
        return;
    const gr_model *input = gri_dependency_input(gri_app_stand_in(list->app, dependency));
    if (input)
        list_input(list, input); /* what is needed comes first */
    struct gri_made_one *one = list->rc ? NULL : made_alloc(list, sizeof *one);
    if (!one)
        return;
    gri_dependency_take(&one->runs, gri_app_stand_in(list->app, dependency)); /* checked: it has the size of one */
    one->declared = dependency;
    one->argument = argument;
    one->input = input ? made_alloc(list, input->struct_size) : NULL;
    one->value = made_alloc(list, one->runs.value_size);
    *list->end = one;
    list->end = &one->next;
}

static void list_input(struct making_list *list, const gr_model *input)
{
    for (const gr_field *at = input->fields; at->name && !list->rc; at = gri_field_next(input, at)) {
        gr_field own;
        const gr_field *field = gri_field_whole(input, at, &own);
        if (field->dependency)
            list_one(list, field->dependency, field->with);
    }
}

/* What runs for a request has needs of its own. */
static void list_reached(struct making_list *list, const gr_model *input, const gr_dependency *const *needs)
{
    struct gri_list reached = {0};
    if (gri_reach(&reached, list->app, input, needs))
        list->rc = GR_ENOMEM;
    for (size_t i = 0; i < reached.n && !list->rc; i++) {
        const gr_dependency *dependency = ((const gr_dependency *const *)reached.items)[i];
        const gr_model *inner = gri_is_of_app(dependency) ? NULL : gri_dependency_input(dependency);
        if (inner)
            list_input(list, inner);
    }
    gri_list_finish(&reached);
}

static void list_operation(struct making_list *list, const struct gri_op *op)
{
    const gr_dependency *const *need = op->route->options.needs;
    for (; need && *need; need++)
        list_one(list, *need, NULL);
    list_reached(list, op->intake.input, op->route->options.needs);
    if (op->intake.input)
        list_input(list, op->intake.input);
}

int gri_made_plan(struct gri_program *program)
{
    struct gri_made *made = gri_arena_alloc(&program->arena, sizeof *made);
    const gr_dependency *const *needs = program->app->needs.items;
    if (!made)
        return GR_ENOMEM;
    *made = (struct gri_made){.arena = &program->arena};
    struct making_list list = {program->app, made, &made->first, 0};
    for (size_t i = 0; i < program->app->needs.n; i++)
        list_one(&list, needs[i], NULL);
    for (size_t i = 0; i < program->router.n_ops && !list.rc; i++)
        list_operation(&list, &program->router.ops[i]);
    program->made = made;
    return list.rc;
}

/* --- an input --- */

static void fill_member(const struct gri_made *made, const struct gri_made_one *one, const gr_field *field)
{
    char *to = (char *)one->input + field->offset;
    if (!field->dependency) {
        memcpy(to, &one->argument, sizeof one->argument); /* checked: it has nothing else */
        return;
    }
    const void *value = gri_made_find(made, field->dependency, field->with)->value;
    if (field->type & GR_POINTER)
        memcpy(to, &value, sizeof value);
    else
        memcpy(to, value, field->size);
}

const void *gri_made_input(const struct gri_made *made, const struct gri_made_one *one)
{
    const gr_model *input = one->input ? (*one->runs.input)() : NULL;
    for (const gr_field *at = input ? input->fields : NULL; at && at->name; at = gri_field_next(input, at)) {
        gr_field own;
        fill_member(made, one, gri_field_whole(input, at, &own));
    }
    return one->input;
}
