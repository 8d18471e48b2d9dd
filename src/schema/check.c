#include "schema/check.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "schema/constant.h"
#include "schema/number.h"
#include "schema/text.h"

struct place {
    struct gri_checker *checker;
    const gr_model *model;
    const gr_field *field;
};

void gri_checker_init(struct gri_checker *checker, gri_check_report *report, void *arg)
{
    *checker = (struct gri_checker){.report = report, .arg = arg};
    gri_buf_init(&checker->text, NULL);
}

void gri_checker_finish(struct gri_checker *checker)
{
    free(checker->seen);
    gri_buf_finish(&checker->text);
}

static void put_constant(struct gri_buf *buf, const gr_constant *c)
{
    if (c->kind == GR_CONSTANT_STRING)
        gri_text_quote(buf, c->s, strlen(c->s));
    else if (c->kind == GR_CONSTANT_UINT)
        gri_buf_put_u64(buf, c->u);
    else if (c->kind != GR_CONSTANT_DOUBLE)
        gri_buf_put_i64(buf, c->i);
    else if (!gri_double_write(buf, c->d))
        gri_buf_puts(buf, "a number that is not finite");
}

/* Each '@' in `text` is the next argument, a const gr_constant *; each '%' a const char *. */
static void report(const struct place *p, const char *text, ...)
{
    struct gri_buf *buf = &p->checker->text;
    va_list args;
    buf->len = 0;
    gri_buf_puts(buf, p->model->name ? p->model->name : "(a model without a name)");
    if (p->field) {
        gri_buf_putc(buf, '.');
        gri_buf_puts(buf, p->field->name);
    }
    gri_buf_puts(buf, ": ");
    va_start(args, text);
    for (; *text; text++) {
        if (*text == '@')
            put_constant(buf, va_arg(args, const gr_constant *));
        else if (*text == '%')
            gri_buf_puts(buf, va_arg(args, const char *));
        else
            gri_buf_putc(buf, *text);
    }
    va_end(args);
    gri_buf_putc(buf, '\0');
    p->checker->problems++;
    p->checker->failed = p->checker->failed || buf->failed;
    if (!buf->failed)
        p->checker->report(p->checker->arg, buf->data);
}

static bool is_number(const gr_constant *c)
{
    return c->kind == GR_CONSTANT_INT || c->kind == GR_CONSTANT_UINT ||
           (c->kind == GR_CONSTANT_DOUBLE && isfinite(c->d));
}

/* Whether a constant is of the kind that the type is: an integer is also a float. */
static bool fits_kind(const gr_constant *c, gr_type type)
{
    if (type == GR_TYPE_STRING)
        return c->kind == GR_CONSTANT_STRING && c->s;
    if (type == GR_TYPE_BOOL)
        return c->kind == GR_CONSTANT_BOOL || (c->kind == GR_CONSTANT_INT && (c->i == 0 || c->i == 1));
    if (gri_type_is_int(type))
        return is_number(c) && c->kind != GR_CONSTANT_DOUBLE;
    return gri_type_is_float(type) && is_number(c);
}

static bool in_type(const gr_constant *c, gr_type type)
{
    if (!gri_type_is_int(type))
        return true;
    gr_constant min = gri_type_min(type), max = gri_type_max(type);
    return gri_constant_compare(c, &min) >= 0 && gri_constant_compare(c, &max) <= 0;
}

struct bound {
    const char *name;
    const gr_constant *at;
};

static bool check_bound(const struct place *p, const struct bound *b)
{
    gr_type type = gri_field_type(p->field);
    if (b->at->kind == GR_CONSTANT_NONE)
        return true;
    if (!gri_type_is_int(type) && !gri_type_is_float(type))
        report(p, "% is a bound of numbers", b->name);
    else if (p->field->type & GR_SEQUENCE)
        report(p, "% is a bound of a number, not of a list", b->name);
    else if (!fits_kind(b->at, type))
        report(p, "% @ is of another kind than the member", b->name, b->at);
    else if (!in_type(b->at, type))
        report(p, "% @ is out of the member's range", b->name, b->at);
    else
        return true;
    return false;
}

