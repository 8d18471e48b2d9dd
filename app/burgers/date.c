/* A clock that streams: asyncio's example of a coroutine that shows the date every second, one line a tick. */
#include <time.h>

#include "shop.h"

struct date {
    int64_t seconds, every_ms;
};
static GR_INPUT(date, GR_QUERY(seconds, GR_DEFAULT(5), GR_GE(0), GR_LE(3600), .doc = "How long"),
                GR_QUERY(every_ms, GR_DEFAULT(1000), GR_GE(10), GR_LE(60000), .doc = "Milliseconds a line"));

static int write_date(gr_co co, gr_writer *writer)
{
    char line[64];
    struct tm tm;
    time_t now = time(NULL);
    gmtime_r(&now, &tm);
    size_t len = strftime(line, sizeof line, "%Y-%m-%d %H:%M:%S UTC\n", &tm);
    return gr_write(co, writer, line, len);
}

/* A client that leaves ends it: gr_write() says so. So does a server that stops, instead of the next tick. */
static int tick(gr_co co, gr_writer *writer, void *arg)
{
    const struct date *date = arg;
    int64_t end_ms = gr_now_ms(co) + date->seconds * 1000;
    int rc = write_date(co, writer);
    while (rc == 0 && gr_now_ms(co) + date->every_ms <= end_ms) {
        rc = gr_wait_stopping(gr_within(co, date->every_ms));
        if (rc != GR_ETIMEDOUT)
            return rc;
        rc = write_date(co, writer);
    }
    return rc;
}

static gr_reply date(GR_UNUSED gr_co co, gr_req *req, const struct date *in)
{
    return gr_stream(req, "text/plain; charset=utf-8", tick, (void *)(uintptr_t)in);
}
GR_GET("/date", date, .summary = "The date, a line a tick", .deadline_ms = -1);

void add_date(gr_app *app)
{
    gr_app_add(app, &date_route);
}
