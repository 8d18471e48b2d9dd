#include "server/jar.h"

#include <stdlib.h>

enum { PAIR_BYTES = 4096, ATTRIBUTE_BYTES = 1024 }; /* RFC 6265bis section 5.6 */

struct cookie {
    char *text; /* name, value, domain, path, each NUL-terminated, one behind the other */
    struct gri_str name, value, domain, path;
    int64_t expires_ms; /* INT64_MAX: with the jar */
    bool secure, host_only;
};

/* What a Set-Cookie says, before it is believed. */
struct set_cookie {
    struct gri_str name, value, domain, path;
    bool secure, has_max_age, has_expires;
    int64_t max_age_s, expires;
};

/* --- reading --- */

static bool has_control(struct gri_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.at[i] < ' ' && s.at[i] != '\t') || s.at[i] == 0x7f)
            return true;
    return false;
}

/* A sign and digits; beyond the range it is the range's end. */
static void take_max_age(struct set_cookie *said, struct gri_str value)
{
    enum { MOST_S = 400 * 24 * 3600 }; /* section 5.5 */
    bool negative = value.len && *value.at == '-';
    int64_t seconds = 0;
    if (value.len <= negative)
        return;
    for (size_t i = negative; i < value.len; i++) {
        if (!gri_is_digit(value.at[i]))
            return;
        seconds = seconds > MOST_S ? seconds : seconds * 10 + (value.at[i] - '0');
    }
    said->has_max_age = true;
    said->max_age_s = negative ? 0 : seconds > MOST_S ? MOST_S : seconds;
}

static void take_attribute(struct set_cookie *said, struct gri_str attribute)
{
    struct gri_str value, name = gri_str_trim(gri_str_cut(attribute, '=', &value));
    value = gri_str_trim(value);
    if (value.len > ATTRIBUTE_BYTES)
        return;
    if (gri_str_is_nocase(name, GRI_STR("secure")))
        said->secure = true;
    else if (gri_str_is_nocase(name, GRI_STR("path")))
        said->path = value;
    else if (gri_str_is_nocase(name, GRI_STR("domain")))
        said->domain = value.len && *value.at == '.' ? (struct gri_str){value.at + 1, value.len - 1} : value;
    else if (gri_str_is_nocase(name, GRI_STR("max-age")))
        take_max_age(said, value);
    else if (gri_str_is_nocase(name, GRI_STR("expires")))
        said->has_expires = gri_cookie_date(value, &said->expires) || said->has_expires;
}

/* False: it is none. */
static bool read_set_cookie(struct set_cookie *said, struct gri_str line)
{
    struct gri_str rest, pair = gri_str_cut(line, ';', &rest);
    *said = (struct set_cookie){.name = GRI_STR("")};
    if (has_control(line))
        return false;
    said->name = gri_str_trim(gri_str_cut(pair, '=', &said->value));
    said->value = gri_str_trim(said->value);
    if (!memchr(pair.at, '=', pair.len)) { /* a value without a name */
        said->value = said->name;
        said->name = GRI_STR("");
    }
    while (rest.len)
        take_attribute(said, gri_str_cut(rest, ';', &rest));
    size_t len = said->name.len + said->value.len;
    return len > 0 && len <= PAIR_BYTES;
}

/* --- whether it may be set --- */

static bool is_address(struct gri_str host)
{
    return host.len && (*host.at == '[' || gri_is_digit(host.at[host.len - 1]));
}

static bool domain_matches(struct gri_str host, struct gri_str domain)
{
    if (gri_str_is_nocase(host, domain))
        return true;
    return host.len > domain.len && host.at[host.len - domain.len - 1] == '.' && gri_str_ends_nocase(host, domain) &&
           !is_address(host);
}

/* A name without a dot is a registry's, "com", where it is not the host itself. */
static bool may_be_of_domain(const struct set_cookie *said, const struct gri_origin *from)
{
    if (!said->domain.len || gri_str_is_nocase(said->domain, from->host))
        return true;
    return memchr(said->domain.at, '.', said->domain.len) && domain_matches(from->host, said->domain);
}

/* Names that promise how they were set (section 4.1.3). */
static bool keeps_its_promise(const struct set_cookie *said)
{
    if (gri_str_begins_nocase(said->name, GRI_STR("__Secure-")))
        return said->secure;
    if (gri_str_begins_nocase(said->name, GRI_STR("__Host-")))
        return said->secure && !said->domain.len && gri_str_is(said->path, GRI_STR("/"));
    return true;
}

/* Up to the last slash of the path that set it (section 5.1.4). */
static struct gri_str default_path(struct gri_str path)
{
    size_t n = path.len;
    while (n > 0 && path.at[n - 1] != '/')
        n--;
    return n <= 1 || *path.at != '/' ? GRI_STR("/") : (struct gri_str){path.at, n - 1};
}

static bool path_matches(struct gri_str path, struct gri_str of_cookie)
{
    if (path.len < of_cookie.len || memcmp(path.at, of_cookie.at, of_cookie.len) != 0)
        return false;
    return path.len == of_cookie.len || of_cookie.at[of_cookie.len - 1] == '/' || path.at[of_cookie.len] == '/';
}

/* --- keeping --- */

static struct gri_str put_cookie_part(char **at, struct gri_str part)
{
    char *to = *at;
    if (part.len)
        memcpy(to, part.at, part.len);
    to[part.len] = '\0';
    *at += part.len + 1;
    return (struct gri_str){to, part.len};
}

