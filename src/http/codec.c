#include "http/codec.h"

#include "http/head_checks.h"

static struct gri_codec *codec_of(llhttp_t *parser)
{
    return parser->data;
}

static int stop(struct gri_codec *codec, uint16_t status)
{
    codec->status = status;
    return HPE_USER;
}

static int on_url(llhttp_t *parser, const char *at, size_t len)
{
    codec_of(parser)->head->target = (struct gri_str){at, len};
    return 0;
}

/* Fields after the body would be read as if they framed it (RFC 9110 section 6.5.1). */
static bool is_forbidden_trailer(struct gri_str name)
{
    return gri_str_is_nocase(name, GRI_STR("Content-Length")) ||
           gri_str_is_nocase(name, GRI_STR("Transfer-Encoding")) || gri_str_is_nocase(name, GRI_STR("Host"));
}

/* A name may come in pieces; one longer than the buffer is none of the forbidden ones. */
static int take_trailer_name(struct gri_codec *codec, const char *at, size_t len)
{
    for (size_t i = 0; i < len && codec->trailer_name_len < sizeof codec->trailer_name; i++)
        codec->trailer_name[codec->trailer_name_len++] = at[i];
    return 0;
}

static int on_field_complete(llhttp_t *parser)
{
    struct gri_codec *codec = codec_of(parser);
    struct gri_str name = {codec->trailer_name, codec->trailer_name_len};
    codec->trailer_name_len = 0;
    return codec->in_body && is_forbidden_trailer(name) ? stop(codec, 400) : 0;
}

static int on_field(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_codec *codec = codec_of(parser);
    if (codec->in_body)
        return take_trailer_name(codec, at, len);
    codec->head->fields[codec->head->n_fields++].name = (struct gri_str){at, len};
    return 0;
}

static int on_value(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_codec *codec = codec_of(parser);
    if (codec->in_body)
        return 0;
    codec->head->fields[codec->head->n_fields - 1].value = gri_str_trim((struct gri_str){at, len});
    return 0;
}

static int on_headers_complete(llhttp_t *parser)
{
    struct gri_codec *codec = codec_of(parser);
    struct gri_head *head = codec->head;
    head->minor = parser->http_minor;
    head->is_chunked = parser->flags & F_CHUNKED;
    head->has_length = parser->flags & F_CONTENT_LENGTH;
    head->content_length = head->has_length ? parser->content_length : 0;
    codec->in_body = true;
    return 0;
}

static int on_body(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_codec *codec = codec_of(parser);
    if (len > codec->body_limit - codec->received)
        return stop(codec, 413);
    codec->received += len;
    codec->piece = (struct gri_str){at, len};
    return HPE_PAUSED; /* one piece at a time */
}

/* The announced size is enough to refuse a chunk: its bytes are not waited for. */
static int on_chunk_header(llhttp_t *parser)
{
    struct gri_codec *codec = codec_of(parser);
    codec->n_chunks++;
    if (parser->content_length > codec->body_limit - codec->received)
        return stop(codec, 413);
    codec->in_trailers = parser->content_length == 0;
    return codec->in_trailers ? HPE_PAUSED : 0; /* so that the guard sees the trailers first */
}

static int on_message_complete(llhttp_t *parser)
{
    codec_of(parser)->complete = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_url,
    .on_header_field = on_field,
    .on_header_field_complete = on_field_complete,
    .on_header_value = on_value,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_chunk_header = on_chunk_header,
    .on_message_complete = on_message_complete,
};

static void codec_init(struct gri_codec *codec, struct gri_head *head, const gr_limits *limits)
{
    llhttp_init(&codec->parser, HTTP_REQUEST, &settings);
    codec->parser.data = codec;
    codec->head = head;
    codec->limits = limits;
    codec->body_limit = UINT64_MAX;
    codec->received = 0;
    codec->framing_bytes = codec->trailer_bytes = codec->n_chunks = 0;
    codec->status = 0;
    codec->trailer_name_len = 0;
    codec->trailer_state = 0;
    codec->in_body = codec->in_trailers = codec->complete = false;
}

