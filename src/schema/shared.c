#include "schema/shared.h"

#include <pthread.h>
#include <unistd.h>

#include "base/cold.h"
#include "base/log.h"
#include "schema/check.h"

static struct gri_schema *shared_schema;
static pthread_once_t shared_once = PTHREAD_ONCE_INIT;

static void shared_init(void)
{
    shared_schema = gri_schema_create();
}

static void shared_report(void *arg, const char *text)
{
    gri_log(arg, GRI_LOG_ERROR, "%s", text);
}

static GRI_COLD const struct gri_plan *shared_make(const gr_model *model)
{
    struct gri_log log = {GRI_LOG_ERROR, STDERR_FILENO};
    struct gri_checker checker;
    gri_checker_init(&checker, shared_report, &log);
    int rc = gri_check_model(&checker, model, false);
    gri_checker_finish(&checker);
    return rc ? NULL : gri_schema_plan(shared_schema, model);
}

const struct gri_plan *gri_shared_plan(const gr_model *model)
{
    pthread_once(&shared_once, shared_init);
    if (!shared_schema)
        return NULL;
    const struct gri_plan *plan = gri_schema_find(shared_schema, model);
    return plan ? plan : shared_make(model);
}
