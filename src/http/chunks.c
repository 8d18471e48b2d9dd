#include "http/chunks.h"

#include "http/codec.h"

/* What comes next:
 *
 *     chunk      = 1*HEXDIG *( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] ) CRLF data CRLF
 *     last-chunk = the same with a size of 0, *( token ":" value CRLF ) and an empty line */
enum chunk_state {
    REFUSED, /* no state: what the table holds where a byte may not come */
    SIZE,
    IN_SIZE,
    BEFORE_SEMI, /* behind a size or a value, and white space */
    BEFORE_NAME,
    IN_NAME,
    BEHIND_NAME,
    BEFORE_VALUE,
    IN_VALUE,
    IN_QUOTES,
    ESCAPED,
    BEHIND_QUOTES,
    SIZE_LF,
    DATA_CR,
    DATA_LF,
    FIELD,
    IN_FIELD_NAME,
    IN_FIELD_VALUE,
    FIELD_LF,
    END_LF,
    IN_DATA, /* from here on it is not asked what a byte is */
    ENDED
};

enum byte_kind {
    IS_CONTROL,
    IS_CR,
    IS_LF,
    IS_BLANK,
    IS_SEMI,
    IS_EQUALS,
    IS_QUOTE,
    IS_BACKSLASH,
    IS_COLON,
    IS_DIGIT,
    IS_TOKEN,
    IS_OTHER,
    N_KINDS
};

static enum byte_kind kind_of(char c)
{
    switch (c) {
    case '\r':
        return IS_CR;
    case '\n':
        return IS_LF;
    case ' ':
    case '\t':
        return IS_BLANK;
    case ';':
        return IS_SEMI;
    case '=':
        return IS_EQUALS;
    case '"':
        return IS_QUOTE;
    case '\\':
        return IS_BACKSLASH;
    case ':':
        return IS_COLON;
    default:
        break;
    }
    if (gri_is_token_char((unsigned char)c))
        return gri_hex_value(c) < 0 ? IS_TOKEN : IS_DIGIT;
    return (unsigned char)c < ' ' || c == 0x7f ? IS_CONTROL : IS_OTHER;
}

/* clang-format off */

#define WORD(to) [IS_DIGIT] = (to), [IS_TOKEN] = (to)
#define TEXT(to) WORD(to), [IS_BLANK] = (to), [IS_SEMI] = (to), [IS_EQUALS] = (to), [IS_COLON] = (to), [IS_OTHER] = (to)

static const unsigned char steps[IN_DATA][N_KINDS] = {
    [SIZE]             = {[IS_DIGIT] = IN_SIZE},
    [IN_SIZE]          = {[IS_DIGIT] = IN_SIZE, [IS_BLANK] = BEFORE_SEMI, [IS_SEMI] = BEFORE_NAME, [IS_CR] = SIZE_LF},
    [BEFORE_SEMI]     = {[IS_BLANK] = BEFORE_SEMI, [IS_SEMI] = BEFORE_NAME},
    [BEFORE_NAME]      = {[IS_BLANK] = BEFORE_NAME, WORD(IN_NAME)},
    [IN_NAME]          = {WORD(IN_NAME), [IS_BLANK] = BEHIND_NAME, [IS_EQUALS] = BEFORE_VALUE, [IS_SEMI] = BEFORE_NAME,
                          [IS_CR] = SIZE_LF},
    [BEHIND_NAME]      = {[IS_BLANK] = BEHIND_NAME, [IS_EQUALS] = BEFORE_VALUE, [IS_SEMI] = BEFORE_NAME},
    [BEFORE_VALUE]     = {[IS_BLANK] = BEFORE_VALUE, WORD(IN_VALUE), [IS_QUOTE] = IN_QUOTES},
    [IN_VALUE]         = {WORD(IN_VALUE), [IS_BLANK] = BEFORE_SEMI, [IS_SEMI] = BEFORE_NAME, [IS_CR] = SIZE_LF},
    [IN_QUOTES]        = {TEXT(IN_QUOTES), [IS_BACKSLASH] = ESCAPED, [IS_QUOTE] = BEHIND_QUOTES},
    [ESCAPED]          = {TEXT(IN_QUOTES), [IS_BACKSLASH] = IN_QUOTES, [IS_QUOTE] = IN_QUOTES},
    [BEHIND_QUOTES]    = {[IS_BLANK] = BEFORE_SEMI, [IS_SEMI] = BEFORE_NAME, [IS_CR] = SIZE_LF},
    [SIZE_LF]          = {[IS_LF] = IN_DATA},
    [DATA_CR]          = {[IS_CR] = DATA_LF},
    [DATA_LF]          = {[IS_LF] = SIZE},
    [FIELD]            = {WORD(IN_FIELD_NAME), [IS_CR] = END_LF},
    [IN_FIELD_NAME]    = {WORD(IN_FIELD_NAME), [IS_COLON] = IN_FIELD_VALUE},
    [IN_FIELD_VALUE]   = {TEXT(IN_FIELD_VALUE), [IS_QUOTE] = IN_FIELD_VALUE, [IS_BACKSLASH] = IN_FIELD_VALUE,
                          [IS_CR] = FIELD_LF},
    [FIELD_LF]         = {[IS_LF] = FIELD},
    [END_LF]           = {[IS_LF] = ENDED},
};
#undef TEXT
#undef WORD
/* clang-format on */

