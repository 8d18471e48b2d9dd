#include "io/process.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "co/owner.h"
#include "io/descriptor_limit.h"

/* --- its beginning --- */

/* Those whose wait a cancellation has ended too: their frames are there until they have run. */
static void tell_all(gr_process *self)
{
    for (const struct gr_waiter *waiter = self->waiters.first; waiter; waiter = waiter->next)
        *(gr_process_status *)waiter->data = self->status;
    gri_waiters_wake_all(&self->waiters);
}

/* Those it wakes run when libuv has told of all that ended with it: until then the numbers of the others, which are
 * free by now, would pass for theirs. */
static void on_end(uv_process_t *handle, int64_t code, int signum)
{
    gr_process *self = GRI_OWNER_OF(handle, gr_process, handle);
    self->status = (gr_process_status){.code = signum ? -signum : (int)code, .signum = signum};
    self->ended = true;
    tell_all(self);
}

/* libuv changes neither of them, but its type does not say so. */
static char **strings(const char *const *list)
{
    union {
        const char *const *ours;
        char **theirs;
    } same = {list};
    return same.theirs;
}

static int spawn(gr_process *self, const gr_process_options *options, struct gri_stdio *stdio)
{
    uv_process_options_t own = {
        .exit_cb = on_end,
        .file = options->argv[0],
        .args = strings(options->argv),
        .env = strings(options->env),
        .cwd = options->cwd,
        .flags = options->own_group ? UV_PROCESS_DETACHED : 0,
        .stdio_count = GRI_STREAMS,
        .stdio = stdio->child,
    };
    self->own_group = options->own_group;
    return gri_descriptor_limit_spawn(self->sched->loop, &self->handle, &own);
}

static void on_process_closed(uv_handle_t *handle)
{
    free(GRI_OWNER_OF(handle, gr_process, handle));
}

static void close_ends(gr_process *self)
{
    for (int i = 0; i < GRI_STREAMS; i++) {
        gr_io_close(self->ends[i]);
        self->ends[i] = NULL;
    }
}

/* A handle that could not be spawned is in the loop's list of handles all the same. */
static void discard(gr_process *self)
{
    close_ends(self);
    if (self->handle.loop)
        uv_close((uv_handle_t *)&self->handle, on_process_closed);
    else
        free(self);
}

static int process_start(gr_co co, gr_process *self, const gr_process_options *options)
{
    struct gri_stdio stdio;
    int rc = gri_stdio_open(co, &stdio, options, self->ends);
    if (rc == 0)
        rc = spawn(self, options, &stdio);
    gri_stdio_finish(&stdio);
    return rc;
}

static bool take_options(gr_process_options *own, const gr_process_options *options)
{
    return gr_sized_take(own, sizeof *own, options, offsetof(gr_process_options, env)) && own->argv && own->argv[0] &&
           gri_stdio_is_valid(own);
}

int gr_process_start(gr_co co, gr_process **process, const gr_process_options *options)
{
    gr_process_options own = {0};
    *process = NULL;
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    if (!take_options(&own, options))
        return GR_EINVAL;
    gr_process *self = calloc(1, sizeof *self);
    if (!self)
        return GR_ENOMEM;
    self->sched = co.task->sched;
    rc = process_start(co, self, &own);
    if (rc == 0)
        *process = self;
    else
        discard(self);
    return rc;
}

/* --- its streams --- */

gr_io *gr_process_in(const gr_process *process)
{
    return process->ends[STDIN_FILENO];
}

gr_io *gr_process_out(const gr_process *process)
{
    return process->ends[STDOUT_FILENO];
}

gr_io *gr_process_err(const gr_process *process)
{
    return process->ends[STDERR_FILENO];
}

void gr_process_close_in(gr_process *process)
{
    gri_check_loop(process->sched, "gr_process_close_in()");
    gr_io_close(process->ends[STDIN_FILENO]);
    process->ends[STDIN_FILENO] = NULL;
}

/* --- its end --- */

int gr_process_pid(const gr_process *process)
{
    return process->handle.pid;
}

int gr_process_wait(gr_co co, gr_process *process, gr_process_status *status)
{
    gr_process_status ignored = {0}, *into = status ? status : &ignored;
    int rc = gri_await_begin(co);
    if (rc < 0)
        return rc;
    gri_check_loop(process->sched, "gr_process_wait()");
    if (!process->ended)
        return gri_waiters_wait_with(co, &process->waiters, into, "the end of a process");
    *into = process->status;
    return 0;
}

/* Until it was seen to have ended nobody has reaped it, so its number is still its own. */
int gr_process_kill(gr_process *process, int signum)
{
    gri_check_loop(process->sched, "gr_process_kill()");
    if (process->ended)
        return -ESRCH;
    int pid = process->handle.pid;
    return kill(process->own_group ? -pid : pid, signum) < 0 ? -errno : 0;
}

static int process_await_end(gr_co co, void *process)
{
    return gr_process_wait(co, process, NULL);
}

/* One that may not be killed (it has become another user's) is waited for all the same. */
static void process_end(gr_co co, gr_process *self)
{
    struct gri_outside outside = {.what = "the end of a process"};
    int ignored = gr_process_kill(self, SIGKILL);
    gri_sched_work_begins(self->sched, &outside, co.task);
    ignored = gr_shield(co, process_await_end, self);
    (void)ignored;
    gri_sched_work_returned(self->sched, &outside);
    gri_sched_work_landed(self->sched);
}

void gr_process_close(gr_co co, gr_process *process)
{
    gri_check_co(co);
    if (!process)
        return;
    close_ends(process);
    if (!process->ended)
        process_end(co, process);
    discard(process);
}
