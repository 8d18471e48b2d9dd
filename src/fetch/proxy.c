#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/place.h"

/* As curl(1) reads the environment. It is read here, since libcurl would not say whose name it is about to look up. */

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static const char *first_of(const char *name, const char *other)
{
    const char *value = variable(name);
    return value ? value : variable(other);
}

/* HTTP_PROXY is not read: a CGI program has it from a client's header field. */
static const char *proxy_of_environment(const struct gri_place *place)
{
    const char *proxy =
        strcmp(place->scheme, "https") == 0 ? first_of("https_proxy", "HTTPS_PROXY") : variable("http_proxy");
    return proxy ? proxy : first_of("all_proxy", "ALL_PROXY");
}

/* --- hosts without one --- */

struct ip {
    unsigned char bytes[sizeof(struct in6_addr)];
    size_t bits; /* 32, 128; 0: it is none */
};

static struct ip ip_of(const char *text)
{
    struct ip ip = {.bits = 0};
    if (inet_pton(AF_INET, text, ip.bytes) == 1)
        ip.bits = 32;
    else if (inet_pton(AF_INET6, text, ip.bytes) == 1)
        ip.bits = 128;
    return ip;
}

static bool have_same_bits(const struct ip *a, const struct ip *b, size_t bits)
{
    size_t whole = bits / 8, rest = bits % 8;
    if (memcmp(a->bytes, b->bytes, whole) != 0)
        return false;
    return rest == 0 || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

/* "192.0.2.1", "192.0.2.0/24" */
static bool covers_ip(char *item, const struct ip *host)
{
    char *slash = strchr(item, '/');
    unsigned bits = (unsigned)host->bits;
    if (slash)
        *slash = '\0';
    struct ip net = ip_of(item);
    if (slash && !gri_read_digits(slash + 1, &bits))
        return false;
    return net.bits == host->bits && bits <= host->bits && have_same_bits(&net, host, bits);
}

static void drop_last_dot(char *host)
{
    size_t len = strlen(host);
    if (len > 1 && host[len - 1] == '.')
        host[len - 1] = '\0';
}

/* "example.com" and ".example.com" stand for both it and what is below it. */
static bool covers_name(char *item, const char *host)
{
    item += *item == '.';
    drop_last_dot(item);
    size_t len = strlen(item), host_len = strlen(host);
    if (len == 0 || len > host_len || !curl_strequal(host + host_len - len, item))
        return false;
    return len == host_len || host[host_len - len - 1] == '.';
}

static bool goes_without(const char *host, const char *list)
{
    char bare[GRI_HOST_MAX], item[GRI_HOST_MAX];
    size_t v6 = *host == '[', len = strlen(host) - 2 * v6;
    memcpy(bare, host + v6, len);
    bare[len] = '\0';
    drop_last_dot(bare);
    struct ip ip = ip_of(bare);
    if (strcmp(list, "*") == 0)
        return true;
    for (; *(list += strspn(list, ", \t")); list += len) {
        len = strcspn(list, ", \t");
        if (len >= sizeof item)
            continue;
        memcpy(item, list, len);
        item[len] = '\0';
        if (ip.bits ? covers_ip(item, &ip) : covers_name(item, bare))
            return true;
    }
    return false;
}

const char *gri_proxy_for(const struct gri_place *place, const char *option)
{
    if (option)
        return *option ? option : NULL;
    const char *none = first_of("no_proxy", "NO_PROXY");
    return none && goes_without(place->host, none) ? NULL : proxy_of_environment(place);
}

/* --- where it is --- */

/* Where its URL names none, libcurl's default is not the scheme's. */
static CURLUcode set_default_port(CURLU *parsed)
{
    char *port = NULL, *scheme = NULL;
    CURLUcode code = curl_url_get(parsed, CURLUPART_PORT, &port, 0);
    curl_free(port);
    if (code != CURLUE_NO_PORT)
        return code;
    code = curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
    if (code == CURLUE_OK)
        code = curl_url_set(parsed, CURLUPART_PORT, strcmp(scheme, "https") == 0 ? "443" : "1080", 0);
    curl_free(scheme);
    return code;
}

CURLUcode gri_proxy_place(struct gri_place *place, const char *url)
{
    CURLU *parsed = curl_url();
    CURLUcode code = CURLUE_OUT_OF_MEMORY;
    if (parsed)
        code = curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME);
    if (code == CURLUE_OK)
        code = set_default_port(parsed);
    if (code == CURLUE_OK)
        code = gri_place_of(place, parsed);
    curl_url_cleanup(parsed);
    return code;
}

bool gri_proxy_wants_addresses(const struct gri_place *proxy)
{
    static const char *const schemes[] = {"socks", "socks4", "socks5"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (curl_strequal(proxy->scheme, schemes[i]))
            return true;
    return false;
}
