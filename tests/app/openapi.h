/* Looking into an application's OpenAPI document. */
#ifndef TESTS_APP_OPENAPI_H
#define TESTS_APP_OPENAPI_H

#include <griddle/openapi.h>

#include "app_test.h"

static json_t *document; /* of the test */

/* The document of an application that must have one. Takes the application. */
GR_UNUSED static void document_of(gr_app *app)
{
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    gr_app_destroy(app);
}

#define DOCUMENT_OF(...) \
    do { \
        MAKE_APP(app_of_it, __VA_ARGS__); \
        document_of(app_of_it); \
    } while (0)

/* What lies at a JSON pointer (RFC 6901), or NULL. */
GR_UNUSED static json_t *find(json_t *value, const char *pointer)
{
    char step[256];
    while (value && *pointer == '/') {
        size_t n = 0;
        for (pointer++; *pointer && *pointer != '/'; pointer++) {
            char c = *pointer;
            if (c == '~')
                c = *++pointer == '1' ? '/' : '~';
            step[n++] = c;
        }
        step[n] = '\0';
        value = json_is_array(value) ? json_array_get(value, strtoul(step, NULL, 10)) : json_object_get(value, step);
    }
    return value;
}

/* The value there must be this one. In JSON 1 and 1.0 are the same number, so what is wanted is written as it is made.
 */
GR_UNUSED static void want(const char *pointer, const char *wanted)
{
    json_error_t error;
    json_t *value = json_loads(wanted, JSON_DECODE_ANY, &error), *got = find(document, pointer);
    ck_assert_msg(value != NULL, "what is wanted at %s is not JSON: %s", pointer, error.text);
    if (!json_equal(value, got)) {
        char *shown = got ? json_dumps(got, JSON_ENCODE_ANY) : NULL, *whole = json_dumps(document, JSON_INDENT(1));
        ck_abort_msg("at %s: wanted\n%s\ngot\n%s\nin %s", pointer, wanted, shown ? shown : "nothing", got ? "" : whole);
    }
    json_decref(value);
}

GR_UNUSED static void want_nothing(const char *pointer)
{
    json_t *got = find(document, pointer);
    char *shown = got ? json_dumps(got, JSON_ENCODE_ANY) : NULL;
    ck_assert_msg(!got, "wanted nothing at %s, got %s", pointer, shown);
}

GR_UNUSED static void forget(void)
{
    json_decref(document);
    document = NULL;
}

#endif
