#include "schema/check_place.h"
#include "schema/field.h"

/* Whether an entry is an arm or a case, and so has a number. */
static bool is_numbered(const gr_field *f, bool either)
{
    return either ? gri_field_on_wire(f) : gri_field_type(f) == GR_TYPE_ARM;
}

static void check_numbers(const struct gri_place *p, bool either)
{
    for (const gr_field *f = p->model->fields; f->name; f = gri_field_next(p->model, f))
        for (const gr_field *g = p->model->fields; g != f; g = gri_field_next(p->model, g))
            if (is_numbered(f, either) && is_numbered(g, either) && f->tag_value == g->tag_value)
                gri_place_report(p, "% and % have the same number, so that nothing tells them apart", g->name, f->name);
}

/* The entry in which the number lies, or NULL. */
static const gr_field *union_number(const gr_model *model)
{
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        if (gri_field_type(f) == GR_TYPE_EITHER || gri_field_type(f) == GR_TYPE_TAG)
            return f;
    return NULL;
}

/* Signed or not: that is not in the table. */
static bool holds_number(size_t size, int64_t number)
{
    return size >= sizeof number || (number >= -(INT64_C(1) << (8 * size - 1)) && number < INT64_C(1) << (8 * size));
}

static void check_sizes(const struct gri_place *p, bool either)
{
    const gr_field *in = union_number(p->model);
    for (const gr_field *f = p->model->fields; in && in->size && f->name; f = gri_field_next(p->model, f))
        if (is_numbered(f, either) && !holds_number(in->size, f->tag_value))
            gri_place_report(p, "the number of % is none that % can hold", f->name, in->name);
}

/* An arm has the tag beside its members: what is read is one object. */
static void check_arms(const struct gri_place *p)
{
    for (const gr_field *f = p->model->fields; f->name; f = gri_field_next(p->model, f)) {
        const gr_model *of = gri_field_type(f) == GR_TYPE_ARM && f->model ? f->model() : NULL;
        if (of && (gri_model_is_bare(of) || gri_model_has(of, GR_TYPE_TAG)))
            gri_place_report(p, "its arm % is an object with the members of one struct: no union and no root", f->name);
    }
}

static void check_case(const struct gri_place *p)
{
    const gr_field *f = p->field;
    if (f->optional || f->nullable || gri_field_has_default(f))
        gri_place_report(p, "a case is neither optional nor has a default: the member that is the union may be");
}

/* What is on the way from something bare to what it may directly be. */
struct check_way {
    const struct check_way *before;
    const gr_model *model;
};

static bool is_on(const struct check_way *way, const gr_model *model)
{
    while (way && way->model != model)
        way = way->before;
    return way;
}

/* Whether a value may be the same again, with no list, map or object in between. */
static bool may_be_itself(const struct check_way *way)
{
    for (const gr_field *f = way->model->fields; f->name; f = gri_field_next(way->model, f)) {
        bool one =
            gri_field_type(f) == GR_TYPE_OBJECT && f->model && !(f->type & (GR_SEQUENCE | GR_MAPPING | GR_FIXED));
        const gr_model *inner = one ? f->model() : NULL;
        if (!inner || !gri_model_is_bare(inner))
            continue;
        const struct check_way next = {way, inner};
        if (is_on(way, inner) || may_be_itself(&next))
            return true;
    }
    return false;
}

static bool is_no_case(const gr_field *f)
{
    gr_type type = gri_field_type(f);
    return type == GR_TYPE_SET || type == GR_TYPE_TAG || type == GR_TYPE_ARM || type == GR_TYPE_ROOT ||
           (f->type & GR_OTHERS);
}

static void check_either(const struct gri_place *p)
{
    const gr_model *model = p->model;
    unsigned cases = 0, others = 0;
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        gr_type type = gri_field_type(at);
        cases += gri_field_on_wire(at) && type != GR_TYPE_ARM;
        others += is_no_case(at);
        if (gri_field_on_wire(at))
            check_case(&(struct gri_place){p->checker, model, gri_field_whole(model, at, &own), at});
    }
    if (others || !cases)
        gri_place_report(p, "is a union by its GR_EITHER: all other members are GR_CASE, and there is one");
}

static void check_root(const struct gri_place *p)
{
    unsigned members = 0, others = 0;
    for (const gr_field *at = p->model->fields; at->name; at = gri_field_next(p->model, at)) {
        gr_field own;
        members += gri_field_on_wire(at);
        others += is_no_case(at) && gri_field_type(at) != GR_TYPE_ROOT;
        if (gri_field_on_wire(at) && gri_field_has_default(gri_field_whole(p->model, at, &own)))
            gri_place_report(p, "% is all that is on the wire by GR_ROOT, so it cannot have a default", at->name);
    }
    if (others || members != 1)
        gri_place_report(p, "has a GR_ROOT: what is on the wire is its one member");
}

void gri_check_cases(const struct gri_place *p)
{
    bool either = gri_model_has(p->model, GR_TYPE_EITHER);
    check_numbers(p, either);
    check_sizes(p, either);
    check_arms(p);
    if (either)
        check_either(p);
    else if (gri_model_has(p->model, GR_TYPE_ROOT))
        check_root(p);
    if (gri_model_is_bare(p->model) && may_be_itself(&(struct check_way){NULL, p->model}))
        gri_place_report(p, "may be itself, without a list, a map or a struct in between");
}
