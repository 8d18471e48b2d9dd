/* A model that contains itself: a comment and the answers to it. */
#include "tutorial.h"

struct comment {
    const char *author;
    const char *text;
    GR_LIST_OF(struct comment) answers;
};
static GR_MODEL(comment,
    GR_FIELD(author, .min_len = 1),
    GR_FIELD(text, .max_len = 200),
    GR_OBJECTS(answers, comment, GR_DEFAULT_EMPTY, .max_items = 100));

struct summary {
    int64_t comments, depth;
    const struct comment *first;
};
static GR_MODEL(summary, GR_FIELD(comments), GR_FIELD(depth), GR_OBJECT(first, comment));

/* Bodies are at most 64 levels deep, so that this may recurse. */
static void count(const struct comment *comment, int64_t depth, struct summary *summary)
{
    summary->comments++;
    if (summary->depth < depth)
        summary->depth = depth;
    for (size_t i = 0; i < comment->answers.len; i++)
        count(&comment->answers.at[i], depth + 1, summary);
}

struct summarise {
    struct comment thread;
};
static GR_INPUT(summarise, GR_BODY(thread, comment));

static gr_reply summarise(gr_co co, gr_req *req, const struct summarise *in)
{
    struct summary summary = {.first = &in->thread};
    (void)co;
    count(&in->thread, 1, &summary);
    return summary_reply(req, &summary);
}
GR_POST("/threads", summarise, .response = summary_model);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Comments", "1.0");
    gr_app_add(app, &summarise_route);
    return app;
}
