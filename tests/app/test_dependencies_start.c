/* What of dependencies is refused at start: each mistake with the names of the operation and of the dependency. */
#include "need.h"

GIVES(a);
BLOCKS_WITH(blocks_beside, .concurrent = true);

#define NEEDS_ONE(fn, dependency) \
    struct fn { \
        int value; \
    }; \
    static GR_INPUT(fn, GR_NEEDS(value, dependency)); \
    HANDLES(fn) \
    GR_GET("/", fn)

/* --- circles --- */

typedef int gr_value_of_hen, gr_value_of_egg;
static const gr_dependency hen_dependency, egg_dependency;
struct hen {
    int egg;
};
static GR_INPUT(hen, GR_NEEDS(egg, egg));
struct egg {
    int hen;
};
static GR_INPUT(egg, GR_NEEDS(hen, hen));
static int lay(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const void *in, GR_UNUSED void *value)
{
    return 0;
}
static const gr_dependency hen_dependency = {.size = sizeof(gr_dependency),
                                             .name = "hen",
                                             .kind = GR_ASYNC,
                                             .takes_input = true,
                                             .value_size = sizeof(int),
                                             .call = lay,
                                             .input = &gr_input_of_hen};
static const gr_dependency egg_dependency = {.size = sizeof(gr_dependency),
                                             .name = "egg",
                                             .kind = GR_ASYNC,
                                             .takes_input = true,
                                             .value_size = sizeof(int),
                                             .call = lay,
                                             .input = &gr_input_of_egg};
NEEDS_ONE(eats, hen);

START_TEST(those_that_need_each_other_are_named_in_their_circle)
{
    REFUSED(eats_route, "eats: dependencies that need each other: hen -> egg -> hen");
}
END_TEST

/* --- tables --- */

struct tableless {
    int value;
};
static int tableless(GR_UNUSED gr_req *req, GR_UNUSED const struct tableless *in, GR_UNUSED int *value)
{
    return 0;
}
GR_DEPENDENCY(tableless, int);
NEEDS_ONE(needs_tableless, tableless);

struct unread {
    int value;
};
static GR_INPUT(unread, GR_QUERY(value));
static int unread(GR_UNUSED gr_req *req, GR_UNUSED int *value)
{
    return 0;
}
GR_DEPENDENCY(unread, int);
NEEDS_ONE(needs_unread, unread);

struct wrong_table {
    int64_t value;
};
static GR_INPUT(wrong_table, GR_QUERY(value, GR_GE(5), GR_LE(3)));
static int wrong_table(GR_UNUSED gr_req *req, GR_UNUSED const struct wrong_table *in, GR_UNUSED int *value)
{
    return 0;
}
GR_DEPENDENCY(wrong_table, int);
NEEDS_ONE(needs_wrong_table, wrong_table);

START_TEST(a_dependency_with_input_needs_a_table_and_one_without_has_none)
{
    REFUSED(needs_tableless_route, "needs_tableless: dependency \"tableless\" takes a struct tableless, but no "
                                   "GR_INPUT(tableless, ...) stands before it");
    REFUSED(needs_unread_route, "needs_unread: there is a GR_INPUT(unread, ...), but dependency \"unread\" takes no "
                                "const struct unread *");
    REFUSED(needs_wrong_table_route, "needs_wrong_table: wrong_table.value");
}
END_TEST

/* --- filled by hand --- */

static gr_dependency by_hand;
struct needs_by_hand {
    int value;
};
static const gr_field hand_fields[] = {{.name = "value",
                                        .offset = offsetof(struct needs_by_hand, value),
                                        .type = GR_TYPE_NEED,
                                        .size = sizeof(int),
                                        .dependency = &by_hand},
                                       {.name = NULL}};
static const gr_model *needs_by_hand_input(void)
{
    static const gr_model model = {sizeof(gr_model), sizeof(gr_field), sizeof(struct needs_by_hand), "needs_by_hand",
                                   hand_fields};
    return &model;
}
static gr_model_fn *const gr_input_of_needs_by_hand = needs_by_hand_input;
HANDLES(needs_by_hand)
GR_GET("/", needs_by_hand);

