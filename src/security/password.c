#include <griddle/password.h>
#include <griddle/sync.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "security/argon2.h"
#include "security/gate.h"

enum { MEMORY = 64 * 1024 * 1024, PASSES = 2, MOST_PASSES = 10, QUEUE = 64, MAX_PASSWORD = 1024, MOST_HERE = 1 << 20 };

struct gr_passwords {
    gr_password_options options; /* no member is 0 */
    gr_semaphore permits;        /* of coroutines: no more take threads of the pool than there are places */
    struct gri_gate gate;        /* of them and of threads */
};

/* --- the beginning and the end --- */

static unsigned cores(void)
{
    cpu_set_t set;
    long online = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

static size_t or_else(size_t value, size_t default_value)
{
    return value ? value : default_value;
}

static void set_defaults(gr_password_options *own)
{
    own->memory_bytes = or_else(own->memory_bytes, MEMORY);
    own->passes = (unsigned)or_else(own->passes, PASSES);
    own->most_memory_bytes = or_else(own->most_memory_bytes, own->memory_bytes > MEMORY ? own->memory_bytes : MEMORY);
    own->most_passes = (unsigned)or_else(own->most_passes, own->passes > MOST_PASSES ? own->passes : MOST_PASSES);
    own->places = (unsigned)or_else(own->places, cores());
    own->queue = (unsigned)or_else(own->queue, QUEUE);
    own->max_password_bytes = or_else(own->max_password_bytes, MAX_PASSWORD);
}

static bool are_in_range(const gr_password_options *own)
{
    return own->memory_bytes >= crypto_pwhash_MEMLIMIT_MIN && own->memory_bytes <= crypto_pwhash_MEMLIMIT_MAX &&
           own->most_memory_bytes >= own->memory_bytes && own->most_passes >= own->passes &&
           own->passes >= crypto_pwhash_OPSLIMIT_MIN && own->places <= MOST_HERE && own->queue <= MOST_HERE &&
           own->max_password_bytes <= crypto_pwhash_PASSWD_MAX;
}

int gr_passwords_create(gr_passwords **passwords, const gr_password_options *options)
{
    gr_password_options own = {.size = sizeof own};
    *passwords = NULL;
    if (options && !gr_sized_take(&own, sizeof own, options, 2 * sizeof own.size))
        return GR_EINVAL;
    set_defaults(&own);
    if (!are_in_range(&own))
        return GR_EINVAL;
    if (sodium_init() < 0)
        return GR_EIO;
    gr_passwords *made = calloc(1, sizeof *made);
    if (!made)
        return GR_ENOMEM;
    made->options = own;
    made->permits = (gr_semaphore)GR_SEMAPHORE(own.places);
    gri_gate_init(&made->gate, own.places, own.queue);
    *passwords = made;
    return 0;
}

void gr_passwords_destroy(gr_passwords *passwords)
{
    if (!passwords)
        return;
    if (gri_gate_count(&passwords->gate)) {
        fprintf(stderr, "griddle: gr_passwords_destroy() while a password is hashed: wait for it first\n");
        abort();
    }
    gri_gate_finish(&passwords->gate);
    free(passwords);
}

/* --- a piece of work --- */

struct work {
    gr_passwords *passwords;
    const char *hash; /* to be checked; NULL: nobody's */
    const char *password;
    bool makes; /* a hash, into `made` */
    char made[GR_PASSWORD_HASH_BYTES];
};

static int work_on(struct work *work)
{
    const gr_password_options *options = &work->passwords->options;
    return work->makes ? gri_argon2_hash(options, work->password, work->made)
                       : gri_argon2_check(options, work->hash, work->password);
}

/* On any thread; whoever calls has come before the gate. */
static int compute(void *arg)
{
    struct work *work = arg;
    gri_gate_enter(&work->passwords->gate);
    int rc = gr_job_cancelled() ? GR_ECANCELED : work_on(work);
    gri_gate_exit(&work->passwords->gate);
    return rc;
}

/* 0: it has come before the gate, and is to leave it. */
static int come(const struct work *work)
{
    size_t most = work->passwords->options.max_password_bytes;
    if (strnlen(work->password, most + 1) > most)
        return work->makes ? GR_EMSGSIZE : GR_PASSWORD_WRONG;
    return gri_gate_come(&work->passwords->gate) ? 0 : GR_EBUSY;
}

static int await_work(gr_co co, struct work *work)
{
    int rc = come(work);
    if (rc)
        return rc;
    rc = gr_offload_limited(co, &work->passwords->permits, compute, work);
    gri_gate_leave(&work->passwords->gate);
    return rc;
}

static int do_work(struct work *work)
{
    int rc = come(work);
    if (rc)
        return rc;
    rc = compute(work);
    gri_gate_leave(&work->passwords->gate);
    return rc;
}

/* --- what a program calls --- */

static int give(gr_arena *arena, const struct work *work, int rc, char **hash)
{
    *hash = rc ? NULL : gr_arena_printf(arena, "%s", work->made);
    return rc ? rc : *hash ? 0 : GR_ENOMEM;
}

int gr_password_hash(gr_co co, gr_passwords *passwords, gr_arena *arena, const char *password, char **hash)
{
    struct work work = {.passwords = passwords, .password = password, .makes = true};
    return give(arena, &work, await_work(co, &work), hash);
}

int gr_password_check(gr_co co, gr_passwords *passwords, const char *hash, const char *password)
{
    return await_work(co, &(struct work){.passwords = passwords, .password = password, .hash = hash});
}

int gr_password_hash_blocking(gr_passwords *passwords, gr_arena *arena, const char *password, char **hash)
{
    struct work work = {.passwords = passwords, .password = password, .makes = true};
    return give(arena, &work, do_work(&work), hash);
}

int gr_password_check_blocking(gr_passwords *passwords, const char *hash, const char *password)
{
    return do_work(&(struct work){.passwords = passwords, .password = password, .hash = hash});
}

bool gr_password_needs_rehash(const gr_passwords *passwords, const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, passwords->options.passes, passwords->options.memory_bytes) != 0;
}
