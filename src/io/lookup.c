#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "co/task.h"
#include "io/address.h"

/* On the heap: getaddrinfo() cannot be interrupted, so whoever does not wait any longer leaves it behind. */
struct lookup {
    uv_getaddrinfo_t uv;
    gr_task *task; /* NULL: it does not wait any longer */
    struct gri_sched *sched;
    struct gri_outside outside;
    int status;
    bool done;
    char host[];
};

static void lookup_finish(struct lookup *lookup)
{
    uv_freeaddrinfo(lookup->uv.addrinfo);
    free(lookup);
}

static void on_found(uv_getaddrinfo_t *uv, int status, struct addrinfo *found)
{
    struct lookup *lookup = uv->data;
    struct gri_sched *sched = lookup->sched;
    (void)found;
    gri_sched_work_returned(sched, &lookup->outside);
    lookup->status = status;
    lookup->done = true;
    if (lookup->task)
        gri_wake(lookup->task, 0);
    else
        lookup_finish(lookup);
    gri_sched_drain(sched);
    gri_sched_work_landed(sched);
}

static int code_of(int status)
{
    switch (status) {
    case UV_EAI_AGAIN:
        return GR_EAGAIN;
    case UV_EAI_MEMORY:
    case UV_ENOMEM:
        return GR_ENOMEM;
    case UV_EAI_NONAME:
    case UV_EAI_NODATA:
    case UV_EAI_ADDRFAMILY:
        return -EHOSTUNREACH;
    default:
        return GR_EIO;
    }
}

static size_t lookup_copy(const struct addrinfo *from, unsigned port, gr_address *to, size_t room)
{
    size_t n = 0;
    for (; from && n < room; from = from->ai_next) {
        if (from->ai_family != AF_INET && from->ai_family != AF_INET6)
            continue;
        to[n] = gri_address_of(from->ai_addr, from->ai_addrlen);
        gri_address_set_port(&to[n++], port);
    }
    return n;
}

static struct lookup *lookup_create(const gr_task *task, const char *host)
{
    size_t n = strlen(host) + 1;
    struct lookup *lookup = calloc(1, sizeof *lookup + n);
    if (!lookup)
        return NULL;
    lookup->sched = task->sched;
    lookup->outside = (struct gri_outside){.what = "a name's addresses", .of = memcpy(lookup->host, host, n)};
    return lookup;
}

static int lookup_start(struct lookup *lookup)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    lookup->uv.data = lookup;
    int rc = uv_getaddrinfo(lookup->sched->loop, &lookup->uv, on_found, lookup->host, NULL, &hints);
    if (rc < 0) /* else a name that cannot be one: too long, or refused by IDNA */
        return rc == UV_ENOMEM ? GR_ENOMEM : -EHOSTUNREACH;
    gri_sched_work_begins(lookup->sched, &lookup->outside, lookup->task);
    return 0;
}

static int await_lookup(gr_co co, struct lookup *lookup, unsigned port, gr_address *addresses, size_t room, size_t *n)
{
    int rc = gri_suspend(co, INT64_MAX, "a name's addresses");
    if (!lookup->done) {
        lookup->task = NULL;
        uv_cancel((uv_req_t *)&lookup->uv);
        return rc;
    }
    rc = lookup->status < 0 ? code_of(lookup->status) : 0;
    *n = rc == 0 ? lookup_copy(lookup->uv.addrinfo, port, addresses, room) : 0;
    lookup_finish(lookup);
    return rc == 0 && *n == 0 ? -EHOSTUNREACH : rc;
}

static int look_up_name(gr_co co, const char *host, unsigned port, gr_address *addresses, size_t room, size_t *n)
{
    struct lookup *lookup = lookup_create(co.task, host);
    if (!lookup)
        return GR_ENOMEM;
    lookup->task = co.task;
    int rc = lookup_start(lookup);
    if (rc == 0)
        return await_lookup(co, lookup, port, addresses, room, n);
    free(lookup);
    return rc;
}

/* An address in figures needs no thread. */
static bool read_figures(const char *host, unsigned port, gr_address *address)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    if (uv_ip4_addr(host, (int)port, &in) == 0)
        *address = gri_address_of((const struct sockaddr *)&in, sizeof in);
    else if (uv_ip6_addr(host, (int)port, &in6) == 0)
        *address = gri_address_of((const struct sockaddr *)&in6, sizeof in6);
    else
        return false;
    return true;
}

int gr_lookup(gr_co co, const char *host, unsigned port, gr_address *addresses, size_t room, size_t *n)
{
    *n = 0;
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    if (port > UINT16_MAX || room == 0)
        return GR_EINVAL;
    if (!read_figures(host, port, addresses))
        return look_up_name(co, host, port, addresses, room, n);
    *n = 1;
    return 0;
}

int gri_lookup_first(gr_co co, const char *host, unsigned port, gr_address *address)
{
    size_t n;
    return gr_lookup(co, host, port, address, 1, &n);
}