START_TEST(one_filled_by_hand_has_to_be_whole)
{
    by_hand = (gr_dependency){.name = "by_hand", .call = lay, .value_size = sizeof(int)};
    REFUSED(needs_by_hand_route, "needs_by_hand: a gr_dependency needs a name, a function and its size");
    by_hand.size = sizeof(gr_dependency) + 8;
    REFUSED(needs_by_hand_route, "needs_by_hand: a gr_dependency needs a name, a function and its size");
    by_hand.size = sizeof(gr_dependency);
    by_hand.call = NULL;
    REFUSED(needs_by_hand_route, "needs_by_hand: a gr_dependency needs a name, a function and its size");
    by_hand.call = lay;
    run_once(&needs_by_hand_route, "/", 200, "done");
    by_hand.size = offsetof(gr_dependency, options); /* of a program that knows no options */
    run_once(&needs_by_hand_route, "/", 200, "done");
}
END_TEST

START_TEST(a_member_is_as_large_as_the_value)
{
    by_hand = (gr_dependency){.size = sizeof(gr_dependency), .name = "by_hand", .call = lay, .value_size = 12};
    REFUSED(needs_by_hand_route, "needs_by_hand.value is of 4 bytes, and what \"by_hand\" gives of 12");
}
END_TEST

struct needs_null {
    int value;
};
static const gr_field null_fields[] = {
    {.name = "value", .type = GR_TYPE_NEED, .size = sizeof(int)},
    {.name = "other", .type = GR_TYPE_STRING, .source = GR_IN_QUERY, .uncached = true},
    {.name = NULL}};
static const gr_model *needs_null_input(void)
{
    static const gr_model model = {sizeof(gr_model), sizeof(gr_field), sizeof(struct needs_null), "needs_null",
                                   null_fields};
    return &model;
}
static gr_model_fn *const gr_input_of_needs_null = needs_null_input;
HANDLES(needs_null)
GR_GET("/", needs_null);

START_TEST(a_need_names_a_dependency_and_nothing_else_has_its_options)
{
    REFUSED(needs_null_route, "needs_null.value: needs a dependency, but names none",
            "needs_null.other: .with, .scopes and .uncached are options of GR_NEEDS");
}
END_TEST

struct with_default {
    int value;
};
static GR_INPUT(with_default, GR_NEEDS(value, a, GR_DEFAULT(3)));
HANDLES(with_default)
GR_GET("/", with_default);

START_TEST(what_is_needed_is_always_there)
{
    REFUSED(with_default_route, "with_default.value: is not of the request: it is always there");
}
END_TEST

struct in_a_model {
    int value;
};
static GR_MODEL(in_a_model, GR_NEEDS(value, a));
static gr_reply of_a_model(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_text(req, "");
}
GR_GET("/", of_a_model, .response = in_a_model_model);

START_TEST(a_model_needs_nothing)
{
    REFUSED(of_a_model_route, "in_a_model.value: a model has no dependencies: an input has");
}
END_TEST

/* --- arguments --- */

struct takes_argument {
    const char *text;
};
static GR_INPUT(takes_argument, GR_ARGUMENT(text));
static int takes_argument(GR_UNUSED gr_req *req, GR_UNUSED const struct takes_argument *in, GR_UNUSED int *value)
{
    return 0;
}
GR_DEPENDENCY(takes_argument, int);
NEEDS_ONE(gives_none, takes_argument);

struct gives_one {
    int value;
};
static GR_INPUT(gives_one, GR_NEEDS(value, a, .with = "x"));
HANDLES(gives_one)
GR_GET("/", gives_one);

struct asks_itself {
    const char *text;
};
static GR_INPUT(asks_itself, GR_ARGUMENT(text));
HANDLES(asks_itself)
GR_GET("/", asks_itself);

static gr_reply listed(GR_UNUSED gr_co co, gr_req *req)
{
    return gr_text(req, "");
}
GR_GET("/", listed, .needs = GR_DEPENDENCIES(&takes_argument_dependency));

START_TEST(an_argument_is_given_to_who_takes_one_and_to_nobody_else)
{
    REFUSED(gives_none_route,
            "gives_none: gives_none needs \"takes_argument\", which takes a GR_ARGUMENT, without one: .with = &...");
    REFUSED(listed_route, "listed: listed needs \"takes_argument\", which takes a GR_ARGUMENT, without one");
    REFUSED(gives_one_route, "gives_one: gives_one gives \"a\" an argument by .with, but it has no GR_ARGUMENT");
    REFUSED(asks_itself_route, "asks_itself: text is told by who needs it, and nobody needs an operation");
}
END_TEST

