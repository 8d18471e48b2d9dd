#include "io/descriptor_limit.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/resource.h>

/* The limit is the process's, and so is what it was. */
static struct rlimit raised, before;
static bool is_raised;

/* libuv has no hook between fork() and exec(), but fork() has one: for every fork() of the program, so those that are
 * not ours leave by the flag. Lowering the limit around uv_spawn() instead would take it from all threads meanwhile. */
static _Thread_local bool spawns __attribute__((tls_model("initial-exec")));

/* In the child, where only its own thread is left: no lock, no allocation. Whoever changed the limit since has meant
 * it. */
static void in_child(void)
{
    struct rlimit now;
    if (!spawns || !is_raised || getrlimit(RLIMIT_NOFILE, &now) < 0 || now.rlim_cur != raised.rlim_cur)
        return;
    now.rlim_cur = before.rlim_cur;
    setrlimit(RLIMIT_NOFILE, &now);
}

static void register_hook(void)
{
    pthread_atfork(NULL, NULL, in_child);
}

void gri_descriptor_limit_raise(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct rlimit now;
    if (getrlimit(RLIMIT_NOFILE, &now) < 0 || now.rlim_cur == now.rlim_max)
        return;
    before = now;
    now.rlim_cur = now.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &now) < 0)
        return;
    raised = now;
    is_raised = true;
    pthread_once(&once, register_hook);
}

int gri_descriptor_limit_spawn(uv_loop_t *loop, uv_process_t *handle, const uv_process_options_t *options)
{
    spawns = true;
    int rc = uv_spawn(loop, handle, options);
    spawns = false;
    return rc;
}
