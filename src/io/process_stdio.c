#include <fcntl.h>
#include <unistd.h>

#include "io/process.h"

bool gri_stdio_is_valid(const gr_process_options *options)
{
    return options->in <= GR_STDIO_PIPE && options->out <= GR_STDIO_PIPE && options->err <= GR_STDIO_STDOUT;
}

static int inherit(struct gri_stdio *stdio, int i, int fd)
{
    if (fd < 0)
        return -errno;
    stdio->child[i].flags = UV_INHERIT_FD;
    stdio->child[i].data.fd = fd;
    return 0;
}

/* One that is open here for the child alone. */
static int give(struct gri_stdio *stdio, int i, int fd)
{
    stdio->theirs[i] = fd;
    return inherit(stdio, i, fd);
}

static int open_pipe(gr_co co, struct gri_stdio *stdio, int i, gr_io **end)
{
    int fds[2], child_reads = i == STDIN_FILENO;
    if (pipe2(fds, O_CLOEXEC) < 0)
        return -errno;
    int rc = give(stdio, i, fds[!child_reads]);
    return rc < 0 ? rc : gr_io_open(co, end, fds[child_reads]);
}

/* A descriptor that is `out` may not be made in the child: see gri_descriptor_limit_spawn(). */
static int follow_stdout(struct gri_stdio *stdio, int i)
{
    int fd = stdio->child[STDOUT_FILENO].data.fd;
    return fd == STDOUT_FILENO ? give(stdio, i, fcntl(fd, F_DUPFD_CLOEXEC, GRI_STREAMS)) : inherit(stdio, i, fd);
}

static int process_stdio_open_stream(gr_co co, struct gri_stdio *stdio, int i, gr_stdio kind, gr_io **end)
{
    switch (kind) {
    case GR_STDIO_NULL:
        return give(stdio, i, open("/dev/null", O_RDWR | O_CLOEXEC));
    case GR_STDIO_PIPE:
        return open_pipe(co, stdio, i, end);
    case GR_STDIO_STDOUT:
        return follow_stdout(stdio, i);
    default:
        return inherit(stdio, i, i);
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
