#include "server/place.h"

#include <stdlib.h>

/* Without its fragment, which is the client's own. */
static struct gri_str without_fragment(const char *url)
{
    return (struct gri_str){url, strcspn(url, "#")};
}

/* The length of "https:" and the like; 0: it has none. */
static size_t scheme_len(struct gri_str url)
{
    size_t n = 0;
    while (n < url.len && (gri_is_alnum(url.at[n]) || memchr("+-.", url.at[n], 3)))
        n++;
    return n > 0 && n < url.len && url.at[n] == ':' && gri_is_alpha(*url.at) ? n + 1 : 0;
}

static size_t path_len(struct gri_str target)
{
    const char *query = target.len ? memchr(target.at, '?', target.len) : NULL;
    return query ? (size_t)(query - target.at) : target.len;
}

/* Section 5.2.4, in place; the path begins with '/'. The new length. */
static size_t remove_dots(char *path, size_t len)
{
    size_t to = 0;
    for (size_t at = 0; at < len;) {
        size_t n = 1;
        while (at + n < len && path[at + n] != '/')
            n++;
        bool last = at + n == len, one = n == 2 && path[at + 1] == '.',
             two = n == 3 && memcmp(path + at, "/..", 3) == 0;
        if (two)
            while (to > 0 && path[--to] != '/')
                continue;
        if (!one && !two) {
            memmove(path + to, path + at, n);
            to += n;
        } else if (last) {
            path[to++] = '/';
        }
        at += n;
    }
    return to;
}

/* A target of `a` and `b`, which is copied. NULL: out of memory. */
static char *join_target(struct gri_str a, struct gri_str b)
{
    char *target = malloc(a.len + b.len + 2);
    size_t len = 0;
    if (!target)
        return NULL;
    if (a.len + b.len == 0 || *(a.len ? a.at : b.at) != '/')
        target[len++] = '/';
    if (a.len)
        memcpy(target + len, a.at, a.len);
    if (b.len)
        memcpy(target + len + a.len, b.at, b.len);
    len += a.len + b.len;
    target[len] = '\0';
    size_t path = path_len((struct gri_str){target, len}), left = remove_dots(target, path);
    memmove(target + left, target + path, len - path + 1);
    return target;
}

static int place_set(struct gri_url_place *place, struct gri_str host, char *target)
{
    char *copy = host.at ? malloc(host.len + 1) : NULL;
    if (!target || (host.at && !copy)) {
        free(target);
        free(copy);
        return GR_ENOMEM;
    }
    if (copy) {
        memcpy(copy, host.at, host.len);
        copy[host.len] = '\0';
        free(place->host);
        place->host = copy;
    }
    free(place->target);
    place->target = target;
    return 0;
}

/* "//user@host:80/path?query" */
static int go_to_authority(struct gri_url_place *place, struct gri_str url, bool secure)
{
    struct gri_str rest = {url.at + 2, url.len - 2}, host = rest;
    host.len = 0;
    while (host.len < rest.len && !memchr("/?", rest.at[host.len], 2))
        host.len++;
    rest = (struct gri_str){rest.at + host.len, rest.len - host.len};
    struct gri_str behind, user = gri_str_cut(host, '@', &behind);
    if (user.len < host.len)
        host = behind;
    if (!host.len)
        return GR_EINVAL;
    int rc = place_set(place, host, join_target(rest, GRI_STR("")));
    place->secure = rc ? place->secure : secure;
    return rc;
}

static int go_to_url(struct gri_url_place *place, struct gri_str url, size_t scheme)
{
    bool secure = gri_str_is_nocase((struct gri_str){url.at, scheme}, GRI_STR("https:"));
    bool known = secure || gri_str_is_nocase((struct gri_str){url.at, scheme}, GRI_STR("http:"));
    struct gri_str rest = {url.at + scheme, url.len - scheme};
    return known && gri_str_begins_nocase(rest, GRI_STR("//")) ? go_to_authority(place, rest, secure) : GR_EINVAL;
}

static int go_within(struct gri_url_place *place, struct gri_str url)
{
    const struct gri_str same_host = {NULL, 0};
    struct gri_str base = gri_str_from(place->target);
    base.len = path_len(base);
    if (*url.at == '/')
        return place_set(place, same_host, join_target(url, GRI_STR("")));
    while (*url.at != '?' && base.len && base.at[base.len - 1] != '/')
        base.len--;
    return place_set(place, same_host, join_target(base, url));
}

int gri_url_place_go(struct gri_url_place *place, const char *location)
{
    struct gri_str url = without_fragment(location);
    size_t scheme = scheme_len(url);
    if (!url.len)
        return 0;
    if (scheme)
        return go_to_url(place, url, scheme);
    return gri_str_begins_nocase(url, GRI_STR("//")) ? go_to_authority(place, url, place->secure)
                                                     : go_within(place, url);
}

int gri_url_place_init(struct gri_url_place *place, const char *url)
{
    struct gri_str text = without_fragment(url);
    *place = (struct gri_url_place){0};
    return go_to_url(place, text, scheme_len(text));
}

void gri_url_place_finish(struct gri_url_place *place)
{
    free(place->host);
    free(place->target);
    *place = (struct gri_url_place){0};
}

static struct gri_str without_port(const char *host)
{
    struct gri_str all = gri_str_from(host);
    size_t n = all.len;
    while (n > 0 && gri_is_digit(host[n - 1]))
        n--;
    return n > 0 && host[n - 1] == ':' ? (struct gri_str){host, n - 1} : all;
}

struct gri_origin gri_url_place_origin(const struct gri_url_place *place)
{
    struct gri_str path = gri_str_from(place->target);
    path.len = path_len(path);
    return (struct gri_origin){place->secure, without_port(place->host), path};
}
