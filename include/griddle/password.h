/* Griddle: passwords: argon2id (RFC 9106), by libsodium.
 *
 *     gr_passwords *passwords;                                  of a start hook, and freed by the stop hook
 *     int rc = gr_passwords_create(&passwords, NULL);
 *
 *     rc = gr_password_check(co, passwords, user ? user->hash : NULL, in->password);
 *     if (rc)
 *         return gr_failed(req, rc == GR_PASSWORD_WRONG ? gr_fail(req, 401, "Incorrect username or password") : rc);
 *
 * A hash takes 64 MiB and some 100 ms of a core, so there are never more at a time than places, one a core, whoever
 * asks for them; a bounded number waits, and whoever comes then is told GR_EBUSY, which gr_failed() answers by 503. */
#ifndef GRIDDLE_PASSWORD_H
#define GRIDDLE_PASSWORD_H

#include <griddle/arena.h>
#include <griddle/co.h>

GR_BEGIN_DECLS

/* The password is not the one that was hashed, or nobody has a hash. */
#define GR_PASSWORD_WRONG (-20101)

/* A hash as text: "$argon2id$v=19$m=65536,t=2,p=1$...", with what it was made by in it. */
#define GR_PASSWORD_HASH_BYTES 128

/* All zero is the default; set `size` to sizeof(gr_password_options). */
typedef struct gr_password_options {
    size_t size;
    size_t memory_bytes;       /* of a new hash; 0: 64 MiB; at least 8,192 */
    unsigned passes;           /* over it; 0: 2 */
    size_t most_memory_bytes;  /* that checking an older hash may take; 0: the larger of memory_bytes and 64 MiB */
    unsigned most_passes;      /* the same; 0: the larger of `passes` and 10 */
    unsigned places;           /* hashes at a time; 0: as many as this process may use cores */
    unsigned queue;            /* that wait for a place, at most; 0: 64 */
    size_t max_password_bytes; /* a longer one is not hashed; 0: 1,024 */
} gr_password_options;

/* How hashes are made, and the places for it. One a process: each has places of its own. */
typedef struct gr_passwords gr_passwords;

/* A new one. `options` NULL: all defaults. GR_EINVAL: the options; GR_ENOMEM; GR_EIO: libsodium finds no source of
 * randomness. Any thread. */
GR_API GR_MUST_USE int gr_passwords_create(gr_passwords **passwords, const gr_password_options *options);

/* Frees it. No hash may be under way: it aborts. NULL is allowed. */
GR_API void gr_passwords_destroy(gr_passwords *passwords);

/* The hash of a password, to be kept, by a salt of its own. *hash is a text of the arena's, NULL on failure. Waits for
 * a place, then for the thread of the pool that computes; one that computes is waited for, as by gr_offload().
 *
 * 0; GR_EBUSY: too many wait, or the pool has no thread; GR_EMSGSIZE: a password above max_password_bytes; GR_ENOMEM,
 * of the 64 MiB too; what gr_offload() returns. Coroutines of one loop. */
GR_API GR_MUST_USE int gr_password_hash(gr_co co, gr_passwords *passwords, gr_arena *arena, const char *password,
                                        char **hash);

/* 0: `password` is the one of `hash`. GR_PASSWORD_WRONG: it is not, or it is longer than any; `hash` NULL, nobody of
 * that name: this too, after the work that a new hash's check takes, so that the time it takes does not tell who has an
 * account. GR_EINVAL: `hash` is none of argon2id, or asks for more memory or passes than the options allow; else as
 * above. */
GR_API GR_MUST_USE int gr_password_check(gr_co co, gr_passwords *passwords, const char *hash, const char *password);

/* The same for blocking handlers, and other threads: they compute on the caller's own thread, and block until they have
 * a place. GR_ECANCELED: gr_job_cancelled() said so when the place was free. Any thread but the loop's. */
GR_API GR_MUST_USE int gr_password_hash_blocking(gr_passwords *passwords, gr_arena *arena, const char *password,
                                                 char **hash);
GR_API GR_MUST_USE int gr_password_check_blocking(gr_passwords *passwords, const char *hash, const char *password);

/* Whether `hash` was made by other parameters than those of the options now: after a right password make a new one, and
 * keep that. True for a text that is no hash. Any thread. */
GR_API GR_MUST_USE bool gr_password_needs_rehash(const gr_passwords *passwords, const char *hash);

GR_END_DECLS

#endif
