#include "http/head_checks.h"
#include "base/cold.h"

/* What the fields that matter to the connection said. */
struct said {
    unsigned hosts, encodings, lengths, expects;
    struct gri_header_field *host; /* the last of them */
    const struct gri_header_field *encoding, *expect;
    bool close, keep_alive;
};

/* What a byte may be part of: T a token (RFC 9110 section 5.6.2), H a host with its port (RFC 3986 section 3.2.2). */
enum { T = 1, H = 2, B = T | H };

/* clang-format off */
static const unsigned char classes[256] = {
    ['0'] = B, ['1'] = B, ['2'] = B, ['3'] = B, ['4'] = B, ['5'] = B, ['6'] = B, ['7'] = B, ['8'] = B, ['9'] = B,
    ['A'] = B, ['B'] = B, ['C'] = B, ['D'] = B, ['E'] = B, ['F'] = B, ['G'] = B, ['H'] = B, ['I'] = B, ['J'] = B,
    ['K'] = B, ['L'] = B, ['M'] = B, ['N'] = B, ['O'] = B, ['P'] = B, ['Q'] = B, ['R'] = B, ['S'] = B, ['T'] = B,
    ['U'] = B, ['V'] = B, ['W'] = B, ['X'] = B, ['Y'] = B, ['Z'] = B, ['a'] = B, ['b'] = B, ['c'] = B, ['d'] = B,
    ['e'] = B, ['f'] = B, ['g'] = B, ['h'] = B, ['i'] = B, ['j'] = B, ['k'] = B, ['l'] = B, ['m'] = B, ['n'] = B,
    ['o'] = B, ['p'] = B, ['q'] = B, ['r'] = B, ['s'] = B, ['t'] = B, ['u'] = B, ['v'] = B, ['w'] = B, ['x'] = B,
    ['y'] = B, ['z'] = B, ['!'] = B, ['#'] = T, ['$'] = B, ['%'] = B, ['&'] = B, ['\''] = B, ['('] = H, [')'] = H,
    ['*'] = B, ['+'] = B, [','] = H, ['-'] = B, ['.'] = B, [':'] = H, [';'] = H, ['='] = H, ['['] = H, [']'] = H,
    ['^'] = T, ['_'] = B, ['`'] = T, ['|'] = T, ['~'] = B,
};
/* clang-format on */

bool gri_is_token_char(unsigned char c)
{
    return classes[c] & T;
}

/* Whether s is not empty, and each of its bytes may be part of that. */
static bool is_all(struct gri_str s, unsigned class)
{
    unsigned all = s.len ? class : 0;
    const unsigned char *at = (const unsigned char *)s.at, *end = at + s.len;
    for (; end - at >= 4; at += 4)
        all &= classes[at[0]] & classes[at[1]] & classes[at[2]] & classes[at[3]];
    for (; at < end; at++)
        all &= classes[*at];
    return all;
}

bool gri_is_token(struct gri_str s)
{
    return is_all(s, T);
}

static void read_connection(struct said *said, struct gri_str value)
{
    while (value.len) {
        struct gri_str option = gri_str_trim(gri_str_cut(value, ',', &value));
        said->close |= gri_str_is_nocase(option, GRI_STR("close"));
        said->keep_alive |= gri_str_is_nocase(option, GRI_STR("keep-alive"));
    }
}

/* The length of a name tells most of them apart before any comparison. */
static void read_field(struct said *said, struct gri_header_field *field)
{
    struct gri_str name = field->name;
    if (name.len == 4 && gri_str_is_nocase(name, GRI_STR("Host")))
        said->hosts++, said->host = field;
    else if (name.len == 10 && gri_str_is_nocase(name, GRI_STR("Connection")))
        read_connection(said, field->value);
    else if (name.len == 17 && gri_str_is_nocase(name, GRI_STR("Transfer-Encoding")))
        said->encodings++, said->encoding = field;
    else if (name.len == 14 && gri_str_is_nocase(name, GRI_STR("Content-Length")))
        said->lengths++;
    else if (name.len == 6 && gri_str_is_nocase(name, GRI_STR("Expect")))
        said->expects++, said->expect = field;
}

/* Without userinfo, which a Host field may not carry. */
static bool is_host(struct gri_str host)
{
    return is_all(host, H);
}

