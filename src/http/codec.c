#include "http/codec.h"
#include "base/cold.h"

#include "http/head_checks.h"

static struct gri_codec *codec_of(llhttp_t *parser)
{
    return parser->data;
}

static GRI_COLD int codec_stop(struct gri_codec *codec, uint16_t status)
{
    codec->status = status;
    return HPE_USER;
}

/* Fields after the body would be read as if they framed it (RFC 9110 section 6.5.1). */
static bool is_forbidden_trailer(struct gri_str name)
{
    return gri_str_is_nocase(name, GRI_STR("Content-Length")) ||
           gri_str_is_nocase(name, GRI_STR("Transfer-Encoding")) || gri_str_is_nocase(name, GRI_STR("Host"));
}

/* A name may come in pieces; one longer than the buffer is none of the forbidden ones. */
static int on_trailer(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_codec *codec = codec_of(parser);
    for (size_t i = 0; i < len && codec->trailer_name_len < sizeof codec->trailer_name; i++)
        codec->trailer_name[codec->trailer_name_len++] = at[i];
    return 0;
}

static int on_trailer_complete(llhttp_t *parser)
{
    struct gri_codec *codec = codec_of(parser);
    struct gri_str name = {codec->trailer_name, codec->trailer_name_len};
    codec->trailer_name_len = 0;
    return is_forbidden_trailer(name) ? codec_stop(codec, 400) : 0;
}

static int on_codec_body(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_codec *codec = codec_of(parser);
    if (len > codec->body_limit - codec->received)
        return codec_stop(codec, 413);
    codec->received += len;
    codec->piece = (struct gri_str){at, len};
    return HPE_PAUSED; /* one piece at a time */
}

/* The announced size is enough to refuse a chunk: its bytes are not waited for. */
static int on_chunk_header(llhttp_t *parser)
{
    struct gri_codec *codec = codec_of(parser);
    return parser->content_length > codec->body_limit - codec->received ? codec_stop(codec, 413) : 0;
}

