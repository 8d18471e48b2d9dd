#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fetch/transfer.h"

enum { MAX_HEAD = 256 * 1024 };

/* --- what libcurl calls --- */

static bool is_redirect(const struct gri_transfer *transfer, long status)
{
    struct curl_header *location;
    return transfer->request->max_redirects > 0 && status >= 300 && status < 400 &&
           curl_easy_header(transfer->easy, "Location", 0, CURLH_HEADER, -1, &location) == CURLHE_OK &&
           *location->value;
}

/* Once, while the request is still borrowed: trailers end like a head. */
static void end_head(struct gri_transfer *transfer)
{
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || transfer->head_done || transfer->redirected)
        return;
    transfer->redirected = is_redirect(transfer, status);
    transfer->head_done = !transfer->redirected;
    gr_event_set(&transfer->changed);
}

static size_t on_header(char *line, size_t size, size_t n, void *user)
{
    struct gri_transfer *transfer = user;
    n *= size;
    transfer->head_bytes += n;
    if (transfer->head_bytes > MAX_HEAD) {
        gri_transfer_fail(transfer, GR_EMSGSIZE, "the head of the answer is larger than 256 KiB");
        return CURL_WRITEFUNC_ERROR;
    }
    if (n > 0 && (line[0] == '\r' || line[0] == '\n'))
        end_head(transfer);
    return n;
}

/* A NUL is kept behind what is here. */
static bool put(struct gri_fetch_buf *buf, const char *data, size_t n)
{
    if (n >= buf->size - buf->len) {
        size_t size = (buf->len + n + 1) * 2;
        char *larger = size > buf->len + n ? realloc(buf->data, size) : NULL;
        if (!larger)
            return false;
        buf->data = larger;
        buf->size = size;
    }
    memcpy(buf->data + buf->len, data, n);
    buf->len += n;
    buf->data[buf->len] = '\0';
    return true;
}

/* What a redirect says beside its Location: read where that is little, so that the connection can be used again. */
static size_t skip(struct gri_transfer *transfer, size_t n)
{
    transfer->skipped += n;
    return transfer->skipped <= GRI_FETCH_WINDOW ? n : CURL_WRITEFUNC_ERROR;
}

static size_t on_body(char *data, size_t size, size_t n, void *user)
{
    struct gri_transfer *transfer = user;
    n *= size;
    if (transfer->redirected)
        return skip(transfer, n);
    if (transfer->streams && transfer->in.len >= transfer->limit) {
        transfer->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (!transfer->streams && n > transfer->limit - transfer->in.len) {
        gri_transfer_fail(transfer, GR_EMSGSIZE, "the body of the answer is larger than its limit");
        return CURL_WRITEFUNC_ERROR;
    }
    if (!put(&transfer->in, data, n)) {
        gri_transfer_fail(transfer, GR_ENOMEM, NULL);
        return CURL_WRITEFUNC_ERROR;
    }
    if (transfer->streams)
        gr_event_set(&transfer->changed);
    return n;
}

static size_t on_body_wanted(char *to, size_t size, size_t n, void *user)
{
    struct gri_transfer *transfer = user;
    n *= size;
    if (transfer->up_len == 0 && transfer->up_ended)
        return 0;
    if (transfer->up_len == 0) {
        transfer->wants_body = true;
        gr_event_set(&transfer->changed);
        return CURL_READFUNC_PAUSE;
    }
    if (n > transfer->up_len)
        n = transfer->up_len;
    memcpy(to, transfer->up, n);
    transfer->up += n;
    transfer->up_len -= n;
    return n;
}

/* --- what libcurl is told --- */

static CURLcode set_callbacks(struct gri_transfer *transfer)
{
    CURL *easy = transfer->easy;
    return GRI_FETCH_ALL(
        curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer), curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error),
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header), curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer),
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body), curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer));
}

