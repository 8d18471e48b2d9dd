#include <stdlib.h>

#include "serve/req.h"

/* jansson frees by recursion: a deep value needs more stack than a coroutine has. */
struct deep_value {
    struct gri_ready ready;
    json_t *value;
};

static void on_free(struct gri_ready *ready)
{
    struct deep_value *deep = GRI_OWNER_OF(ready, struct deep_value, ready);
    json_decref(deep->value);
    free(deep);
}

void gri_json_free(gr_req *req, json_t *value, bool deep)
{
    struct deep_value *later = deep && gri_running() ? malloc(sizeof *later) : NULL;
    if (!later) {
        json_decref(value);
        return;
    }
    *later = (struct deep_value){.ready.run = on_free, .value = value};
    gri_ready(req->x.http->sched, &later->ready);
}
