/* The system's calls on files for a thread that may block: a signal interrupts none, and errors are negative codes. */
#ifndef GRI_IO_FD_H
#define GRI_IO_FD_H

#include <stddef.h>
#include <stdint.h>

/* A descriptor, closed on exec. `folder`: what a relative path is relative to, or AT_FDCWD. */
int gri_fd_open(int folder, const char *path, int flags, unsigned mode);

/* Some bytes, 0 at the end. offset -1: the file's own position. */
int gri_fd_read(int fd, void *buf, size_t size, int64_t offset, size_t *n);

/* All of them. */
int gri_fd_write(int fd, const void *data, size_t len, int64_t offset);

int gri_fd_sync(int fd);

/* Closes it in any case. */
int gri_fd_close(int fd);

#endif