/* --- how they run --- */

NEEDS_ONE(beside, blocks_beside);

struct item {
    const char *name;
};
static GR_MODEL(item, GR_FIELD(name));
struct reads_item {
    struct item item;
};
static GR_INPUT(reads_item, GR_BODY(item, item));
static int reads_item(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct reads_item *in, int *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(reads_item, int);
struct early {
    int value;
};
static GR_INPUT(early, GR_NEEDS(value, reads_item));
static int early(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct early *in, int *value)
{
    *value = in->value;
    return 0;
}
GR_DEPENDENCY(early, int, .before_body = true);
NEEDS_ONE(needs_early, early);

START_TEST(one_that_blocks_does_not_overlap)
{
    REFUSED(beside_route, "beside: dependency \"blocks_beside\" blocks, so it cannot be .concurrent: its thread has "
                          "the request for itself");
}
END_TEST

START_TEST(what_runs_before_the_body_does_not_take_it)
{
    REFUSED(needs_early_route, "needs_early: dependency \"early\" is .before_body, but \"reads_item\" takes the body");
}
END_TEST

struct of_path {
    int64_t id;
};
static GR_INPUT(of_path, GR_PATH(id));
static int of_path(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct of_path *in, int *value)
{
    *value = (int)in->id;
    return 0;
}
GR_DEPENDENCY(of_path, int);
NEEDS_ONE(without_path, of_path);
struct with_path {
    int value;
};
static GR_INPUT(with_path, GR_NEEDS(value, of_path));
static gr_reply with_path(GR_UNUSED gr_co co, gr_req *req, const struct with_path *in)
{
    return gr_text(req, gr_printf(req, "%d", in->value));
}
GR_GET("/x/{id}", with_path);

START_TEST(a_parameter_of_the_path_that_a_dependency_takes_is_in_the_path)
{
    REFUSED(without_path_route, "without_path: GR_PATH(id) of dependency \"of_path\" has no \"{id}\" in \"/\"");
    run_once(&with_path_route, "/x/42", 200, "42");
}
END_TEST

struct reads_form {
    const char *text;
};
static GR_INPUT(reads_form, GR_FORM(text));
static int reads_form(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, GR_UNUSED const struct reads_form *in, int *value)
{
    *value = 1;
    return 0;
}
GR_DEPENDENCY(reads_form, int);
struct both {
    int form, item;
};
static GR_INPUT(both, GR_NEEDS(form, reads_form), GR_NEEDS(item, reads_item));
HANDLES(both)
GR_POST("/", both);
struct streams {
    int value;
};
static GR_INPUT(streams, GR_NEEDS(value, reads_item));
HANDLES(streams)
GR_ROUTE_AS(streamed, "POST", "/", streams, .stream_body = true);

START_TEST(a_request_has_one_body)
{
    REFUSED(both_route, "both: dependency \"reads_item\" takes a JSON body", "a form: a request has one");
    REFUSED(streamed_route,
            "streamed: .stream_body leaves the body to the handler, so dependency \"reads_item\" cannot take it");
}
END_TEST

START_TEST(all_mistakes_are_told_together)
{
    MAKE_APP(app, &eats_route, &beside_route, &needs_early_route);
    char *text = refusal(app);
    HAS(text, "hen -> egg -> hen");
    HAS(text, "cannot be .concurrent");
    HAS(text, "is .before_body");
    free(text);
    gr_app_destroy(app);
}
END_TEST

int main(void)
{
    return run_tests("app dependencies start",
                     (test_list){those_that_need_each_other_are_named_in_their_circle,
                                 a_dependency_with_input_needs_a_table_and_one_without_has_none,
                                 one_filled_by_hand_has_to_be_whole, a_member_is_as_large_as_the_value,
                                 a_need_names_a_dependency_and_nothing_else_has_its_options,
                                 what_is_needed_is_always_there, a_model_needs_nothing,
                                 an_argument_is_given_to_who_takes_one_and_to_nobody_else,
                                 one_that_blocks_does_not_overlap, what_runs_before_the_body_does_not_take_it,
                                 a_parameter_of_the_path_that_a_dependency_takes_is_in_the_path, a_request_has_one_body,
                                 all_mistakes_are_told_together, NULL},
                     10);
}
