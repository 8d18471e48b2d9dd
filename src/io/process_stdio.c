#include <fcntl.h>
#include <unistd.h>

#include "io/process.h"

bool gri_stdio_is_valid(const gr_process_options *options)
{
    return options->in <= GR_STDIO_PIPE && options->out <= GR_STDIO_PIPE && options->err <= GR_STDIO_STDOUT;
}

static void inherit(struct gri_stdio *stdio, int i, int fd)
{
    stdio->child[i].flags = UV_INHERIT_FD;
    stdio->child[i].data.fd = fd;
}

static int open_pipe(gr_co co, struct gri_stdio *stdio, int i, gr_io **end)
{
    int fds[2], child_reads = i == STDIN_FILENO;
    if (pipe2(fds, O_CLOEXEC) < 0)
        return -errno;
    stdio->theirs[i] = fds[!child_reads];
    inherit(stdio, i, stdio->theirs[i]);
    return gr_io_open(co, end, fds[child_reads]);
}

static int process_stdio_open_stream(gr_co co, struct gri_stdio *stdio, int i, gr_stdio kind, gr_io **end)
{
    switch (kind) {
    case GR_STDIO_NULL:
        stdio->child[i].flags = UV_IGNORE;
        return 0;
    case GR_STDIO_PIPE:
        return open_pipe(co, stdio, i, end);
    case GR_STDIO_STDOUT:
        stdio->child[i] = stdio->child[STDOUT_FILENO];
        return 0;
    default:
        inherit(stdio, i, i);
        return 0;
    }
}

int gri_stdio_open(gr_co co, struct gri_stdio *stdio, const gr_process_options *options, gr_io *ends[GRI_STREAMS])
{
    const gr_stdio kinds[GRI_STREAMS] = {options->in, options->out, options->err};
    *stdio = (struct gri_stdio){.theirs = {-1, -1, -1}};
    int rc = 0;
    for (int i = 0; i < GRI_STREAMS && rc == 0; i++)
        rc = process_stdio_open_stream(co, stdio, i, kinds[i], &ends[i]);
    return rc;
}

void gri_stdio_finish(struct gri_stdio *stdio)
{
    for (int i = 0; i < GRI_STREAMS; i++)
        if (stdio->theirs[i] >= 0)
            close(stdio->theirs[i]);
}
