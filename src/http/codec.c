#include "http/codec.h"
#include "base/cold.h"

#include <llhttp.h>

#include "http/head_checks.h"

static struct gri_head *head_of(llhttp_t *parser)
{
    return parser->data;
}

static int on_url(llhttp_t *parser, const char *at, size_t len)
{
    head_of(parser)->target = (struct gri_str){at, len};
    return 0;
}

static int on_field(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_head *head = head_of(parser);
    head->fields[head->n_fields++].name = (struct gri_str){at, len};
    return 0;
}

static int on_codec_value(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_head *head = head_of(parser);
    head->fields[head->n_fields - 1].value = gri_str_trim((struct gri_str){at, len});
    return 0;
}

/* Here llhttp has done what is asked of it: bodies are framed by what the head says, which gri_head_check() has made
 * unambiguous. */
static int on_codec_headers_complete(llhttp_t *parser)
{
    struct gri_head *head = head_of(parser);
    head->minor = parser->http_minor;
    head->is_chunked = parser->flags & F_CHUNKED;
    head->has_length = parser->flags & F_CONTENT_LENGTH;
    head->content_length = head->has_length ? parser->content_length : 0;
    return HPE_PAUSED;
}

static const llhttp_settings_t head_settings = {
    .on_url = on_url,
    .on_header_field = on_field,
    .on_header_value = on_codec_value,
    .on_headers_complete = on_codec_headers_complete,
};

/* llhttp knows the methods of the registry; a token that is none of them is well-formed, and answered 501. */
static GRI_COLD int refused_head(llhttp_errno_t code, struct gri_str line)
{
    struct gri_str rest, method = gri_str_cut_soon(line, ' ', &rest);
    return code == HPE_INVALID_METHOD && gri_is_token(method) ? 501 : 400;
}

/* White space behind a value is no part of it (RFC 9110 section 5.5), but llhttp takes spaces only. */
static GRI_COLD void tabs_to_spaces(char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        for (size_t j = i; bytes[i] == '\r' && (bytes[j - 1] == ' ' || bytes[j - 1] == '\t'); j--)
            bytes[j - 1] = ' ';
}

static void codec_init(struct gri_codec *codec, const struct gri_head *head, const gr_limits *limits)
{
    codec->head = head;
    codec->limits = limits;
    codec->body_limit = UINT64_MAX;
    codec->received = 0;
    codec->complete = !head->is_chunked && head->content_length == 0;
    if (head->is_chunked)
        gri_chunks_init(&codec->chunks);
}

int gri_codec_head(struct gri_codec *codec, struct gri_head *head, char *bytes, const struct gri_guard *guard,
                   struct gri_header_field *fields, const gr_limits *limits)
{
    llhttp_t parser;
    llhttp_init(&parser, HTTP_REQUEST, &head_settings);
    parser.data = head;
    head->fields = fields;
    head->n_fields = 0;
    if (guard->has_tab)
        tabs_to_spaces(bytes, guard->head_len);
    llhttp_errno_t code = llhttp_execute(&parser, bytes, guard->head_len);
    if (code != HPE_PAUSED)
        return refused_head(code, (struct gri_str){bytes, guard->head_len});
    head->method = (struct gri_str){bytes, (size_t)(head->target.at - bytes) - 1}; /* the guard saw to one space */
    int status = gri_head_check(head);
    codec_init(codec, head, limits);
    return status;
}

static struct gri_str take_length(const struct gri_codec *codec, struct gri_str in)
{
    uint64_t left = codec->head->content_length - codec->received;
    return (struct gri_str){in.at, left < in.len ? (size_t)left : in.len};
}

int gri_codec_body(struct gri_codec *codec, const char *in, size_t len, size_t *used, struct gri_str *piece)
{
    struct gri_str bytes = {in, len};
    uint64_t most = codec->body_limit > codec->received ? codec->body_limit - codec->received : 0;
    int status = 0;
    if (codec->head->is_chunked) {
        status = gri_chunks_decode(&codec->chunks, codec->limits, most, bytes, used, piece);
    } else {
        *piece = take_length(codec, bytes);
        *used = piece->len;
        status = piece->len > most ? 413 : 0;
    }
    codec->received += piece->len;
    codec->complete =
        codec->head->is_chunked ? gri_chunks_complete(&codec->chunks) : codec->received == codec->head->content_length;
    return status;
}

bool gri_method_is_known(struct gri_str method)
{
    if (gri_str_is(method, GRI_STR("CONNECT"))) /* never served: it asks for a tunnel */
        return false;
    for (int i = HTTP_DELETE; i <= HTTP_SOURCE; i++)
        if (gri_str_is(method, gri_str_from(llhttp_method_name((llhttp_method_t)i))))
            return true;
    return false;
}

const struct gri_header_field *gri_head_find(const struct gri_head *head, struct gri_str name)
{
    for (unsigned i = 0; i < head->n_fields; i++)
        if (gri_str_is_nocase(head->fields[i].name, name))
            return &head->fields[i];
    return NULL;
}
