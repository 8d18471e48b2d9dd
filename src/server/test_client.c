/* Whole requests of a test, with what a client makes of the answers: cookies, redirects. */
#include "server/test_client.h"

#include <stdlib.h>

#include "base/print.h"
#include "server/answer.h"

/* --- what is kept: test_kept.c --- */

int gr_test_set_header(gr_test *test, const char *name, const char *value)
{
    return gri_test_client_set_header(gri_test_client_of(test), name, value);
}

int gr_test_set_base_url(gr_test *test, const char *url)
{
    return gri_test_client_set_base(gri_test_client_of(test), url);
}

int gr_test_set_cookie(gr_test *test, const char *name, const char *value)
{
    struct gri_test_client *client = gri_test_client_of(test);
    struct gri_str host = gri_url_place_origin(&client->base).host;
    return gri_jar_put(&client->jar, host, gri_str_from(name), gri_str_from(value)) ? 0 : GR_ENOMEM;
}

const char *gr_test_cookie(gr_test *test, const char *name)
{
    return gri_jar_find(&gri_test_client_of(test)->jar, gri_str_from(name), gr_test_now_ms(test));
}

void gr_test_clear_cookies(gr_test *test)
{
    gri_jar_empty(&gri_test_client_of(test)->jar);
}

/* --- one request, and those that it is redirected to --- */

struct test_call {
    gr_test *test;
    struct gri_test_client *client;
    const char *method;
    const gr_test_options *options;
    struct gri_url_place place;
    struct gri_buf body;
    const char *content_type; /* of `body`; NULL: the options' */
    bool was_redirected, is_other_host, lost_body;
};

/* As forms and queries have it (the URL standard, application/x-www-form-urlencoded). */
static void call_put_encoded(struct gri_buf *out, const char *text)
{
    for (; *text; text++)
        if (gri_is_alnum(*text) || strchr("*-._", *text))
            gri_buf_putc(out, *text);
        else if (*text == ' ')
            gri_buf_putc(out, '+');
        else
            gri_buf_put_escaped(out, *text);
}

static void put_pairs(struct gri_buf *out, const char *const *pairs)
{
    for (size_t i = 0; pairs[i]; i += 2) {
        gri_buf_puts(out, i ? "&" : "");
        call_put_encoded(out, pairs[i]);
        gri_buf_putc(out, '=');
        call_put_encoded(out, pairs[i + 1]);
    }
}

/* As it was given: tests ask for what no client would. */
static char *first_target(const struct test_call *call, const char *target)
{
    struct gri_buf out;
    gri_buf_init(&out, NULL);
    gri_buf_puts(&out, *target == '/' && call->client->base.target[0] == '/' ? call->client->base.target : "");
    gri_buf_puts(&out, target);
    if (call->options->query && call->options->query[0]) {
        gri_buf_putc(&out, strchr(target, '?') ? '&' : '?');
        put_pairs(&out, call->options->query);
    }
    gri_buf_putc(&out, '\0');
    if (!out.failed)
        return out.data;
    gri_buf_finish(&out);
    return NULL;
}

static bool test_call_begin(struct test_call *call, const char *target)
{
    const gr_test_options *o = call->options;
    call->place.secure = call->client->base.secure;
    call->place.host = strdup(call->client->base.host);
    call->place.target = first_target(call, target);
    gri_buf_init(&call->body, NULL);
    if (o->json) {
        gri_buf_puts(&call->body, o->json);
        call->content_type = "application/json";
    } else if (o->form) {
        put_pairs(&call->body, o->form);
        call->content_type = "application/x-www-form-urlencoded";
    } else {
        gri_buf_put(&call->body, o->body, o->len);
    }
    return call->place.host && call->place.target && !call->body.failed;
}

static void test_call_end(struct test_call *call)
{
    gri_url_place_finish(&call->place);
    gri_buf_finish(&call->body);
}

