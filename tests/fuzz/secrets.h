/* Secrets in what has no name of its own: cases, roots, arms, tags, positions, the rest. */
#ifndef TESTS_FUZZ_SECRETS_H
#define TESTS_FUZZ_SECRETS_H

#include "fuzz/answers.h"
#include "fuzz/unions.h"

struct pin {
    int which;
    union {
        int64_t number;
        gr_ints list;
        GR_MAP_OF(int64_t) map;
        gr_decimal decimal;
    };
};
static GR_MODEL(pin, GR_EITHER(which), GR_CASE(number, 1, .secret = true), GR_CASE_LIST(list, 2, .secret = true),
                GR_CASE_MAP(map, 3, .secret = true, .max_items = 2),
                GR_CASE(decimal, 4, .secret = true, .validate = check_decimal));
struct called_pin {
    int which;
    union {
        int64_t number;
        const char *text;
    };
};
static const char *by_pin(const json_t *value)
{
    return json_is_string(value) ? json_string_value(value) : "number";
}
static GR_MODEL(called_pin, GR_EITHER_BY(which, by_pin), GR_CASE(number, 1, .secret = true), GR_CASE(text, 2));
struct pins {
    gr_ints list;
};
static GR_MODEL(pins, GR_ROOT, GR_LIST(list, .secret = true, .unique = true));
struct keyed_pins {
    GR_MAP_FROM(gr_date, gr_date) map;
};
static GR_MODEL(keyed_pins, GR_ROOT, GR_MAP(map, .secret = true));
struct named_pins {
    int64_t n;
    GR_MAP_OF(int64_t) others;
};
static GR_MODEL(named_pins, GR_FIELD(n, .secret = true), GR_REST_MAP(others, .secret = true));
struct secret_two {
    int kind;
    struct two two;
};
static GR_MODEL(secret_two, GR_TAG(kind, .secret = true), GR_ARM(two, two, 1, .secret = true));
struct secret_twos {
    GR_MAP_OF(struct two) others;
};
static GR_MODEL(secret_twos, GR_REST_OBJECTS(others, two, .secret = true));
struct secret_pair {
    gr_decimal x;
    gr_strings y;
};
static GR_MODEL(secret_pair, GR_SELF(.tuple = true), GR_FIELD(x, .secret = true, GR_LT(3)),
                GR_LIST(y, .secret = true, .max_len = 2));

/* All that is below it is secret. */
struct vault {
    struct pin pin, *behind;
    struct called_pin *called;
    struct pins pins;
    struct keyed_pins *keyed;
    struct named_pins *named;
    struct secret_two *two;
    struct secret_twos *twos;
    struct secret_pair *pair;
    GR_LIST_OF(struct pin) list;
    gr_datetime *when;
    gr_uuid *id;
    enum color *color;
    gr_bytes raw;
    struct place *place;
    struct keyed_pins map;
};
static GR_MODEL(vault, GR_OBJECT(pin, pin), GR_OBJECT(behind, pin, GR_OPTIONAL), GR_OBJECT(called, called_pin, GR_OPTIONAL),
                GR_OBJECT(pins, pins), GR_OBJECT(keyed, keyed_pins, GR_OPTIONAL), GR_OBJECT(named, named_pins, GR_OPTIONAL),
                GR_OBJECT(two, secret_two, GR_OPTIONAL), GR_OBJECT(twos, secret_twos, GR_OPTIONAL),
                GR_OBJECT(pair, secret_pair, GR_OPTIONAL), GR_OBJECTS(list, pin, GR_OPTIONAL),
                GR_FIELD(when, GR_OPTIONAL, .secret = true), GR_FIELD(id, GR_OPTIONAL, .secret = true),
                GR_ENUM(color, color, GR_OPTIONAL, .secret = true), GR_FIELD(raw, .max_len = 3, .secret = true),
                GR_OBJECT(place, place, GR_OPTIONAL, .secret = true), GR_OBJECT(map, keyed_pins));

/* Whether a loc is that of something in a vault. */
static inline bool is_in_vault(json_t *loc)
{
    bool found = false;
    for (size_t i = 1; i + 1 < json_array_size(loc) && !found; i++)
        found =
            fuzz_is_step(loc, i, "vault") && (fuzz_is_step(loc, i - 1, "meetings") || fuzz_is_step(loc, i - 1, "body"));
    return found;
}

#endif
