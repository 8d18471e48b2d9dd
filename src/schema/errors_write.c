#include "base/ascii.h"
#include "schema/errors.h"
#include "schema/number.h"
#include "schema/text.h"

/* pydantic's texts. '%' is the limit, '$' a plural's s where it needs one, '#' the number of items, '&' the second
 * text, '*' the third. `limit`, `text` and `more` are what the ctx calls them. */
static const struct error_text {
    const char *type, *msg, *limit, *text, *more, *field_type;
    bool number; /* the limit is one, and be it written as a text */
} texts[] = {
    [GRI_MISSING] = {.type = "missing", .msg = "Field required"},
    [GRI_INT_PARSING] = {.type = "int_parsing",
                         .msg = "Input should be a valid integer, unable to parse string as an integer"},
    [GRI_INT_PARSING_SIZE] = {.type = "int_parsing_size",
                              .msg = "Unable to parse input string as an integer, exceeded maximum size"},
    [GRI_INT_TYPE] = {.type = "int_type", .msg = "Input should be a valid integer"},
    [GRI_INT_FROM_FLOAT] = {.type = "int_from_float",
                            .msg = "Input should be a valid integer, got a number with a fractional part"},
    [GRI_FLOAT_PARSING] = {.type = "float_parsing",
                           .msg = "Input should be a valid number, unable to parse string as a number"},
    [GRI_FLOAT_TYPE] = {.type = "float_type", .msg = "Input should be a valid number"},
    [GRI_FINITE_NUMBER] = {.type = "finite_number", .msg = "Input should be a finite number"},
    [GRI_DECIMAL_PARSING] = {.type = "decimal_parsing", .msg = "Input should be a valid decimal"},
    [GRI_DECIMAL_TYPE] = {.type = "decimal_type",
                          .msg = "Decimal input should be an integer, float, string or Decimal object"},
    [GRI_DECIMAL_MAX_DIGITS] = {.type = "decimal_max_digits",
                                .msg = "Decimal input should have no more than % digit$ in total",
                                .limit = "max_digits"},
    [GRI_DECIMAL_MAX_PLACES] = {.type = "decimal_max_places",
                                .msg = "Decimal input should have no more than % decimal place$",
                                .limit = "decimal_places"},
    [GRI_DECIMAL_WHOLE_DIGITS] = {.type = "decimal_whole_digits",
                                  .msg = "Decimal input should have no more than % digit$ before the decimal point",
                                  .limit = "whole_digits"},
    [GRI_BOOL_PARSING] = {.type = "bool_parsing", .msg = "Input should be a valid boolean, unable to interpret input"},
    [GRI_BOOL_TYPE] = {.type = "bool_type", .msg = "Input should be a valid boolean"},
    [GRI_STRING_TYPE] = {.type = "string_type", .msg = "Input should be a valid string"},
    [GRI_STRING_UNICODE] = {.type = "string_unicode",
                            .msg = "Input should be a valid string, unable to parse raw data as a unicode string"},
    [GRI_STRING_TOO_SHORT] = {.type = "string_too_short",
                              .msg = "String should have at least % character$",
                              .limit = "min_length"},
    [GRI_STRING_TOO_LONG] = {.type = "string_too_long",
                             .msg = "String should have at most % character$",
                             .limit = "max_length"},
    [GRI_STRING_PATTERN_MISMATCH] = {.type = "string_pattern_mismatch",
                                     .msg = "String should match pattern '%'",
                                     .limit = "pattern"},
    [GRI_STRING_PATTERN_LIMIT] = {.type = "string_pattern_limit",
                                  .msg = "String takes more steps to match pattern '%' than one request may take",
                                  .limit = "pattern"},
    [GRI_BYTES_TYPE] = {.type = "bytes_type", .msg = "Input should be a valid bytes"},
    [GRI_BYTES_TOO_SHORT] = {.type = "bytes_too_short",
                             .msg = "Data should have at least % byte$",
                             .limit = "min_length"},
    [GRI_BYTES_TOO_LONG] = {.type = "bytes_too_long", .msg = "Data should have at most % byte$", .limit = "max_length"},
    [GRI_BYTES_INVALID_ENCODING] = {.type = "bytes_invalid_encoding",
                                    .msg = "Data should be valid %: &",
                                    .limit = "encoding",
                                    .text = "encoding_error"},
    [GRI_GREATER_THAN] = {.type = "greater_than",
                          .msg = "Input should be greater than %",
                          .limit = "gt",
                          .number = true},
    [GRI_GREATER_THAN_EQUAL] = {.type = "greater_than_equal",
                                .msg = "Input should be greater than or equal to %",
                                .limit = "ge",
                                .number = true},
    [GRI_LESS_THAN] = {.type = "less_than", .msg = "Input should be less than %", .limit = "lt", .number = true},
    [GRI_LESS_THAN_EQUAL] = {.type = "less_than_equal",
                             .msg = "Input should be less than or equal to %",
                             .limit = "le",
                             .number = true},
    [GRI_MULTIPLE_OF] = {.type = "multiple_of",
                         .msg = "Input should be a multiple of %",
                         .limit = "multiple_of",
                         .number = true},
    [GRI_ENUM] = {.type = "enum", .msg = "Input should be %", .limit = "expected"},
    [GRI_LITERAL_ERROR] = {.type = "literal_error", .msg = "Input should be %", .limit = "expected"},
    [GRI_LIST_TYPE] = {.type = "list_type", .msg = "Input should be a valid list"},
    [GRI_SET_TYPE] = {.type = "set_type", .msg = "Input should be a valid set"},
    [GRI_TUPLE_TYPE] = {.type = "tuple_type", .msg = "Input should be a valid tuple"},
    [GRI_DICT_TYPE] = {.type = "dict_type", .msg = "Input should be a valid dictionary"},
    [GRI_LIST_TOO_SHORT] = {.type = "too_short",
                            .msg = "List should have at least % item$ after validation, not #",
                            .limit = "min_length",
                            .field_type = "List"},
    [GRI_LIST_TOO_LONG] = {.type = "too_long",
                           .msg = "List should have at most % item$ after validation, not #",
                           .limit = "max_length",
                           .field_type = "List"},
    [GRI_SET_TOO_SHORT] = {.type = "too_short",
                           .msg = "Set should have at least % item$ after validation, not #",
                           .limit = "min_length",
                           .field_type = "Set"},
    [GRI_SET_TOO_LONG] = {.type = "too_long",
                          .msg = "Set should have at most % item$ after validation, not #",
                          .limit = "max_length",
                          .field_type = "Set"},
    [GRI_TUPLE_TOO_LONG] = {.type = "too_long",
                            .msg = "Tuple should have at most % item$ after validation, not #",
                            .limit = "max_length",
                            .field_type = "Tuple"},
    [GRI_DICT_TOO_SHORT] = {.type = "too_short",
                            .msg = "Dictionary should have at least % item$ after validation, not #",
                            .limit = "min_length",
                            .field_type = "Dictionary"},
    [GRI_DICT_TOO_LONG] = {.type = "too_long",
                           .msg = "Dictionary should have at most % item$ after validation, not #",
                           .limit = "max_length",
                           .field_type = "Dictionary"},
    [GRI_MODEL_ATTRIBUTES_TYPE] = {.type = "model_attributes_type",
                                   .msg = "Input should be a valid dictionary or object to extract fields from"},
    [GRI_EXTRA_FORBIDDEN] = {.type = "extra_forbidden", .msg = "Extra inputs are not permitted"},
    [GRI_UNION_TAG_NOT_FOUND] = {.type = "union_tag_not_found",
                                 .msg = "Unable to extract tag using discriminator %",
                                 .limit = "discriminator"},
    [GRI_UNION_TAG_INVALID] = {.type = "union_tag_invalid",
                               .msg = "Input tag '&' found using % does not match any of the expected tags: *",
                               .limit = "discriminator",
                               .text = "tag",
                               .more = "expected_tags"},
    [GRI_UNION_TRIALS] = {.type = "union_trials",
                          .msg = "Input has more than 1000 lists and objects inside it that are unions"},
    [GRI_UNION_STEPS] = {.type = "union_trials",
                         .msg = "Input takes too many steps to tell which case of its unions it is: send less at once"},
    [GRI_UUID_PARSING] = {.type = "uuid_parsing", .msg = "Input should be a valid UUID, %", .limit = "error"},
    [GRI_UUID_TYPE] = {.type = "uuid_type", .msg = "UUID input should be a string, bytes or UUID object"},
    [GRI_DATE_PARSING] = {.type = "date_parsing",
                          .msg = "Input should be a valid date in the format YYYY-MM-DD, %",
                          .limit = "error"},
    [GRI_DATE_FROM_DATETIME_PARSING] = {.type = "date_from_datetime_parsing",
                                        .msg = "Input should be a valid date or datetime, %",
                                        .limit = "error"},
    [GRI_DATE_INEXACT] = {.type = "date_from_datetime_inexact",
                          .msg = "Datetimes provided to dates should have zero time - e.g. be exact dates"},
    [GRI_DATE_TYPE] = {.type = "date_type", .msg = "Input should be a valid date"},
    [GRI_DATETIME_PARSING] = {.type = "datetime_parsing",
                              .msg = "Input should be a valid datetime, %",
                              .limit = "error"},
    [GRI_DATETIME_FROM_DATE_PARSING] = {.type = "datetime_from_date_parsing",
                                        .msg = "Input should be a valid datetime or date, %",
                                        .limit = "error"},
    [GRI_DATETIME_TYPE] = {.type = "datetime_type", .msg = "Input should be a valid datetime"},
    [GRI_TIME_PARSING] = {.type = "time_parsing", .msg = "Input should be in a valid time format, %", .limit = "error"},
    [GRI_TIME_TYPE] = {.type = "time_type", .msg = "Input should be a valid time"},
    [GRI_DURATION_PARSING] = {.type = "time_delta_parsing",
                              .msg = "Input should be a valid timedelta, %",
                              .limit = "error"},
    [GRI_DURATION_TYPE] = {.type = "time_delta_type", .msg = "Input should be a valid timedelta"},
    [GRI_URL_PARSING] = {.type = "url_parsing", .msg = "Input should be a valid URL, %", .limit = "error"},
    [GRI_URL_SCHEME] = {.type = "url_scheme", .msg = "URL scheme should be %", .limit = "expected_schemes"},
    [GRI_URL_TYPE] = {.type = "url_type", .msg = "URL input should be a string or URL"},
    [GRI_EMAIL_VALUE] = {.type = "value_error", .msg = "value is not a valid email address: %", .limit = "reason"},
    [GRI_VALUE_ERROR] = {.type = "value_error", .msg = "Value error, %"},
    [GRI_JSON_INVALID] = {.type = "json_invalid", .msg = "JSON decode error", .limit = "error"},
};

