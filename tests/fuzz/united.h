/* Operations of tests/fuzz/bind.c whose input is where kinds of declarations meet: unions, roots, sets, tuples and
 * decimals from each place, bodies that are no object, what is sent of them. */
#ifndef TESTS_FUZZ_UNITED_H
#define TESTS_FUZZ_UNITED_H

#include "fuzz/thing.h"

/* --- parameters that are one of several things --- */

struct stamp {
    int8_t which;
    union {
        gr_duration *duration;
        gr_decimal decimal;
        gr_date date;
        gr_uuid *id;
        enum color color;
    };
};
FUZZ_CHECK(stamp);
static GR_MODEL(stamp, GR_SELF(.validate = check_stamp), GR_EITHER(which), GR_CASE(duration, 1),
                GR_CASE(decimal, 2, GR_LE("9.5"), .validate = check_decimal), GR_CASE(date, 3), GR_CASE(id, 4),
                GR_CASE_ENUM(color, color, 5));
struct corner {
    struct stamp stamp;
    struct price price;
    gr_datetime when;
};
FUZZ_CHECK(corner);
static GR_MODEL(corner, GR_SELF(.tuple = true, .validate = check_corner), GR_OBJECT(stamp, stamp),
                GR_OBJECT(price, price), GR_FIELD(when));
#define TICKET \
    GR_OBJECT(scalar, scalar, GR_OPTIONAL), GR_OBJECTS(stamps, stamp, GR_DEFAULT_EMPTY, .max_items = 2), \
        GR_OBJECT(price, price), GR_LIST(reals, GR_DEFAULT_LIST(0.5), .allow_inf_nan = true, .dedupe = true), \
        GR_FIELD(coded, GR_OPTIONAL, GR_BASE64), GR_SET(set)
struct ticket {
    struct scalar *scalar;
    GR_LIST_OF(struct stamp) stamps;
    struct price price;
    gr_doubles reals;
    gr_bytes *coded;
    gr_set set;
};
FUZZ_CHECK(ticket);
static GR_MODEL(ticket, GR_SELF(.validate = check_ticket, .extra = GR_EXTRA_FORBIDDEN), TICKET);
struct stub {
    struct scalar *scalar;
    GR_LIST_OF(struct stamp) stamps;
    struct price price;
    gr_doubles reals;
    gr_bytes *coded;
    gr_set set;
};
FUZZ_CHECK(stub);
static GR_MODEL(stub, GR_SELF(.validate = check_stub), TICKET);

struct united {
    struct scalar path;
    struct stamp *query, *header, *cookie;
    GR_LIST_OF(struct stamp) all, cut, piped, spaced, field;
    struct corner corner;
    struct ticket ticket;
    struct stub agent, jar;
    struct maybe maybe;
};
static GR_INPUT(united, GR_OBJECT(path, scalar, GR_FROM_PATH, .validate = check_scalar),
                GR_OBJECT(query, stamp, GR_FROM_QUERY, GR_OPTIONAL, .validate = check_stamp),
                GR_OBJECT(header, stamp, GR_FROM_HEADER, GR_OPTIONAL, .secret = true),
                GR_OBJECT(cookie, stamp, GR_FROM_COOKIE, GR_OPTIONAL),
                GR_OBJECTS(all, stamp, GR_FROM_QUERY, GR_OPTIONAL, .max_items = 3),
                GR_OBJECTS(cut, stamp, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .style = GR_STYLE_FORM),
                GR_OBJECTS(piped, stamp, GR_FROM_QUERY, GR_OPTIONAL, .style = GR_STYLE_PIPE_DELIMITED),
                GR_OBJECTS(spaced, stamp, GR_FROM_QUERY, GR_OPTIONAL, .style = GR_STYLE_SPACE_DELIMITED),
                GR_OBJECTS(field, stamp, GR_FROM_HEADER, GR_DEFAULT_EMPTY, .style = GR_STYLE_SIMPLE, .validate = check_stamp),
                GR_OBJECT(corner, corner, GR_FROM_QUERY, .validate = check_corner),
                GR_OBJECT(ticket, ticket, GR_FROM_QUERY, .style = GR_STYLE_DEEP_OBJECT),
                GR_OBJECT(agent, stub, GR_FROM_HEADER), GR_OBJECT(jar, stub, GR_FROM_COOKIE, .secret = true),
                GR_OBJECT(maybe, maybe, GR_FROM_QUERY));
