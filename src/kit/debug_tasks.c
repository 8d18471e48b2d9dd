#include <griddle/debug.h>
#include <griddle/route.h>

static int append_task(const gr_task_info *info, void *arg)
{
    static const char *const states[] = {"ready", "running", "waiting", "ended"};
    json_t *task =
        json_pack("{s:s, s:s?, s:s, s:s?, s:I, s:I, s:s?, s:b}", "name", info->name, "parent", info->parent, "state",
                  states[info->state], "waits_for", info->waits_for, "age_ms", (json_int_t)info->age_ms, "waits_ms",
                  (json_int_t)info->waits_ms, "cancelled", info->cancelled, "is_zombie", info->is_zombie);
    return json_array_append_new(arg, task) < 0 ? GR_ENOMEM : 0;
}

static json_t *stats_json(gr_co co)
{
    gr_stats s = {.size = sizeof s};
    int rc = gr_stats_read(co, &s);
    if (rc < 0)
        return NULL;
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "coroutines", (json_int_t)s.coroutines,
                     "zombies", (json_int_t)s.zombies, "lag_ms", (json_int_t)s.lag_ms, "most_lag_ms",
                     (json_int_t)s.most_lag_ms, "threads", (json_int_t)s.threads, "busy", (json_int_t)s.busy, "queued",
                     (json_int_t)s.queued, "waited_us", (json_int_t)s.waited_us, "most_waited_us",
                     (json_int_t)s.most_waited_us, "jobs", (json_int_t)s.jobs);
}

static gr_reply debug_tasks(gr_co co, gr_req *req)
{
    json_t *tasks = json_array();
    int rc = tasks ? gr_tasks(co, append_task, tasks) : GR_ENOMEM;
    json_t *all = rc == 0 ? json_pack("{s:O, s:o}", "tasks", tasks, "stats", stats_json(co)) : NULL;
    json_decref(tasks);
    return all ? gr_json(req, all) : gr_failed(req, GR_ENOMEM);
}

static gr_reply debug_call(gr_co co, gr_req *req, const void *in)
{
    (void)in;
    return debug_tasks(co, req);
}

const gr_route *gr_debug_tasks_route(void)
{
    static const gr_route route = {.size = sizeof route,
                                   .method = "GET",
                                   .path = "/debug/tasks",
                                   .name = "debug_tasks",
                                   .kind = GR_ASYNC,
                                   .call = debug_call,
                                   .options = {.hidden = true}};
    return &route;
}
