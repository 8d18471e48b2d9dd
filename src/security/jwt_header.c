#include "security/jwt_header.h"

#include <string.h>

/* libjose reads the header again, and jansson a fraction in the locale of the thread. Nothing registered has one. */
static bool has_fraction(json_t *value)
{
    for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
        if (has_fraction(json_object_iter_value(at)))
            return true;
    for (size_t i = 0; i < json_array_size(value); i++)
        if (has_fraction(json_array_get(value, i)))
            return true;
    return json_is_real(value);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The end of what `text` begins with, in any case; NULL: it does not. */
static const char *behind(const char *text, const char *beginning)
{
    for (; *beginning; text++, beginning++)
        if (lower(*text) != lower(*beginning))
            return NULL;
    return text;
}

/* RFC 7515 section 4.1.9. */
static bool is_type(const char *typ, const char *wanted)
{
    const char *end = typ ? behind(typ, wanted) : NULL, *rest = typ ? behind(typ, "application/") : NULL;
    if (end && !*end)
        return true;
    return rest && (end = behind(rest, wanted)) && !*end;
}

/* Of RFC 7797's b64 a JWT may have no other value than the one that it has without (section 7). */
static bool is_critical(const json_t *value)
{
    const json_t *b64 = json_object_get(value, "b64");
    return json_object_get(value, "crit") || (b64 && !json_is_true(b64));
}

int gri_jwt_header_read(json_t *value, const char *typ, struct gri_jwt_header *header)
{
    const json_t *alg = json_object_get(value, "alg"), *kid = json_object_get(value, "kid");
    if (!json_is_string(alg) || (kid && !json_is_string(kid)) || has_fraction(value))
        return GR_TOKEN_MALFORMED;
    if (is_critical(value))
        return GR_TOKEN_CRITICAL;
    if (typ && !is_type(json_string_value(json_object_get(value, "typ")), typ))
        return GR_TOKEN_TYPE;
    *header = (struct gri_jwt_header){json_string_value(alg), json_string_value(kid)};
    return 0;
}

const struct gri_key *gri_jwt_next_key(const gr_keys *keys, const struct gri_jwt_header *header, size_t *at)
{
    while (*at < keys->n) {
        const struct gri_key *key = &keys->keys[(*at)++];
        if (strcmp(key->algorithm->name, header->alg) == 0 &&
            (!key->kid || !header->kid || strcmp(key->kid, header->kid) == 0))
            return key;
    }
    return NULL;
}
