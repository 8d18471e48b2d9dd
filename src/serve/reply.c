#include <griddle/json.h>
#include <griddle/reply.h>

#include "base/cold.h"
#include "base/print.h"
#include "schema/encode.h"
#include "serve/failure.h"

/* What a handler may encode before its thread has done enough: the rest of a larger value goes to the pool. */
enum { ENCODE_BYTES = 65536 };

static const struct gri_str json_content = {"application/json", 16};
static const struct gri_str text_content = {"text/plain; charset=utf-8", 25};
static const struct gri_str html_content = {"text/html; charset=utf-8", 24};

/* --- making --- */

static struct gr_reply_impl *impl_create(gr_req *req)
{
    if (!req->first_used) { /* all zero, as the request was made */
        req->first_used = true;
        return &req->first;
    }
    struct gr_reply_impl *impl = gri_arena_alloc(&req->x.arena, sizeof *impl);
    if (impl)
        *impl = (struct gr_reply_impl){0};
    return impl;
}

static GRI_COLD void set_internal_error(struct gr_reply_impl *impl, const char *cause)
{
    impl->response = gri_response_internal_error(impl->req->running->program.app);
    impl->rest = NULL; /* or a large value would take the body's place */
    impl->spoilt = impl->raised = true;
    impl->none = impl->failed = false;
    impl->code = 0;
    impl->cause = cause;
}

gr_reply gri_reply_create(gr_req *req, int status)
{
    struct gr_reply_impl *impl = impl_create(req);
    if (!impl) { /* out of memory: the one that always exists says so */
        set_internal_error(&req->first, "out of memory");
        return (gr_reply){&req->first};
    }
    impl->req = req;
    impl->response.status = status;
    return (gr_reply){impl};
}

gr_reply gri_reply_with_body(gr_req *req, int status, struct gri_str content_type, struct gri_str body)
{
    gr_reply reply = gri_reply_create(req, status);
    if (reply.impl->spoilt)
        return reply;
    reply.impl->response.content_type = content_type;
    reply.impl->response.body = body;
    return reply;
}

gr_reply gri_reply_internal_error(gr_req *req, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    gri_vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    gri_log(req->running->program.log, GRI_LOG_ERROR, "operation \"%s\": %s", req->name, text);
    gr_reply reply = gri_reply_create(req, 500);
    const char *cause = gri_arena_strndup(&req->x.arena, text, strlen(text));
    set_internal_error(reply.impl, cause ? cause : "out of memory");
    gri_problem_place(reply.impl);
    return reply;
}

static GRI_COLD gr_reply reply_out_of_memory(gr_req *req)
{
    return gri_reply_internal_error(req, "out of memory");
}

static gr_reply reply_copy(gr_req *req, int status, struct gri_str type, const void *data, size_t len)
{
    gri_req_check(req);
    const char *copy = gri_arena_strndup(&req->x.arena, data, len);
    return copy ? gri_reply_with_body(req, status, type, (struct gri_str){copy, len}) : reply_out_of_memory(req);
}

gr_reply gr_text(gr_req *req, const char *text)
{
    return text ? reply_copy(req, 200, text_content, text, strlen(text))
                : gri_reply_internal_error(req, "gr_text(NULL)");
}

gr_reply gr_html(gr_req *req, const char *html)
{
    return html ? reply_copy(req, 200, html_content, html, strlen(html))
                : gri_reply_internal_error(req, "gr_html(NULL)");
}

gr_reply gr_content(gr_req *req, const char *content_type, const void *data, size_t len)
{
    gr_reply reply = reply_copy(req, 200, (struct gri_str){NULL, 0}, len ? data : "", len);
    return content_type ? gr_with_header(reply, "content-type", content_type) : reply;
}

gr_reply gr_content_static(gr_req *req, const char *content_type, const void *data, size_t len)
{
    gri_req_check(req);
    gri_req_check_lasts(req, data, "the data of gr_content_static()");
    gr_reply reply = gri_reply_with_body(req, 200, (struct gri_str){NULL, 0}, (struct gri_str){len ? data : "", len});
    return content_type ? gr_with_header(reply, "content-type", content_type) : reply;
}

gr_reply gr_empty(gr_req *req, int status)
{
    gri_req_check(req);
    return gr_with_status(gri_reply_create(req, 200), status);
}

/* --- JSON --- */

static gr_reply json_failed(gr_req *req, json_t *value, int rc)
{
    gr_json_free(value);
    if (rc == GR_ENOMEM)
        return reply_out_of_memory(req);
    return gri_reply_internal_error(req, "gr_json(): %s", gri_json_write_fault(rc));
}

