/* Two coroutines, awaited in turn (three units) or as tasks at the same time (two). */
#include "shop.h"

struct conversation {
    gr_strings said;
    int64_t elapsed_ms;
};
static GR_MODEL(conversation, GR_LIST(said), GR_FIELD(elapsed_ms));

struct say_after {
    bool tasks;
    int64_t unit_ms;
};
static GR_INPUT(say_after,
    GR_QUERY(tasks, GR_DEFAULT(false), .doc = "At the same time"),
    GR_QUERY(unit_ms, GR_DEFAULT(100), GR_GE(0), GR_LE(1000), .doc = "Milliseconds a unit"));

struct line {
    int64_t delay_ms;
    const char *what;
    gr_strings *said;
};

static int say(gr_co co, void *arg)
{
    struct line *line = arg;
    int rc = gr_sleep(co, line->delay_ms);
    if (rc == 0)
        line->said->at[line->said->len++] = line->what;
    return rc;
}

static int say_in_turn(gr_co co, struct line *hello, struct line *world)
{
    int rc = say(co, hello);
    return rc ? rc : say(co, world);
}

/* Both are joined whatever happens, since they use the caller's stack. */
static int say_as_tasks(gr_co co, struct line *hello, struct line *world)
{
    gr_task *first, *second;
    int rc = gr_spawn(co, &first, say, hello);
    if (rc)
        return rc;
    int rc_second = gr_spawn(co, &second, say, world);
    rc = gr_join(co, first);
    if (rc_second == 0)
        rc_second = gr_join(co, second);
    return rc ? rc : rc_second;
}

static gr_reply say_after(gr_co co, gr_req *req, const struct say_after *in)
{
    const char *said[2];
    struct conversation talk = {.said = {said, 0}};
    struct line hello = {in->unit_ms, "hello", &talk.said}, world = {2 * in->unit_ms, "world", &talk.said};
    int64_t began_ms = gr_now_ms(co);
    int rc = in->tasks ? say_as_tasks(co, &hello, &world) : say_in_turn(co, &hello, &world);
    talk.elapsed_ms = gr_now_ms(co) - began_ms;
    return rc ? gr_failed(req, rc) : conversation_reply(req, &talk);
}
GR_GET("/say-after", say_after, .summary = "Say hello and world", .response = conversation_model);

void add_say_after(gr_app *app)
{
    gr_app_add(app, &say_after_route);
}
