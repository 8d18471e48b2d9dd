/* UUIDs (RFC 9562), and why a text is none, in the words of the parser that pydantic uses. */

#include "base/ascii.h"
#include "base/utf8.h"
#include "schema/formats.h"

struct uuid_reading {
    const char *text;
    size_t len;
    struct gri_arena *arena;
    const char **why;
};

GR_PRINTF(2, 3) static bool uuid_refuse(const struct uuid_reading *r, const char *fmt, ...)
{
    va_list args;
    *r->why = "";
    if (!r->arena)
        return false;
    va_start(args, fmt);
    *r->why = gri_arena_vprintf(r->arena, fmt, args);
    va_end(args);
    return false;
}

static bool refuse_character(const struct uuid_reading *r, const char *at, const char *begin)
{
    size_t n = gri_utf8_next(at, (size_t)(r->text + r->len - at));
    return uuid_refuse(r, "invalid character: found `%.*s` at %zu", n ? (int)n : 1, n ? at : "?",
                       (size_t)(at - begin) + 1);
}

static bool check_characters(const struct uuid_reading *r, const char *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (gri_hex_value(at[i]) < 0 && at[i] != '-')
            return refuse_character(r, at + i, r->text);
    return true;
}

/* The last group is said to reach to the end of the text, the brace too, whatever was found. */
static bool check_groups(const struct uuid_reading *r, const char *at, size_t len)
{
    static const size_t wanted[] = {8, 4, 4, 4, 12};
    const size_t last_at = 24;
    size_t lens[5] = {0}, n = 1;
    for (size_t i = 0; i < len; i++)
        if (at[i] == '-')
            n++;
        else if (n <= 5)
            lens[n - 1]++;
    if (n != 5)
        return uuid_refuse(r, "invalid group count: expected 5, found %zu", n);
    for (size_t i = 0; i < 5; i++)
        if (lens[i] != wanted[i])
            return uuid_refuse(r, "invalid group length in group %zu: expected %zu, found %zu", i, wanted[i],
                               i < 4 ? lens[i] : r->len - last_at);
    return true;
}

static bool has_urn(const struct uuid_reading *r)
{
    static const char urn[] = "urn:uuid:";
    return r->len >= sizeof urn - 1 && memcmp(r->text, urn, sizeof urn - 1) == 0;
}

static bool has_braces(const struct uuid_reading *r)
{
    return r->len >= 2 && r->text[0] == '{' && r->text[r->len - 1] == '}';
}

/* At the length of a UUID the wrapping is off before anything is looked at, so that places count from behind it; at any
 * other length they count from the begin of the text. */
static void unwrap(struct uuid_reading *r)
{
    if (r->len == 36 + 2 && has_braces(r)) {
        r->text++;
        r->len = 36;
    } else if (r->len == 36 + 9 && has_urn(r)) {
        r->text += 9;
        r->len = 36;
    }
}

static void uuid_take_bytes(const char *at, size_t len, gr_uuid *uuid)
{
    size_t n = 0;
    *uuid = (gr_uuid){{0}};
    for (size_t i = 0; i < len; i++)
        if (at[i] != '-') {
            uuid->byte[n / 2] |= (uint8_t)(gri_hex_value(at[i]) << (n % 2 ? 0 : 4));
            n++;
        }
}

bool gri_uuid_read(const char *text, size_t len, gr_uuid *uuid, struct gri_arena *arena, const char **why)
{
    struct uuid_reading r = {text, len, arena, why};
    unwrap(&r);
    bool braces = has_braces(&r), urn = has_urn(&r);
    const char *at = r.text + (urn ? 9 : braces);
    size_t n = r.len - (urn ? 9 : braces ? 2 : 0);
    if (!check_characters(&r, at, n))
        return false;
    bool simple = !urn && !braces && !memchr(at, '-', n);
    if (simple && n != 32)
        return uuid_refuse(&r, "invalid length: expected length 32 for simple format, found %zu", n);
    if (!simple && !check_groups(&r, at, n))
        return false;
    uuid_take_bytes(at, n, uuid);
    return true;
}

void gri_uuid_write(struct gri_buf *buf, const gr_uuid *uuid)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            gri_buf_putc(buf, '-');
        gri_buf_putc(buf, digits[uuid->byte[i] >> 4]);
        gri_buf_putc(buf, digits[uuid->byte[i] & 15]);
    }
}
