#include <griddle/json.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/transfer.h"

int gr_response_json(const gr_response *response, json_t **value)
{
    *value = NULL;
    int rc = response->body_len ? gr_json_read(response->body, response->body_len, value) : 0;
    return rc == 0 || rc == GR_ENOMEM ? rc : -EPROTO;
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
    char *text;
    size_t len;
    int rc = gr_json_write(body, 0, &text, &len);
    if (rc)
        return rc == GR_EMSGSIZE ? GR_EINVAL : rc;
    rc = fetch(co, client, GR_FETCH(.url = url, .method = method, .headers = headers, .body = text, .body_len = len),
               answer);
    free(text);
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
    gr_json_free(body);
    return rc;
}
