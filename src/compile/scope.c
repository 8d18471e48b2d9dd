#include "compile/scope.h"

#include <string.h>

/* --- joining --- */

const char *gri_join_texts(struct gri_arena *arena, const char *a, const char *between, const char *b)
{
    size_t len[] = {strlen(a), strlen(between), strlen(b)};
    char *text = gri_arena_alloc(arena, len[0] + len[1] + len[2] + 1);
    if (!text)
        return NULL;
    memcpy(text, a, len[0]);
    memcpy(text + len[0], between, len[1]);
    memcpy(text + len[0] + len[1], b, len[2] + 1);
    return text;
}

static const char *join_names(struct gri_arena *arena, const char *outer, const char *inner)
{
    return gri_join_texts(arena, outer, *outer && *inner ? ":" : "", inner);
}

/* Of lists of pointers that NULL ends, in a place: the outer one, then what stands there. */
static int join_list(struct gri_arena *arena, const void *outer, const void *inner, const void **both)
{
    size_t n = outer ? gri_pointers(outer) : 0, m = inner ? gri_pointers(inner) : 0;
    size_t head = gri_size_mul(n, sizeof(void *)), tail = gri_size_mul(m + 1, sizeof(void *));
    *both = n ? outer : inner;
    if (n == 0 || m == 0)
        return 0;
    char *list = gri_arena_alloc(arena, head + tail);
    if (!list)
        return GR_ENOMEM;
    memcpy(list, outer, head);
    memcpy(list + head, inner, tail);
    *both = list;
    return 0;
}

int gri_scope_add_needs(struct gri_arena *arena, const gr_dependency *const *outer, gr_route_options *o)
{
    const void *needs = NULL;
    int rc = join_list(arena, outer, o->needs, &needs);
    o->needs = needs;
    return rc;
}

/* --- responses --- */

static size_t count_responses(const gr_response_list *list)
{
    size_t n = 0;
    while (gri_response_at(list, n).status)
        n++;
    return n;
}

static bool has_status(const gr_response_list *list, int status)
{
    gr_response_info r;
    for (size_t i = 0; r = gri_response_at(list, i), r.status; i++)
        if (r.status == status)
            return true;
    return false;
}

static size_t put_status(gr_response_info *at, size_t n, const gr_response_list *list, int status)
{
    gr_response_info r;
    for (size_t i = 0; r = gri_response_at(list, i), r.status; i++)
        if (r.status == status)
            at[n++] = r;
    return n;
}

static bool is_put(const gr_response_info *at, size_t n, int status)
{
    for (size_t i = 0; i < n; i++)
        if (at[i].status == status)
            return true;
    return false;
}

/* As Python's {**outer, **inner}: in the order of the outer ones, each as the inner one has it. */
static size_t merge_responses(gr_response_info *at, const gr_response_list *outer, const gr_response_list *inner)
{
    gr_response_info r;
    size_t n = 0;
    for (size_t i = 0; r = gri_response_at(outer, i), r.status; i++)
        if (!is_put(at, n, r.status))
            n = put_status(at, n, has_status(inner, r.status) ? inner : outer, r.status);
    for (size_t i = 0; r = gri_response_at(inner, i), r.status; i++)
        if (!has_status(outer, r.status))
            at[n++] = r;
    at[n] = (gr_response_info){.status = 0};
    return n;
}

static int join_responses(struct gri_arena *arena, const gr_response_list *outer, const gr_response_list *inner,
                          const gr_response_list **both)
{
    *both = inner ? inner : outer;
    if (!inner || !outer || !gri_responses_fit(inner))
        return 0;
    size_t n = count_responses(outer) + count_responses(inner) + 1;
    gr_response_list *list = gri_arena_alloc(arena, sizeof *list);
    gr_response_info *at = gri_arena_alloc(arena, gri_size_mul(n, sizeof *at));
    if (!list || !at)
        return GR_ENOMEM;
    merge_responses(at, outer, inner);
    *list = (gr_response_list){sizeof *at, at};
    *both = list;
    return 0;
}

/* --- scopes --- */

