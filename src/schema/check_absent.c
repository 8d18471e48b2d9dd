/* What a table says of a member that is absent or null. */
#include "schema/check_place.h"
#include "schema/default_list.h"
#include "schema/distinct.h"

static void check_default_empty(const struct gri_place *p)
{
    const gr_field *f = p->field;
    if (!f->default_empty)
        return;
    if (!(f->type & (GR_SEQUENCE | GR_MAPPING)))
        gri_place_report(p, "GR_DEFAULT_EMPTY is for lists and maps");
    if (f->optional)
        gri_place_report(p, "GR_OPTIONAL, which is null where it is absent, and GR_DEFAULT_EMPTY exclude each other");
    if (f->min_items)
        gri_place_report(p, "the default, to have no items, breaks min_items");
}

/* --- a list that has items where it is absent --- */

static void check_default_list_place(const struct gri_place *p)
{
    const gr_field *f = p->field;
    gr_type type = gri_field_type(f);
    if (!(f->type & (GR_SEQUENCE | GR_FIXED)) || type == GR_TYPE_OBJECT || type == GR_TYPE_JSON)
        gri_place_report(p, "GR_DEFAULT_LIST is for lists and arrays of scalars");
    else if (f->optional || f->default_empty)
        gri_place_report(p, "GR_DEFAULT_LIST excludes GR_OPTIONAL and GR_DEFAULT_EMPTY");
}

static void report_default_item(const struct gri_place *p, const struct gri_error *why, size_t n)
{
    struct gri_buf text;
    gr_constant index = {.kind = GR_CONSTANT_UINT, .u = n};
    gri_buf_init(&text, NULL);
    gri_error_write_message(why, &text);
    gri_buf_putc(&text, '\0');
    if (text.failed)
        p->checker->failed = true;
    else
        gri_place_report(p, "the default % has an item, number @ from 0, that is refused: %", p->field->default_list,
                         &index, text.data);
    gri_buf_finish(&text);
}

static void check_default_count(const struct gri_place *p, const struct gri_member *m, char *at, size_t n)
{
    const gr_field *f = p->field;
    size_t distinct = n;
    bool fixed = f->type & GR_FIXED, most = f->max_items && n > f->max_items;
    if (fixed ? n != f->count : most || n < f->min_items)
        gri_place_report(p, "the default % has too many or too few items", f->default_list);
    if (gri_items_dedupe(m, at, &distinct))
        p->checker->failed = true;
    else if (distinct != n && (f->unique || f->dedupe))
        gri_place_report(p, "the default % has two equal items", f->default_list);
}

/* Reads it as the application will: by a plan of a model that has this member alone. */
void gri_check_default_list(const struct gri_place *p)
{
    if (!p->field->default_list)
        return;
    gr_field alone[2] = {*p->field, {.name = NULL}};
    const gr_model model = {sizeof(gr_model), sizeof(gr_field), 0, "", alone};
    struct gri_schema *schema = gri_schema_create();
    struct gri_arena arena;
    struct gri_error why;
    char *at;
    size_t n;
    alone[0].default_list = NULL;
    alone[0].source = GR_IN_JSON;
    gri_arena_init(&arena, NULL, 0);
    struct gri_plan *plan = schema ? gri_schema_plan(schema, &model) : NULL;
    alone[0].default_list = p->field->default_list;
    int rc = plan ? gri_default_list_read(&plan->members[0], &arena, &at, &n, &why) : GR_ENOMEM;
    if (rc == 0)
        check_default_count(p, &plan->members[0], at, n);
    else if (rc > 0)
        report_default_item(p, &why, n);
    else if (rc == GR_ENOMEM)
        p->checker->failed = true;
    else
        gri_place_report(p, "the default % is no list as JSON has it", p->field->default_list);
    gri_arena_finish(&arena);
    gri_schema_destroy(schema);
}

static void check_omit_null(const struct gri_place *p)
{
    const gr_field *f = p->field;
    if (f->omit_null && !f->optional && !(f->nullable && gri_field_has_default(f)))
        gri_place_report(p, "omit_null is for a member that may be absent, and null: GR_OPTIONAL");
}

void gri_check_absent(const struct gri_place *p)
{
    check_default_empty(p);
    check_omit_null(p);
    if (p->field->default_list)
        check_default_list_place(p);
}
