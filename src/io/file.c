#include <griddle/file.h>

#include <fcntl.h>
#include <stdlib.h>

#include "io/fd.h"
#include "io/work.h"

/* --- open --- */

struct opening {
    struct gri_work work;
    int flags, fd;
    unsigned mode;
};

static void run_open(struct gri_work *work)
{
    struct opening *self = (struct opening *)work;
    self->fd = gri_fd_open(AT_FDCWD, work->path, self->flags, self->mode);
    work->result = self->fd < 0 ? self->fd : 0;
}

static void run_close_again(struct gri_work *work)
{
    struct opening *self = (struct opening *)work;
    gri_fd_close(self->fd);
    self->fd = -1;
}

/* A descriptor for nobody is closed on a thread, too: closing can block. */
static void drop_opening(struct gri_work *work)
{
    struct opening *self = (struct opening *)work;
    if (self->fd < 0) {
        free(self);
        return;
    }
    work->run = run_close_again;
    work->landed = false;
    gri_work_start(work->sched, work, "a file's close");
}

int gr_file_open(gr_co co, int *fd, const char *path, int flags, unsigned mode)
{
    *fd = -1;
    gri_check_co(co);
    struct opening *self = gri_work_create(sizeof *self, path);
    if (!self)
        return GR_ENOMEM;
    self->work.run = run_open;
    self->work.drop = drop_opening;
    self->flags = flags;
    self->mode = mode;
    self->fd = -1;
    int rc = gri_work_await_or_leave(co, &self->work, "a file to open");
    if (rc < 0)
        return rc;
    *fd = self->fd < 0 ? -1 : self->fd;
    rc = self->work.result;
    free(self);
    return rc;
}

/* --- read, write, sync, close --- */

struct access {
    struct gri_work work;
    int fd;
    void *to;
    const void *from;
    size_t size, n;
    int64_t offset;
};

static void run_read(struct gri_work *work)
{
    struct access *self = (struct access *)work;
    work->result = gri_fd_read(self->fd, self->to, self->size, self->offset, &self->n);
}

int gr_file_read(gr_co co, int fd, void *buf, size_t size, int64_t offset, size_t *n)
{
    struct access self = {.work.run = run_read, .fd = fd, .to = buf, .size = size, .offset = offset};
    int rc = gri_work_await(co, &self.work, "a file's bytes");
    *n = self.n;
    return rc;
}

static void run_write(struct gri_work *work)
{
    struct access *self = (struct access *)work;
    work->result = gri_fd_write(self->fd, self->from, self->size, self->offset);
}

int gr_file_write(gr_co co, int fd, const void *data, size_t len, int64_t offset)
{
    struct access self = {.work.run = run_write, .fd = fd, .from = data, .size = len, .offset = offset};
    return gri_work_await(co, &self.work, "a write to a file");
}

static void run_sync(struct gri_work *work)
{
    work->result = gri_fd_sync(((struct access *)work)->fd);
}

int gr_file_sync(gr_co co, int fd)
{
    struct access self = {.work.run = run_sync, .fd = fd};
    return gri_work_await(co, &self.work, "a file's sync");
}

static void run_close(struct gri_work *work)
{
    work->result = gri_fd_close(((struct access *)work)->fd);
}

int gr_file_close(gr_co co, int fd)
{
    struct access self = {.work.run = run_close, .fd = fd};
    return gri_work_await_shielded(co, &self.work, "a file's close");
}