static void check_prefix(struct gri_scopes *scopes, const char *of, const char *name, const char *prefix)
{
    if (prefix[0] && prefix[0] != '/')
        scopes->report(scopes->arg, "%s \"%s\": the prefix \"%s\" must start with '/'", of, name, prefix);
    else if (prefix[0] && prefix[strlen(prefix) - 1] == '/')
        scopes->report(scopes->arg,
                       "%s \"%s\": the prefix \"%s\" must not end with '/', as the routes will start with '/'", of,
                       name, prefix);
}

/* What a router and an inclusion say alike. */
struct scope_said {
    const char *of, *of_name; /* in reports */
    const char *prefix, *name, *host;
    const char *const *tags;
    const gr_dependency *const *needs;
    const gr_response_list *responses;
    const gr_route *const *callbacks;
    const gr_middleware *const *middleware;
    bool deprecated, hidden;
};

static bool take_one_middleware(struct gri_scopes *scopes, const struct scope_said *said, const gr_middleware *from,
                                gr_middleware *own)
{
    *own = (gr_middleware){.size = sizeof *own};
    if (gr_sized_take(own, sizeof *own, from, sizeof *own))
        return true;
    scopes->report(
        scopes->arg,
        "%s \"%s\": gr_middleware.size is %zu: it is not set, or the program was compiled for a later version",
        said->of, said->of_name, from->size);
    return false;
}

/* Copies, at their whole length. */
static int take_middleware(struct gri_scopes *scopes, struct scope_said *said)
{
    const gr_middleware *const *given = said->middleware;
    size_t n = given ? gri_pointers(given) : 0, taken = 0;
    const gr_middleware **list = n ? gri_arena_alloc(scopes->arena, (n + 1) * sizeof *list) : NULL;
    gr_middleware *all = n ? gri_arena_alloc(scopes->arena, gri_size_mul(n, sizeof *all)) : NULL;
    if (n && (!list || !all))
        return GR_ENOMEM;
    for (size_t i = 0; i < n; i++)
        if (take_one_middleware(scopes, said, given[i], &all[i]))
            list[taken++] = &all[i];
    if (n)
        list[taken] = NULL;
    said->middleware = list;
    return 0;
}

static const struct gri_scope nothing = {.prefix = "", .name = ""};

