/* The order in which dependencies run: FastAPI's, depth first as they are declared. */
#include "compile/made.h"
#include "compile/needs.h"

#include <string.h>

struct arranger {
    const gr_app *app;
    const struct gri_made *made;
    struct gri_arena *arena;
    struct gri_list steps; /* struct gri_need; `side` is the number of those that overlap, or 0 */
    unsigned sides;
    int rc;
};

/* That one is needed: by a member of a table, or by a list. */
struct use {
    struct gri_need need;
    bool uncached;
    struct gri_feed *feed; /* who is told its step; or NULL */
};

static void arrange_input(struct arranger *a, const gr_model *input, gr_strings outer, struct gri_feeds *feeds);

static void *arrange_alloc(struct arranger *a, size_t size)
{
    void *p = gri_arena_alloc(a->arena, size ? size : 1);
    if (!p)
        a->rc = GR_ENOMEM;
    return p ? memset(p, 0, size) : NULL;
}

/* --- scopes --- */

static bool has_scope(gr_strings scopes, const char *scope)
{
    for (size_t i = 0; i < scopes.len; i++)
        if (strcmp(scopes.at[i], scope) == 0)
            return true;
    return false;
}

/* Their order says nothing: each is there once. */
static bool are_scopes_same(gr_strings a, gr_strings b)
{
    for (size_t i = 0; i < a.len; i++)
        if (!has_scope(b, a.at[i]))
            return false;
    return a.len == b.len;
}

static size_t count_words(const char *text)
{
    size_t n = 0;
    for (text += strspn(text, " "); *text; n++) {
        text += strcspn(text, " ");
        text += strspn(text, " ");
    }
    return n;
}

static gr_strings add_scopes(struct arranger *a, gr_strings outer, const char *text)
{
    gr_strings all = outer;
    if (!text)
        return outer;
    all.at = arrange_alloc(a, (outer.len + count_words(text)) * sizeof *all.at);
    if (all.at && outer.len)
        memcpy(all.at, outer.at, outer.len * sizeof *all.at);
    for (text += strspn(text, " "); *text && all.at; text += strspn(text, " ")) {
        size_t len = strcspn(text, " ");
        const char *scope = gri_arena_strndup(a->arena, text, len);
        if (!scope)
            a->rc = GR_ENOMEM;
        else if (!has_scope(all, scope))
            all.at[all.len++] = scope;
        text += len;
    }
    return all.at ? all : outer;
}

static bool asks_for_scopes(const gr_dependency *dependency)
{
    const gr_model *input = gri_dependency_input(dependency);
    return input && gri_model_has(input, GR_TYPE_SCOPES);
}

/* Whether it, or what it needs, asks for them: else they make no difference. */
static bool wants_scopes(struct arranger *a, const gr_dependency *dependency)
{
    struct gri_list list = {0};
    const gr_dependency *const needs[] = {dependency, NULL};
    bool wants = false;
    if (gri_reach(&list, a->app, NULL, needs))
        a->rc = GR_ENOMEM;
    for (size_t i = 0; i < list.n && !wants; i++)
        wants = asks_for_scopes(((const gr_dependency *const *)list.items)[i]);
    gri_list_finish(&list);
    return wants;
}

/* --- one that is needed --- */

static void begin_use(struct arranger *a, struct use *use, const gr_dependency *dependency, const gr_field *field,
                      gr_strings outer)
{
    struct gri_need *need = &use->need;
    gri_dependency_take(&need->runs, gri_app_stand_in(a->app, dependency)); /* checked: it has the size of one */
    gr_dependency declared;
    gri_dependency_take(&declared, dependency);
    need->declared = dependency;
    need->argument = field ? field->with : NULL;
    if (wants_scopes(a, dependency))
        need->scopes = field ? add_scopes(a, outer, field->scopes) : outer;
    need->before_body = declared.options.before_body || need->runs.options.before_body;
    use->uncached = declared.options.uncached || (field && field->uncached);
}

static bool is_same_need(const struct gri_need *a, const struct gri_need *b)
{
    return a->declared == b->declared && a->argument == b->argument && are_scopes_same(a->scopes, b->scopes);
}

