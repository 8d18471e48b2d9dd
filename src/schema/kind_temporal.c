#include "schema/calendar.h"
#include "schema/formats.h"
#include "schema/kind.h"
#include "schema/number.h"
#include "schema/openapi_value.h"

static double number_of(const struct gri_value *v)
{
    double number = 0;
    gri_double_read(v->at, v->len, &number);
    return number;
}

/* A unix time is digits, as text exact at any size; a JSON number may have an exponent, which no text has. */
static bool has_exponent(const struct gri_value *v)
{
    return v->kind == GRI_JSON_NUMBER && (memchr(v->at, 'e', v->len) || memchr(v->at, 'E', v->len));
}

static bool is_text_or_number(const struct gri_value *v)
{
    return v->kind == GRI_JSON_STRING || v->kind == GRI_JSON_NUMBER;
}

/* What a writer wrote between the quotes. */
static const char *end_written(struct gri_buf *buf, bool written)
{
    gri_buf_putc(buf, '"');
    return written ? NULL : "no such date or time";
}

/* --- dates --- */

/* A text that is a day and nothing else, of a year that is none. */
static bool is_day_of_no_year(const struct gri_value *v, const char *why)
{
    return why == gri_no_such_year && v->kind == GRI_JSON_STRING && v->len == strlen("0000-01-01");
}

static int refuse_date(const struct gri_reading *r, const char *why)
{
    return gri_refuse_as(r, is_day_of_no_year(r->value, why) ? GRI_DATE_PARSING : GRI_DATE_FROM_DATETIME_PARSING, why);
}

static int read_date(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    gr_date date;
    const char *why = NULL;
    bool inexact = false;
    if (!is_text_or_number(v))
        return gri_refuse_type(r);
    bool ok = has_exponent(v) ? gri_date_read_number(number_of(v), &date, &why, &inexact)
                              : gri_date_read(v->at, v->len, &date, &why, &inexact);
    if (!ok)
        return inexact ? gri_refuse(r, GRI_DATE_INEXACT) : refuse_date(r, why);
    memcpy(r->to, &date, sizeof date);
    return 0;
}

static const char *write_date(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    (void)m;
    gri_buf_putc(buf, '"');
    return end_written(buf, gri_date_write(buf, (const gr_date *)(const void *)at));
}

static json_t *document_date(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)f;
    (void)view;
    return gri_doc_formatted(doc, "date");
}

/* --- datetimes --- */

/* What is no datetime may be a date; a number, or a datetime of the year 0, cannot. */
static int refuse_datetime(const struct gri_reading *r, const char *why)
{
    bool date = r->value->kind == GRI_JSON_STRING && (why != gri_no_such_year || is_day_of_no_year(r->value, why));
    return gri_refuse_as(r, date ? GRI_DATETIME_FROM_DATE_PARSING : GRI_DATETIME_PARSING, why);
}

static int kind_read_datetime(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    gr_datetime datetime;
    const char *why = NULL;
    if (!is_text_or_number(v))
        return gri_refuse_type(r);
    bool ok = has_exponent(v) ? gri_datetime_read_number(number_of(v), &datetime, &why)
                              : gri_datetime_read(v->at, v->len, &datetime, &why);
    if (!ok)
        return refuse_datetime(r, why);
    memcpy(r->to, &datetime, sizeof datetime);
    return 0;
}

static const char *write_datetime(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    (void)m;
    gri_buf_putc(buf, '"');
    return end_written(buf, gri_datetime_write(buf, (const gr_datetime *)(const void *)at));
}

static json_t *document_datetime(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)f;
    (void)view;
    return gri_doc_formatted(doc, "date-time");
}

/* --- times --- */

static int kind_read_time(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    gr_time time;
    const char *why = NULL;
    if (!is_text_or_number(v))
        return gri_refuse_type(r);
    bool ok = v->kind == GRI_JSON_STRING ? gri_time_read(v->at, v->len, &time, &why)
                                         : gri_time_read_number(number_of(v), &time, &why);
    if (!ok)
        return gri_refuse_as(r, GRI_TIME_PARSING, why);
    memcpy(r->to, &time, sizeof time);
    return 0;
}

