/* URLs in their normal form: the WHATWG parser, without a base, and without IDNA: hosts beyond ASCII are refused. */
#include <arpa/inet.h>

#include "base/str.h"
#include "schema/formats.h"

static const char invalid_domain[] = "invalid international domain name";
static const char empty_host[] = "empty host";

struct parsing {
    struct gri_str rest;
    struct gri_buf out;
    bool special, file, authority;
    int default_port;
    const char *why;
};

static bool url_fail(struct parsing *p, const char *why)
{
    p->why = why;
    return false;
}

/* --- percent-encoding --- */

static const char query_set[] = " \"#<>", special_query_set[] = " \"#<>'", fragment_set[] = " \"<>`",
                  path_set[] = " \"#<>?`{}", userinfo_set[] = " \"#<>?`{}/:;=@[\\]^|";

static void put_encoded(struct parsing *p, char c, const char *set)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char u = (unsigned char)c;
    if (u > 0x20 && u < 0x7f && !strchr(set, c)) {
        gri_buf_putc(&p->out, c);
        return;
    }
    if (u == ' ' && !strchr(set, ' ')) {
        gri_buf_putc(&p->out, c);
        return;
    }
    gri_buf_put(&p->out, (char[]){'%', digits[u >> 4], digits[u & 15]}, 3);
}

static void put_all(struct parsing *p, struct gri_str text, const char *set)
{
    for (size_t i = 0; i < text.len; i++)
        put_encoded(p, text.at[i], set);
}

/* --- scheme --- */

static const struct {
    const char *name;
    int port;
} specials[] = {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}, {"file", 0}};

static bool read_scheme(struct parsing *p)
{
    struct gri_str s = p->rest;
    size_t n = 0;
    while (n < s.len && (gri_is_alpha(s.at[n]) || (n && (gri_is_digit(s.at[n]) || strchr("+-.", s.at[n])))))
        n++;
    if (n == 0 || n == s.len || s.at[n] != ':')
        return url_fail(p, "relative URL without a base");
    for (size_t i = 0; i < n; i++)
        gri_buf_putc(&p->out, gri_lower(s.at[i]));
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
        if (gri_str_is_nocase((struct gri_str){s.at, n}, gri_str_from(specials[i].name))) {
            p->special = true;
            p->default_port = specials[i].port;
            p->file = specials[i].port == 0;
        }
    gri_buf_putc(&p->out, ':');
    p->rest = (struct gri_str){s.at + n + 1, s.len - n - 1};
    return true;
}

/* --- host --- */

/* A number of an IPv4 address, in any of the bases that inet_aton() knows. */
static bool url_read_number(struct gri_str part, uint64_t *value)
{
    int base = 10;
    *value = 0;
    if (part.len >= 2 && part.at[0] == '0') {
        bool sixteen = gri_lower(part.at[1]) == 'x';
        base = sixteen ? 16 : 8;
        part.at += sixteen ? 2 : 1;
        part.len -= sixteen ? 2 : 1;
    }
    for (size_t i = 0; i < part.len; i++) {
        int digit = gri_hex_value(part.at[i]);
        if (digit < 0 || digit >= base || *value > UINT32_MAX)
            return false;
        *value = *value * (uint64_t)base + (uint64_t)digit;
    }
    return true;
}

static bool is_all_digits(struct gri_str part)
{
    for (size_t i = 0; i < part.len; i++)
        if (!gri_is_digit(part.at[i]))
            return false;
    return part.len > 0;
}

/* A host whose last label is a number is an IPv4 address, or wrong. */
static bool ends_in_number(struct gri_str host)
{
    uint64_t ignored;
    if (host.len && host.at[host.len - 1] == '.')
        host.len--;
    size_t at = host.len;
    while (at && host.at[at - 1] != '.')
        at--;
    struct gri_str last = {host.at + at, host.len - at};
    return is_all_digits(last) ||
           (last.len > 1 && last.at[0] == '0' && gri_lower(last.at[1]) == 'x' && url_read_number(last, &ignored));
}

