/* Input from everywhere but the body: repeated parameters, header fields, a cookie; and a form. */
#include "tutorial.h"

enum sort { BY_NAME, BY_PRICE };
static GR_VALUES(sort, {BY_NAME, "name"}, {BY_PRICE, "price"});

struct search {
    gr_strings tag;
    gr_ints shop;
    enum sort sort;
    gr_date *since;
    const char *accept_language;
    gr_uuid *session;
};
static GR_INPUT(search,
    GR_LIST(tag, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .max_items = 3, .min_len = 2),
    GR_LIST(shop, GR_FROM_QUERY, GR_DEFAULT_EMPTY, GR_GE(1)),
    GR_ENUM(sort, sort, GR_FROM_QUERY, GR_DEFAULT(BY_NAME)),
    GR_QUERY(since, GR_OPTIONAL),
    GR_HEADER(accept_language, GR_DEFAULT("en")),
    GR_COOKIE(session, GR_OPTIONAL));
static GR_MODEL(search, GR_LIST(tag), GR_LIST(shop), GR_ENUM(sort, sort), GR_FIELD(since, GR_OPTIONAL),
                GR_FIELD(accept_language, .alias = "language"), GR_FIELD(session, GR_OPTIONAL));

static gr_reply search(GR_UNUSED gr_co co, gr_req *req, const struct search *in)
{
    return search_reply(req, in);
}
GR_GET("/search", search, .response = search_model, .response_exclude_none = true);

struct sign_in {
    const char *username;
    const char *password;
    gr_strings scope;
};
static GR_INPUT(sign_in,
    GR_FORM(username, .min_len = 1),
    GR_FORM(password, .min_len = 8, .secret = true),
    GR_LIST(scope, GR_FROM_FORM, GR_DEFAULT_EMPTY));

static gr_reply sign_in(gr_req *req, const struct sign_in *in)
{
    gr_reply reply = gr_json(req, json_pack("{s:s, s:i}", "username", in->username, "scopes", (int)in->scope.len));
    return gr_with_header(reply, "Set-Cookie", "session=3fa85f64-5717-4562-b3fc-2c963f66afa6; Path=/; SameSite=Lax");
}
GR_POST("/sign-in", sign_in);

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Search", "1.0");
    gr_app_add(app, &search_route, &sign_in_route);
    return app;
}
