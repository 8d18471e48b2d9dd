/* griddle/file.h: what the calls do, and what the system refuses. */
#include "io/file_world.h"

#include <signal.h>
#include <sys/resource.h>

#include <griddle/thread.h>

#include "co/pool.h"

/* --- whole files --- */

FILE_TEST(what_was_written_is_read)
{
    umask(022);
    must(gr_file_write_all(co, "a", "one\0two", 7, 0666));
    char *data;
    size_t len;
    must(gr_file_read_all(co, "a", 7, &data, &len));
    ck_assert_uint_eq(len, 7);
    ck_assert_mem_eq(data, "one\0two", 8);
    free(data);
    struct stat status;
    must(gr_file_stat(co, "a", &status));
    ck_assert_int_eq(status.st_size, 7);
    ck_assert_int_eq(status.st_mode & 07777, 0644);
    check_names(co, "a ");
    return 0;
}

FILE_TEST(an_empty_file_is_written_and_read)
{
    must(gr_file_write_all(co, "a", NULL, 0, 0600));
    char *data;
    size_t len;
    must(gr_file_read_all(co, "a", 0, &data, &len));
    ck_assert_uint_eq(len, 0);
    ck_assert_str_eq(data, "");
    free(data);
    return 0;
}

static void check_refused(gr_co co, const char *path, size_t max_bytes, int wanted)
{
    char *data = (char *)co.task;
    size_t len = 1;
    int rc = gr_file_read_all(co, path, max_bytes, &data, &len);
    ck_assert_int_eq(rc, wanted);
    ck_assert_ptr_null(data);
    ck_assert_uint_eq(len, 0);
}

FILE_TEST(what_cannot_be_read_is_told)
{
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    write_text(co, "a", "12345");
    check_refused(co, "a", 4, GR_EMSGSIZE);
    check_refused(co, "a", 0, GR_EMSGSIZE);
    check_refused(co, "/proc/self/status", 10, GR_EMSGSIZE);
    check_refused(co, "/dev/zero", 100000, GR_EMSGSIZE);
    check_refused(co, "b", 10, -ENOENT);
    check_refused(co, "folder", 10, -EISDIR);
    check_refused(co, "a/b", 10, -ENOTDIR);
    check_refused(co, "", 10, -ENOENT);
    return 0;
}

FILE_TEST(what_tells_no_size_is_read_to_its_end)
{
    char *data, wanted[64];
    size_t len;
    must(gr_file_read_all(co, "/proc/self/status", SIZE_MAX, &data, &len));
    snprintf(wanted, sizeof wanted, "\nPid:\t%d\n", getpid());
    ck_assert_ptr_nonnull(strstr(data, wanted));
    ck_assert_uint_eq(len, strlen(data));
    free(data);
    return 0;
}

enum { PIPED = 100000 };

static void write_to_pipe(void *arg)
{
    static char bytes[777];
    int fd = *(int *)arg;
    memset(bytes, 'x', sizeof bytes);
    for (size_t left = PIPED, n; left > 0; left -= n) {
        n = left < sizeof bytes ? left : sizeof bytes;
        ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    }
    close(fd);
}

