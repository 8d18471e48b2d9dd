/* Options of a struct as a whole: tuples, and what it has beside its members. */
#include "schema/check_place.h"
#include "schema/field.h"

static void check_self(const struct gri_place *p, bool input)
{
    const gr_field *f = p->field;
    if (input && f->validate)
        gri_place_report(p, "GR_SELF of an input has no .validate: give that to its members");
    if (input && f->tuple)
        gri_place_report(p, "an input is no tuple: put that into a model of its own");
    if (f->extra > GR_EXTRA_ALLOWED)
        gri_place_report(p, "its .extra is none");
}

void gri_check_self(const struct gri_place *p, bool input)
{
    const gr_field *f = p->field;
    gr_type type = gri_field_type(f);
    if (type == GR_TYPE_SELF)
        check_self(p, input);
    else if (f->tuple)
        gri_place_report(p, ".tuple is an option of GR_SELF");
    if (type == GR_TYPE_ARM && gri_field_is_tuple(f))
        gri_place_report(p, "an arm is an object, which has the tag: no tuple");
    if (f->validate && (type == GR_TYPE_SET || type == GR_TYPE_TAG))
        gri_place_report(p, "has no value that a .validate could look at: GR_SELF can have one");
}

static bool has_entry(const gr_model *model, gr_type type)
{
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        if (gri_field_type(f) == type)
            return true;
    return false;
}

/* Whether a tuple holds itself by values, pointers and lists of tuples alone, which no document of it would end. */
static bool holds_itself(const gr_model *model, const gr_model *in, unsigned depth)
{
    for (const gr_field *f = in->fields; f->name && depth < 16; f = gri_field_next(in, f)) {
        const gr_model *of = gri_field_on_wire(f) && f->model ? f->model() : NULL;
        if (of && gri_model_is_tuple(of) && (of == model || holds_itself(model, of, depth + 1)))
            return true;
    }
    return false;
}

static void check_tuple(const struct gri_place *p)
{
    const gr_model *model = p->model;
    if (!gri_model_is_tuple(model))
        return;
    if (has_entry(model, GR_TYPE_TAG) || has_entry(model, GR_TYPE_ARM) || has_entry(model, GR_TYPE_SET))
        gri_place_report(p, "is a tuple: it has no GR_TAG, GR_ARM or GR_SET");
    if (gri_model_is_bare(model))
        gri_place_report(p, "is a tuple: it has neither cases nor a root");
    if (holds_itself(model, model, 0))
        gri_place_report(p, "is a tuple that holds itself");
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        const gr_field *f = gri_field_whole(model, at, &own);
        if ((f->type & GR_OTHERS) || (gri_field_on_wire(f) && (f->optional || gri_field_has_default(f))))
            gri_place_report(&(struct gri_place){.checker = p->checker, .model = model, .field = f},
                             "is a position of a tuple: it is there, and neither optional nor the rest");
    }
}

static unsigned count_others(const gr_model *model)
{
    unsigned n = 0;
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        n += (f->type & GR_OTHERS) != 0;
    return n;
}

/* A key is a member's name, and how many there are nothing says. */
static void check_other(const struct gri_place *p)
{
    const gr_field *f = p->field;
    if (f->key_type)
        gri_place_report(p, "takes the rest of an object: its keys are const char *");
    if (f->min_items || f->max_items)
        gri_place_report(p, "takes the rest of an object, which nothing counts: no min_items, no max_items");
}

static void check_each_other(const gr_model *model, struct gri_checker *checker)
{
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        if (at->type & GR_OTHERS)
            check_other(
                &(struct gri_place){.checker = checker, .model = model, .field = gri_field_whole(model, at, &own)});
    }
}

static void check_others(const struct gri_place *p)
{
    gr_field own;
    const gr_field *self = gri_model_self(p->model, &own);
    unsigned n = count_others(p->model);
    check_each_other(p->model, p->checker);
    if (n > 1)
        gri_place_report(p, "has two members that take the rest");
    if (n && self && self->extra == GR_EXTRA_FORBIDDEN)
        gri_place_report(p, "forbids what GR_REST would take");
    if (n && has_entry(p->model, GR_TYPE_TAG))
        gri_place_report(p, "is a union: GR_REST belongs into the arms' models");
    if (self && self->extra && gri_model_is_bare(p->model))
        gri_place_report(p, "is no object by itself: what it may have beside its members the model of that says");
    else if (!n && self && self->extra == GR_EXTRA_ALLOWED)
        gri_place_report(p, "allows what it has no member for: GR_REST(m) of a json_t *, or GR_REST_MAP(m)");
}

void gri_check_struct(const struct gri_place *p)
{
    check_tuple(p);
    check_others(p);
}
