/* Unions of all that they can be of, and what is bare as they are: cases that are decimals, temporal, tuples, lists and
 * maps, found by what fits or by a function; roots; arms that take the rest. */
#ifndef TESTS_FUZZ_UNIONS_H
#define TESTS_FUZZ_UNIONS_H

#include <math.h>

#include "fuzz/checked.h"

/* --- of scalars --- */

struct scalar {
    uint8_t which;
    union {
        bool flag;
        int64_t whole;
        enum color color;
        gr_decimal decimal;
        double real;
        gr_date date;
        gr_datetime datetime;
        gr_time time;
        gr_duration duration;
        gr_uuid uuid;
        gr_bytes coded;
        const char *text;
        char code[4];
    };
};
static const char *check_text(const void *value)
{
    const char *const *text = value;
    return strchr(*text, '%') ? "has a % in it" : NULL;
}
FUZZ_CHECK(scalar);
static GR_MODEL(scalar, GR_SELF(.validate = check_scalar), GR_EITHER(which), GR_CASE(flag, 255),
                GR_CASE(whole, 1, GR_GE(-100), .validate = check_number), GR_CASE_ENUM(color, color, 2),
                GR_CASE(date, 3), GR_CASE(datetime, 4), GR_CASE(time, 5), GR_CASE(duration, 6), GR_CASE(uuid, 7),
                GR_CASE(decimal, 8, .max_digits = 6, .decimal_places = 2, .allow_inf_nan = true),
                GR_CASE(real, 9, GR_LE(1e100)), GR_CASE(code, 10, .pattern = "^c"),
                GR_CASE(text, 11, .max_len = 3, .validate = check_text), GR_CASE(coded, 12, GR_BASE64));

/* Without a text, which fits all texts best. */
struct moment {
    uint32_t which;
    union {
        gr_duration *duration;
        gr_decimal *decimal;
        gr_time time;
        gr_date *date;
        gr_datetime datetime;
        gr_uuid uuid;
        GR_LIST_OF(gr_duration) durations;
        GR_LIST_OF(gr_time) times;
        GR_MAP_FROM(gr_date, gr_uuid) days;
    };
};
FUZZ_CHECK(moment);
static GR_MODEL(moment, GR_SELF(.validate = check_moment), GR_EITHER(which), GR_CASE(duration, 1), GR_CASE(date, 2),
                GR_CASE(datetime, 3), GR_CASE(time, 4), GR_CASE(decimal, UINT32_MAX, GR_GT("1")), GR_CASE(uuid, 6),
                GR_CASE_LIST(durations, 7, .dedupe = true), GR_CASE_LIST(times, 8, .unique = true, .min_items = 2),
                GR_CASE_MAP(days, 9, .max_items = 2));

/* --- tuples --- */

struct place {
    gr_decimal at;
    struct scalar scalar;
    struct two_or_ints *either;
    GR_LIST_OF(struct scalar) list;
    gr_datetime *when;
};
FUZZ_CHECK(place);
static GR_MODEL(place, GR_SELF(.tuple = true, .validate = check_place), GR_FIELD(at, GR_MULTIPLE_OF("0.5")),
                GR_OBJECT(scalar, scalar), GR_OBJECT(either, two_or_ints, GR_NULLABLE),
                GR_OBJECTS(list, scalar, .max_items = 3), GR_FIELD(when, GR_NULLABLE));
struct pair {
    int64_t x, y;
};
FUZZ_CHECK(pair);
static GR_MODEL(pair, GR_SELF(.tuple = true), GR_FIELD(x), GR_FIELD(y, .validate = check_number));
struct path {
    int16_t which;
    union {
        struct pair pair;
        struct place *place;
        GR_LIST_OF(struct pair) pairs;
        GR_MAP_OF(struct place) places;
        gr_strings words;
        GR_LIST_OF(gr_decimal) decimals;
    };
};
FUZZ_CHECK(path);
static GR_MODEL(path, GR_EITHER(which), GR_CASE_OBJECT(pair, pair, 1, .validate = check_pair),
                GR_CASE_OBJECT(place, place, 2, .alias = "place"), GR_CASE_OBJECTS(pairs, pair, 3, .max_items = 3),
                GR_CASE_MAP_OBJECTS(places, place, 4, .min_items = 1, .alias = "places"),
                GR_CASE_LIST(words, 5, .dedupe = true, .min_items = 1, .validate = check_text),
                GR_CASE_LIST(decimals, 6, .unique = true));

