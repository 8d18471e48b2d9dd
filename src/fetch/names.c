#include "fetch/names.h"

#include <griddle/net.h>
#include <griddle/sync.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_MS = 60000, NAMES_MAX = 256, ADDRESSES_MAX = 16, LINE_MAX_BYTES = 300 + ADDRESSES_MAX * 64 };

struct gri_name {
    struct gri_name *next;
    gr_mutex looking; /* so that many who want it look it up once */
    unsigned users;   /* in a call for it */
    unsigned looks;   /* that came to a result, `rc` */
    int rc;
    int64_t until_ms; /* how long the addresses are good */
    size_t n;
    gr_address addresses[ADDRESSES_MAX];
    char host[];
};

/* --- which are kept --- */

static bool is_good(const struct gri_name *name, int64_t now_ms)
{
    return name->looks > 0 && name->rc == 0 && now_ms < name->until_ms;
}

/* All that are not good any more, and, where there are too many, whoever comes. */
static void names_make_room(struct gri_names *names, int64_t now_ms)
{
    struct gri_name **at = &names->first;
    while (*at) {
        struct gri_name *name = *at;
        if (name->users || (is_good(name, now_ms) && names->n < NAMES_MAX)) {
            at = &name->next;
            continue;
        }
        *at = name->next;
        names->n--;
        free(name);
    }
}

static struct gri_name *names_add(struct gri_names *names, const char *host, int64_t now_ms)
{
    size_t size = strlen(host) + 1;
    names_make_room(names, now_ms);
    struct gri_name *name = calloc(1, sizeof *name + size);
    if (!name)
        return NULL;
    memcpy(name->host, host, size);
    name->next = names->first;
    names->first = name;
    names->n++;
    return name;
}

static struct gri_name *names_find(struct gri_names *names, const char *host, int64_t now_ms)
{
    for (struct gri_name *name = names->first; name; name = name->next)
        if (curl_strequal(name->host, host))
            return name;
    return names_add(names, host, now_ms);
}

void gri_names_finish(struct gri_names *names)
{
    struct gri_name *next;
    for (struct gri_name *name = names->first; name; name = next) {
        next = name->next;
        free(name);
    }
}

/* --- looking one up --- */

/* One that was given up has no result: the next in line does it. */
static int names_look_up(gr_co co, struct gri_name *name)
{
    gr_address found[ADDRESSES_MAX];
    size_t n;
    int rc = gr_lookup(co, name->host, 0, found, ADDRESSES_MAX, &n);
    if (rc == GR_ECANCELED || rc == GR_ETIMEDOUT)
        return rc;
    name->looks++;
    name->rc = rc;
    name->n = rc == 0 ? n : 0;
    memcpy(name->addresses, found, name->n * sizeof found[0]);
    name->until_ms = gr_now_ms(co) + KEPT_MS;
    return rc;
}

static int names_renew(gr_co co, struct gri_name *name)
{
    unsigned looks = name->looks;
    if (is_good(name, gr_now_ms(co)))
        return 0;
    int rc = gr_mutex_lock(co, &name->looking);
    if (rc < 0)
        return rc;
    rc = name->looks == looks ? names_look_up(co, name) : name->rc;
    gr_mutex_unlock(co, &name->looking);
    return rc;
}

/* --- for libcurl --- */

/* "192.0.2.1" or "[2001:db8::1]": without the port, which is behind the last colon. */
static const char *text_without_port(const gr_address *address, char *text, size_t size)
{
    char *colon = strrchr(gr_address_text(address, text, size), ':');
    if (colon)
        *colon = '\0';
    return text;
}

/* "+": it replaces what libcurl knows, and is forgotten like what it has looked up. */
static int names_append(const struct gri_name *name, unsigned port, struct curl_slist **list)
{
    char line[LINE_MAX_BYTES], text[128];
    size_t len = (size_t)snprintf(line, sizeof line, "+%s:%u:", name->host, port);
    for (size_t i = 0; i < name->n && len < sizeof line; i++)
        len += (size_t)snprintf(line + len, sizeof line - len, "%s%s", i ? "," : "",
                                text_without_port(&name->addresses[i], text, sizeof text));
    struct curl_slist *longer = len < sizeof line ? curl_slist_append(*list, line) : NULL;
    if (!longer)
        return GR_ENOMEM;
    *list = longer;
    return 0;
}

int gri_names_resolve(gr_co co, struct gri_names *names, const char *host, unsigned port, struct curl_slist **list)
{
    struct gri_name *name = names_find(names, host, gr_now_ms(co));
    if (!name)
        return GR_ENOMEM;
    name->users++;
    int rc = names_renew(co, name);
    name->users--;
    return rc < 0 ? rc : names_append(name, port, list);
}
