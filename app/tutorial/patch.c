/* PATCH: what was not sent stays as it is, and null is a value. A gr_set in the struct tells the two apart. */
#include <stdio.h>

#include "tutorial.h"

struct profile {
    const char *name;
    const char *bio;
    int64_t *age;
    gr_set set;
};
static GR_MODEL(profile,
    GR_FIELD(name, GR_DEFAULT("Anonymous"), .min_len = 1, .max_len = 20),
    GR_FIELD(bio, GR_OPTIONAL, .max_len = 40),
    GR_FIELD(age, GR_OPTIONAL, GR_GE(0), GR_LE(150)),
    GR_SET(set));

/* The one profile of this server, on the loop's thread only. */
struct store {
    char name[64];
    char bio[128];
    bool has_bio, has_age;
    int64_t age;
};

struct patch_profile {
    struct profile change;
};
static GR_INPUT(patch_profile, GR_BODY(change, profile));

static void apply(struct store *store, const struct profile *change)
{
    if (GR_IS_SET(change, name))
        snprintf(store->name, sizeof store->name, "%s", change->name);
    if (GR_IS_SET(change, bio)) {
        store->has_bio = !GR_IS_NULL(change, bio);
        snprintf(store->bio, sizeof store->bio, "%s", store->has_bio ? change->bio : "");
    }
    if (GR_IS_SET(change, age)) {
        store->has_age = change->age;
        store->age = change->age ? *change->age : 0;
    }
}

static gr_reply reply(gr_req *req, struct store *store)
{
    return profile_reply(req, &(struct profile){.name = store->name,
                                                .bio = store->has_bio ? store->bio : NULL,
                                                .age = store->has_age ? &store->age : NULL});
}

static gr_reply patch_profile(GR_UNUSED gr_co co, gr_req *req, const struct patch_profile *in)
{
    apply(gr_state(req), &in->change);
    return reply(req, gr_state(req));
}
GR_PATCH("/me", patch_profile, .response = profile_model);

static gr_reply read_profile(GR_UNUSED gr_co co, gr_req *req)
{
    return reply(req, gr_state(req));
}
GR_GET("/me", read_profile, .response = profile_model, .response_exclude_none = true);

/* Says what a PATCH would change: only the members that were sent. */
struct preview {
    struct profile change;
};
static GR_INPUT(preview, GR_BODY(change, profile));

static gr_reply preview(GR_UNUSED gr_co co, gr_req *req, const struct preview *in)
{
    return profile_reply(req, &in->change);
}
GR_POST("/me/preview", preview, .response = profile_model, .response_exclude_unset = true);

gr_app *tutorial_app(void)
{
    static struct store store;
    gr_app *app = gr_app_create("Profile", "1.0");
    store = (struct store){.name = "Ann", .has_age = true, .age = 30};
    gr_app_set_state(app, &store);
    gr_app_add(app, &patch_profile_route, &read_profile_route, &preview_route);
    return app;
}
