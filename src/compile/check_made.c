/* What can be declared of application dependencies, and never be right. */
#include "compile/made.h"

static void check_made_options(const struct gri_check_needs *check, const char *operation, const gr_dependency *whole)
{
    const struct {
        const char *name, *says;
        bool given;
    } options[] = {{".before_body", "there is no body yet", whole->options.before_body},
                   {".concurrent", "they are made one after the other", whole->options.concurrent},
                   {".uncached", "all share the one", whole->options.uncached}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].given)
            check->report(check->arg, "%s: dependency \"%s\" is made once, for the application, so it cannot be %s: %s",
                          operation, whole->name, options[i].name, options[i].says);
}

static void check_made_member(const struct gri_check_needs *check, const char *operation, const gr_dependency *whole,
                              const gr_field *field)
{
    gr_type type = gri_field_type(field);
    if (type != GR_TYPE_NEED && type != GR_TYPE_ARGUMENT)
        check->report(check->arg,
                      "%s: dependency \"%s\" is made for the application, before any request, so %s cannot come from "
                      "one: its input has GR_NEEDS and GR_ARGUMENT",
                      operation, whole->name, field->name);
}

void gri_check_made(const struct gri_check_needs *check, const char *operation, const gr_dependency *whole)
{
    const gr_model *input = gri_dependency_input(whole);
    check_made_options(check, operation, whole);
    for (const gr_field *at = input ? input->fields : NULL; at && at->name; at = gri_field_next(input, at)) {
        gr_field own;
        check_made_member(check, operation, whole, gri_field_whole(input, at, &own));
    }
}

void gri_check_made_need(const struct gri_check_needs *check, const char *operation, const gr_app *app,
                         const gr_field *field, const gr_dependency *by)
{
    bool of_app = gri_is_of_app(field->dependency);
    if (by && gri_is_of_app(by) && !gri_is_of_app(gri_app_stand_in(app, field->dependency)))
        check->report(check->arg,
                      "%s: dependency \"%s\" is made for the application, so it cannot need \"%s\", which is made for "
                      "each request",
                      operation, gri_dependency_name(by), gri_dependency_name(field->dependency));
    if (of_app && (field->scopes || field->uncached))
        check->report(check->arg,
                      "%s: %s.%s: \"%s\" is made once, for the application: %s says nothing of what all requests share",
                      operation, by ? gri_dependency_name(by) : operation, field->name,
                      gri_dependency_name(field->dependency), field->scopes ? ".scopes" : ".uncached");
}