static bool put_ipv4(struct parsing *p, struct gri_str host)
{
    uint64_t part[4] = {0}, address = 0;
    int n = 0;
    if (host.at[host.len - 1] == '.')
        host.len--;
    for (struct gri_str rest = host; rest.len; n++) {
        struct gri_str one = gri_str_cut(rest, '.', &rest);
        if (n == 4 || !one.len || !url_read_number(one, &part[n]))
            return url_fail(p, "invalid IPv4 address");
    }
    for (int i = 0; i < n - 1; i++) {
        if (part[i] > 255)
            return url_fail(p, "invalid IPv4 address");
        address |= part[i] << (24 - 8 * i);
    }
    if (part[n - 1] >= UINT64_C(1) << (8 * (5 - n)))
        return url_fail(p, "invalid IPv4 address");
    address |= part[n - 1];
    for (int shift = 24; shift >= 0; shift -= 8) {
        gri_buf_put_u64(&p->out, address >> shift & 255);
        gri_buf_puts(&p->out, shift ? "." : "");
    }
    return true;
}

static bool put_ipv6(struct parsing *p, struct gri_str host)
{
    char text[INET6_ADDRSTRLEN + 1];
    struct in6_addr address;
    if (host.len >= sizeof text)
        return url_fail(p, "invalid IPv6 address");
    memcpy(text, host.at, host.len);
    text[host.len] = '\0';
    if (inet_pton(AF_INET6, text, &address) != 1 || !inet_ntop(AF_INET6, &address, text, sizeof text))
        return url_fail(p, "invalid IPv6 address");
    gri_buf_putc(&p->out, '[');
    gri_buf_puts(&p->out, text);
    gri_buf_putc(&p->out, ']');
    return true;
}

/* A byte of a domain, percent-decoded, in lower case; -1: none that a domain may have. */
static int domain_byte(struct gri_str host, size_t *i)
{
    static const char forbidden[] = " \"#%/:<>?@[\\]^`{|}";
    int c = (unsigned char)host.at[*i];
    if (c == '%') {
        bool whole = host.len - *i > 2;
        int high = whole ? gri_hex_value(host.at[*i + 1]) : -1, low = whole ? gri_hex_value(host.at[*i + 2]) : -1;
        if (high < 0 || low < 0)
            return -1;
        c = high * 16 + low;
        *i += 2;
    }
    if (c <= 0x20 || c >= 0x7f || strchr(forbidden, c))
        return -1;
    return gri_lower((char)c);
}

/* Whether a label says that it is Punycode, and is not: nothing stands behind its last hyphen (RFC 3492). */
static bool has_empty_punycode(struct gri_str domain)
{
    while (domain.len) {
        struct gri_str label = gri_str_cut(domain, '.', &domain);
        if (gri_str_begins_nocase(label, GRI_STR("xn--")) && label.at[label.len - 1] == '-')
            return true;
    }
    return false;
}

static bool put_domain(struct parsing *p, struct gri_str host)
{
    size_t begin = p->out.len;
    for (size_t i = 0; i < host.len; i++) {
        int c = domain_byte(host, &i);
        if (c < 0)
            return url_fail(p, invalid_domain);
        gri_buf_putc(&p->out, (char)c);
    }
    if (p->out.failed)
        return false;
    struct gri_str domain = {p->out.data + begin, p->out.len - begin};
    if (has_empty_punycode(domain))
        return url_fail(p, invalid_domain);
    if (!ends_in_number(domain))
        return true;
    char copy[256];
    if (domain.len >= sizeof copy)
        return url_fail(p, "invalid IPv4 address");
    memcpy(copy, domain.at, domain.len);
    p->out.len = begin;
    return put_ipv4(p, (struct gri_str){copy, domain.len});
}

