/* A model with a member of every kind. */
#ifndef TESTS_FUZZ_THING_H
#define TESTS_FUZZ_THING_H

#include <griddle.h>
#include <string.h>

#include "fuzz/checked.h"
#include "fuzz/secrets.h"
#include "fuzz/unions.h"

struct cat {
    int lives;
};
static GR_MODEL(cat, GR_FIELD(lives, GR_MULTIPLE_OF(3)));
struct dog {
    const char *name;
    gr_strings tricks;
};
static GR_MODEL(dog, GR_FIELD(name), GR_LIST(tricks, GR_DEFAULT_EMPTY, .max_items = 3, .unique = true));
struct pet {
    enum kind { CAT, DOG } kind;
    union {
        struct cat cat;
        struct dog dog;
    };
};
static GR_MODEL(pet, GR_TAG(kind), GR_ARM(cat, cat, CAT), GR_ARM(dog, dog, DOG));

/* Unions without a tag, one of which contains itself, and a root of lists. Nothing in their structs has a default: what
 * is left out could not tell its case any more. */
struct row {
    gr_ints cells;
};
static GR_MODEL(row, GR_ROOT, GR_LIST(cells, .max_items = 4));
struct tree;
GR_DECLARE_MODEL(tree);
struct fork {
    struct tree *left, *right;
    json_t *note;
};
static GR_MODEL(fork, GR_OBJECT(left, tree), GR_OBJECT(right, tree, GR_NULLABLE), GR_FIELD(note, GR_NULLABLE));
struct stem {
    struct tree *left;
    double length;
};
static GR_MODEL(stem, GR_OBJECT(left, tree, GR_NULLABLE), GR_FIELD(length));
struct tree {
    int which;
    union {
        bool leaf;
        int64_t number;
        const char *text;
        gr_date date;
        struct fork fork;
        struct stem *stem;
        struct pet pet;
        GR_LIST_OF(struct tree) trees;
        GR_MAP_OF(struct row) rows;
    };
};
GR_DEFINE_MODEL(tree, GR_EITHER(which), GR_CASE(leaf, 1), GR_CASE(number, 2, GR_GE(0)), GR_CASE(date, 3),
                GR_CASE(text, 4, .max_len = 12), GR_CASE_OBJECT(pet, pet, 5), GR_CASE_OBJECT(fork, fork, 6),
                GR_CASE_OBJECT(stem, stem, 7), GR_CASE_OBJECTS(trees, tree, 8), GR_CASE_MAP_OBJECTS(rows, row, 9));

static const char *be_short(const void *value)
{
    const char *const *text = value;
    return strlen(*text) > 20 ? "is too long for me" : NULL;
}

/* The types and constraints that a thing has not. */
static const char *be_sorted(const void *value);
struct rest {
    int16_t i16;
    uint16_t u16;
    int i32;
    unsigned u32;
    int64_t *i64;
    double step;
    gr_bytes few;
    const char *web, *hidden;
    gr_datetime when;
    gr_duration *none;
    enum color *paint;
    GR_LIST_OF(bool) flags;
    GR_LIST_OF(double) unlike;
    GR_LIST_OF(enum color) colors;
    GR_LIST_OF(json_t *) any;
    GR_LIST_OF(gr_uuid) ids;
    GR_MAP_OF(const char *) labels;
    GR_MAP_OF(json_t *) free;
    GR_MAP_OF(struct pet) pets;
    gr_date days[2];
    gr_decimal *price, *ratio;
    double *wild;
    GR_LIST_OF(gr_decimal) steps;
    GR_MAP_FROM(gr_decimal, int) tariff;
    gr_set set;
};
static GR_MODEL(rest, GR_FIELD(i16, GR_DEFAULT(3), GR_GE(-300), GR_LT(300)), GR_FIELD(u16, GR_DEFAULT(0)),
                GR_FIELD(i32, GR_DEFAULT(0), GR_MULTIPLE_OF(7)), GR_FIELD(u32, GR_DEFAULT(0), GR_LE(4000000000u)),
                GR_FIELD(i64, GR_OPTIONAL, GR_MULTIPLE_OF(2)),
                GR_FIELD(step, GR_DEFAULT(1), GR_MULTIPLE_OF(0.1), GR_GT(-9.5), GR_LE(1e6)),
                GR_FIELD(few, .min_len = 1, .max_len = 4), GR_FIELD(web, GR_OPTIONAL, GR_HTTP_URL),
                GR_FIELD(hidden, GR_OPTIONAL, .max_len = 3, .secret = true), GR_FIELD(when),
                GR_FIELD(none, GR_NULLABLE), GR_ENUM(paint, color, GR_OPTIONAL), GR_LIST(flags, GR_OPTIONAL),
                GR_LIST(unlike, GR_DEFAULT_EMPTY, .unique = true, GR_LT(100)), GR_ENUMS(colors, color, GR_OPTIONAL),
                GR_LIST(any, GR_NULLABLE, GR_DEFAULT_EMPTY), GR_LIST(ids, GR_DEFAULT_EMPTY, .max_items = 2),
                GR_MAP(labels, GR_OPTIONAL, .min_items = 1, .max_items = 2, .pattern = "^[a-z]*$"),
                GR_MAP(free, GR_DEFAULT_EMPTY), GR_MAP_OBJECTS(pets, pet, GR_OPTIONAL), GR_ARRAY(days),
                GR_FIELD(price, GR_DEFAULT("1.50"), GR_GT("-0.005"), GR_LE(1e12), .max_digits = 20, .decimal_places = 3),
                GR_FIELD(ratio, GR_OPTIONAL, .allow_inf_nan = true), GR_FIELD(wild, GR_OPTIONAL, .allow_inf_nan = true),
                GR_LIST(steps, GR_DEFAULT_EMPTY, .unique = true, GR_MULTIPLE_OF(0.05)), GR_MAP(tariff, GR_OPTIONAL),
                GR_SET(set),
                GR_SELF(.validate = be_sorted, .extra = GR_EXTRA_FORBIDDEN));
