#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "co/misuse.h"
#include "io/stream.h"

enum {
    AHEAD = 4096,          /* room for a read of unknown length */
    AHEAD_KEPT = 64 * 1024 /* room that stays when it is empty: a long line's is given back */
};

/* --- one reader at a time --- */

static int read_begin(gr_co co, gr_io *io)
{
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    if (io->reader)
        gri_misuse("\"%s\" reads from a stream that \"%s\" reads from already: each would get a part of what comes",
                   co.task->name, io->reader->name);
    io->reader = co.task;
    return 0;
}

static int read_end(gr_io *io, int rc)
{
    io->reader = NULL;
    return rc;
}

/* --- from the system --- */

static int read_receive(gr_co co, gr_io *io, void *buf, size_t size, size_t *n)
{
    ssize_t got = 0;
    int rc = gri_await_spend(co, GRI_SPEND_CALL);
    while (rc == 0 && (got = read(io->fd, buf, size)) < 0)
        rc = gri_io_retry(co, io->watch, GR_READABLE, "bytes to read");
    *n = rc == 0 ? (size_t)got : 0;
    return rc;
}

static struct gri_str get_ahead(const gr_io *io)
{
    const char *data = io->ahead.data;
    return (struct gri_str){io->taken ? data + io->taken : data, io->ahead.len - io->taken};
}

/* Fewer bytes move than were taken, so all moves together cost no more than the bytes that come. */
static void drop_taken(gr_io *io)
{
    size_t left = io->ahead.len - io->taken;
    if (left > 0 && io->taken < left)
        return;
    gri_buf_consume(&io->ahead, io->taken);
    io->taken = 0;
    if (left == 0 && io->ahead.cap > AHEAD_KEPT)
        gri_buf_finish(&io->ahead);
}

static int receive_ahead(gr_co co, gr_io *io, size_t *n)
{
    struct gri_buf *ahead = &io->ahead;
    drop_taken(io);
    if (!gri_buf_reserve(ahead, AHEAD))
        return GR_ENOMEM;
    int rc = read_receive(co, io, ahead->data + ahead->len, ahead->cap - ahead->len, n);
    ahead->len += *n;
    return rc;
}

static size_t take_ahead(gr_io *io, void *buf, size_t size)
{
    struct gri_str ahead = get_ahead(io);
    size_t n = ahead.len < size ? ahead.len : size;
    if (n == 0)
        return 0;
    memcpy(buf, ahead.at, n);
    io->taken += n;
    return n;
}

/* --- some bytes --- */

int gr_io_read(gr_co co, gr_io *io, void *buf, size_t size, size_t *n)
{
    *n = 0;
    int rc = read_begin(co, io);
    if (rc < 0)
        return rc;
    if (size == 0)
        return read_end(io, GR_EINVAL);
    *n = take_ahead(io, buf, size);
    rc = *n ? 0 : read_receive(co, io, buf, size, n);
    return read_end(io, rc);
}

/* --- so many --- */

static int receive_all(gr_co co, gr_io *io, char *at, size_t left)
{
    int rc = 0;
    size_t n;
    for (; rc == 0 && left > 0; at += n, left -= n) {
        rc = read_receive(co, io, at, left, &n);
        if (rc == 0 && n == 0)
            rc = GR_EPIPE;
    }
    return rc;
}

int gr_io_read_exactly(gr_co co, gr_io *io, void *buf, size_t size)
{
    int rc = read_begin(co, io);
    if (rc < 0)
        return rc;
    size_t n = take_ahead(io, buf, size);
    return read_end(io, receive_all(co, io, (char *)buf + n, size - n));
}

/* --- a line --- */

/* How many bytes there are up to the separator, with it; 0: it is not there. *seen are known to have none that ends in
 * them. */
static size_t read_find(struct gri_str ahead, const char *separator, size_t len, size_t *seen)
{
    size_t from = *seen >= len ? *seen - len + 1 : 0;
    const char *hit = ahead.len > from ? memmem(ahead.at + from, ahead.len - from, separator, len) : NULL;
    *seen = ahead.len;
    return hit ? (size_t)(hit - ahead.at) + len : 0;
}

/* 0, and the length of what is to be lent, which is 0 where more has to come. */
static int read_look(struct gri_str ahead, const char *separator, size_t max, bool at_end, size_t *seen, size_t *len)
{
    *len = read_find(ahead, separator, strlen(separator), seen);
    if (*len == 0 && at_end)
        *len = ahead.len;
    return *len > max || (*len == 0 && ahead.len >= max) ? GR_EMSGSIZE : 0;
}

static int read_until(gr_co co, gr_io *io, const char *separator, size_t max, size_t *len)
{
    size_t n = 1, seen = 0;
    int rc = read_look(get_ahead(io), separator, max, false, &seen, len);
    while (rc == 0 && *len == 0 && n > 0) {
        rc = receive_ahead(co, io, &n);
        if (rc == 0)
            rc = read_look(get_ahead(io), separator, max, n == 0, &seen, len);
    }
    return rc;
}

int gr_io_read_until(gr_co co, gr_io *io, const char *separator, size_t max_bytes, const char **data, size_t *len)
{
    *data = "";
    *len = 0;
    int rc = read_begin(co, io);
    if (rc < 0)
        return rc;
    rc = *separator && max_bytes ? read_until(co, io, separator, max_bytes, len) : GR_EINVAL;
    if (rc < 0 || *len == 0)
        return *len = 0, read_end(io, rc);
    *data = get_ahead(io).at;
    io->taken += *len;
    return read_end(io, 0);
}