/* A descriptor of ours goes to no child. */
static curl_socket_t on_socket_wanted(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)user, (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Where to connect is decided when it departs; libcurl follows no redirect, since it would look up names itself. */
static CURLcode set_transport(CURL *easy, const gr_client_options *options)
{
    return GRI_FETCH_ALL(
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L), curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket_wanted),
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L), curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L),
        curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L),
        curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent),
        options->ca_file ? curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file) : CURLE_OK);
}

static CURLcode set_body(struct gri_transfer *transfer, const gr_fetch_request *request)
{
    CURL *easy = transfer->easy;
    bool unknown = request->pull && request->body_len == 0;
    CURLcode code = GRI_FETCH_ALL(
        curl_easy_setopt(easy, CURLOPT_POST, 1L),
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, unknown ? -1 : (curl_off_t)request->body_len));
    if (code || !request->pull)
        return GRI_FETCH_ALL(code, curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body ? request->body : ""));
    transfer->pull = request->pull;
    transfer->pull_arg = request->pull_arg;
    transfer->up_counted = !unknown;
    transfer->up_left = request->body_len;
    return GRI_FETCH_ALL(curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_body_wanted),
                         curl_easy_setopt(easy, CURLOPT_READDATA, transfer));
}

static CURLcode set_method(struct gri_transfer *transfer, const gr_fetch_request *request)
{
    CURL *easy = transfer->easy;
    const char *method = transfer->method;
    bool is_post = strcmp(method, "POST") == 0, has_body = request->pull || request->body_len > 0;
    if (strcmp(method, "HEAD") == 0)
        return curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (is_post || has_body) {
        CURLcode code = set_body(transfer, request);
        if (code || is_post)
            return code;
    }
    return strcmp(method, "GET") != 0 || has_body ? curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method) : CURLE_OK;
}

/* Parsed here, since libcurl guesses a scheme where there is none. */
static CURLUcode parse_url(struct gri_place *place, const char *url)
{
    CURLU *parsed = curl_url();
    CURLUcode code = parsed ? curl_url_set(parsed, CURLUPART_URL, url, 0) : CURLUE_OUT_OF_MEMORY;
    if (code == CURLUE_OK)
        code = gri_place_is_web(parsed) ? gri_place_of(place, parsed) : CURLUE_UNSUPPORTED_SCHEME;
    curl_url_cleanup(parsed);
    return code;
}

static int check_url(struct gri_transfer *transfer, const char *url)
{
    CURLUcode code = parse_url(&transfer->place, url);
    if (code == CURLUE_OUT_OF_MEMORY)
        return gri_transfer_fail(transfer, GR_ENOMEM, NULL);
    return code == CURLUE_OK ? 0 : gri_transfer_fail(transfer, GR_EINVAL, curl_url_strerror(code));
}

static int check_request(struct gri_transfer *transfer, const gr_fetch_request *request)
{
    const char *method = transfer->method;
    if (!gri_fetch_is_token(method) || strcmp(method, "CONNECT") == 0)
        return gri_transfer_fail(transfer, GR_EINVAL, "the method is not a token, or CONNECT");
    if (strcmp(method, "HEAD") == 0 && (request->pull || request->body_len > 0))
        return gri_transfer_fail(transfer, GR_EINVAL, "HEAD has no body");
    return check_url(transfer, request->url);
}

int gri_transfer_prepare(struct gri_transfer *transfer)
{
    const gr_fetch_request *request = transfer->request;
    if (request->size != sizeof *request || !request->url)
        return gri_transfer_fail(transfer, GR_EINVAL, "the request has no url, or its size is not set: use GR_FETCH()");
    transfer->method = request->method ? request->method : request->pull || request->body_len > 0 ? "POST" : "GET";
    int rc = check_request(transfer, request);
    if (rc == 0)
        rc = gri_transfer_set_headers(transfer);
    if (rc < 0)
        return rc;
    CURLcode code =
        GRI_FETCH_ALL(set_callbacks(transfer), set_transport(transfer->easy, &transfer->client->options),
                      set_method(transfer, request), curl_easy_setopt(transfer->easy, CURLOPT_URL, request->url));
    return code ? gri_transfer_fail(transfer, gri_fetch_code(transfer->easy, code), curl_easy_strerror(code)) : 0;
}
