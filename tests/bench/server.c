/* The server that the yardstick loads: one operation for each kind of work. */
#include <griddle.h>

#include <unistd.h>

static gr_reply plaintext(gr_co co, gr_req *req)
{
    (void)co;
    return gr_text(req, "Hello, World!");
}
GR_GET("/plaintext", plaintext);

struct message {
    const char *message;
};
static GR_MODEL(message, GR_FIELD(message));

static gr_reply json(gr_co co, gr_req *req)
{
    (void)co;
    return message_reply(req, &(struct message){"Hello, World!"});
}
GR_GET("/json", json, .response = message_model);

struct read_item {
    int64_t item_id;
    const char *q;
    int64_t limit;
};
static GR_INPUT(read_item, GR_PATH(item_id), GR_QUERY(q, GR_OPTIONAL), GR_QUERY(limit, GR_DEFAULT(10)));
static GR_MODEL(read_item, GR_FIELD(item_id), GR_FIELD(q, GR_OPTIONAL), GR_FIELD(limit));

static gr_reply read_item(gr_co co, gr_req *req, const struct read_item *in)
{
    (void)co;
    return read_item_reply(req, in);
}
GR_GET("/items/{item_id}", read_item, .response = read_item_model);

struct item {
    const char *name;
    double price;
    bool is_offer;
};
static GR_MODEL(item, GR_FIELD(name), GR_FIELD(price), GR_FIELD(is_offer, GR_DEFAULT(false)));

struct create_item {
    struct item item;
};
static GR_INPUT(create_item, GR_BODY(item, item));

static gr_reply create_item(gr_co co, gr_req *req, const struct create_item *in)
{
    (void)co;
    return item_reply(req, &in->item);
}
GR_POST("/items", create_item, .response = item_model);

/* Three dependencies that do not wait, to be compared with /plaintext. */
static int first(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, int *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(first, int);
static int second(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, int *value)
{
    *value = 2;
    return 0;
}
GR_DEPENDENCY(second, int);
static int third(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, int *value)
{
    *value = 3;
    return 0;
}
GR_DEPENDENCY(third, int);

struct needs {
    int first;
    const int *second;
    int third;
};
static GR_INPUT(needs, GR_NEEDS(first, first), GR_NEEDS(second, second), GR_NEEDS(third, third));
static gr_reply needs(GR_UNUSED gr_co co, gr_req *req, const struct needs *in)
{
    return gr_text(req, in->first + *in->second + in->third == 6 ? "Hello, World!" : "wrong");
}
GR_GET("/dependent", needs);

static gr_reply sleep_100(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 100);
    return rc ? gr_failed(req, rc) : gr_text(req, "Hello, World!");
}
GR_GET("/sleep", sleep_100);

static gr_reply block(gr_req *req)
{
    usleep(10000);
    return gr_text(req, "Hello, World!");
}
GR_GET("/block", block);

static gr_reply noop(gr_req *req)
{
    return gr_text(req, "Hello, World!");
}
GR_GET("/noop", noop);

int main(int argc, char **argv)
{
    gr_app *app = gr_app_create("Bench", "1");
    gr_app_add(app, &plaintext_route, &json_route, &read_item_route, &create_item_route, &sleep_100_route, &block_route,
               &noop_route, &needs_route);
    return gr_main(app, argc, argv);
}
