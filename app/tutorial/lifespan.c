/* Lifespan: what is made before the first request and taken down after the last one, a model that takes its time to
 * load, say. Hooks are async or blocking by their type, as everything is.
 *
 *     $ curl '127.0.0.1:8000/predict?x=2'
 *     {"result":84.0} */
#include <stdlib.h>

#include "tutorial.h"

struct ml_models {
    double *answer_to_everything;
};

/* Blocks, as who reads a large file does: for a thread of the pool. */
static int read_weights(void *arg)
{
    struct ml_models *models = arg;
    double *weights = malloc(sizeof *weights);
    if (!weights)
        return GR_ENOMEM;
    *weights = 42;
    models->answer_to_everything = weights;
    return 0;
}

static int load_models(gr_co co, gr_app *app, void *state)
{
    int rc = gr_offload(co, read_weights, state);
    return rc ? gr_app_fail(app, "the model cannot be read: %s", gr_strerror(rc)) : 0;
}

static void unload_models(GR_UNUSED gr_app *app, void *state)
{
    struct ml_models *models = state;
    free(models->answer_to_everything);
    models->answer_to_everything = NULL;
}

struct predict {
    double x;
};
static GR_INPUT(predict, GR_QUERY(x));

static gr_reply predict(GR_UNUSED gr_co co, gr_req *req, const struct predict *in)
{
    const struct ml_models *models = gr_state(req);
    return gr_pack(req, "{s:f}", "result", in->x * *models->answer_to_everything);
}
GR_GET("/predict", predict);

gr_app *tutorial_app(void)
{
    static struct ml_models models;
    gr_app *app = gr_app_create("Lifespan", "1.0");
    gr_app_set_state(app, &models);
    gr_app_on_start(app, load_models);
    gr_app_on_stop(app, unload_models);
    gr_app_add(app, &predict_route);
    return app;
}