static gr_reply json_begun(gr_req *req, json_t *value, struct gri_json_writer *writer, struct gri_buf *buf)
{
    struct gri_json_writer *rest = gri_arena_alloc(&req->x.arena, sizeof *writer);
    struct gr_reply_impl *impl = rest ? impl_create(req) : NULL;
    if (!impl) /* the reply that always exists may be in the list already, with a value of its own */
        return json_failed(req, value, GR_ENOMEM);
    *rest = *writer;
    *impl = (struct gr_reply_impl){
        .req = req, .next_large = req->large, .json = value, .rest = rest, .buf = *buf, .response = {.status = 200}};
    impl->response.content_type = json_content;
    req->large = impl;
    return (gr_reply){impl};
}

gr_reply gr_json(gr_req *req, json_t *value)
{
    gri_req_check(req);
    if (!value)
        return gri_reply_internal_error(req, "gr_json(NULL): %s", gri_json_null_fault);
    bool on_pool = req->x.blocking; /* there the thread may as well finish what it has begun */
    struct gri_json_writer writer;
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    gri_json_write_begin(&writer, value);
    int rc = gri_json_write(&writer, &buf, on_pool ? SIZE_MAX : ENCODE_BYTES);
    if (rc < 0)
        return json_failed(req, value, rc);
    if (rc > 0)
        return json_begun(req, value, &writer, &buf);
    json_decref(value);
    return gri_reply_with_body(req, 200, json_content, (struct gri_str){buf.data, buf.len});
}

gr_reply gr_pack(gr_req *req, const char *fmt, ...)
{
    gri_req_check(req);
    json_error_t error;
    va_list args;
    va_start(args, fmt);
    json_t *value = json_vpack_ex(&error, 0, fmt, args);
    va_end(args);
    return value ? gr_json(req, value)
                 : gri_reply_internal_error(req, "gr_pack(\"%s\"): %s, at %d", fmt, error.text, error.column);
}

int gri_reply_encode_rest(struct gr_reply_impl *impl)
{
    int rc = gri_json_write(impl->rest, &impl->buf, SIZE_MAX);
    impl->rest = NULL;
    impl->response.body = (struct gri_str){impl->buf.data, impl->buf.len};
    gr_json_free(impl->json);
    impl->json = NULL;
    return rc;
}

void gri_reply_free_large(gr_req *req)
{
    for (struct gr_reply_impl *impl = req->large; impl; impl = impl->next_large)
        gr_json_free(impl->json);
    req->large = NULL;
}

/* --- changing --- */

gr_reply gr_with_status(gr_reply reply, int status)
{
    gr_req *req = reply.impl->req;
    gri_req_check(req);
    if (reply.impl->spoilt)
        return reply;
    if (status < 200 || status > 599)
        return gri_reply_internal_error(req, "%d is no status of a reply: use 200 to 599", status);
    reply.impl->response.status = status;
    reply.impl->has_status = true;
    return reply;
}

void gri_reply_add_header(gr_reply reply, struct gri_str name, struct gri_str value)
{
    struct gri_header_line *line = gri_arena_alloc(&reply.impl->req->x.arena, sizeof *line);
    if (!line) {
        set_internal_error(reply.impl, "out of memory");
        return;
    }
    *line = (struct gri_header_line){NULL, name, value};
    struct gri_header_line **at = &reply.impl->response.headers;
    while (*at)
        at = &(*at)->next;
    *at = line;
}

static bool is_own_header(struct gri_str name)
{
    return gri_str_is_nocase(name, GRI_STR("content-length")) ||
           gri_str_is_nocase(name, GRI_STR("transfer-encoding")) || gri_str_is_nocase(name, GRI_STR("connection")) ||
           gri_str_is_nocase(name, GRI_STR("date"));
}

