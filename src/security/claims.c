#include "security/claims.h"

#include <string.h>
#include <time.h>

bool gri_is_now_s(int64_t given)
{
    return given >= 0 && given <= (int64_t)1 << 48;
}

int64_t gri_now_s(int64_t given)
{
    return given ? given : (int64_t)time(NULL);
}

/* --- their kinds --- */

static bool is_text_or_texts(const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!json_is_string(json_array_get(value, i)))
            return false;
    return json_is_string(value) || json_is_array(value);
}

static bool are_of_a_kind(const json_t *claims, const char *const *names, bool numbers)
{
    for (; *names; names++) {
        const json_t *claim = json_object_get(claims, *names);
        if (claim && !(numbers ? json_is_number(claim) : json_is_string(claim)))
            return false;
    }
    return true;
}

bool gri_claims_are_sound(const json_t *claims)
{
    static const char *const texts[] = {"iss", "sub", "jti", NULL}, *const dates[] = {"exp", "nbf", "iat", NULL};
    const json_t *audience = json_object_get(claims, "aud");
    return json_is_object(claims) && are_of_a_kind(claims, texts, false) && are_of_a_kind(claims, dates, true) &&
           (!audience || is_text_or_texts(audience));
}

/* --- who --- */

static bool is_among(const json_t *text, const char *const *names)
{
    for (; text && *names; names++)
        if (strcmp(json_string_value(text), *names) == 0)
            return true;
    return false;
}

static bool is_for_us(const json_t *audience, const gr_jwt_check_options *options)
{
    if (options->any_audience || (!audience && !options->audiences))
        return true;
    if (!audience || !options->audiences)
        return false;
    if (json_is_string(audience))
        return is_among(audience, options->audiences);
    for (size_t i = 0; i < json_array_size(audience); i++)
        if (is_among(json_array_get(audience, i), options->audiences))
            return true;
    return false;
}

/* --- when --- */

/* Whether the date lies before `limit_s`, or at it. One with a fraction is as late as it says. */
static bool has_come(const json_t *date, int64_t limit_s)
{
    return json_is_integer(date) ? json_integer_value(date) <= limit_s : json_real_value(date) <= (double)limit_s;
}

static int check_dates(const json_t *claims, const gr_jwt_check_options *options, int64_t now_s)
{
    const json_t *exp = json_object_get(claims, "exp"), *nbf = json_object_get(claims, "nbf"),
                 *iat = json_object_get(claims, "iat");
    int64_t leeway_s = options->leeway_s;
    if ((!exp && !options->without_exp) || (!iat && options->max_age_s))
        return GR_TOKEN_CLAIMS;
    if (exp && has_come(exp, now_s - leeway_s))
        return GR_TOKEN_EXPIRED;
    if ((nbf && !has_come(nbf, now_s + leeway_s)) || (iat && !has_come(iat, now_s + leeway_s)))
        return GR_TOKEN_EARLY;
    return options->max_age_s && has_come(iat, now_s - options->max_age_s - leeway_s - 1) ? GR_TOKEN_EXPIRED : 0;
}

int gri_claims_check(const json_t *claims, const gr_jwt_check_options *options, int64_t now_s)
{
    int rc = check_dates(claims, options, now_s);
    if (rc)
        return rc;
    if (options->issuers && !is_among(json_object_get(claims, "iss"), options->issuers))
        return GR_TOKEN_ISSUER;
    return is_for_us(json_object_get(claims, "aud"), options) ? 0 : GR_TOKEN_AUDIENCE;
}
