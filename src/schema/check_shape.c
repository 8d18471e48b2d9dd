#include "schema/check_place.h"
#include "schema/plan.h"

static const unsigned shapes = GR_POINTER | GR_SEQUENCE | GR_MAPPING | GR_FIXED;

static bool is_one_flag(unsigned flags)
{
    return (flags & (flags - 1)) == 0;
}

static bool is_integer_size(size_t size)
{
    return size == 1 || size == 2 || size == 4 || size == 8;
}

static bool is_known(const gr_field *f)
{
    gr_type type = gri_field_type(f);
    unsigned flags = f->type & shapes;
    unsigned rest = f->type & ~(unsigned)GR_TYPE_MASK & ~shapes & ~(unsigned)GR_OTHERS;
    bool text = type == GR_TYPE_STRING || type == GR_TYPE_CHARS || type == GR_TYPE_JSON;
    if (type < GR_TYPE_BOOL || type > GR_TYPE_SCOPES || !is_one_flag(flags))
        return false;
    if (type == GR_TYPE_NEED)
        return !rest && !(flags & ~(unsigned)GR_POINTER);
    if (rest && type != GR_TYPE_CHARS)
        return false;
    if ((f->type & GR_OTHERS) && flags != GR_MAPPING && (flags || type != GR_TYPE_JSON))
        return false;
    return !(text && flags == GR_POINTER) && !(type == GR_TYPE_CHARS && flags) && !(gri_type_is_entry(type) && flags);
}

static bool is_sized(const gr_field *f)
{
    gr_type type = gri_field_type(f);
    if (type == GR_TYPE_CHARS)
        return gri_value_size(f) > 0;
    bool number = type == GR_TYPE_ENUM || type == GR_TYPE_TAG || type == GR_TYPE_EITHER;
    return !number || is_integer_size(f->size);
}

static bool has_its_model(const gr_field *f)
{
    bool object = gri_field_type(f) == GR_TYPE_OBJECT || gri_field_type(f) == GR_TYPE_ARM;
    return object == (f->model != NULL);
}

static bool has_its_values(const gr_field *f)
{
    if (gri_field_type(f) != GR_TYPE_ENUM)
        return !f->values;
    return f->values && f->values->size >= sizeof(gr_enum) && f->values->values && f->values->n_values;
}

/* A kind of value that has a text which tells it, and that can be told apart from another one. */
static bool is_key_type(unsigned type)
{
    return !type || (type <= GR_TYPE_DOUBLE && type >= GR_TYPE_BOOL) ||
           (type >= GR_TYPE_DATE && type <= GR_TYPE_UUID) || type == GR_TYPE_DECIMAL;
}

static bool has_its_entries(const gr_field *f)
{
    size_t key = f->key_type ? gri_type_size((gr_type)f->key_type) : sizeof(char *);
    size_t size = gri_field_type(f) == GR_TYPE_OBJECT && f->model ? f->model()->struct_size : gri_value_size(f);
    return !(f->type & GR_MAPPING) ||
           (is_key_type(f->key_type) && f->value_offset >= key && f->stride >= f->value_offset + size);
}

/* NULL is how C says absent. */
static bool can_be_absent(const gr_field *f)
{
    gr_type type = gri_field_type(f);
    return (f->type & (GR_POINTER | GR_SEQUENCE | GR_MAPPING)) ||
           (!(f->type & GR_FIXED) && (type == GR_TYPE_STRING || type == GR_TYPE_JSON));
}

bool gri_check_shape(const struct gri_place *p)
{
    const gr_field *f = p->field;
    size_t before = p->checker->problems;
    if (!is_known(f))
        gri_place_report(p, "its type is none");
    else if (!has_its_model(f))
        gri_place_report(p, f->model ? "has a model, but is no object" : "is an object without a model");
    else if (!has_its_values(f))
        gri_place_report(p, gri_field_type(f) == GR_TYPE_ENUM ? "is an enum without values"
                                                              : "has values, but is no enum");
    else if (!is_sized(f) || !has_its_entries(f))
        gri_place_report(p, "its size is not set, or none that it can have");
    else if ((f->type & GR_FIXED) && !f->count)
        gri_place_report(p, "is an array without a count");
    else if ((gri_field_type(f) == GR_TYPE_NEED) != (f->dependency != NULL))
        gri_place_report(p, f->dependency ? "names a dependency, but is no GR_NEEDS"
                                          : "needs a dependency, but names none");
    if ((f->with || f->scopes || f->uncached) && gri_field_type(f) != GR_TYPE_NEED)
        gri_place_report(p, ".with, .scopes and .uncached are options of GR_NEEDS");
    if (gri_type_is_fed(gri_field_type(f)) && (f->optional || f->nullable || f->validate || gri_field_has_default(f)))
        gri_place_report(p, "is not of the request: it is always there, and has no default and no .validate");
    if (f->key_type && !(f->type & GR_MAPPING))
        gri_place_report(p, "has a key_type, but is no map");
    if (f->optional && !can_be_absent(f))
        gri_place_report(p, "is optional, so it has to be a pointer: NULL is how C says absent");
    if (f->nullable && !can_be_absent(f))
        gri_place_report(p, "is nullable, so it has to be a pointer: NULL is how C says null");
    return p->checker->problems == before;
}