/* --- found by a function, some of whose answers are no case --- */

struct open {
    struct two_or_ints either;
    json_t *rest;
};
static GR_MODEL(open, GR_OBJECT(either, two_or_ints), GR_REST(rest));
struct chosen {
    int64_t which;
    union {
        struct open open;
        struct path *path;
        GR_LIST_OF(struct chosen) list;
        const char *text;
        json_t *any;
    };
};
static const char *by_look(const json_t *value)
{
    static const char *const by_type[] = {[JSON_OBJECT] = "open", [JSON_ARRAY] = "list", [JSON_STRING] = "te\"xt",
                                          [JSON_INTEGER] = "any", [JSON_REAL] = "text",  [JSON_NULL] = NULL};
    if (json_is_array(value) && !json_is_string(json_array_get(value, 0)))
        return "path";
    return json_typeof(value) < JSON_TRUE ? by_type[json_typeof(value)] : "any";
}
GR_DECLARE_MODEL(chosen);
static const char *check_chosen(const void *value)
{
    return fuzz_judge(chosen_model(), value);
}
GR_DEFINE_MODEL(chosen, GR_SELF(.validate = check_chosen), GR_EITHER_BY(which, by_look), GR_CASE_OBJECT(open, open, 1),
                GR_CASE_OBJECT(path, path, 2), GR_CASE_OBJECTS(list, chosen, 3),
                GR_CASE(text, INT64_MIN, .alias = "te\"xt"), GR_CASE(any, INT64_MAX));

/* --- roots --- */

static const char *check_decimal(const void *value)
{
    int64_t hundredths;
    return gr_decimal_scaled(value, 2, &hundredths) == 0 && hundredths % 7 == 6 ? "is of a price that I do not like"
                                                                                : NULL;
}
struct price {
    gr_decimal value;
};
static GR_MODEL(price, GR_ROOT, GR_FIELD(value, GR_GE(0), GR_LT("1000.001"), .validate = check_decimal));
struct maybe {
    gr_duration *value;
};
FUZZ_CHECK(maybe);
static GR_MODEL(maybe, GR_ROOT, GR_FIELD(value, GR_OPTIONAL), GR_SELF(.validate = check_maybe));
struct any_ints {
    gr_ints list;
};
static GR_MODEL(any_ints, GR_ROOT, GR_LIST(list, GR_NULLABLE, .dedupe = true));
struct only {
    struct scalar *one;
};
static GR_MODEL(only, GR_ROOT, GR_OBJECT(one, scalar, GR_NULLABLE));
struct whatever {
    json_t *value;
};
static const char *check_json(const void *value)
{
    json_t *const *json = value;
    return json_is_false(*json) ? "is false" : NULL;
}
static GR_MODEL(whatever, GR_ROOT, GR_FIELD(value, .validate = check_json));
struct hours {
    GR_MAP_FROM(gr_time, struct price) map;
};
static GR_MODEL(hours, GR_ROOT, GR_MAP_OBJECTS(map, price, .max_items = 3));
struct roots {
    struct price price;
    struct maybe *maybe;
    struct any_ints ints;
    struct only only;
    struct whatever whatever;
    struct hours *hours;
    GR_LIST_OF(struct price) prices;
    GR_LIST_OF(struct any_ints) table;
    GR_LIST_OF(struct maybe) maybes;
    GR_MAP_OF(struct only) onlies;
    GR_MAP_FROM(gr_decimal, struct whatever) rest;
    gr_set set;
};
FUZZ_CHECK(roots);
static GR_MODEL(roots, GR_OBJECT(price, price), GR_OBJECT(maybe, maybe, GR_OPTIONAL, .omit_null = true),
                GR_OBJECT(ints, any_ints), GR_OBJECT(only, only), GR_OBJECT(whatever, whatever),
                GR_OBJECT(hours, hours, GR_OPTIONAL), GR_OBJECTS(prices, price, GR_OPTIONAL),
                GR_OBJECTS(table, any_ints, GR_DEFAULT_EMPTY), GR_OBJECTS(maybes, maybe, GR_DEFAULT_EMPTY),
                GR_MAP_OBJECTS(onlies, only, GR_DEFAULT_EMPTY), GR_MAP_OBJECTS(rest, whatever, GR_OPTIONAL), GR_SET(set),
                GR_SELF(.validate = check_roots));