static void expect_stamps(const struct stamp *stamps, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)check_stamp(&stamps[i]);
}
static gr_reply united(gr_co co, gr_req *req, const struct united *in)
{
    (void)co;
    FUZZ_ASSERT(in->path.which && in->all.len <= 3 && in->ticket.stamps.len <= 2 && in->ticket.reals.len);
    FUZZ_ASSERT(!check_corner(&in->corner) && !check_ticket(&in->ticket) && !check_scalar(&in->path));
    FUZZ_ASSERT(!in->query || !check_stamp(in->query));
    expect_stamps(in->all.at, in->all.len);
    expect_stamps(in->cut.at, in->cut.len);
    expect_stamps(in->piped.at, in->piped.len);
    expect_stamps(in->spaced.at, in->spaced.len);
    expect_stamps(in->field.at, in->field.len);
    return ticket_reply(req, &in->ticket);
}
GR_POST("/11/{path}", united, .response = ticket_model);

/* --- parameters of every type, one that may be null in each place --- */

struct typed {
    gr_decimal *path;
    gr_uuid *session;
    gr_time *time;
    const char *text;
    GR_LIST_OF(gr_decimal) decimals;
    GR_LIST_OF(gr_datetime) moments;
    GR_LIST_OF(gr_duration) durations;
    GR_LIST_OF(gr_uuid) ids;
    GR_LIST_OF(gr_bytes) coded;
    GR_LIST_OF(enum color) colors;
    gr_strings urls;
    GR_LIST_OF(float) floats;
    gr_date days[2];
    double *real;
    enum color *color;
    uint64_t whole;
    gr_ints named;
    struct pair hidden;
    gr_set set;
};
static GR_INPUT(typed, GR_PATH(path, GR_NULLABLE, .decimal_places = 3, .validate = check_decimal),
                GR_COOKIE(session, GR_NULLABLE), GR_HEADER(time, GR_NULLABLE),
                GR_QUERY(text, GR_NULLABLE, GR_URL, .secret = true),
                GR_LIST(decimals, GR_FROM_QUERY, GR_DEFAULT_LIST("1.50"), .dedupe = true, .allow_inf_nan = true),
                GR_LIST(moments, GR_FROM_QUERY, GR_DEFAULT_LIST("2020-01-31T10:20:30Z"), .dedupe = true,
                        .style = GR_STYLE_FORM),
                GR_LIST(durations, GR_FROM_HEADER, GR_OPTIONAL, .unique = true, .style = GR_STYLE_SIMPLE),
                GR_LIST(ids, GR_FROM_COOKIE, GR_NULLABLE, .dedupe = true, .style = GR_STYLE_FORM),
                GR_LIST(coded, GR_FROM_QUERY, GR_OPTIONAL, GR_BASE64, .dedupe = true, .style = GR_STYLE_PIPE_DELIMITED),
                GR_ENUMS(colors, color, GR_FROM_QUERY, GR_DEFAULT_EMPTY, .dedupe = true, .secret = true),
                GR_LIST(urls, GR_FROM_QUERY, GR_OPTIONAL, GR_HTTP_URL, .dedupe = true, .validate = check_text),
                GR_LIST(floats, GR_FROM_HEADER, GR_DEFAULT_EMPTY, .allow_inf_nan = true, .dedupe = true),
                GR_ARRAY(days, GR_FROM_BODY, GR_DEFAULT_LIST("2020-01-31", "2020-02-01")),
                GR_QUERY(real, GR_NULLABLE, GR_DEFAULT(0.5), .allow_inf_nan = true),
                GR_ENUM(color, color, GR_FROM_COOKIE, GR_NULLABLE), GR_QUERY(whole, GR_DEFAULT(7), GR_MULTIPLE_OF(7)),
                GR_OBJECT(hidden, pair, GR_FROM_HEADER, .secret = true, .validate = check_pair), GR_LIST(named, .embed = true, GR_DEFAULT_LIST(1), .dedupe = true, .validate = check_number), GR_SET(set));
