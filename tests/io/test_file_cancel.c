/* griddle/file.h: deadlines and cancellations, while a call waits for one of libuv's threads and while it runs there.
 * There is one thread, and a FIFO that nobody writes to holds it: what comes after stays in the queue. */
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>

#include "io/file_world.h"

static gr_task *spawn_fifo_read(gr_co co, struct fifo_read *read)
{
    gr_task *task = NULL;
    ck_assert_int_eq(mkfifo(read->path, 0600), 0);
    must(gr_spawn(co, &task, read_fifo, read));
    return task;
}

/* --- in the queue --- */

static void check_nothing_begins(gr_co co, int fd, int wanted)
{
    struct stat status;
    char buf[4], *data, **names;
    size_t n;
    int new_fd;
#define REFUSED(call) \
    do { \
        int rc = call; \
        ck_assert_msg(rc == wanted, "%s: %d", #call, rc); \
    } while (0)
    REFUSED(gr_file_write_all(gr_within(co, 1), "a", "new", 3, 0600));
    REFUSED(gr_file_write(gr_within(co, 1), fd, "new", 3, 0));
    REFUSED(gr_file_read(gr_within(co, 1), fd, buf, sizeof buf, 0, &n));
    REFUSED(gr_file_sync(gr_within(co, 1), fd));
    REFUSED(gr_file_remove(gr_within(co, 1), "a"));
    REFUSED(gr_file_rename(gr_within(co, 1), "a", "b"));
    REFUSED(gr_file_open(gr_within(co, 1), &new_fd, "c", O_WRONLY | O_CREAT, 0600));
    REFUSED(gr_file_read_all(gr_within(co, 1), "a", 10, &data, &n));
    REFUSED(gr_file_list(gr_within(co, 1), ".", &names, &n));
    REFUSED(gr_file_stat(gr_within(co, 1), "a", &status));
#undef REFUSED
    ck_assert_int_eq(new_fd, -1);
    ck_assert_ptr_null(data);
    ck_assert_ptr_null(names);
    ck_assert_uint_eq(n, 0);
}

FILE_TEST(what_is_late_in_the_queue_never_begins)
{
    struct fifo_read read = {.path = "fifo"};
    int fd;
    write_text(co, "a", "old");
    must(gr_file_open(co, &fd, "a", O_RDWR, 0));
    gr_task *task = spawn_fifo_read(co, &read);
    int writer = open_writing_end(co, "fifo");
    check_nothing_begins(co, fd, GR_ETIMEDOUT);
    ck_assert_int_eq(write(writer, "end", 3), 3);
    close(writer);
    must(gr_join(co, task));
    ck_assert_str_eq(read.text, "end");
    must(gr_file_close(co, fd));
    check_text(co, "a", "old");
    check_names(co, "a fifo ");
    return 0;
}

static int remove_a(gr_co co, void *arg)
{
    (void)arg;
    return gr_file_remove(co, "a");
}

static int open_b(gr_co co, void *arg)
{
    (void)arg;
    int fd, rc = gr_file_open(co, &fd, "b", O_WRONLY | O_CREAT, 0600);
    return rc ? rc : gr_file_close(co, fd);
}

FILE_TEST(what_is_cancelled_in_the_queue_never_begins)
{
    struct fifo_read read = {.path = "fifo"};
    gr_task *removal, *opening;
    write_text(co, "a", "old");
    gr_task *task = spawn_fifo_read(co, &read);
    int writer = open_writing_end(co, "fifo");
    must(gr_spawn(co, &removal, remove_a, NULL));
    must(gr_spawn(co, &opening, open_b, NULL));
    take_a_nap(co);
    gr_cancel(removal);
    gr_cancel(opening);
    int rc = gr_join(co, removal);
    ck_assert_int_eq(rc, GR_ECANCELED);
    rc = gr_join(co, opening);
    ck_assert_int_eq(rc, GR_ECANCELED);
    close(writer);
    must(gr_join(co, task));
    check_names(co, "a fifo ");
    return 0;
}

static char order[8];

/* Each writes its letter behind those of the ones before. */
struct letter {
    gr_task *task;
    char text[2];
};

static int write_letter(gr_co co, void *arg)
{
    const struct letter *letter = arg;
    int fd, rc = gr_file_open(co, &fd, letter->text, O_WRONLY | O_CREAT, 0600);
    if (rc)
        return rc;
    strcat(order, letter->text);
    return gr_file_close(co, fd);
}

static void spawn_letter(gr_co co, struct letter *letter, char c)
{
    *letter = (struct letter){.text = {c, '\0'}};
    must(gr_spawn(co, &letter->task, write_letter, letter));
    take_a_nap(co);
}

static void cancel_letter(gr_co co, const struct letter *letter)
{
    gr_cancel(letter->task);
    int rc = gr_join(co, letter->task);
    ck_assert_int_eq(rc, GR_ECANCELED);
}

FILE_TEST(whoever_leaves_the_queue_at_any_place_the_others_keep_theirs)
{
    struct fifo_read read = {.path = "fifo"};
    struct letter letters[7];
    gr_task *task = spawn_fifo_read(co, &read);
    int writer = open_writing_end(co, "fifo");
    for (int i = 0; i < 6; i++)
        spawn_letter(co, &letters[i], (char)('a' + i));
    cancel_letter(co, &letters[5]); /* the last, the first, one between, the one before it */
    cancel_letter(co, &letters[0]);
    cancel_letter(co, &letters[3]);
    cancel_letter(co, &letters[2]);
    spawn_letter(co, &letters[6], 'g');
    close(writer);
    must(gr_join(co, task));
    must(gr_join(co, letters[1].task));
    must(gr_join(co, letters[4].task));
    must(gr_join(co, letters[6].task));
    ck_assert_str_eq(order, "beg");
    check_names(co, "b e fifo g ");
    spawn_letter(co, &letters[0], 'h'); /* the queue was empty */
    must(gr_join(co, letters[0].task));
    ck_assert_str_eq(order, "begh");
    return 0;
}

FILE_TEST(what_comes_too_late_begins_nothing)
{
    int fd;
    write_text(co, "a", "old");
    must(gr_file_open(co, &fd, "a", O_RDWR, 0));
    gr_co late = gr_within(co, 0);
    check_nothing_begins(late, fd, GR_ETIMEDOUT);
    must(gr_file_close(late, fd));
    check_text(co, "a", "old");
    check_names(co, "a ");
    return 0;
}

/* --- what only looks is left behind --- */

/* With data and no end: whether it is still wanted is looked at between two reads. */
FILE_TEST(a_read_that_nobody_waits_for_ends_by_itself)
{
    struct fifo_read read = {.path = "fifo"};
    struct stat status;
    gr_task *task = spawn_fifo_read(co, &read);
    int writer = open_writing_end(co, "fifo");
    gr_cancel(task);
    int rc = gr_join(co, task);
    ck_assert_int_eq(rc, GR_ECANCELED);
    ck_assert(write(writer, "x", 1) == 1 || errno == EPIPE); /* it may have looked before its first read */
    must(gr_file_stat(co, "fifo", &status));                 /* there is a thread for it again */
    close(writer);
    ck_assert_str_eq(read.text, "");
    return 0;
}

/* Calls fn until its deadline finds it on the thread: one that was still in the queue comes back in the next turn. */
static void leave_behind(gr_co co, gr_task_fn *fn, const char *fifo)
{
    char path[64];
    snprintf(path, sizeof path, "%s", fifo);
    while (co.task->sched->works == 0) {
        int rc = fn(gr_within(co, 5), path);
        ck_assert_int_eq(rc, GR_ETIMEDOUT);
        take_a_nap(co);
        take_a_nap(co);
    }
}

static int read_nothing(gr_co co, void *path)
{
    char *data;
    size_t len;
    int rc = gr_file_read_all(co, path, 10, &data, &len);
    ck_assert_ptr_null(data);
    return rc;
}

static int open_nothing(gr_co co, void *path)
{
    int fd, rc = gr_file_open(co, &fd, path, O_RDONLY, 0);
    ck_assert_int_eq(fd, -1);
    return rc;
}

FILE_TEST(a_file_system_that_does_not_answer_does_not_hold_the_coroutine)
{
    struct stat status;
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    leave_behind(co, read_nothing, "fifo");
    close(open_writing_end(co, "fifo"));
    must(gr_file_stat(co, "fifo", &status));
    return 0;
}

static void await_no_reader(gr_co co, int writer)
{
    struct pollfd at = {.fd = writer};
    while (poll(&at, 1, 0) == 0)
        take_a_nap(co);
    ck_assert_int_eq(at.revents, POLLERR);
}

FILE_TEST(a_descriptor_that_was_opened_for_nobody_is_closed)
{
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    leave_behind(co, open_nothing, "fifo");
    int writer = open_writing_end(co, "fifo");
    await_no_reader(co, writer);
    close(writer);
    return 0;
}

static void release_later(void *arg)
{
    int fd;
    uv_sleep(20);
    while ((fd = open(arg, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
        uv_sleep(1);
    close(fd);
}

static int leave_one_of_each_behind(gr_co co, void *arg)
{
    gr_address address;
    size_t n;
    leave_behind(co, open_nothing, arg);
    int rc = read_nothing(gr_within(co, 5), arg);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    rc = gr_lookup(gr_within(co, 5), "localhost", 80, &address, 1, &n);
    ck_assert_int_eq(rc, GR_ETIMEDOUT);
    return 0;
}

static size_t works_at_the_end;

static void note_works(struct gri_sched *sched)
{
    works_at_the_end = sched->works;
    memset(sched, 0xAA, sizeof *sched); /* whatever still uses it will stumble */
}

START_TEST(a_loop_that_ends_waits_for_what_was_left_behind)
{
    char path[] = "/tmp/griddle-fifo-XXXXXX";
    uv_thread_t thread;
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    struct world *world = world_begin(REAL_TIME);
    struct main_task self = {.fn = leave_one_of_each_behind, .arg = path};
    start_in(world, "main", run_main_task, &self);
    while (!self.ended)
        uv_run(&world->loop, UV_RUN_ONCE);
    ck_assert_uint_ge(world->sched.works, 1);
    works_at_the_end = 9;
    gri_sched_close(&world->sched, note_works);
    ck_assert_int_eq(uv_thread_create(&thread, release_later, path), 0);
    ck_assert_int_eq(uv_run(&world->loop, UV_RUN_DEFAULT), 0);
    ck_assert_uint_eq(works_at_the_end, 0);
    ck_assert_int_eq(uv_loop_close(&world->loop), 0);
    uv_thread_join(&thread);
    ck_assert_int_eq(unlink(path), 0);
    free(world);
}
END_TEST

/* --- what changes something is waited for --- */

enum { MUCH = 300000 };

static int write_much(gr_co co, void *arg)
{
    char *data = malloc(MUCH);
    memset(data, 'x', MUCH);
    int rc = gr_file_write(co, *(int *)arg, data, MUCH, -1);
    free(data); /* nobody reads it any more */
    return rc;
}

static size_t drain(gr_co co, int fd, const gr_task *until)
{
    static char bytes[MUCH];
    size_t all = 0;
    while (gr_task_get_state(until) != GR_TASK_ENDED) {
        ssize_t n = read(fd, bytes, sizeof bytes);
        all += n > 0 ? (size_t)n : 0;
        take_a_nap(co);
    }
    ssize_t n = read(fd, bytes, sizeof bytes);
    return all + (n > 0 ? (size_t)n : 0);
}

FILE_TEST(a_write_that_runs_is_waited_for_and_tells_that_it_is_done)
{
    int fds[2], there = 0;
    gr_task *task;
    ck_assert_int_eq(pipe(fds), 0);
    ck_assert_int_eq(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    must(gr_spawn(co, &task, write_much, &fds[1]));
    while (there == 0) {
        take_a_nap(co);
        ck_assert_int_eq(ioctl(fds[0], FIONREAD, &there), 0);
    }
    gr_cancel(task);
    take_a_nap(co);
    ck_assert_int_eq(gr_task_get_state(task), GR_TASK_WAITING);
    ck_assert_uint_eq(drain(co, fds[0], task), MUCH);
    must(gr_join(co, task));
    close(fds[0]);
    close(fds[1]);
    return 0;
}

enum { LONG = 4 << 20 };

static int write_long(gr_co co, void *arg)
{
    return gr_file_write_all(co, "a", arg, LONG, 0600);
}

/* Whatever was returned tells what is in the file, and nothing else is in the folder. */
static bool check_outcome(gr_co co, int rc, char was, char is)
{
    char *data;
    size_t len;
    must(gr_file_read_all(co, "a", LONG, &data, &len));
    ck_assert_uint_eq(len, LONG);
    ck_assert(rc == 0 || rc == GR_ECANCELED);
    ck_assert_int_eq(data[0], rc == 0 ? is : was);
    ck_assert_int_eq(data[LONG - 1], rc == 0 ? is : was);
    free(data);
    check_names(co, "a ");
    return rc == 0;
}

FILE_TEST(a_new_content_that_is_cancelled_at_any_moment_is_there_or_is_not)
{
    char *data = malloc(LONG), was = 'a';
    memset(data, was, LONG);
    must(write_long(co, data));
    for (int i = 0; i < 60; i++) {
        char is = (char)('b' + i % 20);
        gr_task *task;
        memset(data, is, LONG);
        must(gr_spawn(co, &task, write_long, data));
        for (int wait = i; wait > 0; wait--)
            must(gr_yield(co));
        if (i % 6 == 5)
            must(gr_sleep(co, i));
        gr_cancel(task);
        if (check_outcome(co, gr_join(co, task), was, is))
            was = is;
    }
    free(data);
    return 0;
}

/* --- close --- */

static int close_though_cancelled(gr_co co, void *arg)
{
    int rc = gr_sleep(co, 3600000);
    ck_assert_int_eq(rc, GR_ECANCELED);
    must(gr_file_close(co, *(int *)arg));
    return rc;
}

FILE_TEST(a_cancelled_coroutine_closes_its_files)
{
    int fd;
    gr_task *task;
    must(gr_file_open(co, &fd, "a", O_WRONLY | O_CREAT, 0600));
    must(gr_spawn(co, &task, close_though_cancelled, &fd));
    take_a_nap(co);
    gr_cancel(task);
    int rc = gr_join(co, task);
    ck_assert_int_eq(rc, GR_ECANCELED);
    ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
    return 0;
}

/* --- any moment --- */

static int use_files_for_ever(gr_co co, void *arg)
{
    char name[16], *data;
    size_t len;
    int rc, fd;
    snprintf(name, sizeof name, "%d", *(int *)arg);
    for (;;) {
        rc = gr_file_write_all(co, name, "text", 4, 0600);
        rc = rc ? rc : gr_file_open(co, &fd, name, O_RDONLY, 0);
        if (rc)
            return rc;
        gr_file_close(co, fd);
        rc = gr_file_read_all(co, name, 10, &data, &len);
        free(data);
        if (rc)
            return rc;
    }
}

FILE_TEST(deadlines_may_come_at_any_moment)
{
    enum { CROWD = 20 };
    for (int round = 0; round < 50; round++) {
        gr_job jobs[CROWD];
        int numbers[CROWD];
        for (int i = 0; i < CROWD; i++) {
            numbers[i] = i;
            jobs[i] = (gr_job){use_files_for_ever, &numbers[i]};
        }
        int rc = gr_gather_n(gr_within(co, 1 + round % 5), jobs, CROWD);
        ck_assert_int_eq(rc, GR_ETIMEDOUT);
    }
    return 0;
}

int main(void)
{
    setenv("UV_THREADPOOL_SIZE", "1", 1);
    signal(SIGPIPE, SIG_IGN);
    const test_list tests = {what_is_late_in_the_queue_never_begins,
                             what_is_cancelled_in_the_queue_never_begins,
                             whoever_leaves_the_queue_at_any_place_the_others_keep_theirs,
                             what_comes_too_late_begins_nothing,
                             a_read_that_nobody_waits_for_ends_by_itself,
                             a_file_system_that_does_not_answer_does_not_hold_the_coroutine,
                             a_descriptor_that_was_opened_for_nobody_is_closed,
                             a_loop_that_ends_waits_for_what_was_left_behind,
                             a_write_that_runs_is_waited_for_and_tells_that_it_is_done,
                             a_new_content_that_is_cancelled_at_any_moment_is_there_or_is_not,
                             a_cancelled_coroutine_closes_its_files,
                             deadlines_may_come_at_any_moment,
                             NULL};
    return run_tests("file cancel", tests, 60);
}
