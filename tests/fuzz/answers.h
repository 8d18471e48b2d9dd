/* Whether what is sent is JSON, by a reader that is not ours. */
#ifndef TESTS_FUZZ_ANSWERS_H
#define TESTS_FUZZ_ANSWERS_H

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz/fuzz.h"

/* At most two digits of each run outside of texts: jansson refuses a number beyond a double, which is JSON. */
static inline size_t fuzz_shorten_numbers(char *to, const char *json, size_t len)
{
    size_t n = 0, digits = 0;
    bool text = false;
    for (size_t i = 0; i < len; i++) {
        digits = !text && json[i] >= '0' && json[i] <= '9' ? digits + 1 : 0;
        if (digits > 2)
            continue;
        to[n++] = json[i];
        if (text && json[i] == '\\' && i + 1 < len)
            to[n++] = json[++i];
        else if (json[i] == '"')
            text = !text;
    }
    return n;
}

/* The value, new. It is asserted that there is one. */
static inline json_t *fuzz_json(const char *json, size_t len)
{
    char *copy = malloc(len + 1);
    size_t n = fuzz_shorten_numbers(copy, json, len);
    json_t *value = json_loadb(copy, n, JSON_ALLOW_NUL | JSON_DECODE_ANY, NULL);
    FUZZ_ASSERT(value);
    free(copy);
    return value;
}

/* Whether a step of a loc is that name. */
static inline bool fuzz_is_step(json_t *loc, size_t i, const char *name)
{
    json_t *step = json_array_get(loc, i); /* may hold a NUL, and is then another */
    return json_string_length(step) == strlen(name) && memcmp(json_string_value(step), name, strlen(name)) == 0;
}

/* Whether a loc leads to `name` in one of the structs named `inside`, or in an item of a list. */
static inline bool fuzz_leads_to(json_t *loc, const char *name, const char *const *inside)
{
    size_t n = json_array_size(loc);
    bool found = n > 1 && json_is_integer(json_array_get(loc, n - 2));
    for (; n > 1 && *inside; inside++)
        found = found || fuzz_is_step(loc, n - 2, *inside);
    return found && fuzz_is_step(loc, n - 1, name);
}

/* A value that is not told is null, or stars. */
static inline bool fuzz_is_hidden(json_t *error)
{
    const char *text = json_string_value(json_object_get(error, "input"));
    return text ? strcmp(text, "**********") == 0 : json_is_null(json_object_get(error, "input"));
}

/* What an error says of the tag of a union is no secret. */
static inline bool fuzz_tells_tag(json_t *error)
{
    const char *tag = json_string_value(json_object_get(json_object_get(error, "ctx"), "tag"));
    return tag && strcmp(tag, "**********") != 0;
}

/* {"detail":[...]} of FastAPI, with one error at least, and no value at a loc that is secret. */
typedef bool fuzz_secret_fn(json_t *loc);
static inline void fuzz_check_detail(const char *json, size_t len, fuzz_secret_fn *is_secret)
{
    json_t *whole = fuzz_json(json, len), *detail = json_object_get(whole, "detail"), *error;
    size_t i;
    FUZZ_ASSERT(json_array_size(detail) > 0);
    json_array_foreach(detail, i, error)
    {
        FUZZ_ASSERT(json_is_string(json_object_get(error, "type")) && json_is_string(json_object_get(error, "msg")));
        FUZZ_ASSERT(json_is_array(json_object_get(error, "loc")));
        FUZZ_ASSERT(!is_secret(json_object_get(error, "loc")) || !json_object_get(error, "input") ||
                    fuzz_is_hidden(error));
        FUZZ_ASSERT(!is_secret(json_object_get(error, "loc")) || !fuzz_tells_tag(error));
    }
    json_decref(whole);
}

#endif