/* Whether its value is there already, as in FastAPI also that of one which is not shared itself. */
static bool find_step(const struct arranger *a, const struct use *use)
{
    const struct gri_need *steps = a->steps.items;
    for (unsigned i = 0; i < a->steps.n && !use->uncached; i++)
        if (is_same_need(&steps[i], &use->need)) {
            if (use->feed)
                use->feed->step = i;
            return true;
        }
    return false;
}

static void arrange_step(struct arranger *a, struct use *use, unsigned side)
{
    struct gri_need *step = a->steps.n < GRI_MAX_NEEDS ? gri_list_add(&a->steps, sizeof *step) : NULL;
    if (!step) {
        a->rc = a->steps.n < GRI_MAX_NEEDS ? GR_ENOMEM : GR_EINVAL;
        return;
    }
    *step = use->need;
    step->side = side;
    if (use->feed)
        use->feed->step = (unsigned)a->steps.n - 1;
}

/* Whether it is one of the `n` before it. */
static bool is_among(const struct use *use, const struct use *before, size_t n)
{
    for (size_t i = 0; i < n && !use->uncached; i++)
        if (is_same_need(&before[i].need, &use->need))
            return true;
    return false;
}

/* What each of them needs first, and then they, side by side where they are several. */
static void arrange_side(struct arranger *a, struct use *uses, size_t n)
{
    for (size_t i = 0; i < n && !a->rc; i++) {
        struct gri_need *need = &uses[i].need;
        if (!find_step(a, &uses[i]) && !is_among(&uses[i], uses, i))
            arrange_input(a, need->runs.input && *need->runs.input ? (*need->runs.input)() : NULL, need->scopes,
                          &need->feeds);
    }
    unsigned side = n > 1 ? ++a->sides : 0;
    for (size_t i = 0; i < n && !a->rc; i++)
        if (!find_step(a, &uses[i]))
            arrange_step(a, &uses[i], side);
}

static bool overlaps(const struct use *use)
{
    return use->need.runs.options.concurrent && use->need.runs.kind == GR_ASYNC;
}

/* Whether one needs one of those before it: then it comes behind them. */
static bool comes_behind(struct arranger *a, const struct use *use, const struct use *before, size_t n)
{
    struct gri_list list = {0};
    const gr_dependency *const needs[] = {use->need.declared, NULL};
    bool comes = false;
    if (gri_reach(&list, a->app, NULL, needs))
        a->rc = GR_ENOMEM;
    for (size_t i = 1; i < list.n; i++) /* behind itself */
        for (size_t j = 0; j < n && !comes; j++)
            comes = ((const gr_dependency *const *)list.items)[i] == gri_app_stand_in(a->app, before[j].need.declared);
    gri_list_finish(&list);
    return comes;
}

static void arrange_uses(struct arranger *a, struct use *uses, size_t n)
{
    for (size_t i = 0, end; i < n && !a->rc; i = end) {
        end = i + 1;
        while (end < n && overlaps(&uses[i]) && overlaps(&uses[end]) && !comes_behind(a, &uses[end], &uses[i], end - i))
            end++;
        arrange_side(a, &uses[i], end - i);
    }
}

/* --- a table --- */

static size_t count_fed(const gr_model *input)
{
    size_t n = 0;
    for (const gr_field *f = input->fields; f->name; f = gri_field_next(input, f))
        n += gri_type_is_fed(gri_field_type(f));
    return n;
}

static struct gri_feed *add_feed(struct gri_feeds *feeds, const gr_field *field)
{
    struct gri_feed *feed = &feeds->at[feeds->n++];
    bool pointer = field->type & GR_POINTER;
    *feed = (struct gri_feed){.type = gri_field_type(field), .to = field->offset, .size = field->size};
    feed->how = feed->type != GR_TYPE_NEED ? GRI_FEED_GIVEN
                : pointer                  ? GRI_FEED_POINTER
                : feed->size == 4          ? GRI_FEED_4
                : feed->size == 8          ? GRI_FEED_8
                                           : GRI_FEED_COPY;
    return feed;
}

/* What the application has is no step: it is there. */
static void feed_made(const struct arranger *a, struct gri_feed *feed, const gr_field *field)
{
    const struct gri_made_one *one = gri_made_find(a->made, field->dependency, field->with);
    bool pointer = feed->how == GRI_FEED_POINTER;
    feed->type = 0;
    feed->how = GRI_FEED_GIVEN;
    feed->given = pointer ? (const void *)&one->value : one->value;
    feed->size = pointer ? sizeof one->value : field->size;
}

