#include "schema/errors.h"

#include "schema/number.h"
#include "schema/text.h"

struct gri_error_node {
    struct gri_error_node *next;
    struct gri_error error;
};

/* pydantic's texts. '%' is the limit, '$' a plural's s, where it needs one. */
static const struct text {
    const char *type, *msg, *limit;
} texts[] = {
    [GRI_MISSING] = {"missing", "Field required", NULL},
    [GRI_INT_PARSING] = {"int_parsing", "Input should be a valid integer, unable to parse string as an integer", NULL},
    [GRI_INT_PARSING_SIZE] = {"int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size",
                              NULL},
    [GRI_FLOAT_PARSING] = {"float_parsing", "Input should be a valid number, unable to parse string as a number", NULL},
    [GRI_FINITE_NUMBER] = {"finite_number", "Input should be a finite number", NULL},
    [GRI_BOOL_PARSING] = {"bool_parsing", "Input should be a valid boolean, unable to interpret input", NULL},
    [GRI_STRING_UNICODE] = {"string_unicode",
                            "Input should be a valid string, unable to parse raw data as a unicode string", NULL},
    [GRI_STRING_TOO_SHORT] = {"string_too_short", "String should have at least % character$", "min_length"},
    [GRI_STRING_TOO_LONG] = {"string_too_long", "String should have at most % character$", "max_length"},
    [GRI_GREATER_THAN] = {"greater_than", "Input should be greater than %", "gt"},
    [GRI_GREATER_THAN_EQUAL] = {"greater_than_equal", "Input should be greater than or equal to %", "ge"},
    [GRI_LESS_THAN] = {"less_than", "Input should be less than %", "lt"},
    [GRI_LESS_THAN_EQUAL] = {"less_than_equal", "Input should be less than or equal to %", "le"},
    [GRI_JSON_INVALID] = {"json_invalid", "JSON decode error", "error"},
};

void gri_errors_init(struct gri_errors *errors, struct gri_arena *arena)
{
    *errors = (struct gri_errors){.arena = arena};
    errors->end = &errors->first;
}

int gri_errors_add(struct gri_errors *errors, const struct gri_error *error)
{
    if (errors->count++ >= GRI_ERRORS_KEPT)
        return 0;
    struct gri_error_node *node = gri_arena_alloc(errors->arena, sizeof *node);
    if (!node)
        return GR_ENOMEM;
    *node = (struct gri_error_node){NULL, *error};
    *errors->end = node;
    errors->end = &node->next;
    return 0;
}

int gri_errors_missing(struct gri_errors *errors, const char *source, const char *name)
{
    return gri_errors_add(errors, &(struct gri_error){.kind = GRI_MISSING, .source = source, .name = name});
}

int gri_errors_json_invalid(struct gri_errors *errors, const struct gri_json_error *error)
{
    struct gri_error own = {.kind = GRI_JSON_INVALID, .source = "body", .position = error->character};
    own.limit = (gr_constant){.kind = GR_CONSTANT_STRING, .s = error->text};
    return gri_errors_add(errors, &own);
}

static void put_limit(struct gri_buf *buf, const gr_constant *limit, bool in_text)
{
    if (limit->kind == GR_CONSTANT_STRING)
        gri_text_quote(buf, limit->s, strlen(limit->s));
    else if (limit->kind == GR_CONSTANT_UINT)
        gri_buf_put_u64(buf, limit->u);
    else if (limit->kind != GR_CONSTANT_DOUBLE)
        gri_buf_put_i64(buf, limit->i);
    else if (in_text)
        gri_double_write_plain(buf, limit->d);
    else
        gri_double_write(buf, limit->d);
}

static void put_message(struct gri_buf *buf, const char *msg, const gr_constant *limit)
{
    for (; *msg; msg++) {
        if (*msg == '%')
            put_limit(buf, limit, true);
        else if (*msg != '$')
            gri_buf_putc(buf, *msg);
        else if (limit->u != 1)
            gri_buf_putc(buf, 's');
    }
}

static void put_input(struct gri_buf *buf, const struct gri_error *error)
{
    const char *text = error->input;
    size_t len = error->input_len;
    if (!text) {
        gri_buf_puts(buf, error->kind == GRI_JSON_INVALID ? "{}" : "null");
        return;
    }
    gri_buf_putc(buf, '"');
    for (;;) {
        size_t n = gri_text_write(buf, text, len);
        text += n;
        len -= n;
        if (!len)
            break;
        gri_buf_puts(buf, "\xef\xbf\xbd");
        text++;
        len--;
    }
    gri_buf_putc(buf, '"');
}

static void put_loc(struct gri_buf *buf, const struct gri_error *error)
{
    gri_text_quote(buf, error->source, strlen(error->source));
    if (error->name) {
        gri_buf_putc(buf, ',');
        gri_text_quote(buf, error->name, strlen(error->name));
    }
    if (error->kind == GRI_JSON_INVALID) {
        gri_buf_putc(buf, ',');
        gri_buf_put_u64(buf, error->position);
    }
}

static void put_error(struct gri_buf *buf, const struct gri_error *error)
{
    const struct text *text = &texts[error->kind];
    gri_buf_puts(buf, "{\"type\":\"");
    gri_buf_puts(buf, text->type);
    gri_buf_puts(buf, "\",\"loc\":[");
    put_loc(buf, error);
    gri_buf_puts(buf, "],\"msg\":\"");
    put_message(buf, text->msg, &error->limit);
    gri_buf_puts(buf, "\",\"input\":");
    put_input(buf, error);
    if (text->limit) {
        gri_buf_puts(buf, ",\"ctx\":{\"");
        gri_buf_puts(buf, text->limit);
        gri_buf_puts(buf, "\":");
        put_limit(buf, &error->limit, false);
        gri_buf_putc(buf, '}');
    }
    gri_buf_putc(buf, '}');
}

void gri_errors_write(const struct gri_errors *errors, struct gri_buf *buf)
{
    gri_buf_puts(buf, "{\"detail\":[");
    for (const struct gri_error_node *node = errors->first; node; node = node->next) {
        if (node != errors->first)
            gri_buf_putc(buf, ',');
        put_error(buf, &node->error);
    }
    gri_buf_puts(buf, "]}");
}
