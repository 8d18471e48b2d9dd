/* Griddle: files, awaited.
 *
 *     char *text;
 *     size_t len;
 *     int rc = gr_file_read_all(co, "/etc/hostname", 4096, &text, &len);
 *     if (rc < 0)
 *         return rc;
 *     rc = gr_file_write_all(co, "/var/lib/shop/name", text, len, 0644);
 *     free(text);
 *
 * The system's calls for files block, so they run on a few threads of libuv's (UV_THREADPOOL_SIZE, 4 as a rule, for the
 * whole program), and not on Griddle's pool: a pool that is full of blocking handlers does not hold them up, and a
 * coroutine that a pool thread waits for (gr_call_on_loop()) may use them. A loop has all of them but one at work at a
 * time, so that gr_lookup() always finds a thread, and others wait: that many calls that never return (three, as a
 * rule: to open a FIFO that nobody writes to, or files of a server that is gone) stop all that come after them, but no
 * look-up, no blocking handler, and no stop. A program whose files may be so slow has a larger UV_THREADPOOL_SIZE.
 *
 * Each function is one job there, so several at once are a gr_gather(). What a caller puts into one call,
 * gr_file_read_all() say, is quicker than many small ones.
 *
 * Errors are the system's as negative codes: -ENOENT, -EACCES, -EISDIR, ... Paths are relative to the working folder.
 * On its deadline or a cancellation a call that has not begun never does. One that runs
 *   - is left behind where it only looks: open, stat, list, read_all. A dead network file system holds a thread, and no
 *     coroutine; what came of it is closed and freed when it returns;
 *   - is waited for where it changes something, or uses the caller's memory, and tells then what it did: 0 for done,
 *     though the deadline may have passed. GR_ETIMEDOUT and GR_ECANCELED say that nothing has changed.
 * A program, and a gr_test, end when the last one has returned; at the deadline of its stop gr_main() leaves without
 * it, names it in the log, and has the exit status 1 (griddle/server.h; gr_run() in griddle/task.h). In a gr_test time
 * stands still while one runs.
 *
 * For what is no file (connections, pipes, terminals, devices) see griddle/io.h: a thread would wait for the other
 * side. All functions: the loop's thread. Python: aiofiles, anyio.Path. */
#ifndef GRIDDLE_FILE_H
#define GRIDDLE_FILE_H

#include <griddle/co.h>

GR_BEGIN_DECLS

struct stat; /* <sys/stat.h> */

/* --- whole files --- */

/* Reads all of `path` to *data: new memory, freed by free(), with a NUL after its *len bytes. GR_EMSGSIZE: there are
 * more than max_bytes. Reads until the end, whatever size the system tells: /proc/stat, a pipe. On failure *data is
 * NULL and *len 0. Path.read_bytes. */
GR_API GR_MUST_USE int gr_file_read_all(gr_co co, const char *path, size_t max_bytes, char **data, size_t *len);

/* Makes `len` bytes the content of `path`, atomically: others, and a crash of the system, find the old file or the new
 * one, whole. It is written to a temporary file in the same folder (which must be readable), synced, and renamed over
 * `path`: a symbolic link is replaced, and not followed; the owner is the caller; `mode` is that of a new file for
 * open(2), less the umask. On failure nothing is left behind, and `path` is as it was; but for an error of the folder's
 * own sync, after which it may be either. Path.write_bytes, made safe. */
GR_API GR_MUST_USE int gr_file_write_all(gr_co co, const char *path, const void *data, size_t len, unsigned mode);

/* --- open files --- */

/* open(2), always with O_CLOEXEC. *fd is owned by the caller: gr_file_close(); -1 on failure. aiofiles.open. */
GR_API GR_MUST_USE int gr_file_open(gr_co co, int *fd, const char *path, int flags, unsigned mode);

/* Reads at most `size` bytes at `offset` (-1: at the file's own position, which moves on), as pread(2): *n of them, 0
 * at the end. AsyncFile.read. */
GR_API GR_MUST_USE int gr_file_read(gr_co co, int fd, void *buf, size_t size, int64_t offset, size_t *n);

/* Writes all `len` bytes at `offset` (-1: at the file's own position, or its end with O_APPEND). On an error of the
 * system, -ENOSPC say, a part may be written. AsyncFile.write. */
GR_API GR_MUST_USE int gr_file_write(gr_co co, int fd, const void *data, size_t len, int64_t offset);

/* fsync(2): what was written is on the medium. os.fsync. */
GR_API GR_MUST_USE int gr_file_sync(gr_co co, int fd);

/* Closes it in any case, in a cancelled coroutine too: heeds no deadline. What it returns, a late error of writing on a
 * network file system, may be ignored where nothing was written. AsyncFile.aclose. */
GR_API int gr_file_close(gr_co co, int fd);

/* --- by their names --- */

/* stat(2): follows symbolic links. Path.stat. */
GR_API GR_MUST_USE int gr_file_stat(gr_co co, const char *path, struct stat *status);

/* Removes a file, or an empty folder. remove(3); Path.unlink, Path.rmdir. */
GR_API GR_MUST_USE int gr_file_remove(gr_co co, const char *path);

/* rename(2): replaces `to`, atomically. Path.replace. */
GR_API GR_MUST_USE int gr_file_rename(gr_co co, const char *from, const char *to);

/* The names in a folder but for "." and "..", sorted by their bytes: (*names)[0 .. *n), then a NULL. One new block of
 * memory, names and all, freed by free(*names). On failure *names is NULL and *n 0. os.listdir. */
GR_API GR_MUST_USE int gr_file_list(gr_co co, const char *path, char ***names, size_t *n);

GR_END_DECLS

#endif