static bool put_opaque_host(struct parsing *p, struct gri_str host)
{
    for (size_t i = 0; i < host.len; i++)
        if (strchr(" #/<>?@[\\]^|", host.at[i]))
            return url_fail(p, "invalid domain character");
    put_all(p, host, "");
    return true;
}

static bool put_host(struct parsing *p, struct gri_str host)
{
    if (host.len && host.at[0] == '[')
        return host.at[host.len - 1] == ']' ? put_ipv6(p, (struct gri_str){host.at + 1, host.len - 2})
                                            : url_fail(p, "invalid IPv6 address");
    if (!p->special)
        return put_opaque_host(p, host);
    if (!host.len)
        return p->file || url_fail(p, empty_host);
    return put_domain(p, host);
}

static bool put_port(struct parsing *p, struct gri_str port)
{
    long value = 0;
    for (size_t i = 0; i < port.len; i++) {
        if (!gri_is_digit(port.at[i]) || value > 65535)
            return url_fail(p, "invalid port number");
        value = value * 10 + (port.at[i] - '0');
    }
    if (value > 65535)
        return url_fail(p, "invalid port number");
    if (!port.len || (p->special && value == p->default_port))
        return true;
    gri_buf_putc(&p->out, ':');
    gri_buf_put_i64(&p->out, value);
    return true;
}

static void put_userinfo(struct parsing *p, struct gri_str info)
{
    struct gri_str password, user = gri_str_cut(info, ':', &password);
    if (!user.len && !password.len)
        return;
    put_all(p, user, userinfo_set);
    if (password.len) {
        gri_buf_putc(&p->out, ':');
        put_all(p, password, userinfo_set);
    }
    gri_buf_putc(&p->out, '@');
}

/* The colon that stands before the port: outside of brackets. */
static size_t find_port(struct gri_str host)
{
    size_t at = host.len;
    while (at && gri_is_digit(host.at[at - 1]))
        at--;
    for (size_t i = host.len; i-- > 0 && host.at[i] != ']';)
        at = host.at[i] == ':' ? i + 1 : at;
    return at && host.at[at - 1] == ':' ? at - 1 : host.len;
}

static bool put_authority(struct parsing *p, struct gri_str text)
{
    if (p->file) /* has a host, and neither user nor port */
        return put_host(p, text);
    size_t at = text.len;
    while (at && text.at[at - 1] != '@')
        at--;
    if (at)
        put_userinfo(p, (struct gri_str){text.at, at - 1});
    struct gri_str host = {text.at + at, text.len - at}, port = {NULL, 0};
    size_t colon = find_port(host);
    if (colon < host.len)
        port = (struct gri_str){host.at + colon + 1, host.len - colon - 1};
    host.len = colon;
    if (!host.len && (p->special || at || colon < text.len - at))
        return url_fail(p, empty_host);
    return put_host(p, host) && put_port(p, port);
}

/* --- path, query, fragment --- */

static bool is_separator(const struct parsing *p, char c)
{
    return c == '/' || (p->special && c == '\\');
}

/* "." as 1, ".." as 2, also percent-encoded; 0: any other segment. */
static int dots(struct gri_str segment)
{
    int n = 0;
    for (size_t i = 0; i < segment.len; n++) {
        if (segment.at[i] == '.')
            i++;
        else if (gri_str_begins_nocase((struct gri_str){segment.at + i, segment.len - i}, GRI_STR("%2e")))
            i += 3;
        else
            return 0;
    }
    return n <= 2 ? n : 0;
}

/* Takes the last segment off what was written since `begin`. */
static void drop_segment(struct parsing *p, size_t begin)
{
    while (p->out.len > begin && p->out.data[--p->out.len] != '/')
        ;
}

static void url_put_path(struct parsing *p, struct gri_str path)
{
    size_t begin = p->out.len, i = path.len && is_separator(p, path.at[0]) ? 1 : 0;
    bool last = !path.len;
    if (!path.len && p->special)
        gri_buf_putc(&p->out, '/');
    while (!last) {
        size_t from = i;
        while (i < path.len && !is_separator(p, path.at[i]))
            i++;
        struct gri_str segment = {path.at + from, i - from};
        int n = dots(segment);
        last = i++ >= path.len;
        if (n == 2)
            drop_segment(p, begin);
        if (!n || last)
            gri_buf_putc(&p->out, '/');
        if (!n)
            put_all(p, segment, path_set);
    }
}

