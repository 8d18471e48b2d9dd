/* What checks of one's own look at, all of it: pointers to unions in lists, sets of all they can hold, default items,
 * keys of every type. */
#ifndef TESTS_FUZZ_CHECKED_H
#define TESTS_FUZZ_CHECKED_H

#include <griddle.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/point.h"
#include "schema/encode.h"
#include "schema/shared.h"

/* What was found right can be sent: a check of one's own sees no half of a value. Some are refused, by what they are
 * and not by how they were written, so that the same is said of them when they are read again. */
static inline const char *fuzz_judge(const gr_model *model, const void *value)
{
    struct gri_culprit culprit;
    struct gri_steps steps;
    struct gri_buf buf;
    gri_steps_init(&steps, 0, NULL);
    gri_buf_init(&buf, NULL);
    FUZZ_ASSERT(gri_encode_struct(&buf, gri_shared_plan(model), value, NULL, &steps, &culprit) == 0);
    gri_steps_finish(&steps);
    bool refused = buf.len % 32 == 31;
    gri_buf_finish(&buf);
    return refused ? "is of a length that I do not like" : NULL;
}

/* Before the model of the struct: a check, for it and for members that are such a struct. */
#define FUZZ_CHECK(tag) \
    static const gr_model *tag##_model(void); \
    static const char *check_##tag(const void *value) \
    { \
        return fuzz_judge(tag##_model(), value); \
    } \
    struct tag

/* --- a pointer to a union, in a list --- */

struct two {
    const char *text;
    int64_t number;
};
static GR_MODEL(two, GR_FIELD(text), GR_FIELD(number));
struct two_or_ints {
    int8_t which;
    union {
        struct two two;
        gr_ints ints;
    };
};
FUZZ_CHECK(two_or_ints);
static GR_MODEL(two_or_ints, GR_EITHER(which), GR_CASE_OBJECT(two, two, 1), GR_CASE_LIST(ints, -2));
struct part {
    const char *name;
    struct two_or_ints *u, *checked;
    gr_set set;
};
FUZZ_CHECK(part);
static GR_MODEL(part, GR_SELF(.validate = check_part), GR_FIELD(name, GR_OPTIONAL), GR_OBJECT(u, two_or_ints, GR_OPTIONAL),
                GR_OBJECT(checked, two_or_ints, GR_OPTIONAL, .omit_null = true, .validate = check_two_or_ints),
                GR_SET(set));
struct parts {
    GR_LIST_OF(struct part) list;
};
FUZZ_CHECK(parts);
static GR_MODEL(parts, GR_SELF(.validate = check_parts), GR_ROOT, GR_OBJECTS(list, part, .max_items = 5));

/* --- sets of all they can hold, and default items of all that these can be --- */

struct sets {
    GR_LIST_OF(bool) bools;
    GR_LIST_OF(int8_t) small;
    GR_LIST_OF(uint64_t) large;
    GR_LIST_OF(float) floats;
    gr_doubles doubles;
    gr_strings texts, urls, emails;
    GR_LIST_OF(gr_bytes) raw, coded;
    GR_LIST_OF(enum color) colors;
    GR_LIST_OF(gr_date) dates;
    GR_LIST_OF(gr_time) times;
    GR_LIST_OF(gr_datetime) datetimes;
    GR_LIST_OF(gr_duration) durations;
    GR_LIST_OF(gr_uuid) uuids;
    GR_LIST_OF(gr_decimal) decimals;
    int16_t fixed[2];
    gr_set set;
};
FUZZ_CHECK(sets);
static GR_MODEL(sets, GR_SELF(.validate = check_sets, .extra = GR_EXTRA_FORBIDDEN),
                GR_LIST(bools, GR_DEFAULT_LIST(true), .dedupe = true),
                GR_LIST(small, GR_DEFAULT_LIST(3, -1), .dedupe = true, GR_GE(-5), .max_items = 3),
                GR_LIST(large, GR_DEFAULT_LIST(18446744073709551615), .dedupe = true),
                GR_LIST(floats, GR_DEFAULT_LIST(0.5, 1e3), .dedupe = true, GR_LT(1e30)),
                GR_LIST(doubles, GR_DEFAULT_LIST(-0.0), .dedupe = true, GR_MULTIPLE_OF(0.25)),
                GR_LIST(texts, GR_DEFAULT_LIST("a", "b"), .dedupe = true, .min_items = 1, .max_len = 5),
                GR_LIST(urls, GR_DEFAULT_LIST("http://a.b/"), .dedupe = true, GR_URL),
                GR_LIST(emails, GR_DEFAULT_EMPTY, .dedupe = true, GR_EMAIL),
                GR_LIST(raw, GR_DEFAULT_LIST("x"), .dedupe = true, .max_len = 4),
                GR_LIST(coded, GR_DEFAULT_LIST("aGk="), .dedupe = true, GR_BASE64),
                GR_ENUMS(colors, color, GR_DEFAULT_LIST("red", -3), .dedupe = true),
                GR_LIST(dates, GR_DEFAULT_LIST("2020-01-31"), .dedupe = true),
                GR_LIST(times, GR_DEFAULT_LIST("10:20:30Z"), .dedupe = true),
                GR_LIST(datetimes, GR_DEFAULT_LIST("2020-01-31T10:20:30"), .dedupe = true),
                GR_LIST(durations, GR_DEFAULT_LIST("P1D", 0.5), .dedupe = true),
                GR_LIST(uuids, GR_DEFAULT_LIST("3fa85f64-5717-4562-b3fc-2c963f66afa6"), .dedupe = true),
                GR_LIST(decimals, GR_DEFAULT_LIST("1.50", 2), .dedupe = true, GR_GT("-10")),
                GR_ARRAY(fixed, GR_DEFAULT_LIST(1, 2)), GR_SET(set));

/* --- keys of every type --- */

struct keyed {
    GR_MAP_FROM(bool, const char *) bools;
    GR_MAP_FROM(int8_t, gr_decimal) small;
    GR_MAP_FROM(uint64_t, json_t *) large;
    GR_MAP_FROM(float, bool) floats;
    GR_MAP_FROM(double, struct part) doubles;
    GR_MAP_FROM(gr_date, gr_time) dates;
    GR_MAP_FROM(gr_time, gr_bytes) times;
    GR_MAP_FROM(gr_datetime, struct two_or_ints) datetimes;
    GR_MAP_FROM(gr_duration, gr_uuid) durations;
    GR_MAP_FROM(gr_uuid, struct parts) uuids;
    GR_MAP_FROM(gr_decimal, int64_t) decimals;
};
static const char *check_number(const void *value)
{
    return *(const int64_t *)value % 7 == 6 ? "is of a number that I do not like" : NULL;
}
FUZZ_CHECK(keyed);
static GR_MODEL(keyed, GR_SELF(.validate = check_keyed), GR_MAP(bools, GR_DEFAULT_EMPTY, .max_items = 1), GR_MAP(small, GR_DEFAULT_EMPTY, GR_LE("99.5")),
                GR_MAP(large, GR_DEFAULT_EMPTY), GR_MAP(floats, GR_DEFAULT_EMPTY), GR_MAP_OBJECTS(doubles, part, GR_OPTIONAL),
                GR_MAP(dates, GR_DEFAULT_EMPTY), GR_MAP(times, GR_OPTIONAL, GR_BASE64, .omit_null = true),
                GR_MAP_OBJECTS(datetimes, two_or_ints, GR_DEFAULT_EMPTY, .validate = check_two_or_ints),
                GR_MAP(durations, GR_DEFAULT_EMPTY), GR_MAP_OBJECTS(uuids, parts, GR_OPTIONAL, .min_items = 1),
                GR_MAP(decimals, GR_OPTIONAL, .validate = check_number));

#endif
