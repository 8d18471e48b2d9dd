/* An application dependency: the model of `lifespan`, made once at start and needed by name and type as any dependency,
 * so that a test can put another one in its place.
 *
 *     $ curl '127.0.0.1:8000/predict?x=2'
 *     {"result":84.0} */
#include "model.h"

#include <stdlib.h>

#include "tutorial.h"

static void unload(GR_UNUSED gr_app *app, void *model)
{
    free(model);
}

/* Without a gr_co: reading a large file blocks, and runs on a thread of the pool. */
static int ml_model(gr_app *app, struct model **model)
{
    *model = malloc(sizeof **model);
    if (!*model)
        return gr_app_fail(app, "no memory for the model");
    (*model)->factor = 42;
    return gr_app_defer(app, unload, *model);
}
GR_DEFINE_APP_DEPENDENCY(ml_model, struct model *);

struct predict {
    double x;
    struct model *model;
};
static GR_INPUT(predict, GR_QUERY(x), GR_NEEDS(model, ml_model));

static gr_reply predict(GR_UNUSED gr_co co, gr_req *req, const struct predict *in)
{
    return gr_pack(req, "{s:f}", "result", in->x * in->model->factor);
}
GR_GET("/predict", predict);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Model", "1.0");
    gr_app_add(app, &predict_route);
    return app;
}
