#include <stdio.h>

#include "fetch/transfer.h"

/* Longer than any transfer waits for its turn with what was resolved for it. */
enum { RESOLVED_S = 600 };

/* libcurl would start a thread for each name, which lives on when nobody waits for it any more. The names it has by
 * then; what is left are addresses in figures. */
static int on_resolve(void *resolver, void *reserved, void *user)
{
    const struct gri_transfer *transfer = user;
    (void)resolver, (void)reserved;
    return transfer->has_literal ? 0 : 1;
}

static int fail_to_resolve(struct gri_transfer *transfer, int rc, const char *what, const char *host)
{
    if (rc == GR_ETIMEDOUT || rc == GR_ECANCELED || rc == GR_ENOMEM)
        return gri_transfer_fail(transfer, rc, NULL);
    snprintf(transfer->error, sizeof transfer->error, "Could not resolve %s: %.200s", what, host);
    return gri_transfer_fail(transfer, rc, transfer->error);
}

static int resolve(gr_co co, struct gri_transfer *transfer, const struct gri_place *place, const char *what)
{
    if (gri_place_is_literal(place)) {
        transfer->has_literal = true;
        return 0;
    }
    int rc = gri_names_resolve(co, &transfer->client->names, place->host, place->port, &transfer->resolved);
    return rc < 0 ? fail_to_resolve(transfer, rc, what, place->host) : 0;
}

static int resolve_by(gr_co co, struct gri_transfer *transfer, const char *proxy_url)
{
    struct gri_place proxy;
    CURLUcode code = gri_proxy_place(&proxy, proxy_url);
    if (code != CURLUE_OK)
        return gri_transfer_fail(transfer, code == CURLUE_OUT_OF_MEMORY ? GR_ENOMEM : GR_EINVAL,
                                 "the proxy's URL is not one");
    int rc = resolve(co, transfer, &proxy, "proxy");
    return rc == 0 && gri_proxy_wants_addresses(&proxy) ? resolve(co, transfer, &transfer->place, "host") : rc;
}

/* What was resolved for an earlier place is not freed before libcurl has the new list. */
static int resolve_all(gr_co co, struct gri_transfer *transfer, const char *proxy)
{
    struct curl_slist *before = transfer->resolved;
    transfer->resolved = NULL;
    transfer->has_literal = false;
    int rc = proxy ? resolve_by(co, transfer, proxy) : resolve(co, transfer, &transfer->place, "host");
    curl_easy_setopt(transfer->easy, CURLOPT_RESOLVE, transfer->resolved);
    curl_slist_free_all(before);
    return rc;
}

/* The proxy is decided here, so libcurl is not to decide again. */
static CURLcode set_way(struct gri_transfer *transfer, const char *proxy, int64_t connect_ms)
{
    CURL *easy = transfer->easy;
    return GRI_FETCH_ALL(curl_easy_setopt(easy, CURLOPT_PROXY, proxy ? proxy : ""),
                         curl_easy_setopt(easy, CURLOPT_NOPROXY, ""),
                         curl_easy_setopt(easy, CURLOPT_RESOLVER_START_FUNCTION, on_resolve),
                         curl_easy_setopt(easy, CURLOPT_RESOLVER_START_DATA, transfer),
                         curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, (long)RESOLVED_S),
                         curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(connect_ms > 0 ? connect_ms : 1)));
}

static int hand_over(struct gri_transfer *transfer)
{
    CURLMcode code = curl_multi_add_handle(transfer->client->multi, transfer->easy);
    if (code != CURLM_OK)
        return gri_transfer_fail(transfer, code == CURLM_OUT_OF_MEMORY ? GR_ENOMEM : GR_EIO, curl_multi_strerror(code));
    transfer->added = true;
    transfer->client->transfers++;
    return 0;
}

int gri_transfer_depart(gr_co co, struct gri_transfer *transfer)
{
    const gr_client_options *options = &transfer->client->options;
    const char *proxy = gri_proxy_for(&transfer->place, options->proxy);
    int64_t end_ms = gr_now_ms(co) + options->connect_timeout_ms;
    int rc = resolve_all(gr_within(co, options->connect_timeout_ms), transfer, proxy);
    if (rc < 0)
        return rc;
    CURLcode code = set_way(transfer, proxy, end_ms - gr_now_ms(co));
    return code ? gri_transfer_fail(transfer, gri_fetch_code(transfer->easy, code), curl_easy_strerror(code))
                : hand_over(transfer);
}