const char *gri_error_type(const struct gri_error *error)
{
    return texts[error->kind].type;
}

/* The inside of a JSON string, whatever the bytes. */
static void error_put_escaped(struct gri_buf *buf, const char *text, size_t len)
{
    for (;;) {
        size_t n = gri_text_write(buf, text, len);
        text += n;
        len -= n;
        if (!len)
            return;
        for (; len && (*text & 0x80) && !gri_utf8_next(text, len); text++, len--)
            gri_buf_put(buf, "\xef\xbf\xbd", 3);
    }
}

static void put_quoted(struct gri_buf *buf, const char *text, size_t len)
{
    gri_buf_putc(buf, '"');
    error_put_escaped(buf, text, len);
    gri_buf_putc(buf, '"');
}

static void error_put_number(struct gri_buf *buf, const gr_constant *limit)
{
    if (limit->kind == GR_CONSTANT_UINT)
        gri_buf_put_u64(buf, limit->u);
    else if (limit->kind != GR_CONSTANT_DOUBLE)
        gri_buf_put_i64(buf, limit->i);
    else
        gri_double_write(buf, limit->d);
}

static void put_limit_in_text(struct gri_buf *buf, const gr_constant *limit)
{
    if (limit->kind == GR_CONSTANT_STRING)
        gri_buf_puts(buf, limit->s);
    else if (limit->kind == GR_CONSTANT_DOUBLE)
        gri_double_write_plain(buf, limit->d);
    else
        error_put_number(buf, limit);
}

