#include "schema/check_place.h"

#include <stdarg.h>
#include <stdlib.h>

#include "schema/constant.h"
#include "schema/number.h"
#include "schema/text.h"

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

void gri_place_report(const struct gri_place *p, const char *text, ...)
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

static void check_name(const struct gri_place *p)
{
    const char *name = gri_field_wire_name(p->field);
    if (!gri_utf8_valid(name, strlen(name)))
        gri_place_report(p, "its name is not UTF-8");
    for (const gr_field *at = p->model->fields; at != p->entry; at = gri_field_next(p->model, at)) {
        gr_field own;
        const gr_field *f = gri_field_whole(p->model, at, &own);
        if (gri_field_on_wire(f) && f->source == p->field->source && strcmp(gri_field_wire_name(f), name) == 0) {
            gri_place_report(p, "the name \"%\" is taken by %", name, f->name);
            return;
        }
    }
}

static void check_field(const struct gri_place *p, bool input)
{
    size_t before = p->checker->problems;
    if (!gri_check_shape(p))
        return;
    gri_check_source(p, input);
    gri_check_self(p, input);
    if (gri_field_on_wire(p->field))
        check_name(p);
    gri_check_value(p);
    gri_check_absent(p);
    if (p->checker->problems == before)
        gri_check_default_list(p);
}

/* Puts a model on the list, which is also the queue of those to be looked at. */
static void check_enqueue(struct gri_checker *c, const gr_model *model)
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
    struct gri_place p = {.checker = c, .model = model};
    bool sized = model->size == sizeof(gr_model) && model->field_size >= GRI_LEAST_FIELD &&
                 model->field_size <= sizeof(gr_field);
    if (!sized || !model->name || !model->fields)
        gri_place_report(&p, "size, field_size, name or fields is not set, or of a later version than the library");
    else if (!model->fields->name)
        gri_place_report(&p, "has no members");
    else
        return true;
    return false;
}

static void check_table(struct gri_checker *c, const gr_model *model, bool input)
{
    if (!is_readable(c, model))
        return;
    gri_check_entries(&(struct gri_place){.checker = c, .model = model});
    gri_check_struct(&(struct gri_place){.checker = c, .model = model});
    for (const gr_field *at = model->fields; at->name; at = gri_field_next(model, at)) {
        gr_field own;
        const gr_field *f = gri_field_whole(model, at, &own);
        check_field(&(struct gri_place){c, model, f, at}, input);
        if (f->model && f->model())
            check_enqueue(c, f->model());
    }
}

int gri_check_model(struct gri_checker *checker, const gr_model *model, bool input)
{
    size_t at = checker->n_seen;
    check_enqueue(checker, model);
    for (; at < checker->n_seen; at++, input = false)
        check_table(checker, checker->seen[at], input);
    return checker->failed ? GR_ENOMEM : checker->problems ? GR_EINVAL : 0;
}
