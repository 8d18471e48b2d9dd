/* Structs to values of jansson, and back: by their text, so that there is one reader and one writer of it. */
#include "schema/arena.h"
#include "schema/decode.h"
#include "schema/encode.h"
#include "schema/shared.h"

/* --- to JSON --- */

static json_t *values_failed(gr_misfit *to, const char *model, const char *member, const char *why)
{
    if (to)
        *to = (gr_misfit){model, member, why};
    return NULL;
}

static json_t *values_parse(const gr_model *model, const struct gri_buf *text, gr_misfit *misfit)
{
    const struct gri_json_limits any = {.values = SIZE_MAX, .lenient = true};
    struct gri_json_error error = {NULL, 0, 0};
    int rc;
    json_t *json = gri_json_parse(text->data, text->len, &any, &error, &rc);
    return json ? json : values_failed(misfit, model->name, "", rc == GR_ENOMEM ? gr_strerror(rc) : error.text);
}

static json_t *values_write(const gr_model *model, const void *values, size_t n, bool list, gr_misfit *misfit)
{
    struct gri_culprit culprit = {model->name, "", NULL};
    struct gri_steps steps;
    struct gri_arena arena;
    struct gri_buf buf;
    const struct gri_plan *plan = gri_shared_plan(model);
    if (!plan)
        return values_failed(misfit, model->name, "", "its table cannot be used, or memory is out");
    gri_arena_init(&arena, NULL, 0);
    gri_buf_init(&buf, &arena);
    gri_steps_init(&steps, 0, NULL);
    int rc = list ? gri_encode_structs(&buf, plan, values, n, NULL, &steps, &culprit)
                  : gri_encode_struct(&buf, plan, values, NULL, &steps, &culprit);
    gri_steps_finish(&steps);
    json_t *json = rc ? values_failed(misfit, culprit.model, culprit.field, culprit.why ? culprit.why : gr_strerror(rc))
                      : values_parse(model, &buf, misfit);
    gri_arena_finish(&arena);
    return json;
}

json_t *gr_model_json(const gr_model *model, const void *value, gr_misfit *misfit)
{
    return values_write(model, value, 1, false, misfit);
}

json_t *gr_models_json(const gr_model *model, const void *values, size_t n, gr_misfit *misfit)
{
    return values_write(model, values, n, true, misfit);
}

/* --- from JSON --- */

static int values_decode(gr_arena *arena, const struct gri_buf *text, const struct gri_member *root, void *to,
                         size_t size)
{
    const struct gri_json_limits any = {.values = SIZE_MAX};
    struct gri_steps steps;
    struct gri_decoding d = {
        .arena = arena->memory, .errors = &arena->errors, .steps = &steps, .limits = &any, .bare = true};
    gri_steps_init(&steps, arena->pattern_steps, arena->cancelled);
    int rc = gri_decode(&d, text->data, text->len, root, to, size);
    gri_steps_finish(&steps);
    if (!gri_arena_keep(arena, d.values))
        return GR_ENOMEM;
    return rc == 0 && arena->errors.count ? GR_EINVAL : rc;
}

/* `to` is written where all of it was right. The text stays in the arena: the errors repeat parts of it. */
static int values_read(gr_arena *arena, const gr_model *model, const json_t *json, unsigned shape, void *to)
{
    static const gr_field none = {.name = ""};
    struct gri_buf text;
    const struct gri_plan *plan = gri_shared_plan(model);
    gri_errors_init(&arena->errors, arena->memory);
    if (!plan)
        return GR_EINVAL;
    gri_buf_init(&text, arena->memory);
    int rc = json ? gri_json_write_all((json_t *)(uintptr_t)json, &text) : (gri_buf_puts(&text, "null"), 0);
    if (rc || text.failed)
        return rc ? rc : GR_ENOMEM;
    struct gri_member root = {.field = &none, .type = GR_TYPE_OBJECT, .shape = shape, .plan = (void *)(uintptr_t)plan};
    root.size = root.stride = plan->size;
    size_t size = shape ? sizeof(struct gri_sequence) : plan->size;
    void *value = gri_arena_alloc(arena->memory, size);
    if (!value)
        return GR_ENOMEM;
    rc = values_decode(arena, &text, &root, memset(value, 0, size), size);
    if (rc == 0)
        memcpy(to, value, size);
    return rc;
}

int gr_model_read(gr_arena *arena, const gr_model *model, const json_t *json, void *value)
{
    return values_read(arena, model, json, 0, value);
}

int gr_models_read(gr_arena *arena, const gr_model *model, const json_t *json, void *values, size_t *n)
{
    struct gri_sequence list = {NULL, 0};
    int rc = values_read(arena, model, json, GR_SEQUENCE, &list);
    if (rc)
        return rc;
    memcpy(values, &list.at, sizeof list.at);
    *n = list.len;
    return 0;
}