static void put_part(const struct gri_error *error, struct gri_buf *buf, char c)
{
    if (c == '%')
        put_limit_in_text(buf, &error->limit);
    else if (c == '#' && error->actual == SIZE_MAX)
        gri_buf_puts(buf, "more");
    else if (c == '#')
        gri_buf_put_u64(buf, error->actual);
    else if (c == '&')
        gri_buf_puts(buf, error->text);
    else if (c == '*')
        gri_buf_puts(buf, error->more);
    else if (c != '$')
        gri_buf_putc(buf, c);
    else if (error->limit.u != 1)
        gri_buf_putc(buf, 's');
}

void gri_error_write_message(const struct gri_error *error, struct gri_buf *buf)
{
    for (const char *msg = texts[error->kind].msg; *msg; msg++)
        put_part(error, buf, *msg);
}

static void put_message(const struct gri_error *error, struct gri_buf *buf)
{
    struct gri_buf text;
    gri_buf_init(&text, buf->arena);
    gri_error_write_message(error, &text);
    put_quoted(buf, text.data ? text.data : "", text.len);
    buf->failed = buf->failed || text.failed;
    gri_buf_finish(&text);
}

/* JSON without the white space that stood between its parts. */
static void put_compact(struct gri_buf *buf, const char *json, size_t len)
{
    bool in_string = false;
    for (size_t i = 0; i < len; i++) {
        if (!in_string && strchr(" \t\r\n", json[i]))
            continue;
        if (in_string && json[i] == '\\')
            gri_buf_putc(buf, json[i++]);
        else if (json[i] == '"')
            in_string = !in_string;
        gri_buf_putc(buf, json[i]);
    }
}

