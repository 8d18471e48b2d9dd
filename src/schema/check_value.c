#include "schema/check_place.h"
#include "schema/constant.h"
#include "schema/decimal.h"
#include "schema/json.h"
#include "schema/kind.h"
#include "schema/plan.h"
#include "schema/text.h"

/* Whether a member of the type may have one of the options, GRI_HAS_... */
static bool may_have(const struct gri_place *p, unsigned option)
{
    const struct gri_kind *kind = gri_type_kind(gri_field_type(p->field));
    return kind && (kind->options & option);
}

static bool in_type(const gr_constant *c, gr_type type)
{
    if (!gri_type_is_int(type))
        return true;
    gr_constant min = gri_type_min(type), max = gri_type_max(type);
    return gri_constant_compare(c, &min) >= 0 && gri_constant_compare(c, &max) <= 0;
}

/* As their member's kind compares them. */
static int compare_bounds(const struct gri_place *p, const gr_constant *a, const gr_constant *b)
{
    return gri_type_kind(gri_field_type(p->field))->compare_constants(a, b);
}

struct bound {
    const char *name;
    const gr_constant *at;
};

static bool check_bound(const struct gri_place *p, const struct bound *b)
{
    gr_type type = gri_field_type(p->field);
    if (b->at->kind == GR_CONSTANT_NONE)
        return true;
    if (!may_have(p, GRI_HAS_BOUNDS))
        gri_place_report(p, "% is a bound of numbers", b->name);
    else if (!gri_type_kind(type)->takes(b->at))
        gri_place_report(p, "% @ is of another kind than the member", b->name, b->at);
    else if (!in_type(b->at, type))
        gri_place_report(p, "% @ is out of the member's range", b->name, b->at);
    else
        return true;
    return false;
}

/* Whether nothing can lie between the two; integers have none between n and n + 1. */
static void check_range(const struct gri_place *p, const struct bound *low, const struct bound *high, bool open)
{
    if (low->at->kind == GR_CONSTANT_NONE || high->at->kind == GR_CONSTANT_NONE)
        return;
    int order = compare_bounds(p, low->at, high->at);
    if (order > 0)
        gri_place_report(p, "% @ is above % @", low->name, low->at, high->name, high->at);
    else if (order == 0 && open)
        gri_place_report(p, "no value lies between % @ and % @", low->name, low->at, high->name, high->at);
}

/* gt 3, lt 4 of an integer. */
static void check_gap(const struct gri_place *p, const struct bound *gt, const struct bound *lt)
{
    if (!gri_type_is_int(gri_field_type(p->field)) || gt->at->kind == GR_CONSTANT_NONE ||
        lt->at->kind == GR_CONSTANT_NONE || gri_constant_compare(gt->at, lt->at) >= 0)
        return;
    uint64_t low = gt->at->kind == GR_CONSTANT_UINT ? gt->at->u : (uint64_t)gt->at->i;
    uint64_t high = lt->at->kind == GR_CONSTANT_UINT ? lt->at->u : (uint64_t)lt->at->i;
    if (high - low == 1)
        gri_place_report(p, "no integer lies between gt @ and lt @", gt->at, lt->at);
}

static void check_default_bounds(const struct gri_place *p, const struct bound *bounds)
{
    static const struct {
        int sign;
        bool equal;
    } outside[] = {{-1, false}, {-1, true}, {1, false}, {1, true}};
    const gr_constant *value = &p->field->default_value;
    for (int i = 0; i < 4; i++) {
        if (bounds[i].at->kind == GR_CONSTANT_NONE)
            continue;
        int order = compare_bounds(p, value, bounds[i].at);
        if (order * outside[i].sign > 0 || (order == 0 && outside[i].equal))
            gri_place_report(p, "the default @ breaks % @", value, bounds[i].name, bounds[i].at);
    }
}

static void check_bounds(const struct gri_place *p, bool default_fits)
{
    const gr_field *f = p->field;
    const struct bound all[] = {{"ge", &f->ge}, {"gt", &f->gt}, {"le", &f->le}, {"lt", &f->lt}};
    bool right = true;
    for (int i = 0; i < 4; i++)
        right = check_bound(p, &all[i]) && right;
    if (!right)
        return;
    for (int low = 0; low < 2; low++)
        for (int high = 2; high < 4; high++)
            check_range(p, &all[low], &all[high], low == 1 || high == 3);
    check_gap(p, &all[1], &all[3]);
    if (default_fits)
        check_default_bounds(p, all);
}

