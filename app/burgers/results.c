/* A blocking handler: it has no gr_co, so it runs on a thread of the pool, and may call a library that blocks. */
#include <time.h>

#include "shop.h"

struct outcome {
    const char *result;
    const char *ran_on;
};
static GR_MODEL(outcome, GR_FIELD(result), GR_FIELD(ran_on));

/* A library that knows nothing of coroutines. */
static const char *some_library(void)
{
    struct timespec tenth_of_a_second = {.tv_nsec = 100 * 1000 * 1000};
    nanosleep(&tenth_of_a_second, NULL);
    return "well done";
}

static gr_reply results(gr_req *req)
{
    struct outcome outcome = {.result = some_library(), .ran_on = ran_on(req)};
    return outcome_reply(req, &outcome);
}
GR_GET("/results", results, .summary = "Ask a library that blocks for 100 ms", .response = outcome_model);

void add_results(gr_app *app)
{
    gr_app_add(app, &results_route);
}
