#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/transfer.h"

bool gri_fetch_is_token(const char *text)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *text && text[strspn(text, token)] == '\0';
}

/* RFC 9110 section 5.5, and no other control byte than a tab. */
static bool is_value(const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7f)
            return false;
    return true;
}

static bool has(const char *const *headers, const char *name)
{
    for (; headers && headers[0]; headers += 2)
        if (curl_strequal(headers[0], name))
            return true;
    return false;
}

static int append(struct gri_transfer *transfer, const char *line)
{
    struct curl_slist *list = curl_slist_append(transfer->headers, line);
    if (!list)
        return gri_transfer_fail(transfer, GR_ENOMEM, NULL);
    transfer->headers = list;
    return 0;
}

/* To libcurl "name:" says that the field is not to be sent, and "name;" that it is, with an empty value. */
static int add(struct gri_transfer *transfer, const char *name, const char *value)
{
    value += strspn(value, " \t");
    size_t size = strlen(name) + strlen(value) + 3;
    char *line = malloc(size);
    if (!line)
        return gri_transfer_fail(transfer, GR_ENOMEM, NULL);
    if (*value)
        snprintf(line, size, "%s: %s", name, value);
    else
        snprintf(line, size, "%s;", name);
    int rc = append(transfer, line);
    free(line);
    return rc;
}

static int check(struct gri_transfer *transfer, const char *name, const char *value)
{
    if (!gri_fetch_is_token(name))
        return gri_transfer_fail(transfer, GR_EINVAL, "a header field's name is not a token");
    if (!value || !is_value(value))
        return gri_transfer_fail(transfer, GR_EINVAL, "a header field's value has a control byte, or is NULL");
    if (curl_strequal(name, "Content-Length") || curl_strequal(name, "Transfer-Encoding"))
        return gri_transfer_fail(transfer, GR_EINVAL, "Content-Length and Transfer-Encoding are the client's to set");
    return 0;
}

static bool is_among(const char *name, const char *const *names)
{
    while (*names && !curl_strequal(name, *names))
        names++;
    return *names;
}

/* RFC 9110 section 15.4: what was meant for the first origin alone; and what tells of a body that is not sent. */
static bool is_left_out(const struct gri_transfer *transfer, const char *name)
{
    static const char *const secret[] = {"Authorization", "Cookie", "Proxy-Authorization", "Host", NULL};
    static const char *const of_body[] = {"Content-Type", "Content-Encoding", "Content-Language", "Content-Location",
                                          NULL};
    return (transfer->is_elsewhere && is_among(name, secret)) || (transfer->is_bodiless && is_among(name, of_body));
}

/* What libcurl would add by itself: a type that may be wrong, and a wait for permission to send. */
static int add_defaults(struct gri_transfer *transfer, const gr_fetch_request *request)
{
    int rc = 0;
    if (transfer->is_bodiless || !has(request->headers, "Content-Type"))
        rc = append(transfer, "Content-Type:");
    if (rc == 0 && !has(request->headers, "Expect"))
        rc = append(transfer, "Expect:");
    if (rc == 0 && request->pull && request->body_len == 0 && !transfer->is_bodiless)
        rc = append(transfer, "Transfer-Encoding: chunked");
    return rc;
}

static int add_all(struct gri_transfer *transfer, const gr_fetch_request *request)
{
    int rc = add_defaults(transfer, request);
    for (const char *const *at = request->headers; rc == 0 && at && at[0]; at += 2) {
        rc = check(transfer, at[0], at[1]);
        if (rc == 0 && !is_left_out(transfer, at[0]))
            rc = add(transfer, at[0], at[1]);
    }
    return rc;
}

int gri_transfer_set_headers(struct gri_transfer *transfer)
{
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    int rc = add_all(transfer, transfer->request);
    CURLcode code = curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    return rc == 0 && code ? gri_transfer_fail(transfer, gri_fetch_code(transfer->easy, code), NULL) : rc;
}
