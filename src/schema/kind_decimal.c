#include "schema/bounds.h"
#include "schema/constant.h"
#include "schema/decimal.h"
#include "schema/kind.h"
#include "schema/number.h"
#include "schema/openapi_value.h"

/* --- what is declared of it --- */

static size_t most_places(const gr_field *f)
{
    return f->decimal_places == GR_NO_PLACES ? 0 : f->decimal_places ? (size_t)f->decimal_places : SIZE_MAX;
}

/* What is broken, and by which limit. A number counts as it was written, or without zeros at its end, as it fits. */
static bool breaks_digits(const gr_field *f, const struct gri_decimal *d, struct gri_error *why)
{
    struct gri_decimal_digits is = gri_decimal_digits(d, false), bare = gri_decimal_digits(d, true);
    size_t all = f->max_digits ? f->max_digits : SIZE_MAX, places = most_places(f);
    size_t whole = all != SIZE_MAX && places != SIZE_MAX ? (all > places ? all - places : 0) : SIZE_MAX;
    if (is.all > all && bare.all > all)
        *why = (struct gri_error){.kind = GRI_DECIMAL_MAX_DIGITS, .limit = gri_constant_uint(all)};
    else if (is.behind > places && bare.behind > places)
        *why = (struct gri_error){.kind = GRI_DECIMAL_MAX_PLACES, .limit = gri_constant_uint(places)};
    else if (is.all - is.behind > whole && bare.all - bare.behind > whole)
        *why = (struct gri_error){.kind = GRI_DECIMAL_WHOLE_DIGITS, .limit = gri_constant_uint(whole)};
    else
        return false;
    return true;
}

/* Whether d lies on the wrong side of a bound; NaN does so of each. */
static bool is_beyond(const gr_constant *c, const struct gri_decimal *d, int side, bool equal)
{
    struct gri_decimal bound;
    if (!c->kind || !gri_decimal_constant(c, &bound))
        return false;
    int order = gri_decimal_compare(d, &bound);
    return d->is == GRI_NAN || order * side > 0 || (equal && order == 0);
}

static bool is_off_step(const gr_constant *c, const struct gri_decimal *d)
{
    struct gri_decimal step;
    return c->kind && gri_decimal_constant(c, &step) && !gri_decimal_is_multiple(d, &step);
}

static const gr_constant *broken_decimal_bound(const gr_field *f, const struct gri_decimal *d,
                                               enum gri_error_kind *kind)
{
    if (is_off_step(&f->multiple_of, d))
        return *kind = GRI_MULTIPLE_OF, &f->multiple_of;
    if (is_beyond(&f->le, d, 1, false))
        return *kind = GRI_LESS_THAN_EQUAL, &f->le;
    if (is_beyond(&f->lt, d, 1, true))
        return *kind = GRI_LESS_THAN, &f->lt;
    if (is_beyond(&f->ge, d, -1, false))
        return *kind = GRI_GREATER_THAN_EQUAL, &f->ge;
    if (is_beyond(&f->gt, d, -1, true))
        return *kind = GRI_GREATER_THAN, &f->gt;
    return NULL;
}

/* 0, or 1 and *why. */
static int check_decimal_value(const struct gri_member *m, const struct gri_decimal *d, struct gri_error *why)
{
    const gr_field *f = m->field;
    if (!m->checked)
        return 0;
    if (d->is == GRI_FINITE && (f->max_digits || f->decimal_places) && breaks_digits(f, d, why))
        return 1;
    const gr_constant *bound = broken_decimal_bound(f, d, &why->kind);
    if (bound)
        why->limit = *bound;
    return bound != NULL;
}

/* --- reading --- */

static int refuse_flaw(const struct gri_reading *r, enum gri_decimal_flaw flaw)
{
    if (flaw == GRI_DECIMAL_NO_NUMBER)
        return gri_refuse(r, GRI_DECIMAL_PARSING);
    bool large = flaw == GRI_DECIMAL_TOO_LARGE;
    return gri_refuse_by(r, large ? GRI_DECIMAL_MAX_DIGITS : GRI_DECIMAL_MAX_PLACES,
                         gri_constant_uint(large ? GR_DECIMAL_DIGITS : GR_DECIMAL_EXPONENT));
}

/* A number is what its text says, and has been no float in between. */
static int read_decimal_value(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    struct gri_decimal d;
    if (v->kind != GRI_JSON_STRING && v->kind != GRI_JSON_NUMBER)
        return gri_refuse_type(r);
    enum gri_decimal_flaw flaw = gri_decimal_read(v->at, v->len, &d);
    if (flaw)
        return refuse_flaw(r, flaw);
    if (d.is != GRI_FINITE && !r->field->allow_inf_nan)
        return gri_refuse(r, GRI_FINITE_NUMBER);
    *r->why = (struct gri_error){.kind = GRI_DECIMAL_PARSING};
    if (check_decimal_value(r->m, &d, r->why))
        return 1;
    gri_decimal_store(&d, r->to);
    return 0;
}

/* --- writing --- */

static const char *write_decimal(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    struct gri_decimal d;
    gr_decimal made;
    memcpy(&made, at, sizeof made);
    if (!gri_decimal_load(&made, &d))
        return "no decimal number";
    if (d.is != GRI_FINITE && !m->field->allow_inf_nan)
        return "NaN or infinity";
    gri_decimal_store(&d, &made);
    gri_buf_putc(buf, '"');
    gri_buf_puts(buf, made.text);
    gri_buf_putc(buf, '"');
    return NULL;
}