bool gri_error_input_fits(const struct gri_error *error, size_t room)
{
    return error->form != GRI_INPUT_JSON || error->input_len <= room;
}

void gri_error_write_input(const struct gri_error *error, struct gri_buf *buf)
{
    if (error->form == GRI_INPUT_TEXT)
        put_quoted(buf, error->input, error->input_len);
    else if (error->form == GRI_INPUT_JSON)
        put_compact(buf, error->input, error->input_len);
    else
        gri_buf_puts(buf, error->form == GRI_INPUT_EMPTY ? "{}" : "null");
}

void gri_error_write_loc(const struct gri_error *error, struct gri_buf *buf)
{
    gri_buf_putc(buf, '[');
    for (unsigned i = 0; i < error->n_loc; i++) {
        if (i)
            gri_buf_putc(buf, ',');
        if (error->loc[i].name)
            put_quoted(buf, error->loc[i].name, error->loc[i].len);
        else
            gri_buf_put_u64(buf, error->loc[i].index);
    }
    gri_buf_putc(buf, ']');
}

static void error_put_name(struct gri_buf *buf, const char *name)
{
    if (!buf->failed && buf->data[buf->len - 1] != '{')
        gri_buf_putc(buf, ',');
    gri_buf_putc(buf, '"');
    gri_buf_puts(buf, name);
    gri_buf_puts(buf, "\":");
}

static void put_text_member(struct gri_buf *buf, const char *name, const char *text)
{
    error_put_name(buf, name);
    put_quoted(buf, text, strlen(text));
}

/* A decimal: what is whole as it stands. */
static void put_number_text(struct gri_buf *buf, const char *text)
{
    double value = 0;
    const char *digits = text + (*text == '-');
    if (gri_is_digit(*digits) && (*digits != '0' || !digits[1]) && !digits[strspn(digits, "0123456789")]) {
        gri_buf_puts(buf, text);
        return;
    }
    gri_double_read(text, strlen(text), &value);
    gri_double_write(buf, value);
}