/* --- arms that take the rest --- */

struct loose {
    gr_decimal *price;
    json_t *rest;
    gr_set set;
};
FUZZ_CHECK(loose);
static GR_MODEL(loose, GR_FIELD(price, GR_DEFAULT("0.10")), GR_REST(rest, .validate = check_json), GR_SET(set),
                GR_SELF(.validate = check_loose, .extra = GR_EXTRA_ALLOWED));
struct tariff {
    struct scalar *base;
    GR_MAP_OF(gr_decimal) prices;
};
static GR_MODEL(tariff, GR_OBJECT(base, scalar, GR_OPTIONAL), GR_REST_MAP(prices, GR_GT(0), .decimal_places = GR_NO_PLACES));
struct maze {
    GR_MAP_OF(struct path) paths;
};
static GR_MODEL(maze, GR_REST_OBJECTS(paths, path, .validate = check_path));
struct arms {
    int kind;
    union {
        struct loose loose;
        struct tariff tariff;
        struct maze maze;
        struct roots roots;
    };
};
FUZZ_CHECK(arms);
static GR_MODEL(arms, GR_SELF(.validate = check_arms), GR_TAG(kind, .alias = "k\"ind"),
                GR_ARM(loose, loose, 1, .validate = check_loose), GR_ARM(tariff, tariff, -1, .alias = "t\"ariff"),
                GR_ARM(maze, maze, 1 << 30), GR_ARM(roots, roots, 7));

/* --- numbers that JSON has not, of which nothing comes back --- */

static bool fuzz_lost;
static const char *check_finite(const void *value)
{
    fuzz_lost = fuzz_lost || !isfinite(*(const double *)value);
    return NULL;
}
struct endless {
    double one;
    gr_doubles list;
    GR_MAP_OF(double) map;
    GR_LIST_OF(gr_decimal) decimals;
    GR_MAP_FROM(gr_decimal, float) none;
};
static GR_MODEL(endless, GR_FIELD(one, GR_DEFAULT(1), .allow_inf_nan = true, .validate = check_finite),
                GR_LIST(list, GR_DEFAULT_EMPTY, .allow_inf_nan = true, .dedupe = true, .validate = check_finite),
                GR_MAP(map, GR_OPTIONAL, .allow_inf_nan = true, GR_GT(0), .validate = check_finite),
                GR_LIST(decimals, GR_DEFAULT_EMPTY, .allow_inf_nan = true, .unique = true),
                GR_MAP(none, GR_DEFAULT_EMPTY));

/* --- all of it --- */

struct unions {
    GR_LIST_OF(struct scalar) scalars;
    GR_LIST_OF(struct moment) moments;
    GR_MAP_OF(struct scalar) named;
    struct place *place;
    GR_LIST_OF(struct path) paths;
    struct chosen *chosen;
    struct roots *roots;
    GR_LIST_OF(struct arms) arms;
    struct arms *arm;
    struct endless endless;
    GR_MAP_FROM(gr_uuid, struct chosen) others;
};
static GR_MODEL(unions, GR_OBJECTS(scalars, scalar, GR_DEFAULT_EMPTY), GR_OBJECTS(moments, moment, GR_DEFAULT_EMPTY), GR_MAP_OBJECTS(named, scalar, GR_OPTIONAL),
                GR_OBJECT(place, place, GR_OPTIONAL), GR_OBJECTS(paths, path, GR_OPTIONAL, .min_items = 1),
                GR_OBJECT(chosen, chosen, GR_OPTIONAL), GR_OBJECT(roots, roots, GR_OPTIONAL),
                GR_OBJECTS(arms, arms, GR_DEFAULT_EMPTY, .max_items = 4), GR_OBJECT(arm, arms, GR_OPTIONAL, .omit_null = true),
                GR_OBJECT(endless, endless), GR_MAP_OBJECTS(others, chosen, GR_DEFAULT_EMPTY));

#endif