static bool cookie_init(struct cookie *cookie, const struct set_cookie *said, struct gri_str domain,
                        struct gri_str path)
{
    char *at = malloc(said->name.len + said->value.len + domain.len + path.len + 4);
    *cookie = (struct cookie){.text = at};
    if (!at)
        return false;
    cookie->name = put_cookie_part(&at, said->name);
    cookie->value = put_cookie_part(&at, said->value);
    cookie->domain = put_cookie_part(&at, domain);
    cookie->path = put_cookie_part(&at, path);
    return true;
}

static bool is_same_cookie(const struct cookie *a, const struct cookie *b)
{
    return gri_str_is(a->name, b->name) && gri_str_is(a->path, b->path) && a->host_only == b->host_only &&
           gri_str_is_nocase(a->domain, b->domain);
}

static void drop_cookie(struct gri_jar *jar, size_t i)
{
    struct cookie *all = jar->cookies.items;
    free(all[i].text);
    memmove(&all[i], &all[i + 1], (--jar->cookies.n - i) * sizeof *all);
}

/* In the place of the one before, whose turn it keeps. One that is over already only takes that away. */
static bool keep_cookie(struct gri_jar *jar, struct cookie cookie, int64_t now_ms)
{
    struct cookie *all = jar->cookies.items, *place;
    size_t i = 0, n = jar->cookies.n;
    while (i < n && !is_same_cookie(&all[i], &cookie))
        i++;
    bool is_over = cookie.expires_ms <= now_ms;
    if (is_over && i < n)
        drop_cookie(jar, i);
    place = is_over ? NULL : i < n ? &all[i] : gri_list_add(&jar->cookies, sizeof cookie);
    if (!place) {
        free(cookie.text);
        return is_over;
    }
    if (i < n)
        free(place->text);
    *place = cookie;
    return true;
}

static int64_t expiry_of(const struct set_cookie *said, int64_t now_ms, int64_t date)
{
    if (said->has_max_age)
        return said->max_age_s <= 0 ? now_ms : now_ms + said->max_age_s * 1000;
    return said->has_expires ? now_ms + (said->expires - date) * 1000 : INT64_MAX;
}

bool gri_jar_set(struct gri_jar *jar, const struct gri_origin *from, struct gri_str line, int64_t now_ms, int64_t date)
{
    struct set_cookie said;
    struct cookie cookie;
    if (!read_set_cookie(&said, line) || (said.secure && !from->secure) || !may_be_of_domain(&said, from) ||
        !keeps_its_promise(&said))
        return true;
    bool has_path = said.path.len && *said.path.at == '/';
    struct gri_str path = has_path ? said.path : default_path(from->path);
    if (!cookie_init(&cookie, &said, said.domain.len ? said.domain : from->host, path))
        return false;
    cookie.secure = said.secure;
    cookie.host_only = !said.domain.len || !memchr(said.domain.at, '.', said.domain.len);
    cookie.expires_ms = expiry_of(&said, now_ms, date);
    return keep_cookie(jar, cookie, now_ms);
}

bool gri_jar_put(struct gri_jar *jar, struct gri_str host, struct gri_str name, struct gri_str value)
{
    const struct set_cookie said = {.name = name, .value = value};
    struct cookie cookie;
    if (!cookie_init(&cookie, &said, host, GRI_STR("/")))
        return false;
    cookie.host_only = true;
    cookie.expires_ms = INT64_MAX;
    return keep_cookie(jar, cookie, 0);
}

void gri_jar_empty(struct gri_jar *jar)
{
    while (jar->cookies.n)
        drop_cookie(jar, jar->cookies.n - 1);
    gri_list_finish(&jar->cookies);
}

/* --- sending --- */

static bool is_meant(const struct cookie *cookie, const struct gri_origin *to, int64_t now_ms)
{
    bool host =
        cookie->host_only ? gri_str_is_nocase(to->host, cookie->domain) : domain_matches(to->host, cookie->domain);
    return host && cookie->expires_ms > now_ms && (to->secure || !cookie->secure) &&
           path_matches(to->path, cookie->path);
}

static void write_cookie(const struct cookie *cookie, struct gri_buf *out, bool first)
{
    gri_buf_puts(out, first ? "" : "; ");
    gri_buf_put(out, cookie->name.at, cookie->name.len);
    gri_buf_puts(out, cookie->name.len ? "=" : "");
    gri_buf_put(out, cookie->value.at, cookie->value.len);
}

/* Longer paths first (section 5.8.3), and of one length those that are older. */
void gri_jar_write(const struct gri_jar *jar, const struct gri_origin *to, int64_t now_ms, struct gri_buf *out)
{
    const struct cookie *all = jar->cookies.items;
    size_t begin = out->len, longest = 0;
    for (size_t i = 0; i < jar->cookies.n; i++)
        longest = all[i].path.len > longest ? all[i].path.len : longest;
    for (size_t len = longest; len > 0; len--)
        for (size_t i = 0; i < jar->cookies.n; i++)
            if (all[i].path.len == len && is_meant(&all[i], to, now_ms))
                write_cookie(&all[i], out, out->len == begin);
}

const char *gri_jar_find(const struct gri_jar *jar, struct gri_str name, int64_t now_ms)
{
    const struct cookie *all = jar->cookies.items;
    for (size_t i = jar->cookies.n; i > 0; i--)
        if (gri_str_is(all[i - 1].name, name) && all[i - 1].expires_ms > now_ms)
            return all[i - 1].value.at;
    return NULL;
}