static int scope_make(struct gri_scopes *scopes, const struct gri_scope *outer, struct scope_said said,
                      struct gri_scope **made)
{
    struct gri_arena *arena = scopes->arena;
    struct gri_scope *scope = gri_arena_alloc(arena, sizeof *scope);
    const void *tags, *needs, *callbacks, *middleware;
    if (!scope || take_middleware(scopes, &said) || join_list(arena, outer->middleware, said.middleware, &middleware) ||
        join_list(arena, outer->tags, said.tags, &tags) || join_list(arena, outer->needs, said.needs, &needs) ||
        join_list(arena, outer->callbacks, said.callbacks, &callbacks))
        return GR_ENOMEM;
    check_prefix(scopes, said.of, said.of_name, said.prefix);
    if (!gri_responses_fit(said.responses)) {
        scopes->report(scopes->arg,
                       "%s \"%s\": .responses: the stride is not set, or of a later version than the library", said.of,
                       said.of_name);
        said.responses = NULL;
    }
    *scope = (struct gri_scope){.outer = outer == &nothing ? NULL : outer,
                                .within = outer->within,
                                .host = said.host ? said.host : outer->host,
                                .prefix = gri_join_texts(arena, outer->prefix, "", said.prefix),
                                .name = join_names(arena, outer->name, said.name),
                                .tags = tags,
                                .needs = needs,
                                .callbacks = callbacks,
                                .middleware = middleware,
                                .own_middleware = said.middleware,
                                .deprecated = outer->deprecated || said.deprecated,
                                .hidden = outer->hidden || said.hidden};
    *made = scope;
    return scope->prefix && scope->name ? join_responses(arena, outer->responses, said.responses, &scope->responses)
                                        : GR_ENOMEM;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

int gri_scope_include(struct gri_scopes *scopes, const struct gri_part *part, const struct gri_scope **scope)
{
    const gr_include_options *o = part->inclusion;
    struct gri_scope *made = NULL;
    struct scope_said said = {.of = "the inclusion of router",
                              .of_name = part->router->name ? part->router->name : "",
                              .prefix = or_empty(o->prefix),
                              .name = or_empty(o->name),
                              .tags = o->tags,
                              .needs = o->needs,
                              .responses = o->responses,
                              .callbacks = o->callbacks,
                              .deprecated = o->deprecated,
                              .hidden = o->hidden};
    int rc = scope_make(scopes, &nothing, said, &made);
    *scope = made;
    return rc;
}

static bool is_usable_router(struct gri_scopes *scopes, const struct gri_scope *outer, const gr_router *declared,
                             gr_router *router)
{
    if (!gri_router_take(router, declared)) {
        scopes->report(scopes->arg,
                       "a router below \"%s\": gr_router.size is %zu: it is not set, or the program was compiled for a "
                       "later version",
                       outer->prefix, declared->size);
        return false;
    }
    if (gri_is_within(&outer->within, declared)) {
        scopes->report(scopes->arg, "router \"%s\" includes itself: \"%s\"", or_empty(router->name), outer->name);
        return false;
    }
    return true;
}

int gri_scope_enter(struct gri_scopes *scopes, const struct gri_scope *outer, const gr_router *declared,
                    gr_router *router, const struct gri_scope **scope)
{
    struct gri_scope *made = NULL;
    *scope = NULL;
    if (!is_usable_router(scopes, outer, declared, router))
        return 0;
    struct scope_said said = {.of = "router",
                              .of_name = or_empty(router->name),
                              .prefix = or_empty(router->prefix),
                              .name = or_empty(router->name),
                              .host = router->host,
                              .tags = router->tags,
                              .needs = router->needs,
                              .responses = router->responses,
                              .callbacks = router->callbacks,
                              .middleware = router->middleware,
                              .deprecated = router->deprecated,
                              .hidden = router->hidden};
    int rc = scope_make(scopes, outer, said, &made);
    if (rc == 0)
        made->within = (struct gri_within){&outer->within, declared};
    *scope = made;
    return rc;
}

/* --- routes --- */

static int apply_lists(struct gri_arena *arena, const struct gri_scope *scope, gr_route_options *o)
{
    const void *tags, *needs, *callbacks;
    if (join_list(arena, scope->tags, o->tags, &tags) || join_list(arena, scope->needs, o->needs, &needs) ||
        join_list(arena, scope->callbacks, o->callbacks, &callbacks))
        return GR_ENOMEM;
    o->tags = tags;
    o->needs = needs;
    o->callbacks = callbacks;
    return join_responses(arena, scope->responses, o->responses, &o->responses);
}

int gri_scope_apply(struct gri_scopes *scopes, const struct gri_scope *scope, struct gri_taken_route *route)
{
    gr_route *whole = &route->whole;
    const char *path = whole->path;
    route->name = whole->name ? join_names(scopes->arena, scope->name, whole->name) : NULL;
    if (path && path[0] && path[0] != '/')
        scopes->report(scopes->arg, "%s: the path \"%s\" of a router's operation is empty, or starts with '/'",
                       or_empty(route->name), path);
    whole->path = path ? gri_join_texts(scopes->arena, scope->prefix, "", path) : NULL;
    if ((path && !whole->path) || (whole->name && !route->name))
        return GR_ENOMEM;
    route->host = scope->host;
    whole->options.deprecated |= scope->deprecated;
    whole->options.hidden |= scope->hidden;
    return apply_lists(scopes->arena, scope, &whole->options);
}

const char *gri_scope_name(struct gri_arena *arena, const struct gri_taken_route *route)
{
    const struct gri_scope *scope = route->scope;
    const char *place = gri_join_texts(arena, scope->host ? scope->host : "", "", *scope->prefix ? scope->prefix : "/");
    return place ? gri_join_texts(arena, route->name, "@", place) : NULL;
}
