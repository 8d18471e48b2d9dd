#include <stdlib.h>

#include "base/buf.h"
#include "io/process.h"

enum {
    PIECE = 4096, /* room for a read of unknown length */
    OUTPUT_MAX = 16 * 1024 * 1024,
    JOBS_MAX = 4
};

struct run {
    gr_process *process;
    const void *input;
    size_t input_len, max_output;
    struct gri_buf out, err;
    gr_process_status status;
};

/* --- its streams, all at the same time --- */

/* What the child does not want to read is not written. */
static int feed(gr_co co, void *arg)
{
    struct run *self = arg;
    int rc = gr_io_write(co, gr_process_in(self->process), self->input, self->input_len);
    gr_process_close_in(self->process);
    return rc == GR_EPIPE ? 0 : rc;
}

/* The limit and one byte more, which tells that it was passed. */
static size_t room_for(const struct run *self, const struct gri_buf *into)
{
    size_t used = self->out.len + self->err.len, left = used < self->max_output ? self->max_output - used : 0;
    size_t room = into->cap - into->len - 1;
    return room > left ? left + 1 : room;
}

static int children_read_some(gr_co co, struct run *self, gr_io *from, struct gri_buf *into, size_t *n)
{
    if (!gri_buf_reserve(into, PIECE))
        return GR_ENOMEM;
    int rc = gr_io_read(co, from, into->data + into->len, room_for(self, into), n);
    into->len += *n;
    into->data[into->len] = '\0';
    return rc == 0 && self->out.len + self->err.len > self->max_output ? GR_EMSGSIZE : rc;
}

static int collect(gr_co co, struct run *self, gr_io *from, struct gri_buf *into)
{
    size_t n = 1;
    int rc = 0;
    while (rc == 0 && n > 0)
        rc = children_read_some(co, self, from, into, &n);
    return rc;
}

static int collect_out(gr_co co, void *arg)
{
    struct run *self = arg;
    return collect(co, self, gr_process_out(self->process), &self->out);
}

static int collect_err(gr_co co, void *arg)
{
    struct run *self = arg;
    return collect(co, self, gr_process_err(self->process), &self->err);
}

static int children_await_end(gr_co co, void *arg)
{
    struct run *self = arg;
    return gr_process_wait(co, self->process, &self->status);
}

static int converse(gr_co co, struct run *self)
{
    gr_job jobs[JOBS_MAX];
    size_t n = 0;
    if (gr_process_in(self->process))
        jobs[n++] = (gr_job){feed, self};
    if (gr_process_out(self->process))
        jobs[n++] = (gr_job){collect_out, self};
    if (gr_process_err(self->process))
        jobs[n++] = (gr_job){collect_err, self};
    jobs[n++] = (gr_job){children_await_end, self};
    return gr_gather_n(co, jobs, n);
}

/* --- a run --- */

static gr_stdio or_else(gr_stdio kind, gr_stdio instead)
{
    return kind == GR_STDIO_DEFAULT ? instead : kind;
}

static int children_start(gr_co co, struct run *self, const gr_process_options *options)
{
    gr_process_options own = {0};
    if (!gr_sized_take(&own, sizeof own, options, offsetof(gr_process_options, env)))
        return GR_EINVAL;
    own.in = or_else(own.in, self->input_len ? GR_STDIO_PIPE : GR_STDIO_NULL);
    own.out = or_else(own.out, GR_STDIO_PIPE);
    own.err = or_else(own.err, GR_STDIO_PIPE);
    if (self->input_len && own.in != GR_STDIO_PIPE)
        return GR_EINVAL;
    self->max_output = own.max_output_bytes ? own.max_output_bytes : OUTPUT_MAX;
    return gr_process_start(co, &self->process, &own);
}

static int children_run(gr_co co, struct run *self, const gr_process_options *options)
{
    int rc = children_start(co, self, options);
    if (rc < 0)
        return rc;
    struct gri_outside outside = {.what = "a child's run", .of = options->argv[0]};
    gri_sched_work_begins(co.task->sched, &outside, co.task);
    rc = converse(co, self);
    gr_process_close(co, self->process);
    gri_sched_work_returned(co.task->sched, &outside);
    gri_sched_work_landed(co.task->sched);
    return rc;
}

int gr_process_run(gr_co co, const gr_process_options *options, const void *input, size_t input_len,
                   gr_process_result *result)
{
    struct run self = {.input = input, .input_len = input_len};
    *result = (gr_process_result){{0}, NULL, NULL, 0, 0};
    gri_check_co(co);
    int rc = children_run(co, &self, options);
    *result = (gr_process_result){self.status, self.out.data, self.err.data, self.out.len, self.err.len};
    return rc;
}

void gr_process_result_finish(gr_process_result *result)
{
    free(result->out);
    free(result->err);
    *result = (gr_process_result){{0}, NULL, NULL, 0, 0};
}
