#include <string.h>

#include "fetch/transfer.h"

/* jansson reads and writes by recursion, on a coroutine's stack; so what is deep is refused before. */
enum { MAX_DEPTH = 64 };

/* Text that is no JSON may be miscounted: it is refused in either case. */
static bool is_text_deep(const char *text, size_t len)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        if (quoted && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && (text[i] == '[' || text[i] == '{'))
            depth++;
        else if (!quoted && (text[i] == ']' || text[i] == '}'))
            depth--;
        if (depth > MAX_DEPTH)
            return true;
    }
    return false;
}

static bool is_deep(const json_t *value, int levels)
{
    bool deep = levels < 0;
    if (json_is_array(value))
        for (size_t i = 0; i < json_array_size(value) && !deep; i++)
            deep = is_deep(json_array_get(value, i), levels - 1);
    void *at = json_is_object(value) ? json_object_iter((json_t *)(uintptr_t)value) : NULL;
    for (; at && !deep; at = json_object_iter_next((json_t *)(uintptr_t)value, at))
        deep = is_deep(json_object_iter_value(at), levels - 1);
    return deep;
}

int gr_response_json(const gr_response *response, json_t **value)
{
    json_error_t error;
    *value = NULL;
    if (response->body_len == 0)
        return 0;
    if (is_text_deep(response->body, response->body_len))
        return -EPROTO;
    *value = json_loadb(response->body, response->body_len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (*value)
        return 0;
    return json_error_code(&error) == json_error_out_of_memory ? GR_ENOMEM : -EPROTO;
}

static bool needs_body(const char *method)
{
    return method && (strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0);
}

static int fetch(gr_co co, gr_client *client, const gr_fetch_request *request, json_t **answer)
{
    gr_response response;
    int rc = gr_fetch(co, client, request, &response);
    if (rc < 0)
        return rc;
    rc = gr_response_json(&response, answer);
    int status = response.status;
    gr_response_finish(&response);
    return status >= 200 && status < 300 ? rc : status;
}

static int fetch_with_body(gr_co co, gr_client *client, const char *method, const char *url, const json_t *body,
                           json_t **answer)
{
    static const char *const headers[] = {"Accept", "application/json", "Content-Type", "application/json", NULL};
    if (is_deep(body, MAX_DEPTH))
        return GR_EINVAL;
    char *text = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!text)
        return GR_ENOMEM;
    int rc = fetch(co, client,
                   GR_FETCH(.url = url, .method = method, .headers = headers, .body = text, .body_len = strlen(text)),
                   answer);
    json_free_t release;
    json_get_alloc_funcs(NULL, &release);
    release(text);
    return rc;
}

int gr_fetch_json(gr_co co, gr_client *client, const char *method, const char *url, json_t *body, json_t **answer)
{
    static const char *const headers[] = {"Accept", "application/json", NULL};
    *answer = NULL;
    if (!body)
        return needs_body(method)
                   ? GR_EINVAL
                   : fetch(co, client, GR_FETCH(.url = url, .method = method, .headers = headers), answer);
    int rc = fetch_with_body(co, client, method, url, body, answer);
    json_decref(body);
    return rc;
}
