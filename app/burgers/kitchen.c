/* Threads as C has them: a thread takes the order, then another cooks it, while this one does other things, and joins
 * them. A blocking handler may do all that. */
#include <time.h>

#include "timeline.h"

enum { MOST_EVENTS = 16 };

struct kitchen_event {
    int64_t at_ms;
    const char *who, *what;
};
static GR_MODEL(kitchen_event, GR_FIELD(at_ms), GR_FIELD(who), GR_FIELD(what));

struct kitchen_log {
    GR_LIST_OF(struct kitchen_event) events;
};
static GR_MODEL(kitchen_log, GR_OBJECTS(events, kitchen_event));

/* Several threads write it. */
struct kitchen {
    pthread_mutex_t lock;
    struct kitchen_event events[MOST_EVENTS];
    size_t n;
    int64_t began_ms;
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void note(struct kitchen *kitchen, const char *who, const char *what)
{
    pthread_mutex_lock(&kitchen->lock);
    if (kitchen->n < MOST_EVENTS)
        kitchen->events[kitchen->n++] = (struct kitchen_event){clock_ms() - kitchen->began_ms, who, what};
    pthread_mutex_unlock(&kitchen->lock);
}

static void *take_the_order(void *arg)
{
    note(arg, "order thread", "takes the order");
    stand_and_cook(20);
    note(arg, "order thread", "has the order");
    return NULL;
}

static void *cook_the_order(void *arg)
{
    note(arg, "cook thread", "starts to cook");
    stand_and_cook(40);
    note(arg, "cook thread", "is done");
    return NULL;
}

/* Lets a thread work, does something else meanwhile, and waits for it. */
static int work_beside(struct kitchen *kitchen, void *(*fn)(void *), const char *meanwhile)
{
    pthread_t thread;
    int rc = pthread_create(&thread, NULL, fn, kitchen);
    if (rc)
        return -rc;
    note(kitchen, "main thread", meanwhile);
    pthread_join(thread, NULL);
    note(kitchen, "main thread", "has joined it");
    return 0;
}

static gr_reply kitchen(gr_req *req)
{
    struct kitchen kitchen = {.lock = PTHREAD_MUTEX_INITIALIZER, .began_ms = clock_ms()};
    int rc = work_beside(&kitchen, take_the_order, "lays the table");
    rc = rc ? rc : work_beside(&kitchen, cook_the_order, "talks to the guests");
    if (rc)
        return gr_failed(req, rc);
    note(&kitchen, "main thread", "serves");
    return kitchen_log_reply(req, &(struct kitchen_log){{kitchen.events, kitchen.n}});
}
GR_GET("/kitchen", kitchen, .summary = "Threads that are joined", .response = kitchen_log_model);

void add_kitchen(gr_app *app)
{
    gr_app_add(app, &kitchen_route);
}