static int check_decimal(const struct gri_member *m, const void *at, struct gri_steps *steps, enum gri_error_kind *kind)
{
    struct gri_decimal d;
    struct gri_error why = {.kind = GRI_DECIMAL_PARSING};
    gr_decimal made;
    (void)steps;
    memcpy(&made, at, sizeof made);
    int rc = gri_decimal_load(&made, &d) ? check_decimal_value(m, &d, &why) : 1;
    *kind = why.kind;
    return rc;
}

/* --- documentation --- */

/* Texts of numbers that keep to their digits, as pydantic describes them. */
static const char *decimal_pattern(struct gri_doc *doc, const gr_field *f)
{
    static const char start[] = "^(?!^[-+.]*$)[+-]?0*";
    size_t all = f->max_digits, places = most_places(f), whole = all > places ? all - places : 0;
    if (!all && places == SIZE_MAX)
        return gri_doc_printf(doc, "%s\\d*\\.?\\d*$", start);
    if (!all)
        return gri_doc_printf(doc, "%s\\d*\\.?\\d{0,%zu}0*$", start, places);
    if (places == SIZE_MAX)
        return gri_doc_printf(doc, "%s(?:\\d{0,%zu}|(?=[\\d.]{1,%zu}0*$)\\d*\\.\\d*0*$)", start, all, all + 1);
    return gri_doc_printf(doc, "%s(?:\\d{0,%zu}|(?=[\\d.]{1,%zu}0*$)\\d{0,%zu}\\.\\d{0,%zu}0*$)", start, whole, all + 1,
                          whole, places);
}

/* JSON Schema's bounds are numbers, and so no more exact than those. */
static gr_constant as_number(const gr_constant *c)
{
    double value = 0;
    if (c->kind == GR_CONSTANT_NONE)
        return *c;
    if (c->kind == GR_CONSTANT_STRING)
        gri_double_read(c->s, strlen(c->s), &value);
    return gri_constant_double(c->kind == GR_CONSTANT_STRING ? value : gri_constant_as_double(c));
}

static json_t *decimal_as_number(struct gri_doc *doc, const gr_field *f)
{
    gr_field bounds = *f;
    json_t *schema = gri_doc_typed(doc, "number");
    bounds.ge = as_number(&f->ge);
    bounds.gt = as_number(&f->gt);
    bounds.le = as_number(&f->le);
    bounds.lt = as_number(&f->lt);
    bounds.multiple_of = as_number(&f->multiple_of);
    gri_bounds_document(doc, schema, &bounds, NULL, NULL);
    return schema;
}

static json_t *document_decimal(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    json_t *text = gri_doc_typed(doc, "string");
    gri_doc_set_text(doc, text, "pattern", decimal_pattern(doc, f));
    if (view & GRI_VIEW_OUTPUT)
        return text;
    json_t *schema = gri_doc_object(doc), *any = gri_doc_array(doc);
    gri_doc_add(doc, any, decimal_as_number(doc, f));
    gri_doc_add(doc, any, text);
    gri_doc_set(doc, schema, "anyOf", any);
    return schema;
}

/* --- defaults and bounds --- */

static bool takes_decimal(const gr_constant *c)
{
    struct gri_decimal d;
    return gri_decimal_constant(c, &d) && d.is == GRI_FINITE;
}

static void load_default(const gr_field *f, gr_decimal *to)
{
    struct gri_decimal d;
    gri_decimal_constant(&f->default_value, &d);
    gri_decimal_store(&d, to);
}

static void default_decimal(const struct gri_member *m, void *to)
{
    gr_decimal made;
    load_default(m->field, &made);
    memcpy(to, &made, sizeof made);
}

static json_t *document_default_decimal(struct gri_doc *doc, const gr_field *f)
{
    gr_decimal made;
    load_default(f, &made);
    return gri_doc_text(doc, made.text);
}

static int compare_decimal_values(const void *a, const void *b)
{
    return gr_decimal_compare(a, b);
}

static uint64_t load_decimal_value(const void *at, void *loaded)
{
    struct gri_decimal *d = loaded;
    if (!gri_decimal_load(at, d))
        *d = (struct gri_decimal){.is = GRI_NAN}; /* as it is compared */
    return gri_decimal_hash(d);
}

static int compare_loaded_decimals(const void *a, const void *b)
{
    return gri_decimal_compare(a, b);
}

static int compare_decimals(const gr_constant *a, const gr_constant *b)
{
    struct gri_decimal da, db;
    return gri_decimal_constant(a, &da) && gri_decimal_constant(b, &db) ? gri_decimal_compare(&da, &db) : 0;
}

const struct gri_kind gri_kind_decimal = {
    .size = sizeof(gr_decimal),
    .options = GRI_HAS_BOUNDS | GRI_HAS_DIGITS | GRI_HAS_INF_NAN | GRI_IS_SENT_OTHERWISE,
    .type_error = GRI_DECIMAL_TYPE,
    .read = read_decimal_value,
    .write = write_decimal,
    .check = check_decimal,
    .document = document_decimal,
    .takes = takes_decimal,
    .compare = compare_decimal_values,
    .loaded_size = sizeof(struct gri_decimal),
    .load = load_decimal_value,
    .compare_loaded = compare_loaded_decimals,
    .compare_constants = compare_decimals,
    .put_default = default_decimal,
    .document_default = document_default_decimal,
    .label = "decimal",
};