static void put_limit_member(const struct gri_error *error, struct gri_buf *buf, const char *name)
{
    if (error->limit.kind == GR_CONSTANT_STRING && texts[error->kind].number) {
        error_put_name(buf, name);
        put_number_text(buf, error->limit.s);
        return;
    }
    if (error->limit.kind == GR_CONSTANT_STRING) {
        put_text_member(buf, name, error->limit.s);
        return;
    }
    error_put_name(buf, name);
    error_put_number(buf, &error->limit);
}

bool gri_error_write_context(const struct gri_error *error, struct gri_buf *buf)
{
    const struct error_text *text = &texts[error->kind];
    if (error->kind == GRI_VALUE_ERROR) {
        gri_buf_puts(buf, "{\"error\":{}}");
        return true;
    }
    if (!text->limit)
        return false;
    gri_buf_putc(buf, '{');
    if (text->field_type)
        put_text_member(buf, "field_type", text->field_type);
    put_limit_member(error, buf, text->limit);
    if (text->text)
        put_text_member(buf, text->text, error->text);
    if (text->more)
        put_text_member(buf, text->more, error->more);
    if (text->field_type) {
        error_put_name(buf, "actual_length");
        if (error->actual == SIZE_MAX)
            gri_buf_puts(buf, "null");
        else
            gri_buf_put_u64(buf, error->actual);
    }
    gri_buf_putc(buf, '}');
    return true;
}

static void put_error(const struct gri_error *error, struct gri_buf *buf, bool with_input)
{
    gri_buf_puts(buf, "{\"type\":\"");
    gri_buf_puts(buf, gri_error_type(error));
    gri_buf_puts(buf, "\",\"loc\":");
    gri_error_write_loc(error, buf);
    gri_buf_puts(buf, ",\"msg\":");
    put_message(error, buf);
    if (with_input) {
        gri_buf_puts(buf, ",\"input\":");
        gri_error_write_input(error, buf);
    }
    size_t len = buf->len;
    gri_buf_puts(buf, ",\"ctx\":");
    if (!gri_error_write_context(error, buf))
        buf->len = len;
    gri_buf_putc(buf, '}');
}

static size_t loc_bytes(const struct gri_error *error)
{
    size_t n = 0;
    for (unsigned i = 0; i < error->n_loc; i++)
        n += error->loc[i].name ? error->loc[i].len : 0;
    return n;
}

/* A part of a text may be that of many errors, and escapes only make it longer: what is too long is not written first
 * to be seen not to fit. */
static bool may_fit(const struct gri_error *error, size_t room)
{
    bool text_fits = error->form != GRI_INPUT_TEXT || error->input_len <= room;
    return text_fits && gri_error_input_fits(error, room);
}

/* An error that fits into what is left; without its input if need be. False: not even so. */
static bool put_if_it_fits(const struct gri_error *error, struct gri_buf *buf, size_t end)
{
    enum { ROOM = 256 }; /* for the last one, which counts those left out */
    size_t len = buf->len, room = end > len + ROOM ? end - len - ROOM : 0;
    if (loc_bytes(error) > room)
        return false;
    if (may_fit(error, room)) {
        put_error(error, buf, true);
        if (buf->len + ROOM <= end)
            return true;
        buf->len = len;
    }
    put_error(error, buf, false);
    if (buf->len + ROOM <= end)
        return true;
    buf->len = len;
    return false;
}

void gri_errors_write(const struct gri_errors *errors, struct gri_buf *buf)
{
    size_t written = 0, end = buf->len + GRI_ERRORS_BYTES;
    gri_buf_puts(buf, "{\"detail\":[");
    for (; written < gri_errors_kept(errors) && !buf->failed; written++) {
        size_t len = buf->len;
        if (written)
            gri_buf_putc(buf, ',');
        if (!put_if_it_fits(errors->kept[written], buf, end)) {
            buf->len = len;
            break;
        }
    }
    if (written < errors->count)
        gri_buf_printf(buf, "%s{\"type\":\"too_many_errors\",\"loc\":[],\"msg\":\"%zu more errors were left out\"}",
                       written ? "," : "", errors->count - written);
    gri_buf_puts(buf, "]}");
}
