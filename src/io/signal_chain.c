#include "io/signal_chain.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

typedef void plain_handler(int signum);
typedef void informed_handler(int signum, siginfo_t *info, void *context);

/* Of one number. A handler reads it without the lock, so the pointers are atomic. */
struct chain {
    unsigned users; /* handles of ours that are started for it */
    bool replaced;  /* by libuv: `before` is to come back */
    struct sigaction before;
    plain_handler *plain;       /* what the program had: one of these two, */
    informed_handler *informed; /* or neither */
    plain_handler *libuv;
};

/* A signal handler gets no argument, and signals are the process's: so is this. */
static struct chain chains[NSIG];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void on_both(int signum, siginfo_t *info, void *context)
{
    const struct chain *chain = &chains[signum];
    int saved = errno;
    plain_handler *plain = __atomic_load_n(&chain->plain, __ATOMIC_ACQUIRE);
    informed_handler *informed = __atomic_load_n(&chain->informed, __ATOMIC_ACQUIRE);
    if (plain)
        plain(signum);
    if (informed)
        informed(signum, info, context);
    __atomic_load_n(&chain->libuv, __ATOMIC_ACQUIRE)(signum);
    errno = saved;
}

static bool is_chain_same(const struct sigaction *a, const struct sigaction *b)
{
    bool informed = a->sa_flags & SA_SIGINFO;
    if (informed != (bool)(b->sa_flags & SA_SIGINFO))
        return false;
    return informed ? a->sa_sigaction == b->sa_sigaction : a->sa_handler == b->sa_handler;
}

static bool is_function(const struct sigaction *action)
{
    return action->sa_flags & SA_SIGINFO || (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

/* Nobody runs on_both() for the number now, or it is in a call that began before the last stop. */
static void install_both(struct chain *chain, int signum, const struct sigaction *libuv)
{
    struct sigaction both = {.sa_sigaction = on_both, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
    const struct sigaction *before = &chain->before;
    bool informed = before->sa_flags & SA_SIGINFO;
    __atomic_store_n(&chain->plain, informed ? NULL : before->sa_handler, __ATOMIC_RELEASE);
    __atomic_store_n(&chain->informed, informed ? before->sa_sigaction : NULL, __ATOMIC_RELEASE);
    __atomic_store_n(&chain->libuv, libuv->sa_handler, __ATOMIC_RELEASE);
    sigfillset(&both.sa_mask);
    sigaction(signum, &both, NULL);
}

/* Where another handle of libuv had the number already, the action is as it was, and libuv's own to give back. */
static void chain_up(int signum, const struct sigaction *before)
{
    struct chain *chain = &chains[signum];
    struct sigaction libuv;
    sigaction(signum, NULL, &libuv);
    chain->replaced = !is_chain_same(before, &libuv);
    chain->before = *before;
    if (chain->replaced && is_function(before))
        install_both(chain, signum, &libuv);
}

int gri_signal_start(uv_signal_t *handle, uv_signal_cb on_signal, int signum)
{
    struct sigaction before;
    if (sigaction(signum, NULL, &before) < 0)
        return -errno;
    pthread_mutex_lock(&lock);
    sigaction(signum, NULL, &before);
    int rc = uv_signal_start(handle, on_signal, signum);
    if (rc == 0 && chains[signum].users++ == 0)
        chain_up(signum, &before);
    pthread_mutex_unlock(&lock);
    return rc;
}

/* libuv leaves the default action behind when nobody has the number any more, and touches nothing before. */
static void chain_give_back(int signum)
{
    struct chain *chain = &chains[signum];
    struct sigaction now;
    sigaction(signum, NULL, &now);
    if (chain->replaced && !is_function(&now))
        sigaction(signum, &chain->before, NULL);
}

void gri_signal_stop(uv_signal_t *handle)
{
    int signum = handle->signum;
    pthread_mutex_lock(&lock);
    uv_signal_stop(handle);
    if (--chains[signum].users == 0)
        chain_give_back(signum);
    pthread_mutex_unlock(&lock);
}