/* --- sources --- */

/* A union of scalars is one text, too. */
static bool is_of_scalars(const gr_field *f)
{
    return gri_field_type(f) == GR_TYPE_OBJECT && gri_model_is_scalar(f->model());
}

static bool is_single(const gr_field *f)
{
    gr_type type = gri_field_type(f);
    bool scalar = (type != GR_TYPE_OBJECT && !gri_type_is_entry(type)) || is_of_scalars(f);
    return scalar && !(f->type & (GR_SEQUENCE | GR_MAPPING | GR_FIXED));
}

static bool is_scalar_list(const gr_field *f)
{
    return (f->type & GR_SEQUENCE) && (gri_field_type(f) != GR_TYPE_OBJECT || is_of_scalars(f));
}

static bool is_struct_by_value(const gr_field *f)
{
    return gri_field_type(f) == GR_TYPE_OBJECT && !(f->type & shapes) && !gri_model_is_bare(f->model());
}

/* A struct that comes whole from a query has members that can: scalars and lists of them. A tuple has values. */
static bool is_flat(const gr_model *model)
{
    bool tuple = gri_model_is_tuple(model);
    for (const gr_field *f = model->fields; f && f->name; f = gri_field_next(model, f))
        if ((f->type & GR_OTHERS) || (gri_field_on_wire(f) && !is_single(f) && (tuple || !is_scalar_list(f))))
            return false;
    return true;
}

/* What has each style: the places, of which GR_IN_JSON is a model that may be read from any of them. */
static const struct {
    const char *text;
    unsigned places;
    bool of_struct;
} styles[] = {
    [GR_STYLE_FORM] = {"GR_STYLE_FORM is of a list from a query or cookies",
                       1u << GR_IN_JSON | 1u << GR_IN_QUERY | 1u << GR_IN_COOKIE, false},
    [GR_STYLE_SPACE_DELIMITED] = {"GR_STYLE_SPACE_DELIMITED is of a list from a query",
                                  1u << GR_IN_JSON | 1u << GR_IN_QUERY, false},
    [GR_STYLE_PIPE_DELIMITED] = {"GR_STYLE_PIPE_DELIMITED is of a list from a query",
                                 1u << GR_IN_JSON | 1u << GR_IN_QUERY, false},
    [GR_STYLE_SIMPLE] = {"GR_STYLE_SIMPLE is of a list from the path or header fields",
                         1u << GR_IN_JSON | 1u << GR_IN_PATH | 1u << GR_IN_HEADER, false},
    [GR_STYLE_DEEP_OBJECT] = {"GR_STYLE_DEEP_OBJECT is of a struct by value from a query", 1u << GR_IN_QUERY, true},
};

static bool has_style(const gr_field *f, gr_source source)
{
    bool fits = styles[f->style].of_struct ? is_struct_by_value(f) : is_scalar_list(f);
    return !f->style || (fits && styles[f->style].places >> source & 1);
}

static void check_style(const struct gri_place *p, gr_source source)
{
    const gr_field *f = p->field;
    if ((unsigned)f->style > GR_STYLE_DEEP_OBJECT)
        gri_place_report(p, "its style is none");
    else if (!has_style(f, source))
        gri_place_report(p, styles[f->style].text);
    else if (source == GR_IN_PATH && is_scalar_list(f) && !f->style)
        gri_place_report(p, "a list in the path is one text: .style = GR_STYLE_SIMPLE");
}

