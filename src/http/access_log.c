#include "http/access_log.h"

#include "base/escape.h"
#include "base/print.h"
#include "http/status.h"

enum { LINE_TEXT = 1024, ID_TEXT = 192, PEER_TEXT = INET6_ADDRSTRLEN + 16 };

/* A status that says so: the client's doing is a 4xx, ours a 5xx, whatever status had been sent by then. */
static const struct {
    int status;
    const char *why;
    const char *warning; /* NULL: an operator need not be told, or was */
} ends[] = {
    [GRI_ANSWERED_WHOLE] = {0, NULL, NULL},
    [GRI_CLIENT_LEFT] = {499, "its client left", NULL},
    [GRI_CLIENT_SLOW] = {499, "its client took too little", "its client took too little, and was cut off"},
    [GRI_STOPPED] = {503, "the server stops", "cut off at the stop's deadline"},
    [GRI_NO_MEMORY] = {503, "out of memory", "out of memory: closed"},
    [GRI_WRITER_FAILED] = {500, "its writer failed", NULL},
    [GRI_WROTE_LESS] = {500, "its writer wrote too little", "its writer wrote less than the length it had announced"},
    [GRI_WROTE_MORE] = {500, "its writer wrote too much", "its writer wrote more than the length it had announced"},
    [GRI_NO_REPLY] =
        {500, "no reply was made",
         "closed without a reply: it returned gr_failed(req, GR_ECANCELED), though nobody had cancelled it"},
};

/* As much as there is room for, escaped. */
static size_t access_append(char *out, size_t room, size_t len, struct gri_str text)
{
    return room - len < 4 ? len : len + gri_escape(out + len, room - len, text);
}

static size_t access_put_request(char *out, size_t room, const struct gri_head *head)
{
    size_t len = access_append(out, room, 0, head->method);
    len = access_append(out, room, len, GRI_STR(" "));
    return access_append(out, room, len, head->target);
}

const char *gri_request_text(char text[GRI_REQUEST_TEXT], const struct gri_head *head)
{
    text[access_put_request(text, GRI_REQUEST_TEXT - 1, head)] = '\0';
    return text;
}

static bool access_is_line_end(char c)
{
    return c == '\r' || c == '\n';
}

/* What came of a head, up to the end of its first line; line ends may come before it (RFC 9112 section 2.2). */
static struct gri_str first_line(struct gri_str raw)
{
    size_t begin = 0, end;
    while (begin < raw.len && access_is_line_end(raw.at[begin]))
        begin++;
    for (end = begin; end < raw.len && !access_is_line_end(raw.at[end]);)
        end++;
    return (struct gri_str){raw.at + begin, end - begin};
}

static const char *put_line_of(char text[LINE_TEXT], const struct gri_access *access)
{
    size_t len;
    if (access->head) {
        len = access_put_request(text, LINE_TEXT - sizeof " HTTP/1.1", access->head);
        memcpy(text + len, access->head->minor ? " HTTP/1.1" : " HTTP/1.0", sizeof " HTTP/1.1");
        return text;
    }
    len = access_append(text, LINE_TEXT - 1, 0, first_line(access->raw));
    text[len] = '\0';
    return text;
}

static const char *put_peer(char text[PEER_TEXT], const struct gri_peer *peer)
{
    char host[INET6_ADDRSTRLEN] = "";
    if (peer->family)
        uv_inet_ntop(peer->family == 4 ? AF_INET : AF_INET6, peer->address, host, sizeof host);
    gri_snprintf(text, PEER_TEXT, peer->family == 6 ? "[%s]:%u" : "%s:%u", host, (unsigned)peer->port);
    return text;
}

/* " order-66", or "". */
static const char *put_id(char text[ID_TEXT], const char *id)
{
    size_t len = 0;
    if (id) {
        text[len++] = ' ';
        len += gri_escape(text + 1, ID_TEXT - 2, gri_str_from(id));
    }
    text[len] = '\0';
    return text;
}

static const char *put_why(char text[ID_TEXT], const struct gri_access *access)
{
    *text = '\0';
    if (access->end != GRI_ANSWERED_WHOLE)
        gri_snprintf(text, ID_TEXT, "%s%.100s%s why=\"%s\"", access->operation ? " operation=\"" : "",
                     access->operation ? access->operation : "", access->operation ? "\"" : "", ends[access->end].why);
    return text;
}

/* uvicorn's line, 127.0.0.1:50123 - "GET /items/1?q=x HTTP/1.1" 200 OK, and behind it what it does not say. */
static void access_put(const struct gri_http *http, const struct gri_access *access)
{
    char peer[PEER_TEXT], line[LINE_TEXT], id[ID_TEXT], why[ID_TEXT];
    int status = access->end == GRI_ANSWERED_WHOLE ? access->status : ends[access->end].status;
    gri_log(http->log, GRI_LOG_INFO, "%s - \"%s\" %d %s%s bytes=%zu ms=%lld%s", put_peer(peer, access->peer),
            put_line_of(line, access), status, gri_status_phrase(status), put_id(id, access->id), access->bytes,
            (long long)access->ms, put_why(why, access));
}

static GRI_COLD void access_warn(const struct gri_http *http, const struct gri_access *access)
{
    char text[GRI_REQUEST_TEXT];
    if (access->head && ends[access->end].warning)
        gri_log(http->log, GRI_LOG_WARNING, "operation \"%s\": %s: after %lld ms and %zu bytes: %s", access->operation,
                gri_request_text(text, access->head), (long long)access->ms, access->bytes, ends[access->end].warning);
}

void gri_access_log(const struct gri_http *http, const struct gri_access *access)
{
    if (access->end != GRI_ANSWERED_WHOLE)
        access_warn(http, access);
    if (http->access_log)
        access_put(http, access);
}

void gri_access_log_unsent(const struct gri_http *http, const struct gri_peer *peer, size_t bytes, enum gri_end end)
{
    char text[PEER_TEXT];
    gri_log(http->log, end == GRI_CLIENT_LEFT ? GRI_LOG_INFO : GRI_LOG_WARNING,
            "%s: closed before the last %zu bytes of its replies were taken: %s", put_peer(text, peer), bytes,
            ends[end].why);
}
