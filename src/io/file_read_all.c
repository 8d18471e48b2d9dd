#include <griddle/file.h>

#include <fcntl.h>
#include <stdlib.h>

#include "io/fd.h"
#include "io/work.h"

enum { READ_ALL_FIRST_BYTES = 4096 }; /* where the size is not told */

struct read_all_reading {
    struct gri_work work;
    size_t max_bytes;
    char *data;
    size_t len, room;
};

/* The room never is more than it takes to see that there is too much: a byte beyond it, and the NUL. */
static size_t most_room(const struct read_all_reading *self)
{
    return self->max_bytes < SIZE_MAX - 2 ? self->max_bytes + 2 : SIZE_MAX;
}

static int read_all_make_room(struct read_all_reading *self, size_t room)
{
    if (room > most_room(self))
        room = most_room(self);
    char *data = realloc(self->data, room);
    if (!data)
        return GR_ENOMEM;
    self->data = data;
    self->room = room;
    return 0;
}

/* A byte more than the file has, so that the read after the last one needs no more room to see the end. The size is a
 * hint: those of /proc tell 0, those of /sys too much. */
static int make_first_room(struct read_all_reading *self, int fd)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return -errno;
    return read_all_make_room(self, status.st_size > 0 ? (size_t)status.st_size + 2 : READ_ALL_FIRST_BYTES);
}

static int read_all_read_some(struct read_all_reading *self, int fd, size_t *n)
{
    int rc = 0;
    if (gri_work_is_stopped(&self->work))
        return GR_ECANCELED;
    if (self->room - self->len < 2)
        rc = read_all_make_room(self, self->room < SIZE_MAX / 2 ? self->room * 2 : SIZE_MAX);
    if (rc == 0)
        rc = gri_fd_read(fd, self->data + self->len, self->room - self->len - 1, -1, n);
    if (rc < 0)
        return rc;
    self->len += *n;
    return self->len > self->max_bytes ? GR_EMSGSIZE : 0;
}

static int read_fd(struct read_all_reading *self, int fd)
{
    size_t n = 1;
    int rc = make_first_room(self, fd);
    while (rc == 0 && n > 0)
        rc = read_all_read_some(self, fd, &n);
    if (rc == 0)
        self->data[self->len] = '\0';
    return rc;
}

static void forget(struct read_all_reading *self)
{
    free(self->data);
    self->data = NULL;
    self->len = 0;
}

static void run_read_all(struct gri_work *work)
{
    struct read_all_reading *self = (struct read_all_reading *)work;
    int fd = gri_fd_open(AT_FDCWD, work->path, O_RDONLY | O_NOCTTY, 0);
    if (fd < 0) {
        work->result = fd;
        return;
    }
    work->result = read_fd(self, fd);
    gri_fd_close(fd);
    if (work->result < 0)
        forget(self);
}

static void drop_reading(struct gri_work *work)
{
    forget((struct read_all_reading *)work);
    free(work);
}

int gr_file_read_all(gr_co co, const char *path, size_t max_bytes, char **data, size_t *len)
{
    *data = NULL;
    *len = 0;
    gri_check_co(co);
    struct read_all_reading *self = gri_work_create(sizeof *self, path);
    if (!self)
        return GR_ENOMEM;
    self->work.run = run_read_all;
    self->work.drop = drop_reading;
    self->max_bytes = max_bytes;
    int rc = gri_work_await_or_leave(co, &self->work, "a file's content");
    if (rc < 0)
        return rc;
    *data = self->data;
    *len = self->len;
    rc = self->work.result;
    free(self);
    return rc;
}
