/* From a path to an operation, through the applications that are mounted. */
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

void gri_find(struct gri_running *outermost, struct gri_str method, struct gri_str path, struct gri_found *found)
{
    const char *root = outermost->program.root_path;
    found->running = outermost;
    found->path = *root ? below_root(path, gri_str_from(root)) : path;
    gri_router_find(&outermost->program.router, method, found->path, &found->match);
    while (found->match.op && found->match.op->mount) {
        found->running = &found->running->mounts[found->match.op->mount - 1];
        found->path = below_mount(&found->match);
        gri_router_find(&found->running->program.router, method, found->path, &found->match);
    }
}
