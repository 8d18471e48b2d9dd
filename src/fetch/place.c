#include "fetch/place.h"

#include <arpa/inet.h>
#include <string.h>

bool gri_read_digits(const char *text, unsigned *number)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || text[digits])
        return false;
    for (*number = 0; *text; text++)
        *number = *number * 10 + (unsigned)(*text - '0');
    return true;
}

/* --- of a URL --- */

static CURLUcode place_part(CURLU *parsed, CURLUPart what, unsigned flags, char *to, size_t size)
{
    char *part = NULL;
    CURLUcode code = curl_url_get(parsed, what, &part, flags);
    if (code == CURLUE_OK && strlen(part) >= size)
        code = CURLUE_BAD_HOSTNAME;
    if (code == CURLUE_OK)
        strcpy(to, part);
    curl_free(part);
    return code;
}

CURLUcode gri_place_of(struct gri_place *place, CURLU *parsed)
{
    char port[8];
    CURLUcode code = place_part(parsed, CURLUPART_SCHEME, 0, place->scheme, sizeof place->scheme);
    if (code == CURLUE_OK)
        code = place_part(parsed, CURLUPART_HOST, CURLU_PUNYCODE, place->host, sizeof place->host);
    if (code == CURLUE_OK)
        code = place_part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT, port, sizeof port);
    if (code != CURLUE_OK)
        return code;
    return gri_read_digits(port, &place->port) ? CURLUE_OK : CURLUE_BAD_PORT_NUMBER;
}

static bool ends_in(const char *host, const char *end)
{
    size_t host_len = strlen(host), len = strlen(end);
    return host_len >= len && curl_strequal(host + host_len - len, end);
}

bool gri_place_is_literal(const struct gri_place *place)
{
    struct in_addr address;
    const char *host = place->host;
    return *host == '[' || inet_pton(AF_INET, host, &address) == 1 || curl_strequal(host, "localhost") ||
           ends_in(host, ".localhost");
}

bool gri_place_is_web(CURLU *parsed)
{
    char *scheme = NULL;
    bool is = curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
              (curl_strequal(scheme, "http") || curl_strequal(scheme, "https"));
    curl_free(scheme);
    return is;
}

bool gri_place_is(const struct gri_place *place, const struct gri_place *other)
{
    return place->port == other->port && curl_strequal(place->scheme, other->scheme) &&
           curl_strequal(place->host, other->host);
}
