/* What a stop waits for, for whoever has asked for it. */

#include "base/print.h"
#include "server/engine.h"

enum { NAMES_MAX = 8, NAME_TEXT = 64, NAMES_TEXT = NAMES_MAX * (NAME_TEXT + 32) };

struct waited {
    size_t requests; /* also those in the background, and zombies */
    size_t len;
    char names[NAMES_TEXT]; /* ": date since 1200 ms, nap since 3 ms" */
};

static void add_name(struct waited *waited, const char *name, int64_t ms)
{
    size_t room = sizeof waited->names - waited->len;
    const char *before = waited->requests == 0 ? ": " : ", ";
    int n = waited->requests < NAMES_MAX    ? gri_snprintf(waited->names + waited->len, room, "%s%.*s since %lld ms",
                                                           before, NAME_TEXT, name, (long long)ms)
            : waited->requests == NAMES_MAX ? gri_snprintf(waited->names + waited->len, room, ", ...")
                                            : 0;
    waited->len += n > 0 && (size_t)n < room ? (size_t)n : 0;
    waited->requests++;
}

static void look(const struct gri_engine *engine, struct waited *waited)
{
    *waited = (struct waited){0};
    for (const gr_task *task = engine->sched.tasks; task; task = task->next_task)
        if (!task->daemon && !task->scope)
            add_name(waited, task->name, gri_now_ms(&engine->sched) - task->created_ms);
}

void gri_engine_log_waiting(const struct gri_engine *engine, bool first, const char *hint)
{
    struct waited waited;
    size_t conns = engine->http.n_conns, works = engine->sched.works;
    look(engine, &waited);
    if (waited.requests)
        gri_log(&engine->log, GRI_LOG_INFO, "Waiting for %zu request%s%s%s", waited.requests,
                waited.requests == 1 ? "" : "s", waited.names, hint);
    else if (works)
        gri_log(&engine->log, GRI_LOG_INFO, "Waiting for %zu file operation%s or look-up%s left behind%s", works,
                works == 1 ? "" : "s", works == 1 ? "" : "s", hint);
    else if (conns && !first) /* those that are idle are being closed at first */
        gri_log(&engine->log, GRI_LOG_INFO, "Waiting for %zu connection%s to take the rest of a reply%s", conns,
                conns == 1 ? "" : "s", hint);
}
