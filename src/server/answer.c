#include "server/answer.h"

#include <griddle/json.h>
#include <llhttp.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "http/response.h"

struct gr_answer {
    llhttp_t parser;
    struct gri_arena arena;
    int status;
    struct gri_header_line *headers, **last;
    struct gri_buf name, value, body;
    const char *target;
    json_t *json;
    size_t len; /* bytes that were read */
    bool to_head, complete, failed;
};

/* --- from what was received --- */

static gr_answer *answer_of(llhttp_t *parser)
{
    return parser->data;
}

static int on_status_complete(llhttp_t *parser)
{
    answer_of(parser)->status = parser->status_code;
    return 0;
}

static int on_name(llhttp_t *parser, const char *at, size_t n)
{
    gri_buf_put(&answer_of(parser)->name, at, n);
    return answer_of(parser)->name.failed ? HPE_USER : 0;
}

static int on_testing_value(llhttp_t *parser, const char *at, size_t n)
{
    gri_buf_put(&answer_of(parser)->value, at, n);
    return answer_of(parser)->value.failed ? HPE_USER : 0;
}

static int on_field_complete(llhttp_t *parser)
{
    gr_answer *answer = answer_of(parser);
    if (answer->name.failed || answer->value.failed)
        return HPE_USER;
    struct gri_header_line *line = gri_arena_alloc(&answer->arena, sizeof *line);
    const char *name = gri_arena_strndup(&answer->arena, answer->name.data, answer->name.len);
    const char *value =
        gri_arena_strndup(&answer->arena, answer->value.len ? answer->value.data : "", answer->value.len);
    if (!line || !name || !value)
        return HPE_USER;
    *line = (struct gri_header_line){NULL, {name, answer->name.len}, {value, answer->value.len}};
    *answer->last = line;
    answer->last = &line->next;
    answer->name.len = answer->value.len = 0;
    return 0;
}

static int on_testing_headers_complete(llhttp_t *parser)
{
    return answer_of(parser)->to_head;
}

static int on_testing_body(llhttp_t *parser, const char *at, size_t n)
{
    gri_buf_put(&answer_of(parser)->body, at, n);
    return 0;
}

static int on_testing_message_complete(llhttp_t *parser)
{
    answer_of(parser)->complete = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t answer_settings = {
    .on_status_complete = on_status_complete,
    .on_header_field = on_name,
    .on_header_value = on_testing_value,
    .on_header_value_complete = on_field_complete,
    .on_headers_complete = on_testing_headers_complete,
    .on_body = on_testing_body,
    .on_message_complete = on_testing_message_complete,
};

gr_answer *gri_answer_create(bool to_head)
{
    gr_answer *answer = calloc(1, sizeof *answer);
    if (!answer)
        return NULL;
    answer->last = &answer->headers;
    answer->to_head = to_head;
    llhttp_init(&answer->parser, HTTP_RESPONSE, &answer_settings);
    answer->parser.data = answer;
    return answer;
}

/* What follows belongs to the next one. A body without a length goes up to the end (RFC 9112 section 6.3). */
static void read_new(gr_answer *answer, const char *data, size_t len, bool at_end)
{
    const char *new = data + answer->len;
    llhttp_errno_t code = len > answer->len ? llhttp_execute(&answer->parser, new, len - answer->len) : HPE_OK;
    answer->len = code == HPE_PAUSED ? (size_t)(llhttp_get_error_pos(&answer->parser) - data) : len;
    if (code == HPE_OK && at_end)
        code = llhttp_finish(&answer->parser);
    answer->failed = code != HPE_OK && !answer->complete;
}

enum gri_answer_state gri_answer_read(gr_answer *answer, const char *data, size_t len, bool at_end)
{
    read_new(answer, data, len, at_end);
    if (answer->complete)
        gri_buf_putc(&answer->body, '\0');
    if (answer->failed || answer->body.failed)
        return GRI_ANSWER_FAILED;
    return answer->complete ? GRI_ANSWER_COMPLETE : at_end ? GRI_ANSWER_FAILED : GRI_ANSWER_MORE;
}

size_t gri_answer_length(const gr_answer *answer)
{
    return answer->len;
}

void gr_answer_free(gr_answer *answer)
{
    if (!answer)
        return;
    json_decref(answer->json);
    gri_buf_finish(&answer->name);
    gri_buf_finish(&answer->value);
    gri_buf_finish(&answer->body);
    gri_arena_finish(&answer->arena);
    free(answer);
}

const struct gri_header_line *gri_answer_headers(const gr_answer *answer)
{
    return answer->headers;
}

bool gri_answer_set_target(gr_answer *answer, const char *target)
{
    answer->target = gri_arena_strndup(&answer->arena, target, strlen(target));
    return answer->target != NULL;
}

/* --- for the caller --- */

const char *gr_answer_target(const gr_answer *answer)
{
    return answer->target ? answer->target : "";
}

int gr_answer_status(const gr_answer *answer)
{
    return answer->status;
}

const char *gr_answer_header(const gr_answer *answer, const char *name)
{
    for (const struct gri_header_line *line = answer->headers; line; line = line->next)
        if (gri_str_is_nocase(line->name, gri_str_from(name)))
            return line->value.at;
    return NULL;
}

const char *gr_answer_body(const gr_answer *answer, size_t *len)
{
    if (len)
        *len = answer->body.len - 1;
    return answer->body.data;
}

json_t *gr_answer_json(gr_answer *answer)
{
    if (!answer->json)
        (void)!gr_json_read(answer->body.data, answer->body.len - 1, &answer->json); /* NULL says all */
    return answer->json;
}
