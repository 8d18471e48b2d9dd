/* Where keys come from: a file, the environment, a text. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "security/keys_add.h"
#include "security/wipe.h"

enum { TEXT_MOST = 64 * 1024 };

static bool begins(const char *text, size_t len, const char *with)
{
    return len >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

static int add_text(gr_keys *keys, const char *text, size_t len, const char *alg)
{
    while (len && (*text == ' ' || (*text >= '\t' && *text <= '\r')))
        text++, len--;
    if (len == 0)
        return gri_keys_refuse(keys, GR_EINVAL, "it is empty");
    if (len > TEXT_MOST)
        return gri_keys_refuse(keys, GR_EMSGSIZE, "it is longer than 64 KiB");
    if (*text == '{')
        return gri_keys_add_json_text(keys, text, len, alg);
    return begins(text, len, "-----BEGIN ") ? gri_keys_add_pem(keys, text, len, alg)
                                            : gri_keys_add_lines(keys, text, len, alg);
}

int gr_keys_add_text(gr_keys *keys, const char *text, size_t len, const char *alg)
{
    size_t before = keys->n;
    return gri_keys_end(keys, before, add_text(keys, text, len, alg));
}

/* The error says where from: `what` is a path, or a variable's name. */
static int add_named(gr_keys *keys, const char *what, const char *text, size_t len, const char *alg)
{
    int rc = gr_keys_add_text(keys, text, len, alg);
    char why[sizeof keys->error];
    memcpy(why, keys->error, sizeof why);
    return rc ? gri_keys_refuse(keys, rc, "%.100s: %s", what, why) : 0;
}

int gr_keys_add_env(gr_keys *keys, const char *variable, const char *alg)
{
    const char *text = getenv(variable);
    return text ? add_named(keys, variable, text, strlen(text), alg)
                : gri_keys_refuse(keys, GR_EINVAL, "%.100s: the environment has no such variable", variable);
}

/* As much as there is, up to `size`. Below 0: the system's code. */
static ssize_t read_up_to(int fd, char *to, size_t size)
{
    size_t len = 0;
    while (len < size) {
        ssize_t n = read(fd, to + len, size - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : (ssize_t)len;
        len += (size_t)n;
    }
    return (ssize_t)len;
}

int gr_keys_add_file(gr_keys *keys, const char *path, const char *alg)
{
    char *text = malloc(TEXT_MOST + 1);
    if (!text)
        return gri_keys_refuse(keys, GR_ENOMEM, "out of memory");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -errno : read_up_to(fd, text, TEXT_MOST + 1);
    int rc = len < 0 ? gri_keys_refuse(keys, (int)len, "%.100s: %s", path, gr_strerror((int)len))
                     : add_named(keys, path, text, (size_t)len, alg);
    if (fd >= 0)
        close(fd);
    gri_wipe_free(text, TEXT_MOST + 1);
    return rc;
}
