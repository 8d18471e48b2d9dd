/* From a path to an operation, through the applications that are mounted. */
#include "base/ascii.h"
#include "serve/running.h"

/* A proxy may take away the path that it serves the application below, or leave it there; as Starlette, the latter is
 * seen by the path itself. */
static GRI_COLD struct gri_str below_root(struct gri_str path, struct gri_str root)
{
    bool is_below = path.len >= root.len && memcmp(path.at, root.at, root.len) == 0 &&
                    (path.len == root.len || path.at[root.len] == '/');
    return is_below ? (struct gri_str){path.at + root.len, path.len - root.len} : path;
}

/* What a mount's "{path:path}" took, with the slash before it. */
static struct gri_str below_mount(const struct gri_match *match)
{
    return (struct gri_str){match->params[0].at - 1, match->params[0].len + 1};
}

/* What of the Host field is no port (RFC 9110 section 7.2), in lower case. "" where there is no memory for that, too.
 */
static GRI_COLD struct gri_str host_of(const struct gri_head *head, struct gri_arena *arena)
{
    const struct gri_header_field *field = gri_head_find(head, GRI_STR("host"));
    struct gri_str host = field ? gri_str_trim(field->value) : GRI_STR("");
    const char *colon = host.len ? memrchr(host.at, ':', host.len) : NULL;
    if (colon && !memchr(colon, ']', (size_t)(host.at + host.len - colon)))
        host.len = (size_t)(colon - host.at);
    char *lower = gri_arena_strndup(arena, host.at, host.len);
    if (!lower)
        return GRI_STR("");
    gri_host_lower(lower, host.len);
    return (struct gri_str){lower, host.len};
}

static void find_in(struct gri_exchange *x, struct gri_found *found)
{
    const struct gri_router *router = &found->running->program.router;
    if (router->has_hosts && !found->match.host.at)
        found->match.host = host_of(&x->head, &x->arena);
    gri_router_find(router, x->head.method, found->path, &found->match);
}

void gri_find_further(struct gri_exchange *x, struct gri_found *found)
{
    const char *root = found->running->program.root_path;
    found->match.host.at = NULL;
    if (*root)
        found->path = below_root(found->path, gri_str_from(root));
    find_in(x, found);
    while (found->match.op && found->match.op->mount) {
        found->running = &found->running->mounts[found->match.op->mount - 1];
        found->path = below_mount(&found->match);
        find_in(x, found);
    }
}