/* Of the headers given for this request: what a redirect takes away. */
static bool is_dropped(const struct test_call *call, struct gri_str name)
{
    bool is_body =
        gri_str_begins_nocase(name, GRI_STR("content-")) || gri_str_is_nocase(name, GRI_STR("transfer-encoding"));
    bool is_host = gri_str_is_nocase(name, GRI_STR("host")) || gri_str_is_nocase(name, GRI_STR("authorization"));
    return (call->lost_body && is_body) || (call->is_other_host && is_host) ||
           (call->was_redirected && gri_str_is_nocase(name, GRI_STR("cookie")));
}

static bool has_own(const struct test_call *call, const char *name)
{
    const char *const *h = call->options->headers;
    for (; h && h[0]; h += 2)
        if (gri_str_is_nocase(gri_str_from(h[0]), gri_str_from(name)) && !is_dropped(call, gri_str_from(h[0])))
            return true;
    return false;
}

static bool has_any(const struct test_call *call, const char *name)
{
    const struct gri_list *headers = &call->client->headers;
    for (size_t i = 0; i < headers->n; i++)
        if (gri_str_is_nocase(gri_str_from(((char *const *)headers->items)[i]), gri_str_from(name)))
            return true;
    return has_own(call, name);
}

static void call_put_line(struct gri_buf *out, const char *name, const char *value)
{
    gri_buf_puts(out, name);
    gri_buf_puts(out, ": ");
    gri_buf_puts(out, value);
    gri_buf_puts(out, "\r\n");
}

static const char *kept_value(const char *header)
{
    return header + strlen(header) + 1;
}

static void put_given(const struct test_call *call, struct gri_buf *out)
{
    const struct gri_list *headers = &call->client->headers;
    for (size_t i = 0; i < headers->n; i++) {
        const char *header = ((char *const *)headers->items)[i];
        if (!has_own(call, header) && !is_dropped(call, gri_str_from(header)))
            call_put_line(out, header, kept_value(header));
    }
    for (const char *const *h = call->options->headers; h && h[0]; h += 2)
        if (!is_dropped(call, gri_str_from(h[0])))
            call_put_line(out, h[0], h[1]);
}

static void put_cookies(const struct test_call *call, struct gri_buf *out)
{
    size_t begin = out->len;
    const struct gri_origin to = gri_url_place_origin(&call->place);
    gri_buf_puts(out, "Cookie: ");
    size_t empty = out->len;
    gri_jar_write(&call->client->jar, &to, gr_test_now_ms(call->test), out);
    if (out->len == empty)
        out->len = begin;
    else
        gri_buf_puts(out, "\r\n");
}

static void put_call(const struct test_call *call, struct gri_buf *out)
{
    gri_buf_printf(out, "%s %s HTTP/1.1\r\n", call->method, call->place.target);
    if (!has_any(call, "Host") || call->is_other_host)
        call_put_line(out, "Host", call->place.host);
    if (call->body.len && !has_any(call, "Content-Length") && !has_any(call, "Transfer-Encoding"))
        gri_buf_printf(out, "Content-Length: %zu\r\n", call->body.len);
    if (call->content_type && !has_any(call, "Content-Type"))
        call_put_line(out, "Content-Type", call->content_type);
    if (!has_any(call, "Cookie"))
        put_cookies(call, out);
    put_given(call, out);
    gri_buf_puts(out, "\r\n");
    gri_buf_put(out, call->body.data, call->body.len);
}

/* --- its answer --- */

/* False: out of memory. */
static bool take_cookies(const struct test_call *call, const gr_answer *answer)
{
    const char *date = gr_answer_header(answer, "Date");
    const struct gri_origin from = gri_url_place_origin(&call->place);
    int64_t seconds = 0, now_ms = gr_test_now_ms(call->test);
    if (date)
        (void)gri_cookie_date(gri_str_from(date), &seconds);
    for (const struct gri_header_line *line = gri_answer_headers(answer); line; line = line->next)
        if (gri_str_is_nocase(line->name, GRI_STR("set-cookie")) &&
            !gri_jar_set(&call->client->jar, &from, line->value, now_ms, seconds))
            return false;
    return true;
}

