/* A server with the mistake that the watchdog looks for, and coroutines to list. */
#include <griddle.h>
#include <stdlib.h>
#include <time.h>

static int64_t ms_of(gr_req *req)
{
    const char *ms = gr_query(req, "ms");
    return ms ? atoll(ms) : 300;
}

/* The watchdog does not interrupt it. */
static void block(int64_t ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    if (nanosleep(&time, NULL) < 0)
        abort();
}

static gr_reply stuck(gr_co co, gr_req *req)
{
    (void)co;
    block(ms_of(req));
    return gr_text(req, "sorry");
}
GR_GET("/stuck", stuck);

static gr_reply spins(gr_co co, gr_req *req)
{
    int64_t end_ms = gr_now_ms(co) + ms_of(req);
    while (gr_now_ms(co) < end_ms)
        ;
    return gr_text(req, "sorry");
}
GR_GET("/spins", spins);

static gr_reply waits(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, ms_of(req));
    return rc ? gr_failed(req, rc) : gr_text(req, "fine");
}
GR_GET("/waits", waits);

static gr_reply works(gr_req *req)
{
    block(ms_of(req));
    return gr_text(req, "fine");
}
GR_GET("/works", works);
GR_ROUTE_AS(works_late, "GET", "/works-late", works, .deadline_ms = 20);

static gr_reply reads(gr_co co, gr_req *req)
{
    char *text;
    size_t len;
    int rc = gr_file_read_all(gr_within(co, 50), gr_query(req, "path"), 1000, &text, &len);
    free(text);
    return rc ? gr_failed(req, rc) : gr_text(req, "read");
}
GR_GET("/reads", reads);

int main(int argc, char **argv)
{
    gr_app *app = gr_app_create("Stuck", "1");
    gr_app_add(app, &stuck_route, &spins_route, &waits_route, &works_route, &works_late_route, &reads_route,
               gr_debug_tasks_route());
    return gr_main(app, argc, argv);
}
