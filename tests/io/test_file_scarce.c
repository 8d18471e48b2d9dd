/* Memory that runs out at any allocation of a call for files: GR_ENOMEM, nothing is left open, and nothing in the
 * folder. */
#include "app/scarce.h"
#include "io/file_world.h"

static int open_write_close(gr_co co)
{
    int fd, rc = gr_file_open(co, &fd, "a", O_RDWR, 0);
    if (rc)
        return rc;
    rc = gr_file_write(co, fd, "new", 3, 0);
    rc = rc ? rc : gr_file_sync(co, fd);
    int closed = gr_file_close(co, fd);
    return rc ? rc : closed;
}

static int read_whole(gr_co co, const char *path)
{
    char *data;
    size_t len;
    int rc = gr_file_read_all(co, path, 1000000, &data, &len);
    if ((rc == 0) != (data != NULL))
        return GR_EIO; /* Check's own assertions allocate */
    free(data);
    return rc;
}

static int list_all(gr_co co)
{
    char **names;
    size_t n;
    int rc = gr_file_list(co, ".", &names, &n);
    if ((rc == 0) != (names != NULL) || (rc == 0 && n != 1))
        return GR_EIO;
    free(names);
    return rc;
}

static int do_everything(gr_co co)
{
    struct stat status;
    int rc = gr_file_write_all(co, "a", "old", 3, 0600);
    rc = rc ? rc : open_write_close(co);
    rc = rc ? rc : read_whole(co, "a");
    rc = rc ? rc : read_whole(co, "/proc/cpuinfo");
    rc = rc ? rc : list_all(co);
    rc = rc ? rc : gr_file_stat(co, "a", &status);
    rc = rc ? rc : gr_file_rename(co, "a", "b");
    return rc ? rc : gr_file_remove(co, "b");
}

FILE_TEST(where_an_allocation_fails_nothing_is_left)
{
    size_t before = open_descriptors();
    bool failed = true;
    long n;
    for (n = 0; failed; n++) {
        left = n;
        once = true;
        int rc = do_everything(co);
        failed = has_failed();
        plenty();
        ck_assert_int_eq(rc, failed ? GR_ENOMEM : 0);
        ck_assert_uint_eq(open_descriptors(), before);
        if (failed)
            must(gr_file_remove(co, "a"));
        check_names(co, "");
    }
    ck_assert_int_gt(n, 8);
    return 0;
}

FILE_TEST(without_any_memory_files_are_still_written_renamed_closed_and_removed)
{
    int fd;
    must(gr_file_open(co, &fd, "a", O_RDWR | O_CREAT, 0600));
    scarce();
    int rc = gr_file_write(co, fd, "text", 4, 0);
    rc = rc ? rc : gr_file_close(co, fd);
    rc = rc ? rc : gr_file_write_all(co, "b", "new", 3, 0600);
    rc = rc ? rc : gr_file_rename(co, "b", "a");
    rc = rc ? rc : gr_file_remove(co, "a");
    plenty();
    must(rc);
    check_names(co, "");
    return 0;
}

int main(void)
{
    const test_list tests = {where_an_allocation_fails_nothing_is_left,
                             without_any_memory_files_are_still_written_renamed_closed_and_removed, NULL};
    return run_tests("file scarce", tests, 20);
}