/* llhttp knows the methods of the registry; a token that is none of them is well-formed but not implemented here. */
static int refused_head(const struct gri_codec *codec, llhttp_errno_t code, const struct gri_head *head)
{
    if (codec->status)
        return codec->status;
    return code == HPE_INVALID_METHOD && gri_is_token(head->method) ? 501 : 400;
}

int gri_codec_head(struct gri_codec *codec, struct gri_head *head, const char *bytes, size_t len,
                   struct gri_header_field *fields, const gr_limits *limits)
{
    struct gri_str rest;
    head->method = gri_str_cut((struct gri_str){bytes, len}, ' ', &rest);
    head->fields = fields;
    head->n_fields = 0;
    codec_init(codec, head, limits);
    llhttp_errno_t code = llhttp_execute(&codec->parser, bytes, len);
    if (code == HPE_PAUSED_UPGRADE) /* an upgrade that we do not take is a request like any other (RFC 9110 7.8) */
        code = HPE_OK;
    if (code != HPE_OK && !(code == HPE_PAUSED && codec->complete))
        return refused_head(codec, code, head);
    if (code == HPE_PAUSED)
        llhttp_resume(&codec->parser);
    return gri_head_check(head);
}

/* Chunk extensions have no callback: whatever the parser took that was neither data nor plain framing is counted. */
static int count_extensions(struct gri_codec *codec, size_t used, size_t data)
{
    enum { CHUNK_FRAMING = 20 }; /* sixteen digits and two CRLFs */
    codec->framing_bytes += used - data;
    size_t plain = (codec->n_chunks + 1) * CHUNK_FRAMING;
    return codec->framing_bytes > plain + codec->limits->extension_bytes ? 400 : 0;
}

/* llhttp takes a folded trailer, an empty name and a bare LF that ends the message, as it does in a head: the rules of
 * the head guard, a byte at a time. *len: where the message ends, if it does. */
static int guard_trailers(struct gri_codec *codec, const char *in, size_t *len)
{
    enum { LINE_START, IN_LINE, AFTER_CR, LAST_CR, END };
    size_t i = 0;
    for (; i < *len && codec->trailer_state != END; i++) {
        uint8_t state = codec->trailer_state;
        bool starts = state == LINE_START, after_cr = state == AFTER_CR || state == LAST_CR;
        if (after_cr != (in[i] == '\n') || (starts && (in[i] == ' ' || in[i] == '\t' || in[i] == ':')))
            return 400;
        if (after_cr)
            codec->trailer_state = state == LAST_CR ? END : LINE_START;
        else if (in[i] == '\r')
            codec->trailer_state = starts ? LAST_CR : AFTER_CR;
        else
            codec->trailer_state = IN_LINE;
    }
    *len = i;
    codec->trailer_bytes += i;
    return codec->trailer_bytes > codec->limits->trailer_bytes ? 400 : 0;
}

int gri_codec_body(struct gri_codec *codec, const char *in, size_t len, size_t *used, struct gri_str *piece)
{
    bool in_trailers = codec->in_trailers;
    int refused = in_trailers ? guard_trailers(codec, in, &len) : 0;
    if (refused)
        return refused;
    codec->piece = (struct gri_str){in, 0};
    llhttp_errno_t code = llhttp_execute(&codec->parser, in, len);
    if (code == HPE_PAUSED_UPGRADE)
        code = HPE_PAUSED;
    if (code != HPE_OK && code != HPE_PAUSED)
        return codec->status ? codec->status : 400;
    *used = code == HPE_PAUSED ? (size_t)(llhttp_get_error_pos(&codec->parser) - in) : len;
    if (code == HPE_PAUSED)
        llhttp_resume(&codec->parser);
    *piece = codec->piece;
    if (!codec->head->is_chunked && codec->received == codec->head->content_length)
        codec->complete = true;
    return codec->head->is_chunked && !in_trailers ? count_extensions(codec, *used, piece->len) : 0;
}

const struct gri_header_field *gri_head_find(const struct gri_head *head, struct gri_str name)
{
    for (unsigned i = 0; i < head->n_fields; i++)
        if (gri_str_is_nocase(head->fields[i].name, name))
            return &head->fields[i];
    return NULL;
}
