#include "compile/needs.h"

bool gri_dependency_take(gr_dependency *whole, const gr_dependency *declared)
{
    *whole = (gr_dependency){0};
    return gr_sized_take(whole, sizeof *whole, declared, offsetof(gr_dependency, options));
}

const char *gri_dependency_name(const gr_dependency *dependency)
{
    gr_dependency whole;
    return gri_dependency_take(&whole, dependency) && whole.name ? whole.name : "(one without a name)";
}

bool gri_is_of_app(const gr_dependency *dependency)
{
    gr_dependency whole;
    return gri_dependency_take(&whole, dependency) && whole.owner == GR_OF_APP;
}

static bool can_be_read(const gr_model *model)
{
    return model && model->size == sizeof *model && model->field_size >= GRI_LEAST_FIELD &&
           model->field_size <= sizeof(gr_field) && model->fields && model->name;
}

const gr_model *gri_dependency_input(const gr_dependency *dependency)
{
    gr_dependency whole;
    if (!gri_dependency_take(&whole, dependency) || !whole.input || !*whole.input)
        return NULL;
    const gr_model *input = (*whole.input)();
    return can_be_read(input) ? input : NULL;
}

static int reach_add(struct gri_list *list, const gr_dependency *dependency)
{
    const gr_dependency **items = list->items;
    for (size_t i = 0; i < list->n; i++)
        if (items[i] == dependency)
            return 0;
    const gr_dependency **place = gri_list_add(list, sizeof *place);
    if (!place)
        return GR_ENOMEM;
    *place = dependency;
    return 0;
}

static int reach_one(struct gri_list *list, const gr_app *app, const gr_dependency *dependency)
{
    return dependency ? reach_add(list, gri_app_stand_in(app, dependency)) : 0;
}

static int reach_input(struct gri_list *list, const gr_app *app, const gr_model *input)
{
    int rc = 0;
    for (const gr_field *at = input->fields; at->name && rc == 0; at = gri_field_next(input, at)) {
        gr_field own;
        rc = reach_one(list, app, gri_field_whole(input, at, &own)->dependency);
    }
    return rc;
}

int gri_reach(struct gri_list *list, const gr_app *app, const gr_model *input, const gr_dependency *const *needs)
{
    size_t at = list->n;
    int rc = 0;
    for (; needs && *needs && rc == 0; needs++)
        rc = reach_one(list, app, *needs);
    if (rc == 0 && can_be_read(input))
        rc = reach_input(list, app, input);
    for (; at < list->n && rc == 0; at++) {
        const gr_model *inner = gri_dependency_input(((const gr_dependency *const *)list->items)[at]);
        rc = inner ? reach_input(list, app, inner) : 0;
    }
    return rc;
}
