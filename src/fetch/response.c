#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/transfer.h"

struct field {
    const char *name, *value;
};

/* What a response holds; the strings lie behind the fields. */
struct gr_response_head {
    char *body;
    size_t n;
    struct field fields[];
};

/* --- from a transfer --- */

static struct curl_header *next_header(const struct gri_transfer *transfer, struct curl_header *last)
{
    return curl_easy_nextheader(transfer->easy, CURLH_HEADER, -1, last);
}

static const char *url_of(const struct gri_transfer *transfer)
{
    const char *url = NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &url);
    return url ? url : "";
}

static struct gr_response_head *allocate(const struct gri_transfer *transfer, size_t *n)
{
    size_t bytes = strlen(url_of(transfer)) + 1;
    *n = 0;
    for (struct curl_header *header = NULL; (header = next_header(transfer, header)); ++*n)
        bytes += strlen(header->name) + strlen(header->value) + 2;
    return malloc(sizeof(struct gr_response_head) + *n * sizeof(struct field) + bytes);
}

/* Copies to *at and moves it on. */
static const char *keep(char **at, const char *text)
{
    size_t size = strlen(text) + 1;
    const char *copy = memcpy(*at, text, size);
    *at += size;
    return copy;
}

static bool fill_head(const struct gri_transfer *transfer, gr_response *response)
{
    size_t n;
    struct gr_response_head *head = allocate(transfer, &n);
    if (!head)
        return false;
    *head = (struct gr_response_head){.n = 0};
    char *at = (char *)&head->fields[n];
    response->url = keep(&at, url_of(transfer));
    for (struct curl_header *header = NULL; (header = next_header(transfer, header)); head->n++) {
        head->fields[head->n].name = keep(&at, header->name);
        head->fields[head->n].value = keep(&at, header->value);
    }
    response->head = head;
    return true;
}

static void fill(struct gri_transfer *transfer, gr_response *response)
{
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    response->status = (int)status;
    response->body = "";
    if (transfer->streams || !transfer->in.data)
        return;
    response->body = response->head->body = transfer->in.data;
    response->body_len = transfer->in.len;
    transfer->in = (struct gri_fetch_buf){0};
}

static const char *reason(const struct gri_transfer *transfer, int rc)
{
    if (transfer->rc == rc)
        return transfer->why ? transfer->why : gr_strerror(rc);
    if (transfer->done && rc == gri_transfer_result(transfer))
        return transfer->error[0] ? transfer->error : curl_easy_strerror(transfer->code);
    return gr_strerror(rc);
}

int gri_transfer_tell(struct gri_transfer *transfer, int rc, gr_response *response)
{
    if (rc == 0 && !fill_head(transfer, response))
        rc = gri_transfer_fail(transfer, GR_ENOMEM, NULL);
    if (rc == 0)
        fill(transfer, response);
    else
        snprintf(response->error, sizeof response->error, "%s", reason(transfer, rc));
    return rc;
}

/* --- for the caller --- */

bool gr_response_header_at(const gr_response *response, size_t i, const char **name, const char **value)
{
    if (!response->head || i >= response->head->n)
        return false;
    *name = response->head->fields[i].name;
    *value = response->head->fields[i].value;
    return true;
}

const char *gr_response_header(const gr_response *response, const char *name)
{
    const char *at, *value;
    for (size_t i = 0; gr_response_header_at(response, i, &at, &value); i++)
        if (curl_strequal(at, name))
            return value;
    return NULL;
}

void gr_response_finish(gr_response *response)
{
    if (response->head)
        free(response->head->body);
    free(response->head);
    *response = (gr_response){0};
}