FILE_TEST(a_pipe_is_read_to_its_end)
{
    int fds[2];
    char path[32], *data;
    size_t len;
    uv_thread_t thread;
    ck_assert_int_eq(pipe(fds), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", fds[0]);
    ck_assert_int_eq(uv_thread_create(&thread, write_to_pipe, &fds[1]), 0);
    must(gr_file_read_all(co, path, PIPED, &data, &len));
    uv_thread_join(&thread);
    close(fds[0]);
    ck_assert_uint_eq(len, PIPED);
    ck_assert_uint_eq(strspn(data, "x"), PIPED);
    free(data);
    return 0;
}

struct side {
    char letter;
    size_t len;
    bool *done; /* one of the writers has ended */
};

static int write_again_and_again(gr_co co, void *arg)
{
    const struct side *side = arg;
    char *data = malloc(side->len);
    memset(data, side->letter, side->len);
    int rc = 0;
    for (int i = 0; i < 20 && rc == 0; i++)
        rc = gr_file_write_all(co, "a", data, side->len, 0600);
    *side->done = true;
    free(data);
    return rc;
}

static int read_one_or_the_other(gr_co co, void *arg)
{
    const struct side *side = arg;
    while (!*side->done) {
        char *data, set[2] = "";
        size_t len;
        must(gr_file_read_all(co, "a", 1 << 20, &data, &len));
        set[0] = data[0];
        ck_assert_uint_eq(len, data[0] == 'a' ? 100000 : 300000);
        ck_assert_uint_eq(strspn(data, set), len);
        free(data);
    }
    return 0;
}

FILE_TEST(whoever_reads_while_it_is_written_sees_one_whole_content)
{
    bool done = false;
    struct side a = {'a', 100000, &done}, b = {'b', 300000, &done};
    must(write_again_and_again(co, &a));
    done = false;
    must(gr_gather(co, {write_again_and_again, &a}, {write_again_and_again, &b}, {read_one_or_the_other, &a}));
    check_names(co, "a ");
    return 0;
}

/* A full disk, but of one process. */
static void limit_files_to(rlim_t bytes)
{
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

FILE_TEST(a_write_that_fails_changes_nothing_and_leaves_nothing)
{
    static char much[5000];
    write_text(co, "a", "old");
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    limit_files_to(4096);
    int rc = gr_file_write_all(co, "a", much, sizeof much, 0600);
    limit_files_to(0);
    ck_assert_int_eq(rc, -EFBIG);
    rc = gr_file_write_all(co, "folder", "x", 1, 0600);
    ck_assert_int_eq(rc, -EISDIR);
    rc = gr_file_write_all(co, "folder/", "x", 1, 0600);
    ck_assert_int_eq(rc, -EISDIR);
    rc = gr_file_write_all(co, "none/a", "x", 1, 0600);
    ck_assert_int_eq(rc, -ENOENT);
    rc = gr_file_write_all(co, "", "x", 1, 0600);
    ck_assert_int_eq(rc, -ENOENT);
    check_text(co, "a", "old");
    check_names(co, "a folder ");
    return 0;
}

FILE_TEST(a_name_as_long_as_the_system_allows_can_be_written)
{
    char name[NAME_MAX + 2], path[2 * PATH_MAX];
    memset(name, 'n', sizeof name);
    name[NAME_MAX + 1] = '\0';
    int rc = gr_file_write_all(co, name, "x", 1, 0600);
    ck_assert_int_eq(rc, -ENAMETOOLONG);
    name[NAME_MAX] = '\0';
    write_text(co, name, "x");
    check_text(co, name, "x");
    memset(path, '/', sizeof path);
    memcpy(path + sizeof path - 2, "a", 2);
    rc = gr_file_write_all(co, path, "x", 1, 0600);
    ck_assert_int_eq(rc, -ENAMETOOLONG);
    return 0;
}

FILE_TEST(a_symbolic_link_is_replaced_and_what_it_pointed_to_stays)
{
    write_text(co, "a", "old");
    ck_assert_int_eq(symlink("a", "link"), 0);
    write_text(co, "link", "new");
    check_text(co, "a", "old");
    check_text(co, "link", "new");
    ck_assert_int_eq(readlink("link", (char[8]){0}, 8), -1);
    return 0;
}

FILE_TEST(it_is_written_into_the_folder_that_the_path_names)
{
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    write_text(co, "folder/a", "one");
    write_text(co, "./folder/../b", "two");
    char cwd[400], path[500];
    ck_assert_ptr_nonnull(getcwd(cwd, sizeof cwd));
    snprintf(path, sizeof path, "%s/c", cwd);
    write_text(co, path, "three");
    check_text(co, "folder/a", "one");
    check_text(co, "b", "two");
    check_text(co, "c", "three");
    check_names(co, "b c folder ");
    return 0;
}

/* --- open files --- */

static void check_read(gr_co co, int fd, int64_t offset, const char *wanted)
{
    char got[5] = "";
    size_t n;
    must(gr_file_read(co, fd, got, 4, offset, &n));
    ck_assert_uint_eq(n, strlen(wanted));
    ck_assert_str_eq(got, wanted);
}

FILE_TEST(an_open_file_is_read_and_written_at_its_position_and_elsewhere)
{
    int fd;
    must(gr_file_open(co, &fd, "a", O_RDWR | O_CREAT, 0600));
    ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
    must(gr_file_write(co, fd, "12345", 5, -1));
    must(gr_file_write(co, fd, "67", 2, -1));
    must(gr_file_write(co, fd, "x", 1, 2));
    must(gr_file_write(co, fd, NULL, 0, -1));
    must(gr_file_sync(co, fd));
    check_read(co, fd, 0, "12x4");
    check_read(co, fd, 5, "67");
    check_read(co, fd, 7, "");
    check_read(co, fd, -1, "");
    ck_assert_int_eq(lseek(fd, 3, SEEK_SET), 3);
    check_read(co, fd, -1, "4567");
    must(gr_file_close(co, fd));
    must(gr_file_open(co, &fd, "a", O_WRONLY | O_APPEND, 0));
    must(gr_file_write(co, fd, "89", 2, -1));
    must(gr_file_close(co, fd));
    check_text(co, "a", "12x456789");
    return 0;
}

FILE_TEST(what_the_system_refuses_is_told)
{
    int fd = 7;
    size_t n = 1;
    int rc = gr_file_open(co, &fd, "a", O_RDONLY, 0);
    ck_assert_int_eq(rc, -ENOENT);
    ck_assert_int_eq(fd, -1);
    rc = gr_file_read(co, -1, &fd, sizeof fd, 0, &n);
    ck_assert_int_eq(rc, -EBADF);
    ck_assert_uint_eq(n, 0);
    rc = gr_file_write(co, -1, "x", 1, 0);
    ck_assert_int_eq(rc, -EBADF);
    rc = gr_file_sync(co, -1);
    ck_assert_int_eq(rc, -EBADF);
    rc = gr_file_close(co, -1);
    ck_assert_int_eq(rc, -EBADF);
    must(gr_file_open(co, &fd, "a", O_RDWR | O_CREAT, 0600));
    rc = gr_file_read(co, fd, &n, sizeof n, -2, &n);
    ck_assert_int_eq(rc, GR_EINVAL);
    rc = gr_file_write(co, fd, "x", 1, INT64_MIN);
    ck_assert_int_eq(rc, GR_EINVAL);
    return gr_file_close(co, fd);
}

FILE_TEST(what_a_full_disk_refuses_is_told)
{
    static char much[5000];
    int fd;
    must(gr_file_open(co, &fd, "a", O_WRONLY | O_CREAT, 0600));
    limit_files_to(4096);
    int rc = gr_file_write(co, fd, much, sizeof much, 0);
    limit_files_to(0);
    ck_assert_int_eq(rc, -EFBIG);
    return gr_file_close(co, fd);
}

/* --- names --- */

FILE_TEST(files_are_renamed_and_removed)
{
    struct stat status;
    write_text(co, "a", "one");
    write_text(co, "b", "two");
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    must(gr_file_rename(co, "a", "b"));
    check_text(co, "b", "one");
    int rc = gr_file_rename(co, "a", "c");
    ck_assert_int_eq(rc, -ENOENT);
    rc = gr_file_remove(co, "a");
    ck_assert_int_eq(rc, -ENOENT);
    rc = gr_file_stat(co, "a", &status);
    ck_assert_int_eq(rc, -ENOENT);
    must(gr_file_stat(co, "folder", &status));
    ck_assert(S_ISDIR(status.st_mode));
    must(gr_file_rename(co, "b", "folder/b"));
    rc = gr_file_remove(co, "folder");
    ck_assert_int_eq(rc, -ENOTEMPTY);
    must(gr_file_remove(co, "folder/b"));
    must(gr_file_remove(co, "folder"));
    check_names(co, "");
    return 0;
}

FILE_TEST(a_folder_is_listed_in_the_order_of_its_names)
{
    char wanted[200] = ".z ", name[8];
    write_text(co, ".z", "");
    for (int i = 30; i > 0; i--) {
        snprintf(name, sizeof name, "f%02d", i);
        write_text(co, name, "");
    }
    for (int i = 1; i <= 30; i++)
        snprintf(wanted + strlen(wanted), sizeof wanted - strlen(wanted), "f%02d ", i);
    check_names(co, wanted);
    char **names = (char **)wanted;
    size_t n = 1;
    int rc = gr_file_list(co, "none", &names, &n);
    ck_assert_int_eq(rc, -ENOENT);
    ck_assert_ptr_null(names);
    ck_assert_uint_eq(n, 0);
    rc = gr_file_list(co, "f01", &names, &n);
    ck_assert_int_eq(rc, -ENOTDIR);
    return 0;
}

/* --- many, and beside the pool --- */

enum { MANY = 200 };

static int use_a_file(gr_co co, void *arg)
{
    char name[16], other[16];
    snprintf(name, sizeof name, "%d", *(int *)arg);
    snprintf(other, sizeof other, "%d.txt", *(int *)arg);
    write_text(co, name, other);
    must(gr_file_rename(co, name, other));
    check_text(co, other, other);
    return gr_file_remove(co, other);
}

FILE_TEST(two_hundred_coroutines_use_files_at_once)
{
    gr_job jobs[MANY];
    int numbers[MANY];
    for (int i = 0; i < MANY; i++) {
        numbers[i] = i;
        jobs[i] = (gr_job){use_a_file, &numbers[i]};
    }
    must(gr_gather_n(co, jobs, MANY));
    check_names(co, "");
    return 0;
}

static int pass_gate(void *arg)
{
    uv_sem_wait(arg);
    return 0;
}

static int offload_gate(gr_co co, void *arg)
{
    return gr_offload(co, pass_gate, arg);
}

static int use_a_file_and_open_the_gates(gr_co co, void *arg)
{
    int number = 1, rc = use_a_file(co, &number);
    uv_sem_post(arg);
    uv_sem_post(arg);
    return rc;
}

static int use_files_beside_a_full_pool(gr_co co, void *arg)
{
    struct gri_pool *pool;
    must(gri_pool_create(&pool, co.task->sched, &(struct gri_pool_options){1, 1}));
    int rc = gr_gather(co, {offload_gate, arg}, {offload_gate, arg}, {use_a_file_and_open_the_gates, arg});
    gri_pool_destroy(pool, NULL, NULL);
    return rc;
}

START_TEST(a_pool_that_is_full_does_not_hold_files_up)
{
    uv_sem_t gate;
    uv_sem_init(&gate, 0);
    ck_assert_int_eq(run_in_folder(use_files_beside_a_full_pool, &gate), 0);
    uv_sem_destroy(&gate);
}
END_TEST

static int use_a_file_from_a_thread(void *arg)
{
    return gr_call_on_loop(NULL, use_a_file, arg);
}

FILE_TEST(a_coroutine_that_a_pool_thread_waits_for_may_use_files)
{
    struct gri_pool *pool;
    int number = 1;
    must(gri_pool_create(&pool, co.task->sched, &(struct gri_pool_options){1, 1}));
    int rc = gr_offload(co, use_a_file_from_a_thread, &number);
    gri_pool_destroy(pool, NULL, NULL);
    return rc;
}

/* --- misuse --- */

static gr_co stolen;

static int steal(gr_co co, void *arg)
{
    (void)arg;
    stolen = co;
    return 0;
}

static int read_with_the_scope_of_another(gr_co co, void *arg)
{
    gr_task *task;
    char *data;
    size_t len;
    must(gr_spawn(co, &task, steal, arg));
    take_a_nap(co);
    return gr_file_read_all(stolen, "/dev/null", 1, &data, &len);
}

static void run_alone_and_misuse(void *arg)
{
    run_alone(REAL_TIME, read_with_the_scope_of_another, arg);
}

START_TEST(the_gr_co_of_another_coroutine_aborts)
{
    assert_aborts_saying(run_apart(run_alone_and_misuse, NULL), "the gr_co of \"steal\" was used in \"main\"");
}
END_TEST

int main(void)
{
    const test_list tests = {what_was_written_is_read,
                             an_empty_file_is_written_and_read,
                             what_cannot_be_read_is_told,
                             what_tells_no_size_is_read_to_its_end,
                             a_pipe_is_read_to_its_end,
                             whoever_reads_while_it_is_written_sees_one_whole_content,
                             a_write_that_fails_changes_nothing_and_leaves_nothing,
                             a_name_as_long_as_the_system_allows_can_be_written,
                             a_symbolic_link_is_replaced_and_what_it_pointed_to_stays,
                             it_is_written_into_the_folder_that_the_path_names,
                             an_open_file_is_read_and_written_at_its_position_and_elsewhere,
                             what_the_system_refuses_is_told,
                             what_a_full_disk_refuses_is_told,
                             files_are_renamed_and_removed,
                             a_folder_is_listed_in_the_order_of_its_names,
                             two_hundred_coroutines_use_files_at_once,
                             a_pool_that_is_full_does_not_hold_files_up,
                             a_coroutine_that_a_pool_thread_waits_for_may_use_files,
                             the_gr_co_of_another_coroutine_aborts,
                             NULL};
    return run_tests("file", tests, 30);
}
