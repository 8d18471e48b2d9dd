/* A device that is polled in a loop of its own: a thread samples it, handlers answer with the latest sample. */
#include <pthread.h>
#include <time.h>

#include "tutorial.h"

struct sample {
    int64_t number;
    double volts;
};
static GR_MODEL(sample, GR_FIELD(number), GR_FIELD(volts, GR_GE(0)));

struct device {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct sample latest;
    bool stopped;
};

/* Stands for the driver's blocking read. */
static struct sample read_device(int64_t number)
{
    struct timespec pause = {.tv_nsec = 1000 * 1000};
    nanosleep(&pause, NULL);
    return (struct sample){number, (double)(number % 5)};
}

static void *poll_device(void *arg)
{
    struct device *device = arg;
    bool stopped = false;
    for (int64_t number = 1; !stopped; number++) {
        struct sample sample = read_device(number);
        pthread_mutex_lock(&device->lock);
        device->latest = sample;
        stopped = device->stopped;
        pthread_cond_broadcast(&device->changed);
        pthread_mutex_unlock(&device->lock);
    }
    return NULL;
}

/* The hooks of the application: nothing starts a thread before the server does. */
static int start(gr_app *app, void *state)
{
    struct device *device = state;
    (void)app;
    device->stopped = false;
    device->latest = (struct sample){0, 0};
    return pthread_create(&device->thread, NULL, poll_device, device) ? GR_ENOMEM : 0;
}

static void stop(gr_app *app, void *state)
{
    struct device *device = state;
    (void)app;
    pthread_mutex_lock(&device->lock);
    device->stopped = true;
    pthread_mutex_unlock(&device->lock);
    pthread_join(device->thread, NULL);
}

/* Async: the lock is held for a copy only. */
static gr_reply latest(GR_UNUSED gr_co co, gr_req *req)
{
    struct device *device = gr_state(req);
    pthread_mutex_lock(&device->lock);
    struct sample sample = device->latest;
    pthread_mutex_unlock(&device->lock);
    return sample_reply(req, &sample);
}
GR_GET("/latest", latest, .response = sample_model);

struct wait_for {
    int64_t number;
};
static GR_INPUT(wait_for, GR_PATH(number, GR_GE(1), GR_LE(1000)));

/* Blocking, since it waits on the device's condition. */
static gr_reply wait_for(gr_req *req, const struct wait_for *in)
{
    struct device *device = gr_state(req);
    pthread_mutex_lock(&device->lock);
    while (device->latest.number < in->number)
        pthread_cond_wait(&device->changed, &device->lock);
    struct sample sample = device->latest;
    pthread_mutex_unlock(&device->lock);
    return sample_reply(req, &sample);
}
GR_GET("/samples/{number}", wait_for, .response = sample_model);

gr_app *tutorial_app(void)
{
    static struct device device = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    gr_app *app = gr_app_create("Device", "1.0");
    gr_app_set_state(app, &device);
    gr_app_on(app, start, stop);
    gr_app_add(app, &latest_route, &wait_for_route);
    return app;
}