static void check_lengths(const struct gri_place *p)
{
    const gr_field *f = p->field;
    gr_constant min = gri_constant_uint(f->min_len), max = gri_constant_uint(f->max_len);
    if (!f->min_len && !f->max_len)
        return;
    if (!may_have(p, GRI_HAS_LENGTH)) {
        gri_place_report(p, "min_len and max_len are for strings");
        return;
    }
    if (f->max_len && f->min_len > f->max_len)
        gri_place_report(p, "min_len @ is above max_len @", &min, &max);
    const gr_constant *value = &f->default_value;
    if (value->kind != GR_CONSTANT_STRING || !value->s || !gri_utf8_valid(value->s, strlen(value->s)))
        return;
    size_t chars = gri_utf8_chars(value->s, strlen(value->s));
    if (chars < f->min_len)
        gri_place_report(p, "the default @ is shorter than min_len @", value, &min);
    if (f->max_len && chars > f->max_len)
        gri_place_report(p, "the default @ is longer than max_len @", value, &max);
}

static bool has_value(const gr_enum *values, int64_t value)
{
    for (size_t i = 0; i < values->n_values; i++)
        if (values->values[i].value == value)
            return true;
    return false;
}

/* Of texts and enums, what a default has to be beyond its kind. */
static void check_default_choice(const struct gri_place *p)
{
    const gr_field *f = p->field;
    const gr_constant *value = &f->default_value;
    if (gri_field_type(f) == GR_TYPE_ENUM &&
        !has_value(f->values, value->kind == GR_CONSTANT_UINT ? (int64_t)value->u : value->i))
        gri_place_report(p, "the default @ is none of the enum's values", value);
    if (gri_field_type(f) == GR_TYPE_CHARS && strlen(value->s) >= gri_value_size(f))
        gri_place_report(p, "the default @ does not fit into its char array", value);
    bool listed = !f->literal[0];
    for (size_t i = 0; value->s && i < sizeof f->literal / sizeof *f->literal && f->literal[i]; i++)
        listed = listed || strcmp(f->literal[i], value->s) == 0;
    if (!listed)
        gri_place_report(p, "the default @ is none of the literals", value);
}

static void check_digits(const struct gri_place *p)
{
    const gr_field *f = p->field;
    gr_constant places = gri_constant_int(f->decimal_places), digits = gri_constant_uint(f->max_digits);
    if ((f->max_digits || f->decimal_places) && !may_have(p, GRI_HAS_DIGITS))
        gri_place_report(p, "max_digits and decimal_places are for gr_decimal");
    else if (f->decimal_places < GR_NO_PLACES)
        gri_place_report(p, "decimal_places @ is below 0", &places);
    else if (f->max_digits && f->decimal_places > 0 && (size_t)f->decimal_places > f->max_digits)
        gri_place_report(p, "decimal_places @ is above max_digits @", &places, &digits);
    if (f->allow_inf_nan && !may_have(p, GRI_HAS_INF_NAN))
        gri_place_report(p, "allow_inf_nan is for float, double and gr_decimal");
}

static void check_multiple(const struct gri_place *p)
{
    static const gr_constant zero = {.kind = GR_CONSTANT_INT};
    struct bound b = {"multiple_of", &p->field->multiple_of};
    struct gri_decimal step;
    if (b.at->kind == GR_CONSTANT_NONE || !check_bound(p, &b))
        return;
    if (compare_bounds(p, b.at, &zero) <= 0)
        gri_place_report(p, "multiple_of @ is not above 0", b.at);
    else if (may_have(p, GRI_HAS_DIGITS) && gri_decimal_constant(b.at, &step) && !gri_decimal_is_step(&step))
        gri_place_report(p, "multiple_of @ has more than 18 digits", b.at);
}