static gr_reply typed(gr_co co, gr_req *req, const struct typed *in)
{
    (void)co;
    FUZZ_ASSERT(in->path && !check_decimal(in->path) && in->decimals.at && in->moments.at && in->named.at);
    for (size_t i = 0; i < in->named.len; i++)
        FUZZ_ASSERT(!check_number(&in->named.at[i]));
    return gr_json(req, json_string(in->path->text));
}
GR_POST("/12/{path}", typed);

/* --- bodies that are no object, and what is sent of them --- */

struct listing {
    GR_LIST_OF(struct part) parts;
};
static GR_INPUT(listing, GR_OBJECTS(parts, part, .validate = check_part));
static gr_reply listing(gr_co co, gr_req *req, const struct listing *in)
{
    (void)co;
    for (size_t i = 0; i < in->parts.len; i++)
        FUZZ_ASSERT(!check_part(&in->parts.at[i]));
    return part_reply_list(req, in->parts.at, in->parts.len);
}
GR_POST("/13/7", listing, .response = part_model, .response_list = true, .response_exclude_unset = true);

struct wholly {
    struct whole whole;
};
static GR_INPUT(wholly, GR_OBJECT(whole, whole));
static gr_reply wholly(gr_co co, gr_req *req, const struct wholly *in)
{
    (void)co;
    FUZZ_ASSERT(!check_whole(&in->whole));
    return whole_reply(req, &in->whole);
}
GR_POST("/14/7", wholly, .response = whole_model, .response_exclude_none = true, .response_exclude_defaults = true);

struct several {
    struct chosen *chosen;
    struct arms arms;
    struct sets *sets;
    GR_MAP_FROM(gr_uuid, struct path) paths;
    gr_decimal *price;
    struct any_ints ints;
    struct vault *vault;
    struct whatever whatever;
};
static GR_INPUT(several, GR_BODY(chosen, chosen, GR_OPTIONAL), GR_BODY(arms, arms, .validate = check_arms),
                GR_OBJECT(sets, sets, GR_OPTIONAL), GR_MAP_OBJECTS(paths, path, GR_DEFAULT_EMPTY, .max_items = 3),
                GR_FIELD(price, GR_DEFAULT("0.50"), .max_digits = 5), GR_OBJECT(ints, any_ints),
                GR_BODY(vault, vault, GR_OPTIONAL), GR_BODY(whatever, whatever));
static gr_reply several(gr_co co, gr_req *req, const struct several *in)
{
    (void)co;
    FUZZ_ASSERT(!check_arms(&in->arms) && (!in->chosen || !check_chosen(in->chosen)) && in->price);
    FUZZ_ASSERT(!in->sets || !check_sets(in->sets));
    return arms_reply(req, &in->arms);
}
GR_POST("/15/7", several, .response = arms_model, .response_exclude = GR_NAMES("price", "base"));

/* --- forms --- */

struct filled {
    struct scalar scalar;
    struct stamp *stamp;
    GR_LIST_OF(struct stamp) stamps;
    struct price *price;
    GR_LIST_OF(gr_decimal) decimals;
    gr_doubles reals;
    const char *text;
    gr_bytes *coded;
};
static GR_INPUT(filled, GR_OBJECT(scalar, scalar, GR_FROM_FORM), GR_OBJECT(stamp, stamp, GR_FROM_FORM, GR_OPTIONAL),
                GR_OBJECTS(stamps, stamp, GR_FROM_FORM, GR_OPTIONAL, .validate = check_stamp),
                GR_OBJECT(price, price, GR_FROM_FORM, GR_OPTIONAL, .secret = true),
                GR_LIST(decimals, GR_FROM_FORM, GR_DEFAULT_LIST(1), .dedupe = true, .max_items = 3),
                GR_LIST(reals, GR_FROM_FORM, GR_OPTIONAL, .allow_inf_nan = true, .unique = true),
                GR_FORM(text, GR_OPTIONAL, .validate = check_text, .secret = true),
                GR_FORM(coded, GR_OPTIONAL, GR_BASE64));
