/* A server that crashes on request: /crash/KIND wherever WHERE says. With a handler of its own for SIGSEGV where the
 * environment says so. */
#include <griddle.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile uintptr_t low = 16;
static volatile int zero;
static void (*volatile nowhere)(void);

/* Not what a sanitizer checks. */
__attribute__((noinline)) static void write_low(void)
{
#if defined(__x86_64__)
    __asm__ volatile("movl $1, (%0)" ::"r"(low) : "memory");
#else
    *(volatile int *)low = 1;
#endif
}

__attribute__((noinline)) static void divide(void)
{
#if defined(__x86_64__)
    __asm__ volatile("xorl %%edx, %%edx; movl $1, %%eax; idivl %0" ::"r"(zero) : "eax", "edx", "cc");
#else
    raise(SIGFPE);
#endif
}

static void crash(const char *kind)
{
    if (!strcmp(kind, "segv"))
        write_low();
    if (!strcmp(kind, "call"))
        nowhere();
    if (!strcmp(kind, "fpe"))
        divide();
    if (!strcmp(kind, "ill"))
        __builtin_trap();
    if (!strcmp(kind, "abrt"))
        abort();
    if (!strcmp(kind, "bus"))
        raise(SIGBUS);
}

static const char *kind_of(gr_req *req)
{
    return gr_path_param(req, "kind");
}

static gr_reply in_async(gr_co co, gr_req *req)
{
    (void)co;
    crash(kind_of(req));
    return gr_text(req, "alive");
}
GR_GET("/async/{kind}", in_async);

static gr_reply in_blocking(gr_req *req)
{
    crash(kind_of(req));
    return gr_text(req, "alive");
}
GR_GET("/blocking/{kind}", in_blocking);

static int child(gr_co co, void *kind)
{
    int rc = gr_yield(co);
    crash(kind);
    return rc;
}

static gr_reply in_child(gr_co co, gr_req *req)
{
    gr_task *task;
    int rc = gr_spawn(co, &task, child, (void *)(uintptr_t)kind_of(req));
    rc = rc ? rc : gr_join(co, task);
    return rc ? gr_failed(req, rc) : gr_text(req, "alive");
}
GR_GET("/child/{kind}", in_child);

static int job(void *kind)
{
    crash(kind);
    return 0;
}

static gr_reply in_offload(gr_co co, gr_req *req)
{
    int rc = gr_offload(co, job, (void *)(uintptr_t)kind_of(req));
    return rc ? gr_failed(req, rc) : gr_text(req, "alive");
}
GR_GET("/offload/{kind}", in_offload);

static void tear_down(gr_req *req, void *kind, gr_outcome outcome)
{
    (void)req, (void)outcome;
    crash(kind);
}

static gr_reply in_teardown(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_defer(req, tear_down, (void *)(uintptr_t)kind_of(req));
    return rc ? gr_failed(req, rc) : gr_text(req, "alive");
}
GR_GET("/teardown/{kind}", in_teardown);

static int later(gr_co co, gr_req *req, void *kind)
{
    (void)co, (void)req;
    crash(kind);
    return 0;
}

static gr_reply in_after(gr_co co, gr_req *req)
{
    (void)co;
    int rc = gr_after(req, later, (void *)(uintptr_t)kind_of(req));
    return rc ? gr_failed(req, rc) : gr_text(req, "alive");
}
GR_GET("/after/{kind}", in_after);

__attribute__((noinline)) static int dig(volatile char *outer)
{
    volatile char hole[4096];
    hole[0] = outer[0];
    return outer[0] ? dig(hole) + hole[0] : 0;
}

static gr_reply too_deep(gr_co co, gr_req *req)
{
    (void)co;
    volatile char first[] = "x";
    return gr_printf(req, "%d", dig(first)) ? gr_text(req, "alive") : gr_text(req, "dead");
}
GR_GET("/overflow", too_deep);

static void on_own(int number)
{
    (void)number;
    static const char text[] = "mine\n";
    ssize_t ignored = write(2, text, sizeof text - 1);
    (void)ignored;
    _exit(42);
}

int main(int argc, char **argv)
{
    gr_app *app = gr_app_create("Crash", "1");
    if (getenv("OWN_HANDLER"))
        signal(SIGSEGV, on_own);
    gr_app_add(app, &in_async_route, &in_blocking_route, &in_child_route, &in_offload_route, &in_teardown_route,
               &in_after_route, &too_deep_route);
    return gr_main(app, argc, argv);
}
