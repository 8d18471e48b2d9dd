#include "schema/formats.h"

#include "schema/calendar.h"

static void temporal_write_put_digits(struct gri_buf *buf, int value, int n)
{
    char text[8];
    for (int i = n; i-- > 0; value /= 10)
        text[i] = (char)('0' + value % 10);
    gri_buf_put(buf, text, (size_t)n);
}

bool gri_date_write(struct gri_buf *buf, const gr_date *date)
{
    if (!gri_is_date(date))
        return false;
    temporal_write_put_digits(buf, date->year, 4);
    gri_buf_putc(buf, '-');
    temporal_write_put_digits(buf, date->month, 2);
    gri_buf_putc(buf, '-');
    temporal_write_put_digits(buf, date->day, 2);
    return true;
}

static void put_offset(struct gri_buf *buf, int32_t offset_s)
{
    int size = offset_s < 0 ? -offset_s : offset_s;
    if (!offset_s) {
        gri_buf_putc(buf, 'Z');
        return;
    }
    gri_buf_putc(buf, offset_s < 0 ? '-' : '+');
    temporal_write_put_digits(buf, size / 3600, 2);
    gri_buf_putc(buf, ':');
    temporal_write_put_digits(buf, size / 60 % 60, 2);
}

bool gri_time_write(struct gri_buf *buf, const gr_time *time)
{
    if (!gri_is_time(time))
        return false;
    temporal_write_put_digits(buf, time->hour, 2);
    gri_buf_putc(buf, ':');
    temporal_write_put_digits(buf, time->minute, 2);
    gri_buf_putc(buf, ':');
    temporal_write_put_digits(buf, time->second, 2);
    if (time->microsecond) {
        gri_buf_putc(buf, '.');
        temporal_write_put_digits(buf, time->microsecond, 6);
    }
    if (time->has_offset)
        put_offset(buf, time->offset_s);
    return true;
}

bool gri_datetime_write(struct gri_buf *buf, const gr_datetime *datetime)
{
    if (!gri_is_date(&datetime->date) || !gri_is_time(&datetime->time))
        return false;
    gri_date_write(buf, &datetime->date);
    gri_buf_putc(buf, 'T');
    return gri_time_write(buf, &datetime->time);
}

static void put_unit(struct gri_buf *buf, uint64_t value, char unit)
{
    if (!value)
        return;
    gri_buf_put_u64(buf, value);
    gri_buf_putc(buf, unit);
}

static void put_seconds(struct gri_buf *buf, uint64_t us)
{
    if (!us)
        return;
    gri_buf_put_u64(buf, us / 1000000);
    if (us % 1000000) {
        gri_buf_putc(buf, '.');
        temporal_write_put_digits(buf, (int)(us % 1000000), 6);
        while (buf->data && buf->data[buf->len - 1] == '0')
            buf->len--;
    }
    gri_buf_putc(buf, 'S');
}

/* Years of 365 days, as pydantic has them. */
void gri_duration_write(struct gri_buf *buf, const gr_duration *duration)
{
    const uint64_t day_us = UINT64_C(86400000000);
    uint64_t us = duration->us < 0 ? 0 - (uint64_t)duration->us : (uint64_t)duration->us;
    uint64_t days = us / day_us, rest = us % day_us;
    gri_buf_puts(buf, duration->us < 0 ? "-P" : "P");
    put_unit(buf, days / 365, 'Y');
    put_unit(buf, days % 365, 'D');
    if (rest || !us)
        gri_buf_putc(buf, 'T');
    put_unit(buf, rest / 3600000000u, 'H');
    put_unit(buf, rest / 60000000u % 60, 'M');
    put_seconds(buf, rest % 60000000u);
    if (!us)
        gri_buf_puts(buf, "0S");
}
