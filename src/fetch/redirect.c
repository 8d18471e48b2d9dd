#include <stdio.h>
#include <string.h>

#include "fetch/transfer.h"

/* --- where it leads --- */

/* The Location, relative to the URL that answered (RFC 9110 section 10.2.2), as browsers read it. */
static CURLUcode parse_location(struct gri_transfer *transfer, CURLU *parsed)
{
    struct curl_header *location;
    const char *url = NULL;
    if (curl_easy_header(transfer->easy, "Location", 0, CURLH_HEADER, -1, &location) != CURLHE_OK)
        return CURLUE_MALFORMED_INPUT;
    curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &url);
    CURLUcode code = curl_url_set(parsed, CURLUPART_URL, url, 0);
    if (code != CURLUE_OK)
        return code;
    return curl_url_set(parsed, CURLUPART_URL, location->value,
                        CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE);
}

static int fail_to_lead(struct gri_transfer *transfer, CURLUcode code)
{
    if (code == CURLUE_OUT_OF_MEMORY)
        return gri_transfer_fail(transfer, GR_ENOMEM, NULL);
    return gri_transfer_fail(transfer, -EPROTO, curl_url_strerror(code));
}

static int refuse_scheme(struct gri_transfer *transfer, CURLU *parsed)
{
    char *scheme = NULL;
    curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
    snprintf(transfer->error, sizeof transfer->error, "a redirect to %.20s: is not followed", scheme ? scheme : "");
    curl_free(scheme);
    return gri_transfer_fail(transfer, -EPROTO, transfer->error);
}

static int set_place(struct gri_transfer *transfer, CURLU *parsed)
{
    struct gri_place place;
    char *url = NULL;
    CURLUcode code = gri_place_of(&place, parsed);
    if (code == CURLUE_OK)
        code = curl_url_get(parsed, CURLUPART_URL, &url, 0);
    if (code != CURLUE_OK)
        return fail_to_lead(transfer, code);
    transfer->is_elsewhere |= !gri_place_is(&place, &transfer->place);
    transfer->place = place;
    CURLcode set = curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
    curl_free(url);
    return set ? gri_transfer_fail(transfer, gri_fetch_code(transfer->easy, set), NULL) : 0;
}

static int find_place(struct gri_transfer *transfer)
{
    CURLU *parsed = curl_url();
    CURLUcode code = parsed ? parse_location(transfer, parsed) : CURLUE_OUT_OF_MEMORY;
    int rc = code != CURLUE_OK          ? fail_to_lead(transfer, code)
             : gri_place_is_web(parsed) ? set_place(transfer, parsed)
                                        : refuse_scheme(transfer, parsed);
    curl_url_cleanup(parsed);
    return rc;
}

/* --- what is sent there --- */

/* RFC 9110 section 15.4: where browsers make it a GET. */
static bool becomes_get(const struct gri_transfer *transfer)
{
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == 303)
        return strcmp(transfer->method, "GET") != 0 && strcmp(transfer->method, "HEAD") != 0;
    return (status == 301 || status == 302) && strcmp(transfer->method, "POST") == 0;
}

static int make_it_get(struct gri_transfer *transfer)
{
    transfer->method = "GET";
    transfer->is_bodiless = true;
    transfer->pull = NULL;
    transfer->wants_body = false;
    CURLcode code = GRI_FETCH_ALL(curl_easy_setopt(transfer->easy, CURLOPT_HTTPGET, 1L),
                                  curl_easy_setopt(transfer->easy, CURLOPT_CUSTOMREQUEST, NULL));
    return code ? gri_transfer_fail(transfer, gri_fetch_code(transfer->easy, code), NULL) : 0;
}

static int keep_body(struct gri_transfer *transfer)
{
    if (transfer->pull && transfer->has_pulled)
        return gri_transfer_fail(transfer, GR_EPIPE, "a redirect wants the pulled body again: there is no rewind");
    return 0;
}

static void forget_answer(struct gri_transfer *transfer)
{
    transfer->redirected = transfer->moved = false;
    transfer->skipped = 0;
    transfer->error[0] = '\0';
}

int gri_transfer_redirect(struct gri_transfer *transfer)
{
    gri_transfer_take_back(transfer);
    if (++transfer->redirects > transfer->request->max_redirects)
        return gri_transfer_fail(transfer, -ELOOP, "more redirects than allowed");
    forget_answer(transfer);
    int rc = becomes_get(transfer) ? make_it_get(transfer) : keep_body(transfer);
    if (rc == 0)
        rc = find_place(transfer);
    return rc == 0 ? gri_transfer_set_headers(transfer) : rc;
}