static void arrange_input(struct arranger *a, const gr_model *input, gr_strings outer, struct gri_feeds *feeds)
{
    size_t most = input ? count_fed(input) : 0, n = 0;
    if (!most)
        return;
    feeds->at = arrange_alloc(a, most * sizeof *feeds->at);
    struct use *uses = arrange_alloc(a, most * sizeof *uses);
    for (const gr_field *at = input->fields; at->name && !a->rc; at = gri_field_next(input, at)) {
        gr_field own;
        const gr_field *field = gri_field_whole(input, at, &own);
        if (!gri_type_is_fed(gri_field_type(field)))
            continue;
        struct gri_feed *feed = add_feed(feeds, field);
        if (feed->type == GR_TYPE_NEED && gri_is_of_app(field->dependency))
            feed_made(a, feed, field);
        if (feed->type != GR_TYPE_NEED)
            continue;
        uses[n].feed = feed;
        begin_use(a, &uses[n++], field->dependency, field, outer);
    }
    arrange_uses(a, uses, n);
}

static void arrange_list(struct arranger *a, const gr_dependency *const *needs)
{
    for (; needs && *needs && !a->rc; needs++) {
        struct use use = {.feed = NULL};
        if (gri_is_of_app(*needs))
            continue;
        begin_use(a, &use, *needs, NULL, (gr_strings){NULL, 0});
        arrange_side(a, &use, 1);
    }
}

/* --- those before the body --- */

/* What one needs stands before it. */
static void mark_before_body(struct gri_need *steps, size_t n)
{
    for (size_t i = n; i-- > 0;)
        for (unsigned j = 0; j < steps[i].feeds.n && steps[i].before_body; j++)
            if (steps[i].feeds.at[j].type == GR_TYPE_NEED)
                steps[steps[i].feeds.at[j].step].before_body = true;
}

static void arrange_follow(struct gri_feeds *feeds, const unsigned *places)
{
    for (unsigned i = 0; i < feeds->n; i++)
        feeds->at[i].step = places[feeds->at[i].step];
}

static void move_steps(struct gri_needs *needs, const struct gri_need *steps, unsigned n)
{
    unsigned places[GRI_MAX_NEEDS + 1] = {0}, at = 0;
    for (unsigned late = 0; late < 2; late++) {
        for (unsigned i = 0; i < n; i++)
            if (steps[i].before_body == !late) {
                places[i] = at;
                needs->at[at++] = steps[i];
            }
        needs->n_before_body = late ? needs->n_before_body : at;
    }
    needs->n = n;
    for (unsigned i = 0; i < n; i++)
        arrange_follow(&needs->at[i].feeds, places);
    arrange_follow(&needs->feeds, places);
}

/* From the number of a side to how many there are of it from here on. */
static void count_sides(struct gri_needs *needs)
{
    unsigned number_behind = 0;
    for (unsigned i = needs->n; i-- > 0;) {
        struct gri_need *step = &needs->at[i];
        unsigned number = step->side;
        bool goes_on = number && number == number_behind && i + 1 != needs->n_before_body;
        step->side = goes_on ? step[1].side + 1 : 1;
        number_behind = number;
    }
}

int gri_needs_arrange(struct gri_needs *needs, const struct gri_op *op, const struct gri_program *program,
                      struct gri_arena *arena)
{
    struct arranger a = {.app = program->app, .made = program->made, .arena = arena};
    arrange_list(&a, op->route->options.needs);
    arrange_input(&a, op->intake.input, (gr_strings){NULL, 0}, &needs->feeds);
    needs->at = a.rc ? NULL : arrange_alloc(&a, a.steps.n * sizeof *needs->at);
    if (needs->at) {
        mark_before_body(a.steps.items, a.steps.n);
        move_steps(needs, a.steps.items, (unsigned)a.steps.n);
        count_sides(needs);
    }
    gri_list_finish(&a.steps);
    if (a.rc == GR_EINVAL)
        gri_log(program->log, GRI_LOG_ERROR, "%s: needs more than %d dependencies", op->name, GRI_MAX_NEEDS);
    return a.rc;
}