/* field-value of RFC 9110 section 5.5: visible bytes, SP, HTAB, obs-text. */
static bool is_header_value(struct gri_str value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

/* Fields that a message has once (RFC 9110, 9111 section 5.3, 6266, 6797; the Fetch standard): reply.h lists them. */
static bool is_single_field(struct gri_str name)
{
    static const char *const names[] = {"access-control-allow-credentials",
                                        "access-control-allow-origin",
                                        "access-control-max-age",
                                        "age",
                                        "content-disposition",
                                        "content-location",
                                        "content-range",
                                        "content-type",
                                        "etag",
                                        "expires",
                                        "last-modified",
                                        "location",
                                        "retry-after",
                                        "server",
                                        "strict-transport-security"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (gri_str_is_nocase(name, gri_str_from(names[i])))
            return true;
    return false;
}

static void remove_header(struct gri_response *response, struct gri_str name)
{
    struct gri_header_line **at = &response->headers;
    while (*at)
        if (gri_str_is_nocase((*at)->name, name))
            *at = (*at)->next;
        else
            at = &(*at)->next;
}

/* What is kept apart from the other fields, or NULL. */
static struct gri_str *own_place(struct gri_response *response, struct gri_str name)
{
    if (gri_str_is_nocase(name, GRI_STR("content-type")))
        return &response->content_type;
    return gri_str_is_nocase(name, GRI_STR("server")) ? &response->server : NULL;
}

/* Whether a reply may have that field with that value; else it has become the 500 that says so. */
static bool may_have_header(gr_reply *reply, struct gri_str name, struct gri_str value)
{
    gr_req *req = reply->impl->req;
    if (!gri_is_token(name) || !is_header_value(value))
        *reply = gri_reply_internal_error(req, "the header \"%s\" has bytes that a header may not carry, in its %s",
                                          name.at, gri_is_token(name) ? "value" : "name");
    else if (is_own_header(name))
        *reply = gri_reply_internal_error(req, "the header \"%s\" is the server's own", name.at);
    else
        return true;
    return false;
}

static gr_reply put_header(gr_reply reply, struct gri_str name, struct gri_str value, bool replaces)
{
    gr_req *req = reply.impl->req;
    const char *name_copy = gri_arena_strndup(&req->x.arena, name.at, name.len);
    const char *value_copy = gri_arena_strndup(&req->x.arena, value.at, value.len);
    if (!name_copy || !value_copy)
        return reply_out_of_memory(req);
    struct gri_str *place = own_place(&reply.impl->response, name);
    if (place) {
        *place = (struct gri_str){value_copy, value.len};
        return reply;
    }
    if (replaces)
        remove_header(&reply.impl->response, name);
    gri_reply_add_header(reply, (struct gri_str){name_copy, name.len}, (struct gri_str){value_copy, value.len});
    return reply;
}

gr_reply gr_with_header(gr_reply reply, const char *name, const char *value)
{
    gri_req_check(reply.impl->req);
    if (!name || !value)
        return gri_reply_internal_error(reply.impl->req, "gr_with_header(): the %s \"%s\" is NULL",
                                        name ? "value of" : "name beside",
                                        name    ? name
                                        : value ? value
                                                : "");
    struct gri_str n = gri_str_from(name), v = gri_str_trim(gri_str_from(value));
    return may_have_header(&reply, n, v) ? put_header(reply, n, v, is_single_field(n)) : reply;
}

static gr_reply without_header(gr_reply reply, struct gri_str name)
{
    struct gri_str *place = own_place(&reply.impl->response, name);
    if (place)
        *place = GRI_STR("");
    else
        remove_header(&reply.impl->response, name);
    return reply;
}

gr_reply gr_set_header(gr_reply reply, const char *name, const char *value)
{
    gri_req_check(reply.impl->req);
    if (!name)
        return gri_reply_internal_error(reply.impl->req, "gr_set_header(): the name is NULL");
    struct gri_str n = gri_str_from(name), v = gri_str_trim(gri_str_from(value ? value : ""));
    if (!may_have_header(&reply, n, v))
        return reply;
    return value ? put_header(reply, n, v, true) : without_header(reply, n);
}

/* Bytes that a URI may not hold are percent-encoded; '%' itself stays, as the caller may have encoded already. */
static const char *encode_url(gr_req *req, const char *url)
{
    struct gri_buf buf;
    gri_buf_init(&buf, &req->x.arena);
    for (; *url; url++) {
        unsigned char c = (unsigned char)*url;
        if (c > ' ' && c < 0x7f && !strchr("\"<>\\^`{|}", c))
            gri_buf_putc(&buf, *url);
        else
            gri_buf_put_escaped(&buf, *url);
    }
    gri_buf_putc(&buf, '\0');
    return buf.failed ? NULL : buf.data;
}

gr_reply gr_redirect(gr_req *req, const char *url)
{
    gri_req_check(req);
    const char *encoded = url ? encode_url(req, url) : NULL;
    if (!encoded)
        return url ? reply_out_of_memory(req) : gri_reply_internal_error(req, "gr_redirect(NULL)");
    gr_reply reply = gri_reply_create(req, 307);
    gri_reply_add_header(reply, GRI_STR("location"), gri_str_from(encoded));
    return reply;
}

int gr_reply_status(gr_reply reply)
{
    return reply.impl ? reply.impl->response.status : 0;
}

const char *gr_reply_header(gr_reply reply, const char *name)
{
    struct gri_str wanted = gri_str_from(name);
    if (!reply.impl)
        return NULL;
    const struct gri_str *place = own_place(&reply.impl->response, wanted);
    if (place)
        return place->len ? place->at : NULL;
    for (const struct gri_header_line *line = reply.impl->response.headers; line; line = line->next)
        if (gri_str_is_nocase(line->name, wanted))
            return line->value.at;
    return NULL;
}
