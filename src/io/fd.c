#include "io/fd.h"

#include <fcntl.h>
#include <griddle/base.h>
#include <unistd.h>

int gri_fd_open(int folder, const char *path, int flags, unsigned mode)
{
    int fd;
    do
        fd = openat(folder, path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd < 0 ? -errno : fd;
}

static int check_offset(int64_t offset)
{
    return offset < -1 ? GR_EINVAL : 0;
}

int gri_fd_read(int fd, void *buf, size_t size, int64_t offset, size_t *n)
{
    int rc = check_offset(offset);
    if (rc < 0)
        return rc;
    ssize_t got;
    do
        got = offset < 0 ? read(fd, buf, size) : pread(fd, buf, size, offset);
    while (got < 0 && errno == EINTR);
    *n = got < 0 ? 0 : (size_t)got;
    return got < 0 ? -errno : 0;
}

static ssize_t write_some(int fd, const char *data, size_t len, int64_t offset)
{
    ssize_t n;
    do
        n = offset < 0 ? write(fd, data, len) : pwrite(fd, data, len, offset);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    return n > 0 || len == 0 ? n : GR_EIO;
}

int gri_fd_write(int fd, const void *data, size_t len, int64_t offset)
{
    int rc = check_offset(offset);
    for (size_t done = 0; rc == 0 && done < len;) {
        ssize_t n = write_some(fd, (const char *)data + done, len - done, offset < 0 ? -1 : offset + (int64_t)done);
        if (n < 0)
            return (int)n;
        done += (size_t)n;
    }
    return rc;
}

int gri_fd_sync(int fd)
{
    int rc;
    do
        rc = fsync(fd);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? -errno : 0;
}

/* On Linux it is closed after EINTR too, and another thread may have the number by now. */
int gri_fd_close(int fd)
{
    return close(fd) < 0 && errno != EINTR ? -errno : 0;
}
