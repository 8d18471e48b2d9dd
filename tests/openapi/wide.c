/* An application that declares one of each: what its document says, public tools check, and what it takes must be what
 * its document says that it takes. */
#include <griddle.h>

enum color { RED, GREEN };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"});
enum level { LOW = 1, HIGH };
static GR_VALUES(level, {LOW, NULL}, {HIGH, NULL});

struct cat {
    int64_t lives;
};
static GR_MODEL(cat, GR_FIELD(lives, GR_GE(0), GR_LE(9)));
struct dog {
    const char *name;
};
static GR_MODEL(dog, GR_SELF(.extra = GR_EXTRA_FORBIDDEN), GR_FIELD(name));
struct pet {
    enum { CAT, DOG } kind;
    union {
        struct cat cat;
        struct dog dog;
    };
};
static GR_MODEL(pet, GR_SELF(.doc = "A *pet*."), GR_TAG(kind), GR_ARM(cat, cat, CAT), GR_ARM(dog, dog, DOG));

struct node {
    int64_t value;
    struct node *next;
    GR_LIST_OF(struct node) kids;
};
static GR_MODEL(node, GR_FIELD(value), GR_OBJECT(next, node, GR_OPTIONAL), GR_OBJECTS(kids, node, GR_DEFAULT_EMPTY));

struct spot {
    double lat, lon;
    const char *name;
};
static GR_MODEL(spot, GR_SELF(.tuple = true), GR_FIELD(lat), GR_FIELD(lon, GR_LE(180)), GR_FIELD(name, GR_NULLABLE));
struct open {
    int64_t x;
    GR_MAP_OF(int64_t) others;
};
static GR_MODEL(open, GR_SELF(.extra = GR_EXTRA_ALLOWED), GR_FIELD(x), GR_REST_MAP(others, GR_GE(0)));

struct all {
    bool flag;
    uint8_t byte;
    int64_t even;
    double ratio;
    char code[5];
    const char *name, *word, *mail, *page;
    gr_date day;
    gr_datetime moment;
    gr_uuid id;
    json_t *anything;
    const char *maybe, *nullable;
    enum color color;
    enum level level;
    struct pet pet;
    struct node tree;
    gr_ints three, unique;
    int64_t triple[3];
    GR_MAP_OF(int64_t) counts;
    GR_MAP_OF(struct cat) cats;
    gr_strings set, listed, perhaps;
    GR_MAP_FROM(gr_uuid, struct spot) by_id;
    struct spot *spot;
    struct open *open;
};
static GR_MODEL(all,
    GR_SELF(.title = "All of them", .extra = GR_EXTRA_FORBIDDEN),
    GR_FIELD(flag, GR_DEFAULT(false)), GR_FIELD(byte, GR_DEFAULT(0)),
    GR_FIELD(even, GR_DEFAULT(2), GR_MULTIPLE_OF(2), GR_GT(0), GR_LT(100)),
    GR_FIELD(ratio, GR_DEFAULT(0.1), GR_GE(0), GR_LE(1)), GR_FIELD(code, GR_DEFAULT("")),
    GR_FIELD(name, GR_DEFAULT("ab"), .min_len = 2, .max_len = 4, .pattern = "^[a-z]+$"),
    GR_FIELD(word, GR_DEFAULT("yes"), GR_LITERAL("yes", "no")), GR_FIELD(mail, GR_OPTIONAL, GR_EMAIL),
    GR_FIELD(page, GR_OPTIONAL, GR_HTTP_URL), GR_FIELD(day), GR_FIELD(moment), GR_FIELD(id), GR_FIELD(anything),
    GR_FIELD(maybe, GR_OPTIONAL), GR_FIELD(nullable, GR_NULLABLE), GR_ENUM(color, color, GR_DEFAULT(GREEN)),
    GR_ENUM(level, level, GR_DEFAULT(HIGH)), GR_OBJECT(pet, pet), GR_OBJECT(tree, node),
    GR_LIST(three, GR_DEFAULT_EMPTY, .max_items = 3), GR_LIST(unique, GR_DEFAULT_EMPTY, .unique = true), GR_ARRAY(triple),
    GR_MAP(counts, GR_DEFAULT_EMPTY, .max_items = 2), GR_MAP_OBJECTS(cats, cat, GR_DEFAULT_EMPTY),
    GR_LIST(set, GR_OPTIONAL, .dedupe = true), GR_LIST(listed, GR_DEFAULT_LIST("a", "b")), GR_LIST(perhaps, GR_OPTIONAL),
    GR_MAP_OBJECTS(by_id, spot, GR_DEFAULT_EMPTY), GR_OBJECT(spot, spot, GR_OPTIONAL), GR_OBJECT(open, open, GR_OPTIONAL));

struct problem {
    const char *why;
};
static GR_MODEL(problem, GR_FIELD(why, .examples = "[\"Sold out\"]"));

/* --- what it takes --- */

