// An application in C++ of each kind of operation, by griddle.hpp, and what its clients see.
#include <cstdio>
#include <cstring>
#include <string>

#include <griddle.hpp>
#include <griddle/testing.h>

namespace
{

// --- models ---

enum color { RED, GREEN };
static GR_VALUES(color, {RED, "red"}, {GREEN, "green"});

enum class size : unsigned char { small, large };
static GR_VALUES(size, {size::small, "small"}, {size::large, "large"});

struct seller {
    const char *name;
    char code[4];
};
static GR_MODEL(seller, GR_FIELD(name, gr::min_len(1)), GR_FIELD(code, gr::pattern("^[a-z]+$")));

struct item {
    gr_set set;
    std::int64_t id;
    const char *name;
    double price;
    double *discount;
    struct seller *seller;
    gr_strings tags;
    enum color paint;
    enum size size;
    int corner[2];
    gr::list<struct seller> shops;
    GR_MAP_OF(unsigned) stock;
    json_t *extra;
};
static GR_MODEL(item, GR_SELF(gr::title("Thing"), gr::extra(GR_EXTRA_FORBIDDEN)), GR_SET(set), GR_FIELD(id, GR_DEFAULT(7)),
                GR_FIELD(name, gr::min_len(2), gr::max_len(50)), GR_FIELD(price, GR_GT(0), GR_LE(99.5)),
                GR_FIELD(discount, GR_OPTIONAL), GR_OBJECT(seller, seller, GR_OPTIONAL),
                GR_LIST(tags, GR_DEFAULT_EMPTY, gr::max_items(3)), GR_ENUM(paint, color, GR_DEFAULT(GREEN)),
                GR_ENUM(size, size, GR_DEFAULT(size::small)), GR_ARRAY(corner), GR_OBJECTS(shops, seller, GR_DEFAULT_EMPTY),
                GR_MAP(stock, GR_DEFAULT_EMPTY), GR_FIELD(extra, GR_OPTIONAL));

struct cat {
    int lives;
};
static GR_MODEL(cat, GR_FIELD(lives));
struct dog {
    const char *trick;
};
static GR_MODEL(dog, GR_FIELD(trick));
enum kind { CAT, DOG };
static GR_VALUES(kind, {CAT, "cat"}, {DOG, "dog"});
struct pet {
    enum kind kind;
    union {
        struct cat cat;
        struct dog dog;
    };
};
static GR_MODEL(pet, GR_TAG(kind), GR_ARM(cat, cat, CAT), GR_ARM(dog, dog, DOG));

struct place {
    double lat;
    const char *name;
};
static GR_MODEL(place, GR_SELF(gr::tuple(true)), GR_FIELD(lat), GR_FIELD(name, GR_NULLABLE));
struct shapes {
    gr_strings set;
    gr_ints listed;
    GR_MAP_FROM(gr_date, int) days;
    GR_MAP_FROM(std::int64_t, struct place) places;
    struct place place;
    int *none;
    json_t *others;
};
static GR_MODEL(shapes, GR_LIST(set, gr::dedupe(true), GR_OPTIONAL), GR_LIST(listed, GR_DEFAULT_LIST(1, 2)),
                GR_MAP(days, GR_DEFAULT_EMPTY), GR_MAP_OBJECTS(places, place, GR_DEFAULT_EMPTY), GR_OBJECT(place, place),
                GR_FIELD(none, GR_OPTIONAL, gr::omit_null(true)), GR_REST(others));
struct counted {
    GR_MAP_OF(int) counts;
};
static GR_MODEL(counted, GR_REST_MAP(counts));
struct shape_in {
    struct shapes shapes;
    bool empty;
};
static GR_INPUT(shape_in, GR_BODY(shapes, shapes), GR_QUERY(empty, GR_DEFAULT(false)));
static gr_reply shape(gr_co, gr_req *req, const struct shape_in *in)
{
    struct shapes shapes = in->shapes;
    if (in->empty)
        shapes.set = GR_EMPTY, shapes.places = GR_EMPTY;
    return shapes_reply(req, &shapes);
}
GR_PUT("/shapes", shape);

// --- async and blocking, without input and with it ---

gr_reply hello(gr_co co, gr_req *req)
{
    int rc = gr_sleep(co, 100);
    return rc ? gr_failed(req, rc) : gr_text(req, "hello");
}
GR_GET("/hello", hello, gr::summary("Says hello"), gr::tags(GR_NAMES("words", "kind ones")));

gr_reply links(gr_co co, gr_req *req)
{
    (void)co;
    const char *item = gr_url_for(req, "read_item", "item_id", 7), *greeting = GR_URL_FOR(req, hello);
    return gr_text(req, gr_printf(req, "%s %s", item ? item : "none", greeting ? greeting : "none"));
}
GR_GET("/links", links);

GR_ROUTER(linked, "/linked", gr::routes(GR_ROUTES(&links_route)), gr::tags(GR_NAMES("links")));

gr_reply results(gr_req *req)
{
    return gr_text(req, "from a thread");
}
GR_GET("/results", results);
GR_ROUTE_AS(purge, "PURGE", "/results", results, gr::status(202), gr::hidden(true));

struct read_item {
    std::int64_t item_id;
    const char *q;
    bool brief;
    gr_ints only;
    const char *user_agent;
};
static GR_INPUT(read_item, GR_PATH(item_id, GR_GE(1), gr::doc("Which")), GR_QUERY(q, GR_OPTIONAL, gr::max_len(5)),
                GR_QUERY(brief, GR_DEFAULT(false)), GR_LIST(only, GR_FROM_QUERY, GR_DEFAULT_EMPTY),
                GR_HEADER(user_agent, GR_OPTIONAL));

gr_reply read_item(gr_co, gr_req *req, const struct read_item *in)
{
    std::int64_t sum = 0;
    for (std::int64_t one : in->only)
        sum += one;
    return gr_text(req, gr_printf(req, "%d %s %d %d %s", static_cast<int>(in->item_id), in->q ? in->q : "(none)",
                                  in->brief, static_cast<int>(sum), in->user_agent ? in->user_agent : "(none)"));
}
GR_GET("/items/{item_id}", read_item);

struct body { // a name of its own
    struct item item;
};
static GR_INPUT(body, GR_BODY(item, item));

gr_reply create_item(gr_req *req, const body *in)
{
    struct item made = in->item;
    if (!GR_IS_SET(&made, id))
        made.id = 42;
    return item_reply(req, &made);
}
GR_POST("/items", create_item, gr::status(201), gr::response(item_model), gr::response_exclude(GR_NAMES("extra")),
        gr::responses(GR_RESPONSES({409, "Is there", seller_model, false, nullptr})));

gr_reply list_sellers(gr_co, gr_req *req)
{
    struct seller all[] = {{"Ann", "abc"}, {"Bob", "xyz"}};
    return seller_reply_list(req, all, 2);
}
GR_GET("/sellers", list_sellers, gr::response(seller_model), gr::response_list(true));

struct find_sellers {
    gr_strings codes;
    gr_ints ids;
    struct seller where;
    json_t *any;
    gr_ints body;
};
static GR_INPUT(find_sellers, GR_LIST(codes, GR_FROM_PATH, gr::style(GR_STYLE_SIMPLE)),
                GR_LIST(ids, GR_FROM_QUERY, gr::style(GR_STYLE_FORM)),
                GR_OBJECT(where, seller, GR_FROM_QUERY, gr::style(GR_STYLE_DEEP_OBJECT)), GR_QUERY(any),
                GR_LIST(body, GR_FROM_BODY));
gr_reply find_sellers(gr_co, gr_req *req, const struct find_sellers *in)
{
    return gr_text(req, gr_printf(req, "%s %d %s %s %d", in->codes.at[1], static_cast<int>(in->ids.at[1]),
                                  in->where.name, json_string_value(in->any), static_cast<int>(in->body.at[0])));
}
GR_POST("/sellers/{codes}", find_sellers, gr::lax_content_type(true));

struct bill {
    gr_decimal total, *tip;
    double rate;
    gr::list<gr_decimal> parts;
};
static GR_MODEL(bill, GR_FIELD(total, GR_GE("0.01"), gr::max_digits(6), gr::decimal_places(2)), GR_FIELD(tip, GR_OPTIONAL),
                GR_FIELD(rate, gr::allow_inf_nan(true)), GR_LIST(parts));

struct pay {
    struct bill bill;
};
static GR_INPUT(pay, GR_BODY(bill, bill));
gr_reply pay(gr_co, gr_req *req, const struct pay *in)
{
    return bill_reply(req, &in->bill);
}
GR_POST("/pay", pay, gr::response(bill_model));

struct put_pet {
    struct pet pet;
};
static GR_INPUT(put_pet, GR_BODY(pet, pet));
gr_reply put_pet(gr_co, gr_req *req, const struct put_pet *in)
{
    return pet_reply(req, &in->pet);
}
GR_PUT("/pet", put_pet, gr::response(pet_model));

GR_OUTGOING(paid, "POST", "{$request.body#/url}/paid", gr::summary("It is paid"));

// --- middleware, teardowns, background tasks, tasks ---

std::string log;

gr_reply count(gr_co co, gr_req *req, gr_next *next)
{
    log += "[";
    gr_reply reply = gr_call_next(co, req, next);
    log += "]";
    return reply;
}

void close_it(gr_co co, gr_req *, void *arg, gr_outcome outcome)
{
    log += gr_yield(co) == 0 && outcome == GR_ANSWERED ? static_cast<const char *>(arg) : "?";
}

void close_it_on_a_thread(gr_req *, void *arg, gr_outcome)
{
    *static_cast<std::string *>(arg) += " thread";
}

int write_log(gr_co co, gr_req *, void *arg)
{
    *static_cast<std::string *>(arg) += " after";
    return gr_yield(co);
}

gr_reply defer(gr_co, gr_req *req)
{
    static char text[] = " closed";
    int rc = gr_defer(req, close_it, text);
    rc = rc ? rc : gr_defer(req, close_it_on_a_thread, &log);
    rc = rc ? rc : gr_after(req, write_log, &log);
    return rc ? gr_failed(req, rc) : gr_text(req, "deferred");
}
GR_DELETE("/defer", defer);

int square(gr_co co, int *n)
{
    *n *= *n;
    return gr_yield(co);
}
GR_TASK(square, int);

int cube(gr_co co, void *arg)
{
    int *n = static_cast<int *>(arg);
    *n = *n * *n * *n;
    return gr_yield(co);
}

gr_reply add(gr_co co, gr_req *req)
{
    int n[] = {2, 3, 4};
    gr_task *task;
    int rc = gr_gather(co, square_job(&n[0]), {cube, &n[1]});
    rc = rc ? rc : square_spawn(co, &task, &n[2]);
    rc = rc ? rc : gr_join(co, task);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%d %d %d", n[0], n[1], n[2]));
}
GR_GET("/add", add, gr::stack_bytes(200000));

int write_numbers(gr_co co, gr_writer *out, void *)
{
    int rc = gr_write(co, out, "1 ", 2);
    return rc ? rc : gr_write(co, out, "2", 1);
}

gr_reply numbers(gr_co, gr_req *req)
{
    return gr_stream(req, "text/plain", write_numbers, nullptr);
}
GR_GET("/numbers", numbers);

// --- dependencies ---

struct shelf {
    int boxes;
};

int shelves(gr_co co, gr_req *, shelf *value)
{
    value->boxes = 3;
    return gr_yield(co);
}
GR_DEPENDENCY(shelves, struct shelf);

struct counting {
    const int *factor;
    gr_strings scopes;
    const struct shelf *shelf;
    std::int64_t extra;
};
static GR_INPUT(counting, GR_ARGUMENT(factor), GR_SCOPES(scopes), GR_NEEDS(shelf, shelves),
                GR_QUERY(extra, GR_DEFAULT(0)));

int count_boxes(gr_req *, const struct counting *in, int *value)
{
    *value = in->shelf->boxes * *in->factor + static_cast<int>(in->extra) + static_cast<int>(in->scopes.len);
    return 0;
}
GR_DEPENDENCY(count_boxes, int);

int keep_out(gr_req *req)
{
    return gr_query(req, "out") ? gr_fail(req, 403, "out") : 0;
}
GR_GUARD(keep_out, gr::before_body(true));

int no_boxes(gr_co, gr_req *, int *)
{
    return 0;
}
GR_DEPENDENCY(no_boxes, int);

const int ten = 10;

struct stocked {
    struct shelf shelf;
    int boxes;
};
static GR_INPUT(stocked, GR_NEEDS(shelf, shelves),
                GR_NEEDS(boxes, count_boxes, gr::with(&ten), gr::scopes("read write"), gr::uncached(true)));

int commit(gr_req *req, void *, gr_outcome)
{
    return gr_query(req, "fail") ? gr_fail(req, 409, "not committed") : 0;
}

gr_reply stocked_reply(gr_co, gr_req *req, const struct stocked *in)
{
    int rc = gr_defer_early(req, commit, nullptr);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%d %d", in->shelf.boxes, in->boxes));
}
GR_GET("/stock", stocked_reply, gr::needs(GR_DEPENDENCIES(&keep_out_dependency)));

// --- what the application has ---

int closed;

void close_till(gr_app *, void *till)
{
    closed += *static_cast<int *>(till);
}

void close_till_later(gr_co co, gr_app *, void *till)
{
    closed += gr_yield(co) == 0 ? 10 * *static_cast<int *>(till) : 0;
}

int till(gr_app *app, int *value)
{
    static int one = 1;
    *value = 7;
    int rc = gr_app_defer(app, close_till, &one);
    return rc ? rc : gr_app_defer(app, close_till_later, &one);
}
GR_APP_DEPENDENCY(till, int);

GR_DECLARE_APP_DEPENDENCY(safe, int);
struct opening {
    const int *till;
};
static GR_INPUT(opening, GR_NEEDS(till, till));
int safe(gr_co co, gr_app *app, const opening *in, int *value)
{
    *value = *in->till * (GR_APP_VALUE(app, till) == in->till ? 6 : 0);
    return gr_sleep(co, 1000);
}
GR_DEFINE_APP_DEPENDENCY(safe, int);

struct takings {
    int safe;
    const int *till;
};
static GR_INPUT(takings, GR_NEEDS(safe, safe), GR_NEEDS(till, till));
gr_reply count_money(gr_req *req, const takings *in)
{
    return gr_text(req, gr_printf(req, "%d %d", in->safe, *in->till));
}
GR_GET("/money", count_money);

// --- what a client sees ---

int passed, failed;
gr_test *test;

void check(const char *what, bool holds, const char *got)
{
    std::printf("%s %s\n", holds ? "ok    " : "FAILED", what);
    if (!holds)
        std::printf("       got %s\n", got);
    ++(holds ? passed : failed);
}

void expect(const char *method, const char *target, const char *json, int status, const char *body)
{
    const char *const headers[] = {"Content-Type", "application/json", "User-Agent", "shop", nullptr};
    gr_answer *answer = gr_test_request(test, method, target, headers, json, json ? std::strlen(json) : 0);
    std::string text = answer ? gr_answer_body(answer, nullptr) : "(no answer)";
    std::string what = std::string(method) + " " + target + " " + (json ? json : "");
    bool holds =
        answer && gr_answer_status(answer) == status && (status == 422 ? text.find(body) != text.npos : text == body);
    text = std::to_string(answer ? gr_answer_status(answer) : 0) + " " + text;
    check(what.c_str(), holds, text.c_str());
    gr_answer_free(answer);
}

bool knows(const json_t *document, const char *pattern)
{
    char *text = json_dumps(document, JSON_COMPACT);
    bool found = text && std::strstr(text, pattern);
    std::free(text);
    return found;
}

void check_document(const gr_app *app)
{
    json_t *document = nullptr;
    check("there is a document", gr_app_openapi(app, &document) == 0, "none");
    for (const char *text :
         {"\"Says hello\"", "\"kind ones\"", "\"title\":\"Thing\"", "\"maxLength\":50", "\"description\":\"Is there\"",
          "\"exclusiveMinimum\":0", "\"enum\":[\"red\",\"green\"]", "\"discriminator\"", "\"description\":\"Which\""})
        check(text, knows(document, text), "no such text");
    check("what is hidden is not in it", !knows(document, "purge"), "it");
    json_decref(document);
}

void check_requests()
{
    const char *least = R"({"name":"ab","price":1.5,"corner":[1,2]})";
    const char *most = R"({"id":1,"name":"ab","price":99.5,"discount":0.5,"seller":{"name":"Ann","code":"abc"},)"
                       R"("tags":["x","y"],"paint":"red","size":"large","corner":[1,2],)"
                       R"("shops":[{"name":"Bob","code":"z"}],"stock":{"here":3},"extra":[1]})";
    expect("GET", "/hello", nullptr, 200, "hello");
    expect("GET", "/v1/linked/links", nullptr, 200, "/items/7 /hello");
    expect("GET", "/v2/linked/links", nullptr, 200, "/items/7 /hello");
    expect("GET", "/results", nullptr, 200, "from a thread");
    expect("PURGE", "/results", nullptr, 202, "from a thread");
    expect("GET", "/items/5?q=abc&brief=on&only=1&only=2", nullptr, 200, "5 abc 1 3 shop");
    expect("GET", "/items/5", nullptr, 200, "5 (none) 0 0 shop");
    expect("GET", "/items/0?q=abcdef&only=x", nullptr, 422, "greater_than_equal");
    expect("POST", "/items", least, 201,
           R"({"id":42,"name":"ab","price":1.5,"discount":null,"seller":null,"tags":[],"paint":"green","size":"small",)"
           R"("corner":[1,2],"shops":[],"stock":{}})");
    expect("POST", "/items", most, 201,
           R"({"id":1,"name":"ab","price":99.5,"discount":0.5,"seller":{"name":"Ann","code":"abc"},"tags":["x","y"],)"
           R"("paint":"red","size":"large","corner":[1,2],"shops":[{"name":"Bob","code":"z"}],"stock":{"here":3}})");
    expect("POST", "/items", R"({"name":"a","price":0,"corner":[1],"more":1})", 422, "extra_forbidden");
    expect("GET", "/sellers", nullptr, 200, R"([{"name":"Ann","code":"abc"},{"name":"Bob","code":"xyz"}])");
    expect("POST", "/sellers/a,b?ids=1,2&where[name]=Ann&where[code]=abc&any=x", "[3]", 200, "b 2 Ann x 3");
    expect("PUT", "/pet", R"({"kind":"dog","trick":"sits"})", 200, R"({"kind":"dog","trick":"sits"})");
    expect("PUT", "/pet", R"({"kind":"cat","trick":"sits"})", 422, "lives");
    expect("PUT", "/shapes?empty=1", R"({"place":[1,null],"places":{"1":[2,"b"]}})", 200,
           R"({"set":[],"listed":[1,2],"days":{},"places":{},"place":[1.0,null]})");
    expect(
        "PUT", "/shapes",
        R"({"set":["a","a"],"listed":[],"days":{"2020-01-31":1},"places":{"1":[2,"b"],"01":[3,"c"]},)"
        R"("place":[1,"x"],"z":{"y":[]}})",
        200,
        R"({"set":["a"],"listed":[],"days":{"2020-01-31":1},"places":{"1":[3.0,"c"]},"place":[1.0,"x"],"z":{"y":[]}})");
    expect("PUT", "/shapes", R"({"place":[1],"days":{"x":1}})", 422, R"("loc":["body","days","x","[key]"])");
    expect("POST", "/pay", R"({"total":12.50,"tip":"1","rate":"inf","parts":[1,"2.50"]})", 200,
           R"({"total":"12.50","tip":"1","rate":null,"parts":["1","2.50"]})");
    expect("POST", "/pay", R"({"total":12.505,"rate":1,"parts":[]})", 422, "decimal_max_places");
    expect("GET", "/add", nullptr, 200, "4 27 16");
    expect("GET", "/numbers", nullptr, 200, "1 2");
    expect("GET", "/stock", nullptr, 200, "3 32");
    expect("GET", "/stock?extra=5", nullptr, 200, "3 37");
    expect("GET", "/stock?extra=x", nullptr, 422, "int_parsing");
    expect("GET", "/stock?out=1", nullptr, 403, R"({"detail":"out"})");
    expect("GET", "/stock?fail=1", nullptr, 409, R"({"detail":"not committed"})");
    expect("GET", "/money", nullptr, 200, "42 7");
    log.clear();
    expect("DELETE", "/defer", nullptr, 200, "deferred");
    gr_test_advance(test, 1000);
    check("middleware, background task and teardowns ran", log == "[] after thread closed", log.c_str());
}

} // namespace

int main()
{
    gr_app *app = gr_app_create("Shop", "1");
    int rc = gr_use(app, count);
    rc |= gr_app_add(app, &hello_route, &results_route, &purge_route, &read_item_route, &create_item_route,
                     &list_sellers_route, &find_sellers_route, &put_pet_route, &shape_route, &pay_route, &defer_route,
                     &add_route, &numbers_route, &stocked_reply_route, &count_money_route);
    rc |= gr_override(app, count_boxes, no_boxes);
    rc |= gr_override(app, count_boxes, count_boxes);
    rc |= gr_app_include(app, &linked_router, gr::prefix("/v1"), gr::name("v1"));
    gr_include_options included{};
    included.size = sizeof included;
    included.prefix = "/v2";
    rc |= gr_app_include(app, &linked_router, included);
    const gr_route *const webhooks[] = {&paid_route};
    (void)webhooks;
    test = gr_test_create(app);
    check("it starts", rc == 0 && test, "not");
    if (test) {
        check_document(app);
        check_requests();
    }
    gr_test_destroy(test);
    check("the application gives back what it has", closed == 11, "not");
    gr_app_destroy(app);
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