static const char *be_sorted(const void *value)
{
    const struct rest *rest = value;
    return rest->days[0].year > rest->days[1].year ? "the days are not in their order" : NULL;
}

/* Sets, tuples, keys that are no texts, default items, and what no member takes. */
struct spot {
    double lat;
    const char *name;
    gr_ints floors;
    struct point *point;
};
static GR_MODEL(spot, GR_SELF(.tuple = true), GR_FIELD(lat, GR_LE(90)), GR_FIELD(name, GR_NULLABLE),
                GR_LIST(floors, GR_NULLABLE), GR_OBJECT(point, point, GR_NULLABLE));
struct shapes {
    gr_ints set;
    gr_strings words;
    GR_LIST_OF(gr_datetime) moments;
    GR_MAP_FROM(gr_date, int) days;
    GR_MAP_FROM(int64_t, struct spot) spots;
    GR_MAP_FROM(bool, double) halves;
    struct spot spot;
    GR_LIST_OF(struct spot) way;
    struct shapes *inner;
    json_t *others;
};
struct crowd {
    gr_strings names;
    GR_MAP_OF(struct shapes) members;
    int count;
};
static GR_MODEL(shapes, GR_LIST(set, GR_DEFAULT_LIST(2, 1), .dedupe = true, .max_items = 3),
                GR_LIST(words, GR_DEFAULT_LIST("a", "b"), .dedupe = true), GR_LIST(moments, GR_OPTIONAL, .dedupe = true),
                GR_MAP(days, GR_OPTIONAL, .omit_null = true), GR_MAP_OBJECTS(spots, spot, GR_OPTIONAL, .min_items = 1),
                GR_MAP(halves, GR_OPTIONAL, .max_items = 1), GR_OBJECT(spot, spot),
                GR_OBJECTS(way, spot, GR_DEFAULT_EMPTY), GR_OBJECT(inner, shapes, GR_OPTIONAL, .omit_null = true),
                GR_REST(others));
static GR_MODEL(crowd, GR_REST_OBJECTS(members, shapes), GR_LIST(names, GR_OPTIONAL), GR_FIELD(count, GR_DEFAULT(1)));

struct meetings {
    struct parts *parts;
    GR_MAP_OF(struct part) named;
    struct sets *sets;
    struct keyed *keyed;
    struct unions *unions;
    struct vault *vault;
};
static GR_MODEL(meetings, GR_OBJECT(parts, parts, GR_OPTIONAL), GR_MAP_OBJECTS(named, part, GR_DEFAULT_EMPTY, .validate = check_part),
                GR_OBJECT(sets, sets, GR_OPTIONAL), GR_OBJECT(keyed, keyed, GR_OPTIONAL), GR_OBJECT(unions, unions, GR_OPTIONAL),
                GR_OBJECT(vault, vault, GR_OPTIONAL));

