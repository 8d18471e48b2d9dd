#include "serve/invalid.h"

#include <griddle/json.h>

#include "serve/failure.h"

/* --- making --- */

static int invalid_write(struct gri_invalid *made, const struct gri_errors *errors)
{
    struct gri_buf buf;
    gri_buf_init(&buf, errors->arena);
    gri_errors_write(errors, &buf);
    made->body = (struct gri_str){buf.data, buf.len};
    return buf.failed ? GR_ENOMEM : 0;
}

typedef void write_fn(const struct gri_error *error, struct gri_buf *buf);

static const char *invalid_text_of(struct gri_arena *arena, const struct gri_error *error, write_fn *write)
{
    struct gri_buf buf;
    gri_buf_init(&buf, arena);
    write(error, &buf);
    gri_buf_putc(&buf, '\0');
    return buf.failed ? NULL : buf.data;
}

static void write_context(const struct gri_error *error, struct gri_buf *buf)
{
    gri_error_write_context(error, buf);
}

/* The value of a JSON text, which `all` owns; NULL: out of memory. */
static json_t *invalid_value_of(json_t *all, const char *text)
{
    int rc;
    struct gri_json_error ignored;
    json_t *value = gri_json_parse(text, strlen(text), &(struct gri_json_limits){.lenient = true}, &ignored, &rc);
    if (!value && rc != GR_ENOMEM)
        value = json_string_nocheck(text);
    return json_array_append_new(all, value) ? NULL : value;
}

static bool invalid_values(gr_invalid *to, json_t *all)
{
    to->loc_json = invalid_value_of(all, to->loc);
    to->input_json = invalid_value_of(all, to->input);
    to->ctx_json = to->ctx ? invalid_value_of(all, to->ctx) : NULL;
    return to->loc_json && to->input_json && (to->ctx_json || !to->ctx);
}

static bool invalid_describe(struct gri_arena *arena, const struct gri_error *error, bool with_input, gr_invalid *to)
{
    *to = (gr_invalid){.type = gri_error_type(error),
                       .loc = invalid_text_of(arena, error, gri_error_write_loc),
                       .msg = invalid_text_of(arena, error, gri_error_write_message),
                       .input = with_input ? invalid_text_of(arena, error, gri_error_write_input) : "null",
                       .ctx = invalid_text_of(arena, error, write_context)};
    if (!to->loc || !to->msg || !to->input || !to->ctx)
        return false;
    if (!*to->ctx)
        to->ctx = NULL;
    return true;
}

static size_t invalid_bytes(const gr_invalid *mistake)
{
    return strlen(mistake->loc) + strlen(mistake->msg) + strlen(mistake->input) +
           (mistake->ctx ? strlen(mistake->ctx) : 0);
}

static int invalid_add(struct gri_invalid *list, const struct gri_errors *errors, size_t room, size_t *bytes)
{
    gr_invalid whole;
    const struct gri_error *error = errors->kept[list->n];
    if (!invalid_describe(errors->arena, error, gri_error_input_fits(error, room), &whole) ||
        !invalid_values(&whole, list->values))
        return GR_ENOMEM;
    memcpy(list->at + list->n * list->stride, &whole, list->stride);
    *bytes = invalid_bytes(&whole);
    return 0;
}

/* As many as come to GRI_ERRORS_BYTES, and the first: many may repeat the same long part of the request. */
static int describe_all(struct gri_invalid *list, const struct gri_errors *errors)
{
    size_t room = GRI_ERRORS_BYTES, bytes = 0;
    for (list->n = 0; list->n < gri_errors_kept(errors); list->n++, room -= bytes) {
        if (invalid_add(list, errors, room, &bytes))
            return GR_ENOMEM;
        if (bytes > room) {
            list->n += list->n == 0;
            return 0;
        }
    }
    return 0;
}

static int invalid_list(struct gri_invalid *list, const struct gri_errors *errors, size_t stride)
{
    *list = (struct gri_invalid){.stride = stride, .values = json_array()};
    list->at = gri_arena_alloc(errors->arena, gri_errors_kept(errors) * stride);
    return list->at && list->values ? describe_all(list, errors) : GR_ENOMEM;
}

int gri_invalid_make(struct gri_invalid *made, const gr_app *app, const struct gri_errors *errors)
{
    return app->invalid ? invalid_list(made, errors, app->invalid_size) : invalid_write(made, errors);
}

void gri_invalid_drop(struct gri_invalid *made)
{
    gr_json_free(made->values);
    made->values = NULL;
}

/* --- answering --- */

/* What it answers is not asked about again: neither here, of what it finds wrong itself, nor by gr_app_on_error(). */
static gr_reply ask_the_application(gr_req *req, const struct gri_invalid *made)
{
    req->tells_invalid = true;
    gr_reply reply = req->running->program.app->invalid(req, (const gr_invalid *)(const void *)made->at, made->n);
    req->tells_invalid = false;
    if (!reply.impl || reply.impl->req != req)
        return gri_reply_internal_error(req, "the function of gr_app_set_invalid() returned no reply of this request");
    reply.impl->is_worded = !reply.impl->failed;
    return reply;
}

int gri_invalid_record(gr_req *req, struct gri_invalid *made)
{
    struct gri_records *records = gri_records_of(req);
    const struct gr_reply_impl *before = records->failure;
    gr_reply reply = made->values ? ask_the_application(req, made) : gri_reply_invalid(req, made->body);
    gri_invalid_drop(made);
    records->failure_is_past = before != NULL;
    if (!before) {
        records->failure = reply.impl;
        records->failure->cause = records->failure->spoilt ? records->failure->cause : "Validation Error";
    }
    return records->failure->response.status;
}

int gri_fail_invalid(gr_req *req, const struct gri_errors *errors)
{
    struct gri_invalid made = {.values = NULL};
    int rc =
        req->tells_invalid ? invalid_write(&made, errors) : gri_invalid_make(&made, req->running->program.app, errors);
    if (rc == 0)
        return gri_invalid_record(req, &made);
    gri_invalid_drop(&made);
    return rc;
}

const gr_invalid *gr_arena_invalid_sized(gr_arena *arena, size_t *n, size_t size)
{
    struct gri_invalid list;
    *n = 0;
    if (!gri_errors_kept(&arena->errors) || !gri_invalid_size_fits(size))
        return NULL;
    int rc = invalid_list(&list, &arena->errors, size);
    if (!gri_arena_keep(arena, list.values) || rc)
        return NULL;
    *n = list.n;
    return (const gr_invalid *)(const void *)list.at;
}

int gr_fail_invalid(gr_req *req)
{
    gri_req_check(req);
    return req->arena && req->arena->errors.count ? gri_fail_invalid(req, &req->arena->errors) : GR_EINVAL;
}