static const char *write_time(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    (void)m;
    gri_buf_putc(buf, '"');
    return end_written(buf, gri_time_write(buf, (const gr_time *)(const void *)at));
}

static json_t *document_time(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)f;
    (void)view;
    return gri_doc_formatted(doc, "time");
}

/* --- durations --- */

static int store_duration(const struct gri_reading *r, gr_duration duration)
{
    memcpy(r->to, &duration, sizeof duration);
    return 0;
}

/* true and false are numbers to Python. */
static int read_duration(const struct gri_reading *r)
{
    const struct gri_value *v = r->value;
    gr_duration duration;
    const char *why = NULL;
    if (v->kind == GRI_JSON_TRUE || v->kind == GRI_JSON_FALSE)
        return store_duration(r, (gr_duration){v->kind == GRI_JSON_TRUE ? GRI_SECOND_US : 0});
    if (!is_text_or_number(v))
        return gri_refuse_type(r);
    bool ok = v->kind == GRI_JSON_STRING ? gri_duration_read(v->at, v->len, &duration, &why)
                                         : gri_duration_read_number(number_of(v), &duration, &why);
    if (!ok)
        return gri_refuse_as(r, GRI_DURATION_PARSING, why);
    return store_duration(r, duration);
}

static const char *write_duration(struct gri_buf *buf, const struct gri_member *m, const char *at)
{
    (void)m;
    gri_buf_putc(buf, '"');
    gri_duration_write(buf, (const gr_duration *)(const void *)at);
    return end_written(buf, true);
}

static json_t *document_duration(struct gri_doc *doc, const gr_field *f, unsigned view)
{
    (void)f;
    (void)view;
    return gri_doc_formatted(doc, "duration");
}

/* --- equal ones --- */

/* As in Python, those with an offset are compared where it is 0; and never equal one without. */
static int compare_us(int64_t a, int64_t b, const gr_time *s, const gr_time *t)
{
    if (s->has_offset != t->has_offset)
        return s->has_offset ? 1 : -1;
    return (a > b) - (a < b);
}

static int64_t us_of_time(const gr_time *t)
{
    return gri_us_of_time(t) - (t->has_offset ? t->offset_s * GRI_SECOND_US : 0);
}

static int compare_times(const void *a, const void *b)
{
    gr_time s, t;
    memcpy(&s, a, sizeof s);
    memcpy(&t, b, sizeof t);
    return compare_us(us_of_time(&s), us_of_time(&t), &s, &t);
}

static int compare_datetimes(const void *a, const void *b)
{
    gr_datetime s, t;
    memcpy(&s, a, sizeof s);
    memcpy(&t, b, sizeof t);
    return compare_us(gri_days_of_date(&s.date) * GRI_DAY_US + us_of_time(&s.time),
                      gri_days_of_date(&t.date) * GRI_DAY_US + us_of_time(&t.time), &s.time, &t.time);
}

const struct gri_kind gri_kind_date = {
    .size = sizeof(gr_date),
    .type_error = GRI_DATE_TYPE,
    .read = read_date,
    .write = write_date,
    .document = document_date,
    .label = "date",
};

const struct gri_kind gri_kind_datetime = {
    .size = sizeof(gr_datetime),
    .type_error = GRI_DATETIME_TYPE,
    .read = kind_read_datetime,
    .write = write_datetime,
    .document = document_datetime,
    .label = "datetime",
    .compare = compare_datetimes,
};

const struct gri_kind gri_kind_time = {
    .size = sizeof(gr_time),
    .type_error = GRI_TIME_TYPE,
    .read = kind_read_time,
    .write = write_time,
    .document = document_time,
    .label = "time",
    .compare = compare_times,
};

const struct gri_kind gri_kind_duration = {
    .size = sizeof(gr_duration),
    .type_error = GRI_DURATION_TYPE,
    .read = read_duration,
    .write = write_duration,
    .document = document_duration,
    .label = "timedelta",
};