static void value_check_pattern(const struct gri_place *p)
{
    char why[128];
    size_t where;
    const gr_field *f = p->field;
    if (!f->pattern)
        return;
    if (!may_have(p, GRI_HAS_PATTERN)) {
        gri_place_report(p, "a pattern is for strings");
        return;
    }
    struct gri_regex *regex = gri_regex_create(f->pattern, why, sizeof why, &where);
    gr_constant at = gri_constant_uint(where);
    if (!regex && !*why)
        p->checker->failed = true;
    else if (!regex)
        gri_place_report(p, "the pattern \"%\" is wrong at @: %", f->pattern, &at, why);
    gri_regex_destroy(regex);
}

static void check_text_options(const struct gri_place *p)
{
    const gr_field *f = p->field;
    bool bytes = gri_field_type(f) == GR_TYPE_BYTES;
    if (f->literal[0] && !may_have(p, GRI_HAS_PATTERN))
        gri_place_report(p, "a literal is for strings");
    for (size_t i = 0; i < sizeof f->literal / sizeof *f->literal && f->literal[i]; i++)
        if (!gri_utf8_valid(f->literal[i], strlen(f->literal[i])))
            gri_place_report(p, "a literal is not UTF-8");
    if (f->format > GR_FORMAT_BASE64)
        gri_place_report(p, "its format is none");
    else if (f->format == GR_FORMAT_BASE64 ? !bytes : f->format && gri_field_type(f) != GR_TYPE_STRING)
        gri_place_report(p, "its format is for %", f->format == GR_FORMAT_BASE64 ? "gr_bytes" : "const char *");
}

static void check_items(const struct gri_place *p)
{
    const gr_field *f = p->field;
    gr_constant min = gri_constant_uint(f->min_items), max = gri_constant_uint(f->max_items);
    bool list = f->type & (GR_SEQUENCE | GR_MAPPING);
    if ((f->min_items || f->max_items) && !list)
        gri_place_report(p, "min_items and max_items are for lists and maps");
    if (f->max_items && f->min_items > f->max_items)
        gri_place_report(p, "min_items @ is above max_items @", &min, &max);
    bool scalars = (f->type & GR_SEQUENCE) && gri_field_type(f) != GR_TYPE_OBJECT && gri_field_type(f) != GR_TYPE_JSON;
    if (f->unique && !scalars)
        gri_place_report(p, "unique is for lists of scalars");
    if (f->dedupe && !scalars)
        gri_place_report(p, "dedupe is for lists of scalars");
    if (f->unique && f->dedupe)
        gri_place_report(p, "unique, which refuses what is equal, and dedupe, which drops it, exclude each other");
}

static void check_examples(const struct gri_place *p)
{
    struct gri_json_error error;
    const char *examples = p->field->examples;
    if (!examples)
        return;
    if (gri_json_scan(examples, strlen(examples), NULL, &error))
        gri_place_report(p, "its examples are no JSON: %", error.text);
    else if (examples[strspn(examples, " \t\n\r")] != '[')
        gri_place_report(p, "its examples are no JSON array");
}

/* Whether there is a default that bounds can be held against. */
static bool check_default(const struct gri_place *p)
{
    const gr_field *f = p->field;
    const gr_constant *value = &f->default_value;
    const struct gri_kind *kind = gri_type_kind(gri_field_type(f));
    if (value->kind == GR_CONSTANT_NONE)
        return false;
    if (f->optional)
        gri_place_report(p, "GR_OPTIONAL and GR_DEFAULT exclude each other");
    if ((f->type & (GR_SEQUENCE | GR_MAPPING | GR_FIXED)) || !kind || !kind->takes)
        gri_place_report(p, "only a bool, a number, an enum or a string can have a default");
    else if (!kind->takes(value))
        gri_place_report(p, "the default @ is of another kind than the member", value);
    else if (!in_type(value, gri_field_type(f)))
        gri_place_report(p, "the default @ is out of the member's range", value);
    else if (value->kind == GR_CONSTANT_STRING && !gri_utf8_valid(value->s, strlen(value->s)))
        gri_place_report(p, "the default is not UTF-8");
    else {
        check_default_choice(p);
        return true;
    }
    return false;
}

void gri_check_value(const struct gri_place *p)
{
    check_lengths(p);
    check_bounds(p, check_default(p));
    check_multiple(p);
    check_digits(p);
    value_check_pattern(p);
    check_text_options(p);
    check_items(p);
    check_examples(p);
}
