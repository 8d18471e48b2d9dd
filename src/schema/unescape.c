#include "schema/unescape.h"

#include "base/ascii.h"

static unsigned unescape_hex4(const char *at)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 4 | (unsigned)gri_hex_value(at[i]);
    return value;
}

static char *put_character(char *to, unsigned c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
    } else {
        if (c < 0x10000) {
            *to++ = (char)(0xe0 | c >> 12);
        } else {
            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
    }
    *to++ = (char)(0x80 | (c & 0x3f));
    return to;
}

/* At the 'u'; a high surrogate has its low one behind it, the lexer saw to that. */
static const char *take_unicode(const char *at, char **to)
{
    unsigned c = unescape_hex4(at + 1);
    at += 5;
    if (c >= 0xd800 && c <= 0xdbff) {
        c = 0x10000 + ((c - 0xd800) << 10) + (unescape_hex4(at + 2) - 0xdc00);
        at += 6;
    }
    *to = put_character(*to, c);
    return at;
}

static char simple(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

char *gri_unescape_to(char *to, struct gri_str text)
{
    for (const char *at = text.at, *end = at + text.len; at < end;) {
        if (*at != '\\') {
            *to++ = *at++;
        } else if (at[1] == 'u') {
            at = take_unicode(at + 1, &to);
        } else {
            *to++ = simple(at[1]);
            at += 2;
        }
    }
    return to;
}

bool gri_unescape(struct gri_arena *arena, struct gri_str *text)
{
    char *copy = gri_arena_alloc(arena, text->len + 1);
    if (!copy)
        return false;
    char *end = gri_unescape_to(copy, *text);
    *end = '\0';
    *text = (struct gri_str){copy, (size_t)(end - copy)};
    return true;
}