static struct gri_str cut_before(struct gri_str *rest, const char *any, bool backslash)
{
    size_t n = 0;
    while (n < rest->len && !strchr(any, rest->at[n]) && !(backslash && rest->at[n] == '\\'))
        n++;
    struct gri_str part = {rest->at, n};
    *rest = (struct gri_str){rest->at + n, rest->len - n};
    return part;
}

static bool read_hierarchy(struct parsing *p)
{
    size_t slashes = 0;
    while (slashes < p->rest.len && is_separator(p, p->rest.at[slashes]))
        slashes++;
    bool authority = p->special ? !p->file || slashes >= 2 : slashes >= 2;
    p->authority = authority || p->file;
    if (!p->authority)
        return true;
    gri_buf_puts(&p->out, "//");
    size_t skip = p->special && !p->file ? slashes : slashes >= 2 ? 2 : 0;
    p->rest = (struct gri_str){p->rest.at + skip, p->rest.len - skip};
    return !authority || put_authority(p, cut_before(&p->rest, "/?#", p->special));
}

/* Without an authority a path must not begin as one does: "/.//a" stays what it is (WHATWG, URL serializing). */
static void guard_path(struct parsing *p, size_t begin)
{
    size_t len = p->out.len - begin;
    if (p->authority || p->out.failed || len < 2 || memcmp(p->out.data + begin, "//", 2) != 0)
        return;
    gri_buf_puts(&p->out, "/.");
    if (p->out.failed)
        return;
    memmove(p->out.data + begin + 2, p->out.data + begin, len);
    memcpy(p->out.data + begin, "/.", 2);
}

static void read_tail(struct parsing *p)
{
    size_t begin = p->out.len;
    struct gri_str path = cut_before(&p->rest, "?#", false);
    bool opaque = !p->special && !(path.len && path.at[0] == '/');
    if (opaque) {
        put_all(p, path, "");
    } else {
        url_put_path(p, path);
        guard_path(p, begin);
    }
    if (p->rest.len && *p->rest.at == '?') {
        struct gri_str query = cut_before(&p->rest, "#", false);
        gri_buf_putc(&p->out, '?');
        put_all(p, (struct gri_str){query.at + 1, query.len - 1}, p->special ? special_query_set : query_set);
    }
    if (p->rest.len) {
        gri_buf_putc(&p->out, '#');
        put_all(p, (struct gri_str){p->rest.at + 1, p->rest.len - 1}, fragment_set);
    }
}

/* Without white space and controls at the ends, and tabs and line ends anywhere. */
static struct gri_str clean(const char *text, size_t len, char *to)
{
    size_t n = 0;
    while (len && (unsigned char)*text <= ' ')
        text++, len--;
    while (len && (unsigned char)text[len - 1] <= ' ')
        len--;
    for (size_t i = 0; i < len; i++)
        if (!strchr("\t\r\n", text[i]))
            to[n++] = text[i];
    return (struct gri_str){to, n};
}

char *gri_url_read(const char *text, size_t len, struct gri_arena *arena, const char **why)
{
    struct parsing p = {.why = NULL};
    char *copy = gri_arena_alloc(arena, len + 1);
    *why = NULL;
    if (!copy)
        return NULL;
    gri_buf_init(&p.out, arena);
    p.rest = clean(text, len, copy);
    bool ok = p.rest.len ? read_scheme(&p) && read_hierarchy(&p) : url_fail(&p, "input is empty");
    *why = p.why;
    if (!ok)
        return NULL;
    read_tail(&p);
    gri_buf_putc(&p.out, '\0');
    return p.out.failed ? NULL : p.out.data;
}