/* Lists in a struct that comes from one place stand there as others do, but for the object of a deepObject. */
static void check_styles_within(const struct gri_place *p)
{
    const gr_model *model = p->field->model();
    bool deep = p->field->style == GR_STYLE_DEEP_OBJECT;
    for (const gr_field *at = model->fields; at && at->name; at = gri_field_next(model, at)) {
        gr_field own;
        const gr_field *f = gri_field_whole(model, at, &own);
        if ((unsigned)f->style <= GR_STYLE_DEEP_OBJECT && f->style && (deep || !has_style(f, p->field->source)))
            gri_place_report(p, "its member %: %", f->name,
                             deep ? "a list in a GR_STYLE_DEEP_OBJECT has no style" : styles[f->style].text);
    }
}

static void check_parameter(const struct gri_place *p)
{
    const gr_field *f = p->field;
    bool model = is_struct_by_value(f);
    if (f->source == GR_IN_PATH) {
        if (!is_single(f) && !is_scalar_list(f))
            gri_place_report(p, "a path parameter is a single value, or a list of them");
        if (f->optional || gri_field_has_default(f))
            gri_place_report(p, "a path parameter is always there: it is neither optional nor has a default");
    } else if (!model && !is_single(f) && !is_scalar_list(f)) {
        gri_place_report(p, "a parameter is a single value, a list of them, or a struct by value");
    } else if (model && !is_flat(f->model())) {
        gri_place_report(p, "a struct of parameters has single values and lists of them only");
    } else if (model && gri_model_is_tuple(f->model())) {
        if (f->style)
            gri_place_report(p, "a tuple's positions come one by one: it has no style");
    } else if (model) {
        check_styles_within(p);
    }
}

void gri_check_source(const struct gri_place *p, bool input)
{
    const gr_field *f = p->field;
    bool parameter = f->source != GR_IN_JSON && f->source != GR_IN_BODY;
    if (!input && gri_type_is_fed(gri_field_type(f)))
        gri_place_report(p, "a model has no dependencies: an input has");
    if (input && (f->type & GR_OTHERS))
        gri_place_report(p, "an input has no rest: a model that it takes may have one");
    if ((unsigned)f->source > GR_IN_FORM)
        gri_place_report(p, "its source is none");
    else if (!input && f->source != GR_IN_JSON)
        gri_place_report(p, "a model's members come from JSON: GR_FIELD, not GR_PATH or GR_QUERY");
    else if (parameter && gri_field_on_wire(f))
        check_parameter(p);
    else if (input && gri_field_type(f) == GR_TYPE_ARM)
        gri_place_report(p, "an input has no arms: put the union into a model of its own");
    else if (input && (gri_field_type(f) == GR_TYPE_EITHER || gri_field_type(f) == GR_TYPE_ROOT))
        gri_place_report(p, "an input has no cases and no root: put them into a model of its own");
    if ((unsigned)f->source <= GR_IN_FORM)
        check_style(p, input && f->source == GR_IN_JSON ? GR_IN_BODY : f->source);
}

/* --- entries beside each other --- */

static unsigned count(const gr_model *model, gr_type type)
{
    unsigned n = 0;
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        n += type ? gri_field_type(f) == type : gri_field_on_wire(f);
    return n;
}

static bool has_source(const gr_model *model, gr_source source)
{
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f))
        if (gri_field_on_wire(f) && f->source == source)
            return true;
    return false;
}

void gri_check_entries(const struct gri_place *p)
{
    const gr_model *model = p->model;
    unsigned members = count(model, 0), arms = count(model, GR_TYPE_ARM);
    if (members > GRI_MAX_MEMBERS)
        gri_place_report(p, "has more than 256 members");
    if (count(model, GR_TYPE_SELF) > 1 || count(model, GR_TYPE_SET) > 1 || count(model, GR_TYPE_TAG) > 1)
        gri_place_report(p, "has two GR_SELF, GR_SET or GR_TAG");
    if (count(model, GR_TYPE_SET) && members > 64)
        gri_place_report(p, "has a gr_set, which tells at most 64 members");
    if (count(model, GR_TYPE_TAG) && (!arms || arms != members))
        gri_place_report(p, "is a union by its GR_TAG: all other members are GR_ARM, and there is one");
    if (arms && !count(model, GR_TYPE_TAG))
        gri_place_report(p, "has arms, but no GR_TAG that says which is there");
    gri_check_cases(p);
    if (has_source(model, GR_IN_FORM) && (has_source(model, GR_IN_JSON) || has_source(model, GR_IN_BODY)))
        gri_place_report(p, "takes a form and a JSON body: a request has one");
}