static gr_answer *send_call(const struct test_call *call)
{
    struct gri_buf request;
    gri_buf_init(&request, NULL);
    put_call(call, &request);
    gr_answer *answer =
        request.failed ? NULL : gri_test_exchange(call->test, call->method, call->place.target, &request);
    gri_buf_finish(&request);
    if (answer && take_cookies(call, answer) && gri_answer_set_target(answer, call->place.target))
        return answer;
    gr_answer_free(answer);
    return NULL;
}

static const char *location_of(const gr_answer *answer)
{
    switch (gr_answer_status(answer)) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        return gr_answer_header(answer, "Location");
    default:
        return NULL;
    }
}

/* The Fetch standard, HTTP-redirect fetch: 303 asks for a page, and 301 and 302 do where a form was sent. */
static bool call_becomes_get(const char *method, int status)
{
    if (status == 303)
        return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
    return (status == 301 || status == 302) && strcmp(method, "POST") == 0;
}

static int go_on_to(struct test_call *call, const gr_answer *answer, const char *location)
{
    char *host = strdup(call->place.host);
    bool secure = call->place.secure;
    int rc = host ? gri_url_place_go(&call->place, location) : GR_ENOMEM;
    call->was_redirected = true;
    call->is_other_host |= rc == 0 && (secure != call->place.secure ||
                                       !gri_str_is_nocase(gri_str_from(host), gri_str_from(call->place.host)));
    free(host);
    if (call_becomes_get(call->method, gr_answer_status(answer))) {
        call->method = "GET";
        call->lost_body = true;
        call->body.len = 0;
        call->content_type = NULL;
    }
    return rc;
}

static gr_answer *follow_redirects(struct test_call *call, gr_answer *answer)
{
    const char *location;
    for (int n = 0; answer && call->options->follow_redirects > 0 && (location = location_of(answer)); n++) {
        int rc = n < call->options->follow_redirects ? go_on_to(call, answer, location) : GR_EMSGSIZE;
        if (rc == GR_EMSGSIZE)
            gri_fprintf(stderr,
                        "griddle: %s %s is redirected, after %d redirects and no more were to be followed: to %s\n",
                        call->method, call->place.target, n, location);
        else if (rc == GR_EINVAL)
            gri_fprintf(stderr, "griddle: %s %s is redirected to what no http: or https: URL is: %s\n", call->method,
                        call->place.target, location);
        gr_answer_free(answer);
        answer = rc ? NULL : send_call(call);
    }
    return answer;
}

gr_answer *gr_test_call_with(gr_test *test, const char *method, const char *target, const gr_test_options *options)
{
    gr_test_options own = {.size = sizeof own};
    if (options && !gr_sized_take(&own, sizeof own, options, offsetof(gr_test_options, body)))
        return NULL;
    struct test_call call = {.test = test, .client = gri_test_client_of(test), .method = method, .options = &own};
    gr_answer *answer = test_call_begin(&call, target) ? follow_redirects(&call, send_call(&call)) : NULL;
    test_call_end(&call);
    return answer;
}

/* --- the short forms --- */

gr_answer *gr_test_request(gr_test *test, const char *method, const char *target, const char *const *headers,
                           const void *body, size_t len)
{
    const gr_test_options options = {.size = sizeof options, .headers = headers, .body = body, .len = len};
    return gr_test_call_with(test, method, target, &options);
}

gr_answer *gr_test_get(gr_test *test, const char *target)
{
    return gr_test_call_with(test, "GET", target, NULL);
}

gr_answer *gr_test_post_json(gr_test *test, const char *target, const char *json)
{
    const gr_test_options options = {.size = sizeof options, .json = json};
    return gr_test_call_with(test, "POST", target, &options);
}
