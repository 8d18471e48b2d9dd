/* What the tests of files share: each in an empty folder of its own, which is its working folder; a FIFO for a file
 * system that does not answer. */
#ifndef TESTS_IO_FILE_WORLD_H
#define TESTS_IO_FILE_WORLD_H

#include <ftw.h>
#include <griddle/file.h>

#include "io/io_world.h"

static inline int remove_entry(const char *path, GR_UNUSED const struct stat *status, GR_UNUSED int kind,
                               GR_UNUSED struct FTW *ftw)
{
    return remove(path);
}

/* Runs fn as a coroutine, as run_io() does, in a new folder. */
static inline int run_in_folder(gr_task_fn *fn, void *arg)
{
    const char *parent = getenv("TMPDIR");
    char path[512], back[512];
    snprintf(path, sizeof path, "%s/griddle-files-XXXXXX", parent ? parent : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(path));
    ck_assert_ptr_nonnull(getcwd(back, sizeof back));
    ck_assert_int_eq(chdir(path), 0);
    int rc = run_io(fn, arg);
    ck_assert_int_eq(chdir(back), 0);
    ck_assert_int_eq(nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    return rc;
}

/* A test whose body is a coroutine in an empty folder. */
#define FILE_TEST(name) \
    static int name##_main(gr_co co, void *arg); \
    START_TEST(name) \
    { \
        ck_assert_int_eq(run_in_folder(name##_main, NULL), 0); \
    } \
    END_TEST \
    static int name##_main(gr_co co, GR_UNUSED void *arg)

static inline void must(int rc)
{
    ck_assert_msg(rc == 0, "%d: %s", rc, gr_strerror(rc));
}

static inline void write_text(gr_co co, const char *path, const char *text)
{
    must(gr_file_write_all(co, path, text, strlen(text), 0600));
}

static inline void check_text(gr_co co, const char *path, const char *wanted)
{
    char *text;
    size_t len;
    must(gr_file_read_all(co, path, 1000000, &text, &len));
    ck_assert_uint_eq(len, strlen(wanted));
    ck_assert_str_eq(text, wanted);
    free(text);
}

/* The names in the folder, with a space after each. */
static inline void check_names(gr_co co, const char *wanted)
{
    char **names, got[1000] = "";
    size_t n, len = 0;
    must(gr_file_list(co, ".", &names, &n));
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(got + len, sizeof got - len, "%s ", names[i]);
    ck_assert_ptr_null(names[n]);
    free(names);
    ck_assert_str_eq(got, wanted);
}

static inline void take_a_nap(gr_co co)
{
    must(gr_sleep(co, 1));
}

/* The writing end of the FIFO, as soon as somebody opens it for reading: who gets it knows that the call runs. */
static inline int open_writing_end(gr_co co, const char *fifo)
{
    int fd;
    while ((fd = open(fifo, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
        take_a_nap(co);
    return fd;
}

struct fifo_read {
    const char *path;
    char text[16];
};

static inline int read_fifo(gr_co co, void *arg)
{
    struct fifo_read *self = arg;
    char *text;
    size_t len;
    int rc = gr_file_read_all(co, self->path, sizeof self->text - 1, &text, &len);
    if (rc == 0)
        memcpy(self->text, text, len + 1);
    free(text);
    return rc;
}

#endif
