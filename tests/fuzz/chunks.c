/* The chunked coding: in whatever pieces it comes, it is what a reader of the whole text makes of it who follows the
 * grammar of RFC 9112 section 7.1 word by word; and where llhttp takes it too, both read the same. */
#include <llhttp.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "http/chunks.h"
#include "http/codec.h"

enum { MOST = 8192 };

struct decoded {
    bool accepted;
    size_t used, len;
    char data[MOST];
};

/* --- the grammar --- */

struct text {
    const char *at, *end;
};

static bool take_char(struct text *t, char c)
{
    bool is = t->at < t->end && *t->at == c;
    t->at += is;
    return is;
}

static bool take_line_end(struct text *t)
{
    return take_char(t, '\r') && take_char(t, '\n');
}

static void skip_blanks(struct text *t)
{
    while (t->at < t->end && (*t->at == ' ' || *t->at == '\t'))
        t->at++;
}

static struct gri_str take_token(struct text *t)
{
    const char *begin = t->at;
    while (t->at < t->end && gri_is_token_char((unsigned char)*t->at))
        t->at++;
    return (struct gri_str){begin, (size_t)(t->at - begin)};
}

static bool is_text(char c)
{
    return c == '\t' || ((unsigned char)c >= ' ' && c != 0x7f);
}

static bool take_quoted(struct text *t)
{
    while (t->at < t->end && *t->at != '"') {
        t->at += *t->at == '\\';
        if (t->at == t->end || !is_text(*t->at++))
            return false;
    }
    return take_char(t, '"');
}

static bool take_value(struct text *t)
{
    return take_char(t, '"') ? take_quoted(t) : take_token(t).len > 0;
}

/* The blanks before a ';' or '=' are part of an extension only if that follows. */
static bool take_behind_blanks(struct text *t, char c)
{
    struct text ahead = *t;
    skip_blanks(&ahead);
    if (!take_char(&ahead, c))
        return false;
    skip_blanks(&ahead);
    *t = ahead;
    return true;
}

static bool take_extensions(struct text *t)
{
    while (take_behind_blanks(t, ';')) {
        if (take_token(t).len == 0)
            return false;
        if (take_behind_blanks(t, '=') && !take_value(t))
            return false;
    }
    return true;
}

static bool take_size(struct text *t, uint64_t *size)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *digit;
    size_t n = 0;
    for (*size = 0; t->at < t->end && *t->at && (digit = strchr(digits, *t->at)); t->at++, n++) {
        size_t value = (size_t)(digit - digits);
        *size = *size * 16 + (value < 16 ? value : value - 6);
    }
    return n > 0 && n <= 16;
}

static bool take_field(struct text *t)
{
    struct gri_str name = take_token(t);
    if (name.len == 0 || !take_char(t, ':') || gri_str_is_nocase(name, GRI_STR("host")) ||
        gri_str_is_nocase(name, GRI_STR("content-length")) || gri_str_is_nocase(name, GRI_STR("transfer-encoding")))
        return false;
    while (t->at < t->end && is_text(*t->at))
        t->at++;
    return take_line_end(t);
}

static bool take_chunks(struct text *t, struct decoded *decoded)
{
    uint64_t size;
    do {
        if (!take_size(t, &size) || !take_extensions(t) || !take_line_end(t) || size > (size_t)(t->end - t->at))
            return false;
        memcpy(decoded->data + decoded->len, t->at, size);
        decoded->len += size;
        t->at += size;
        if (size && !take_line_end(t))
            return false;
    } while (size);
    return true;
}

static void read_whole(const char *in, size_t n, struct decoded *decoded)
{
    struct text t = {in, in + n};
    bool accepted = take_chunks(&t, decoded);
    while (accepted && t.at < t.end && *t.at != '\r')
        accepted = take_field(&t);
    decoded->accepted = accepted && take_line_end(&t);
    decoded->used = (size_t)(t.at - in);
}

/* --- ours, in pieces of `step` bytes --- */

static int decode_piece(struct gri_chunks *chunks, const gr_limits *limits, const char *in, size_t n,
                        struct decoded *decoded)
{
    char *copy = malloc(n);
    size_t at = 0;
    int status = 0;
    memcpy(copy, in, n);
    while (status == 0 && at < n && !gri_chunks_complete(chunks)) {
        struct gri_str piece;
        size_t used;
        status =
            gri_chunks_decode(chunks, limits, MOST - decoded->len, (struct gri_str){copy + at, n - at}, &used, &piece);
        FUZZ_ASSERT(used <= n - at && (used > 0 || status));
        FUZZ_ASSERT(piece.len <= MOST - decoded->len);
        memcpy(decoded->data + decoded->len, piece.at, piece.len);
        decoded->len += piece.len;
        at += used;
    }
    decoded->used += at;
    free(copy);
    return status;
}

static void decode(const char *in, size_t n, size_t step, const gr_limits *limits, struct decoded *decoded)
{
    struct gri_chunks chunks;
    gri_chunks_init(&chunks);
    int status = 0;
    for (size_t at = 0; status == 0 && at < n && !gri_chunks_complete(&chunks); at += step)
        status = decode_piece(&chunks, limits, in + at, step < n - at ? step : n - at, decoded);
    FUZZ_ASSERT(status == 0 || status == 400 || status == 413);
    decoded->accepted = status == 0 && gri_chunks_complete(&chunks);
}

/* --- llhttp's --- */

static int on_data(llhttp_t *parser, const char *at, size_t n)
{
    struct decoded *decoded = parser->data;
    memcpy(decoded->data + decoded->len, at, n);
    decoded->len += n;
    return 0;
}

static int on_end(llhttp_t *parser)
{
    ((struct decoded *)parser->data)->accepted = true;
    return HPE_PAUSED;
}

static void read_by_llhttp(const char *in, size_t n, struct decoded *decoded)
{
    static const char head[] = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    static const llhttp_settings_t settings = {.on_body = on_data, .on_message_complete = on_end};
    llhttp_t parser;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = decoded;
    llhttp_execute(&parser, head, sizeof head - 1);
    llhttp_execute(&parser, in, n);
    if (decoded->accepted)
        decoded->used = (size_t)(llhttp_get_error_pos(&parser) - in);
}

static bool is_same(const struct decoded *a, const struct decoded *b)
{
    return a->used == b->used && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    static struct decoded whole, ours, limited, theirs;
    if (size < 2 || size > MOST)
        return 0;
    const char *in = (const char *)input + 1;
    size_t n = size - 1;
    gr_limits limits = {.extension_bytes = SIZE_MAX, .trailer_bytes = SIZE_MAX};
    gr_limits low = {.extension_bytes = 8, .trailer_bytes = 16};
    whole.len = ours.len = limited.len = theirs.len = 0;
    whole.used = ours.used = limited.used = theirs.used = 0;
    whole.accepted = ours.accepted = limited.accepted = theirs.accepted = false;
    read_whole(in, n, &whole);
    decode(in, n, input[0] ? input[0] : n, &limits, &ours);
    decode(in, n, 1, &low, &limited);
    read_by_llhttp(in, n, &theirs);
    FUZZ_ASSERT(ours.accepted == whole.accepted);
    FUZZ_ASSERT(!ours.accepted || is_same(&ours, &whole));
    FUZZ_ASSERT(!limited.accepted || (ours.accepted && is_same(&limited, &ours)));
    FUZZ_ASSERT(!ours.accepted || !theirs.accepted || is_same(&theirs, &ours));
    return 0;
}