static int on_codec_message_complete(llhttp_t *parser)
{
    codec_of(parser)->complete = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t body_settings = {
    .on_header_field = on_trailer,
    .on_header_field_complete = on_trailer_complete,
    .on_body = on_codec_body,
    .on_chunk_header = on_chunk_header,
    .on_message_complete = on_codec_message_complete,
};

static int on_url(llhttp_t *parser, const char *at, size_t len)
{
    codec_of(parser)->head->target = (struct gri_str){at, len};
    return 0;
}

static int on_field(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_head *head = codec_of(parser)->head;
    head->fields[head->n_fields++].name = (struct gri_str){at, len};
    return 0;
}

static int on_codec_value(llhttp_t *parser, const char *at, size_t len)
{
    struct gri_head *head = codec_of(parser)->head;
    head->fields[head->n_fields - 1].value = gri_str_trim((struct gri_str){at, len});
    return 0;
}

static int on_codec_headers_complete(llhttp_t *parser)
{
    struct gri_codec *codec = codec_of(parser);
    struct gri_head *head = codec->head;
    head->minor = parser->http_minor;
    head->is_chunked = parser->flags & F_CHUNKED;
    head->has_length = parser->flags & F_CONTENT_LENGTH;
    head->content_length = head->has_length ? parser->content_length : 0;
    parser->settings = (void *)(uintptr_t)&body_settings;
    return 0;
}

static const llhttp_settings_t head_settings = {
    .on_url = on_url,
    .on_header_field = on_field,
    .on_header_value = on_codec_value,
    .on_headers_complete = on_codec_headers_complete,
    .on_message_complete = on_codec_message_complete,
};

static void codec_init(struct gri_codec *codec, struct gri_head *head, const gr_limits *limits)
{
    llhttp_init(&codec->parser, HTTP_REQUEST, &head_settings);
    codec->parser.data = codec;
    codec->head = head;
    codec->limits = limits;
    codec->body_limit = UINT64_MAX;
    codec->received = 0;
    codec->extension_bytes = codec->trailer_bytes = 0;
    codec->framing = (struct gri_framing){0};
    codec->status = 0;
    codec->trailer_name_len = 0;
    codec->complete = false;
}

/* llhttp knows the methods of the registry; a token that is none of them is well-formed, and answered 501. */
static GRI_COLD int refused_head(const struct gri_codec *codec, llhttp_errno_t code, struct gri_str method)
{
    if (codec->status)
        return codec->status;
    return code == HPE_INVALID_METHOD && gri_is_token(method) ? 501 : 400;
}

int gri_codec_head(struct gri_codec *codec, struct gri_head *head, const char *bytes, size_t len,
                   struct gri_header_field *fields, const gr_limits *limits)
{
    struct gri_str rest, line = {bytes, len};
    head->fields = fields;
    head->n_fields = 0;
    codec_init(codec, head, limits);
    llhttp_errno_t code = llhttp_execute(&codec->parser, bytes, len);
    if (code == HPE_PAUSED_UPGRADE) /* an upgrade that we do not take is a request like any other (RFC 9110 7.8) */
        code = HPE_OK;
    if (code != HPE_OK && !(code == HPE_PAUSED && codec->complete))
        return refused_head(codec, code, gri_str_cut_soon(line, ' ', &rest));
    if (code == HPE_PAUSED)
        llhttp_resume(&codec->parser);
    head->method = (struct gri_str){bytes, (size_t)(head->target.at - bytes) - 1}; /* the guard saw to one space */
    return gri_head_check(head);
}

/* A line "size [extensions]" before a chunk, or the empty one behind it. */
static bool passes_size_line(struct gri_codec *codec, char c)
{
    enum { MOST_DIGITS = 16 };
    struct gri_framing *framing = &codec->framing;
    framing->in_ext |= c == ';';
    if (framing->in_ext)
        return ++codec->extension_bytes <= codec->limits->extension_bytes;
    framing->has_size |= c != '0';
    return ++framing->digits <= MOST_DIGITS;
}

/* What starts with white space would be folded into the line before. */
static bool passes_trailer(struct gri_codec *codec, char c)
{
    bool starts = codec->framing.line_len++ == 0;
    return !(starts && (c == ' ' || c == '\t' || c == ':')) && ++codec->trailer_bytes <= codec->limits->trailer_bytes;
}

static void end_framing_line(struct gri_framing *framing)
{
    bool is_last_chunk = framing->digits && !framing->has_size;
    *framing = (struct gri_framing){.in_trailers = framing->in_trailers || is_last_chunk};
}

/* llhttp is as loose with the framing of a chunked body as with a head, and has no callback for chunk extensions: what
 * the head guard does for a head is done here. */
static bool passes_framing(struct gri_codec *codec, const char *at, const char *end)
{
    struct gri_framing *framing = &codec->framing;
    for (; at < end; at++) {
        if ((*at == '\n') != framing->after_cr)
            return false;
        framing->after_cr = *at == '\r';
        if (*at == '\n')
            end_framing_line(framing);
        else if (*at != '\r' && !(framing->in_trailers ? passes_trailer(codec, *at) : passes_size_line(codec, *at)))
            return false;
    }
    return true;
}

/* Around the piece of data that was found in in[0 .. used). */
static int codec_check_framing(struct gri_codec *codec, const char *in, size_t used)
{
    struct gri_str piece = codec->piece;
    if (!codec->head->is_chunked)
        return 0;
    if (passes_framing(codec, in, piece.at) && passes_framing(codec, piece.at + piece.len, in + used))
        return 0;
    codec->complete = false;
    return 400;
}

int gri_codec_body(struct gri_codec *codec, const char *in, size_t len, size_t *used, struct gri_str *piece)
{
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
    return codec_check_framing(codec, in, *used);
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
