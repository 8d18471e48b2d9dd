/* The same server with its pool in the test's hand: what is sent is seen at once, and a blocking function that runs is
 * waited for only when the test says so. */
#ifndef TESTS_APP_RIG_H
#define TESTS_APP_RIG_H

#include <griddle.h>

#include "http/memory.h"
#include "run.h"
#include "server/engine.h"

struct rig {
    uv_loop_t loop;
    struct gri_engine engine;
    gr_app *app;
    bool closed;
};

static inline void rig_closed(struct gri_engine *engine)
{
    ((struct rig *)engine->owner)->closed = true;
}

static inline struct rig *rig_begin(gr_app *app, unsigned threads, unsigned queue)
{
    struct rig *rig = calloc(1, sizeof *rig);
    struct gri_engine_options options = {
        .pool = {threads, queue}, .log = {.level = GRI_LOG_WARNING, .fd = 2}, .is_virtual = true};
    bool open;
    rig->app = app;
    ck_assert_int_eq(uv_loop_init(&rig->loop), 0);
    ck_assert_int_eq(gri_engine_init(&rig->engine, &rig->loop, app, &options, &open), 0);
    rig->engine.owner = rig;
    rig->engine.closed = rig_closed;
    return rig;
}

/* Whatever can happen without a thread. */
static inline void rig_settle(struct rig *rig)
{
    gri_sched_advance(&rig->engine.sched, 0);
}

/* Until each blocking function has come back. */
static inline void rig_wait(struct rig *rig)
{
    rig_settle(rig);
    while (gri_engine_in_flight(&rig->engine)) {
        uv_run(&rig->loop, UV_RUN_ONCE);
        rig_settle(rig);
    }
}

static inline struct gri_memory *rig_connect(struct rig *rig)
{
    struct gri_memory *client = gri_memory_connect(&rig->engine.http);
    ck_assert_ptr_nonnull(client);
    return client;
}

static inline void rig_say(struct rig *rig, struct gri_memory *client, const char *text)
{
    gri_memory_send(client, text, strlen(text));
    rig_settle(rig);
}

static inline void rig_get(struct rig *rig, struct gri_memory *client, const char *path)
{
    char raw[200];
    snprintf(raw, sizeof raw, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    rig_say(rig, client, raw);
}

static inline void rig_fin(struct rig *rig, struct gri_memory *client)
{
    gri_memory_send_fin(client);
    rig_settle(rig);
}

static inline void rig_reset(struct rig *rig, struct gri_memory *client)
{
    gri_memory_reset(client);
    rig_settle(rig);
}

static inline const char *rig_heard(struct gri_memory *client)
{
    ck_assert(gri_buf_reserve(&client->received, 1));
    client->received.data[client->received.len] = '\0';
    return client->received.data;
}

static inline void rig_expect(struct gri_memory *client, const char *text)
{
    ck_assert_msg(strstr(rig_heard(client), text) != NULL, "wanted \"%s\" in \"%s\"", text, rig_heard(client));
}

static inline void rig_expect_nothing(struct gri_memory *client)
{
    ck_assert_str_eq(rig_heard(client), "");
}

static inline bool rig_is_closed(const struct gri_memory *client)
{
    return client->fin || client->closed;
}

/* All clients are gone. Stops as a server does. */
static inline void rig_end(struct rig *rig)
{
    rig_wait(rig);
    gri_engine_stop(&rig->engine);
    rig_wait(rig);
    while (!rig->closed)
        ck_assert(uv_run(&rig->loop, UV_RUN_ONCE) || rig->closed);
    ck_assert_int_eq(uv_loop_close(&rig->loop), 0);
    gr_app_destroy(rig->app);
    free(rig);
}

#endif