void gri_chunks_init(struct gri_chunks *chunks)
{
    *chunks = (struct gri_chunks){.state = SIZE};
}

bool gri_chunks_complete(const struct gri_chunks *chunks)
{
    return chunks->state == ENDED;
}

static bool add_digit(struct gri_chunks *chunks, char c)
{
    enum { MOST_DIGITS = 16 };
    chunks->left = chunks->left << 4 | (unsigned)gri_hex_value(c);
    return ++chunks->digits <= MOST_DIGITS;
}

static bool add_to_name(struct gri_chunks *chunks, char c)
{
    if (chunks->name_len < sizeof chunks->name)
        chunks->name[chunks->name_len++] = c;
    return true;
}

/* Fields behind the body would be read as if they framed it (RFC 9110 section 6.5.1). */
static bool may_trail(struct gri_chunks *chunks)
{
    struct gri_str name = {chunks->name, chunks->name_len};
    chunks->name_len = 0;
    return !gri_str_is_nocase(name, GRI_STR("Content-Length")) &&
           !gri_str_is_nocase(name, GRI_STR("Transfer-Encoding")) && !gri_str_is_nocase(name, GRI_STR("Host"));
}

/* The announced size is enough to refuse a chunk: its bytes are not waited for. */
static int begin_data(struct gri_chunks *chunks, uint64_t most)
{
    chunks->digits = 0;
    if (chunks->left == 0)
        chunks->state = FIELD;
    return chunks->left > most ? 413 : 0;
}

/* Whether the byte that led to the present state may be one more of its like. */
static bool passes(struct gri_chunks *chunks, const gr_limits *limits, unsigned from, char c)
{
    switch (chunks->state) {
    case IN_SIZE:
        return add_digit(chunks, c);
    case IN_FIELD_NAME:
        return ++chunks->trailer_bytes <= limits->trailer_bytes && add_to_name(chunks, c);
    case IN_FIELD_VALUE:
        return ++chunks->trailer_bytes <= limits->trailer_bytes && (from != IN_FIELD_NAME || may_trail(chunks));
    default:
        return chunks->state < BEFORE_SEMI || chunks->state > BEHIND_QUOTES ||
               ++chunks->extension_bytes <= limits->extension_bytes;
    }
}

static int chunks_step(struct gri_chunks *chunks, const gr_limits *limits, uint64_t most, char c)
{
    unsigned from = chunks->state;
    chunks->state = steps[from][kind_of(c)];
    if (chunks->state == REFUSED || !passes(chunks, limits, from, c))
        return 400;
    return chunks->state == IN_DATA ? begin_data(chunks, most) : 0;
}

static struct gri_str chunks_take_data(struct gri_chunks *chunks, struct gri_str in)
{
    size_t n = chunks->left < in.len ? (size_t)chunks->left : in.len;
    chunks->left -= n;
    if (chunks->left == 0)
        chunks->state = DATA_CR;
    return (struct gri_str){in.at, n};
}

int gri_chunks_decode(struct gri_chunks *chunks, const gr_limits *limits, uint64_t most, struct gri_str in,
                      size_t *used, struct gri_str *piece)
{
    size_t at = 0;
    int status = 0;
    *piece = (struct gri_str){in.at, 0};
    while (status == 0 && at < in.len && chunks->state < IN_DATA)
        status = chunks_step(chunks, limits, most, in.at[at++]);
    if (status == 0 && chunks->state == IN_DATA)
        *piece = chunks_take_data(chunks, (struct gri_str){in.at + at, in.len - at});
    *used = at + piece->len;
    return status;
}
