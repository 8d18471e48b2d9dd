#include <griddle/file.h>

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/print.h"
#include "io/fd.h"
#include "io/work.h"

enum {
    WRITE_ALL_CHUNK_BYTES = 1 << 20, /* between two looks whether it is still wanted */
    NAMES_TRIED = 100
};

struct writing {
    struct gri_work work; /* with the path */
    const char *data;
    size_t len;
    unsigned mode;
    int folder;         /* where `name` is */
    const char *name;   /* the last part of `path` */
    char temporary[40]; /* beside it */
};

/* --- the folder --- */

/* With its last slash, so that "/a" is in "/"; none: the working folder. */
static int open_folder(struct writing *self)
{
    const char *slash = strrchr(self->work.path, '/');
    self->name = slash ? slash + 1 : self->work.path;
    size_t len = (size_t)(self->name - self->work.path);
    char folder[PATH_MAX];
    if (!*self->name)
        return *self->work.path ? -EISDIR : -ENOENT;
    if (len >= sizeof folder)
        return -ENAMETOOLONG;
    memcpy(folder, len ? self->work.path : "./", len ? len : 2);
    folder[len ? len : 2] = '\0';
    self->folder = gri_fd_open(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY, 0);
    return self->folder < 0 ? self->folder : 0;
}

/* Some file systems cannot sync a folder, and say so: what they can do is done. */
static int sync_folder(const struct writing *self)
{
    int rc = gri_fd_sync(self->folder);
    return rc == -EINVAL ? 0 : rc;
}

/* --- the temporary file --- */

static int create_temporary(struct writing *self)
{
    for (int i = 0; i < NAMES_TRIED; i++) {
        uint64_t number;
        int rc = uv_random(NULL, NULL, &number, sizeof number, 0, NULL);
        if (rc < 0)
            return rc;
        gri_snprintf(self->temporary, sizeof self->temporary, ".griddle-%016llx", (unsigned long long)number);
        rc = gri_fd_open(self->folder, self->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, self->mode);
        if (rc != -EEXIST)
            return rc;
    }
    return -EEXIST;
}

static int write_data(const struct writing *self, int fd)
{
    int rc = 0;
    for (size_t done = 0; rc == 0 && done < self->len; done += WRITE_ALL_CHUNK_BYTES) {
        size_t left = self->len - done;
        if (gri_work_is_stopped(&self->work))
            return GR_ECANCELED;
        rc = gri_fd_write(fd, self->data + done, left < WRITE_ALL_CHUNK_BYTES ? left : WRITE_ALL_CHUNK_BYTES, -1);
    }
    return rc;
}

static int fill_temporary(const struct writing *self, int fd)
{
    int rc = write_data(self, fd);
    if (rc == 0)
        rc = gri_fd_sync(fd);
    int closed = gri_fd_close(fd);
    return rc < 0 ? rc : closed;
}

static int put_in_place(const struct writing *self)
{
    if (gri_work_is_stopped(&self->work))
        return GR_ECANCELED;
    return renameat(self->folder, self->temporary, self->folder, self->name) < 0 ? -errno : 0;
}

static int write_all_replace(struct writing *self)
{
    int fd = create_temporary(self);
    if (fd < 0)
        return fd;
    int rc = fill_temporary(self, fd);
    if (rc == 0)
        rc = put_in_place(self);
    if (rc == 0)
        return sync_folder(self);
    unlinkat(self->folder, self->temporary, 0);
    return rc;
}

static void run_write_all(struct gri_work *work)
{
    struct writing *self = (struct writing *)work;
    work->result = open_folder(self);
    if (work->result < 0)
        return;
    work->result = write_all_replace(self);
    gri_fd_close(self->folder);
}

int gr_file_write_all(gr_co co, const char *path, const void *data, size_t len, unsigned mode)
{
    struct writing self = {.work.run = run_write_all, .work.path = path, .data = data, .len = len, .mode = mode};
    return gri_work_await(co, &self.work, "a file's new content");
}