struct thing {
    bool b;
    int8_t i8;
    uint64_t *u64;
    float f;
    double *d;
    const char *text;
    char code[5];
    gr_bytes raw, coded;
    enum color color;
    json_t *any;
    gr_date *date;
    gr_time *time;
    gr_datetime *datetime;
    gr_duration *duration;
    gr_uuid *uuid;
    const char *url, *email, *pattern, *literal;
    struct point point;
    struct point *corner;
    struct thing *next;
    struct pet *pet;
    gr_ints ints;
    GR_LIST_OF(struct thing) things;
    GR_LIST_OF(struct pet) pets;
    int64_t pair[2];
    GR_MAP_OF(double) prices;
    GR_MAP_OF(struct point) places;
    struct rest *rest;
    struct tree *tree;
    struct crowd *crowd;
    struct meetings *meetings;
};
static GR_MODEL(thing, GR_FIELD(b, GR_DEFAULT(true)), GR_FIELD(i8, GR_DEFAULT(1), GR_GT(-100)),
                GR_FIELD(u64, GR_OPTIONAL), GR_FIELD(f, GR_DEFAULT(0.5)), GR_FIELD(d, GR_NULLABLE, GR_DEFAULT(1)),
                GR_FIELD(text, .min_len = 1, .max_len = 30, .validate = be_short, GR_DEFAULT("t")),
                GR_FIELD(code, GR_DEFAULT("c"), .alias = "co\"de"), GR_FIELD(raw, .max_len = 50),
                GR_FIELD(coded, GR_BASE64), GR_ENUM(color, color, GR_DEFAULT(5)), GR_FIELD(any, GR_OPTIONAL),
                GR_FIELD(date, GR_OPTIONAL), GR_FIELD(time, GR_OPTIONAL), GR_FIELD(datetime, GR_OPTIONAL),
                GR_FIELD(duration, GR_OPTIONAL), GR_FIELD(uuid, GR_OPTIONAL), GR_FIELD(url, GR_OPTIONAL, GR_URL),
                GR_FIELD(email, GR_OPTIONAL, GR_EMAIL, .secret = true),
                GR_FIELD(pattern, GR_OPTIONAL, .pattern = "^(a|b)+c?$"),
                GR_FIELD(literal, GR_OPTIONAL, GR_LITERAL("one", "two")), GR_OBJECT(point, point),
                GR_OBJECT(corner, point, GR_OPTIONAL), GR_OBJECT(next, thing, GR_OPTIONAL),
                GR_OBJECT(pet, pet, GR_OPTIONAL), GR_LIST(ints, GR_OPTIONAL, .min_items = 1),
                GR_OBJECTS(things, thing, GR_OPTIONAL), GR_OBJECTS(pets, pet, GR_DEFAULT_EMPTY), GR_ARRAY(pair),
                GR_MAP(prices, GR_OPTIONAL), GR_MAP_OBJECTS(places, point, GR_DEFAULT_EMPTY),
                GR_OBJECT(rest, rest, GR_OPTIONAL), GR_OBJECT(tree, tree, GR_OPTIONAL),
                GR_OBJECT(crowd, crowd, GR_OPTIONAL),
                GR_OBJECT(meetings, meetings, GR_OPTIONAL));

/* What is no object: a union that is the whole of a text. */
struct whole {
    unsigned which;
    union {
        struct parts parts;
        struct path path;
        struct chosen chosen;
        struct scalar scalar;
        struct any_ints ints;
        GR_LIST_OF(struct thing) things;
    };
};
FUZZ_CHECK(whole);
static GR_MODEL(whole, GR_EITHER(which), GR_CASE_OBJECT(parts, parts, 1), GR_CASE_OBJECT(path, path, 2, .alias = "path"),
                GR_CASE_OBJECT(scalar, scalar, 3, .alias = "scalar"), GR_CASE_OBJECT(ints, any_ints, 4), GR_CASE_OBJECTS(things, thing, 5),
                GR_CASE_OBJECT(chosen, chosen, 6, .alias = "chosen"), GR_SELF(.validate = check_whole));

/* Whether a loc is that of a member that is secret. */
static inline bool thing_is_secret(json_t *loc)
{
    static const char *const things[] = {"body", "next", "thing", NULL}, *const rests[] = {"rest", NULL};
    return fuzz_leads_to(loc, "email", things) || fuzz_leads_to(loc, "hidden", rests) || is_in_vault(loc);
}

#endif
