#include "schema/json.h"
#include "schema/number.h"
#include "schema/text.h"

void gri_json_write_begin(struct gri_json_writer *writer, json_t *value)
{
    writer->indent = 0;
    writer->value = value;
    writer->text = NULL;
    writer->depth = 0;
}

static void begin_text(struct gri_json_writer *w, struct gri_buf *buf, const char *text, size_t len, bool is_key)
{
    gri_buf_putc(buf, '"');
    w->text = text;
    w->text_len = len;
    w->text_is_key = is_key;
}

static int begin_container(struct gri_json_writer *w, struct gri_buf *buf, json_t *value)
{
    if (w->depth == GRI_JSON_DEPTH)
        return GR_EMSGSIZE;
    gri_buf_putc(buf, json_is_object(value) ? '{' : '[');
    w->frames[w->depth++] = (struct gri_json_frame){value, json_object_iter(value), 0};
    return 0;
}

static int begin_value(struct gri_json_writer *w, struct gri_buf *buf)
{
    json_t *value = w->value;
    w->value = NULL;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return begin_container(w, buf, value);
    case JSON_STRING:
        begin_text(w, buf, json_string_value(value), json_string_length(value), false);
        return 0;
    case JSON_INTEGER:
        gri_buf_put_i64(buf, json_integer_value(value));
        return 0;
    case JSON_REAL:
        return gri_double_write(buf, json_real_value(value)) ? 0 : GR_EINVAL;
    default:
        gri_buf_puts(buf, json_is_null(value) ? "null" : json_is_true(value) ? "true" : "false");
        return 0;
    }
}

/* A piece ends where a character does, so that the next one begins with one. */
static size_t piece_len(const struct gri_json_writer *w, size_t max)
{
    if (w->text_len <= max)
        return w->text_len;
    size_t len = max < 8 ? 8 : max;
    if (w->text_len <= len)
        return w->text_len;
    for (int back = 0; back < 3 && (w->text[len] & 0xc0) == 0x80; back++)
        len--;
    return len;
}

static int continue_text(struct gri_json_writer *w, struct gri_buf *buf, size_t max)
{
    size_t len = piece_len(w, max);
    if (gri_text_write(buf, w->text, len) < len)
        return GR_EINVAL;
    w->text += len;
    w->text_len -= len;
    if (w->text_len)
        return 0;
    w->text = NULL;
    gri_buf_putc(buf, '"');
    if (w->text_is_key)
        gri_buf_put(buf, ": ", w->indent ? 2 : 1);
    return 0;
}

/* Between a container's values, and at its ends. */
static void break_line(const struct gri_json_writer *w, struct gri_buf *buf)
{
    static const char spaces[] = "                ";
    if (!w->indent)
        return;
    gri_buf_putc(buf, '\n');
    for (size_t left = w->indent * (size_t)w->depth, n; left; left -= n) {
        n = left < sizeof spaces - 1 ? left : sizeof spaces - 1;
        gri_buf_put(buf, spaces, n);
    }
}

static void end_of_container(struct gri_json_writer *w, struct gri_buf *buf, bool empty, char c)
{
    w->depth--;
    if (!empty)
        break_line(w, buf);
    gri_buf_putc(buf, c);
}

static void json_next_member(struct gri_json_writer *w, struct gri_buf *buf, struct gri_json_frame *frame)
{
    if (!frame->iter) {
        end_of_container(w, buf, frame->index == 0, '}');
        return;
    }
    if (frame->index++)
        gri_buf_putc(buf, ',');
    break_line(w, buf);
    begin_text(w, buf, json_object_iter_key(frame->iter), json_object_iter_key_len(frame->iter), true);
    w->value = json_object_iter_value(frame->iter);
    frame->iter = json_object_iter_next(frame->value, frame->iter);
}

static void next_item(struct gri_json_writer *w, struct gri_buf *buf, struct gri_json_frame *frame)
{
    if (frame->index == json_array_size(frame->value)) {
        end_of_container(w, buf, frame->index == 0, ']');
        return;
    }
    if (frame->index)
        gri_buf_putc(buf, ',');
    break_line(w, buf);
    w->value = json_array_get(frame->value, frame->index++);
}

static int step(struct gri_json_writer *w, struct gri_buf *buf, size_t max)
{
    if (w->text)
        return continue_text(w, buf, max);
    if (w->value)
        return begin_value(w, buf);
    struct gri_json_frame *frame = &w->frames[w->depth - 1];
    if (json_is_object(frame->value))
        json_next_member(w, buf, frame);
    else
        next_item(w, buf, frame);
    return 0;
}

int gri_json_write(struct gri_json_writer *writer, struct gri_buf *buf, size_t max_bytes)
{
    size_t end = max_bytes > SIZE_MAX - buf->len ? SIZE_MAX : buf->len + max_bytes;
    while (writer->text || writer->value || writer->depth) {
        if (buf->len >= end)
            return 1;
        int rc = step(writer, buf, end - buf->len);
        if (rc < 0)
            return rc;
        if (buf->failed)
            return GR_ENOMEM;
    }
    return buf->failed ? GR_ENOMEM : 0;
}

int gri_json_write_all(json_t *value, struct gri_buf *buf)
{
    struct gri_json_writer writer;
    gri_json_write_begin(&writer, value);
    return gri_json_write(&writer, buf, SIZE_MAX);
}

const char *gri_json_write_fault(int rc)
{
    switch (rc) {
    case GR_EMSGSIZE:
        return "the value is more than 64 levels deep";
    case GR_ENOMEM:
        return "out of memory";
    default:
        return "the value cannot be sent as JSON: a string or a key in it is not UTF-8, or a number is NaN or infinite";
    }
}

const char gri_json_null_fault[] =
    "json_pack() and its like give NULL for a string argument that is NULL (\"s?\" takes one), a string that is not "
    "UTF-8, a number that is NaN or infinite, and arguments that do not fit the format; json_pack_ex() says which it "
    "was";
