#include "http/http.h"

#include <stdlib.h>
#include <time.h>

#include "base/print.h"
#include "base/str.h"
#include "http/conn.h"

/* Times are added to the clock and multiplied by a rate: a century is as good as for ever. */
static void cap(int64_t *ms)
{
    const int64_t century_ms = INT64_C(100) * 365 * 24 * 3600 * 1000;
    if (*ms < 0 || *ms > century_ms)
        *ms = century_ms;
}

/* The head guard counts in 32 bits. */
static void cap_bytes(size_t *bytes)
{
    const size_t gigabyte = (size_t)1 << 30;
    if (*bytes > gigabyte)
        *bytes = gigabyte;
}

static void cap_limits(gr_limits *limits)
{
    cap_bytes(&limits->uri_bytes);
    cap_bytes(&limits->head_bytes);
    cap(&limits->head_ms);
    cap(&limits->body_ms);
    cap(&limits->keep_alive_ms);
    cap(&limits->write_ms);
    cap(&limits->linger_ms);
    cap(&limits->linger_most_ms);
}

/* So that a request for which there is no memory can be told so. */
enum { LEAST_OUT = 4096 };

int gri_http_init(struct gri_http *http, struct gri_sched *sched, const struct gri_service *service,
                  const gr_limits *limits)
{
    *http = (struct gri_http){
        .sched = sched,
        .log = sched->log,
        .limits = *limits,
        .service = *service,
        .read_block = malloc(GRI_READ_BLOCK),
        .head_until_ms = INT64_MIN,
    };
    cap_limits(&http->limits);
    gri_buf_init(&http->out, NULL);
    if (http->read_block && gri_buf_reserve(&http->out, LEAST_OUT))
        return 0;
    free(http->read_block);
    http->read_block = NULL;
    return GR_ENOMEM;
}

void gri_http_finish(struct gri_http *http)
{
    gri_buf_finish(&http->out);
    free(http->read_block);
    gri_addresses_finish(&http->addresses);
    http->read_block = NULL;
}

static void for_each_conn(struct gri_http *http, void (*fn)(struct gri_conn *))
{
    for (struct gri_conn *conn = http->conns, *next; conn; conn = next) {
        next = conn->next;
        fn(conn);
    }
}

void gri_http_stop(struct gri_http *http)
{
    http->stopping = true;
    for_each_conn(http, gri_conn_stop);
    if (!http->conns && http->drained)
        http->drained(http);
}

static void stop_now(struct gri_conn *conn)
{
    gri_conn_abort(conn, GRI_STOPPED);
}

void gri_http_abort(struct gri_http *http)
{
    http->stopping = http->aborted = true;
    for_each_conn(http, stop_now);
}

/* Own names of days and months: strftime's are the locale's. */
static size_t format_head(char *out, size_t size, const struct tm *tm)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int n = gri_snprintf(out, size, GRI_STATUS_LINE_OK GRI_SERVER_LINE "date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
                         days[tm->tm_wday], tm->tm_mday, months[tm->tm_mon], tm->tm_year + 1900, tm->tm_hour,
                         tm->tm_min, tm->tm_sec);
    return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

struct gri_str gri_http_head(struct gri_http *http)
{
    int64_t now_ms = gri_loop_ms(http->sched);
    if (now_ms >= http->head_until_ms) {
        struct timespec wall;
        struct tm tm;
        clock_gettime(CLOCK_REALTIME, &wall);
        gmtime_r(&wall.tv_sec, &tm);
        http->head_len = format_head(http->head, sizeof http->head, &tm);
        http->head_until_ms = now_ms + 1000 - wall.tv_nsec / 1000000;
    }
    return (struct gri_str){http->head, http->head_len};
}