/* Whether nothing can lie between the two; integers have none between n and n + 1. */
static void check_range(const struct place *p, const struct bound *low, const struct bound *high, bool open)
{
    if (low->at->kind == GR_CONSTANT_NONE || high->at->kind == GR_CONSTANT_NONE)
        return;
    int order = gri_constant_compare(low->at, high->at);
    if (order > 0)
        report(p, "% @ is above % @", low->name, low->at, high->name, high->at);
    else if (order == 0 && open)
        report(p, "no value lies between % @ and % @", low->name, low->at, high->name, high->at);
}

/* gt 3, lt 4 of an integer. */
static void check_gap(const struct place *p, const struct bound *gt, const struct bound *lt)
{
    if (!gri_type_is_int(gri_field_type(p->field)) || gt->at->kind == GR_CONSTANT_NONE ||
        lt->at->kind == GR_CONSTANT_NONE || gri_constant_compare(gt->at, lt->at) >= 0)
        return;
    uint64_t low = gt->at->kind == GR_CONSTANT_UINT ? gt->at->u : (uint64_t)gt->at->i;
    uint64_t high = lt->at->kind == GR_CONSTANT_UINT ? lt->at->u : (uint64_t)lt->at->i;
    if (high - low == 1)
        report(p, "no integer lies between gt @ and lt @", gt->at, lt->at);
}

static void check_default_bounds(const struct place *p, const struct bound *bounds)
{
    static const struct {
        int sign;
        bool equal;
    } outside[] = {{-1, false}, {-1, true}, {1, false}, {1, true}};
    const gr_constant *value = &p->field->default_value;
    for (int i = 0; i < 4; i++) {
        if (bounds[i].at->kind == GR_CONSTANT_NONE)
            continue;
        int order = gri_constant_compare(value, bounds[i].at);
        if (order * outside[i].sign > 0 || (order == 0 && outside[i].equal))
            report(p, "the default @ breaks % @", value, bounds[i].name, bounds[i].at);
    }
}

static void check_bounds(const struct place *p, bool default_fits)
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
    if (default_fits && is_number(&f->default_value))
        check_default_bounds(p, all);
}

static void check_lengths(const struct place *p)
{
    const gr_field *f = p->field;
    gr_constant min = gri_constant_uint(f->min_len), max = gri_constant_uint(f->max_len);
    if (!f->min_len && !f->max_len)
        return;
    if (gri_field_type(f) != GR_TYPE_STRING || (f->type & GR_SEQUENCE)) {
        report(p, "min_len and max_len are for strings");
        return;
    }
    if (f->max_len && f->min_len > f->max_len)
        report(p, "min_len @ is above max_len @", &min, &max);
    const gr_constant *value = &f->default_value;
    if (value->kind != GR_CONSTANT_STRING || !value->s || !gri_utf8_valid(value->s, strlen(value->s)))
        return;
    size_t chars = gri_utf8_chars(value->s, strlen(value->s));
    if (chars < f->min_len)
        report(p, "the default @ is shorter than min_len @", value, &min);
    if (f->max_len && chars > f->max_len)
        report(p, "the default @ is longer than max_len @", value, &max);
}

/* Whether there is a default that bounds can be held against. */
static bool check_default(const struct place *p)
{
    const gr_field *f = p->field;
    const gr_constant *value = &f->default_value;
    if (value->kind == GR_CONSTANT_NONE)
        return false;
    if (f->optional)
        report(p, "GR_OPTIONAL and GR_DEFAULT exclude each other");
    if ((f->type & GR_SEQUENCE) || gri_field_type(f) == GR_TYPE_OBJECT)
        report(p, "only a bool, a number or a string can have a default");
    else if (!fits_kind(value, gri_field_type(f)))
        report(p, "the default @ is of another kind than the member", value);
    else if (!in_type(value, gri_field_type(f)))
        report(p, "the default @ is out of the member's range", value);
    else if (value->kind == GR_CONSTANT_STRING && !gri_utf8_valid(value->s, strlen(value->s)))
        report(p, "the default is not UTF-8");
    else
        return true;
    return false;
}