static int check_host(const struct gri_head *head, const struct said *said)
{
    if (said->hosts > 1 || (said->hosts == 0 && head->minor == 1))
        return 400;
    return said->host && !is_host(said->host->value) ? 400 : 0;
}

/* RFC 9112 sections 6.1 and 6.3: a coding that we do not know, or nothing that says where the body ends. */
static GRI_COLD int refused_encoding(struct gri_str value)
{
    unsigned chunked = 0;
    bool is_last = false;
    while (value.len) {
        is_last = gri_str_is_nocase(gri_str_trim(gri_str_cut(value, ',', &value)), GRI_STR("chunked"));
        chunked += is_last;
    }
    return is_last && chunked == 1 ? 501 : 400;
}

/* Two ways to frame one body is how requests are smuggled: RFC 9112 section 6.3. */
static int head_check_framing(const struct gri_head *head, const struct said *said)
{
    if (said->lengths > 1 || said->encodings > 1 || (said->lengths && said->encodings))
        return 400;
    if (said->encodings && head->minor == 0)
        return 400;
    bool chunked = !said->encoding || gri_str_is_nocase(said->encoding->value, GRI_STR("chunked"));
    return chunked ? 0 : refused_encoding(said->encoding->value);
}

/* RFC 9110 section 10.1.1: a list, of which one member is known. */
static bool is_known_expectation(struct gri_str value)
{
    bool is_known = false;
    while (value.len) {
        struct gri_str member = gri_str_trim(gri_str_cut(value, ',', &value));
        if (member.len == 0)
            continue;
        if (!gri_str_is_nocase(member, GRI_STR("100-continue")))
            return false;
        is_known = true;
    }
    return is_known;
}

static int check_expect(struct gri_head *head, const struct said *said)
{
    if (said->expects == 0 || head->minor == 0)
        return 0;
    if (said->expects > 1 || !is_known_expectation(said->expect->value))
        return 417;
    head->expects_continue = head->is_chunked || head->content_length > 0;
    return 0;
}

/* Its authority overrides Host (RFC 9112 section 3.2.2). It moves away from the path behind it, so that a NUL can stand
 * between them: the second '/' in front of it is not needed any more. */
static GRI_COLD void take_authority(const struct said *said, struct gri_str authority)
{
    char *at = (char *)(uintptr_t)authority.at - 1;
    memmove(at, authority.at, authority.len);
    if (said->host)
        said->host->value = (struct gri_str){at, authority.len};
}

/* Turns the absolute form into the origin form. */
static GRI_COLD int take_absolute(struct gri_head *head, const struct said *said)
{
    struct gri_str t = head->target;
    size_t scheme = gri_str_begins_nocase(t, GRI_STR("http://"))    ? 7
                    : gri_str_begins_nocase(t, GRI_STR("https://")) ? 8
                                                                    : 0;
    if (!scheme || scheme == t.len)
        return 400;
    size_t end = scheme;
    while (end < t.len && t.at[end] != '/' && t.at[end] != '?')
        end++;
    struct gri_str authority = {t.at + scheme, end - scheme};
    if (!is_host(authority))
        return 400;
    head->target = end < t.len ? (struct gri_str){t.at + end, t.len - end} : GRI_STR("/");
    take_authority(said, authority);
    return 0;
}

static int check_target(struct gri_head *head, const struct said *said)
{
    if (gri_str_is(head->method, GRI_STR("CONNECT")))
        return 501;
    if (head->target.at[0] == '/')
        return 0;
    if (gri_str_is(head->target, GRI_STR("*")))
        return gri_str_is(head->method, GRI_STR("OPTIONS")) ? 0 : 400;
    return take_absolute(head, said);
}

int gri_head_check(struct gri_head *head)
{
    struct said said = {0};
    for (unsigned i = 0; i < head->n_fields; i++)
        read_field(&said, &head->fields[i]);
    head->keep_alive = !said.close && (head->minor == 1 || said.keep_alive);
    head->expects_continue = false;
    int status = check_host(head, &said);
    status = status ? status : head_check_framing(head, &said);
    status = status ? status : check_target(head, &said);
    return status ? status : check_expect(head, &said);
}
