/* Dates, times, durations and UUIDs, as pydantic 2.13 answered for the same texts. */
#include "corpus.h"
#include "schema/formats.h"

static struct gri_arena arena;

/* What was read, written; or why not: "" where only the kind of the error says it. */
struct answer {
    bool read;
    char text[128];
};

static void put(struct answer *a, const struct gri_buf *buf)
{
    snprintf(a->text, sizeof a->text, "%.*s", (int)buf->len, buf->data);
}

static bool read_as(const char *type, json_t *number, const char *text, size_t len, struct gri_buf *buf,
                    const char **why)
{
    gr_date date;
    gr_datetime datetime;
    gr_time time;
    gr_duration duration;
    gr_uuid uuid;
    bool inexact = false, ok;
    double n = json_number_value(number);
    if (strcmp(type, "date") == 0) {
        ok = gri_date_read(text, len, &date, why, &inexact);
        *why = inexact ? "" : *why;
        return ok && gri_date_write(buf, &date);
    }
    if (strcmp(type, "datetime") == 0)
        return gri_datetime_read(text, len, &datetime, why) && gri_datetime_write(buf, &datetime);
    if (strcmp(type, "time") == 0) {
        ok = number ? gri_time_read_number(n, &time, why) : gri_time_read(text, len, &time, why);
        return ok && gri_time_write(buf, &time);
    }
    if (strcmp(type, "duration") == 0) {
        ok = number ? gri_duration_read_number(n, &duration, why) : gri_duration_read(text, len, &duration, why);
        return ok && (gri_duration_write(buf, &duration), true);
    }
    if (!gri_uuid_read(text, len, &uuid, &arena, why))
        return false;
    gri_uuid_write(buf, &uuid);
    return true;
}

static struct answer answer_to(json_t *line)
{
    struct answer a = {.read = false};
    struct gri_buf buf;
    const char *why = NULL;
    json_t *number = json_object_get(line, "number");
    char *text =
        number ? json_dumps(number, JSON_ENCODE_ANY) : strdup(json_string_value(json_object_get(line, "text")));
    gri_buf_init(&buf, NULL);
    a.read = read_as(json_string_value(json_object_get(line, "type")), number, text, strlen(text), &buf, &why);
    if (a.read)
        put(&a, &buf);
    else
        snprintf(a.text, sizeof a.text, "%s", why ? why : "(no reason)");
    gri_buf_finish(&buf);
    free(text);
    return a;
}

static void replay(const char *line, int number)
{
    json_t *wanted = corpus_json(line);
    const char *value = json_string_value(json_object_get(wanted, "value"));
    const char *why = json_string_value(json_object_get(wanted, "why"));
    gri_arena_init(&arena, NULL, 0);
    struct answer a = answer_to(wanted);
    ck_assert_msg(a.read == (value != NULL) && strcmp(a.text, value ? value
                                                              : why ? why
                                                                    : "") == 0,
                  "line %d: wanted %sgot %s", number, line, a.text);
    gri_arena_finish(&arena);
    json_decref(wanted);
}

START_TEST(texts_and_numbers_are_read_as_pydantic_reads_them)
{
    corpus_each_line("temporal.jsonl", replay);
}
END_TEST

START_TEST(what_is_no_date_or_time_is_not_written)
{
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    ck_assert(!gri_date_write(&buf, &(gr_date){0, 0, 0}));
    ck_assert(!gri_date_write(&buf, &(gr_date){2020, 13, 1}));
    ck_assert(!gri_time_write(&buf, &(gr_time){.hour = 24}));
    ck_assert(!gri_time_write(&buf, &(gr_time){.microsecond = 1000000}));
    ck_assert(!gri_time_write(&buf, &(gr_time){.has_offset = true, .offset_s = 86400}));
    ck_assert(!gri_datetime_write(&buf, &(gr_datetime){{2020, 1, 1}, {.minute = 60}}));
    ck_assert_uint_eq(buf.len, 0);
    gri_buf_finish(&buf);
}
END_TEST

int main(void)
{
    return run_tests(
        "temporal",
        (test_list){texts_and_numbers_are_read_as_pydantic_reads_them, what_is_no_date_or_time_is_not_written, NULL},
        20);
}