static void check_type(const struct place *p)
{
    const gr_field *f = p->field;
    gr_type type = gri_field_type(f);
    unsigned flags = f->type & ~(unsigned)GR_TYPE_MASK;
    if (type < GR_TYPE_BOOL || type > GR_TYPE_OBJECT || (flags & ~(unsigned)(GR_POINTER | GR_SEQUENCE)) ||
        flags == (GR_POINTER | GR_SEQUENCE) || (type == GR_TYPE_STRING && flags == GR_POINTER))
        report(p, "its type is none");
    if ((type == GR_TYPE_OBJECT) != (f->model != NULL))
        report(p, f->model ? "has a model, but is no object" : "is an object without a model");
    if (f->optional && !flags && type != GR_TYPE_STRING)
        report(p, "is optional, so it has to be a pointer: NULL is how C says absent");
}

static void check_source(const struct place *p, bool input)
{
    const gr_field *f = p->field;
    if (!input && f->source != GR_IN_JSON)
        report(p, "a model's members come from JSON: GR_FIELD, not GR_PATH or GR_QUERY");
    if (input && f->source == GR_IN_JSON)
        report(p, "an input's members say where they come from: GR_PATH or GR_QUERY");
    if (input && (gri_field_type(f) == GR_TYPE_OBJECT || (f->type & GR_SEQUENCE)))
        report(p, "a path or query parameter is a single value");
    if (f->source == GR_IN_PATH && (f->optional || f->default_value.kind != GR_CONSTANT_NONE))
        report(p, "a path parameter is always there: it is neither optional nor has a default");
}

static void check_name(const struct place *p)
{
    const char *name = gri_field_wire_name(p->field);
    if (!gri_utf8_valid(name, strlen(name)))
        report(p, "its name is not UTF-8");
    for (const gr_field *f = p->model->fields; f != p->field; f = gri_field_next(p->model, f))
        if (f->source == p->field->source && strcmp(gri_field_wire_name(f), name) == 0) {
            report(p, "the name \"%\" is taken by %", name, f->name);
            return;
        }
}

static void check_field(const struct place *p, bool input)
{
    check_type(p);
    check_source(p, input);
    check_name(p);
    check_lengths(p);
    check_bounds(p, check_default(p));
}

/* Puts a model on the list, which is also the queue of those to be looked at. */
static void enqueue(struct gri_checker *c, const gr_model *model)
{
    for (size_t i = 0; i < c->n_seen; i++)
        if (c->seen[i] == model)
            return;
    if (c->n_seen == c->cap_seen) {
        size_t cap = c->cap_seen ? c->cap_seen * 2 : 16;
        const gr_model **seen = realloc(c->seen, gri_size_mul(cap, sizeof *seen));
        c->failed = c->failed || !seen;
        if (!seen)
            return;
        c->seen = seen;
        c->cap_seen = cap;
    }
    c->seen[c->n_seen++] = model;
}

static bool is_readable(struct gri_checker *c, const gr_model *model)
{
    struct place p = {c, model, NULL};
    if (model->size < sizeof(gr_model) || model->field_size < sizeof(gr_field) || !model->name || !model->fields)
        report(&p, "size, field_size, name or fields is not set");
    else if (!model->fields->name)
        report(&p, "has no members");
    else
        return true;
    return false;
}

static void check_table(struct gri_checker *c, const gr_model *model, bool input)
{
    if (!is_readable(c, model))
        return;
    for (const gr_field *f = model->fields; f->name; f = gri_field_next(model, f)) {
        check_field(&(struct place){c, model, f}, input);
        if (f->model && !input)
            enqueue(c, f->model());
    }
}

int gri_check_model(struct gri_checker *checker, const gr_model *model, bool input)
{
    size_t at = checker->n_seen;
    enqueue(checker, model);
    for (; at < checker->n_seen; at++)
        check_table(checker, checker->seen[at], input);
    return checker->failed ? GR_ENOMEM : checker->problems ? GR_EINVAL : 0;
}
