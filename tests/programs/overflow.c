/* Overflows the stack of a coroutine: in each way that there is, at each place where an application's function runs. */
#include <alloca.h>
#include <griddle.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

static volatile size_t zero;

/* Only the far end is written to: what lies between is jumped over. */
NOINLINE static int frame(void)
{
    volatile char large[FRAME_KIB * 1024];
    large[zero] = 1;
    return large[zero];
}

/* Wider than the guard. */
NOINLINE static int wide(void)
{
    volatile char large[4096 * 1024];
    large[zero] = 1;
    return large[zero];
}

NOINLINE static int by_alloca(void)
{
    volatile char *large = alloca((FRAME_KIB + zero) * 1024);
    large[0] = 1;
    return large[0];
}

NOINLINE static int recursion(int depth)
{
    volatile char small[100];
    small[zero] = (char)depth;
    return depth ? recursion(depth - 1) + small[zero] : 0;
}

static int overflow(const char *way)
{
    if (!way)
        return 0;
    return !strcmp(way, "frame")    ? frame()
           : !strcmp(way, "wide")   ? wide()
           : !strcmp(way, "alloca") ? by_alloca()
                                    : recursion(1 << 20);
}

static const char *way_of(gr_req *req, const char *place)
{
    return strcmp(gr_path(req), place) ? NULL : gr_query(req, "way");
}

static gr_reply handler(gr_co co, gr_req *req)
{
    (void)co;
    return overflow(gr_query(req, "way")) ? gr_text(req, "x") : gr_text(req, "");
}
GR_GET("/handler", handler);
GR_ROUTE_AS(larger, "GET", "/larger", handler, .stack_bytes = 100000);

static int task(gr_co co, void *arg)
{
    int rc = gr_yield(co);
    return rc ? rc : overflow(arg);
}

static gr_reply starter(gr_co co, gr_req *req)
{
    gr_task *child;
    int rc = gr_spawn(co, &child, task, (void *)(uintptr_t)gr_query(req, "way"));
    if (rc == 0)
        rc = gr_join(co, child);
    return gr_failed(req, rc);
}
GR_GET("/task", starter);

static void teardown(gr_co co, gr_req *req, void *arg, gr_outcome outcome)
{
    (void)co, (void)req, (void)outcome;
    overflow(arg);
}

static gr_reply deferring(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, teardown, (void *)(uintptr_t)gr_query(req, "way"));
    return rc ? gr_failed(req, rc) : gr_text(req, "x");
}
GR_GET("/teardown", deferring);

static gr_reply middleware(gr_co co, gr_req *req, gr_next *next)
{
    overflow(way_of(req, "/middleware"));
    return gr_call_next(co, req, next);
}

static gr_reply wrapped(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "x");
}
GR_GET("/middleware", wrapped);

int main(int argc, char **argv)
{
    gr_app *app = gr_app_create("Overflow", "1");
    gr_use(app, middleware);
    gr_app_add(app, &handler_route, &larger_route, &starter_route, &deferring_route, &wrapped_route);
    return gr_main(app, argc, argv);
}
