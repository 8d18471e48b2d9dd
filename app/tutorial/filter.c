/* Parameters in the styles of OpenAPI: a list in one text and an object side by side; and mistakes told one's own way.
 */
#include "tutorial.h"

struct where {
    const char *name;
    int64_t *age;
    gr_strings city;
};
static GR_MODEL(where, GR_SELF(.extra = GR_EXTRA_FORBIDDEN),
    GR_FIELD(name, GR_OPTIONAL, .min_len = 2),
    GR_FIELD(age, GR_OPTIONAL, GR_GE(0)),
    GR_LIST(city, GR_DEFAULT_EMPTY));

struct people {
    gr_ints ids;
    struct where where;
    json_t *tag;
};
static GR_INPUT(people,
    GR_LIST(ids, GR_FROM_PATH, .style = GR_STYLE_SIMPLE, .unique = true),           /* /people/1,2,3 */
    GR_OBJECT(where, where, GR_FROM_QUERY, .style = GR_STYLE_DEEP_OBJECT),          /* ?where[name]=Ann&where[age]=3 */
    GR_QUERY(tag, GR_OPTIONAL, .doc = "Anything"));
static GR_MODEL(people, GR_LIST(ids), GR_OBJECT(where, where), GR_FIELD(tag, GR_OPTIONAL));

static gr_reply people(GR_UNUSED gr_co co, gr_req *req, const struct people *in)
{
    return people_reply(req, in);
}
GR_GET("/people/{ids}", people, .response = people_model, .response_exclude_none = true);

/* What clients were promised instead of FastAPI's 422. */
struct mistake {
    const char *field, *message;
    json_t *value;
};
static GR_MODEL(mistake, GR_FIELD(field), GR_FIELD(message), GR_FIELD(value));
struct mistakes {
    GR_LIST_OF(struct mistake) errors;
};
static GR_MODEL(mistakes, GR_OBJECTS(errors, mistake));

/* ["query","where","age"] as "where.age". */
static const char *field_of(gr_req *req, const json_t *loc)
{
    const char *name = "";
    for (size_t i = 1; i < json_array_size(loc); i++) {
        const json_t *step = json_array_get(loc, i);
        const char *dot = i > 1 ? "." : "";
        name = json_is_string(step) ? gr_printf(req, "%s%s%s", name, dot, json_string_value(step))
                                    : gr_printf(req, "%s%s%lld", name, dot, (long long)json_integer_value(step));
    }
    return name;
}

static gr_reply tell(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    struct mistake *errors = gr_alloc(req, n * sizeof *errors);
    if (!errors)
        return gr_failed(req, GR_ENOMEM);
    for (size_t i = 0; i < n; i++)
        errors[i] = (struct mistake){field_of(req, mistakes[i].loc_json), mistakes[i].msg, mistakes[i].input_json};
    return gr_with_status(mistakes_reply(req, &(struct mistakes){{errors, n}}), 422);
}

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Filter", "1.0");
    gr_app_add(app, &people_route);
    gr_app_set_invalid(app, tell, mistakes_model);
    return app;
}