static gr_reply filled(gr_co co, gr_req *req, const struct filled *in)
{
    (void)co;
    FUZZ_ASSERT(in->scalar.which && in->decimals.at && in->decimals.len <= 3);
    expect_stamps(in->stamps.at, in->stamps.len);
    return scalar_reply(req, &in->scalar);
}
GR_POST("/16/7", filled, .response = scalar_model);

/* What a program says of its own may be none of it, which is a 500: that of 3 and this one. */
struct any_json {
    json_t *value;
};
static GR_INPUT(any_json, GR_JSON(value));
static gr_reply any_json(gr_co co, gr_req *req, const struct any_json *in)
{
    (void)co;
    return whole_reply_json(req, json_incref(in->value));
}
GR_POST("/17/7", any_json, .response = whole_model, .response_by_name = true);

/* --- secrets of one member that another is not to repeat: structs that take all of a place --- */

struct purse {
    int64_t coins;
    gr_strings owners;
};
static GR_MODEL(purse, GR_FIELD(coins), GR_LIST(owners, GR_OPTIONAL, .max_len = 3));
struct guarded {
    const char *key, *pin, *word;
    struct pair hidden;
    struct purse purse, deep;
    struct ticket fields, cookies, query;
};
static GR_INPUT(guarded, GR_HEADER(key, GR_OPTIONAL, .max_len = 2, .secret = true),
                GR_OBJECT(hidden, pair, GR_FROM_HEADER, .secret = true), GR_OBJECT(fields, ticket, GR_FROM_HEADER),
                GR_COOKIE(pin, GR_OPTIONAL, .max_len = 2, .secret = true),
                GR_OBJECT(purse, purse, GR_FROM_COOKIE, .secret = true), GR_OBJECT(cookies, ticket, GR_FROM_COOKIE),
                GR_QUERY(word, GR_OPTIONAL, .secret = true),
                GR_OBJECT(deep, purse, GR_FROM_QUERY, .secret = true, .style = GR_STYLE_DEEP_OBJECT),
                GR_OBJECT(query, ticket, GR_FROM_QUERY));
static gr_reply guarded(gr_co co, gr_req *req, const struct guarded *in)
{
    (void)co;
    (void)in;
    return gr_json(req, json_null());
}
GR_POST("/18/7", guarded);

/* What is secret of them. */
static inline bool is_one_of(json_t *loc, size_t i, const char *const *names)
{
    while (*names && !fuzz_is_step(loc, i, *names))
        names++;
    return *names;
}

static inline bool is_guarded_secret(json_t *loc)
{
    static const char *const fields[] = {"key", "hidden", "cookie", NULL};
    static const char *const cookies[] = {"pin", "coins", "owners", NULL};
    static const char *const query[] = {"word", "deep", "deep[coins]", "deep[owners]", NULL};
    return (fuzz_is_step(loc, 0, "header") && is_one_of(loc, 1, fields)) ||
           (fuzz_is_step(loc, 0, "cookie") && is_one_of(loc, 1, cookies)) ||
           (fuzz_is_step(loc, 0, "query") && is_one_of(loc, 1, query));
}

static inline bool is_united_secret(json_t *loc)
{
    return (fuzz_is_step(loc, 0, "header") && fuzz_is_step(loc, 1, "header")) ||
           (fuzz_is_step(loc, 0, "cookie") && !fuzz_is_step(loc, 1, "cookie"));
}

static inline bool is_typed_secret(json_t *loc)
{
    return (fuzz_is_step(loc, 0, "header") && fuzz_is_step(loc, 1, "hidden")) ||
           (fuzz_is_step(loc, 0, "query") && (fuzz_is_step(loc, 1, "text") || fuzz_is_step(loc, 1, "colors")));
}

static inline bool is_form_secret(json_t *loc)
{
    return fuzz_is_step(loc, 1, "price") || fuzz_is_step(loc, 1, "text");
}

#endif