struct take {
    struct all all;
};
static GR_INPUT(take, GR_BODY(all, all));
static gr_reply take(gr_req *req, const struct take *in)
{
    return all_reply(req, &in->all);
}

struct told {
    struct cat cat;
};
static GR_INPUT(told, GR_BODY(cat, cat));
GR_OUTGOING(told, "POST", "{$request.body#/page}/told", .status = 204, .description = "Tells that it was taken.");
GR_OUTGOING(new_cat, "POST", "new-cat", .tags = GR_NAMES("pets"));

GR_POST("/take", take, .response = all_model, .tags = GR_NAMES("all"), .callbacks = GR_CALLBACKS(&told_route),
        .responses = GR_RESPONSES({409, "Taken already", .model = problem_model}, {.status = 5},
                                  {404, .type = "text/plain"}));

/* --- parameters of each kind --- */

struct paging {
    int64_t skip, limit;
};
static GR_MODEL(paging, GR_FIELD(skip, GR_DEFAULT(0)), GR_FIELD(limit, GR_DEFAULT(10), GR_LE(100)));

struct find {
    int64_t id;
    gr_uuid key;
    const char *q, *x_token, *session;
    gr_strings tags;
    enum color *color;
    struct paging paging;
};
static GR_INPUT(find, GR_PATH(id, GR_GE(1), .title = "The id"), GR_PATH(key),
    GR_QUERY(q, GR_OPTIONAL, .max_len = 50, .deprecated = true, .examples = "[\"fixed\"]"), GR_HEADER(x_token),
    GR_COOKIE(session, GR_OPTIONAL), GR_LIST(tags, GR_FROM_QUERY, GR_DEFAULT_EMPTY),
    GR_ENUM(color, color, GR_FROM_QUERY, GR_OPTIONAL), GR_OBJECT(paging, paging, GR_FROM_QUERY));
static gr_reply find(gr_req *req, const struct find *in)
{
    (void)in;
    return pet_reply_list(req, NULL, 0);
}
GR_GET("/pets/{id:int}/{key}", find, .response = pet_model, .response_list = true, .tags = GR_NAMES("pets"));

/* --- bodies of each kind --- */

struct several {
    struct cat cat;
    struct dog *dog;
    int64_t importance;
};
static GR_INPUT(several, GR_BODY(cat, cat), GR_BODY(dog, dog, GR_OPTIONAL), GR_FIELD(importance, GR_DEFAULT(1)));
static gr_reply several(gr_req *req, const struct several *in)
{
    return cat_reply(req, &in->cat);
}
GR_PUT("/several", several, .response = cat_model);

struct log_in {
    const char *username, *password;
};
static GR_INPUT(log_in, GR_FORM(username, .min_len = 1), GR_FORM(password, .secret = true));
static gr_reply log_in(gr_req *req, const struct log_in *in)
{
    return gr_text(req, in->username);
}
GR_POST("/log-in", log_in, .response_type = "text/plain", .external_docs = {"https://example.com", "More"});

struct anything {
    const char *rest;
    json_t *payload;
};
static GR_INPUT(anything, GR_PATH(rest), GR_JSON(payload));
static gr_reply anything(gr_req *req, const struct anything *in)
{
    return gr_json(req, json_incref(in->payload));
}
GR_PATCH("/anything/{rest:path}", anything, .deprecated = true);

/* --- replies of each kind --- */

static gr_reply some_of_all(gr_req *req)
{
    return gr_error(req, 404, "no");
}
GR_GET("/some", some_of_all, .response = all_model, .response_include = GR_NAMES("day", "color"));
static gr_reply gone(gr_req *req)
{
    return gr_empty(req, 204);
}
GR_DELETE("/gone", gone, .status = 204, .openapi_extra = "{\"x-owner\": \"me\"}");
static gr_reply unseen(gr_req *req)
{
    return gr_empty(req, 204);
}
GR_GET("/unseen", unseen, .hidden = true);

int main(int argc, char **argv)
{
    gr_app *app = gr_app_create("Wide", "1.0");
    gr_app_describe(app, &(gr_app_info){.size = sizeof(gr_app_info),
                                        .summary = "One of each",
                                        .description = "What *Griddle* can declare.",
                                        .terms_of_service = "https://example.com/terms",
                                        .contact = {"Me", "https://example.com", "me@example.com"},
                                        .license = {.name = "MIT", .identifier = "MIT"},
                                        .root_path = "/v1",
                                        .servers = GR_SERVERS({"https://example.com/v1", "Production"}),
                                        .tags = GR_TAGS({"pets", "Cats and dogs", {"https://example.com", "More"}}),
                                        .external_docs = {"https://example.com/docs", "All of it"}});
    gr_app_add(app, &take_route, &find_route, &several_route, &log_in_route, &anything_route, &some_of_all_route,
               &gone_route, &unseen_route);
    gr_app_add_webhook(app, &new_cat_route);
    return gr_main(app, argc, argv);
}
